"""From byte offsets, as pyromark gives them, to code-point offsets."""

from __future__ import annotations

import re
from bisect import bisect_right

# Up to the next wide character: a run is passed faster than its characters one by one.
_TO_WIDE = re.compile("[\x00-\x7f]*+(?P<wide>[^\x00-\x7f]?)")


class Offsets:
    """Maps byte offsets of a text's UTF-8 form to code points, shifted by `base`, and back."""

    def __init__(self, text: str, base: int) -> None:
        """Note where the characters wider than one byte end; an ASCII text costs nothing."""
        self._base = base
        narrow = text.isascii()
        # What to add to each byte offset, where that is the same for all; else 0.
        self.shift = base if narrow else 0
        self._bytes: list[int] = []
        self._points: list[int] = []
        self._surplus: list[int] = [0]
        surplus = 0
        for found in _TO_WIDE.finditer(text) if not narrow else ():
            if not found["wide"]:
                break
            end = found.end()
            surplus += len(found["wide"].encode("utf-8", "surrogatepass")) - 1
            self._points.append(end)
            self._bytes.append(end + surplus)
            self._surplus.append(surplus)

    def __call__(self, byte: int) -> int:
        """Return the code-point offset of a byte offset at the border of a character."""
        if not self._bytes:
            return byte + self._base
        return byte - self._surplus[bisect_right(self._bytes, byte)] + self._base

    def range(self, start: int, end: int) -> tuple[int, int]:
        """Return the code-point offsets of a range of bytes."""
        return self(start), self(end)

    def byte(self, offset: int) -> int:
        """Return the byte offset of a code-point offset."""
        point = offset - self._base
        return point + self._surplus[bisect_right(self._points, point)]
