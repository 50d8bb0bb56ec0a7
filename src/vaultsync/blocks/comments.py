"""Leave the comments of a note out, and find its code, in which nothing is a comment."""

from __future__ import annotations

import re

from vaultsync.core.text import Span
from vaultsync.markdown.events import Offsets, block_starts, depends_on_definitions, events

OPENING = re.compile(r"%%|<!--")
MARKER = re.compile(r"<!--\s*(/?)vaultsync\b(?!-\w)")
# The destination, title or label of a link with what else would open code, mathematics or HTML.
_MAY_HIDE_CODE = re.compile(
    r"\]\(\s*(?:<|\S*[`$<]|\S+\s+[\"'(])|\]\[(?:[^\]\\]|\\.)*[`$<]|\[\^[^\]]*[`$<]", re.DOTALL
)
_REST_OF_LINE = re.compile(r"[ \t]*(?:\n|\Z)")
_BLANK_LINES = re.compile(r"(?:[ \t]*\n)*")
_SPACES = re.compile(r"[ \t]*")


def without_comments(text: str, *, keep_markers: bool = False) -> str:
    """Return a body, with LF line ends, without `%%comments%%` and `<!-- comments -->`.

    Code keeps what it shows. A comment that is never closed runs to the end of the text. Lines
    that held nothing else go, too. Source: https://help.obsidian.md/syntax#Comments.
    """
    text = text.replace("\r\n", "\n")
    at = seen = base = 0
    fenced = False
    local = not depends_on_definitions(text)
    while found := OPENING.search(text, at):
        start, inside = found.start(), None
        # In a long text only what was not looked at, and where a fence may begin just before that.
        since, seen = max(min(seen, at) - 2, 0), start
        fenced = fenced or any(text.find(mark, since, start) >= 0 for mark in ("```", "~~~"))
        if fenced or _may_be_code(text, start):
            # A comment may hide what opens or closes code, so each is taken out before the next.
            inside, base = _code_around(text, start, base, local=local)
        if inside:
            at = inside.end
        elif keep_markers and MARKER.match(text, start):
            at = found.end()
        else:
            text, at = _cut(text, start, _end(text, found))
    return text


def _may_be_code(text: str, at: int) -> bool:
    """Whether there may be code, by what opens it but a fence: marks in its paragraph, an indent.

    It spares the reading of most texts.
    """
    paragraph, line = text.rfind("\n\n", 0, at) + 1, text.rfind("\n", 0, at) + 1
    openers = (("`", paragraph), ("    ", line), ("\t", line))
    return any(text.find(mark, start, at) >= 0 for mark, start in openers)


def _code_around(text: str, at: int, base: int, *, local: bool) -> tuple[Span | None, int]:
    """Return the code that contains `at`, and from where to read for what follows it.

    A block begins at `base`. Read is only what is around: up to a blank line, which ends what is
    in line; twice as far as from `base`, so that long code is read few times. With not `local` a
    definition elsewhere may make a link of what would open code, and then all is read.
    """
    end = text.find("\n\n", 2 * at - base)
    piece = text[base:] if end < 0 else text[base:end]
    # What is cut on this line may join what follows to the block above it.
    line = text.rfind("\n", 0, at) + 1
    starts = (base + start for start in block_starts(piece))
    following = max((start for start in starts if start < line), default=base)
    if not local and _MAY_HIDE_CODE.search(piece):
        piece, base = text, 0
    code = (Span(base + span.start, base + span.end) for span in code_spans(piece))
    return next((span for span in code if span.start <= at < span.end), None), following


def code_spans(text: str) -> tuple[Span, ...]:
    """Return the places of code in a body, in line or as a block."""
    at = Offsets(text, 0)
    return tuple(
        Span(at(place["start"]), at(place["end"]))
        for event, place in events(text)
        if isinstance(event, dict)
        and ("Code" in event or "CodeBlock" in (event.get("Start") or ()))
    )


def _end(text: str, opening: re.Match[str]) -> int:
    # `<!-->` is a comment: https://html.spec.whatwg.org/multipage/syntax.html#comments.
    mark, start = ("%%", opening.end()) if opening[0] == "%%" else ("-->", opening.start() + 2)
    end = text.find(mark, start)
    return len(text) if end < 0 else end + len(mark)


def _cut(text: str, start: int, end: int) -> tuple[str, int]:
    """Return the text without a range, and where what follows it now begins."""
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip(" \t"):
        start = line + len(text[line:start].rstrip(" \t"))
    elif rest := _REST_OF_LINE.match(text, end):
        start, end = line, rest.end()
        if start == 0 or text[max(start - 2, 0) : start] in {"\n", "\n\n"}:
            end = _behind(_BLANK_LINES, text, end)
    else:
        end = _behind(_SPACES, text, end)
    return text[:start] + text[end:], start


def _behind(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
