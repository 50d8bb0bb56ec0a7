"""The changelog as an Atom feed, an entry for each day (RFC 4287)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from html import escape
from urllib.parse import urljoin

from vaultsync.blocks.journal_blocks import DayEntry, day_entries, visible_journal
from vaultsync.core.text import printable
from vaultsync.publish.compose import Composition
from vaultsync.publish.compose.anchors import anchor
from vaultsync.publish.targets.dialect import Dialect, clean, gfm_parser, translated

# A feed must have a time of change, also one without a day.
_NEVER = "1970-01-01"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>{id}</id>
<title>{title}</title>
<updated>{date}T00:00:00Z</updated>
<author><name>{author}</name></author>
"""
_LINK = '<link href="{address}"/>\n'
_SELF = '<link rel="self" href="{address}"/>\n'
_ENTRY = """<entry>
<id>{id}</id>
<title>{title}</title>
<updated>{date}T00:00:00Z</updated>
<content type="html">{content}</content>
"""
_DIALECT = Dialect("the feed", boxes=("☐", "☑"))


def make(post: Composition) -> str:
    """Return the feed. Its times are the beginnings of days, so that it changes with those alone.

    Ids begin with `publish.feed-id` or the page's address: without either it is a problem.
    """
    settings = post.context.config.publish
    page, base = settings.page, settings.feed_id or settings.page
    if not base:
        post.problems.add(
            "a feed needs an id that stays: set `publish.page` in vaultsync.toml, or "
            "`publish.feed-id` to a URI of your own such as `tag:example.org,2026:claims`",
            "",
            post.paths,
        )
    days = list(_days(post))
    date, title = days[0].date if days else _NEVER, printable(post.title)
    author = printable(settings.author) or title
    parts = [_filled(_HEAD, id=base, title=title, date=date, author=author)]
    if page:
        parts.append(_filled(_LINK, address=page))
        parts.append(_filled(_SELF, address=urljoin(page, "feed.xml")))
    for day in days:
        own, content = f"{base}#{day.id}", _html(post, day)
        parts.append(_filled(_ENTRY, id=own, title=day.title, date=day.date, content=content))
        if page:
            # A post may show no changelog, or a part of it.
            place = f"#{day.id}" if anchor(day.id) in post.text else ""
            parts.append(_filled(_LINK, address=page + place))
        parts.append("</entry>\n")
    return "".join([*parts, "</feed>\n"])


def _days(post: Composition) -> Iterator[DayEntry]:
    context = post.context
    note = context.config.changelog.note
    for day in day_entries(visible_journal(context)):
        try:
            datetime.date.fromisoformat(day.date)
        except ValueError:
            message = f"the feed cannot show `{day.date}`: there is no such day"
            post.problems.add(message, day.date, [note])
        else:
            yield day


def _html(post: Composition, day: DayEntry) -> str:
    text = post.piece(day.text, post.context.config.changelog.note)
    return clean(gfm_parser().render(translated(text, _DIALECT, post))).strip()


def _filled(template: str, **texts: str) -> str:
    """Return a template with the texts in it, without characters that XML cannot contain."""
    escaped = {name: escape(_NO_XML.sub("\ufffd", text)) for name, text in texts.items()}
    return template.format(**escaped)
