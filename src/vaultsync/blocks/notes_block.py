"""The block that lists notes: which ones, in what order and groups, and what each looks like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from vaultsync.blocks.context import (
    BlockError,
    BlockRequest,
    Context,
    bullet_list,
    capitalized,
    escape_markdown,
    external_link,
)
from vaultsync.blocks.handle import bold_handle, with_handle
from vaultsync.blocks.note_parts import note_parts
from vaultsync.core.config import did_you_mean
from vaultsync.notes.citation import Source
from vaultsync.notes.note import RETIRED, Note, meets_condition, stem

# The attributes that are not properties to filter by.
OWN = frozenset({"type", "style", "order", "group", "exclude"})
_OTHER = "other"
_PIPE = re.compile(r"(?<!\\)\|")


def notes_block(request: BlockRequest) -> str:
    """Return the notes that the block's attributes select, in its style."""
    written, join = STYLES[request.choice("style", STYLES)]

    def listed(notes: Iterable[Note]) -> str:
        return join(written(note, request.context) for note in notes)

    selected = _ordered(request, _selected(request))
    if request.checked:
        # Nothing in a note can be wrong here.
        selected = []
    group = request.get("group")
    if not group:
        return listed(selected)
    demand_properties(request, [group])
    if written is _section:
        written = _subsection
    groups = _grouped(selected, group, request.context.config.listed_values(group))
    return "\n\n".join(
        f"### {escape_markdown(capitalized(value))}\n\n{listed(members)}"
        for value, members in groups
    )


def _grouped(
    notes: Iterable[Note], name: str, places: Mapping[str, int]
) -> Iterator[tuple[str, list[Note]]]:
    """Yield the values of a property with their notes: as the settings list them, then others."""
    groups: dict[str, list[Note]] = {}
    for note in notes:
        for value in dict.fromkeys(note.document.list_property(name) or (_OTHER,)):
            groups.setdefault(value, []).append(note)
    rest = len(places)
    order = sorted(groups, key=lambda value: (value == _OTHER, places.get(value, rest), value))
    yield from ((value, groups[value]) for value in order)


def _selected(request: BlockRequest) -> list[Note]:
    attributes = request.block.attributes
    condition = {name: request.names(name) for name in attributes if name not in OWN}
    demand_properties(request, condition)
    excluded = set(request.names("exclude"))
    wanted = wanted_type(request)
    return [
        note
        for note in request.context.published
        if wanted in {"", note.type_name}
        and stem(note.path) not in excluded
        and _is_wanted_now(note, condition)
        and all(set(values) & _texts(note, name) for name, values in condition.items())
    ]


def wanted_type(request: BlockRequest) -> str:
    """Return the type that a block names, "" for all; raise `BlockError` for an unknown one."""
    wanted = request.get("type")
    if wanted and wanted not in request.context.config.types:
        known = ", ".join(request.context.config.types) or "none"
        raise BlockError(f'`type="{wanted}"` is no type of this vault: they are {known}')
    return wanted


def _is_wanted_now(note: Note, condition: Mapping[str, object]) -> bool:
    """Retired notes are selected where the filter is about the property that marks them."""
    return not note.in_state(RETIRED) or bool(note.type.states[RETIRED].keys() & condition.keys())


def _texts(note: Note, name: str) -> set[str]:
    """Return a property's values as an attribute has them: `2024` and `true` are texts there."""
    value = note.document.properties.data.get(name)
    values = value if isinstance(value, list) else [value]
    return {str(item).lower() if isinstance(item, bool) else str(item) for item in values}


def demand_properties(request: BlockRequest, names: Iterable[str]) -> None:
    """Raise `BlockError` for a name that is not a property of any type or note."""
    known = request.context.property_names
    for name in names:
        if name not in known:
            hint = did_you_mean(name, OWN) or did_you_mean(name, known)
            raise BlockError(f"no note has a property `{name}`{hint}")


