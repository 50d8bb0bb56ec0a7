"""The `notes` block: notes as a list, an index, sections or a table."""

from __future__ import annotations

from collections.abc import Iterable

from vaultsync.blocks.context import BlockError, Request, bullets
from vaultsync.notes import RETIRED, Note, holds, stem
from vaultsync.sources import Source

_OWN = frozenset({"type", "style", "order", "group", "exclude"})


def notes_block(request: Request) -> str:
    """Return the notes that the block's attributes select, in its style."""
    style = _STYLES[request.choice("style", _STYLES)]
    selected = _ordered(request, _selected(request))
    group = request.get("group")
    if not group:
        return style(request, selected)
    parts = []
    for value in sorted({value for note in selected for value in _values(note, group)}):
        members = [note for note in selected if value in _values(note, group)]
        parts.append(f"### {value}\n\n{style(request, members)}")
    return "\n\n".join(parts)


def _values(note: Note, name: str) -> tuple[str, ...]:
    return note.document.list_property(name) or ("other",)


def _selected(request: Request) -> list[Note]:
    attributes = request.block.attributes
    condition = {name: list(request.names(name)) for name in attributes if name not in _OWN}
    excluded = set(request.names("exclude"))
    wanted = request.get("type")
    if wanted and wanted not in request.context.config.types:
        known = ", ".join(request.context.config.types) or "none"
        raise BlockError(f'`type="{wanted}"` is no type of this vault: they are {known}')
    retired = any(RETIRED in values for values in condition.values())
    notes = request.context.published if retired else request.context.current
    return [
        note
        for note in notes
        if wanted in {"", note.type_name}
        and stem(note.path) not in excluded
        and holds(condition, note.document)
    ]


def _ordered(request: Request, notes: list[Note]) -> list[Note]:
    """Put the notes that `order` names first; `order="year"` sorts by a property, `-year` down."""
    names = request.names("order")
    by_stem = {stem(note.path): note for note in notes}
    if len(names) == 1 and names[0] not in by_stem:
        key, down = names[0].removeprefix("-"), names[0].startswith("-")
        with_value = [note for note in notes if note.document.properties.data.get(key) is not None]
        rest = [note for note in notes if note not in with_value]
        return sorted(with_value, key=lambda note: _sortable(note, key), reverse=down) + rest
    first = [by_stem[name] for name in names if name in by_stem]
    return first + [note for note in notes if note not in first]


def _sortable(note: Note, key: str) -> tuple[bool, float, str]:
    value = note.document.properties.data[key]
    if isinstance(value, int | float):
        return (False, value, "")
    return (True, 0.0, str(value))


def reference(note: Note) -> str:
    """Return a note's first source in brackets, with those that its type's rules bring up."""
    first = note.first_source()
    parts = [_cited(first[1])] if first else []
    for rule in note.type.rules:
        if rule.label and holds(rule.when, note.document):
            named = [_cited(found) for found in note.sources() if found.role == rule.require_role]
            parts += [f"{rule.label} {' and '.join(named)}"] if named else []
    return f" ({'; '.join(parts)})" if parts else ""


def _cited(source: Source) -> str:
    return f"[{source.cite}]({source.url})"


def _list(request: Request, notes: Iterable[Note]) -> str:
    context, frame = request.context, request.context.frame
    return bullets(
        f"{frame.before(note)}{context.quote(note.lead, note)}{reference(note)}{frame.after(note)}"
        for note in notes
    )


def _index(request: Request, notes: Iterable[Note]) -> str:
    context = request.context
    return bullets(
        f"{context.link(note)}: {context.quote(note.lead, note)}{reference(note)}" for note in notes
    )


def _sections(request: Request, notes: Iterable[Note]) -> str:
    context, frame = request.context, request.context.frame
    return "\n\n".join(
        f"### {frame.before(note)}{note.title}\n\n"
        f"{context.quote(note.lead, note)}{reference(note)}{frame.after(note)}"
        for note in notes
    )


def _table(request: Request, notes: Iterable[Note]) -> str:
    rows = ["| Note | Claim | Source |", "|---|---|---|"]
    for note in notes:
        claim = request.context.quote(note.lead, note)
        cells = (request.context.link(note), claim, reference(note).strip(" ()"))
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


_STYLES = {"list": _list, "index": _index, "sections": _sections, "table": _table}
