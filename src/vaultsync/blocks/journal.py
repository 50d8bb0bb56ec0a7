"""The changelog's journal: days, newest first, each with the lines that were written.

The journal is the content of the `changelog` block in the changelog note. A day is a heading
`### YYYY-MM-DD` and whatever stands below it; what is written there is never rewritten.
"""

from __future__ import annotations

import datetime
import re

import msgspec

from vaultsync.blocks.context import Request, bullets
from vaultsync.blocks.markers import GeneratedBlock, find_blocks
from vaultsync.model import Document

KIND = "changelog"
_DAY = re.compile(r"^###[ \t]+(?P<date>\d{4}-\d{2}-\d{2})[ \t]*$", re.MULTILINE)
_BULLET = re.compile(r"^[-*+][ \t]+(?P<text>.*)$", re.MULTILINE)
_ENTRY = re.compile(r"(?P<verb>\w+) (?P<link>\[\[[^\]]+\]\])(?P<rest>.*)")


class Day(msgspec.Struct, frozen=True):
    """A day of the journal: `date` as YYYY-MM-DD, `text` as written below its heading."""

    date: str
    text: str

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
                merged = Day(date, f"{day.text}\n{bullets(lines)}".strip("\n"))
                return Journal(self.head, (*self.days[:number], merged, *self.days[number + 1 :]))
        at = next((n for n, day in enumerate(self.days) if day.date < date), len(self.days))
        new = Day(date, bullets(lines))
        return Journal(self.head, (*self.days[:at], new, *self.days[at:]))

    def without(self, lines: frozenset[str]) -> Journal:
        """Return the journal without some lines, and without days that then are empty."""
        if not lines:
            return self
        days = (Day(day.date, _strip(day.text, lines)) for day in self.days)
        return Journal(self.head, tuple(day for day in days if day.text))

    @property
    def lines(self) -> frozenset[str]:
        """All lines of all days."""
        return frozenset(line for day in self.days for line in day.lines)

    def text(self) -> str:
        """Return the journal as Markdown."""
        parts = [self.head] if self.head else []
        parts += [f"### {day.date}\n\n{day.text}" for day in self.days]
        return "\n\n".join(parts)


def _strip(text: str, lines: frozenset[str]) -> str:
    kept = []
    for line in text.split("\n"):
        found = _BULLET.match(line)
        if not (found and found["text"].strip() in lines):
            kept.append(line)
    return "\n".join(kept).strip("\n")


def parse_journal(text: str) -> Journal:
    """Read a journal. Any text is one: what is not a day is the head."""
    marks = list(_DAY.finditer(text))
    head = text[: marks[0].start()] if marks else text
    starts = [*(mark.start() for mark in marks), len(text)]
    days = tuple(
        Day(mark["date"], text[mark.end() : end].strip("\n"))
        for mark, end in zip(marks, starts[1:], strict=True)
    )
    return Journal(head.strip("\n"), days)


def journal_block(document: Document | None) -> GeneratedBlock | None:
    """Return the block of a note that keeps the journal: its first `changelog` block."""
    blocks = find_blocks(document)[0] if document else ()
    return next((block for block in blocks if block.kind == KIND), None)


def journal_of(document: Document | None) -> Journal:
    """Return the journal that a note keeps; an empty one where it keeps none."""
    block = journal_block(document)
    return parse_journal(block.content(document.text)) if document and block else Journal()


def changelog_block(request: Request) -> str:
    """Return the journal in the block's style; in the changelog note itself, as it stands."""
    context = request.context
    style = request.choice("style", ("full", "short"))
    keeper = context.vault.documents.get(context.config.changelog.note)
    if request.document.path == context.config.changelog.note:
        return request.block.content(request.document.text)
    journal = journal_of(keeper)
    return journal.text() if style == "full" else short(journal)


def short(journal: Journal) -> str:
    """Return one line a day, "2 Jan: Initial post"; years are shown where there are several."""
    years = {day.date[:4] for day in journal.days}
    newest = max(years, default="")
    return bullets(
        f"{_day_name(day.date, with_year=day.date[:4] != newest)}: {_summary(day)}"
        for day in journal.days
    )


def _day_name(date: str, *, with_year: bool) -> str:
    try:
        day = datetime.date.fromisoformat(date)
    except ValueError:
        return date
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{day.day} {months[day.month - 1]}" + (f" {day.year}" if with_year else "")


def _summary(day: Day) -> str:
    """Join a day's lines, those with the same verb under one."""
    grouped: dict[str, list[str]] = {}
    for number, line in enumerate(day.lines):
        found = _ENTRY.fullmatch(line)
        plain = found and not found["rest"].startswith(" with")
        name = found["verb"] if found and plain else f"{number}"
        grouped.setdefault(name, []).append(found["link"] if found and plain else line)
    parts = [
        f"{name} {', '.join(texts)}" if not name.isdecimal() else texts[0]
        for name, texts in grouped.items()
    ]
    return "; ".join([part if not n else _lower(part) for n, part in enumerate(parts)])


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
