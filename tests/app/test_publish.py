"""Publish a vault through `app`, without a command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.blocks.sample import NOTES, TOML, block
from tests.vaults import make

from vaultsync.app.publish import make_post, output_folder, publication
from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import ConfigError
from vaultsync.infra import worktree

FILES = {
    "vaultsync.toml": TOML,
    "Post.md": block('notes type="claim" exclude="old"'),
    **NOTES,
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    make(tmp_path / "vault", FILES)
    return Workspace(str(tmp_path / "vault"), cached=False)


def test_a_post_has_the_files_of_its_targets_and_their_inputs(workspace: Workspace) -> None:
    post = make_post(workspace, ["markdown", "data"])
    assert sorted(post.files) == ["encyclopedia.json", "post.md"]
    assert "Claims/ropes.md" in post.inputs
    assert post.error_count == 0


def test_errors_come_from_rules_and_from_composing(workspace: Workspace) -> None:
    root = Path(workspace.root)
    (root / "Post.md").write_text("![[Missing]] [[Claims/ropez]]\n\n![[ropes#Nowhere]]\n")
    post = make_post(workspace, ["markdown"])
    assert {one.path for one in post.findings} == {"Post.md"}
    lines = {one.line for one in post.errors}
    assert lines.isdisjoint(one.start[0] for one in post.findings)
    assert post.error_count == len(post.findings) + len(post.errors)


def test_a_publication_is_what_differs_from_the_folder(workspace: Workspace) -> None:
    folder = Path(workspace.root).parent / "out"
    post = make_post(workspace, ["markdown", "data"])
    first = publication(workspace, folder, post, whole=True)
    assert {one.path for one in first.outputs} == {"post.md", "encyclopedia.json", "manifest.json"}
    assert (first.current, first.kept) == ([], [])
    worktree.write(str(folder), first.outputs)
    again = publication(workspace, folder, post, whole=True)
    assert (again.outputs, again.kept) == ([], [])
    assert again.current == ["encyclopedia.json", "manifest.json", "post.md"]


@pytest.mark.parametrize("edited", [False, True])
def test_what_is_made_no_longer_is_removed_unless_it_was_edited(
    workspace: Workspace, *, edited: bool
) -> None:
    folder = Path(workspace.root).parent / "out"
    both = make_post(workspace, ["markdown", "data"])
    worktree.write(str(folder), publication(workspace, folder, both, whole=True).outputs)
    if edited:
        (folder / "post.md").write_text("mine")
    only = make_post(workspace, ["data"])
    made = publication(workspace, folder, only, whole=True)
    removed = [one.path for one in made.outputs if one.data is None]
    assert (removed, made.kept) == (([], ["post.md"]) if edited else (["post.md"], []))
    part = publication(workspace, folder, only, whole=False)
    assert part.outputs == []


def test_a_folder_inside_the_vault_is_hidden_from_obsidian(workspace: Workspace) -> None:
    root = Path(workspace.root)
    assert output_folder(workspace, str(root / ".out")) == root / ".out"
    with pytest.raises(ConfigError, match="must begin with a dot"):
        output_folder(workspace, str(root / "out"))
