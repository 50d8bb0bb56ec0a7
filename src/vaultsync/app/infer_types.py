"""Propose types of notes from the properties that a vault uses, folder by folder."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from vaultsync.app.infer_schema import Schema, is_nearly_all, schema_of
from vaultsync.core.config import NoteType, did_you_mean
from vaultsync.core.config.effective import toml, toml_name
from vaultsync.core.model import Document
from vaultsync.lint.rules.properties import BUILT_IN, NEAR, PLACEHOLDER, empty

# Fewer notes show nothing; so many of them share what is typical.
_LEAST, _SHARED, _ALIKE = 5, 0.8, 0.75
_TEMPLATES = re.compile(r"(?:\b|_)templates?$", re.IGNORECASE)


class Proposal(msgspec.Struct, frozen=True):
    """A type and the number of its notes.

    `unfit` are the few that do not fit it, by path, each with the rules that report it. `other`:
    the property `type` of some notes names something else.
    """

    name: str
    type: NoteType
    count: int
    unfit: dict[str, set[str]]
    other: bool


def propose(notes: Iterable[Document], folders: Collection[str]) -> list[Proposal]:
    """Return types that fit the notes; `folders` are those of templates, each with `/`."""
    readable = [note for note in notes if not note.error and not note.properties.error]
    templates = [note for note in readable if _is_template(note, folders)]
    inside = {posixpath.dirname(note.path) for note in templates}
    rest = [note for note in readable if posixpath.dirname(note.path) not in inside]
    found: dict[str, tuple[list[str], list[Document]]] = {}
    for glob, group in _groups(rest, inside):
        globs, members = found.setdefault(_name(glob, group), ([], []))
        globs.append(glob)
        members.extend(group)
    return [_proposal(name, *known, templates) for name, known in found.items()]


def render(proposals: Iterable[Proposal]) -> str:
    """Return the tables of the settings."""
    text = "".join(map(_table, proposals))
    hints = {
        path: dict.fromkeys(sorted(rules), "hint")
        for one in proposals
        for path, rules in sorted(one.unfit.items())
    }
    ignores = {glob: ["PRP005"] for one in proposals if one.other for glob in one.type.match}
    comment = "\n# These few do not fit their type.\n"
    for key, values, why in (("severity", hints, comment), ("ignores", ignores, "\n")):
        if values:
            lines = (f"{toml(name)} = {toml(value)}\n" for name, value in values.items())
            text += f"{why}[lint.per-file-{key}]\n{''.join(lines)}"
    return text


def _table(one: Proposal) -> str:
    kind, name = one.type, f"types.{toml_name(one.name)}"
    text = f"\n# {one.count} notes.\n[{name}]\nmatch = {toml(kind.match)}\n"
    text += f"template = {toml(kind.template)}\n" if kind.template else ""
    text += f"required = {toml(kind.required)}\n" if kind.required else ""
    lines = (f"{toml_name(key)} = {toml(schema)}\n" for key, schema in kind.properties.items())
    return f"{text}\n[{name}.properties]\n{''.join(lines)}"


def _is_template(note: Document, folders: Collection[str]) -> bool:
    if note.path.startswith(tuple(folders)):
        return True
    is_named = _TEMPLATES.search(posixpath.dirname(note.path))
    return bool(is_named and PLACEHOLDER.search(note.text))


def _groups(notes: list[Document], apart: Collection[str]) -> Iterator[tuple[str, list[Document]]]:
    """Yield globs with their notes: whole folders where all below is alike, else single ones.

    The folders `apart` are in none.
    """
    direct: dict[str, list[Document]] = {}
    for note in notes:
        direct.setdefault(posixpath.dirname(note.path), []).append(note)
    taken: tuple[str, ...] = ()
    for folder in sorted({above for path in direct for above in _upwards(path)}):
        prefix = f"{folder}/" if folder else ""
        if prefix.startswith(taken):
            continue
        below = {path: direct[path] for path in direct if f"{path}/".startswith(prefix)}
        closed = not any(f"{path}/".startswith(prefix) for path in apart)
        if prefix and closed and _is_divided(below, prefix) and _are_alike(below.values()):
            taken = (*taken, prefix)
            yield f"{prefix}**/*.md", [note for group in below.values() for note in group]
        elif _core(direct.get(folder, ())):
            yield f"{prefix}*.md", direct[folder]


def _is_divided(folders: Collection[str], prefix: str) -> bool:
    """Whether a folder has several with notes, or one by year, to which others will come."""
    names = [path[len(prefix) :] for path in folders]
    return len(names) > 1 or not re.search(r"[^\W\d_]", names[0] or "a")


def _upwards(folder: str) -> Iterator[str]:
    yield folder
    while folder:
        folder = posixpath.dirname(folder)
        yield folder


def _are_alike(groups: Collection[list[Document]]) -> bool:
    together = _core([note for group in groups for note in group])
    cores = [_core(group) for group in groups if len(group) >= _LEAST]
    return bool(together) and all(_overlap(one, together) >= _ALIKE for one in cores)


def _core(notes: Collection[Document]) -> frozenset[str]:
    """Return the properties that most of the notes have, without those of any vault."""
    if len(notes) < _LEAST:
        return frozenset()
    used = _used(notes)
    return frozenset(k for k, v in used.items() if len(v) >= _SHARED * len(notes)) - BUILT_IN


def _overlap(one: Collection[str], other: Collection[str]) -> float:
    union = {*one, *other}
    return len({*one} & {*other}) / len(union) if union else 0


def _used(notes: Iterable[Document]) -> dict[str, dict[str, Any]]:
    """Return the values of each property by the path of the note."""
    found: dict[str, dict[str, Any]] = {}
    for note in notes:
        for name, value in note.properties.data.items():
            if not empty(value):
                found.setdefault(name, {})[note.path] = value
    return found


def _name(glob: str, notes: list[Document]) -> str:
    """Return what the notes' property `type` names, else their folder."""
    named = {note.text_property("type") for note in notes} - {None, ""}
    if len(named) == 1:
        return str(named.pop())
    folders = glob.removesuffix("*.md").removesuffix("**/").lower().split("/")
    named_so = [name for name in folders if re.search(r"[^\W\d_]", name)]
    words = re.sub(r"^[\d\W_]+|\W+$", "", named_so[-1]).split() if named_so else ["note"]
    return "-".join(_singular(re.sub(r"\W+", "-", word)) for word in words)


