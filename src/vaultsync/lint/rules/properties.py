"""PRP: the properties that a note's type requires."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from vaultsync.core.config import NoteType, did_you_mean
from vaultsync.core.model import Document
from vaultsync.core.text import Span
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Finding, Fix, note_rule, one
from vaultsync.markdown.frontmatter.edit import add_to_list, set_property
from vaultsync.notes.note import DRAFT, Note, is_readable, meets_condition, note_of
from vaultsync.notes.source_address import canonical_url

# Properties that Obsidian and its publishing service give a meaning.
BUILT_IN = frozenset(
    {"aliases", "tags", "cssclasses", "publish", "permalink", "description", "image", "cover"}
)
# Those it no longer reads, each with its present name.
DEPRECATED = {"tag": "tags", "alias": "aliases", "cssclass": "cssclasses"}
# Obsidian reads these in any letter case; PRP010 reports the deprecated ones.
_OF_OBSIDIAN = frozenset({*DEPRECATED, *DEPRECATED.values()})
# A placeholder of a template.
PLACEHOLDER = re.compile(r"\{\{|<%")
NEAR = 0.75


def top(document: Document) -> Span:
    """Return the place of a finding about the properties as a whole: the note's first line."""
    start = document.properties.span.start if document.properties.span else 0
    return Span(start, start + len(document.text[start:].split("\n", 1)[0].rstrip("\r")))


def key_or_top(document: Document, name: str) -> Span:
    """Return the place of a property's name; where it is not there, that of all properties."""
    return document.properties.keys.get(name) or top(document)


def value_or_top(document: Document, name: str) -> Span:
    """Return the place of a property's value; where there is none, that of all properties."""
    return document.properties.values.get(name) or top(document)


def empty(value: Any) -> bool:
    """Whether a property has no value, such as one that a template left empty."""
    return value is None or value in ("", [])


def fills(note: Note) -> dict[str, str | int]:
    """Return the values that the first source gives to properties, by property."""
    found = note.first_source()
    if found is None:
        return {}
    section, source = found
    cite = source.cite if source.authors else None
    parts = {"url": canonical_url(source.url), "cite": cite, "year": source.year}
    values = {name: parts[part] for name, part in section.fill.items()}
    return {name: value for name, value in values.items() if value is not None}


def fill(note: Note, name: str, value: str | int | None) -> Fix | None:
    """Return the fix that gives a property the value of the first source, if that has one."""
    if value is None:
        return None
    order = tuple(note.type.properties)
    edits = set_property(note.document.text, name, value, order=order)
    return one(note.path, f"fill `{name}` from the first source", edits)


def is_missing(note: Note, name: str) -> bool:
    """Whether a note's properties can be read and give this one no value."""
    properties = note.document.properties
    return not properties.error and empty(properties.data.get(name))


@note_rule("PRP002", "missing-property")
def missing_property(note: Note, _context: Context) -> Iterator[Finding]:
    """A property that the note's type requires is missing or empty.

    The types and what they require are in `vaultsync.toml`; a type's rules may require more of
    notes that fit a condition. Where the type declares that the property repeats a part of the
    first source, the fix fills it in.
    """
    missing = [name for name in _required(note) if is_missing(note, name)]
    misspelt = {needed for _, needed in _near_misses(note)} if missing else set()
    for name in missing:
        if name not in misspelt:
            part = f"the property `{name}`"
            message = f"a {note.type_name} needs {part}"
            fix = fill(note, name, fills(note).get(name))
            yield Finding(key_or_top(note.document, name), message, fix, missing=part)


def _required(note: Note) -> dict[str, None]:
    names = dict.fromkeys(note.type.required)
    for demand in note.type.rules:
        if demand.when and meets_condition(demand.when, note.document):
            names |= dict.fromkeys(demand.require)
    return names


@note_rule("PRP003", "invalid-value")
def invalid_value(note: Note, context: Context) -> Iterator[Finding]:
    """A property's value does not fit its schema: its type, its vocabulary or its form.

    The schema of each property is in `vaultsync.toml`, in the terms of JSON Schema.
    """
    data = {k: v for k, v in note.document.properties.data.items() if not empty(v)}
    found: dict[tuple[str | int, ...], Any] = {}
    for error in context.validator(note.type_name).iter_errors(data):
        place = tuple(error.instance_path)
        # Of several errors in one value, that of its vocabulary is the most precise.
        if place not in found or _options(error):
            found[place] = error
    for place, error in found.items():
        name = str(place[0])
        yield Finding(value_or_top(note.document, name), _message(name, error))


def _options(error: Any) -> list[str]:
    return [str(option) for option in getattr(error.kind, "options", ())]


