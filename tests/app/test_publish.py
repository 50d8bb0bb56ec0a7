"""Publish a vault through `app`, without a command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.blocks.sample import NOTES, TOML, block
from tests.vaults import git, make, state

from vaultsync.app.publish import make_post, output_folder, publication
from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import ConfigError, VaultError
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


def published(workspace: Workspace, folder: Path, *targets: str) -> None:
    made = publication(workspace, folder, make_post(workspace, targets), whole=True)
    worktree.write(str(folder), made.outputs)


@pytest.mark.parametrize("target", ["bibliography", "html"])
def test_a_file_that_no_run_made_is_never_replaced(workspace: Workspace, target: str) -> None:
    """`--out thesis` replaced the bibliography of a thesis."""
    thesis = make(
        Path(workspace.root).parent / "thesis", {"references.bib": "mine", "post.html": "my page"}
    )
    before = state(thesis)
    with pytest.raises(VaultError, match=r"did not make `.*` there.*move it away.*--out"):
        published(workspace, thesis, target)
    assert state(thesis) == before
    published(workspace, thesis, "data")
    with pytest.raises(VaultError, match=r"thesis: vaultsync did not make"):
        published(workspace, thesis, "data", target)
    assert (thesis / "references.bib").read_text() == "mine"


def test_all_files_that_are_in_the_way_are_named(workspace: Workspace) -> None:
    folder = make(Path(workspace.root).parent / "out", {"references.bib": "a", "post.md": "b"})
    with pytest.raises(VaultError, match=r"`post.md`, `references.bib` there.*move them away"):
        published(workspace, folder, "markdown", "bibliography")


def test_a_file_with_the_same_content_is_adopted(workspace: Workspace) -> None:
    folder = Path(workspace.root).parent / "out"
    published(workspace, folder, "markdown")
    (folder / "manifest.json").unlink()
    published(workspace, folder, "markdown")
    (Path(workspace.root) / "Post.md").write_text("Other words.\n")
    published(Workspace(workspace.root, cached=False), folder, "markdown")
    assert "Other words." in (folder / "post.md").read_text()


def test_what_a_killed_run_wrote_is_named_in_its_manifest(workspace: Workspace) -> None:
    folder = Path(workspace.root).parent / "out"
    made = publication(workspace, folder, make_post(workspace, ["markdown"]), whole=True)
    # The run was killed between the last two files.
    worktree.write(str(folder), made.outputs[:-1])
    make(folder, {"post.md": "half"})
    published(workspace, folder, "markdown")
    assert (folder / "post.md").read_text() != "half"


@pytest.mark.parametrize("out", ["../../site", "../linked", "../linked/deeper", ".linked"])
@pytest.mark.parametrize("in_repository", [False, True])
def test_a_configured_folder_stays_in_the_repository(
    tmp_path: Path, out: str, *, in_repository: bool
) -> None:
    files = {**FILES, "vaultsync.toml": f'{TOML}\n[publish]\nout = "{out}"\n'}
    root = make(tmp_path / "repo/vault", files)
    (tmp_path / "site").mkdir()
    for link in ("repo/linked", "repo/vault/.linked"):
        (tmp_path / link).symlink_to(tmp_path / "site")
    if in_repository:
        git(tmp_path / "repo", "init", "-q")
    workspace = Workspace(str(root), cached=False)
    with pytest.raises(ConfigError, match=r"leads out of .*/repo, to .*/site.*publish .*--out"):
        output_folder(workspace, None)
    site = tmp_path / "site"
    assert output_folder(workspace, str(site)) == site
    assert output_folder(workspace, str(tmp_path / "repo/linked")) == site


def test_a_linked_public_does_not_lead_out_of_the_repository(workspace: Workspace) -> None:
    beside = Path(workspace.root).parent
    assert output_folder(workspace, None) == beside / "public"
    (beside / "public").symlink_to(beside.parent)
    with pytest.raises(ConfigError, match="leads out of"):
        output_folder(workspace, None)


def test_a_link_in_the_folder_is_not_written_through(workspace: Workspace) -> None:
    folder = Path(workspace.root).parent / "out"
    mine = Path(workspace.root).parent / "mine.md"
    mine.write_text("mine")
    published(workspace, folder, "markdown")
    (folder / "post.md").unlink()
    (folder / "post.md").symlink_to(mine)
    with pytest.raises(VaultError, match="leads out of"):
        published(workspace, folder, "markdown")
    assert mine.read_text() == "mine"
