"""What two commits of a repository have in common, and the trees to merge.

All paths are from the top level: a commit is merged as a whole.
"""

from __future__ import annotations

from vaultsync.infra.git import Repository, as_text, run
from vaultsync.infra.git.files import RENAMES, raw_diff


def merge_bases(repo: Repository, ours: str, theirs: str) -> list[str]:
    """Return the best common ancestors of two commits, in a fixed order; of strangers none."""
    command = ("merge-base", "--all", "--end-of-options", ours, theirs)
    return sorted(as_text(run(repo, *command, quiet=True)).split())


def tree_renames(repo: Repository, base: str, side: str) -> dict[str, str]:
    """Return the renames that git detects between two trees, old path to new."""
    command = ("diff-tree", "-r", *RENAMES, "--diff-filter=R")
    return {row.before: row.after for row in raw_diff(repo, command, base, side)}


def holds(repo: Repository, tree: str, text: str) -> bool:
    """Whether any file of a tree holds a text."""
    options = ("--no-recurse-submodules", "-l", "-a", "-F", "-e", text)
    return bool(run(repo, "grep", *options, tree, quiet=True))
