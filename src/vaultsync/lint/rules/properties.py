"""PRP: the properties that a note's type requires."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from vaultsync.core.config import NoteType
from vaultsync.core.model import Document
from vaultsync.core.text import Span
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Example, Finding, Fix, one, rule
from vaultsync.markdown.frontmatter.edit import add_to_list, set_property
from vaultsync.notes.citation import canonical_url
from vaultsync.notes.note import Note, meets_condition

# Properties that Obsidian and its publishing service give a meaning.
BUILT_IN = frozenset(
    {"aliases", "tags", "cssclasses", "publish", "permalink", "description", "image", "cover"}
)
# Those it no longer reads, each with its present name.
DEPRECATED = {"tag": "tags", "alias": "aliases", "cssclass": "cssclasses"}
# Obsidian reads these in any letter case; PRP010 reports the deprecated ones.
_OF_OBSIDIAN = frozenset({*DEPRECATED, *DEPRECATED.values()})
_NEAR = 0.75
_SOURCES = "\nText.\n\n## Sources\n\n- original: [T](https://example.org/a)\n"


def top(document: Document) -> Span:
    """Return the place of a finding about the properties as a whole: the note's first line."""
    start = document.properties.span.start if document.properties.span else 0
    return Span(start, start + len(document.text[start:].split("\n", 1)[0].rstrip("\r")))


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


@rule(
    "PRP002",
    "missing-property",
    Example(
        "---\ntitle: A\nstatus: open\n---\n\nText.\n",
        "---\ntitle: A\nstatus: open\nkind: idea\n---\n\nText.\n",
    ),
    Example(
        f"---\ntitle: A\n---\n{_SOURCES}",
        f"---\ntitle: A\nsource: https://example.org/a\n---\n{_SOURCES}",
        fixed=True,
        path="Sourced/note.md",
    ),
    typed=True,
)
def missing_property(document: Document, context: Context) -> Iterator[Finding]:
    """A property that the note's type requires is missing or empty.

    The types and what they require are in `vaultsync.toml`; a type's rules may require more of
    notes that fit a condition. Where the type declares that the property repeats a part of the
    first source, the fix fills it in.
    """
    note = context.note(document)
    if note is None or document.properties.error:
        return
    data = document.properties.data
    for name in _required(note):
        if empty(data.get(name)):
            where = document.properties.keys.get(name, top(document))
            message = f"a {note.type_name} needs the property `{name}`"
            yield Finding(where, message, _filled(note, name), missing=f"the property `{name}`")


def _required(note: Note) -> dict[str, None]:
    names = dict.fromkeys(note.type.required)
    for demand in note.type.rules:
        if demand.when and meets_condition(demand.when, note.document):
            names |= dict.fromkeys(demand.require)
    return names


def _filled(note: Note, name: str) -> Fix | None:
    value = fills(note).get(name)
    if value is None:
        return None
    order = tuple(note.type.properties)
    edits = set_property(note.document.text, name, value, order=order)
    return one(note.path, f"fill `{name}` from the first source", edits)


@rule(
    "PRP003",
    "invalid-value",
    Example(
        "---\ntitle: A\nstatus: opne\nkind: idea\n---\n\nText.\n",
        "---\ntitle: A\nstatus: open\nkind: idea\n---\n\nText.\n",
    ),
    typed=True,
)
def invalid_value(document: Document, context: Context) -> Iterator[Finding]:
    """A property's value does not fit its schema: its type, its vocabulary or its form.

    The schema of each property is in `vaultsync.toml`, in the terms of JSON Schema.
    """
    note = context.note(document)
    if note is None:
        return
    data = {k: v for k, v in document.properties.data.items() if not empty(v)}
    found: dict[tuple[str | int, ...], Any] = {}
    for error in context.validator(note.type_name).iter_errors(data):
        place = tuple(error.instance_path)
        # Of several errors in one value, that of its vocabulary is the most precise.
        if place not in found or _options(error):
            found[place] = error
    for place, error in found.items():
        name = str(place[0])
        where = document.properties.values.get(name, top(document))
        yield Finding(where, _message(name, error))


def _options(error: Any) -> list[str]:
    return [str(option) for option in getattr(error.kind, "options", ())]


