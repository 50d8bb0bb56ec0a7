"""New notes from their type, and the files that a new or adopted vault lacks."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from vaultsync.core.config import Config, NoteType, Section, did_you_mean
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Vault
from vaultsync.core.output import Output
from vaultsync.core.text import Edit, Span, apply_edits, newline_of
from vaultsync.markdown import parse
from vaultsync.markdown.frontmatter import add_to_list, read_properties, set_property
from vaultsync.markdown.frontmatter.edit import scalar
from vaultsync.notes.body import read_body
from vaultsync.notes.citation import Source, identity, source_line
from vaultsync.notes.link_index import key
from vaultsync.notes.note import DRAFT, Note, typed_notes

_MAX_SLUG = 40
_SMALL_WORDS = re.compile(
    r"a|an|and|are|as|at|be|by|for|from|in|into|is|it|its|of|on|or|that|the|to"
)
_ACCENT = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")
_TITLE = "vaultsync-title-to-be"
_ITEM = re.compile(rf"(?<=[\s\[,])([\"']?){_TITLE}\1(?=\s*(?:[,\]\r\n]|\Z))")
_DATE = re.compile(r"\{\{date(?::[^}]*)?\}\}")
_OBSIDIAN_TYPES = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "checkbox",
    "array": "multitext",
}
_BUILT_IN_TYPES = {"tags": "tags", "aliases": "aliases", "cssclasses": "multitext"}


class Idea(msgspec.Struct, frozen=True):
    """What a new note starts from: a title, and a source where there is one."""

    title: str
    source: Source | None = None


def slug(title: str) -> str:
    """Return a short, stable file name for a title: lower case, hyphens, no small words.

    Latin letters lose their accents; other scripts keep every mark.
    """
    plain = unicodedata.normalize("NFKD", re.sub(r"['’]", "", title)).lower()
    plain = unicodedata.normalize("NFC", _ACCENT.sub("", plain))
    words = "".join(char if _is_written(char) else " " for char in plain).split()
    words = [word for word in words if not _SMALL_WORDS.fullmatch(word)] or words
    name = ""
    for word in words:
        if name and len(name) + len(word) >= _MAX_SLUG:
            break
        name = f"{name}-{word}" if name else word[:_MAX_SLUG]
    return name or "untitled"


def _is_written(char: str) -> bool:
    # Letters, numbers, and the marks that some scripts write vowels with.
    return unicodedata.category(char)[0] in "LNM"


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

    Raises `VaultError` where the type's globs name no folder, or where the properties of the
    template cannot be read.
    """
    kind = note_type(config, type_name)
    path = _free_path(config, type_name, slug(idea.title), files)
    text = _filled_template(template if template is not None else _skeleton(kind), idea.title, day)
    text = _with_properties(text, kind, idea)
    if idea.source:
        text = _with_source(path, text, kind, idea.source)
    error = read_properties(text).error
    if error:
        raise VaultError(f"{kind.template}: its properties cannot be read: {error.message}")
    return Output(path, text.encode(), None)


def same_notes(idea: Idea, vault: Vault, config: Config) -> list[tuple[str, str]]:
    """Return the typed notes with the idea's title or source: path, and "title" or "source"."""
    title, source = _folded(idea.title), idea.source
    found = []
    for note in typed_notes(vault, config):
        if source and source.identity in _identities(note):
            found.append((note.path, "source"))
        elif title == _folded(note.document.text_property("title") or ""):
            found.append((note.path, "title"))
    return found


def _folded(title: str) -> str:
    return " ".join(title.lower().split())


def _identities(note: Note) -> set[str]:
    """Return what tells the work that a note is about: its first source, and its property."""
    urls = {first[1].url} if (first := note.first_source()) else set()
    for section in note.type.body.sections.values():
        for name, part in section.fill.items():
            if part == "url":
                urls.add(note.document.text_property(name) or "")
    return {identity(url) for url in urls if url}


