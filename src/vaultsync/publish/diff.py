"""What differs between two states of a post, passage by passage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile

import msgspec

from vaultsync.blocks import plain
from vaultsync.notes.note import Note
from vaultsync.publish.blocks_of_text import Passage

# Two passages with so much in common are one that was reworded.
SAME = 0.5
_FEW_WORDS = 5
# More pairs than these are not compared: they are taken in order.
_MANY = 2_000
# What is no word of a claim: destinations of links, anchors, numbers of footnotes.
_MARKUP = re.compile(r"\]\([^)\s]*\)|<[^>]*>|\[\^[^\]\s]*\]|\[\d+\]")
# So many first words tell which claim it is.
_ENOUGH = 6
_WORD = re.compile(r"\w+")
_NAMED = 3


class Difference(msgspec.Struct, frozen=True):
    """A passage that was reworded, added (`before` is "") or taken out (`after` is "").

    `behind` is the passage that an added one stands behind, "" at the beginning.
    """

    place: str
    before: str
    after: str
    behind: str = ""


def differences(before: Sequence[Passage], after: Sequence[Passage]) -> tuple[Difference, ...]:
    """Return what has to be done to a post to make another of it, in reading order."""
    texts = [passage.text for passage in before], [passage.text for passage in after]
    matcher = SequenceMatcher(None, *texts, autojunk=False)
    return tuple(
        found
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
        for found in _within(before[a:b], after[c:d], texts[1][c - 1] if c else "")
    )


def _within(
    before: Sequence[Passage], after: Sequence[Passage], behind: str
) -> Iterator[Difference]:
    pairs = dict(_paired([p.text for p in before], [p.text for p in after]))
    kept = {old for old in pairs.values() if old is not None}
    gone = [passage for at, passage in enumerate(before) if at not in kept]
    yield from (Difference(passage.place, passage.text, "") for passage in gone)
    for at, passage in enumerate(after):
        old = pairs[at]
        text = before[old].text if old is not None else ""
        yield Difference(passage.place, text, passage.text, "" if text else behind)
        behind = passage.text


def _paired(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int | None]]:
    """Yield for each new text, by number, the old one that it is most like, if it is like any."""
    free = dict(enumerate(before))
    for at, text in enumerate(after):
        near = free if len(before) * len(after) <= _MANY else {n: free[n] for n in [*free][:1]}
        scored = [(likeness(old, text), -number) for number, old in near.items()]
        score, number = max(scored, default=(0.0, 0))
        if score:
            del free[-number]
            yield at, -number
        else:
            yield at, None


def likeness(one: str, other: str) -> float:
    """Return how much of two texts is the same, from 0 to 1; 0 for what is under `SAME`.

    That goes by words; by letters where there are only a few words.
    """
    short = max(one.count(" "), other.count(" ")) < _FEW_WORDS
    old, new = ([*text] if short else text.split() for text in (one, other))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    found = matcher.ratio() if matcher.quick_ratio() >= SAME else 0.0
    return found if found >= SAME else 0.0


class Notes:
    """The notes of a post, known by the first words of their passages."""

    def __init__(self, notes: Iterable[Note]) -> None:
        """Take the notes that readers see."""
        self._notes = [(_words(plain(note.lead)), note) for note in notes]

    def title(self, found: Difference) -> str:
        """Return the title of the note that a difference is about; "" if it is about none."""
        for text in filter(None, (found.after, found.before)):
            words = _words(text)
            shared = [(_shared(lead, words), -at) for at, (lead, _) in enumerate(self._notes)]
            most, at = max(shared, default=(0, 0))
            if most and most >= min(len(self._notes[-at][0]), _ENOUGH):
                return self._notes[-at][1].title
        return ""


def _words(text: str) -> list[str]:
    return _WORD.findall(_MARKUP.sub(" ", text))


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Return with how many of the same words two texts begin."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def version_line(found: Iterable[Difference], notes: Notes) -> str:
    """Return one line for a history of versions: what was added, reworded and taken out."""
    told: dict[str, dict[str, None]] = {}
    other = 0
    for one in found:
        title = notes.title(one)
        verb = "Reworded" if one.before and one.after else "Added" if one.after else "Removed"
        if title:
            told.setdefault(verb, {})[title] = None
        else:
            other += 1
    parts = [f"{verb}: {_listed([*titles])}." for verb, titles in told.items()]
    passages = f"{other} other passage{'' if other == 1 else 's'}"
    parts += [f"Changed: {passages}."] if other else []
    return " ".join(parts)


def _listed(titles: Sequence[str]) -> str:
    more = len(titles) - _NAMED
    return "; ".join(titles[:_NAMED]) + (f"; and {more} more" if more > 0 else "")
