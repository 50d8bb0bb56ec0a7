"""Sync a vault: save its changes, fetch, merge, check the result, push.

Each step leaves a state from which the next run goes on, wherever this one ends.
"""

from __future__ import annotations

import platform
import random
import time
from collections.abc import Callable
from typing import Any

import msgspec

from vaultsync.app.sync.look import look
from vaultsync.app.sync.merge import Conflict
from vaultsync.app.workspace import Workspace
from vaultsync.infra import clock, git
from vaultsync.infra.git import transfer, write
from vaultsync.infra.lock import locked
from vaultsync.sync.plan import Name, Situation, Step, plan

Report = Callable[[str], None]
# How often others may push before us.
_TRIES = 5


class Stopped(msgspec.Struct, frozen=True):
    """Why a sync did not do all, and what to do about it."""

    reason: str
    remedy: str


class Done(msgspec.Struct, frozen=True):
    """A step that was done, or would be."""

    step: Name
    text: str


class LeftOut(msgspec.Struct, frozen=True):
    """A file that does not go along, and why."""

    path: str
    reason: str


class SyncResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a sync did; the commits are those that it made or took over."""

    steps: tuple[Done, ...] = ()
    saved: str | None = None
    merged: str | None = None
    pushed: bool = False
    offline: bool = False
    conflicts: tuple[Conflict, ...] = ()
    notices: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    stopped: Stopped | None = None

    @property
    def exit_code(self) -> int:
        """The exit code: 2 where it stopped, 3 where conflicts are left in notes."""
        return 2 if self.stopped else 3 if self.conflicts else 0


def planned(workspace: Workspace) -> SyncResult:
    """Return what a sync would do by what is known here; nothing is changed, nor fetched."""
    run = _Run(workspace, lambda _: None)
    return run.planned(look(workspace))


def sync(workspace: Workspace, report: Report) -> SyncResult:
    """Sync a vault with the upstream of its branch."""
    repo = workspace.need_repository("`vaultsync sync`")
    with locked(write.git_path(repo, "vaultsync/sync.lock")):
        return _Run(workspace, report).result()


class _Run:
    """A sync: what it has done so far."""

    def __init__(self, workspace: Workspace, report: Report) -> None:
        self._workspace, self._report = workspace, report
        self._repo = workspace.need_repository("`vaultsync sync`")
        self._found: dict[str, Any] = {}
        self._steps = list[Done]()

    def planned(self, situation: Situation) -> SyncResult:
        for step in plan(situation):
            if step.step == "stop":
                self._stop(step)
            else:
                self._steps.append(Done(step.step, step.text))
        return self._end()

    def result(self) -> SyncResult:
        """Do what is to be done."""
        from vaultsync.app.sync.moving import complete

        if completed := complete(self._workspace):
            self._notice(f"completed what a killed run began: {completed}")
        situation = look(self._workspace)
        steps = plan(situation)
        if steps and steps[0].step == "stop":
            self._stop(steps[0])
            return self._end()
        self._save(situation)
        source = transfer.upstream(self._repo, situation.branch)
        if source is None:
            for step in steps[-1:]:
                if step.step == "stop":
                    self._stop(step)
            return self._end()
        self._exchange(source)
        return self._end()

    def _save(self, situation: Situation) -> None:
        if situation.changed:
            from vaultsync.app.sync.save import save

            self._report(f"saving {len(situation.changed)} files")
            saved = save(self._workspace, situation, clock.stamp())
            self._found["saved"] = saved.commit
            self._steps.append(Done("save", f"{len(situation.changed)} files"))

    def _exchange(self, source: transfer.Upstream) -> None:
        """Fetch, merge and push, again where somebody else was faster."""
        try:
            for tries in range(_TRIES):
                if tries:
                    time.sleep(random.uniform(0, 0.2 * 2**tries))  # noqa: S311 - not a secret
                self._fetch(source)
                self._merge(source)
                if self._push(source):
                    return
        except transfer.TransferError as error:
            if error.kind != "offline":
                self._stop(Step("stop", str(error), "run `vaultsync doctor`"))
                return
            self._found["offline"] = True
            self._notice(f"offline: what was saved stays here: {error}")
            return
        self._stop(Step("stop", f"others push to {source.name} all the time", "run it again"))

    def _fetch(self, source: transfer.Upstream) -> None:
        self._report(f"fetching {source.name}")
        there = transfer.remote_head(self._repo, source)
        if there and there != git.commit_named(self._repo, source.tracking):
            transfer.fetch(self._repo, source)
            self._steps.append(Done("fetch", source.name))

    def _merge(self, source: transfer.Upstream) -> None:
        theirs, ours = git.commit_named(self._repo, source.tracking), git.head(self._repo)
        if theirs is None or theirs == ours or git.is_ancestor(self._repo, theirs, ours):
            return
        from vaultsync.app.sync.moving import merge

        self._report(f"merging {source.name}")
        merged = merge(self._workspace, ours, theirs, platform.node())
        self._found |= {"merged": merged.commit, "conflicts": merged.conflicts}
        for notice in merged.notices:
            self._notice(notice)
        self._steps.append(Done("merge", source.name))

    def _push(self, source: transfer.Upstream) -> bool:
        ours = git.head(self._repo)
        if ours is None or ours == git.commit_named(self._repo, source.tracking):
            return True
        self._report(f"pushing to {source.name}")
        try:
            transfer.push(self._repo, source, ours)
        except transfer.TransferError as error:
            if error.kind == "faster":
                return False
            raise
        self._found["pushed"] = True
        self._steps.append(Done("push", source.name))
        return True

    def _stop(self, step: Step) -> None:
        self._found["stopped"] = Stopped(step.text, step.remedy)

    def _notice(self, text: str) -> None:
        self._found["notices"] = (*self._found.get("notices", ()), text)

    def _end(self) -> SyncResult:
        return SyncResult(steps=tuple(self._steps), **self._found)
