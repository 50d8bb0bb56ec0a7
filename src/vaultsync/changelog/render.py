"""Changes as lines of the journal, and as JSON (`docs/schemas/changelog.json`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from vaultsync.blocks.context import escape_markdown, external_link, format_count
from vaultsync.blocks.journal import write_sentence
from vaultsync.blocks.quote import plain_text
from vaultsync.changelog.compare import Change
from vaultsync.changelog.timeline import Day, about
from vaultsync.changelog.wording import Rewording, meanings, rewordings
from vaultsync.core.text import escape_controls
from vaultsync.notes.note import stem

_WORDS_SHOWN = 12
_VALUE_SHOWN = 40
# At least so many notes that change their folder together share a line.
_MANY = 5
_NOUN = {"number": "a number", "negation": "a negation", "quantifier": "a quantifier"}
_BRACKETS = re.compile(r"[\[\]]")

Link = Callable[[str, str], str]


class Line(msgspec.Struct, frozen=True):
    """A line of the journal without its bullet, and the paths of the notes it is about."""

    text: str
    paths: tuple[str, ...]


def lines_of(changes: Iterable[Change], link: Link) -> list[Line]:
    """Render changes as lines of the journal; `link` writes the link to a path with a title.

    The properties of one note share a line, and so do notes that move folder together. Notes that
    are private now share one without their titles.
    """
    found: list[Line] = []
    pending = list(changes)
    refiled = _refiled(pending)
    for (old, new), paths in refiled.items():
        folders = f"`{old}/` to `{new}/`"
        text = write_sentence("refiled", count=len(paths), folders=folders)
        found.append(Line(text, tuple(paths)))
    grouped = {path for paths in refiled.values() for path in paths}
    properties: dict[tuple[str, str], list[str]] = {}
    withheld = tuple(change.path for change in pending if change.kind == "withheld")
    for change in pending:
        if change.kind == "withheld":
            continue
        if change.kind == "changed":
            properties.setdefault((change.path, change.title), []).append(_property(change))
        elif change.kind != "renamed" or change.path not in grouped:
            found.append(Line(_rendered(change, link), about(change)))
    for (path, title), steps in properties.items():
        text = write_sentence("changed", note=link(path, title), steps="; ".join(steps))
        found.append(Line(text, (path,)))
    if withheld:
        # Not even how many there are of each type.
        text = write_sentence("withheld", number=format_count(len(withheld), "note"))
        found.append(Line(text, withheld))
    return found


def _refiled(changes: Iterable[Change]) -> Mapping[tuple[str, str], list[str]]:
    moves: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        if change.kind == "renamed" and stem(change.before) == stem(change.after):
            ends = change.before.rpartition("/")[0], change.after.rpartition("/")[0]
            moves.setdefault(ends, []).append(change.path)
    return {ends: paths for ends, paths in moves.items() if len(paths) >= _MANY}


def _rendered(change: Change, link: Link) -> str:
    if change.kind == "removed":
        return write_sentence("removed", title=" ".join(change.title.split()))
    note = link(change.path, change.title)
    if change.kind in {"cited", "uncited"}:
        source = external_link(change.other, change.after or change.before)
        return write_sentence(change.kind, note=note, source=source)
    if change.field == "question":
        kind = {"answered": "answered in", "asked": "asked"}.get(change.kind, "dropped")
        return write_sentence(kind, note=note, question=plain_text(change.before or change.after))
    return write_sentence(change.kind, note=note, **_parts(change, link))


def _parts(change: Change, link: Link) -> dict[str, str]:
    """Return what a line about a change contains in addition to the note."""
    if change.kind == "merged":
        return {"title": " ".join(change.other.split())}
    if change.kind == "linked":
        return {"other": link(change.after, change.other)}
    if change.kind == "renamed":
        return {"before": change.before.removesuffix(".md")}
    if change.kind == "reworded":
        changed = rewordings(plain_text(change.before), plain_text(change.after))
        return {"wording": _wording(changed), "meaning": _meaning(changed)}
    return {"property": escape_markdown(change.field), "step": _step(change)}


def _property(change: Change) -> str:
    """Return a property that changed, with both values where they are short."""
    name = escape_markdown(change.field)
    long = max(len(change.before), len(change.after)) > _VALUE_SHOWN
    return name if long else f"{name}: {_step(change)}"


def _step(change: Change) -> str:
    values = change.before or "none", change.after or "none"
    return " → ".join(map(escape_markdown, values))


def _wording(changed: tuple[Rewording, ...]) -> str:
    """Return the words that differ, where they are few."""
    sizes = (max(len(one.before.split()), len(one.after.split())) for one in changed)
    whole = any(not one.before or not one.after for one in changed)
    if not changed or whole or sum(sizes) > _WORDS_SHOWN:
        return ""
    pairs = (f"“{one.before}” → “{one.after}”" for one in changed)
    return ": " + _BRACKETS.sub("", ", ".join(pairs))


def _meaning(changed: tuple[Rewording, ...]) -> str:
    nouns = [_NOUN[kind] for kind in meanings(changed)]
    if not nouns:
        return ""
    text = " and ".join(filter(None, [", ".join(nouns[:-1]), nouns[-1]]))
    return f" ({text} changed)"


def first_line(first: str, types: Iterable[str]) -> str:
    """Return the line of the first entry, "Initial post: 48 frames, 1 question"; "" for none."""
    kinds = Counter(types)
    counts = ", ".join(format_count(number, name) for name, number in sorted(kinds.items()))
    return f"{first}: {counts}" if counts else ""


def as_json(days: Iterable[Day], own: Mapping[str, str]) -> str:
    """Return days as JSON, the newest first; `own` are the lines that the settings give a day."""
    eventful = {day.date: day for day in days if day.changes or any(day.lines) or own.get(day.date)}
    known = {date: Day(date, ()) for date in own} | eventful
    shown = [_day(known[date], own.get(date)) for date in sorted(known, reverse=True)]
    document = {"version": 1, "days": shown}
    text = msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
    return f"{escape_controls(text)}\n"


def _day(day: Day, own: str | None) -> dict[str, Any]:
    note = own or "; ".join(day.lines) or None
    changes = [_change(change) for change in day.changes]
    return {"date": day.date, "note": note, "authors": day.authors, "changes": changes}


def _change(change: Change) -> dict[str, Any]:
    fields = {change.field: [change.before or None, change.after or None]} if change.field else {}
    gone = change.kind == "merged"
    path, title = (change.before, change.other) if gone else (change.path, change.title)
    found = {"kind": change.kind, "path": path, "title": title, "fields": fields}
    if change.kind != "reworded":
        return found
    changed = rewordings(change.before, change.after)
    words = [[one.before, one.after] for one in changed]
    return found | {"words": words, "meaning": meanings(changed)}
