"""Make a note of a type, as the arguments of `vaultsync new` request."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import chain, count
from typing import Any

import msgspec

from vaultsync.app.insert import section_for, source_edit
from vaultsync.app.workspace import Workspace
from vaultsync.core.config import Config, NoteType, did_you_mean
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Vault
from vaultsync.core.output import Output
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.infra.clock import today
from vaultsync.markdown import kind_of, parse
from vaultsync.markdown.frontmatter.block import read_properties
from vaultsync.markdown.frontmatter.edit import add_to_list, set_property, write_scalar
from vaultsync.notes import citation
from vaultsync.notes.citation import Source
from vaultsync.notes.link_index import name_key
from vaultsync.notes.note import DRAFT, Note, typed_notes
from vaultsync.notes.source_address import arxiv_id, canonical_url, doi_of, identity

_MAX_SLUG = 40
_SMALL_WORDS = re.compile(
    r"a|an|and|are|as|at|be|by|for|from|in|into|is|it|its|of|on|or|that|the|to"
)
_ACCENT = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")
_TITLE = "vaultsync-title-to-be"
_ITEM = re.compile(rf"(?<=[\s\[,])([\"']?){_TITLE}\1(?=\s*(?:[,\]\r\n]|\Z))")
_DATE = re.compile(r"\{\{date(?::[^}]*)?\}\}")


Value = str | int | float | bool | list[str]


class Idea(msgspec.Struct, frozen=True):
    """What a new note starts from: a title, a source where there is one, values of properties."""

    title: str
    source: Source | None = None
    given: Mapping[str, Value] = {}


class Created(msgspec.Struct, frozen=True):
    """A new note, which is not written yet.

    `same` are the notes with the same title, source or name: path, and what is the same. `failure`
    is why the source could not be looked up, None where it could or nothing was to look up.
    """

    output: Output
    is_draft: bool
    same: list[tuple[str, str]]
    failure: str | None = None


def create(type_name: str, subject: str, workspace: Workspace) -> Created:
    """Make a note of a type from a title, or from the address of a paper on arXiv or a DOI."""
    idea, failure = idea_of(workspace.config, subject)
    return make_draft(type_name, idea, workspace, failure)


def make_draft(
    type_name: str, idea: Idea, workspace: Workspace, failure: str | None = None
) -> Created:
    """Make a note of a type from an idea; `failure` is why its source could not be looked up."""
    config = workspace.config
    kind = note_type(config, type_name)
    template = workspace.read_text(kind.template) if kind.template else None
    files = frozenset(file.path for file in workspace.scanned)
    with workspace.placed_problems():
        output = new_note(config, type_name, idea, template, files, today())
    # To read an empty vault is an error, to make its first note is not.
    has_notes = any(kind_of(path) == "note" for path in files)
    vault = workspace.vault if has_notes else Vault({}, files)
    return Created(output, DRAFT in kind.states, same_notes(idea, vault, config), failure)


def idea_of(config: Config, subject: str) -> tuple[Idea, str | None]:
    """Return what a title or an address names; where a look-up fails also why."""
    is_address = subject.startswith(("http://", "https://")) or arxiv_id(subject) or doi_of(subject)
    if not is_address:
        return Idea(subject), None
    # The HTTP library is imported only where something is looked up.
    from vaultsync.infra.registries import lookup
    from vaultsync.infra.registries.http import LookupFailed

    url = canonical_url(subject)
    try:
        work = lookup(url, config.web)
    except LookupFailed as error:
        title = _bare_title(url)
        return Idea(title, Source("", title, url)), str(error)
    source = Source("", work.title, work.url, citation.format_authors(work.authors), work.year)
    return Idea(work.title, source), None


def _bare_title(url: str) -> str:
    arxiv, doi = arxiv_id(url), doi_of(url)
    return f"arXiv {arxiv}" if arxiv else f"DOI {doi}" if doi else url.partition("://")[2]


def slug(title: str) -> str:
    """Return a short, stable file name for a title: lower case, hyphens, no small words.

    Latin letters lose their accents; other scripts keep every mark.
    """
    plain = unicodedata.normalize("NFKD", re.sub(r"['’]", "", title)).lower()
    plain = unicodedata.normalize("NFC", _ACCENT.sub("", plain))
    # Letters, numbers, and the marks that some scripts write vowels with.
    written = (char if unicodedata.category(char)[0] in "LNM" else " " for char in plain)
    words = "".join(written).split()
    words = [word for word in words if not _SMALL_WORDS.fullmatch(word)] or words
    name = ""
    for word in words:
        if name and len(name) + len(word) >= _MAX_SLUG:
            break
        name = f"{name}-{word}" if name else word[:_MAX_SLUG]
    return name or "untitled"


def note_type(config: Config, name: str) -> NoteType:
    """Return a type by its name; raise `VaultError` that lists the types there are."""
    found = config.types.get(name)
    if found is None:
        known = ", ".join(config.types) or "none: declare one in vaultsync.toml"
        raise VaultError(f"there is no type `{name}`{did_you_mean(name, config.types)} ({known})")
    return found


def new_note(
    config: Config, type_name: str, idea: Idea, template: str | None, files: Iterable[str], day: str
) -> Output:
    """Return a draft of a type. `template` is its template's text, `files` the vault's files.

    Raises `VaultError` where the type's globs name no folder, where it has no such property, or
    where the properties of the template cannot be read.
    """
    kind = note_type(config, type_name)
    _refuse_unknown(kind, type_name, idea.given)
    path = _free_path(config, type_name, slug(idea.title), files)
    values = _values(kind, idea)
    if template is None:
        text = _composed(kind, idea, values)
    else:
        text = _with_properties(_filled_template(template, idea.title, day), kind, idea, values)
    if idea.source:
        text = _with_source(path, text, type_name, kind, idea.source)
    error = read_properties(text).error
    if error:
        raise VaultError(f"{kind.template}: its properties cannot be read: {error.message}")
    return Output(path, text.encode(), None)


def _refuse_unknown(kind: NoteType, type_name: str, given: Iterable[str]) -> None:
    known = dict.fromkeys([*kind.required, *kind.properties])
    for name in given:
        if name not in known:
            near = did_you_mean(name, known)
            raise VaultError(f"the type `{type_name}` has no property `{name}`{near}")


def same_notes(idea: Idea, vault: Vault, config: Config) -> list[tuple[str, str]]:
    """Return the typed notes with the idea's title or source, and the files with its name.

    Each is a path, and "title", "source" or "name".
    """
    title, source = _folded(idea.title), idea.source
    found = list[tuple[str, str]]()
    for note in typed_notes(vault, config):
        if source and source.identity in _identities(note):
            found.append((note.path, "source"))
        elif title == _folded(note.document.text_property("title") or ""):
            found.append((note.path, "title"))
    names = [(path, "name") for path in _namesakes(idea.title, vault.files)]
    return found + [one for one in names if one[0] not in dict(found)]


def _folded(title: str) -> str:
    return " ".join(title.lower().split())


def _identities(note: Note) -> set[str]:
    """Return what identifies the work that a note is about: its first source, its property."""
    fills = [section.fill.items() for section in note.type.body.sections.values()]
    names = [name for fill in fills for name, part in fill if part == "url"]
    urls = [note.document.text_property(name) for name in names]
    if first := note.first_source():
        urls.append(first[1].url)
    return {identity(url) for url in urls if url}


def _namesakes(title: str, files: Iterable[str]) -> list[str]:
    """Return the files whose name a note with a title would have, so that it gets another one."""
    key = name_key(f"{slug(title)}.md")
    return sorted(path for path in files if name_key(path.rpartition("/")[2]) == key)


def _free_path(config: Config, type_name: str, name: str, files: Iterable[str]) -> str:
    """Return a path whose file name no other file of the vault has, so that links stay short."""
    taken = {name_key(path.rpartition("/")[2]) for path in files}
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    candidate = next(one for one in names if name_key(f"{one}.md") not in taken)
    for glob in config.types[type_name].match:
        folder = re.split(r"[*?]", glob, maxsplit=1)[0].rpartition("/")[0]
        path = f"{folder}/{candidate}.md" if folder else f"{candidate}.md"
        if config.type_name(path) == type_name:
            return path
    raise VaultError(f"vaultsync.toml: `types.{type_name}.match` names no folder for new notes")


def _composed(kind: NoteType, idea: Idea, values: Mapping[str, Any]) -> str:
    """Compose a note of a type without a template: its properties and the headings of its body."""
    import frontmatter

    from vaultsync.markdown.frontmatter.handler import ObsidianHandler

    data: dict[str, Any] = dict.fromkeys([*kind.required, *kind.states.get(DRAFT, {})])
    aliases = {"aliases": [idea.title]} if kind.alias == "title" else {}
    for name, value in {**values, **aliases}.items():
        data = data | {name: value} if name in data else _inserted(data, name, value, kind)
    content = "\n\n".join(f"## {name}" for name in kind.body.sections)
    post = frontmatter.Post(content)
    # A property may have the name of an argument of `Post`.
    post.metadata = data
    return frontmatter.dumps(post, handler=ObsidianHandler()) + "\n"


def _inserted(data: Mapping[str, Any], name: str, value: Any, kind: NoteType) -> dict[str, Any]:
    """Add a property behind the nearest one that precedes it in the type, else at the end."""
    order, items = list(kind.properties), list(data.items())
    if name not in order:
        return {**data, name: value}
    before = [other for other in order[: order.index(name)] if other in data]
    at = list(data).index(before[-1]) + 1 if before else 0
    return dict([*items[:at], (name, value), *items[at:]])


def _filled_template(template: str, title: str, day: str) -> str:
    text = _DATE.sub(day, template).replace("{{title}}", _TITLE)
    properties = read_properties(text)
    edits: list[Edit] = []
    for name, value in properties.data.items():
        if isinstance(value, str) and _TITLE in value:
            edits += set_property(text, name, value.replace(_TITLE, title))
        elif isinstance(value, list) and _TITLE in value:
            start, end = msgspec.structs.astuple(properties.values[name])
            places = _ITEM.finditer(text, start, end)
            edits += [Edit(Span(*place.span()), write_scalar(title, flow=True)) for place in places]
    return apply_edits(text, edits).replace(_TITLE, title)


def _values(kind: NoteType, idea: Idea) -> dict[str, Any]:
    """Return the properties that a new note of a type has."""
    values: dict[str, Any] = {}
    if "title" in {*kind.required, *kind.properties}:
        values["title"] = idea.title
    for name, wanted in kind.states.get(DRAFT, {}).items():
        values[name] = wanted[0] if isinstance(wanted, list) else wanted
    section, source = section_for(kind, "source"), idea.source
    if section and source:
        cite = source.cite if source.authors else None
        parts = {"url": source.url, "cite": cite, "year": source.year}
        values |= {name: parts[part] for name, part in section[1].fill.items() if parts[part]}
    return {**values, **idea.given}


def _with_properties(text: str, kind: NoteType, idea: Idea, values: Mapping[str, Any]) -> str:
    order = tuple(kind.properties)
    for name, value in values.items():
        for item in reversed(value) if isinstance(value, list) else ():
            text = apply_edits(text, add_to_list(text, name, item, order=order))
        if not isinstance(value, list) and read_properties(text).data.get(name) != value:
            text = apply_edits(text, set_property(text, name, value, order=order))
    if kind.alias == "title":
        text = apply_edits(text, add_to_list(text, "aliases", idea.title, order=order))
    return text


def _with_source(path: str, text: str, type_name: str, kind: NoteType, source: Source) -> str:
    if section_for(kind, "source") is None:
        return text
    return apply_edits(text, [source_edit(Note(parse(path, text), type_name, kind), source)])