def _free_path(config: Config, type_name: str, name: str, files: Iterable[str]) -> str:
    """Return a path whose file name no other file of the vault has, so that links stay short."""
    taken = {key(path.rpartition("/")[2]) for path in files}
    number, candidate = 1, name
    while key(f"{candidate}.md") in taken:
        number += 1
        candidate = f"{name}-{number}"
    for glob in config.types[type_name].match:
        folder = re.split(r"[*?]", glob, maxsplit=1)[0].rpartition("/")[0]
        path = f"{folder}/{candidate}.md" if folder else f"{candidate}.md"
        if config.type_name(path) == type_name:
            return path
    raise VaultError(f"vaultsync.toml: `types.{type_name}.match` names no folder for new notes")


def _skeleton(kind: NoteType) -> str:
    lines = [f"{name}:" for name in dict.fromkeys([*kind.required, *kind.states.get(DRAFT, {})])]
    sections = [f"## {name}\n" for name in kind.body.sections]
    return "\n".join(["---", *lines, "---", "", *sections]).rstrip("\n") + "\n"


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
            edits += [Edit(Span(*place.span()), scalar(title, flow=True)) for place in places]
    return apply_edits(text, edits).replace(_TITLE, title)


def _with_properties(text: str, kind: NoteType, idea: Idea) -> str:
    values: dict[str, Any] = {}
    if "title" in {*kind.required, *kind.properties}:
        values["title"] = idea.title
    for name, wanted in kind.states.get(DRAFT, {}).items():
        values[name] = wanted[0] if isinstance(wanted, list) else wanted
    if idea.source:
        values |= _from_source(kind, idea.source)
    order = tuple(kind.properties)
    for name, value in values.items():
        if read_properties(text).data.get(name) != value:
            text = apply_edits(text, set_property(text, name, value, order=order))
    if kind.alias == "title":
        text = apply_edits(text, add_to_list(text, "aliases", idea.title, order=order))
    return text


def _sourced(kind: NoteType) -> tuple[str, Section] | None:
    sections = [item for item in kind.body.sections.items() if item[1].items == "source"]
    return sections[0] if sections else None


def _from_source(kind: NoteType, source: Source) -> dict[str, Any]:
    found = _sourced(kind)
    parts = {"url": source.url, "cite": source.cite if source.who else None, "year": source.year}
    fill = found[1].fill if found else {}
    return {name: parts[part] for name, part in fill.items() if parts[part]}


def _with_source(path: str, text: str, kind: NoteType, source: Source) -> str:
    found = _sourced(kind)
    if found is None:
        return text
    name, section = found
    role = section.first or next(iter(section.roles), source.role)
    line = f"- {source_line(msgspec.structs.replace(source, role=role))}"
    place = read_body(parse(path, text), kind.body).sections.get(name)
    newline = newline_of(text)
    if place is None:
        return f"{text.rstrip()}{newline}{newline}## {name}{newline}{newline}{line}{newline}"
    span = msgspec.structs.replace(place.heading, start=place.heading.end)
    return apply_edits(text, (Edit(span, f"{newline}{newline}{line}"),))


def obsidian_types(config: Config) -> bytes:
    """Return `.obsidian/types.json` as it follows from the note types."""
    types = {}
    for kind in config.types.values():
        for name, schema in kind.properties.items():
            types[name] = _BUILT_IN_TYPES.get(name) or _obsidian_type(schema)
    return json.dumps({"types": types}, indent=2).encode() + b"\n"


def _obsidian_type(schema: Mapping[str, Any]) -> str:
    formats = {"date": "date", "date-time": "datetime"}
    name = schema.get("type")
    known = _OBSIDIAN_TYPES.get(name, "text") if isinstance(name, str) else "text"
    return formats.get(schema.get("format", "")) or known


def missing_files(wanted: Mapping[str, bytes], existing: Iterable[str]) -> list[Output]:
    """Return the files that are wanted and not there; what is there stays as it is."""
    there = set(existing)
    return [Output(path, data, None) for path, data in sorted(wanted.items()) if path not in there]
