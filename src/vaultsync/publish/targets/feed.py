"""The changelog as an Atom feed, an entry for each day (RFC 4287)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from html import escape
from urllib.parse import urljoin

import nh3
from markdown_it import MarkdownIt

from vaultsync.blocks.journal import DayEntry, day_entries, journal_in
from vaultsync.publish.compose.scan import Math
from vaultsync.publish.targets.dialect import Dialect, RenderJob, quoted

FILE = "feed.xml"
# A feed must have a time of change, also one without a day.
_NEVER = "1970-01-01"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FEED = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>{id}</id>
<title>{title}</title>
<updated>{updated}</updated>
<author><name>{author}</name></author>
{parts}</feed>
"""
_ENTRY = """<entry>
<id>{id}</id>
<title>{title}</title>
<updated>{updated}</updated>
<content type="html">{content}</content>
</entry>
"""


def _math(math: Math) -> str:
    return f"$${math.tex}$$" if math.display else f"${math.tex}$"


_DIALECT = Dialect(
    name="the feed",
    highlight=("<mark>", "</mark>"),
    boxes=("☐", "☑"),
    callout=quoted,
    math=_math,
    # All of it is cleaned when it is rendered.
    html=lambda text, span: (span.of(text), ()),
)


def make(job: RenderJob) -> str:
    """Return the feed. Its times are the beginnings of days, so that it changes with those alone.

    Ids begin with `publish.feed-id` or the page's address: without either it is a problem.
    """
    settings, title = job.settings, job.composition.title
    base = settings.feed_id or settings.page
    if not base:
        job.problems.add(
            "a feed needs an id that stays: set `publish.page` in vaultsync.toml, or "
            "`publish.feed-id` to a URI of your own such as `tag:example.org,2026:claims`",
            "",
            job.composition.paths,
        )
    days = list(_days(job))
    entries = (_entry(job, day, base) for day in days)
    return _FEED.format(
        id=_text(base),
        title=_text(title),
        updated=_moment(days[0].date if days else _NEVER),
        author=_text(settings.author or title),
        parts="".join([*_links(settings.page), *entries]),
    )


def _links(page: str) -> Iterator[str]:
    if page:
        yield f'<link href="{_text(page)}"/>\n'
        yield f'<link rel="self" href="{_text(urljoin(page, FILE))}"/>\n'


def _days(job: RenderJob) -> Iterator[DayEntry]:
    context = job.composition.context
    note = context.config.changelog.note
    for day in day_entries(journal_in(context.vault.documents.get(note))):
        try:
            datetime.date.fromisoformat(day.date)
        except ValueError:
            message = f"the feed cannot show `{day.date}`: there is no such day"
            job.problems.add(message, day.date, [note])
        else:
            yield day


def _entry(job: RenderJob, day: DayEntry, base: str) -> str:
    return _ENTRY.format(
        id=_text(f"{base}#{day.id}"),
        title=_text(day.title),
        updated=_moment(day.date),
        content=_text(_html(job, day)),
    )


def _html(job: RenderJob, day: DayEntry) -> str:
    note = job.composition.context.config.changelog.note
    text = job.translated(job.composition.piece(day.text, note), _DIALECT)
    parser = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    made = parser.render(text)
    return nh3.clean(made, url_schemes={"http", "https", "mailto"}, link_rel=None).strip()


def _moment(date: str) -> str:
    return f"{date}T00:00:00Z"


def _text(text: str) -> str:
    """Return a text for XML, which cannot contain control characters."""
    return escape(_NO_XML.sub("\ufffd", text))
