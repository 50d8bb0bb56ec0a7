"""Compare a post with what was written earlier, and with a saved copy, through `app`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.blocks.sample import NOTES
from tests.vaults import make

from vaultsync.app.live_post import COPIED, compare, delta, text_targets
from vaultsync.app.publish import Post, make_post
from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import ConfigError, VaultError

FILES = {"Post.md": "First words of it.\n\nMore words below.\n", **NOTES}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    make(tmp_path / "vault", FILES)
    return Workspace(str(tmp_path / "vault"), cached=False)


@pytest.fixture
def post(workspace: Workspace) -> Post:
    return make_post(workspace, ["markdown"])


def test_a_copied_file_counts_before_a_written_one(
    workspace: Workspace, post: Post, tmp_path: Path
) -> None:
    now = post.files["post.md"].decode()
    (tmp_path / "post.md").write_text(now)
    same = delta(workspace, post, tmp_path, ["markdown"])
    assert (same.file, same.since, same.differences) == ("post.md", "since it was written", [])
    (tmp_path / COPIED).mkdir()
    (tmp_path / COPIED / "post.md").write_text(now.replace("More words", "Few words"))
    ((one, _),) = (changed := delta(workspace, post, tmp_path, ["markdown"])).differences
    assert (one.before, one.after) == ("Few words below.", "More words below.")
    assert (changed.since, changed.version) == (
        "since it was copied",
        "Changed: 1 other passage.",
    )


def test_without_an_earlier_file_there_is_nothing_to_compare(
    workspace: Workspace, post: Post, tmp_path: Path
) -> None:
    with pytest.raises(VaultError, match="vaultsync publish --copy markdown"):
        delta(workspace, post, tmp_path, ["markdown"])


def test_edits_of_a_saved_copy(workspace: Workspace, post: Post, tmp_path: Path) -> None:
    saved = tmp_path / "saved.md"
    saved.write_bytes(post.files["post.md"])
    assert compare(workspace, post, "markdown", str(saved)) == ("post.md", [])
    saved.write_bytes(post.files["post.md"].replace(b"below", b"above"))
    _, ((one, _),) = compare(workspace, post, "markdown", str(saved))
    assert one.after == "More words above."
    saved.write_text("Something else.")
    with pytest.raises(VaultError, match=r"saved\.md: nothing of the post is in it"):
        compare(workspace, post, "markdown", str(saved))


def test_only_targets_of_text_can_be_compared() -> None:
    assert text_targets(["html", "markdown", "lesswrong"], "--delta") == ("lesswrong", "markdown")
    with pytest.raises(ConfigError, match="--delta is about"):
        text_targets(["html"], "--delta")
