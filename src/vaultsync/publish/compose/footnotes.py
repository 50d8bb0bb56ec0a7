"""Footnotes of many notes as those of one text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from vaultsync.blocks import code_spans
from vaultsync.core.model import Document
from vaultsync.core.text import Edit, Span, apply_edits

REFERENCE = re.compile(r"(?<!\\)\[\^([^\]\s]+)\](?!:)")
INLINE = re.compile(r"(?<!\\)\^\[((?:\\.|\[\[[^\[\]\n]*\]\]|\[[^\[\]\n]*\]|[^\[\]\\\n])+)\]")
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
            number = self._numbers[key] = len(self.texts)
            # The text may refer to this footnote.
            self.texts.append("")
            self.texts[number] = text()
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
        parts = [self._numbered(text, order).rstrip("\n")]
        # It grows by what its footnotes refer to.
        for number, old in enumerate(order, 1):
            note = _LINE.sub("    ", self._numbered(self.texts[old], order))
            parts.append(f"[^{number}]: {note}")
        return "\n\n".join(parts) + "\n"

    def _numbered(self, text: str, order: list[int]) -> str:
        def number(found: re.Match[str]) -> str:
            old = int(found[1])
            # It is not ours but a mark that a note's author wrote.
            if old >= len(self.texts):
                return ""
            if old not in order:
                order.append(old)
            return f"[^{order.index(old) + 1}]"

        return _OURS.sub(number, text)


def uses(document: Document, pattern: re.Pattern[str]) -> Iterator[tuple[Span, str]]:
    """Yield where a note uses footnotes: the place, and the label or text in it.

    Code and definitions hold no references.
    """
    text = document.text
    if not pattern.search(text):
        return
    quiet = [*(found.span for found in document.footnotes), *code_spans(text)]
    for found in pattern.finditer(text):
        if not any(span.start <= found.start() < span.end for span in quiet):
            yield Span(*found.span()), found[1]


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
    bodies = dict(_WRITTEN.findall(text))
    seen: set[str] = set()
    edits, copies = [], []
    for found in REFERENCE.finditer(text):
        label = found[1]
        if label in seen and label in bodies:
            new = f"[^{len(bodies) + len(copies) + 1}]"
            edits.append(Edit(Span(*found.span()), new))
            copies.append(f"\n{new}: {bodies[label]}\n")
        seen.add(label)
    return apply_edits(text, edits) + "".join(copies)
