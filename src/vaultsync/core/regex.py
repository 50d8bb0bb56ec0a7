"""Groups of a regular expression that are repeated as often as can be, and give nothing back."""

from __future__ import annotations

import sys
from typing import Literal

# Before, such a group may match too much: https://github.com/python/cpython/issues/100061 and
# https://github.com/python/cpython/issues/106052.
SOUND = sys.version_info >= (3, 11, 5)


def possessive(pattern: str, times: Literal["*", "+"] = "*", *, sound: bool = SOUND) -> str:
    """Return the pattern that repeats another one so.

    Where Python's own form is not `sound` it is an atomic group, which takes memory each time.
    """
    return f"(?:{pattern}){times}+" if sound else f"(?>(?:{pattern}){times})"
