"""The findings of a vault that are known and not reported, as a file with a line for each.

A finding is known by its note, rule and message, not by its line, and as often as it was counted.
Line numbers within a message do not count.
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
        """What identifies a finding."""
        return self.path, self.code, self.message


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    findings: tuple[Entry, ...]


class Stale(msgspec.Struct, frozen=True):
    """A known finding that is gone, or occurs less often.

    `count` is how many are left. If the note is `gone`, `now` is its new path, or "" if not known.
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
        """Return where an entry begins; the start of the file if it is written in another form."""
        at = max(self.document.text.find(_line(entry)), 0)
        return Span(at, at)


def key_of(path: str, code: str, message: str) -> Key:
    """Return what identifies a finding."""
    return path, code, _LINE.sub("line N", message)


def read_baseline(path: str, data: bytes) -> Baseline:
    """Read a baseline; `path` is relative to the vault. Raises `ConfigError` if it is invalid."""
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
        f"{path}: this is not a baseline: {reason}: restore it, or make it new with "
        "`vaultsync lint --write-baseline`"
    )


def baseline_bytes(counts: Mapping[Key, int]) -> bytes:
    """Return the bytes of a baseline, in an order that depends only on the findings."""
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
