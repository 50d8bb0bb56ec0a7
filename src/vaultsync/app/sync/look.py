"""Look at a repository and its vault before a sync; nothing is changed."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from vaultsync.app.sync.along import is_kept_back, sorted_out
from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import GitError
from vaultsync.infra.git.files import SUBMODULE
from vaultsync.infra.git.state import State, read_state, version
from vaultsync.markdown import kind_of
from vaultsync.sync.plan import Situation, Status, Step

_OLDEST = (2, 38)


def look(workspace: Workspace, accepted: Collection[str] = ()) -> Situation:
    """Return what is found.

    Where it is accepted to let them go, files that the settings keep back are no longer tracked.
    Raises `GitError` where there is no repository.
    """
    repo = workspace.need_repository("`vaultsync sync`")
    if version(repo) < _OLDEST:
        remedy = "install git 2.38 or newer: https://git-scm.com/downloads"
        return Situation(stops=(Step("stop", "git is older than 2.38", remedy),))
    try:
        state = read_state(repo)
    except GitError as error:
        remedy = "make it readable, or connect its drive, and run again"
        return Situation(stops=(Step("stop", f"what cannot be read is unknown: {error}", remedy),))
    changes = dict(_changes(workspace, state))
    if "let-go" in accepted:
        changes |= dict.fromkeys(_to_let_go(workspace, state), "let go")
    kept, left_out = sorted_out(workspace, state, changes)
    tracked = (p for p in state.indexed if p.startswith(repo.prefix) and kind_of(p) == "note")
    lost = (path for path, one in changes.items() if one == "deleted" and kind_of(path) == "note")
    return Situation(
        head=state.head,
        branch=state.branch,
        upstream=state.upstream,
        ahead=state.ahead,
        behind=state.behind,
        changes=kept,
        notes=len({*tracked, *lost}),
        left_out=left_out,
        stops=tuple(_stops(workspace, state)),
        notices=tuple(_notices(state)),
    )


def _changes(workspace: Workspace, state: State) -> Iterator[tuple[str, Status]]:
    """Yield the files that are not on disk as the last commit has them.

    What is staged of them does not count, but a file that git ignores and that is in the index no
    more has been let go.
    """
    everywhere = workspace.config.sync.along == "repository"
    new = {row.path for row in state.rows if row.staged == "?"}
    for row in state.rows:
        if not everywhere and not row.path.startswith(state.repo.prefix):
            continue
        # A repository of its own is listed as a folder.
        is_there = row.path.endswith("/") or is_file(Path(state.repo.root, row.path))
        if row.staged in "?A" and is_there:
            yield row.path, "added"
        elif row.staged == "D" and is_there and row.path not in new:
            yield row.path, "let go"
        elif row.staged not in "?A":
            yield row.path, "changed" if is_there else "deleted"


def is_file(place: Path) -> bool:
    """Whether there is a file or a link, and not a folder."""
    return os.path.lexists(place) and (place.is_symlink() or not place.is_dir())


def _to_let_go(workspace: Workspace, state: State) -> list[str]:
    return [path for path in state.indexed if is_kept_back(workspace, path)]


def _notices(state: State) -> Iterator[str]:
    """Yield where nothing goes: there is one upstream."""
    upstream, branch = state.upstream, state.branch
    others = [name for name in state.remotes if not upstream.startswith(f"{name}/")]
    if not state.remotes:
        yield "there is no remote, so what is saved stays here: `git remote add origin ADDRESS`"
    elif branch and not upstream:
        remote = "origin" if "origin" in state.remotes else state.remotes[0]
        way_out = f"`git push -u {remote} {branch}`"
        yield f"{branch} has no upstream, so what is saved stays here: {way_out} sets one"
    elif branch and others:
        yield f"only {upstream} is synced, not: {', '.join(others)}"


def _stops(workspace: Workspace, state: State) -> Iterator[Step]:
    """Yield what is not known to be safe."""
    if state.operation:
        name, end = state.operation
        yield Step("stop", f"a {name} is not completed", f"end it: `{end}`")
    elif state.unmerged:
        remedy = f"settle it and run `git add {state.unmerged[0]}`, or `git merge --abort`"
        yield Step("stop", f"{state.unmerged[0]} has a merge conflict", remedy)
    if not state.operation and not state.branch:
        yield Step(
            "stop",
            "HEAD is detached: no branch is checked out, so that none would have what is saved",
            "make a branch of this state: `git switch -c NAME`, or switch to another: "
            "`git switch BRANCH`",
        )
    elif not state.head:
        yield Step(
            "stop",
            f"the branch {state.branch} has no commit yet",
            "make the first one: `git commit --allow-empty -m Start`; where the remote has a "
            "vault already, clone that instead",
        )
    if state.is_sparse:
        remedy = "check out all of it: `git sparse-checkout disable`"
        yield Step("stop", "only a part of the repository is checked out", remedy)
    yield from _elsewhere(workspace, state)


def _elsewhere(workspace: Workspace, state: State) -> Iterator[Step]:
    """Yield what is not this vault's: staged work of the user, and other repositories in it."""
    prefix = state.repo.prefix
    modules = [path for path, one in state.indexed.items() if one.mode == SUBMODULE]
    if inner := [path for path in modules if path.startswith(prefix)]:
        remedy = f"take it out of the vault, or remove it: `git rm --cached {inner[0]}`"
        yield Step("stop", f"{inner[0]} in the vault is a submodule", remedy)
    staged = [row.path for row in state.rows if row.staged not in ".?u"]
    outside = [path for path in staged if not path.startswith(prefix)]
    if outside and workspace.config.sync.along == "notes":
        remedy = "commit it, or `git restore --staged .` at the top of the repository"
        yield Step("stop", f"{outside[0]} is staged outside the vault", remedy)
