"""What is known of the post as a whole: its days, and how it describes itself."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from vaultsync.blocks.context import Context
from vaultsync.blocks.journal import DayEntry
from vaultsync.publish.compose.details import shows_changelog


class About(msgspec.Struct, frozen=True):
    """A text on the post, and days as YYYY-MM-DD; "" is what nobody wrote down."""

    description: str = ""
    published: str = ""
    changed: str = ""


def about(context: Context, days: Sequence[DayEntry]) -> About:
    """Return what the properties of the post have, and `days` of the journal, the newest first.

    The journal counts only where the post shows it: it might be the author's alone.
    """
    post = context.vault.documents[context.config.publish.post]
    shown = [day.date for day in days] if shows_changelog(context) else []
    return About(
        post.text_property("description") or "",
        post.text_property("date") or next(reversed(shown), ""),
        next(iter(shown), ""),
    )
