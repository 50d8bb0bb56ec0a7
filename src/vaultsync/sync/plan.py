"""What a sync is going to do, from what was found: a list of steps, or why it stops."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

import msgspec

from vaultsync.core.config import SyncSettings

Name = Literal["save", "fetch", "merge", "push", "stop"]
# What may be accepted: a stop of this kind is then left out.
Kind = Literal["", "mass-delete", "older-versions"]
Status = Literal["added", "changed", "deleted"]


class Step(msgspec.Struct, frozen=True):
    """A step of a sync, as shown; of a stop also what to do, and as what it may be accepted."""

    name: Name
    text: str
    remedy: str = ""
    kind: Kind = ""


class LeftOut(msgspec.Struct, frozen=True):
    """A file that stays on this machine, by its path in the repository, and why."""

    path: str
    reason: str


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """What is found before a sync. Paths count from the top of the repository.

    `head` is the commit to save on, `branch` its branch. `upstream` is how people call the branch
    of the remote, `others` are the remotes that are left. `changes` are the files to save.
    `stops` are what is not known to be safe.
    """

    head: str = ""
    branch: str = ""
    upstream: str = ""
    others: tuple[str, ...] = ()
    changes: Mapping[str, Status] = {}
    left_out: tuple[LeftOut, ...] = ()
    stops: tuple[Step, ...] = ()
    notices: tuple[str, ...] = ()


def plan(
    situation: Situation, settings: SyncSettings, accepted: Collection[str] = ()
) -> tuple[Step, ...]:
    """Return the steps; where something is not known to be safe, only the stops."""
    if situation.stops:
        return situation.stops
    steps = [Step("save", f"{len(situation.changes)} files")] if situation.changes else []
    if name := situation.upstream:
        steps += [Step("fetch", name), Step("merge", name), Step("push", name)]
    return tuple(steps)
