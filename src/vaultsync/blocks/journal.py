"""The changelog's journal: days, newest first, each with the lines that were written.

The journal is the content of the `changelog` block in the changelog note. A day is a heading
`### YYYY-MM-DD` and whatever stands below it; what is written there is never rewritten.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterable, Mapping

import msgspec

from vaultsync.blocks.authored import without_comments
from vaultsync.blocks.context import Request, bullets
from vaultsync.blocks.entries import read_entry
from vaultsync.blocks.markers import GeneratedBlock, find_blocks
from vaultsync.core.model import Document

KIND = "changelog"
_DAY = re.compile(r"^###[ \t]+(?P<date>\d{4}-\d{2}-\d{2})[ \t]*(?:\n+|\Z)", re.MULTILINE)
_BULLET = re.compile(r"^[-*+][ \t]+(?P<text>.*)$", re.MULTILINE)


class Day(msgspec.Struct, frozen=True):
    """A day of the journal: `date` as YYYY-MM-DD, `text` as written below its heading.

    `heading` and `gap` are what stands before and behind the text, line breaks included.
    """

    date: str
    text: str
    heading: str
    gap: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The day's list items, without their bullets."""
        return tuple(found["text"].strip() for found in _BULLET.finditer(self.text))


class Journal(msgspec.Struct, frozen=True):
    """Text before the first day, and the days in the order they are written."""

    head: str = ""
    days: tuple[Day, ...] = ()

    def add(self, date: str, lines: tuple[str, ...]) -> Journal:
        """Return the journal with lines added to the end of a day, which is made if need be."""
        if not lines:
            return self
        for number, day in enumerate(self.days):
            if day.date == date:
                merged = _extended(day, bullets(lines))
                return Journal(self.head, (*self.days[:number], merged, *self.days[number + 1 :]))
        at = next((n for n, day in enumerate(self.days) if day.date < date), len(self.days))
        new = Day(date, bullets(lines), f"### {date}\n\n", "\n\n")
        before = self.days[:at]
        if before:
            before = (*before[:-1], msgspec.structs.replace(before[-1], gap=_ended(before[-1].gap)))
        head = self.head if before or not self.head else _ended(self.head)
        return Journal(head, (*before, new, *self.days[at:]))

    def without(self, lines: frozenset[tuple[str, str]]) -> Journal:
        """Return the journal without some lines of some dates, and without days left empty."""
        days = []
        for day in self.days:
            gone = {line for date, line in lines if date == day.date}
            text = _strip(day.text, gone) if gone else day.text
            days += [msgspec.structs.replace(day, text=text)] if text or not gone else []
        return Journal(self.head, tuple(days))

    @property
    def lines(self) -> frozenset[tuple[str, str]]:
        """All lines, each with the date of its day."""
        return _lines(self.days)

    def text(self) -> str:
        """Return the journal as Markdown, what was read as it was written."""
        days = (f"{day.heading}{day.text}{day.gap}" for day in self.days)
        return "".join([self.head, *days]).strip("\n")


# The journals of a vault's versions are mostly one.
@functools.lru_cache(maxsize=4)
def _lines(days: tuple[Day, ...]) -> frozenset[tuple[str, str]]:
    return frozenset((day.date, line) for day in days for line in day.lines)


def journal_made(head: str, days: Iterable[tuple[str, Iterable[str]]]) -> Journal:
    """Return a journal of days, the newest first, each with its lines; one without lines is none.

    `head` is the text before them.
    """
    written = ((date, bullets(lines)) for date, lines in days)
    made = (Day(date, text, f"### {date}\n\n", "\n\n") for date, text in written if text)
    return Journal(_ended(head) if head else "", tuple(made))


def _extended(day: Day, text: str) -> Day:
    if day.text:
        return msgspec.structs.replace(day, text=f"{day.text}\n{text}")
    return Day(day.date, text, _ended(day.heading), _ended(day.gap))


def _ended(text: str) -> str:
    """Return a text that ends with a blank line."""
    return text + "\n" * max(0, 2 - (len(text) - len(text.rstrip("\n"))))


def _strip(text: str, lines: set[str]) -> str:
    kept = []
    for line in text.split("\n"):
        found = _BULLET.match(line)
        if not (found and found["text"].strip() in lines):
            kept.append(line)
    return "\n".join(kept).strip("\n")


def parse_journal(text: str) -> Journal:
    """Read a journal. Any text is one: what is not a day is the head."""
    marks = list(_DAY.finditer(text))
    starts = [*(mark.start() for mark in marks), len(text)]
    days = []
    for mark, end in zip(marks, starts[1:], strict=True):
        written = text[mark.end() : end]
        bare = written.rstrip("\n")
        days.append(Day(mark["date"], bare, mark[0], written[len(bare) :]))
    return Journal(text[: starts[0]], tuple(days))


def journal_block(document: Document | None) -> GeneratedBlock | None:
    """Return the block of a note that keeps the journal: its first `changelog` block."""
    blocks = find_blocks(document)[0] if document else ()
    return next((block for block in blocks if block.kind == KIND), None)


def journal_of(document: Document | None) -> Journal:
    """Return the journal that a note keeps; an empty one where it keeps none."""
    block = journal_block(document)
    return parse_journal(block.content(document.text)) if document and block else Journal()


def lines_of_days(journal: Journal) -> list[tuple[str, str]]:
    """Return the lines of a journal without its comments, in its order, each with its date."""
    days = parse_journal(without_comments(journal.text())).days
    return [(day.date, line) for day in days for line in day.lines]


def changelog_block(request: Request) -> str:
    """Return the journal in the block's style; the block that keeps it stays as it stands."""
    context, document = request.context, request.document
    style = request.choice("style", ("full", "short"))
    note = context.config.changelog.note
    if document.path == note and request.block == journal_block(document):
        return request.block.content(document.text)
    written = journal_of(context.vault.documents.get(note)).text()
    journal = parse_journal(without_comments(written))
    return journal.text() if style == "full" else short(journal)


def short(journal: Journal) -> str:
    """Return one line a day, "2 Jan: Initial post"; years are shown where there are several."""
    days = [day for day in journal.days if day.text]
    newest = max((day.date[:4] for day in days), default="")
    return bullets(
        f"{day_name(day.date, with_year=day.date[:4] != newest)}: {_summary(day)}" for day in days
    )


def day_name(date: str, *, with_year: bool) -> str:
    """Return a day for readers, "2 Jan" or "2 Jan 2026"; what is no day stays as it is."""
    try:
        day = datetime.date.fromisoformat(date)
    except ValueError:
        return date
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{day.day} {months[day.month - 1]}" + (f" {day.year}" if with_year else "")


def _summary(day: Day) -> str:
    """Join a day's lines, those of ours with the same verb under one; prose where it has none."""
    grouped: dict[str, list[str]] = {}
    for line in day.lines or (" ".join(day.text.split()),):
        entry = read_entry(line)
        if entry is None:
            grouped[line] = []
        elif entry.what not in grouped.setdefault(entry.verb, []):
            grouped[entry.verb].append(entry.what)
    parts = [f"{name} {', '.join(what)}".strip() for name, what in grouped.items()]
    return "; ".join([*parts[:1], *(_within_sentence(part, grouped) for part in parts[1:])])


def _within_sentence(part: str, grouped: Mapping[str, list[str]]) -> str:
    return part if part in grouped else part[:1].lower() + part[1:]
