"""What the patterns of `.gitattributes` and `.gitignore` mean for single paths of a vault."""

from __future__ import annotations

from collections.abc import Sequence

from vaultsync.infra.git import Repository, fields, run


def merge_drivers(repo: Repository, paths: Sequence[str]) -> list[str]:
    """Return what git merges the files at these paths with, as its attributes name it."""
    names = [f"{repo.prefix}{path}" for path in paths]
    return fields(run(repo, "check-attr", "-z", "merge", "--", *names))[2::3]


def are_ignored(repo: Repository, paths: Sequence[str]) -> list[bool]:
    """Return of each path whether git ignores it, tracked or not."""
    names = [f"{repo.prefix}{path}" for path in paths]
    lines = "".join(f"{name}\0" for name in names).encode()
    found = run(repo, "check-ignore", "--stdin", "-z", "--no-index", input=lines, quiet=True)
    return [name in fields(found) for name in names]
