"""The blocks that show the journal: `changelog` and `recent`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vaultsync.blocks.context import BlockError, BlockRequest, bullet_list
from vaultsync.blocks.journal import (
    Day,
    Journal,
    dated_lines,
    format_day,
    journal_block,
    journal_in,
    read_sentence,
    visible_journal,
)

_RECENT = "5"


def changelog_block(request: BlockRequest) -> str:
    """Return the journal in the block's style; the block that contains it stays as it is."""
    context, document = request.context, request.document
    style = request.choice("style", ("full", "short"))
    note = context.config.changelog.note
    if document.path == note and request.block == journal_block(document):
        return request.block.content(document.text)
    journal = visible_journal(journal_in(context.vault.documents.get(note)))
    return journal.text() if style == "full" else short_style(journal)


def short_style(journal: Journal) -> str:
    """Return one line a day, "2 Jan: Initial post"; years are shown where there are several."""
    return bullet_list(_dated([(day.date, _summary(day)) for day in journal.days if day.text]))


def _dated(lines: Sequence[tuple[str, str]]) -> list[str]:
    """Return lines with their days before them; days of the newest year without the year."""
    newest = max((date[:4] for date, _ in lines), default="")
    return [f"{format_day(date, with_year=date[:4] != newest)}: {line}" for date, line in lines]


def recent_block(request: BlockRequest) -> str:
    """Return the newest lines, each with its day; `count` is their number."""
    written = request.get("count", _RECENT)
    if not (written.isascii() and written.isdigit() and int(written)):
        raise BlockError(f'`count="{written}"`: write a number from 1 on')
    note = request.context.config.changelog.note
    lines = dated_lines(journal_in(request.context.vault.documents.get(note)))
    return bullet_list(_dated(lines)[: int(written)])


def _summary(day: Day) -> str:
    """Join a day's lines, those of ours with the same verb under one; prose where it has none."""
    grouped: dict[str, list[str]] = {}
    for line in day.lines or (" ".join(day.text.split()),):
        entry = read_sentence(line)
        if entry is None:
            grouped[line] = []
        elif entry.what not in grouped.setdefault(entry.verb, []):
            grouped[entry.verb].append(entry.what)
    parts = [f"{name} {', '.join(what)}".strip() for name, what in grouped.items()]
    return "; ".join([*parts[:1], *(_within_sentence(part, grouped) for part in parts[1:])])


def _within_sentence(part: str, grouped: Mapping[str, list[str]]) -> str:
    return part if part in grouped else part[:1].lower() + part[1:]
