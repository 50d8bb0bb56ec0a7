"""Sync a vault: save its changes, fetch, merge, check the result, push.

Each step leaves a state from which the next run goes on, wherever this one ends.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection

from vaultsync.app.merge_driver import install_driver
from vaultsync.app.sync.conflicts import remaining
from vaultsync.app.sync.look import look
from vaultsync.app.sync.result import Done, Name, Stopped, SyncResult, UnsafeError
from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import GitError, VaultsyncError
from vaultsync.infra import clock, git
from vaultsync.infra.git import transfer, write
from vaultsync.infra.git.transfer import TransferError, Upstream
from vaultsync.infra.lock import locked
from vaultsync.markdown.conflict_callouts import Choice
from vaultsync.sync.plan import Situation, Step, plan

Report = Callable[[str], None]
_PURPOSE = "`vaultsync sync`"
# How often others may change the branch, here or there, while it is synced.
_TRIES = 5
# Seconds of the first pause, at most; each further one is twice as long.
_PAUSE = 0.1


def planned(workspace: Workspace, accepted: Collection[str] = ()) -> SyncResult:
    """Return what a sync would do by what is known here; nothing is changed, nor fetched."""
    result, situation = SyncResult(), look(workspace, accepted)
    result.left_out, result.notices = situation.left_out, [*situation.notices]
    for step in plan(situation, workspace.config.sync, accepted):
        if step.name == "stop":
            result.stopped = result.stopped or Stopped(step.text, step.remedy, step.kind)
        else:
            result.steps.append(Done(step.name, step.text))
    return result


def sync(
    workspace: Workspace,
    report: Report,
    accepted: Collection[str] = (),
    first: Callable[[], list[Done]] = list,
) -> SyncResult:
    """Sync a vault with the upstream of its branch; `accepted` are kinds of stops.

    `first` is done before, and returns its steps.
    Raises `VaultsyncError` where there is no repository, or another run in progress.
    """
    result = SyncResult()
    run = _Run(workspace, report, result, accepted)

    def act(repo: git.Repository) -> None:
        try:
            install_driver(repo)
        except GitError as error:
            # No word waits for a setting.
            result.notices.append(f"the merge driver is not set up: {error}")
        result.steps += first()
        run.repeated()

    _alone(workspace, result, act)
    return result


def undo(workspace: Workspace, report: Report) -> SyncResult:
    """Take back what the last sync moved."""
    from vaultsync.app.sync.undoing import undo_last

    result = SyncResult()
    report("taking back the last step")
    _alone(workspace, result, lambda _: undo_last(workspace, result))
    return result


def resolve(
    workspace: Workspace, choice: Choice | None, paths: list[str] | None, report: Report
) -> SyncResult:
    """Keep one version, or both, where conflicts are left in notes, and sync what remains."""
    from vaultsync.app.sync.conflicts import resolved

    return sync(workspace, report, first=lambda: resolved(workspace, choice, paths))


def _alone(workspace: Workspace, result: SyncResult, act: Callable[[git.Repository], None]) -> None:
    """Hold the lock, complete what a killed run left, and act; a problem is part of the result."""
    repo = workspace.need_repository(_PURPOSE)
    with locked(write.git_path(repo, "vaultsync/sync.lock")):
        try:
            from vaultsync.infra.git.checkout import is_pending

            if is_pending(repo):
                from vaultsync.app.sync.moving import complete

                result.notices += complete(workspace)
            act(repo)
        except UnsafeError as error:
            result.stopped = Stopped(*error.args)
        except VaultsyncError as error:
            result.stopped = Stopped(str(error))
        result.conflicts = remaining(workspace, repo)


class _Run:
    """The steps of a sync, as often as they are needed."""

    def __init__(
        self, workspace: Workspace, report: Report, result: SyncResult, accepted: Collection[str]
    ) -> None:
        self._root, self._cached = workspace.root, workspace.cached
        self._report, self._result, self._accepted = report, result, accepted
        self._repo = workspace.need_repository(_PURPOSE)
        # What git printed where somebody else was faster.
        self._faster = ""

    def repeated(self) -> None:
        """Do the steps until nothing is left to be done again."""
        for tries in range(_TRIES):
            if tries:
                time.sleep(random.uniform(0, _PAUSE * 2**tries))  # noqa: S311 - not a secret
            if self.is_done():
                return
        # A lock that a killed git left looks the same: the message of git names it.
        reason = self._faster or "the branch is changed by others all the time"
        self._result.stopped = Stopped(reason, "run it again")

    @property
    def _workspace(self) -> Workspace:
        """The vault as it is now."""
        return Workspace(self._root, cached=self._cached)

    def is_done(self) -> bool:
        """Do the steps; return whether nothing is left to be done again."""
        workspace, result = self._workspace, self._result
        situation = look(workspace, self._accepted)
        result.left_out = situation.left_out
        result.notices += [one for one in situation.notices if one not in result.notices]
        for step in plan(situation, workspace.config.sync, self._accepted):
            if step.name == "stop":
                self._stop(step)
                return True
            if step.name == "save" and not self._save(workspace, situation, step):
                return result.stopped is not None
            if step.name == "fetch":
                return self._exchange(situation)
        return True

    def _save(self, workspace: Workspace, situation: Situation, step: Step) -> bool:
        from vaultsync.app.sync.save import save

        self._report(f"saving {step.text}")
        saved = save(workspace, situation, clock.stamp())
        self._result.notices += saved.notices
        if saved.refused:
            remedy = f"mend it and run again; the words are kept as {saved.ref}"
            self._result.stopped = Stopped(f"a hook refused the commit: {saved.refused}", remedy)
        if saved.commit:
            self._result.saved = saved.commit
            self._did("save", step.text)
        return saved.commit is not None

    def _exchange(self, situation: Situation) -> bool:
        """Fetch, merge and push; False where somebody else was faster."""
        source = transfer.upstream(self._repo, situation.branch)
        if source is None:
            remedy = f"set it once: `git push -u origin {situation.branch}`"
            reason = f"the upstream of {situation.branch} is not on a remote"
            self._result.stopped = Stopped(reason, remedy)
            return True
        try:
            self._fetch(source)
            return self._merge(source) and self._push(source)
        except TransferError as error:
            if error.kind == "faster":
                self._faster = str(error)
                return False
            if error.kind == "offline":
                self._result.offline = True
                self._result.notices.append(f"offline, so what is saved stays here: {error}")
                return True
            self._result.stopped = Stopped(str(error), error.remedy)
            return True

    def _fetch(self, source: Upstream) -> None:
        self._report(f"fetching {source.name}")
        there = transfer.remote_head(self._repo, source)
        if there and there != git.commit_named(self._repo, source.tracking):
            transfer.fetch(self._repo, source)
            self._did("fetch", source.name)

    def _merge(self, source: Upstream) -> bool:
        """Merge what was fetched; False where the branch was moved meanwhile."""
        theirs, ours = git.commit_named(self._repo, source.tracking), git.head(self._repo)
        if theirs is None or git.is_ancestor(self._repo, theirs, ours):
            return True
        from vaultsync.app.sync.moving import merge, refuse_unsafe

        refuse_unsafe(self._workspace, ours, theirs, self._accepted)
        self._report(f"merging {source.name}")
        merged = merge(self._workspace, ours, theirs)
        if merged:
            self._result.merged = merged.commit
            self._result.notices += merged.notices
            self._did("merge", source.name)
        return merged is not None

    def _push(self, source: Upstream) -> bool:
        ours = git.head(self._repo)
        if ours is None or ours == git.commit_named(self._repo, source.tracking):
            return True
        from vaultsync.app.sync.pushing import checked_target, forget_old

        target, notices = checked_target(self._workspace, source)
        self._report(f"pushing to {target.name}")
        transfer.push(self._repo, target, ours)
        forget_old(self._repo, source)
        self._result.notices += notices
        self._result.pushed = True
        self._did("push", target.name)
        return True

    def _stop(self, step: Step) -> None:
        self._result.stopped = Stopped(step.text, step.remedy, step.kind)

    def _did(self, step: Name, text: str) -> None:
        self._result.steps.append(Done(step, text))