def _message(name: str, error: Any) -> str:
    options = _options(error)
    if not options:
        return f"`{name}`: {error.message}"
    hint = did_you_mean(str(error.instance), options) or f": use one of {', '.join(options)}"
    return f"`{name}` has no value `{error.instance}`{hint}"


@note_rule("PRP004", "unknown-property", severity="warning")
def unknown_property(note: Note, _context: Context) -> Iterator[Finding]:
    """A property's name is nearly that of one the type knows.

    Other properties are left to the author: only a near miss is reported. That of a property which
    the note needs and lacks is PRP016.
    """
    return (finding for finding, needed in _near_misses(note) if not needed)


def _near_misses(note: Note) -> Iterator[tuple[Finding, str]]:
    """Yield each name that is nearly a known one, with this if the note needs it and lacks it."""
    known, lacking = _known(note.type), _lacking(note)
    for name, where in note.document.properties.keys.items():
        if name not in known and name.lower() not in _OF_OBSIDIAN:
            hint = did_you_mean(name.lower(), known, cutoff=NEAR)
            if hint:
                message = f"a {note.type_name} has no property `{name}`{hint}"
                meant = (name for name in lacking if f"`{name}`" in hint)
                yield Finding(where, message), next(meant, "")


def _lacking(note: Note) -> list[str]:
    needed = {**_required(note), **note.type.states.get(DRAFT, {})}
    return [name for name in needed if is_missing(note, name)]


def _known(kind: NoteType) -> list[str]:
    conditions = [*kind.states.values(), *(demand.when for demand in kind.rules)]
    in_rules = {name for condition in conditions for name in condition}
    return sorted({*kind.properties, *kind.required, *in_rules, *BUILT_IN, "type"})


@note_rule("PRP005", "wrong-type")
def wrong_type(note: Note, _context: Context) -> Iterator[Finding]:
    """The `type` property differs from the type that the note has by its path.

    A note's type follows from its folder. A `type` property is not needed; if there is one, it must
    agree.
    """
    written = note.document.text_property("type")
    if written and written != note.type_name:
        message = f"`type` is `{written}`, but by its path the note is a {note.type_name}"
        yield Finding(value_or_top(note.document, "type"), message)


@note_rule("PRP006", "title-not-in-aliases", severity="warning")
def title_not_in_aliases(note: Note, _context: Context) -> Iterator[Finding]:
    """The property that the type uses as an alias is not among the aliases.

    With the title as an alias, Obsidian's quick switcher and link suggestions find the note by
    it. The fix adds it and never removes another.
    """
    document, name = note.document, note.type.alias
    value = document.text_property(name) if name else None
    aliases = document.properties.key("aliases") or "aliases"
    if value is None or value in document.list_property("aliases"):
        return
    edits = add_to_list(document.text, aliases, value, order=tuple(note.type.properties))
    fix = one(document.path, f"add the {name} to `aliases`", edits)
    where = document.properties.keys.get(aliases, document.properties.values[name])
    yield Finding(where, f"the {name} is not among the aliases", fix)


@note_rule("PRP013", "missing-scope", severity="warning")
def missing_scope(note: Note, _context: Context) -> Iterator[Finding]:
    """The note does not state where its claim was tested.

    The most common overclaim is a claim that is wider than its evidence. The type names the
    property for the models, tasks or data (`scope`); write one line there.
    """
    scope = note.type.scope
    if scope and is_missing(note, scope):
        message = f"it is not known where this was tested: fill in `{scope}`"
        yield Finding(key_or_top(note.document, scope), message, missing=f"the property `{scope}`")


@note_rule("PRP015", "undeclared-draft", certain=True, before=True)
def undeclared_draft(note: Note, context: Context) -> Iterator[Finding]:
    """A note that readers saw is a draft now, and does not declare it.

    It lost the properties that mark a draft of its type, so it leaves every list and the post.
    Restore them, or declare the draft (`status: draft`). Only a run that compares the note with an
    earlier version reports this: `vaultsync lint --staged`, as in the hook, or `--since`.
    """
    document = context.earlier and context.earlier.documents.get(note.path)
    before = note_of(document, context.config) if document else None
    if note.is_unclassified and is_readable(note.document) and before and _was_seen(before):
        names = " and ".join(f"`{name}`" for name in note.type.states[DRAFT])
        message = f"readers saw this note, and without {names} it is a draft: restore the value"
        yield Finding(top(note.document), message)


def _was_seen(note: Note) -> bool:
    return is_readable(note.document) and not note.is_draft and not note.is_private


@note_rule("PRP016", "misspelt-property", certain=True)
def misspelt_property(note: Note, _context: Context) -> Iterator[Finding]:
    """A property that the note needs is missing, and the name of another is nearly the same.

    A note with `staus: open` has no status, so that it counts as a draft, and is not published.
    """
    found = _near_misses(note) if _lacking(note) else ()
    return (finding for finding, needed in found if needed)
