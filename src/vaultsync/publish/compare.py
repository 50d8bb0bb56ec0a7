"""What differs between two states of a post, text block by text block."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice, takewhile
from urllib.parse import parse_qs, urlsplit

import msgspec
from msgspec.structs import replace

from vaultsync.blocks.context import format_count
from vaultsync.blocks.handle import with_handle
from vaultsync.blocks.quote import plain_text
from vaultsync.core.errors import VaultError
from vaultsync.core.text import plain_marks
from vaultsync.notes.note import Note
from vaultsync.notes.source_address import canonical_url
from vaultsync.publish.text_blocks import CONTENT, FORMULA, TextBlock, html_text_blocks

# Two text blocks with so much in common are one that was reworded.
SAME = 0.5
_FEW_WORDS = 5
# More pairs than these are not compared: they are taken in order.
_MANY = 2_000
# Not words of a claim: destinations of links, anchors, numbers of footnotes.
_MARKUP = re.compile(r"\]\([^)\s]*\)|<[^>]*>|\[\^[^\]\s]*\]|\[\d+\]")
# So many first words identify a claim.
_ENOUGH = 6
_WORD = re.compile(r"\w+")
_NAMED = 3
_TEX = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]")
_DASHES = re.compile(r"-{2,}")
_SCHEME = re.compile(r"^(?:https?://(?:www\.)?|mailto:)", re.IGNORECASE)
_IS_HTML = re.compile(r"\s*(?:<!doctype|<!--|<[a-z])", re.IGNORECASE)


class Difference(msgspec.Struct, frozen=True):
    """A text block that was reworded, added (`before` is "") or taken out (`after` is "").

    `behind` is the text block that an added one follows, "" at the beginning.
    """

    place: str
    before: str
    after: str
    behind: str = ""


def differences(before: Sequence[TextBlock], after: Sequence[TextBlock]) -> tuple[Difference, ...]:
    """Return what has to be done to a post to make another of it, in reading order."""
    texts = [block.text for block in before], [block.text for block in after]
    matcher = SequenceMatcher(None, *texts, autojunk=False)
    return tuple(
        found
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
        for found in _within(before[a:b], after[c:d], texts[1][c - 1] if c else "")
    )


def _within(
    before: Sequence[TextBlock], after: Sequence[TextBlock], behind: str
) -> Iterator[Difference]:
    gone = dict(enumerate(before))
    most = 1 if len(before) * len(after) > _MANY else None
    reworded = [_take_like(block.text, gone, most) for block in after]
    yield from (Difference(block.place, block.text, "") for block in gone.values())
    for block, old in zip(after, reworded, strict=True):
        yield Difference(block.place, old, block.text, "" if old else behind)
        behind = block.text


def _take_like(text: str, blocks: dict[int, TextBlock], most: int | None) -> str:
    """Remove the one of the first `most` text blocks that a text is most like; return its text.

    It is "" if the text is like none of them.
    """
    scored = [(likeness(blocks[at].text, text), -at) for at in islice(blocks, most)]
    score, at = max(scored, default=(0.0, 0))
    return blocks.pop(-at).text if score else ""


def likeness(one: str, other: str) -> float:
    """Return how much of two texts is the same, from 0 to 1; 0 for what is under `SAME`.

    That goes by words; by letters where there are only a few words.
    """
    short = max(one.count(" "), other.count(" ")) < _FEW_WORDS
    old, new = ([*text] if short else text.split() for text in (one, other))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    found = matcher.ratio() if matcher.quick_ratio() >= SAME else 0.0
    return found if found >= SAME else 0.0


class NoteFinder:
    """The notes of a post, known by the first words of their text blocks."""

    def __init__(self, notes: Iterable[Note]) -> None:
        """Take the notes that readers see."""
        shown = ((with_handle(note.lead, note.handle), note.name) for note in notes)
        self._leads = [(_words(plain_text(text)), name) for text, name in shown]

    def name(self, found: Difference) -> str:
        """Return the name of the note that a difference is about; "" if it is about none."""
        for words in (_words(found.after), _words(found.before)):
            lead, name = max(self._leads, key=lambda one: _shared(one[0], words), default=([], ""))
            if lead and _shared(lead, words) >= min(len(lead), _ENOUGH):
                return name
        return ""


def _words(text: str) -> list[str]:
    return _WORD.findall(_MARKUP.sub(" ", text))


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Return with how many of the same words two texts begin."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def version_line(found: Iterable[Difference], notes: NoteFinder) -> str:
    """Return one line for a history of versions: what was added, reworded and taken out."""
    names: dict[str, dict[str, None]] = {}
    other = 0
    for one in found:
        name = notes.name(one)
        verb = "Reworded" if one.before and one.after else "Added" if one.after else "Removed"
        if name:
            names.setdefault(verb, {})[name] = None
        else:
            other += 1
    parts = [f"{verb}: {_listed([*named])}." for verb, named in names.items()]
    parts += [f"Changed: {format_count(other, 'other passage')}."] if other else []
    return " ".join(parts)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return "; ".join(names[:_NAMED]) + (f"; and {more} more" if more > 0 else "")


def hand_edits(generated: str, live: str) -> tuple[Difference, ...]:
    """Return what is otherwise on a site than in the post that was made, both as HTML.

    What the site does by itself is not a difference: anchors, attributes, forms of quotes and
    dashes, how links are written, where lines break. Neither are formulas and the sources of
    images. Raises `VaultError` where the site's page holds nothing of the post.
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

    made = _alike(html_text_blocks(generated, link))
    found = _alike(html_text_blocks(live, link))
    known = {block.text for block in made}
    common = [at for at, block in enumerate(found) if block.text in known]
    if not common:
        raise VaultError("nothing of the post is in it: save the page that shows the post")
    is_whole = CONTENT not in live and "<body" in live.lower()
    return differences(made, _trimmed(made, found, common) if is_whole else found)


def as_html(target: str, text: str) -> str:
    """Return a text as HTML: as it is, or as what the place that a target is for makes of it."""
    if _IS_HTML.match(text):
        return text
    if target == "markdown":
        from mdit_py_plugins.footnote import footnote_plugin

        from vaultsync.publish.targets.dialect import gfm_parser

        return str(gfm_parser().use(footnote_plugin).render(text))
    from vaultsync.publish.targets.lesswrong_html import rendered

    return rendered(text)


def _trimmed(made: list[TextBlock], found: list[TextBlock], common: list[int]) -> list[TextBlock]:
    """Return a page without what is around the post.

    The post is between the first and the last text block in common, with what is like the
    text blocks that are missed at its beginning and end.
    """
    texts = [block.text for block in made]
    first, last = (texts.index(found[at].text) for at in (common[0], common[-1]))
    before = found[max(common[0] - first, 0) : common[0]]
    after = found[common[-1] + 1 : common[-1] + len(made) - last]
    return [
        *(one for one in before if any(likeness(one.text, text) for text in texts[:first])),
        *found[common[0] : common[-1] + 1],
        *(one for one in after if any(likeness(one.text, text) for text in texts[last + 1 :])),
    ]


def _alike(blocks: Sequence[TextBlock]) -> list[TextBlock]:
    return [replace(block, text=_plain(block.text)) for block in blocks]


def _plain(text: str) -> str:
    known = _DASHES.sub("-", plain_marks(text))
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
