"""Files that follow the branch, and what others change at the same time."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.vaults import committed, git, make

from vaultsync.core.errors import GitError, VaultError
from vaultsync.infra.git import checkout, open_repository, write
from vaultsync.infra.git.checkout import Data, Incoming, InTheWayError, Move, advance
from vaultsync.infra.git.files import Entry

NAME = "20260101T000000.000000Z-merge"


def both(path: str, contents: tuple[Data, Data, Data]) -> Mapping[str, Data]:
    """Merge as simply as can be."""
    base, ours, theirs = contents
    if theirs is None:
        return {path: None if ours == base else ours}
    return {path: theirs + (ours or b"")}


class Target:
    """A repository, and a commit on top of HEAD that the files are to follow to."""

    def __init__(self, top: Path, *change: str, files: Mapping[str, str] | None = None) -> None:
        self.top = committed(top, files or {"a.md": "a\n", "sub/b.md": "b\n"})
        self.old = git(top, "rev-parse", "HEAD").strip()
        git(top, "checkout", "-q", "-b", "other")
        for command in change:
            subprocess.run(["sh", "-c", command], cwd=top, check=True)
        git(top, "add", "--all")
        git(top, "commit", "-q", "-m", "change")
        self.new = git(top, "rev-parse", "HEAD").strip()
        git(top, "checkout", "-q", "main")
        found = open_repository(str(top))
        assert found
        self.repo = found

    def advance(self) -> bool:
        return advance(self.repo, Move(NAME, self.old, self.new, checks_out=True), both)

    def status(self) -> str:
        return git(self.top, "status", "--porcelain")


def test_files_links_and_modes_follow(tmp_path: Path) -> None:
    changes = ("ln -s a.md link", "chmod +x a.md", "git rm -q sub/b.md", "echo c > c.md")
    target = Target(tmp_path / "one", *changes)
    assert target.advance()
    assert target.status() == ""
    assert os.access(target.top / "a.md", os.X_OK)
    assert not (target.top / "sub").exists()
    back = Move(f"{NAME}-undo", target.new, target.old, checks_out=True)
    assert advance(target.repo, back, both)
    assert target.status() == ""
    assert not (target.top / "link").is_symlink()
    assert not os.access(target.top / "a.md", os.X_OK)


@pytest.mark.parametrize("others", [(), ("on top",)])
def test_a_save_that_was_killed_is_completed(tmp_path: Path, others: tuple[str, ...]) -> None:
    target = Target(tmp_path / "one", "echo list > list.md; echo lock > lock; echo saved > a.md")
    # It had written one of two files that belong together.
    make(target.top, {"a.md": "saved\n", "lock": "lock\n"})
    for text in others:
        git(target.top, "add", "--all")
        git(target.top, "commit", "-q", "-m", text)
    move = Move(NAME, target.old, target.new, read={"list.md": None, "lock": None})
    checkout._remember(target.repo, "vaultsync/moving.json", move)
    git(target.top, "update-ref", f"refs/vaultsync/backups/{NAME}", target.old)
    assert checkout.complete(target.repo, both) == (None if others else NAME)
    assert target.status() == ("?? list.md\n" if others else "")
    assert (target.top / "list.md").read_text() == "list\n"
    assert not checkout.is_pending(target.repo)


def test_a_link_and_a_file_take_each_others_place(tmp_path: Path) -> None:
    swap = "rm a.md sub/b.md; ln -s other a.md; printf 'file' > sub/b.md; ln -s a.md sub/link"
    target = Target(tmp_path / "one", swap)
    assert target.advance()
    assert target.status() == ""
    back = Move(f"{NAME}-undo", target.new, target.old, checks_out=True)
    assert advance(target.repo, back, both)
    assert target.status() == ""
    assert (target.top / "a.md").read_text() == "a\n"


def test_what_a_killed_run_left_beside_a_file_that_it_wrote_is_deleted(tmp_path: Path) -> None:
    target = Target(tmp_path / "one", "mkdir new; echo c > new/c.md")
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    make(target.top, {"new/c.md": "c\n", f"new/.vaultsync-{gone.pid}-{0:016}.tmp": "c\n"})
    move = Move(NAME, target.old, target.new, checks_out=True)
    checkout._remember(target.repo, "vaultsync/moving.json", move)
    assert checkout.complete(target.repo, both) == NAME
    assert target.status() == ""


def test_a_folder_takes_the_place_of_a_file(tmp_path: Path) -> None:
    target = Target(tmp_path / "one", "rm -r sub; echo f > sub", files={"sub/b.md": "b\n"})
    with pytest.raises(InTheWayError, match="sub: such a file comes in"):
        target.advance()
    assert target.status() == ""


def test_what_changed_on_disk_is_merged(tmp_path: Path) -> None:
    target = Target(tmp_path / "one", "echo new > a.md; rm sub/b.md; echo c > c.md")
    make(target.top, {"a.md": "mine\n", "sub/b.md": "kept\n"})
    assert target.advance()
    assert (target.top / "a.md").read_text() == "new\nmine\n"
    assert (target.top / "sub/b.md").read_text() == "kept\n"
    found = checkout.incoming(target.repo)
    texts = {path: one.after and git(target.top, "show", one.after) for path, one in found.items()}
    assert texts == {"a.md": "new\nmine\n", "c.md": "c\n"}
    checkout.forget_incoming(target.repo, ["a.md", "x.md"])
    assert list(checkout.incoming(target.repo)) == ["c.md"]
    place = target.top / ".git/vaultsync/incoming.json"
    place.write_text("{")
    assert checkout.incoming(target.repo) == dict[str, Incoming]()


def test_a_file_that_was_deleted_comes_back_changed(tmp_path: Path) -> None:
    target = Target(tmp_path / "one", "echo new > a.md")
    (target.top / "a.md").unlink()
    assert target.advance()
    assert (target.top / "a.md").read_text() == "new\n"


def test_a_branch_that_was_moved_is_left(tmp_path: Path) -> None:
    target = Target(tmp_path / "one", "echo new > a.md")
    git(target.top, "commit", "-q", "--allow-empty", "-m", "other")
    now = git(target.top, "rev-parse", "HEAD")
    assert not target.advance()
    assert git(target.top, "rev-parse", "HEAD") == now
    assert not checkout.is_pending(target.repo)


def test_a_file_that_is_written_all_the_time_stops_it(tmp_path: Path) -> None:
    target = Target(tmp_path / "one", "echo new > a.md")

    def restless(path: str, _: tuple[Data, Data, Data]) -> Mapping[str, Data]:
        with (target.top / path).open("a") as file:
            file.write("more\n")
        return {path: b"merged\n"}

    make(target.top, {"a.md": "mine\n"})
    with pytest.raises(VaultError, match=r"a\.md: changed on disk"):
        advance(target.repo, Move(NAME, target.old, target.new, checks_out=True), restless)
    assert git(target.top, "rev-parse", "HEAD").strip() == target.old


def test_no_file_comes_into_the_folder_of_git(tmp_path: Path) -> None:
    target = Target(tmp_path / "one", "echo new > a.md")
    (blob,) = write.add_blobs(target.repo, [b"[core]\n\tfsmonitor = touch /tmp/x\n"])
    rows = f"100644 blob {blob}\tconfig\n"
    for folder in (".git", ".GIT", "git~1"):
        config = (target.top / ".git/config").read_bytes()
        inner = write.change(target.repo, "mktree", input=rows.encode())[0]
        row = f"040000 tree {inner}\t{folder}\n".encode()
        tree = write.change(target.repo, "mktree", input=row)[0]
        new = write.commit(target.repo, tree, [target.old], "bad\n")
        with pytest.raises((GitError, VaultError)):
            advance(target.repo, Move(NAME, target.old, new, checks_out=True), both)
        assert (target.top / ".git/config").read_bytes() == config
        assert (target.top / "a.md").read_text() == "a\n"


def test_line_ends_and_filters_are_those_on_disk(tmp_path: Path) -> None:
    files = {".gitattributes": "*.md eol=crlf\n", "a.md": "a\n"}
    target = Target(tmp_path / "one", "printf 'new\\r\\n' > a.md", files=files)
    assert (target.top / "a.md").read_bytes() == b"a\r\n"
    assert target.advance()
    assert (target.top / "a.md").read_bytes() == b"new\r\n"
    assert target.status() == ""


def test_a_submodule_is_left_alone(tmp_path: Path) -> None:
    target = Target(tmp_path / "one", "echo new > a.md")
    write.put(target.repo, {"module": Entry("160000", target.old)})
    tree = write.tree_of_index(target.repo)
    git(target.top, "reset", "-q")
    new = write.commit(target.repo, tree, [target.old], "module\n")
    assert advance(target.repo, Move(NAME, target.old, new, checks_out=True), both)
    assert not (target.top / "module").exists()
