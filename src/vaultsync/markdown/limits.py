"""Texts whose reading takes time that grows faster than they do. They are refused.

For every line pulldown-cmark looks at all quotes and lists that are open, and for the end of every
embed at those around it.
"""

from __future__ import annotations

import re

from vaultsync.core.regex import possessive
from vaultsync.core.text import Lines

MAX_STEPS = 200_000_000
# All that may stand before the text of a line. A list mark has a blank behind it.
_MARK = r"[ \t>]++|(?:[-+*]|\d{1,9}[.)])(?![^ \t\r\n])"
_MARKS = re.compile(rf"(?:^|\r)(?P<marks>{possessive(_MARK, '+')})", re.MULTILINE)
_EMBED = re.compile(r"!\[\[|\]\]|(?:\r\n?|\n)[ \t>]*[\r\n]")


def too_deep(text: str) -> str | None:
    """Return why a text cannot be read in good time, None where it can."""
    # Two factors whose sum is bound by the length.
    if len(text) ** 2 < 4 * MAX_STEPS:
        return None
    lines = text.count("\n") + text.count("\r") + 1
    # `splitlines` parts the text wherever a line ends, and at what is no mark.
    if max(map(len, text.splitlines())) * lines > MAX_STEPS and (deep := _deep_marks(text, lines)):
        return deep
    if text.count("![[") * text.count("]]") > MAX_STEPS and _embed_steps(text) > MAX_STEPS:
        return "too many embeds stand inside each other"
    return None


def _deep_marks(text: str, lines: int) -> str | None:
    marks = max(_MARKS.finditer(text), key=lambda found: len(found["marks"]), default=None)
    if marks and len(marks["marks"]) * lines > MAX_STEPS:
        where = Lines(text).position(marks.start("marks"))[0]
        size = f"{len(marks['marks'])} characters of quote and list marks"
        return f"line {where} starts with {size}, too many for a note of {lines} lines"
    return None


def _embed_steps(text: str) -> int:
    depth = steps = 0
    for found in _EMBED.finditer(text):
        if found[0] == "![[":
            depth += 1
        elif found[0] == "]]":
            steps += depth
            depth = max(depth - 1, 0)
        else:
            depth = 0
    return steps
