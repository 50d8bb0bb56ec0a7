"""Whether a claim changed since a person checked it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import msgspec


class Claim(msgspec.Struct, frozen=True):
    """A note's first paragraph and when a person checked it, in the version of a day."""

    day: str
    text: str | None
    checked: str | None


def last_reworded(versions: Sequence[Claim]) -> str | None:
    """Return the day on which a claim last changed, None where it was checked in the same step.

    `versions` come newest first; what is before the oldest is nothing.
    """
    for version, before in pairwise([*versions, Claim("", None, None)]):
        if version.text != before.text:
            return version.day if version.checked == before.checked else None
    return None