def _ordered(request: BlockRequest, notes: list[Note]) -> list[Note]:
    """Put the notes that `order` names first; `order="year"` sorts by a property, `-year` down."""
    names = request.names("order")
    by_stem = {stem(note.path): note for note in notes}
    known = {stem(path) for path in request.context.vault.documents}
    if len(names) == 1 and names[0] not in known:
        key, down = names[0].removeprefix("-"), names[0].startswith("-")
        demand_properties(request, [key])
        with_value = [note for note in notes if note.document.properties.data.get(key) is not None]
        rest = [note for note in notes if note not in with_value]
        return sorted(with_value, key=lambda note: _sortable(note, key), reverse=down) + rest
    first = [by_stem[name] for name in names if name in by_stem]
    return first + [note for note in notes if note not in first]


def _sortable(note: Note, key: str) -> tuple[bool, float, str]:
    value = note.document.properties.data[key]
    if isinstance(value, int | float):
        return (False, value, "")
    return (True, 0.0, ", ".join(note.document.list_property(key)).lower())


def reference(note: Note, context: Context) -> str:
    """Return what a claim rests on, with the sources that its type's rules bring up; "" if none.

    A source that disputes others alone is not brought up. One that was taken back is marked.
    """
    originals, sources = note.originals(), note.sources()
    parts = [_cited(source, context) for source in originals]
    for rule in note.type.rules:
        if rule.label and meets_condition(rule.when, note.document):
            named = [
                _cited(found, context)
                for found in sources
                if found.role == rule.require_role
                and (not found.disputes or {*found.disputed(sources)} & {*originals})
            ]
            parts += [f"{rule.label} {' and '.join(named)}"] if named else []
    return "; ".join(parts)


def _cited(source: Source, context: Context) -> str:
    record = context.sources.get(source.identity)
    mark = f" ({record.state})" if record and record.is_gone else ""
    return external_link(source.cite, source.url) + mark


def bullet(note: Note, context: Context) -> str:
    """Return a note's first paragraph with its name in bold and what it rests on in brackets."""
    claim = with_handle(context.quote(note.lead, note), note.handle)
    return claim + _in_brackets(reference(note, context))


def _claim(note: Note, context: Context) -> str:
    """Return a bullet that follows the note's name."""
    return _lead(note, context) + _in_brackets(reference(note, context))


def _lead(note: Note, context: Context) -> str:
    lead = context.quote(note.lead, note)
    return bold_handle(lead, note.handle) or lead


def _in_brackets(cited: str) -> str:
    return f" ({cited})" if cited else ""


def _list_item(note: Note, context: Context) -> str:
    before, after = context.decoration.before(note), context.decoration.after(note)
    return f"{before}{bullet(note, context)}{after}"


def _index_item(note: Note, context: Context) -> str:
    return f"{context.decoration.before(note)}{context.link(note)}: {_claim(note, context)}"


def _section(note: Note, context: Context, level: int = 3) -> str:
    heading = f"{'#' * level} {context.decoration.before(note)}{escape_markdown(note.name)}"
    parts = (
        f"{part.name}:\n\n{part.text}" if part.is_list else part.text
        for part in note_parts(note, context)
    )
    more = context.decoration.more(note)
    return "\n\n".join([heading, _claim(note, context), *parts, *filter(None, [more])])


def _subsection(note: Note, context: Context) -> str:
    """Return a section below the heading of a group."""
    return _section(note, context, level=4)


def _row(note: Note, context: Context) -> str:
    link = context.decoration.before(note) + context.link(note)
    cells = (link, _lead(note, context), reference(note, context))
    return "| " + " | ".join(_PIPE.sub(r"\|", cell) for cell in cells) + " |"


def _table(rows: Iterable[str]) -> str:
    return "\n".join(["| Note | Claim | Source |", "|---|---|---|", *rows])


# What is written of a note in each style, and how that of several is joined.
STYLES = {
    "list": (_list_item, bullet_list),
    "index": (_index_item, bullet_list),
    "sections": (_section, "\n\n".join),
    "table": (_row, _table),
}
