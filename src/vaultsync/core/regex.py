"""Possessive groups of regular expressions, in a form that all Python versions support."""

from __future__ import annotations

import sys
from typing import Literal

# In earlier versions such a group may match too much:
# https://github.com/python/cpython/issues/100061 and
# https://github.com/python/cpython/issues/106052.
POSSESSIVE_WORKS = sys.version_info >= (3, 11, 5)


def possessive_group(
    pattern: str, times: Literal["*", "+"] = "*", *, native: bool = POSSESSIVE_WORKS
) -> str:
    """Return a pattern that repeats another one as often as possible, without backtracking.

    Where Python's own form does not work (`native` False) it is an atomic group, which takes
    memory for each repetition.
    """
    return f"(?:{pattern}){times}+" if native else f"(?>(?:{pattern}){times})"
