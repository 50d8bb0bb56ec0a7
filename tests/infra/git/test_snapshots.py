"""Vaults made of git's trees."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.vaults import committed, git, make

from vaultsync.core.model import Vault
from vaultsync.infra import git as gitread
from vaultsync.infra.cache import Cache
from vaultsync.infra.git import files, snapshots


def shows(path: str) -> bool:
    return not path.startswith(".")


def facts(vault: Vault) -> tuple[dict[str, str], frozenset[str]]:
    return {path: doc.text for path, doc in vault.documents.items()}, vault.files


def vault_of(repo: gitread.Repository, entries: Mapping[str, files.Entry]) -> Vault:
    """Return a vault of entries alone: one in which all differs from no vault."""
    blobs = gitread.BlobReader(repo)
    return snapshots.before(blobs, Vault({}, frozenset()), entries, shows, Cache())


@pytest.fixture
def repo(tmp_path: Path) -> gitread.Repository:
    """Return a repository with one commit and other things on disk, some of them staged."""
    files = {"a.md": "a\n", "b.md": "b\n", "c.md": "c\n", "it.png": "", ".hidden.md": "x\n"}
    root = committed(tmp_path, files)
    (root / "link.md").symlink_to("a.md")
    git(root, "mv", "b.md", "d.md")
    git(root, "rm", "-q", "it.png")
    make(root, {"a.md": "A\n", "new.png": ""})
    git(root, "add", "--all")
    make(root, {"a.md": "on disk\n"})
    found = gitread.open_repository(str(root))
    assert found is not None
    return found


def test_a_tree_becomes_a_vault(repo: gitread.Repository) -> None:
    head = files.tree(repo, "HEAD")
    documents, shown = facts(vault_of(repo, head))
    assert documents == {"a.md": "a\n", "b.md": "b\n", "c.md": "c\n"}
    assert shown == {"a.md", "b.md", "c.md", "it.png"}


def test_a_symbolic_link_is_a_file_and_no_document(repo: gitread.Repository) -> None:
    vault = vault_of(repo, files.staged(repo))
    assert "link.md" in vault.files
    assert "link.md" not in vault.documents


def test_the_vault_before_is_made_of_what_differs_and_shares_the_rest(
    repo: gitread.Repository,
) -> None:
    after = vault_of(repo, files.staged(repo))
    differing = files.changed(repo, "HEAD", index=True)
    before = snapshots.before(gitread.BlobReader(repo), after, differing, shows, Cache())
    assert facts(before) == facts(vault_of(repo, files.tree(repo, "HEAD")))
    assert before.documents["c.md"] is after.documents["c.md"]
