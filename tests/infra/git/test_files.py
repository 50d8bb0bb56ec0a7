"""Files of a tree, of the index and of the work tree."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.infra.git.work import Work, entry

from vaultsync.core.errors import GitError
from vaultsync.infra import git
from vaultsync.infra.git import files


def test_before_the_first_commit(work: Work) -> None:
    repo = work.repo
    assert git.head(repo) is None
    assert files.staged(repo) == {}
    work.put("a.md", "a")
    work.git("add", "a.md")
    assert files.staged(repo) == {"a.md": entry("a")}
    with pytest.raises(GitError, match="HEAD"):
        files.tree(repo, "HEAD")


def test_the_first_commit(work: Work) -> None:
    root = work.commit({"a.md": "a", "b/c.md": "c"}, day=2, offset="-0800")
    assert git.head(work.repo) == root
    assert files.tree(work.repo, "HEAD") == {"a.md": entry("a"), "b/c.md": entry("c")}


def test_only_the_vault_counts(sub: Work) -> None:
    (sub.top / "README.md").write_text("outside")
    (sub.top / "the vault.md").write_text("outside, and its name begins like the folder's")
    sub.commit({"a.md": "a"})
    assert set(files.tree(sub.repo, "HEAD")) == {"a.md"}
    assert set(files.staged(sub.repo)) == {"a.md"}


def test_any_path_is_read_as_it_is(sub: Work) -> None:
    names = ["café.md", "日本.md", 'a"b.md', "tab\t.md", "line\nbreak.md", ":100644.md", "\x1e.md"]
    sub.commit(dict.fromkeys(names, "x"))
    odd = os.fsencode(sub.vault) + b"/\xff.md"
    Path(os.fsdecode(odd)).write_text("x")
    sub.git("add", "--all")
    assert set(files.tree(sub.repo, "HEAD")) == set(names)
    assert set(files.staged(sub.repo)) == {*names, "\udcff.md"}


def test_modes(work: Work) -> None:
    work.put("run.sh", "x")
    (work.vault / "run.sh").chmod(0o755)
    (work.vault / "link.md").symlink_to("run.sh")
    work.commit({})
    expected = {"run.sh": entry("x", "100755"), "link.md": entry("run.sh", "120000")}
    assert files.tree(work.repo, "HEAD") == expected
    assert files.staged(work.repo) == expected


def test_an_executable_file_is_a_file(work: Work) -> None:
    work.commit({"a.md": "a"}, day=1)
    (work.vault / "a.md").chmod(0o755)
    work.commit({}, day=2)
    assert files.tree(work.repo, "HEAD")["a.md"].mode == "100755"


def test_a_submodule_is_left_out(work: Work, tmp_path: Path) -> None:
    other = Work(tmp_path / "other")
    other.commit({"x.md": "x"})
    work.git("submodule", "--quiet", "add", str(other.top), "inner")
    work.commit({"a.md": "a"})
    assert set(files.staged(work.repo)) == {".gitmodules", "a.md"}
    assert set(files.tree(work.repo, "HEAD")) == {".gitmodules", "a.md"}
    assert files.ignored(work.repo, ["inner/x.md", "a.md"]) == set()


def test_staged_in_part(work: Work) -> None:
    work.commit({"a.md": "one\n\n\n\n\n\n\n\ntwo\n", "gone.md": "x"})
    work.put("a.md", "ONE\n\n\n\n\n\n\n\ntwo\n")
    work.git("add", "a.md")
    work.put("a.md", "ONE\n\n\n\n\n\n\n\nTWO\n")
    work.git("rm", "-q", "--cached", "gone.md")
    work.put("untracked.md", "x")
    entries = files.staged(work.repo)
    assert set(entries) == {"a.md"}
    found = git.read_blobs(work.repo, [entries["a.md"].id])
    assert list(found.values()) == [b"ONE\n\n\n\n\n\n\n\ntwo\n"]


def test_an_announced_file_is_not_staged_and_an_empty_one_is(work: Work) -> None:
    work.put("announced.md", "text")
    work.put("empty.md", "")
    work.git("add", "empty.md")
    work.git("add", "--intent-to-add", "announced.md")
    assert files.staged(work.repo) == {"empty.md": entry("")}


def in_conflict(work: Work, path: str) -> None:
    """Leave a merge in progress that changed a file on both sides."""
    work.commit({path: "base"}, day=1)
    work.git("checkout", "-q", "-b", "side")
    work.commit({path: "side"}, day=2)
    work.git("checkout", "-q", "main")
    work.commit({path: "main"}, day=3)
    with pytest.raises(AssertionError):
        work.git("merge", "-q", "side")


def test_a_conflict_names_the_file(sub: Work) -> None:
    in_conflict(sub, "a.md")
    with pytest.raises(GitError, match=r"^a\.md: has a merge conflict"):
        files.staged(sub.repo)


def test_a_conflict_outside_the_vault_does_not_matter(tmp_path: Path) -> None:
    work = Work(tmp_path / "repo")
    work.put("vault/b.md", "b")
    in_conflict(work, "a.md")
    repo = git.open_repository(str(work.top / "vault"))
    assert repo is not None
    assert files.staged(repo) == {"b.md": entry("b")}


@pytest.mark.parametrize("rev", ["nowhere", "--output=taken", "-p", "HEAD~9"])
def test_a_revision_that_does_not_exist(work: Work, rev: str) -> None:
    work.commit({"a.md": "a"})
    with pytest.raises(GitError, match=rev):
        files.tree(work.repo, rev)
    with pytest.raises(GitError, match=rev):
        files.renames(work.repo, rev, None)
    assert {file.name for file in work.top.iterdir()} == {".git", "a.md"}


def test_ignored(sub: Work, tmp_path: Path) -> None:
    (sub.top / ".gitignore").write_text("*.tmp\n:*\n")
    sub.commit({"kept.md": "x", "tracked.tmp": "x"})
    sub.put(".gitignore", "/private/\n")
    sub.git("add", "--force", "the vault/tracked.tmp")
    (tmp_path / "elsewhere").mkdir()
    (sub.vault / "linked").symlink_to(tmp_path / "elsewhere")
    nested = Work(sub.vault / "nested")
    nested.put("x.tmp", "x")
    asked = ["kept.md", "tracked.tmp", "b.tmp", "private/é.md", "linked/b.tmp", "nested/x.tmp"]
    asked += [":(top)x", "deep/er/b.tmp"]
    expected = {"b.tmp", "private/é.md", ":(top)x", "deep/er/b.tmp"}
    assert files.ignored(sub.repo, asked) == expected
    assert files.ignored(sub.repo, ["kept.md"]) == set()
    assert files.ignored(sub.repo, []) == set()
    top = git.open_repository(str(sub.top))
    assert top is not None
    assert files.ignored(top, [":(top)x", "b.md"]) == {":(top)x"}


def test_tracked(sub: Work, tmp_path: Path) -> None:
    sub.commit({".gitignore": "*.tmp\n", "é b.md": "x", "gone.md": "x", "a/c.md": "x"})
    sub.put("new.md", "x")
    sub.put("b.tmp", "x")
    (sub.vault / "gone.md").unlink()
    before = frozenset({".gitignore", "é b.md", "gone.md", "a/c.md"})
    assert git.tracking(str(sub.vault))() == before
    sub.git("add", "--intent-to-add", "the vault/new.md")
    assert git.tracking(str(sub.vault))() == before | {"new.md"}
    assert git.tracking(str(sub.vault / "a"))() == frozenset({"c.md"})
    assert git.tracking(str(tmp_path / "nowhere"))() is None


def test_a_tree_of_the_folder_that_the_vault_had(sub: Work) -> None:
    sub.commit({"a.md": "a"})
    sub.git("mv", "the vault", "[moved]")
    sub.git("commit", "-q", "-m", "moved")
    sub.vault.mkdir()
    assert files.tree(sub.repo, "HEAD") == {}
    assert files.tree(sub.repo, "HEAD", "[moved]/") == {"a.md": entry("a")}
    assert files.tree(sub.repo, "HEAD", "") == {"[moved]/a.md": entry("a")}
