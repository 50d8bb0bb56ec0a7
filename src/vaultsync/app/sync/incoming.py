"""What comes in with a fetch: whether it is known to be safe."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing

from vaultsync.app.workspace import Workspace
from vaultsync.infra import git
from vaultsync.infra.git import Repository
from vaultsync.infra.git.files import RAW, RawChange, parse_raw_change, raw_diff, whole_tree
from vaultsync.infra.git.state import in_force
from vaultsync.lint.rules.files import windows_reason
from vaultsync.markdown import kind_of
from vaultsync.sync.names import is_too_long, twins
from vaultsync.sync.plan import Step, mass_delete

# So many notes that go back to an older version are no accident of one merge.
_SEVERAL = 3
# How many commits back older versions are looked for.
_DEPTH = 1000
_DIFF = ("diff-tree", "-r", "--no-renames")


def unsafe(
    workspace: Workspace,
    ours: str,
    theirs: str,
    accepted: Collection[str] = (),
    system: str = os.name,
) -> tuple[Step, ...]:
    """Return what stops a merge of what comes in, but for the kinds that are accepted."""
    repo = workspace.need_repository("`vaultsync sync`")
    base = git.commit_named(repo, f"{ours}...{theirs}")
    if base is None:
        return (_unrelated(repo),)
    rows = raw_diff(repo, _DIFF, base, theirs)
    stops = [*_unnameable(repo, rows, theirs, system)]
    if "mass-delete" not in accepted:
        gone = [row.before for row in rows if row.status == "D"]
        came = [row.after for row in rows if row.status == "A"]
        count = sum(kind_of(path) == "note" for path in whole_tree(repo, base))
        settings, how = workspace.config.sync, f"are deleted by {_short(theirs)}"
        stops += mass_delete(gone, came, count, settings, how)
    if "older-versions" not in accepted:
        stops += _older(repo, rows, base, theirs)
    return tuple(stops)


def _short(commit: str) -> str:
    return commit[:10]


def _unrelated(repo: Repository) -> Step:
    if repo.is_shallow:
        remedy = "fetch it: `git fetch --unshallow`"
        return Step("stop", "the history here was cut off before both branches met", remedy)
    return Step(
        "stop",
        "the branch and its upstream have no commit in common",
        "check the address of the remote; if it is right, merge once with "
        "`git merge --allow-unrelated-histories`",
    )


def _unnameable(
    repo: Repository, rows: list[RawChange], theirs: str, system: str
) -> Iterator[Step]:
    """Yield names that come in and that this system cannot hold, or takes for another."""
    new = [row.after for row in rows if row.status == "A"]
    remedy = "rename it where it was made, and sync there"
    for path in new:
        reason = next(filter(None, map(windows_reason, path.split("/"))), "")
        if is_too_long(path) or (reason and system == "nt"):
            yield Step("stop", f"{path} comes in: this system cannot hold the name", remedy)
    if new and in_force(repo).is_set("core.ignorecase"):
        for path, other in twins(new, whole_tree(repo, theirs).keys() - {*new}).items():
            yield Step("stop", f"{path} comes in: here it is the same file as {other}", remedy)


def _older(repo: Repository, rows: list[RawChange], base: str, theirs: str) -> Iterator[Step]:
    """Yield a stop where several notes come in as they were before what both sides had."""
    changed = {r.after: r.new.id for r in rows if r.status == "M" and kind_of(r.after) == "note"}
    if len(changed) < _SEVERAL:
        return
    old = [*_former(repo, base, changed)]
    if len(old) >= _SEVERAL:
        yield Step(
            "stop",
            f"{_short(theirs)} puts older versions of {len(old)} notes back, as of {min(old)}",
            f"see `git log -p HEAD..{_short(theirs)}`; accept it with `--accept older-versions`, "
            "or take it back where it was made",
            "older-versions",
        )


def _former(repo: Repository, base: str, wanted: Mapping[str, str]) -> Iterator[str]:
    """Yield the paths that had these versions before, of which each is found once."""
    options = ("--format=", "--no-renames", f"--max-count={_DEPTH}", "--end-of-options")
    left = dict(wanted)
    with closing(git.stream(repo, "log", *RAW, *options, base, "--")) as fields:
        for field in fields:
            row = parse_raw_change(field.lstrip("\n"), fields)
            if left and left.get(row.before) == row.old.id:
                yield row.before
                del left[row.before]