def _message(name: str, error: Any) -> str:
    options = _options(error)
    if not options:
        return f"`{name}`: {error.message}"
    near = difflib.get_close_matches(str(error.instance), options, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"use one of {', '.join(options)}"
    return f"`{name}` has no value `{error.instance}`: {hint}"


@rule(
    "PRP004",
    "unknown-property",
    Example(
        "---\ntitle: A\nstatus: open\nkind: idea\nsorce: x\n---\n\nText.\n",
        "---\ntitle: A\nstatus: open\nkind: idea\nsource: https://example.org\n---\n\nText.\n",
    ),
    severity="warning",
    typed=True,
)
def unknown_property(document: Document, context: Context) -> Iterator[Finding]:
    """A property's name is nearly that of one the type knows.

    Other properties are left to the author: only a near miss is reported.
    """
    note = context.note(document)
    if note is None:
        return
    known = _known(note.type)
    for name, where in document.properties.keys.items():
        if name not in known and name.lower() not in _OF_OBSIDIAN:
            near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=_NEAR)
            if near:
                message = f"a {note.type_name} has no property `{name}`: did you mean `{near[0]}`?"
                yield Finding(where, message)


def _known(kind: NoteType) -> list[str]:
    conditions = [*kind.states.values(), *(demand.when for demand in kind.rules)]
    in_rules = {name for condition in conditions for name in condition}
    return sorted({*kind.properties, *kind.required, *in_rules, *BUILT_IN, "type"})


@rule(
    "PRP005",
    "wrong-type",
    Example(
        "---\ntype: page\ntitle: A\nstatus: open\nkind: idea\n---\n\nText.\n",
        "---\ntype: claim\ntitle: A\nstatus: open\nkind: idea\n---\n\nText.\n",
    ),
    typed=True,
)
def wrong_type(document: Document, context: Context) -> Iterator[Finding]:
    """The `type` property differs from the type that the note has by its path.

    A note's type follows from its folder. A `type` property is not needed; if there is one, it must
    agree.
    """
    note = context.note(document)
    written = document.text_property("type")
    if note and written and written != note.type_name:
        where = document.properties.values.get("type", top(document))
        yield Finding(
            where, f"`type` is `{written}`, but by its path the note is a {note.type_name}"
        )


@rule(
    "PRP006",
    "title-not-in-aliases",
    Example(
        "---\ntitle: A claim\naliases:\n  - old\n---\n",
        "---\ntitle: A claim\naliases:\n  - A claim\n  - old\n---\n",
        fixed=True,
        path="Named/note.md",
    ),
    severity="warning",
    typed=True,
)
def title_not_in_aliases(document: Document, context: Context) -> Iterator[Finding]:
    """The property that the type uses as an alias is not among the aliases.

    With the title as an alias, Obsidian's quick switcher and link suggestions find the note by
    it. The fix adds it and never removes another.
    """
    note = context.note(document)
    name = note.type.alias if note else ""
    value = document.text_property(name) if name else None
    aliases = document.properties.key("aliases") or "aliases"
    if note is None or value is None or value in document.list_property("aliases"):
        return
    edits = add_to_list(document.text, aliases, value, order=tuple(note.type.properties))
    where = document.properties.keys.get(aliases, document.properties.values[name])
    yield Finding(
        where,
        f"the {name} is not among the aliases",
        one(document.path, f"add the {name} to `aliases`", edits),
    )


@rule(
    "PRP013",
    "missing-scope",
    Example(
        "---\ntitle: A\n---\n\nText.\n",
        "---\ntitle: A\ntested_on: one model\n---\n\nText.\n",
        path="Tested/note.md",
    ),
    severity="warning",
    typed=True,
)
def missing_scope(document: Document, context: Context) -> Iterator[Finding]:
    """The note does not state where its claim was tested.

    The most common overclaim is a claim that is wider than its evidence. The type names the
    property for the models, tasks or data (`scope`); write one line there.
    """
    note = context.note(document)
    scope = note.type.scope if note and not document.properties.error else ""
    if note and scope and empty(document.properties.data.get(scope)):
        where = document.properties.keys.get(scope, top(document))
        message = f"nothing says where this was tested: fill in `{scope}`"
        yield Finding(where, message, missing=f"the property `{scope}`")


RULES = (
    missing_property,
    invalid_value,
    unknown_property,
    wrong_type,
    title_not_in_aliases,
    missing_scope,
)
