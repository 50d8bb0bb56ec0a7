"""What the journal says of a change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import msgspec

from vaultsync.blocks import counted, literal, plain, web_link
from vaultsync.changelog.history import Change, Rewording, meanings, rewordings
from vaultsync.notes.note import stem

_WORDS_SHOWN = 12
_VALUE_SHOWN = 40
# So many notes that change their folder together are told in one line.
_MANY = 5
_NOUN = {"number": "a number", "negation": "a negation", "quantifier": "a quantifier"}
_BRACKETS = re.compile(r"[\[\]]")

Link = Callable[[str, str], str]


class Line(msgspec.Struct, frozen=True):
    """A line of the journal without its bullet, and the paths of the notes it is about."""

    text: str
    paths: tuple[str, ...]


def lines_of(changes: Iterable[Change], link: Link) -> list[Line]:
    """Return what the journal says of changes; `link` writes the link to a path with a title.

    The properties of one note stand in one line, and so do notes that move folder together.
    """
    found: list[Line] = []
    pending = list(changes)
    refiled = _refiled(pending)
    for (old, new), paths in refiled.items():
        text = f"Moved {counted(len(paths), 'note')} from {_folder(old)} to {_folder(new)}"
        found.append(Line(text, tuple(paths)))
    told = {path for paths in refiled.values() for path in paths}
    properties: dict[str, list[Change]] = {}
    for change in pending:
        if change.kind == "changed":
            properties.setdefault(change.path, []).append(change)
        elif change.kind != "renamed" or change.path not in told:
            found.append(Line(_said(change, link), (change.path,)))
    for path, several in properties.items():
        steps = "; ".join(map(_step, several))
        found.append(Line(f"Changed {link(path, several[0].title)}: {steps}", (path,)))
    return found


def _refiled(changes: Iterable[Change]) -> Mapping[tuple[str, str], list[str]]:
    moves: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        if change.kind == "renamed" and stem(change.before) == stem(change.after):
            ends = change.before.rpartition("/")[0], change.after.rpartition("/")[0]
            moves.setdefault(ends, []).append(change.path)
    return {ends: paths for ends, paths in moves.items() if len(paths) >= _MANY}


def _folder(name: str) -> str:
    return f"`{name}/`" if name else "`/`"


def _said(change: Change, link: Link) -> str:
    title = " ".join(change.title.split())
    if change.kind == "removed":
        return f"Removed “{title}”"
    if change.kind == "merged":
        return f"Merged “{' '.join(change.other.split())}” into {link(change.path, title)}"
    linked = link(change.path, change.title)
    if change.kind == "linked":
        return f"Linked {linked} with {link(change.after, change.other)}"
    if change.kind in {"cited", "uncited"}:
        verb = "Cited" if change.kind == "cited" else "No longer cited"
        source = web_link(change.other, change.after or change.before)
        return f"{verb} in {linked}: {source}"
    if change.field == "question":
        verb = {"answered": "Answered in", "asked": "Asked in"}.get(change.kind, "Dropped from")
        return f"{verb} {linked}: “{plain(change.before or change.after)}”"
    return f"{change.kind.capitalize()} {linked}{_detail(change)}"


def _detail(change: Change) -> str:
    if change.kind == "renamed":
        return f", before: {change.before.removesuffix('.md')}"
    if change.kind == "reworded":
        changed = rewordings(plain(change.before), plain(change.after))
        return _wording(changed) + _meaning(changed)
    return f", {_step(change)}" if change.kind == "moved" else ""


def _step(change: Change) -> str:
    values = [change.before or "none", change.after or "none"]
    name = literal(change.field)
    if change.kind == "changed" and max(map(len, values)) > _VALUE_SHOWN:
        return name
    return f"{name}: " + " → ".join(map(literal, values))


def _wording(changed: Iterable[Rewording]) -> str:
    """Return the words that differ, where they are few."""
    found = list(changed)
    sizes = (max(len(one.before.split()), len(one.after.split())) for one in found)
    whole = any(not one.before or not one.after for one in found)
    if not found or whole or sum(sizes) > _WORDS_SHOWN:
        return ""
    return ": " + ", ".join(
        " → ".join(f"“{_BRACKETS.sub('', text)}”" for text in (one.before, one.after))
        for one in found
    )


def _meaning(changed: Iterable[Rewording]) -> str:
    nouns = [_NOUN[kind] for kind in meanings(changed)]
    if not nouns:
        return ""
    said = " and ".join(filter(None, [", ".join(nouns[:-1]), nouns[-1]]))
    return f" ({said} changed)"


def first_line(first: str, types: Iterable[str]) -> str:
    """Return the line of the first entry, "Initial post: 48 frames, 1 question"; "" for none."""
    kinds = Counter(types)
    counts = ", ".join(counted(number, name) for name, number in sorted(kinds.items()))
    return f"{first}: {counts}" if counts else ""
