"""A vault whose repository is a stranger's: no command of its settings is run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.infra.git.work import Work
from tests.vaults import git, make, run

from vaultsync.infra import git as gitread
from vaultsync.infra.git import files

NOTES = {
    "vaultsync.toml": "[types.note]\nmatch = ['**']\n",
    "a.md": "# A\n",
    "b.md": "# B\n[[a]]\n",
    "Post.md": "# Post\n\n[[a]]\n",
    "Changelog.md": "# Changelog\n\n<!-- vaultsync:changelog -->\n\n<!-- /vaultsync -->\n",
}
COMMANDS = [
    ("lint",),
    ("lint", "--since", "HEAD"),
    ("lint", "--staged"),
    ("lint", "--output-format", "sarif"),
    ("index", "--check"),
    ("changelog", "--check"),
    ("changelog", "--since", "2026-01-01"),
    ("publish", "--check"),
]
# Each makes git run a command on the files of the work tree, or on how they differ.
SETTINGS = {
    "clean": ("filter.x.clean", "*.md filter=x\n"),
    "process": ("filter.x.process", "*.md filter=x\n"),
    "odd name": ("filter.a=b.clean", "*.md filter=a=b\n"),
    "fsmonitor": ("core.fsmonitor", ""),
    "textconv": ("diff.x.textconv", "*.md diff=x\n"),
    "external of a type": ("diff.x.command", "*.md diff=x\n"),
    "external": ("diff.external", ""),
    "pager": ("core.pager", ""),
}


def hostile(root: Path, kind: str) -> Path:
    """Make a repository whose settings name a command; return the file that this one makes."""
    key, attributes = SETTINGS[kind]
    make(root, NOTES | ({".gitattributes": attributes} if attributes else {}))
    git(root, "init", "-q")
    git(root, "add", "--all")
    git(root, "commit", "-q", "-m", "start")
    ran = root.parent / "ran"
    script = root.parent / "script"
    script.write_text(f"#!/bin/sh\ntouch {ran}\nexec cat\n")
    script.chmod(0o755)
    git(root, "config", key, str(script))
    git(root, "config", "filter.x.required", "true")
    # Git reads what was written again, and `b.md` differs.
    make(root, {"a.md": NOTES["a.md"], "b.md": "# B\n[[a]] [[Post]]\n"})
    os.utime(root / "a.md", (0, 0))
    return ran


def is_run(root: Path, ran: Path) -> list[tuple[str, ...]]:
    """Return the commands of ours in which git ran the stranger's."""
    found = []
    for args in COMMANDS:
        done = run(root, "--vault", ".", *args)
        assert "Traceback" not in done.err
        if ran.exists():
            found.append(args)
            ran.unlink()
    return found


@pytest.mark.parametrize("kind", SETTINGS)
def test_no_command_of_the_settings_is_run(tmp_path: Path, kind: str) -> None:
    ran = hostile(tmp_path / "vault", kind)
    assert is_run(tmp_path / "vault", ran) == []


@pytest.mark.parametrize("kind", ["clean", "fsmonitor"])
def test_a_vault_that_is_itself_a_bare_repository_is_in_no_repository(
    tmp_path: Path, kind: str
) -> None:
    vault = tmp_path / "vault"
    ran = hostile(vault, kind)
    # As files of a clone, in which there can be no `.git`.
    for entry in (vault / ".git").iterdir():
        entry.rename(vault / entry.name)
    (vault / ".git").rmdir()
    (vault / "config").write_text(f"{(vault / 'config').read_text()}[core]\nworktree = {vault}\n")
    assert is_run(vault, ran) == []
    assert gitread.open_repository(str(vault)) is None
    assert gitread.tracking(str(vault))() is None
    done = run(vault, "--vault", ".", "lint", "--since", "HEAD")
    assert (done.code, done.out) == (2, "")
    assert "is a bare repository" in done.err


def test_a_worktree_of_a_bare_repository_is_read(work: Work, tmp_path: Path) -> None:
    work.commit({"a.md": "a"})
    bare, tree = tmp_path / "bare.git", tmp_path / "tree"
    work.git("clone", "-q", "--bare", str(work.top), str(bare))
    work.git("-C", str(bare), "worktree", "add", "-q", str(tree), "main")
    repo = gitread.open_repository(str(tree))
    assert repo
    assert list(files.staged(repo)) == ["a.md"]


def test_what_differs_is_found_without_filters(work: Work) -> None:
    base = work.commit({"a.md": "a\n", "b.md": "b\n"})
    work.git("config", "filter.x.clean", "sed s/b/a/")
    work.put(".gitattributes", "*.md filter=x\n")
    work.put("a.md", "a\n")
    work.put("b.md", "bb\n")
    assert list(files.changed(work.repo, base, index=False)) == [".gitattributes", "b.md"]
