"""Footnotes of many notes as those of one text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

import msgspec

from vaultsync.blocks.quote import code_spans
from vaultsync.core.model import Document
from vaultsync.core.text import Edit, Span, apply_edits

_REFERENCE = re.compile(r"(?<!\\)\[\^(?P<label>[^\]\s]+)\](?!:)")
_INLINE = re.compile(
    r"(?<!\\)\^\[(?P<text>(?:\\.|\[\[[^\[\]\n]*\]\]|\[[^\[\]\n]*\]|[^\[\]\\\n])+)\]"
)
_DEFINITION = re.compile(r"\[\^[^\]\n]+\]:[ \t]*")
_INDENT = re.compile(r"^(?: {1,4}|\t)", re.MULTILINE)
# A definition as `Footnotes.merged` writes it.
_WRITTEN = re.compile(r"^\[\^(\d+)\]: (.*(?:\n+    .*)*)", re.MULTILINE)
# Where each line that is not empty begins, but for the first.
_LINE = re.compile(r"(?<=\n)(?=[^\n])")
# A number that no author's label can be: composing takes these characters out of every note.
OURS = "\ufdd2"
_OURS = re.compile(rf"\[\^{OURS}(\d+)\]")


class Footnotes:
    """The footnotes met so far, each known by its note and label."""

    def __init__(self) -> None:
        """Start without any."""
        self.texts: list[str] = []
        self._numbers: dict[tuple[str, str], int] = {}

    def reference(self, path: str, label: str, text: Callable[[], str]) -> str:
        """Return the mark of a footnote; `text` is called when it is met first."""
        key = path, label.lower()
        if key not in self._numbers:
            self._numbers[key] = len(self.texts)
            self.texts.append("")
            self.texts[self._numbers[key]] = text()
        return f"[^{OURS}{self._numbers[key]}]"

    def inline(self, text: str) -> str:
        """Return the mark of a footnote that is written where it is referred to."""
        self.texts.append(text)
        return f"[^{OURS}{len(self.texts) - 1}]"

    def merged(self, text: str) -> str:
        """Return a text with the footnotes numbered in reading order, and written at its end.

        A footnote that another one refers to comes behind those of the text.
        """
        order: list[int] = []
        # Marks that a note's author wrote do not count.
        known = range(len(self.texts))
        body = _numbered(text, order, known)
        notes: list[str] = []
        while len(notes) < len(order):
            note = _numbered(self.texts[order[len(notes)]], order, known)
            notes.append(f"[^{len(notes) + 1}]: {_LINE.sub('    ', note)}")
        return "\n\n".join([body.rstrip("\n"), *notes]) + "\n"


def _numbered(text: str, order: list[int], known: range) -> str:
    def number(found: re.Match[str]) -> str:
        old = int(found[1])
        if old not in known:
            return ""
        if old not in order:
            order.append(old)
        return f"[^{order.index(old) + 1}]"

    return _OURS.sub(number, text)


class Uses(msgspec.Struct, frozen=True):
    """Footnotes of a note: what refers to them, and what defines them."""

    references: tuple[tuple[Span, str], ...]
    inline: tuple[tuple[Span, str], ...]
    definitions: tuple[Span, ...]


def uses(document: Document) -> Uses:
    """Return the footnotes of a note. Code and definitions hold no references."""
    text, base = document.text, document.body
    definitions = tuple(found.span for found in document.footnotes)
    if "[^" not in text and "^[" not in text:
        return Uses((), (), definitions)
    code = [Span(base + s.start, base + s.end) for s in code_spans(text[base:])]
    quiet = [*definitions, *code]

    def outside(pattern: re.Pattern[str], group: str) -> tuple[tuple[Span, str], ...]:
        return tuple(
            (Span(*found.span()), found[group])
            for found in pattern.finditer(text, base)
            if not any(span.start <= found.start() < span.end for span in quiet)
        )

    return Uses(outside(_REFERENCE, "label"), outside(_INLINE, "text"), definitions)


def definition(document: Document, label: str) -> str | None:
    """Return the text of a footnote of a note; of two with one label the first counts."""
    for found in document.footnotes:
        if found.label.lower() == label.lower():
            raw = found.span.of(document.text).strip()
            return _INDENT.sub("", _DEFINITION.sub("", raw, count=1))
    return None


def without_shared_footnotes(text: str) -> str:
    """Return a text in which no two references share a footnote, for readers that take only one.

    The second and each later reference get a copy.
    """
    references = list(_REFERENCE.finditer(text))
    bodies = dict(_WRITTEN.findall(text))
    free = itertools.count(len(bodies) + 1)
    seen: set[str] = set()
    edits, copies = [], []
    for found in references:
        label = found["label"]
        if label in seen and label in bodies:
            new = f"[^{next(free)}]"
            edits.append(Edit(Span(*found.span()), new))
            copies.append(f"\n{new}: {bodies[label]}\n")
        seen.add(label)
    return apply_edits(text, edits) + "".join(copies)
