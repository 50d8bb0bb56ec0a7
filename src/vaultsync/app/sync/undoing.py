"""Take back the last step that moved the branch, or the one before where that is taken back."""

from __future__ import annotations

from vaultsync.app.sync.files import file_merge, machine_name
from vaultsync.app.sync.merge import merge_commits
from vaultsync.app.sync.result import Done, Stopped, SyncResult
from vaultsync.app.workspace import Workspace
from vaultsync.infra import clock, git
from vaultsync.infra.git import branch, write
from vaultsync.infra.git.checkout import Move, advance

_UNDO = "undo"


def undo_last(workspace: Workspace, result: SyncResult) -> None:
    """Take back the last step: the branch goes back, or where others know it, a commit does so.

    Of a save the words stay on disk. What was changed on disk since then stays everywhere.
    """
    repo = workspace.need_repository("`vaultsync sync`")
    kept = {name: old for name, old in branch.backups(repo).items() if not name.endswith(_UNDO)}
    if not kept:
        result.stopped = Stopped("there is no step of a sync to take back")
        return
    name, before = [*kept.items()][-1]
    step, now = name.rpartition("-")[2], git.head(repo)
    after = branch.moved_to(repo, name) or now or before
    new = before if now == after and not _is_shared(repo, step, after) else None
    by_commit = new is None
    if new is None:
        new = _reverting(workspace, before, after, now or after)
    move = Move(f"{clock.stamp()}-{_UNDO}", now, new, checks_out=by_commit or step != "save")
    if new != now and not advance(repo, move, file_merge(workspace)):
        result.stopped = Stopped("the branch moved meanwhile", "run it again")
        return
    branch.update_refs(repo, [f"delete {branch.BACKUPS}{name}"], f"vaultsync sync: {_UNDO}")
    how = "by a new commit, which the next sync pushes" if by_commit else "the branch is back"
    if by_commit and step != "save":
        how += ", so that others lose it too"
    result.steps.append(Done("undo", f"{step} of {name.partition('-')[0]}: {how}"))


def _is_shared(repo: git.Repository, step: str, commit: str) -> bool:
    """Whether a commit of ours is on a remote; what came from there always is."""
    options = ("--format=%(refname)", "--contains", commit, "--count=1", "refs/remotes/")
    return step != "forward" and bool(git.run(repo, "for-each-ref", *options))


def _reverting(workspace: Workspace, before: str, after: str, now: str) -> str:
    """Return a commit on top of the branch in which a step is taken back, and nothing after it."""
    repo = workspace.need_repository("`vaultsync sync`")
    # As if the branch and what was before had both come of what the step made.
    base = write.add_base(repo, f"{after}^{{tree}}", ())
    sides = [write.add_base(repo, f"{one}^{{tree}}", [base]) for one in (now, before)]
    tree = merge_commits(workspace, sides[0], sides[1], machine_name(workspace)).tree
    if tree == git.resolve(repo, f"{now}^{{tree}}"):
        return now
    subject = git.run(repo, "show", "-s", "--format=%s", after).decode(errors="replace").strip()
    return write.commit(repo, tree, [now], f"Take back {after[:10]}: {subject}\n")
