"""The `recent` block: the newest lines of the journal."""

from __future__ import annotations

from vaultsync.blocks.context import BlockError, Request, bullets
from vaultsync.blocks.journal import day_name, journal_of, lines_of_days

_SHOWN = "5"


def recent_block(request: Request) -> str:
    """Return the newest lines, each with its day; `count` says how many."""
    written = request.get("count", _SHOWN)
    if not (written.isascii() and written.isdigit() and int(written)):
        raise BlockError(f'`count="{written}"`: write a number from 1 on')
    note = request.context.config.changelog.note
    lines = lines_of_days(journal_of(request.context.vault.documents.get(note)))
    newest = max((date[:4] for date, _ in lines), default="")
    return bullets(
        f"{day_name(date, with_year=date[:4] != newest)}: {line}"
        for date, line in lines[: int(written)]
    )
