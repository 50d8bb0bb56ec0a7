"""Conflicts of a merge as vaultsync writes them: in a callout, and for a property in a comment.

The other side's version is in place, so that the note stays one that can be read. Ours is behind
it, with how many blocks it would replace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from vaultsync.core.model import Document
from vaultsync.core.text import Edit, Span, line_ending
from vaultsync.markdown.events import elements

Choice = Literal["theirs", "ours", "both"]
# What can be kept, as it is offered.
CHOICES: dict[Choice, str] = {
    "theirs": "Keep the version above",
    "ours": "Keep the version in the callout",
    "both": "Keep both",
}
_TITLE = re.compile(
    r">[ ]\[!conflict\] Instead of the "
    r"(?:(?P<whole>whole note)|(?:(?P<count>\d+) blocks|block) above):"
)
MARK = "[!conflict]"
_COMMENT = f"# {MARK} "
_COMMENTS = re.compile(rf"(?:^{re.escape(_COMMENT)}[^\n]*\n)+", re.MULTILINE)
_QUOTE = re.compile(r"^>[ ]?", re.MULTILINE)


class ConflictCallout(msgspec.Struct, frozen=True):
    """A conflict that nobody resolved: the version in place, and the other one with its marks."""

    theirs: Span
    marked: Span
    ours: str
    is_whole: bool = False

    def resolved(self, text: str, choice: Choice) -> Edit:
        """Return the edit that keeps one version, or both."""
        newline = line_ending(text)
        if self.is_whole and choice == "ours":
            return Edit(Span(0, len(text)), f"{self.ours}{newline}")
        theirs, marked = self.theirs.of(text).rstrip("\r\n"), self.marked.of(text)
        versions = {"theirs": [theirs], "ours": [self.ours], "both": [theirs, self.ours]}
        # Properties have no blank lines between them.
        end = newline if marked.endswith("\n") else ""
        between = newline if end else newline * 2
        span = Span(self.theirs.start, self.marked.end)
        return Edit(span, between.join(filter(None, versions[choice])) + end)


def callout(ours: str, count: int) -> str:
    """Return our version of the `count` blocks above as a callout, of the whole note for none."""
    above = "block above" if count == 1 else f"{count} blocks above" if count else "whole note"
    quoted = "\n".join(f"> {line}" if line else ">" for line in ours.strip("\n").split("\n"))
    return f"> {MARK} Instead of the {above}:\n{quoted}"


def comment(ours: str) -> str:
    """Return our version of the property above as comments of YAML."""
    return "\n".join(f"{_COMMENT}{line}" for line in ours.strip("\n").split("\n"))


def find_callouts(document: Document) -> list[ConflictCallout]:
    """Return the conflicts in a note, in order."""
    if MARK not in document.text:
        return []
    return [*_in_properties(document), *_in_body(document)]


def are_markup(document: Document) -> bool:
    """Whether all callouts of conflicts are such, and not text in code or in a comment."""
    written = re.findall(rf"^{_TITLE.pattern}", document.text, re.MULTILINE)
    return len(written) == sum(1 for _ in _in_body(document))


def _in_properties(document: Document) -> Iterator[ConflictCallout]:
    text, places = document.text, document.properties
    end = places.span.end if places.span else 0
    for found in _COMMENTS.finditer(text, 0, end):
        starts = [span.start for span in places.keys.values() if span.start < found.start()]
        start = text.rfind("\n", 0, starts[-1]) + 1 if starts else found.start()
        lines = found[0].rstrip("\r\n").split("\n")
        ours = "\n".join(line.removeprefix(_COMMENT) for line in lines)
        yield ConflictCallout(Span(start, found.start()), Span(*found.span()), ours)


def _in_body(document: Document) -> Iterator[ConflictCallout]:
    text = document.text
    parts = [part for part in elements(text, document.body) if part.depth <= 1]
    for place, part in enumerate(parts):
        found = _TITLE.match(text, part.start) if part.kind == "other" else None
        if found:
            marked = part.span.of(text).rstrip("\r\n")
            count = 0 if found["whole"] else int(found["count"] or 1)
            above = parts[max(0, place - count) : place]
            start = above[0].start if above else part.start
            ours = _QUOTE.sub("", marked.partition("\n")[2])
            end = part.start + len(marked)
            places = Span(start, part.start), Span(part.start, end)
            yield ConflictCallout(*places, ours, is_whole=bool(found["whole"]))
