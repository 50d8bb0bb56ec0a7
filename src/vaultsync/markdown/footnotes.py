"""References to footnotes in a note, with a definition and without."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vaultsync.core.model import Document
from vaultsync.core.text import Span
from vaultsync.markdown.reader import running_text

# What a colon follows is a definition, mostly. A search is quick where the first that it looks for
# is a character.
REFERENCE = re.compile(r"\[(?<!\\\[)\^([^\[\]\s]+)\](?!:)")
# To search for two characters takes a tenth of the time.
_OPENING = re.compile(r"\[\^")
# Behind the text of a link.
_LINK = ("(", "[")


def undefined_footnotes(document: Document) -> Iterator[Span]:
    """Yield the references that have no definition; these are text, and others are not."""
    text, base = document.text, document.body
    marks = REFERENCE.finditer(text, base) if _OPENING.search(text, base) else ()
    defined = {footnote.label.lower() for footnote in document.footnotes}
    found = [mark for mark in marks if mark[1].lower() not in defined]
    if found:
        running = running_text(text, base, (mark.start() for mark in found))
        for mark in found:
            if running.is_in_text(mark.start()) and not text.startswith(_LINK, mark.end()):
                yield Span(*mark.span())


def footnote_labels(text: str, base: int) -> frozenset[str]:
    """Return the labels that a note refers to, in lower case, also those in code."""
    return frozenset(mark[1].lower() for mark in REFERENCE.finditer(text, base))
