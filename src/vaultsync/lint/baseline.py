"""The findings of a vault that are known and not reported, as a file of one line each.

A finding is known by its note, its rule and its message, not by its line, and so often as it was
counted. Line numbers within a message are no part of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import msgspec

from vaultsync.core.errors import ConfigError
from vaultsync.core.model import Document
from vaultsync.core.text import Span

VERSION = 1
_LINE = re.compile(r"\bline \d+")
_SURROGATE = re.compile("[\ud800-\udfff]")

Key = tuple[str, str, str]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A finding that is known, and how often."""

    path: str
    code: str
    message: str
    count: int = 1

    @property
    def key(self) -> Key:
        """What tells findings apart."""
        return self.path, self.code, self.message


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    findings: tuple[Entry, ...]


class Stale(msgspec.Struct, frozen=True):
    """A known finding that is gone, or is less often.

    `count` is how many are left. Where the note is gone, `gone`, it may be known where it is `now`.
    """

    entry: Entry
    count: int = 0
    gone: bool = False
    now: str = ""


class Baseline(msgspec.Struct, frozen=True):
    """A baseline file, as it was read."""

    document: Document
    entries: tuple[Entry, ...]

    def place(self, entry: Entry) -> Span:
        """Return where an entry begins; the start of the file if it is not written as ours are."""
        at = max(self.document.text.find(_line(entry)), 0)
        return Span(at, at)


def key_of(path: str, code: str, message: str) -> Key:
    """Return what a finding is known by."""
    return path, code, _LINE.sub("line N", message)


def read_baseline(path: str, data: bytes) -> Baseline:
    """Read a baseline; `path` is relative to the vault. Raises `ConfigError` if it is none."""
    try:
        text = data.decode()
        read = msgspec.convert(json.loads(text), _File)
    except UnicodeDecodeError as error:
        raise _refusal(path, f"not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise _refusal(path, f"line {error.lineno}: {error.msg}") from None
    except (msgspec.ValidationError, RecursionError) as error:
        raise _refusal(path, str(error)) from None
    if read.version != VERSION:
        raise _refusal(path, f"version {read.version} is not {VERSION}")
    return Baseline(Document(path, "settings", text), read.findings)


def _refusal(path: str, reason: str) -> ConfigError:
    return ConfigError(
        f"{path}: this is no baseline: {reason}: restore it, or make it new with "
        "`vaultsync lint --write-baseline`"
    )


def written(counts: Mapping[Key, int]) -> bytes:
    """Return the text of a baseline, in an order that depends on nothing but the findings."""
    entries = [Entry(*key, count) for key, count in sorted(counts.items())]
    lines = ",\n".join(map(_line, entries))
    inner = f"\n{lines}\n" if lines else ""
    return f'{{"version": {VERSION}, "findings": [{inner}]}}\n'.encode()


def _line(entry: Entry) -> str:
    values = msgspec.structs.asdict(entry)
    if entry.count == 1:
        del values["count"]
    text = json.dumps(values, ensure_ascii=False)
    # A file's name need not be UTF-8.
    return json.dumps(values) if _SURROGATE.search(text) else text
