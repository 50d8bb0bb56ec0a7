"""The lines that the changelog writes. Whatever else a line says, its words are the author's."""

from __future__ import annotations

import functools
import re

import msgspec

WIKILINK = r"\[\[(?:(?!\[\[|\]\]).)+\]\]"
_W = f"(?P<what>{WIKILINK})"
# By kind of change: the verb and what it is said of, then an `extra` that tells two such lines
# apart and a `detail` that follows the notes for as long as the line is not committed.
_FORMS = {
    "added": f"(?P<verb>Added) {_W}",
    "retired": f"(?P<verb>Retired) {_W}",
    "answered": f"(?P<verb>Answered) {_W}",
    "removed": "(?P<verb>Removed) (?P<what>“(?P<extra>.+)”)",
    "merged": f"(?P<verb>Merged) (?P<what>“(?P<extra>.+)” into {WIKILINK})",
    "linked": f"(?P<verb>Linked) (?P<what>{WIKILINK} with {WIKILINK})",
    "renamed": f"(?P<verb>Renamed) {_W}, before: .+",
    "reworded": rf"(?P<verb>Reworded) {_W}(?P<detail>(?:: “.*” → “.*”)?(?: \(an? .+ changed\))?)",
    "moved": f"(?P<verb>Moved) {_W}(?P<detail>, (?P<extra>[^:]+): (?P<old>.+) → (?P<new>.+))",
    "changed": f"(?P<verb>Changed) {_W}(?P<detail>: .+)",
    "cited": f"(?P<verb>Cited in) {_W}: (?P<extra>.+)",
    "uncited": f"(?P<verb>No longer cited in) {_W}: (?P<extra>.+)",
    "asked": f"(?P<verb>Asked in) {_W}: “(?P<extra>.+)”",
    "answered in": f"(?P<verb>Answered in) {_W}: “(?P<extra>.+)”",
    "dropped": f"(?P<verb>Dropped from) {_W}: “(?P<extra>.+)”",
    "refiled": r"(?P<verb>Moved) (?P<what>\d+ notes from (?P<extra>`.+` to `.+`))",
}
_PATTERNS = {kind: re.compile(form) for kind, form in _FORMS.items()}
_LINK = re.compile(WIKILINK)


class Entry(msgspec.Struct, frozen=True):
    """A line of ours: its kind, its verb, what that is said of, and the links it begins with.

    `old` and `new` are the values of a property that moved.
    """

    kind: str
    verb: str
    what: str
    links: tuple[str, ...]
    extra: str = ""
    detail: str = ""
    old: str = ""
    new: str = ""


@functools.lru_cache(maxsize=4096)
def read_entry(line: str) -> Entry | None:
    """Read a line of the journal; None where it is the author's."""
    for kind, pattern in _PATTERNS.items():
        found = pattern.fullmatch(line)
        if found:
            parts = {name: text or "" for name, text in found.groupdict().items()}
            return Entry(kind, links=tuple(_LINK.findall(parts["what"])), **parts)
    return None
