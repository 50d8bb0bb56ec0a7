"""Git is run so that neither settings nor a repository change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.infra.git.work import HOSTILE, TEXT, Work

from vaultsync.infra import git
from vaultsync.infra.git import Repository, files
from vaultsync.infra.git.process import GitProcess


def test_sha256(tmp_path: Path) -> None:
    work = Work(tmp_path / "repo", "--object-format=sha256")
    root = work.commit({"a.md": "a", "old.md": TEXT})
    assert len(root) == 64
    assert git.head(work.repo) == root
    entries = files.tree(work.repo, "HEAD")
    assert entries == files.staged(work.repo)
    assert git.read_blobs(work.repo, [entries["a.md"].id]) == {entries["a.md"].id: b"a"}
    (work.vault / "old.md").rename(work.vault / "new.md")
    work.git("add", "--all")
    assert files.renames(work.repo, root, None) == {"old.md": "new.md"}


def sign(work: Work) -> None:
    """Give the newest commit a signature, which a program would be asked to check."""
    raw = work.git("cat-file", "commit", "HEAD").partition("\n\n")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    (work.top / ".git/signed").write_text(f"{raw[0]}\n{signature}\n\n{raw[2]}\n")
    signed = work.git("hash-object", "-w", "-t", "commit", ".git/signed")
    work.git("update-ref", "HEAD", signed)


def test_the_users_settings_change_nothing(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = work.commit({"é old.md": TEXT, "b.md": "b", "still.md": "still"}, day=1)
    work.git("checkout", "-q", "-b", "side")
    work.commit({"side.md": "side"}, day=2)
    work.git("checkout", "-q", "main")
    (work.vault / "é old.md").rename(work.vault / "é new.md")
    work.commit({"b.md": "b2"}, day=3)
    work.git("merge", "-q", "--no-ff", "-m", "merge", "side", day=4)
    sign(work)
    plain = _answers(work.repo, base)
    ids = [files.tree(work.repo, rev)["b.md"].id for rev in ("HEAD", base)]
    work.git("replace", *ids)

    marker, called = tmp_path / "marker", tmp_path / "called"
    marker.write_text(f"#!/bin/sh\necho $0 >> '{called}'\n")
    marker.chmod(0o755)
    (tmp_path / "hostile").write_text(HOSTILE.format(marker=marker))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "hostile"))
    for name in ("GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_OBJECT_DIRECTORY", "GIT_WORK_TREE"):
        monkeypatch.setenv(name, "false")
    assert _answers(work.repo, base) == plain
    assert not called.exists()


def _answers(repo: Repository, base: str) -> list[object]:
    entries = files.tree(repo, "HEAD")
    return [
        entries,
        files.staged(repo),
        git.read_blobs(repo, [found.id for found in entries.values()]),
        files.renames(repo, base, None),
        files.renames(repo, base, "HEAD"),
        files.changed(repo, base, index=True),
        files.changed(repo, base, index=False),
    ]


def test_nothing_in_the_repository_is_written(work: Work) -> None:
    base = work.commit({"a.md": TEXT})
    os.utime(work.vault / "a.md", (1, 1))
    before = {
        str(file): (file.stat().st_mtime_ns, file.stat().st_size)
        for file in sorted(work.top.rglob("*"))
    }
    _answers(work.repo, base)
    files.ignored(work.repo, ["a.md"])
    after = {
        str(file): (file.stat().st_mtime_ns, file.stat().st_size)
        for file in sorted(work.top.rglob("*"))
    }
    assert after == before


def test_writing_to_a_git_that_has_ended(work: Work) -> None:
    git = GitProcess(work.repo, ("version",))
    git.finish()
    git.write(b"x\n")
    assert git.output.read().startswith(b"git version")
    git.close()
    assert git.output.closed
