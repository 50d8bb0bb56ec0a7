"""Commits as values: who changed which notes, and on which day."""

from __future__ import annotations

import datetime

import msgspec

# In the environment of hooks that a sync runs, which does the work of ours itself.
SYNCING = "VAULTSYNC_SYNCING"
_SILENT = frozenset({"", "none", "no", "skip"})


class FileChange(msgspec.Struct, frozen=True, gc=False):
    """A note that a commit changed: its path and content id before and after, None for none."""

    before: str | None
    after: str | None
    old: str | None
    new: str | None


class Commit(msgspec.Struct, frozen=True):
    """A commit: `written` is the author's date and `made` the committer's, ISO 8601 with offset.

    `trailers` are the values of its `Changelog:` lines. `folder` is the vault's, in it, from the
    top level: "" or "vault/".
    """

    id: str
    parents: tuple[str, ...]
    author: str
    written: str
    made: str
    trailers: tuple[str, ...]
    changes: tuple[FileChange, ...]
    folder: str = ""

    @property
    def is_silent(self) -> bool:
        """Whether trailers of the commit replace the report of its changes."""
        return bool(self.trailers)

    @property
    def lines(self) -> tuple[str, ...]:
        """The texts of its trailers, without those that only silence the commit."""
        words = (" ".join(text.split()) for text in self.trailers)
        return tuple(text for text in words if text.lower() not in _SILENT)


def day_of(moment: str, zone: str) -> str:
    """Return the day of a moment, ISO 8601 with offset, in a time zone; "" is that of the text."""
    if not zone:
        return moment[:10]
    import zoneinfo

    there = zoneinfo.ZoneInfo(zone)
    return datetime.datetime.fromisoformat(moment).astimezone(there).date().isoformat()
