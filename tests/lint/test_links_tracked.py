"""What git tracks, asked of a real repository."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.vaults import committed, git, make, run

FILES = {
    ".gitignore": "private/\n",
    "vaultsync.toml": "",
    "a.md": "[[new]] [[secret]] [[old]]\n",
    "old.md": "[[a]]\n",
}
UNTRACKED = {"new.md": "[[secret]]\n", "private/secret.md": "Text.\n"}


def untracked(root: Path, *args: str) -> list[str]:
    """Return where a rule sees targets that git does not track, and which."""
    out = run(root, "lint", "--output-format", "concise", *args).out
    rows = [line.partition(": warning LNK013 ") for line in out.split("\n")]
    return [f"{place} {told.split()[4]}" for place, code, told in rows if code]


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make(committed(tmp_path / "repository" / "vault", FILES), UNTRACKED)


def test_new_and_ignored_files_are_not_in_a_clone(vault: Path) -> None:
    assert untracked(vault) == ["a.md:1:1 new.md,", "a.md:1:9 private/secret.md,"]
    git(vault, "add", "new.md")
    assert untracked(vault) == ["a.md:1:9 private/secret.md,", "new.md:1:1 private/secret.md,"]


def test_the_vault_may_be_a_folder_of_its_repository(tmp_path: Path) -> None:
    root = make(tmp_path, {f"vault/{path}": text for path, text in FILES.items()})
    make(committed(root) / "vault", UNTRACKED)
    assert untracked(root / "vault") == ["a.md:1:1 new.md,", "a.md:1:9 private/secret.md,"]


def test_without_git_or_a_repository_nothing_is_said(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert untracked(make(tmp_path / "plain", {**FILES, **UNTRACKED})) == []
    monkeypatch.setenv("PATH", "")
    assert untracked(vault) == []


def test_what_is_staged_is_a_clone_already(vault: Path) -> None:
    git(vault, "add", "new.md")
    out = run(vault, "-v", "lint", "--staged").out
    assert "LNK013" not in out
    assert "there is no `secret`" in out


def test_git_is_not_asked_where_the_rule_does_not_run(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, {"bin/git": f"#!/bin/sh\necho \"$@\" >> '{tmp_path}/asked'\nexit 1\n"})
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    run(vault, "lint", "--ignore", "LNK013")
    assert not (tmp_path / "asked").exists()
    run(vault, "lint")
    assert (tmp_path / "asked").read_text(encoding="utf-8").count("ls-files") == 1
