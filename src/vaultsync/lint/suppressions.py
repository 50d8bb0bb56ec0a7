"""Comments in a note that disable rules there: `%% vaultsync-disable LNK001: reason %%`.

An HTML comment does the same. A comment in code is text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Literal, get_args

import msgspec

from vaultsync.blocks.comments import code_spans
from vaultsync.core.config import did_you_mean
from vaultsync.core.model import Document
from vaultsync.core.text import Lines, Span

Kind = Literal["disable", "enable", "disable-line", "disable-next-line", "disable-file"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PREFIX = "vaultsync-"
_OPENING = re.compile(rf"(?P<mark>%%|<!--)[ \t]*{PREFIX}(?P<kind>[\w-]*)")
_CLOSING = {"%%": "%%", "<!--": "-->"}
_WORD = re.compile(r"[^,\s]+")
# All kinds share their first half.
_NEAR = 0.9
_REST_OF_LINE = re.compile(r"[ \t]*(?:\r\n|\n|\r|\Z)")
_LINE_END = re.compile(r"[\r\n]")


class Suppression(msgspec.Struct, frozen=True):
    """What one word of a comment disables, or enables again.

    `span` covers the word and `comment` the whole comment. `spare` is what to remove with the word:
    its comma too, or the comment if it is the only word, with a line of its own. `place` is the
    number of the line, or for ranges the offset from which they apply.
    """

    kind: Kind
    word: str
    span: Span
    comment: Span
    spare: Span
    place: int
    reason: str


class Flaw(msgspec.Struct, frozen=True):
    """A place in a comment that begins like a suppression, and why it suppresses nothing."""

    span: Span
    message: str


class Review(msgspec.Struct, frozen=True):
    """What is wrong with the suppressions in a note, after a run."""

    flaws: tuple[Flaw, ...] = ()
    unused: tuple[Suppression, ...] = ()
    unexplained: tuple[Suppression, ...] = ()


def suppressions(document: Document) -> tuple[list[Suppression], list[Flaw]]:
    """Return what the comments of a note disable or enable, in order, and which are wrong."""
    if document.kind != "note" or PREFIX not in document.text:
        return [], []
    reader = _Reader(document)
    for opening in reader.openings():
        reader.take(opening)
    return reader.found, reader.flaws


class _Reader:
    def __init__(self, document: Document) -> None:
        self.text, self.body = document.text, document.body
        self.lines = Lines(document.text)
        self.found: list[Suppression] = []
        self.flaws: list[Flaw] = []

    def openings(self) -> Iterator[re.Match[str]]:
        """Yield the openings of comments that are not in code."""
        code = code_spans(self.text[self.body :])
        starts = [span.start for span in code]
        for opening in _OPENING.finditer(self.text, self.body):
            at = opening.start() - self.body
            before = bisect_right(starts, at) - 1
            if before < 0 or code[before].end <= at:
                yield opening

    def take(self, opening: re.Match[str]) -> None:
        """Take one comment, which must close in its line."""
        mark = _CLOSING[opening["mark"]]
        line_end = _LINE_END.search(self.text, opening.end())
        end = self.text.find(mark, opening.end(), line_end.start() if line_end else None)
        if end < 0:
            message = f"this comment suppresses nothing: it must close with `{mark}` in its line"
            self.flaws.append(Flaw(Span(*opening.span()), message))
            return
        comment = Span(opening.start(), end + len(mark))
        kind = next((kind for kind in KINDS if kind == opening["kind"]), None)
        if kind is None:
            written, known = f"{PREFIX}{opening['kind']}", [f"{PREFIX}{kind}" for kind in KINDS]
            hint = did_you_mean(written, known, cutoff=_NEAR) or f": use {', '.join(known)}"
            self.flaws.append(Flaw(comment, f"there is no `{written}`{hint}"))
            return
        self._words(kind, Span(opening.end(), end), comment)

    def _words(self, kind: Kind, inner: Span, comment: Span) -> None:
        rules, _, reason = inner.of(self.text).partition(":")
        end = inner.start + len(rules)
        words = [Span(*word.span()) for word in _WORD.finditer(self.text, inner.start, end)]
        facts = (self._place(kind, comment), reason.strip())
        for number, span in enumerate(words):
            spare = self._spare(words, number) if len(words) > 1 else self._alone(comment)
            word = span.of(self.text)
            self.found.append(Suppression(kind, word, span, comment, spare, *facts))
        if not words:
            message = f"`{PREFIX}{kind}` names no rule: name rules by code or name, or ALL"
            self.flaws.append(Flaw(comment, message))

    def _spare(self, words: list[Span], number: int) -> Span:
        if number + 1 < len(words):
            return Span(words[number].start, words[number + 1].start)
        return Span(words[number - 1].end, words[number].end)

    def _alone(self, comment: Span) -> Span:
        """Return a comment with the spaces before it, or its line if there is nothing else."""
        start = comment.start
        while start and self.text[start - 1] in " \t":
            start -= 1
        rest = _REST_OF_LINE.match(self.text, comment.end)
        if rest and (start == 0 or self.text[start - 1] in "\r\n"):
            return Span(start, rest.end())
        return Span(start, comment.end)

    def _place(self, kind: Kind, comment: Span) -> int:
        line = self.lines.position(comment.start)[0]
        if kind == "disable-line":
            return line
        if kind == "disable-next-line":
            return line + 1
        # A comment that opens the body is as near to the properties as a comment can be, so it
        # applies to them too.
        opens = not self.text[self.body : comment.start].strip()
        return 0 if opens else comment.start
