"""A post as it lies on a site, held against the one made of the notes.

Source of what LessWrong makes of a post: the Markdown code and `sanitize.ts` of
https://github.com/ForumMagnum/ForumMagnum.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from msgspec.structs import replace

from vaultsync.core.errors import VaultError
from vaultsync.notes.citation import canonical_url
from vaultsync.publish.blocks_of_text import CONTENT, FORMULA, Passage, html_passages
from vaultsync.publish.diff import Difference, differences, likeness

_MARKS = str.maketrans(
    {
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2018\u2019\u201a", "'"),
        **dict.fromkeys("\u2010\u2011\u2013\u2014\u2212", "-"),
        "\u2026": "...",
        "\u00a0": " ",
        **dict.fromkeys("\u200b\ufeff\u00ad", ""),
    }
)
_TEX = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]")
_DASHES = re.compile(r"-{2,}")
_SCHEME = re.compile(r"^(?:https?://(?:www\.)?|mailto:)", re.IGNORECASE)
_IS_HTML = re.compile(r"\s*(?:<!doctype|<!--|<[a-z])", re.IGNORECASE)


def hand_edits(generated: str, live: str) -> tuple[Difference, ...]:
    """Return what is otherwise on a site than in the post that was made, both as HTML.

    What the site does by itself is no difference: anchors, attributes, forms of quotes and dashes,
    how links are written, where lines break. Neither are formulas and the sources of images.
    Raises `VaultError` where the site's page holds nothing of the post.
    """
    anchors: set[str] = set()

    def link(href: str, text: str) -> str:
        address = _address(href)
        fragment = address.partition("#")[2]
        if href.startswith("#"):
            anchors.add(fragment)
        if fragment in anchors or _bare(address) == _bare(text):
            return text
        return f"[{text}]({address})"

    made = _alike(html_passages(generated, link))
    found = _alike(html_passages(live, link))
    known = {passage.text for passage in made}
    common = [at for at, passage in enumerate(found) if passage.text in known]
    if not common:
        raise VaultError("nothing of the post is in it: save the page that shows the post")
    is_whole = CONTENT not in live and "<body" in live.lower()
    return differences(made, _trimmed(made, found, common) if is_whole else found)


def as_html(target: str, text: str) -> str:
    """Return a text as HTML: as it is, or as what the place that a target is for makes of it."""
    if _IS_HTML.match(text):
        return text
    if target == "markdown":
        from markdown_it import MarkdownIt
        from mdit_py_plugins.footnote import footnote_plugin

        parser = MarkdownIt("gfm-like", {"html": True, "linkify": False}).use(footnote_plugin)
        return str(parser.render(text))
    from vaultsync.publish.targets.lesswrong_html import rendered

    return rendered(text)


def _trimmed(made: list[Passage], found: list[Passage], common: list[int]) -> list[Passage]:
    """Return a page without what stands around the post.

    The post is what lies between the first and the last passage in common, with what is like the
    passages that are missed at its beginning and end.
    """
    texts = [passage.text for passage in made]
    first, last = (texts.index(found[at].text) for at in (common[0], common[-1]))
    before = found[max(common[0] - first, 0) : common[0]]
    after = found[common[-1] + 1 : common[-1] + len(made) - last]
    return [
        *(one for one in before if any(likeness(one.text, text) for text in texts[:first])),
        *found[common[0] : common[-1] + 1],
        *(one for one in after if any(likeness(one.text, text) for text in texts[last + 1 :])),
    ]


def _alike(passages: Sequence[Passage]) -> list[Passage]:
    return [replace(passage, text=_plain(passage.text)) for passage in passages]


def _plain(text: str) -> str:
    known = _DASHES.sub("-", unicodedata.normalize("NFC", text).translate(_MARKS))
    return " ".join(_TEX.sub(FORMULA, known).split())


def _address(href: str) -> str:
    """Return where a link leads behind a page that counts clicks, in the form to cite."""
    try:
        parts = urlsplit(href.strip())
        wrapped = parse_qs(parts.query).get("url", []) if parts.path == "/out" else []
        return canonical_url(wrapped[0] if wrapped else href).rstrip("/")
    except ValueError:
        return href


def _bare(address: str) -> str:
    return _SCHEME.sub("", address.strip()).rstrip("/").lower()
