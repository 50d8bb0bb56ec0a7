"""Git read from a hook, and with an index of one's own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from tests.infra.git.work import Work, entry

from vaultsync.infra import git
from vaultsync.infra.git import files

SOURCES = Path(git.__file__).parents[3]


HOOK = """#!{python}
import json, os, sys
sys.path[:0] = {path}
os.chdir("the vault")
from vaultsync.infra import git as gitread
from vaultsync.infra.git import files
repo = gitread.open_repository(".")
entries = files.staged(repo)
found = gitread.read_blobs(repo, [entry.id for entry in entries.values()])
seen = {{path: found[entry.id].decode() for path, entry in entries.items()}}
names = [name for name in ("GIT_DIR", "GIT_INDEX_FILE") if name in os.environ]
with open({report!r}, "w") as file:
    json.dump([repo.root, repo.prefix, seen, names], file)
"""


class Hooked:
    """A repository whose pre-commit hook reports what it read."""

    def __init__(self, work: Work, report: Path) -> None:
        self.work = work
        self.report = report
        hook = work.top / ".git/hooks/pre-commit"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(
            HOOK.format(python=sys.executable, path=[str(SOURCES), *sys.path], report=str(report))
        )
        hook.chmod(0o755)

    def seen(self) -> tuple[str, str, dict[str, str], list[str]]:
        root, prefix, seen, names = json.loads(self.report.read_text())
        self.report.unlink()
        return root, prefix, seen, names


@pytest.fixture
def hooked(sub: Work, tmp_path: Path) -> Hooked:
    sub.commit({"a.md": "a1", "b.md": "b1"})
    return Hooked(sub, tmp_path / "report.json")


def test_in_a_hook(hooked: Hooked) -> None:
    work = hooked.work
    work.put("a.md", "a2")
    work.put("b.md", "b2")
    work.git("add", "the vault/a.md")
    work.git("-C", "the vault", "commit", "-q", "-m", "the index")
    expected = (str(work.top), "the vault/", {"a.md": "a2", "b.md": "b1"}, ["GIT_INDEX_FILE"])
    assert hooked.seen() == expected


def test_in_a_hook_of_commit_all(hooked: Hooked) -> None:
    hooked.work.put("b.md", "b2")
    hooked.work.git("commit", "-q", "--all", "-m", "all")
    assert hooked.seen()[2] == {"a.md": "a1", "b.md": "b2"}


def test_in_a_hook_of_commit_of_one_file(hooked: Hooked) -> None:
    work = hooked.work
    work.put("a.md", "a2")
    work.put("b.md", "b2")
    work.git("add", "the vault/a.md")
    work.git("commit", "-q", "-m", "one file", "--", "the vault/b.md")
    assert hooked.seen()[2] == {"a.md": "a1", "b.md": "b2"}


def test_in_a_hook_of_a_linked_worktree(hooked: Hooked, tmp_path: Path) -> None:
    tree = tmp_path / "linked"
    hooked.work.git("worktree", "add", "-q", "-b", "side", str(tree))
    (tree / "the vault/a.md").write_text("a3")
    hooked.work.git("-C", str(tree), "commit", "-q", "--all", "-m", "in the linked worktree")
    expected = (str(tree), "the vault/", {"a.md": "a3", "b.md": "b1"})
    assert hooked.seen() == (*expected, ["GIT_DIR", "GIT_INDEX_FILE"])


def test_in_a_hook_where_the_git_folder_is_named(hooked: Hooked) -> None:
    work = hooked.work
    work.put("a.md", "a2")
    named = (f"--git-dir={work.top}/.git", f"--work-tree={work.top}")
    work.git(*named, "commit", "-q", "--all", "-m", "named")
    expected = (str(work.top), "the vault/", {"a.md": "a2", "b.md": "b1"})
    assert hooked.seen() == (*expected, ["GIT_DIR", "GIT_INDEX_FILE"])


@pytest.mark.parametrize("options", [["--all"], []])
def test_in_a_hook_of_another_repository(sub: Work, tmp_path: Path, options: list[str]) -> None:
    sub.put("a.md", "of the outer repository")
    sub.git("add", "--all")
    sub.git("commit", "-q", "-m", "first")
    outer = Work(tmp_path / "outer")
    outer.put("the vault/a.md", "of the other one")
    Work(outer.top / "the vault").commit({"inner.md": "inner"})
    outer.put("b.md", "b")
    outer.git("add", "b.md")
    hooked = Hooked(outer, tmp_path / "report.json")
    outer.git("commit", "-q", *options, "-m", "in the outer one")
    root, prefix, seen, _ = hooked.seen()
    assert (root, prefix) == (f"{outer.top}/the vault", "")
    assert seen == {"a.md": "of the other one", "inner.md": "inner"}


def test_an_index_of_ones_own_is_read(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work.commit({"a.md": "a"})
    spare = work.top.parent / "spare"
    spare.mkdir()
    monkeypatch.setenv("GIT_INDEX_FILE", str(spare / "index"))
    assert files.staged(work.repo) == {}
    monkeypatch.setenv("GIT_INDEX_FILE", "../spare/index")
    assert files.staged(work.repo) == {}
    monkeypatch.setenv("GIT_INDEX_FILE", str(spare / "nowhere" / "index"))
    assert files.staged(work.repo) == {"a.md": entry("a")}
