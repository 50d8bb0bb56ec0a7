"""The changelog's journal: its days, and the lines of each.

The journal is the content of the `changelog` block in the changelog note. A day is a heading
`### YYYY-MM-DD` and whatever is below it, newest first; what is written there is never rewritten.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping

import msgspec

from vaultsync.blocks.context import bullet_list
from vaultsync.blocks.journal_sentences import WIKILINK, read_sentence
from vaultsync.blocks.quote import GeneratedBlock, find_blocks
from vaultsync.core.model import Document
from vaultsync.markdown.conflicts import sides
from vaultsync.markdown.links import split_wikilink
from vaultsync.notes.note import stem

_DAY = re.compile(r"^(###[ \t]+(\d{4}-\d{2}-\d{2})[ \t]*(?:\n+|\Z))", re.MULTILINE)
_LINK = re.compile(WIKILINK)
BULLET = re.compile(r"^[-*+][ \t]+(?P<text>.*)$", re.MULTILINE)


class Day(msgspec.Struct, frozen=True):
    """A day of the journal: `date` as YYYY-MM-DD, `text` as written below its heading.

    `heading` and `gap` are what is before and behind the text, line breaks included.
    """

    date: str
    text: str
    heading: str
    gap: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The day's list items, without their bullets."""
        return tuple(found["text"].strip() for found in BULLET.finditer(self.text))


class Journal(msgspec.Struct, frozen=True):
    """Text before the first day, and the days in the order they are written."""

    head: str = ""
    days: tuple[Day, ...] = ()

    def add(self, date: str, line: str) -> Journal:
        """Return the journal with a line added to the end of a day, which is made if need be."""
        head, days, text = self.head, list(self.days), bullet_list([line])
        for number, day in enumerate(days):
            if day.date == date:
                days[number] = _extended(day, text)
                return Journal(head, tuple(days))
        at = next((n for n, day in enumerate(days) if day.date < date), len(days))
        if at:
            days[at - 1] = msgspec.structs.replace(days[at - 1], gap=ended(days[at - 1].gap))
        elif head:
            head = ended(head)
        days.insert(at, _new_day(date, text))
        return Journal(head, tuple(days))

    def without(self, lines: frozenset[tuple[str, str]]) -> Journal:
        """Return the journal without some lines of some dates, and without days left empty."""
        days = []
        for day in self.days:
            removed = {line for date, line in lines if date == day.date}
            text = _strip(day.text, removed) if removed else day.text
            days += [msgspec.structs.replace(day, text=text)] if text or not removed else []
        return Journal(self.head, tuple(days))

    def reworded(self, lines: Mapping[tuple[str, str], str]) -> Journal:
        """Return the journal with other texts for some lines, each of a date."""

        def text_of(day: Day) -> str:
            def line(found: re.Match[str]) -> str:
                text = found["text"].strip()
                return found[0].replace(text, lines.get((day.date, text), text), 1)

            return BULLET.sub(line, day.text) if day.date in dates else day.text

        dates = {date for date, _ in lines}
        days = (msgspec.structs.replace(day, text=text_of(day)) for day in self.days)
        return Journal(self.head, tuple(days))

    def tidied(self) -> Journal:
        """Return the journal as merges may have left it, with its days in order and each once.

        A generated line is in a day once; days without a text are left out.
        """
        found: dict[str, Day] = {}
        for day in self.days:
            text = _without_repeats(day.text)
            known = found.get(day.date, msgspec.structs.replace(day, text=""))
            found[day.date] = msgspec.structs.replace(known, text=_united(known.text, text))
        newest = sorted((day for day in found.values() if day.text), key=_date, reverse=True)
        days = tuple(newest)
        return self if days == self.days else Journal(self.head, tuple(map(_spaced, days)))

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


def build_journal(head: str, days: Iterable[tuple[str, Iterable[str]]]) -> Journal:
    """Return a journal of days, the newest first; a day without lines is left out.

    `head` is the text before them.
    """
    written = ((date, bullet_list(lines)) for date, lines in days)
    made = tuple(_new_day(date, text) for date, text in written if text)
    return Journal(ended(head) if head else "", made)


def _new_day(date: str, text: str) -> Day:
    return Day(date, text, f"### {date}\n\n", "\n\n")


def _extended(day: Day, text: str) -> Day:
    if day.text:
        return msgspec.structs.replace(day, text=f"{day.text}\n{text}")
    return Day(day.date, text, ended(day.heading), ended(day.gap))


def ended(text: str) -> str:
    """Return a text that ends with a blank line."""
    return text + "\n" * (2 - (len(text) - len(text.rstrip("\n"))))


def _strip(text: str, lines: set[str]) -> str:
    found = ((line, BULLET.match(line)) for line in text.split("\n"))
    kept = (line for line, item in found if not item or item["text"].strip() not in lines)
    return "\n".join(kept).strip("\n")


def parse_journal(text: str) -> Journal:
    """Read a journal. Any text is one: what is not a day is the head."""
    head, *parts = _DAY.split(text)
    days = []
    for heading, date, written in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        bare = written.rstrip("\n")
        days.append(Day(date, bare, heading, written[len(bare) :]))
    return Journal(head, tuple(days))


def journal_block(document: Document | None) -> GeneratedBlock | None:
    """Return the block of a note that contains the journal: its first `changelog` block."""
    blocks = find_blocks(document)[0] if document else ()
    return next((block for block in blocks if block.kind == "changelog"), None)


def journal_in(document: Document | None) -> Journal:
    """Return the journal that a note contains; an empty one where it contains none.

    Where a merge left conflicts in it, it is that of both sides.
    """
    block = journal_block(document)
    if document is None or block is None:
        return Journal()
    content = block.content(document.text)
    return (
        united(*map(parse_journal, sides(content)))
        if document.conflicts
        else parse_journal(content)
    )


def united(ours: Journal, theirs: Journal) -> Journal:
    """Return what either journal has, each day once."""
    if ours == theirs:
        return ours
    head = _united(ours.head.strip("\n"), theirs.head.strip("\n"))
    return Journal(ended(head) if head else "", (*ours.days, *theirs.days)).tidied()


def _date(day: Day) -> str:
    return day.date


def _spaced(day: Day) -> Day:
    return msgspec.structs.replace(day, heading=ended(day.heading), gap=ended(day.gap))


def _without_repeats(text: str) -> str:
    """Return the text of a day with each generated line once."""
    seen: set[str] = set()
    kept = []
    for line in text.split("\n"):
        item = BULLET.match(line)
        repeats = line in seen and item and read_sentence(item["text"].strip())
        kept += [] if repeats else [line]
        seen.add(line)
    return text if len(kept) == text.count("\n") + 1 else "\n".join(kept)


def _united(text: str, other: str) -> str:
    """Return a text with the lines of another that it lacks; prose among these is a paragraph."""
    if not text:
        return other
    known = set(map(without_targets, text.split("\n")))
    new = "\n".join(line for line in other.split("\n") if without_targets(line) not in known)
    listed = all(BULLET.match(line) for line in new.split("\n"))
    return ("\n" if listed else "\n\n").join(filter(None, (text, new)))


def without_targets(line: str) -> str:
    """Return a line with the shown text of its wikilinks in their place."""
    return _LINK.sub(_shown, line)


def _shown(link: re.Match[str]) -> str:
    target, _, display = split_wikilink(link[0][2:-2])
    return display or stem(target)


def dated_lines(journal: Journal) -> list[tuple[str, str]]:
    """Return the lines of a journal in its order, each with its date."""
    return [(day.date, line) for day in journal.days for line in day.lines]
