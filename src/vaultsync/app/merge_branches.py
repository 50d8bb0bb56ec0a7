"""Merge the base into the open branches of a repository, where no merge driver runs: on the host.

Branches are never forced. A clash is pushed, as it is by `vaultsync sync`: both versions are there.
What is a stranger's, as the name of a branch, is an argument of git behind other text, or text.
"""

from __future__ import annotations

import re
import shlex
import tempfile
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from vaultsync.app.sync.merge import Conflict, TreeMerge, merge_commits
from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import VaultsyncError
from vaultsync.core.text import printable
from vaultsync.infra import git
from vaultsync.infra.git import as_text, write
from vaultsync.infra.git.merge import merge_bases
from vaultsync.infra.git.transfer import TransferError, Upstream, fetch, push, tracking
from vaultsync.infra.github import Host, Pull

_PURPOSE = "`vaultsync merge-branches`"
_REMOTE = "origin"
# A branch that others push to is tried so often.
_TIMES = 3
# So many paths are in a comment.
_MOST = 50
State = Literal["merged", "conflict", "up to date", "fork", "failed"]


class Outcome(msgspec.Struct, frozen=True):
    """What became of a pull request, and what a person should know of it."""

    pull: Pull
    state: State
    remarks: tuple[str, ...] = ()


def merge_branches(workspace: Workspace, host: Host, base: str, site: str) -> Iterator[Outcome]:
    """Merge the base into the branch of each open pull request; yield what became of each.

    Forks are left alone: a comment with the address of the site names what to do.
    """
    repo = workspace.need_repository(_PURPOSE)
    newest = _fetched(repo, f"refs/heads/{base}", base)
    for pull in host.pulls(base):
        try:
            if host.is_own(pull):
                outcome = _merge(workspace, pull, base, newest)
                if outcome.state == "conflict":
                    host.comment(pull, _on_clash(base, outcome.remarks))
            else:
                outcome = _look(repo, pull, newest)
                if outcome.state == "fork":
                    host.comment(pull, _on_fork(base, outcome.remarks, f"{site}/{host.repository}"))
        except VaultsyncError as error:
            outcome = Outcome(pull, "failed", (str(error),))
        yield outcome


def _merge(workspace: Workspace, pull: Pull, base: str, newest: str, left: int = _TIMES) -> Outcome:
    """Merge into a branch, and again where others were faster."""
    repo = workspace.need_repository(_PURPOSE)
    ref, name = f"refs/heads/{pull.head.ref}", pull.head.ref
    tip = _fetched(repo, ref, name)
    if {tip, newest} & set(merge_bases(repo, tip, newest)):
        return Outcome(pull, "up to date")
    merged = merge_commits(workspace, tip, newest, name)
    commit = write.commit(repo, merged.tree, (tip, newest), f"Merge {base} into {name}\n")
    try:
        push(repo, _upstream(ref, name), commit)
    except TransferError as error:
        if error.kind != "faster" or left == 1:
            raise
        return _merge(workspace, pull, base, newest, left - 1)
    return Outcome(pull, "conflict" if merged.conflicts else "merged", _remarks(merged))


def _remarks(merged: TreeMerge) -> tuple[str, ...]:
    return (*map(_named, merged.conflicts), *merged.notices)


def _named(conflict: Conflict) -> str:
    return conflict.path if conflict.count == 1 else f"{conflict.path} ({conflict.count})"


def _look(repo: git.Repository, pull: Pull, newest: str) -> Outcome:
    """Return whether git itself can merge the branch of a fork, as the host does: without drivers.

    Attributes, which name drivers, are read from the index and the work tree: both are empty.
    """
    tip = _fetched(repo, f"refs/pull/{pull.number}/head", f"pull/{pull.number}")
    options = ("--write-tree", "--no-messages", "--name-only", "-z", "--end-of-options")
    with tempfile.TemporaryDirectory(prefix="vaultsync-") as empty:
        apart = msgspec.structs.replace(repo, index=f"{empty}/index")
        places = ("-C", empty, f"--git-dir={write.git_path(repo, '.')}", f"--work-tree={empty}")
        output = git.run(apart, *places, "merge-tree", *options, tip, newest, quiet=True)
    paths = git.fields(output)[1:]
    return Outcome(pull, "fork" if paths else "up to date", tuple(paths))


def _fetched(repo: git.Repository, ref: str, name: str) -> str:
    source = _upstream(ref, name)
    fetch(repo, source)
    return as_text(
        git.run(repo, "rev-parse", "--verify", "--end-of-options", source.tracking)
    ).strip()


def _upstream(ref: str, name: str) -> Upstream:
    return Upstream(_REMOTE, ref, tracking(_REMOTE, name))


def _on_clash(base: str, remarks: Sequence[str]) -> str:
    return f"""{_code(base)} was merged into this branch. Both had changed the same parts, so both \
versions are there: that of {_code(base)} in its place, that of the branch below it, in a callout \
`[!conflict]` or in a comment, or in a file beside it.

{_list(remarks)}

Keep what is right and remove the rest: in an editor with vaultsync, by \
`vaultsync sync --continue`, or by hand.
"""


def _on_fork(base: str, paths: Sequence[str], address: str) -> str:
    return f"""Git cannot merge {_code(base)} into this branch:

{_list(paths)}

This branch is in a fork, which is not changed from here. On your machine, in a clone where \
`vaultsync init` has set up the merge of notes:

```sh
git fetch {shlex.quote(address)} {shlex.quote(f"refs/heads/{base}")}
git merge FETCH_HEAD
git push
```
"""


def _list(texts: Sequence[str]) -> str:
    more = [f"and {len(texts) - _MOST} more"] if len(texts) > _MOST else []
    return "\n".join(f"- {line}" for line in [*map(_code, texts[:_MOST]), *more])


def _code(text: str) -> str:
    """Return a text as code, in which nothing is markup and nobody is mentioned."""
    marks = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{marks} {printable(text)} {marks}"
