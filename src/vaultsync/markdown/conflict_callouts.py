"""Conflicts of a merge as vaultsync writes them: in a callout, and for a property in a comment.

The other side's version is in place, so that the note stays one that can be read. Ours is behind
it, and says how many blocks it would replace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from vaultsync.core.model import Document
from vaultsync.core.text import Edit, Span
from vaultsync.markdown.events import elements

Choice = Literal["theirs", "ours", "both"]
_TITLE = re.compile(
    r">[ ]\[!conflict\] Instead of the (?:whole note|(?:(?P<count>\d+) blocks|block) above):"
)
_COMMENT = "# [!conflict] "
_COMMENTS = re.compile(rf"(?:^{re.escape(_COMMENT)}[^\n]*\n)+", re.MULTILINE)
_QUOTE = re.compile(r"^>[ ]?", re.MULTILINE)


class ConflictCallout(msgspec.Struct, frozen=True):
    """A conflict that nobody resolved: the version in place, and the other one with its marks."""

    theirs: Span
    marked: Span
    ours: str

    def resolved(self, text: str, choice: Choice) -> Edit:
        """Return the edit that keeps one version, or both."""
        whole = Span(self.theirs.start, self.marked.end)
        end = "\n" if self.marked.of(text).endswith("\n") else ""
        parts = {"theirs": [self.theirs.of(text).rstrip("\n")], "ours": [self.ours]}
        kept = parts.get(choice) or [*parts["theirs"], *parts["ours"]]
        return Edit(whole, ("\n" if end else "\n\n").join(kept) + end)


def callout(ours: str, count: int) -> str:
    """Return our version of the `count` blocks above as a callout, of the whole note for none."""
    above = "block above" if count == 1 else f"{count} blocks above" if count else "whole note"
    quoted = "\n".join(f"> {line}" if line else ">" for line in ours.strip("\n").split("\n"))
    return f"> [!conflict] Instead of the {above}:\n{quoted}"


def comment(ours: str) -> str:
    """Return our version of the property above as comments of YAML."""
    return "\n".join(f"{_COMMENT}{line}" for line in ours.strip("\n").split("\n"))


def find_callouts(document: Document) -> list[ConflictCallout]:
    """Return the conflicts in a note (LF line ends), in order."""
    if "[!conflict]" not in document.text:
        return []
    return [*_in_properties(document), *_in_body(document)]


def _in_properties(document: Document) -> Iterator[ConflictCallout]:
    text, places = document.text, document.properties
    end = places.span.end if places.span else 0
    for found in _COMMENTS.finditer(text, 0, end):
        starts = [span.start for span in places.keys.values() if span.start < found.start()]
        start = text.rfind("\n", 0, starts[-1]) + 1 if starts else found.start()
        ours = "\n".join(line.removeprefix(_COMMENT) for line in found[0][:-1].split("\n"))
        yield ConflictCallout(Span(start, found.start()), Span(*found.span()), ours)


def _in_body(document: Document) -> Iterator[ConflictCallout]:
    text = document.text
    parts = [part for part in elements(text, document.body) if part.depth <= 1]
    for place, part in enumerate(parts):
        found = _TITLE.match(text, part.start) if part.kind == "other" else None
        if found:
            marked = part.span.of(text).rstrip("\n")
            above = parts[max(0, place - int(found["count"] or 1)) : place]
            start = above[0].start if above else part.start
            ours = _QUOTE.sub("", marked.partition("\n")[2])
            end = part.start + len(marked)
            yield ConflictCallout(Span(start, part.start), Span(part.start, end), ours)