def _singular(word: str) -> str:
    word = "persons" if word == "people" else word
    return word[:-1] if re.search("[^su]s$", word) else word


def _proposal(
    name: str, globs: list[str], notes: list[Document], templates: list[Document]
) -> Proposal:
    used = {key: values for key, values in _used(notes).items() if len(values) > 1}
    properties, unfit = dict[str, Schema](), dict[str, set[str]]()
    required = []
    for key in _ordered(used, notes):
        properties[key], odd = schema_of(key, used[key])
        missing = [note for note in notes if note.path not in used[key]]
        if key not in BUILT_IN and is_nearly_all(len(missing), len(notes)):
            required.append(key)
            _add(unfit, (note.path for note in missing), "PRP002")
            _add(unfit, (note.path for note in missing if _has_near(note, key)), "PRP016")
        _add(unfit, odd, "PRP003")
    kind = NoteType(
        match=tuple(globs),
        template=_template(name, properties, templates),
        required=tuple(required),
        properties=properties,
    )
    other = {note.text_property("type") or name for note in notes} != {name}
    return Proposal(name, kind, len(notes), unfit, other)


def _ordered(used: Collection[str], notes: Iterable[Document]) -> list[str]:
    """Return properties by their usual place in the notes."""
    places: dict[str, list[int]] = {key: [] for key in used}
    for note in notes:
        for place, key in enumerate(note.properties.data):
            if key in places:
                places[key].append(place)
    return sorted(places, key=lambda key: sum(places[key]) / len(places[key]))


def _has_near(note: Document, key: str) -> bool:
    others = (name.lower() for name in note.properties.data if name != key)
    return any(did_you_mean(name, [key], cutoff=NEAR) for name in others)


def _add(unfit: dict[str, set[str]], paths: Iterable[str], rule: str) -> None:
    for path in paths:
        unfit.setdefault(path, set()).add(rule)


def _template(name: str, properties: Mapping[str, Schema], templates: list[Document]) -> str:
    """Return the template with the type's name, else one with nearly its properties."""
    named = (one.path for one in templates if name in _stem(one).split())
    near = (one for one in templates if _overlap(one.properties.data, properties) >= _ALIKE)
    return next(named, "") or next((one.path for one in near), "")


def _stem(note: Document) -> str:
    return re.sub(r"\W+", " ", posixpath.basename(note.path).removesuffix(".md").lower())
