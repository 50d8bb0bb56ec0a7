"""Three versions of a vault in a real repository, and what two commits of it merge to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.vaults import git, make

from vaultsync.app.sync.merge import TreeMerge, merge_commits
from vaultsync.app.workspace import Workspace
from vaultsync.infra.git import as_text, open_repository, read_blobs

Files = Mapping[str, str | bytes | Path | None]


class Clash:
    """A repository with the branches `base`, `ours`, which is checked out, and `theirs`."""

    def __init__(self, top: Path, base: Files, ours: Files, theirs: Files, *init: str) -> None:
        self.top, self.machine = top, "laptop"
        top.mkdir()
        git(top, "init", "-q", "-b", "base", *init)
        self.commit(base)
        self.branch("theirs", "base", theirs)
        self.branch("ours", "base", ours)

    def branch(self, name: str, start: str, files: Files) -> None:
        """Begin a branch with a commit."""
        git(self.top, "checkout", "-q", "-b", name, start)
        self.commit(files)

    def commit(self, files: Files) -> None:
        """Commit files; None deletes one, a path makes a link that leads there."""
        for path, data in files.items():
            if data is None or isinstance(data, Path):
                (self.top / path).unlink(missing_ok=True)
            if isinstance(data, Path):
                (self.top / path).symlink_to(data)
            elif data is not None:
                make(self.top, {path: data})
        git(self.top, "add", "--all")
        git(self.top, "commit", "-q", "--allow-empty", "-m", "a commit")

    def merged(self, ours: str = "ours", theirs: str = "theirs", folder: str = "") -> TreeMerge:
        """Merge two branches, and show that nothing but objects changed."""
        before = self.state()
        found = merge_commits(Workspace(str(self.top / folder)), ours, theirs, self.machine)
        assert self.state() == before
        assert "<<<<<<<" not in "".join(self.files(found.tree).values())
        return found

    def state(self) -> tuple[str, ...]:
        """Return what a merge must not change."""
        ways = (["status", "--porcelain", "--ignored"], ["for-each-ref"], ["ls-files", "--stage"])
        return (*(git(self.top, *way) for way in ways), git(self.top, "symbolic-ref", "HEAD"))

    def files(self, tree: str) -> dict[str, str]:
        """Return the texts of a tree by their paths; bytes that are not UTF-8 become surrogates."""
        rows = git(
            self.top, "ls-tree", "-r", "-z", "--format=%(objecttype) %(objectname) %(path)", tree
        )
        pairs = [row.split(" ", 2)[1:] for row in rows.split("\0") if row.startswith("blob")]
        repo = open_repository(str(self.top))
        assert repo
        blobs = read_blobs(repo, (blob for blob, _ in pairs))
        return {path: as_text(blobs[blob]) for blob, path in pairs}

    def result(self) -> dict[str, str]:
        """Return the texts that ours and theirs become."""
        return self.files(self.merged().tree)
