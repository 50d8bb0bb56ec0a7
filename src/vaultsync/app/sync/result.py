"""What a sync did, or would do."""

from __future__ import annotations

from typing import Literal

import msgspec

from vaultsync.app.sync.merge import Conflict
from vaultsync.core.errors import VaultsyncError
from vaultsync.sync.plan import Kind, LeftOut

Name = Literal["save", "fetch", "merge", "push", "undo", "resolve"]


class Stopped(msgspec.Struct, frozen=True):
    """Why a sync did not do all, what to do about it, and as what it may be accepted."""

    reason: str
    remedy: str = ""
    kind: Kind = ""


class UnsafeError(VaultsyncError):
    """Something is not known to be safe; the second argument is the remedy."""


class Done(msgspec.Struct, frozen=True):
    """A step that was done, or would be."""

    step: Name
    text: str


class SyncResult(msgspec.Struct):
    """What a sync did so far. `saved` and `merged` are commits that it made or took over.

    `conflicts` are those that are left in notes.
    """

    steps: list[Done] = []
    saved: str | None = None
    merged: str | None = None
    pushed: bool = False
    offline: bool = False
    conflicts: tuple[Conflict, ...] = ()
    notices: list[str] = []
    left_out: tuple[LeftOut, ...] = ()
    stopped: Stopped | None = None

    @property
    def exit_code(self) -> int:
        """The exit code: 2 where it stopped, 3 where conflicts are left in notes."""
        return 2 if self.stopped else 3 if self.conflicts else 0
