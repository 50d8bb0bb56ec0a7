"""The handle of a note in bold within its claim."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from vaultsync.blocks.context import capitalized, escape_markdown
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.markdown.events import Offsets, events, tag_of
from vaultsync.notes.similarity import without_ending

# Replaces each character that is not plain text.
_HIDDEN = "\0"
_NEVER_PLAIN = re.compile(r"https?://\S+|www\.\S+|(?<!\S)[^\s@]+@\S+|\[\^[^\]\s]*\]|[#^]\w\S*")
# Marks that are put on letters belong to a word, as the signs of vowels do in some scripts.
_WORD = re.compile(r"[^\s\0-/:-@\[-`{-~¡«»¿\u2010-\u2027\u3000-\u303f\uff01-\uff0f\uff1a-\uff20]+")
_GAP = re.compile(r"[\s\-\u2010-\u2015]+")
_QUOTES = "'\"‘’“”„«»"
_QUOTED = re.compile(
    rf"(?<!\w)[{_QUOTES}](?P<words>\w(?:(?:[^{_QUOTES}{_HIDDEN}]|(?<=\w)['’](?=\w))*\w)?)"
)
_OPENING = re.compile(rf"(?<!\w)[{_QUOTES}]\Z")
_CLOSING = re.compile(rf"[.,;:!?…]*(?P<mark>[{_QUOTES}])(?!\w)")
# A text without mark-up.
_PLAIN = re.compile(r"(?:(?!://|www\.)[^\\`*_<\[\]&~$^#@|\n])*")
_NO_QUOTES = str.maketrans("", "", _QUOTES)


def with_handle(claim: str, handle: str | None) -> str:
    """Return a claim, which is Markdown in one line, with the handle of its note in bold.

    Where the claim does not name it, it is put before it.
    """
    named = bold_handle(claim, handle)
    name = capitalized(" ".join((handle or "").split()))
    if named is not None or not name:
        return named or claim
    led = f"**{escape_markdown(name)}**: {claim}"
    if _is_text(name) and _is_text(claim):
        return led
    return led if _differs_by_bold(led, claim, f"{name}: ") else claim


def bold_handle(claim: str, handle: str | None) -> str | None:
    """Return a claim with the words in bold that name a handle, None where none do.

    Words match in all their forms, quoted ones first, and the quotation marks are left out. A link
    is in bold as a whole.
    """
    wanted = _stems(handle or "")
    if not wanted:
        return None
    is_plain = _PLAIN.fullmatch(claim) is not None
    plain, links, bold = (claim, [], []) if is_plain else _read(claim)
    for named in _places(plain, wanted):
        place = next((link for link in links if link.start <= named.start < link.end), named)
        is_bold = any(one.start <= place.start < one.end for one in bold)
        edits = [Edit(quote, "") for quote in _quotes(plain, place)]
        ends = () if is_bold else (place.start, place.end)
        edits += [Edit(Span(at, at), "**") for at in ends]
        found = apply_edits(claim, edits)
        if is_plain or _differs_by_bold(found, claim, count=int(not is_bold)):
            return found
    return None


def _is_text(text: str) -> bool:
    """Whether a text is one without mark-up wherever it is in a line."""
    ends = text[:1].isalpha() and text.removesuffix(".")[-1:].isalnum()
    return ends and _PLAIN.fullmatch(text) is not None


def _stems(text: str) -> list[str]:
    # An ending may leave a letter of its own: "states" and "state", "memories" and "memory".
    words = (without_ending(word.lower()) for word in _WORD.findall(text))
    return [word[:-1] if word[1:][-1:] in {"e", "y"} else word for word in words]


def _read(claim: str) -> tuple[str, list[Span], list[Span]]:
    """Return a claim with all hidden that is not plain text, its links, and what is bold."""
    at, found = Offsets(claim, 0), [_HIDDEN] * len(claim)
    around: dict[str, list[Span]] = {"Link": [], "Strong": [], "Image": []}
    for event, place in events(claim):
        span = Span(at(place["start"]), at(place["end"]))
        kind, value = next(iter(event.items())) if isinstance(event, dict) else (event, "")
        if kind == "Text" and value == span.of(claim):
            found[span.start : span.end] = value
        elif kind == "Start" and tag_of(value) in around:
            around[tag_of(value)].append(span)
    plain = "".join(found)
    hidden = [*around["Image"], *(Span(*one.span()) for one in _NEVER_PLAIN.finditer(plain))]
    for one in hidden:
        plain = plain[: one.start] + _HIDDEN * (one.end - one.start) + plain[one.end :]
    return plain, around["Link"], around["Strong"]


def _places(plain: str, wanted: list[str]) -> Iterator[Span]:
    """Yield the places that name what is wanted: those in quotes, then the others.

    Quotes may hold some of the words, where the text has the others, too.
    """
    rows = list(_rows(plain, wanted))
    yield from (row for row in rows if _quotes(plain, row))
    for quoted in _QUOTED.finditer(plain):
        place = Span(*quoted.span("words"))
        is_part = {*_stems(quoted["words"])} <= {*wanted} <= {*_stems(plain)}
        yield from [place] if is_part and _quotes(plain, place) else []
    yield from rows


def _rows(plain: str, wanted: list[str]) -> Iterator[Span]:
    """Yield where all wanted words are in a row."""
    words = list(_WORD.finditer(plain))
    for first, word in enumerate(words):
        # A word begins with its stem.
        if word[0].lower().startswith(wanted[0]):
            row = words[first : first + len(wanted)]
            gaps = (plain[one.end() : other.start()] for one, other in pairwise(row))
            place = Span(word.start(), row[-1].end())
            if _stems(place.of(plain)) == wanted and all(map(_GAP.fullmatch, gaps)):
                yield place


def _quotes(plain: str, place: Span) -> tuple[Span, ...]:
    """Return the quotation marks around a place, none where one of them is missing."""
    start = place.start - 1
    closing = _CLOSING.match(plain, place.end)
    is_open = _OPENING.search(plain[max(start - 1, 0) : place.start])
    return (Span(start, place.start), Span(*closing.span("mark"))) if is_open and closing else ()


def _differs_by_bold(new: str, old: str, before: str = "", count: int = 1) -> bool:
    """Whether a text shows the same as another but for more bold, a beginning and quotes."""
    (tags, text), (known, shown) = _outline(new), _outline(old)
    known["Strong"] += count
    shown = (before + shown).translate(_NO_QUOTES)
    return tags == known and text.translate(_NO_QUOTES) == shown


def _outline(text: str) -> tuple[Counter[str], str]:
    """Return how often a text has each mark-up, and what it shows."""
    tags: Counter[str] = Counter()
    words: list[str] = []
    for event, _ in events(text):
        kind, value = next(iter(event.items())) if isinstance(event, dict) else (event, "")
        if kind == "Start":
            tags[str(value)] += 1
        elif kind != "End":
            words.append(str(value))
    return tags, "".join(words)
