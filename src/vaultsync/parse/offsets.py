"""From byte offsets, as pyromark gives them, to code-point offsets."""

from __future__ import annotations

import re
from bisect import bisect_right

_WIDE = re.compile("[^\x00-\x7f]")


class Offsets:
    """Maps byte offsets of a text's UTF-8 form to code points, shifted by `base`."""

    def __init__(self, text: str, base: int) -> None:
        """Note where the characters wider than one byte end; an ASCII text costs nothing."""
        self._base = base
        self._ends: list[int] = []
        self._surplus: list[int] = [0]
        surplus = 0
        if not text.isascii():
            for found in _WIDE.finditer(text):
                surplus += len(found.group().encode("utf-8", "surrogatepass")) - 1
                self._ends.append(found.start() + 1 + surplus)
                self._surplus.append(surplus)

    def __call__(self, byte: int) -> int:
        """Return the code-point offset of a byte offset at the border of a character."""
        if not self._ends:
            return byte + self._base
        return byte - self._surplus[bisect_right(self._ends, byte)] + self._base
