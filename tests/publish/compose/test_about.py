"""What is known of the post as a whole."""

from __future__ import annotations

from tests.blocks.sample import block, context, note

from vaultsync.blocks.journal import day_entries, visible_journal
from vaultsync.publish.compose.about import About, about

JOURNAL = block("changelog", "### 2026-02-03\n\n- More\n\n### 2026-01-02\n\n- Words")


def made(post: str) -> About:
    found = context({"Post.md": post, "Changelog.md": JOURNAL})
    return about(found, tuple(day_entries(visible_journal(found))))


def test_what_nobody_wrote_is_not_known() -> None:
    assert made("Words.") == About()


def test_days_are_those_of_the_journal_where_the_post_shows_it() -> None:
    assert made(block("changelog")) == About(published="2026-01-02", changed="2026-02-03")


def test_the_properties_of_the_post_count_first() -> None:
    post = note(block("changelog"), description="All of it.", date="2025-12-31")
    assert made(post) == About("All of it.", "2025-12-31", "2026-02-03")
