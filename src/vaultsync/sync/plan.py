"""What a sync is going to do, from what was found: a list of steps, or why it stops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Literal

import msgspec

from vaultsync.core.config import SyncSettings
from vaultsync.markdown import kind_of

Name = Literal["save", "fetch", "merge", "push", "stop"]
# What may be accepted: a stop of this kind is then left out, or what is private let go.
Kind = Literal["", "mass-delete", "older-versions", "let-go"]
# What is let go stays on disk.
Status = Literal["added", "changed", "deleted", "let go"]
_VERBS: Mapping[Status, str] = {"added": "add", "changed": "change", "deleted": "delete"}
# So few deleted notes are an everyday change, unless they are all.
_FEW = 5


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
    of the remote, "" where none is set. `ahead` and `behind` count the commits that only one of
    these has, None where that is not known. `changes` are the files to save, and `notes` how many
    notes there are in `head`. `stops` are what is not known to be safe.
    """

    head: str = ""
    branch: str = ""
    upstream: str = ""
    ahead: int | None = None
    behind: int | None = None
    changes: Mapping[str, Status] = {}
    notes: int = 0
    left_out: tuple[LeftOut, ...] = ()
    stops: tuple[Step, ...] = ()
    notices: tuple[str, ...] = ()


def plan(
    situation: Situation, settings: SyncSettings, accepted: Collection[str] = ()
) -> tuple[Step, ...]:
    """Return the steps; where something is not known to be safe, only the stops.

    `accepted` are kinds of stops that the user has accepted.
    """
    gone = [path for path, status in situation.changes.items() if status == "deleted"]
    came = [path for path, status in situation.changes.items() if status == "added"]
    mass = mass_delete(gone, came, situation.notes, settings, "were deleted here")
    stops = [one for one in (*situation.stops, *mass) if one.kind not in accepted or not one.kind]
    if stops:
        return tuple(stops)
    steps = [Step("save", counted(situation.changes))] if situation.changes else []
    return (*steps, *_exchange(situation)) if situation.upstream else tuple(steps)


def _exchange(situation: Situation) -> Iterator[Step]:
    """Yield what is done with the upstream: what a fetch brings is not known before."""
    upstream = situation.upstream
    if situation.behind:
        yield Step("fetch", upstream)
        yield Step(
            "merge", f"{_of(situation.behind, 'commit')} of {upstream}, and what is new there"
        )
    else:
        yield Step("fetch", f"{upstream}, and merge what is new there")
    if situation.changes or situation.ahead != 0:
        yield Step("push", f"{situation.branch} to {upstream}")


def mass_delete(
    gone: Collection[str], came: Collection[str], count: int, settings: SyncSettings, how: str
) -> tuple[Step, ...]:
    """Return a stop where too many notes are gone; one that came under the same name only moved."""
    names = {path.rpartition("/")[2] for path in came}
    lost = [p for p in gone if kind_of(p) == "note" and p.rpartition("/")[2] not in names]
    is_much = len(lost) >= _FEW or len(lost) == count > 1
    if not is_much or len(lost) <= settings.mass_delete * count:
        return ()
    text = f"{len(lost)} of {count} notes {how}, as {min(lost)}"
    remedy = "put them back, or accept it with `--accept mass-delete`"
    return (Step("stop", text, remedy, "mass-delete"),)


def counted(changes: Mapping[str, Status]) -> str:
    """Return how many files changed, and how: "3 notes and 1 other file: add 1, change 3".

    What is let go is named.
    """
    notes = sum(kind_of(path) == "note" for path in changes)
    others = len(changes) - notes
    kinds = [_of(notes, "note"), _of(others, "other file" if notes else "file")]
    known = Counter(changes.values())
    done = [f"{verb} {known[status]}" for status, verb in _VERBS.items() if known[status]]
    let_go = sorted(path for path, status in changes.items() if status == "let go")
    done += [f"let go {path}" for path in let_go]
    return f"{' and '.join(filter(None, kinds))}: {', '.join(done)}"


def _of(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}" if count else ""
