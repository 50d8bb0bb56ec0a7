"""What readers must not see: comments and the markers of generated blocks."""

from __future__ import annotations

import re

_FENCE = r"^(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^(?P=fence)[ \t]*$|\Z)"
_CODE = r"(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)"
_HIDDEN = re.compile(
    rf"(?P<code>{_FENCE}|{_CODE})|[ \t]*(?:<!--.*?(?:-->|\Z)|%%.*?(?:%%|\Z))",
    re.DOTALL | re.MULTILINE,
)


def without_hidden(text: str) -> str:
    """Return the text without `%%comments%%` and `<!-- comments -->`; code keeps what it shows.

    A comment that is never closed runs to the end of the text.
    """
    return _HIDDEN.sub(lambda found: found["code"] or "", text)
