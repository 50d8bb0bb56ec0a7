"""Edits that put something into a note: a source, a relation, the answer to a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from vaultsync.core.config import Items, NoteType, Section
from vaultsync.core.errors import VaultError
from vaultsync.core.text import Edit, Span, line_ending
from vaultsync.markdown import elements
from vaultsync.markdown.frontmatter.edit import set_property
from vaultsync.markdown.links import split_wikilink
from vaultsync.notes.body import Item, Question, Relation, read_item, relation_line
from vaultsync.notes.citation import Source, source_line
from vaultsync.notes.link_index import LinkIndex, wikilink
from vaultsync.notes.note import ANSWERED, Note

_ANSWERED = re.compile(r"\banswered:[ \t]*")
_TENSION = "tension"


def section_for(kind: NoteType, grammar: Items) -> tuple[str, Section] | None:
    """Return the first section of a type whose items follow a grammar, with its name."""
    sections = kind.body.sections.items()
    return next((item for item in sections if item[1].items == grammar), None)


def roles_of(section: Section) -> list[str]:
    """Return the roles that a source of a section may have, the one of the first source first."""
    return [role for role in dict.fromkeys([section.first, *section.roles]) if role]


def source_edit(note: Note, source: Source) -> Edit:
    """Return the edit that adds a source; without a role it gets that of the first source.

    Raises `VaultError` where it does not fit.
    """
    name, section = _section(note, "source")
    roles = roles_of(section)
    role = source.role or next(iter(roles), "")
    if roles and role not in roles:
        raise VaultError(f"{note.path}: `{role}` is none of its roles: {', '.join(roles)}")
    if any(source.identity == other.identity for other in note.sources()):
        raise VaultError(f"{note.path}: it has this source already: {source.url}")
    line = source_line(msgspec.structs.replace(source, role=role))
    return item_edit(note, name, line, first=bool(role) and role == section.first)


def related_paths(note: Note, index: LinkIndex) -> set[str]:
    """Return the files that the relations of a note name."""
    found = (index.resolve(one.target, note.path)[:1] for one in note.relations())
    return {path for paths in found for path in paths}


def relation_edit(
    note: Note, path: str, index: LinkIndex, relation: Relation, marks: Sequence[str] = (_TENSION,)
) -> Edit:
    """Return the edit that adds a relation to the note at a path, whatever its `target` is.

    `marks` are the words that mark a tension in this vault. Raises `VaultError` where the note has
    it already, or where what is written would be read as something else.
    """
    if path in related_paths(note, index):
        raise VaultError(f"{note.path}: it is related to {path} already")
    link = wikilink(path, index)
    wanted = msgspec.structs.replace(relation, target=split_wikilink(link[2:-2])[0])
    if wanted.tension and marks and _TENSION not in marks:
        reason = f"{marks[0]}: {wanted.reason}"
        wanted = msgspec.structs.replace(wanted, tension=False, reason=reason)
    line = relation_line(link, wanted)
    if read_item(line, "relation") != wanted:
        raise VaultError(
            f"`{line}` would be read otherwise: a reason cannot hold ` / ` or `(crux:`, nor begin "
            "with `tension:`"
        )
    return item_edit(note, _section(note, "relation")[0], line)


def _section(note: Note, grammar: Items) -> tuple[str, Section]:
    found = section_for(note.type, grammar)
    if found is None:
        raise VaultError(
            f"{note.path}: the type `{note.type_name}` has no section with items of the kind "
            f"`{grammar}`: add one in vaultsync.toml"
        )
    return found


def item_edit(note: Note, name: str, text: str, *, first: bool = False) -> Edit:
    """Return the edit that adds a list item to a section, which is made if need be."""
    whole, section = note.document.text, note.body.sections.get(name)
    newline = line_ending(whole)
    if section is None:
        return _new_section(note, name, f"- {text}")
    if not section.items:
        at = section.heading.end
        return Edit(Span(at, at), f"{newline}{newline}- {text}")
    last = section.items[0 if first else -1].span
    line = whole.rfind("\n", 0, last.start) + 1
    mark = whole[last.start] if whole[last.start] in "-*+" else "-"
    item = f"{whole[line : last.start]}{mark} {text}"
    if first:
        return Edit(Span(line, line), f"{item}{newline}")
    parts = elements(whole, note.document.body)
    end = next(part.end for part in parts if part.kind == "item" and part.start == last.start)
    at = len(whole[:end].rstrip())
    return Edit(Span(at, at), f"{newline}{item}")


def _new_section(note: Note, name: str, item: str) -> Edit:
    """Return the edit that makes a section where the type has it: before those that follow it."""
    whole, order = note.document.text, list(note.type.body.sections)
    newline = line_ending(whole)
    below = [one for one in order[order.index(name) + 1 :] if one in note.body.sections]
    text = f"## {name}{newline}{newline}{item}"
    if below:
        at = min(note.body.sections[one].heading.start for one in below)
        return Edit(Span(at, at), f"{text}{newline}{newline}")
    at = len(whole.rstrip())
    return Edit(Span(at, at), f"{newline}{newline}{text}")


def questions(note: Note) -> list[tuple[Item, Question]]:
    """Return the items of a note that are questions."""
    items = (item for section in note.body.sections.values() for item in section.items)
    return [(item, item.value) for item in items if isinstance(item.value, Question)]


def answer_edit(note: Note, place: Span, path: str, index: LinkIndex) -> Edit:
    """Return the edit that closes the question at a place by the note at a path.

    Raises `VaultError` where there is none, or where it is answered.
    """
    found = [one for one in questions(note) if one[0].span.start <= place.start <= one[0].span.end]
    if not found:
        raise VaultError(f"{note.path}: there is no question at this place")
    item, question = found[0]
    if question.answer:
        raise VaultError(f"{note.path}: the question is answered already, by {question.answer}")
    text, link = note.document.text, wikilink(path, index)
    if question.answer is not None:
        *_, mark = _ANSWERED.finditer(text, item.span.start, item.span.end)
        before = "" if mark[0][-1] in " \t" else " "
        after = " " if text[mark.end() : mark.end() + 1].strip() else ""
        return Edit(Span(mark.end(), mark.end()), f"{before}{link}{after}")
    ids = (one.span for one in note.document.blocks if one.span.end == item.span.end)
    end = next((span.start for span in ids), item.span.end)
    at = len(text[:end].rstrip())
    return Edit(Span(at, at), f" answered: {link}")


def answered_edits(note: Note, path: str, index: LinkIndex, reason: str) -> list[Edit]:
    """Return the edits that put a note into the state of an answered question, and link the answer.

    Raises `VaultError` where its type has no such state, or where nothing is left to do.
    """
    state = note.type.states.get(ANSWERED)
    if state is None:
        raise VaultError(f"{note.path}: the type `{note.type_name}` has no state `{ANSWERED}`")
    edits = [edit for name, wanted in state.items() for edit in _set(note, name, wanted)]
    if path not in related_paths(note, index):
        edits.append(relation_edit(note, path, index, Relation(path, reason)))
    if not edits:
        raise VaultError(f"{note.path}: it is answered already, by {path}")
    return edits


def _set(note: Note, name: str, wanted: Any) -> tuple[Edit, ...]:
    order = tuple(note.type.properties)
    value = wanted[0] if isinstance(wanted, list) else wanted
    return (
        ()
        if note.in_state(ANSWERED)
        else set_property(note.document.text, name, value, order=order)
    )
