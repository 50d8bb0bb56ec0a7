"""Names of files that are one name on some systems, or none."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

# Of a file system's name, in bytes of UTF-8.
_LONGEST = 255


def twins(paths: Iterable[str], others: Iterable[str]) -> dict[str, str]:
    """Return the paths that differ from another in letter case or Unicode form alone, with it.

    So may folders in them: "a/x" and "A/y" are in one folder there.
    """
    wanted = [*paths]
    known: dict[str, str] = {}
    for path in (*others, *wanted) if wanted else ():
        for part in _parts(path):
            known.setdefault(_key(part), part)
    found = ((path, (part, known[_key(part)])) for path in wanted for part in _parts(path))
    return {path: first for path, (part, first) in found if part != first}


def _parts(path: str) -> list[str]:
    """Return the folders of a path, and the path."""
    names = path.split("/")
    return ["/".join(names[: end + 1]) for end in range(len(names))]


def _key(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def is_too_long(path: str) -> bool:
    """Whether a name in a path has more bytes than a file system can hold."""
    return any(len(name.encode("utf-8", "surrogateescape")) > _LONGEST for name in path.split("/"))
