"""What is known of the post as a whole: its author, its days, and how it describes itself."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from vaultsync.blocks.context import Context
from vaultsync.blocks.journal import DayEntry
from vaultsync.publish.compose.details import shows_changelog


class About(msgspec.Struct, frozen=True):
    """Texts on the post, and days as YYYY-MM-DD; "" is what nobody wrote down."""

    author: str = ""
    description: str = ""
    published: str = ""
    changed: str = ""


def about(context: Context, days: Sequence[DayEntry]) -> About:
    """Return what the properties of the post, the settings and the journal have, the newest first.

    The journal counts only where the post shows it: it might be the author's alone.
    """
    settings = context.config.publish
    post = context.vault.documents[settings.post]
    shown = [day.date for day in days] if shows_changelog(context) else []
    return About(
        ", ".join(post.list_property("author")) or settings.author,
        post.text_property("description") or "",
        post.text_property("date") or next(reversed(shown), ""),
        next(iter(shown), ""),
    )
