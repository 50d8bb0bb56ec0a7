"""Conflicts of a merge, as git marks them in a text: where they are, and what each side has.

Source: https://git-scm.com/docs/git-merge#_how_conflicts_are_presented.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from vaultsync.core.model import Fact
from vaultsync.markdown.events import markup_spans

# Seven of one character, then perhaps a name. Alone, `=======` underlines a heading.
_EDGE = re.compile(r"^(?:<{7}|>{7})(?:[ ][^\r\n]*)?(?=\r?$)", re.MULTILINE)
_MARK = re.compile(r"(?:<{7}|\|{7}|={7}|>{7})(?:[ ].*)?")
_BOTH = (True, True)
# Behind a mark: whether a line is of our side, and of theirs.
_SIDES = {"<": (True, False), "|": (False, False), "=": (False, True), ">": _BOTH}


def find_conflicts(text: str, body: int) -> tuple[Fact, ...]:
    """Return the conflicts of a note whose body starts at `body`, and marks that are left of one.

    Fenced code may show them, so that there they are text.
    """
    # To search for the marks first takes a tenth of the time.
    marked = "<<<<<<<" in text or ">>>>>>>" in text
    edges = list(_EDGE.finditer(text)) if marked else []
    if not edges:
        return ()
    fenced = [span for span, kind in markup_spans(text, body, "CodeBlock") if "Fenced" in kind]
    starts = [span.start for span in fenced]
    found: list[Fact] = []
    is_open = False
    for edge in edges:
        before = bisect_right(starts, edge.start()) - 1
        if before >= 0 and edge.start() < fenced[before].end:
            continue
        closes = edge[0].startswith(">")
        if closes and not is_open and _is_quote(text, edge):
            continue
        start = found.pop().start if closes and is_open else edge.start()
        found.append(Fact(start, edge.end()))
        is_open = not closes
    return tuple(found)


def _is_quote(text: str, edge: re.Match[str]) -> bool:
    """Whether a line that may end a conflict is one of several lines of a deep quote."""
    above = text.rfind("\n", 0, max(edge.start() - 1, 0)) + 1
    below = text[edge.end() : edge.end() + 3].removeprefix("\r").removeprefix("\n")
    return text.startswith(">", above, edge.start()) or below.startswith(">")


def sides(text: str) -> tuple[str, str]:
    """Return a text with LF line ends as each side of its conflicts has it."""
    ours, theirs = list[str](), list[str]()
    shown = _BOTH
    for line in text.split("\n"):
        mark = _MARK.fullmatch(line)
        if mark and (line[0] in "<>" or shown != _BOTH):
            shown = _SIDES[line[0]]
            continue
        ours += [line] if shown[0] else []
        theirs += [line] if shown[1] else []
    return "\n".join(ours), "\n".join(theirs)
