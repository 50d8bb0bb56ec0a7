"""Markdown for GitHub, and for reading it as a file."""

from __future__ import annotations

import re

import nh3
from markdown_it import MarkdownIt

from vaultsync.blocks.context import escape_markdown
from vaultsync.core.text import Span
from vaultsync.markdown import parse
from vaultsync.publish.compose.anchors import (
    free_name,
    github_anchors,
    linked_names,
    relinked,
    renamed,
    without_heading_anchors,
)
from vaultsync.publish.compose.scan import Callout, Math
from vaultsync.publish.targets.dialect import Dialect, RenderJob, each_tag, quoted

# https://docs.github.com/en/get-started/writing-on-github (alerts), by Obsidian's callout types.
_ALERTS = {
    "NOTE": "note info abstract summary tldr example quote cite todo",
    "TIP": "tip hint success check done",
    "IMPORTANT": "important question help faq",
    "WARNING": "warning attention",
    "CAUTION": "caution danger error bug failure fail missing",
}
_ALERT = {kind: alert for alert, kinds in _ALERTS.items() for kind in kinds.split()}
_TAGS = nh3.ALLOWED_TAGS - {"img"}
_ATTRIBUTES = {"a": {"id", "href", "title"}, "*": {"title"}, "details": {"open"}}
_SCHEMES = {"http", "https", "mailto"}


def _callout(callout: Callout) -> tuple[str, str]:
    # GitHub takes an alert for one only where it is not nested.
    if callout.fold or callout.within not in {"> ", ">"}:
        return quoted(callout)
    alert = f"[!{_ALERT.get(callout.kind, 'NOTE')}]"
    titled = f"\n{callout.margin}**{callout.title}**\n{callout.margin.rstrip()}"
    return alert + (titled if callout.title else ""), ""


def _math(math: Math) -> str:
    return f"$${math.tex}$$" if math.display else f"${math.tex}$"


def clean_tag(found: re.Match[str]) -> str:
    """Return a tag with harmless attributes alone, nothing for an element that is not allowed."""
    name = found["name"].lower()
    if name not in _TAGS:
        return ""
    if found["close"]:
        return f"</{name}>"
    made = nh3.clean(
        found[0], tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None
    )
    return made.partition(">")[0] + ">" if made else f"<{name}>"


def _html(text: str, span: Span) -> tuple[str, tuple[str, ...]]:
    return each_tag(span.of(text), clean_tag), ()


DIALECT = Dialect(
    name="Markdown",
    highlight=("<mark>", "</mark>"),
    callout=_callout,
    math=_math,
    html=_html,
    drawn=frozenset({"mermaid"}),
)


def make(job: RenderJob) -> str:
    """Return the post; headings are linked by GitHub's anchors, other places by marks of ours."""
    title = escape_markdown(job.composition.title)
    text, names = without_heading_anchors(job.composition.text)
    headings = [_plain(heading) for heading in _headings(f"{title}\n\n{text}")]
    anchors = github_anchors(_plain(title), headings)
    there = {name: anchor for own, anchor in zip(names, anchors, strict=True) for name in own}
    marked: dict[str, str] = {}
    for name in sorted(linked_names(text) - there.keys()):
        marked[name] = there[name] = free_name(name, {*anchors, *marked.values()})
    text = relinked(text, {name: f"#{anchor}" for name, anchor in there.items() if anchor})
    text = renamed(text, {**dict.fromkeys(job.composition.places, ""), **marked})
    text = job.translated(text, DIALECT)
    return f"# {title}\n\n{text}"


def _headings(text: str) -> list[str]:
    return [heading.text for heading in parse("post.md", text).headings]


def _plain(heading: str) -> str:
    inline = MarkdownIt("gfm-like", {"linkify": False}).parseInline(heading)[0]
    shown = (child for child in inline.children or () if child.type != "html_inline")
    return "".join(child.content for child in shown)
