"""Markdown for GitHub, and for reading it as a file."""

from __future__ import annotations

import re

import nh3

from vaultsync.blocks.context import escape_markdown
from vaultsync.core.text import Span
from vaultsync.markdown.reader import rendered_headings
from vaultsync.publish.compose import Composition, anchors
from vaultsync.publish.compose.scan import Callout
from vaultsync.publish.targets import dialect

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


def _callout(callout: Callout) -> tuple[str, str]:
    # GitHub takes an alert for one only where it is not nested.
    if callout.fold or callout.within not in {"> ", ">"}:
        return dialect.quoted(callout)
    alert = f"[!{_ALERT.get(callout.kind, 'NOTE')}]"
    titled = f"\n{callout.margin}**{callout.title}**\n{callout.margin.rstrip()}"
    return alert + (titled if callout.title else ""), ""


def _clean_tag(found: re.Match[str]) -> str:
    """Return a tag with harmless attributes alone, nothing for an element that is not allowed."""
    name = found["name"].lower()
    if name not in _TAGS:
        return ""
    if found["close"]:
        return f"</{name}>"
    made = dialect.clean(found[0], tags=_TAGS, attributes=_ATTRIBUTES)
    return made.partition(">")[0] + ">" if made else f"<{name}>"


def _html(text: str, span: Span) -> tuple[str, tuple[str, ...]]:
    raw = span.of(text)
    kept = dialect.each_tag(raw, _clean_tag, lambda part: part.replace("<", "&lt;"))
    # Where no tag is left at its beginning, what was HTML would be read as Markdown.
    return kept if kept.startswith("<") else dialect.each_tag(raw, _clean_tag, escape_markdown), ()


_DIALECT = dialect.Dialect("Markdown", callout=_callout, html=_html, drawn=frozenset({"mermaid"}))


def make(post: Composition) -> str:
    """Return the post; headings are linked by GitHub's anchors, other places by marks of ours."""
    title = escape_markdown(post.title)
    text, names = anchors.without_heading_anchors(post.text)
    headings = rendered_headings(text)
    known = anchors.github_anchors(_plain(title), (_plain(heading.text) for heading in headings))
    there = {name: anchor for own, anchor in zip(names, known, strict=True) for name in own}
    marked: dict[str, str] = {}
    for name in sorted(anchors.linked_names(text) - there.keys()):
        marked[name] = there[name] = anchors.free_name(name, {*known, *marked.values()})
    text = anchors.relinked(text, {name: f"#{anchor}" for name, anchor in there.items() if anchor})
    text = anchors.renamed(text, {**dict.fromkeys(post.places, ""), **marked})
    return f"# {title}\n\n{dialect.translated(text, _DIALECT, post)}"


def _plain(heading: str) -> str:
    return dialect.inline_text(dialect.gfm_parser().parseInline(heading)[0])
