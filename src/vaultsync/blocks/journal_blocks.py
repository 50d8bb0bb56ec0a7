"""The journal as readers see it: what is private left out, and the blocks made of it."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterator, Sequence

import msgspec

from vaultsync.blocks.comments import without_comments
from vaultsync.blocks.context import BlockError, BlockRequest, Context, bullet_list
from vaultsync.blocks.journal import (
    BULLET,
    Day,
    Journal,
    dated_lines,
    ended,
    journal_block,
    journal_in,
    parse_journal,
)
from vaultsync.blocks.journal_sentences import read_sentence
from vaultsync.blocks.quote import plain_text

# Of so many notes with the same verb a summary gives the number.
_MANY = 5


def visible_journal(context: Context) -> Journal:
    """Return the vault's journal as it is shown elsewhere.

    It has no comments, and neither the lines that name a private note nor what is below those.
    """
    written = journal_in(context.vault.documents.get(context.config.changelog.note))
    journal = parse_journal(without_comments(written.text()))
    if not journal.text() or not context.withheld:
        return journal
    shown = [
        msgspec.structs.replace(day, text=_without_withheld(day.text, context))
        for day in journal.days
    ]
    days = tuple(
        new for new, old in zip(shown, journal.days, strict=True) if new.text or not old.text
    )
    head = _without_withheld(journal.head, context)
    return Journal(ended(head) if head else "", days)


def _without_withheld(text: str, context: Context) -> str:
    lines = text.split("\n")
    shown, hidden = [], False
    for line in lines:
        below = hidden and (not line or line.startswith((" ", "\t")))
        hidden = below or withheld_in(line, context) is not None
        shown += [] if hidden else [line]
    return text if len(shown) == len(lines) else "\n".join(shown).strip("\n")


def withheld_in(line: str, context: Context) -> str | None:
    """Return the path of a private note that a line of the journal names, None if it names none.

    A generated line names the notes that it links to; any line, those whose titles it has.
    """
    item = BULLET.match(line.strip())
    entry = read_sentence(item["text"] if item else line)
    links = " ".join(entry.links) if entry else ""
    for path in context.linked(links, context.config.changelog.note):
        if path in context.withheld:
            return path
    words = " ".join(plain_text(line).lower().split())
    for path, titles in context.withheld.items():
        if any(_title_pattern(title).search(words) for title in titles):
            return path
    return None


# A word may be anywhere; a title of one word is in quotation marks where it is a title.
@functools.lru_cache(maxsize=1024)
def _title_pattern(title: str) -> re.Pattern[str]:
    words = title.lower().split()
    known = re.escape(" ".join(words))
    return re.compile(rf"(?<!\w){known}(?!\w)" if len(words) > 1 else f"“{known}”")


class DayEntry(msgspec.Struct, frozen=True):
    """A day of the journal for readers.

    `id` stays the same for as long as the day has its date: "changelog-2026-01-02". `title` is
    "2 Jan 2026". `text` is Markdown, whose wikilinks lead to notes of the vault.
    """

    id: str
    date: str
    title: str
    text: str


def day_entries(journal: Journal) -> Iterator[DayEntry]:
    """Yield the days of a journal that have a text, the newest first, each date once."""
    texts: dict[str, list[str]] = {}
    for day in journal.days:
        if day.text:
            texts.setdefault(day.date, []).append(day.text)
    for date, parts in sorted(texts.items(), reverse=True):
        title = format_day(date, with_year=True)
        yield DayEntry(f"changelog-{date}", date, title, "\n\n".join(parts))


def format_day(date: str, *, with_year: bool) -> str:
    """Return a day for readers, "2 Jan" or "2 Jan 2026"; what is not a day stays as it is."""
    try:
        day = datetime.date.fromisoformat(date)
    except ValueError:
        return date
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{day.day} {months[day.month - 1]}" + (f" {day.year}" if with_year else "")


def changelog_block(request: BlockRequest) -> str:
    """Return the journal in the block's style; the block that contains it stays as it is.

    The short style has one line a day, "2 Jan: Initial post", and counts notes that are many.
    """
    context, document = request.context, request.document
    style = request.choice("style", ("full", "short"))
    is_journal = document.path == context.config.changelog.note
    if is_journal and request.block == journal_block(document):
        if not context.decoration.readers:
            return request.block.content(document.text)
        style = "full"
    journal = visible_journal(context)
    if style == "full":
        return journal.text()
    return bullet_list(_dated([(day.date, _summary(day)) for day in journal.days if day.text]))


def _dated(lines: Sequence[tuple[str, str]]) -> list[str]:
    """Return lines with their days before them; days of the newest year without the year."""
    newest = max((date[:4] for date, _ in lines), default="")
    return [f"{format_day(date, with_year=date[:4] != newest)}: {line}" for date, line in lines]


def recent_block(request: BlockRequest) -> str:
    """Return the newest lines, each with its day; `count` is their number."""
    written = request.get("count", "5")
    if not (written.isascii() and written.isdigit() and int(written)):
        raise BlockError(f'`count="{written}"`: write a number from 1 on')
    lines = dated_lines(visible_journal(request.context))
    return bullet_list(_dated(lines)[: int(written)])


def _summary(day: Day) -> str:
    """Join a day's lines, those of ours with the same verb under one; prose where it has none."""
    grouped: dict[str, dict[str, str]] = {}
    for line in day.lines or (" ".join(day.text.split()),):
        entry = read_sentence(line)
        about = grouped.setdefault(entry.verb if entry else line, {})
        if entry:
            about[entry.what] = next(iter(entry.links), entry.what)
    parts: list[str] = []
    for name, about in grouped.items():
        first = name[:1].lower() if parts and about else name[:1]
        parts.append(f"{first}{name[1:]} {_named(about)}".strip())
    return "; ".join(parts)


def _named(about: dict[str, str]) -> str:
    """Return what lines are about, many by the number of their notes."""
    notes = len(set(about.values()))
    return f"{notes} notes" if notes >= _MANY else ", ".join(about)
