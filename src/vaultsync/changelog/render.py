"""Changes as lines of the journal, and as JSON (`docs/schemas/changelog.json`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import msgspec

from vaultsync.blocks.context import escape_markdown, external_link, format_count
from vaultsync.blocks.journal_sentences import write_sentence
from vaultsync.blocks.quote import plain_text
from vaultsync.changelog.compare import Change
from vaultsync.changelog.replay import Day, about, commits_about
from vaultsync.changelog.wording import Rewording, meanings, plain, rewordings, sense
from vaultsync.core.text import escape_controls, plain_marks
from vaultsync.notes.note import stem

_WORDS_SHOWN, _ID_SHOWN = 12, 10
_VALUE_SHOWN = 40
# So many changes of a kind share a line; those of properties do if they are of one note, and
# renames if the notes move from one folder to another.
_SHARED = {"added": 10, "removed": 10, "withheld": 1, "renamed": 5, "changed": 1}
# The kinds of which the words are compared.
_WORDED = frozenset({"reworded", "related"})
_IN_FULL = _WORDED | {"changed"}

Link = Callable[[str, str], str]


class Line(msgspec.Struct, frozen=True):
    """A line of the journal without its bullet, and the paths of the notes it is about.

    `changes` are those that it reports.
    """

    text: str
    paths: Collection[str]
    changes: tuple[Change, ...] = ()


def lines_of(changes: Iterable[Change], link: Link) -> list[Line]:
    """Render changes as lines of the journal; `link` writes the link to a path with a title.

    The properties of one note share a line, and so do many notes that were added or removed, or
    move folder together. Notes that are private now share one without their titles.
    """
    pending = list(changes)
    sizes = Counter(map(_group, pending))
    found: dict[object, list[Change]] = {}
    for number, change in enumerate(pending):
        group = _group(change)
        is_shared = sizes[group] >= _SHARED.get(change.kind, len(pending) + 1)
        found.setdefault(group if is_shared else number, []).append(change)
    return [
        Line(_rendered(group, link), {path for one in group for path in about(one)}, tuple(group))
        for group in found.values()
    ]


def in_detail(line: Line, day: Day) -> str:
    """Return a line with the texts before and after in full, and its commits with their authors."""
    rows = [line.text]
    for change in line.changes:
        texts = [" ".join(text.split()) for text in (change.before, change.after)]
        if change.kind in _IN_FULL and all(texts) and any(one not in line.text for one in texts):
            rows += [f"before: {texts[0]}", f"after: {texts[1]}"]
    made = [f"commit {c.id[:_ID_SHOWN]} by {c.author}" for c in commits_about(day, line.paths)]
    rows += made or ["not committed"] if line.changes else []
    return "\n  - ".join(rows)


def _group(change: Change) -> tuple[str, ...]:
    """Return what is the same for the changes that may share a line."""
    folders = _folders(change) if change.kind == "renamed" else ""
    alone = change.kind == "changed" or (change.kind == "renamed" and not folders)
    return change.kind, folders, change.path if alone else ""


def _folders(change: Change) -> str:
    """Return from where to where a note was moved; "" if it was renamed."""
    ends = (path.rpartition("/")[0] for path in (change.before, change.after))
    return "`{}/` to `{}/`".format(*ends) if stem(change.before) == stem(change.after) else ""


def _rendered(group: list[Change], link: Link) -> str:
    change, count = group[0], len(group)
    if change.kind == "withheld":
        # Not even how many there are of each type.
        return write_sentence("withheld", number=format_count(count, "note"))
    if change.kind == "renamed" and count > 1:
        return write_sentence("refiled", count=count, folders=_folders(change))
    if count > 1 and change.kind != "changed":
        types = Counter(one.other for one in group)
        total = f"{format_count(count, 'note')}: " if len(types) > 1 else ""
        return write_sentence(f"many {change.kind}", counts=total + _counts(types))
    if change.kind == "removed":
        return write_sentence("removed", title=" ".join(change.title.split()))
    return write_sentence(_form(change), **_parts(group, link))


def _counts(types: Mapping[str, int]) -> str:
    return ", ".join(format_count(number, name) for name, number in sorted(types.items()))


def _form(change: Change) -> str:
    """Return the kind of the sentence about a change."""
    kind, field = change.kind, change.field
    if kind == "reworded" and field == "caveat" and not (change.before and change.after):
        return "caveat added" if change.after else "caveat dropped"
    if kind == "reworded":
        return field.replace("claim", "reworded")
    if kind == "renamed" and _folders(change):
        return "filed"
    return "answered in" if (kind, field) == ("answered", "question") else kind


def _parts(group: list[Change], link: Link) -> dict[str, str]:
    """Return what a line about changes may contain."""
    change = group[0]
    parts = {
        "note": link(change.path, change.title),
        "title": " ".join(change.other.split()),
        "before": change.before.removesuffix(".md"),
        "folders": _folders(change),
        "property": escape_markdown(change.field),
        "step": _step(change),
        "day": escape_markdown(change.after),
        "tension": " (tension)" if change.more.startswith("tension:") else "",
    }
    if change.kind in {"linked", "unlinked"}:
        parts["other"] = link(change.after or change.before, change.other)
    elif change.kind == "related":
        parts["other"] = link(change.more, change.other)
    elif change.kind in {"cited", "uncited", "recast"}:
        address = change.more or change.after or change.before
        parts["source"] = external_link(change.other, address)
    elif change.kind == "changed":
        parts["steps"] = "; ".join(map(_property, group))
    elif change.kind in {"asked", "answered", "dropped"}:
        parts["question"] = plain_text(change.before or change.after)
    if change.kind in _WORDED:
        parts |= {"wording": _wording(change), "meaning": _meaning(change)}
    return parts


def _property(change: Change) -> str:
    """Return a property that changed, with its values where they are short."""
    name = escape_markdown(change.field)
    long = max(len(change.before), len(change.after)) > _VALUE_SHOWN
    return name + _wording(change) if long else f"{name}: {_step(change)}"


def _step(change: Change) -> str:
    values = change.before or "none", change.after or "none"
    return " → ".join(map(escape_markdown, values))


def _words(change: Change) -> tuple[Rewording, ...]:
    return rewordings(plain(change.before), plain(change.after), plain_marks)


def _wording(change: Change) -> str:
    """Return the words that differ, where they are few."""
    changed = _words(change)
    pairs = [(one.before.split(), one.after.split()) for one in changed]
    longest = max((len(word) for pair in pairs for word in chain(*pair)), default=0)
    if not pairs or longest > _VALUE_SHOWN or sum(max(map(len, p)) for p in pairs) > _WORDS_SHOWN:
        return ""
    return ": " + ", ".join(
        f"“{escape_markdown(one.before)}” → “{escape_markdown(one.after)}”" for one in changed
    )


def _meaning(change: Change) -> str:
    """Return a remark on what changed besides words."""
    remarks = list(_aspects(change)) if change.kind == "related" else []
    kinds = [f"a {kind}" for kind in meanings(plain(change.before), plain(change.after))]
    if kinds:
        remarks.append(" and ".join(filter(None, [", ".join(kinds[:-1]), kinds[-1]])) + " changed")
    return f" ({', '.join(remarks)})" if remarks else ""


def _aspects(change: Change) -> Iterator[str]:
    """Yield whether a relation became a tension or none, and what happened to its crux."""
    for name, part in {"tension": 1, "crux": 2}.items():
        texts = (text.partition(f"{name}:")[part] for text in (change.before, change.after))
        old, new = map(sense, texts)
        if old != new:
            yield f"a {name} {'changed' if old and new else 'added' if new else 'dropped'}"


def first_line(first: str, types: Iterable[str]) -> str:
    """Return the line of the first entry, "Initial post: 48 frames, 1 question"; "" for none."""
    counts = _counts(Counter(types))
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
    changes = [
        _change(change) | {"commits": [one.id for one in commits_about(day, about(change))]}
        for change in day.changes
    ]
    return {"date": day.date, "note": note, "authors": day.authors, "changes": changes}


def _change(change: Change) -> dict[str, Any]:
    fields = {change.field: [change.before or None, change.after or None]} if change.field else {}
    about = {"recast": "source", "related": "related"}.get(change.kind)
    if about:
        fields[about] = [change.more, change.more]
    elif change.more:
        fields["reason"] = [change.more, None] if change.before else [None, change.more]
    gone = change.kind == "merged"
    path, title = (change.before, change.other) if gone else (change.path, change.title)
    found = {"kind": change.kind, "path": path, "title": title, "fields": fields}
    if change.kind not in _WORDED:
        return found
    words = [[one.before, one.after] for one in _words(change)]
    return found | {"words": words, "meaning": meanings(plain(change.before), plain(change.after))}
