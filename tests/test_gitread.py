from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vaultsync import gitread
from vaultsync.errors import GitError
from vaultsync.gitread import Entry, Repository
from vaultsync.output import content_id

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCES = Path(gitread.__file__).parents[1]
# Settings that change what git prints, or stop it.
HOSTILE = """
[color]
	ui = always
	diff = always
[core]
	quotePath = true
	pager = false
	abbrev = 4
	fsmonitor = {marker}
[gpg]
	program = {marker}
[pager]
	log = false
[diff]
	external = false
	orderFile = /nowhere/order
	noprefix = true
	relative = true
	renames = copies
	renameLimit = 1
	algorithm = patience
[log]
	showSignature = true
	showRoot = false
	follow = true
	diffMerges = combined
	decorate = full
	abbrevCommit = true
	date = relative
[format]
	pretty = oneline
[i18n]
	logOutputEncoding = UTF-16
"""


class Work:
    """A repository under test, the vault in one of its folders."""

    def __init__(self, top: Path, *options: str, folder: str = "") -> None:
        self.top = top
        self.vault = top / folder
        self.vault.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *options)

    def git(self, *args: str, day: int = 1, offset: str = "+0000") -> str:
        date = f"2026-01-{day:02}T12:00:00{offset}"
        dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        command = ["git", "-c", "protocol.file.allow=always", *args]
        done = subprocess.run(
            command, cwd=self.top, env={**os.environ, **dates}, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()

    def put(self, path: str, text: str) -> None:
        file = self.vault / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def commit(self, files: Mapping[str, str | None], day: int = 1, offset: str = "+0000") -> str:
        for path, text in files.items():
            if text is None:
                (self.vault / path).unlink()
            else:
                self.put(path, text)
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", f"day {day}", day=day, offset=offset)
        return self.git("rev-parse", "HEAD")

    @property
    def repo(self) -> Repository:
        repo = gitread.open_repository(str(self.vault))
        assert repo is not None
        return repo


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return Work(tmp_path / "repo")


@pytest.fixture
def sub(tmp_path: Path) -> Work:
    return Work(tmp_path / "repo", folder="the vault")


def entry(text: str, mode: str = "100644") -> Entry:
    return Entry(mode, content_id(text.encode()))


def test_opens_the_top_level_and_a_subfolder(work: Work, sub: Work) -> None:
    assert gitread.open_repository(str(work.top)) == Repository(str(work.top), "")
    assert sub.repo == Repository(str(sub.top), "the vault/")


def test_opens_through_a_link_to_the_vault(sub: Work, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(sub.vault)
    assert gitread.open_repository(str(tmp_path / "link")) == sub.repo


def test_no_repository(tmp_path: Path) -> None:
    assert gitread.open_repository(str(tmp_path)) is None


def test_a_bare_repository_holds_no_vault(tmp_path: Path) -> None:
    bare = Work(tmp_path / "bare", "--bare")
    assert gitread.open_repository(str(bare.top)) is None


def test_a_broken_repository_is_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /nowhere\n")
    with pytest.raises(GitError, match="not a git repository: /nowhere"):
        gitread.open_repository(str(tmp_path))


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(GitError, match=r"none': No such file or directory"):
        gitread.open_repository(str(tmp_path / "none"))


def test_a_path_with_a_line_break(tmp_path: Path) -> None:
    work = Work(tmp_path / "a\nb")
    with pytest.raises(GitError, match="line break"):
        gitread.open_repository(str(work.top))


def test_without_git(work: Work, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    repo = work.repo
    monkeypatch.setenv("PATH", str(tmp_path))
    assert gitread.open_repository(str(work.top)) is None
    with pytest.raises(GitError, match="installed and on PATH"):
        gitread.head(repo)


def test_a_repository_of_another_user(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    # Git's own switch for its tests: it then takes every repository for another user's.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(GitError) as caught:
        gitread.open_repository(str(work.top))
    assert f"git config --global --add safe.directory {work.top}" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_before_the_first_commit(work: Work) -> None:
    repo = work.repo
    assert gitread.head(repo) is None
    assert gitread.staged(repo) == {}
    work.put("a.md", "a")
    work.git("add", "a.md")
    assert gitread.staged(repo) == {"a.md": entry("a")}
    with pytest.raises(GitError, match="HEAD"):
        gitread.tree(repo, "HEAD")


def test_the_first_commit(work: Work) -> None:
    root = work.commit({"a.md": "a", "b/c.md": "c"}, day=2, offset="-0800")
    assert gitread.head(work.repo) == root
    assert gitread.tree(work.repo, "HEAD") == {"a.md": entry("a"), "b/c.md": entry("c")}


def test_only_the_vault_counts(sub: Work) -> None:
    (sub.top / "README.md").write_text("outside")
    (sub.top / "the vault.md").write_text("outside, and its name begins like the folder's")
    sub.commit({"a.md": "a"})
    assert set(gitread.tree(sub.repo, "HEAD")) == {"a.md"}
    assert set(gitread.staged(sub.repo)) == {"a.md"}


def test_any_path_is_read_as_it_is(sub: Work) -> None:
    names = ["café.md", "日本.md", 'a"b.md', "tab\t.md", "line\nbreak.md", ":100644.md", "\x1e.md"]
    sub.commit(dict.fromkeys(names, "x"))
    odd = os.fsencode(sub.vault) + b"/\xff.md"
    Path(os.fsdecode(odd)).write_text("x")
    sub.git("add", "--all")
    assert set(gitread.tree(sub.repo, "HEAD")) == set(names)
    assert set(gitread.staged(sub.repo)) == {*names, "\udcff.md"}


def test_modes(work: Work) -> None:
    work.put("run.sh", "x")
    (work.vault / "run.sh").chmod(0o755)
    (work.vault / "link.md").symlink_to("run.sh")
    work.commit({})
    expected = {"run.sh": entry("x", "100755"), "link.md": entry("run.sh", "120000")}
    assert gitread.tree(work.repo, "HEAD") == expected
    assert gitread.staged(work.repo) == expected


def test_an_executable_file_is_a_file(work: Work) -> None:
    work.commit({"a.md": "a"}, day=1)
    (work.vault / "a.md").chmod(0o755)
    work.commit({}, day=2)
    assert gitread.tree(work.repo, "HEAD")["a.md"].mode == "100755"


def test_a_submodule_is_left_out(work: Work, tmp_path: Path) -> None:
    other = Work(tmp_path / "other")
    other.commit({"x.md": "x"})
    work.git("submodule", "--quiet", "add", str(other.top), "inner")
    work.commit({"a.md": "a"})
    assert set(gitread.staged(work.repo)) == {".gitmodules", "a.md"}
    assert set(gitread.tree(work.repo, "HEAD")) == {".gitmodules", "a.md"}
    assert gitread.ignored(work.repo, ["inner/x.md", "a.md"]) == set()


def test_staged_in_part(work: Work) -> None:
    work.commit({"a.md": "one\n\n\n\n\n\n\n\ntwo\n", "gone.md": "x"})
    work.put("a.md", "ONE\n\n\n\n\n\n\n\ntwo\n")
    work.git("add", "a.md")
    work.put("a.md", "ONE\n\n\n\n\n\n\n\nTWO\n")
    work.git("rm", "-q", "--cached", "gone.md")
    work.put("untracked.md", "x")
    entries = gitread.staged(work.repo)
    assert set(entries) == {"a.md"}
    found = gitread.blobs(work.repo, [entries["a.md"].id])
    assert list(found.values()) == [b"ONE\n\n\n\n\n\n\n\ntwo\n"]


def test_what_differs_from_a_commit_in_the_index_and_on_disk(sub: Work) -> None:
    base = sub.commit(
        {"a.md": "a", "b.md": "b", "c.md": "c", "mode.md": "m", ".gitignore": "*.log"}
    )
    (sub.vault / "mode.md").chmod(0o755)
    sub.git("mv", "the vault/c.md", "the vault/d.md")
    sub.put("a.md", "A")
    sub.git("add", "--all")
    (sub.top / "code.py").touch()
    staged = {"a.md": entry("a"), "c.md": entry("c"), "d.md": None}
    assert gitread.changed(sub.repo, base, index=True) == staged
    sub.put("b.md", "B")
    sub.put("a.md", "a")
    sub.put("x.log", "ignored")
    sub.put("x.md", "untracked")
    on_disk = {"b.md": entry("b"), "c.md": entry("c"), "d.md": None, "x.md": None}
    assert gitread.changed(sub.repo, base, index=False) == on_disk


def test_all_differs_from_nothing(work: Work) -> None:
    work.put("a.md", "a")
    work.git("add", "a.md")
    work.put("b.md", "b")
    assert gitread.changed(work.repo, None, index=True) == {"a.md": None}
    assert gitread.changed(work.repo, None, index=False) == {"a.md": None, "b.md": None}


def test_what_is_written_anew_or_replaced_by_a_link(work: Work) -> None:
    base = work.commit({"a.md": "same", "b.md": "b"})
    os.utime(work.vault / "a.md", (1, 1))
    (work.vault / "b.md").unlink()
    (work.vault / "b.md").symlink_to("a.md")
    assert gitread.changed(work.repo, base, index=False) == {"b.md": entry("b")}


def test_what_git_forgot_but_the_disk_has_differs(work: Work) -> None:
    base = work.commit({"a.md": "a", "b.md": "b"})
    work.git("rm", "-q", "--cached", "a.md")
    assert gitread.changed(work.repo, base, index=False) == {"a.md": entry("a")}


def test_submodules_are_no_files_that_differ(work: Work, tmp_path: Path) -> None:
    base = work.commit({"a.md": "a"})
    other = Work(tmp_path / "other")
    other.commit({"x.md": "x"})
    work.git("submodule", "--quiet", "add", str(other.top), "inner")
    for index in (True, False):
        found = gitread.changed(work.repo, base, index=index)
        assert set(found) - {"inner"} == {".gitmodules"}
        assert found.get("inner") is None


def test_revisions_name_commits(work: Work) -> None:
    assert gitread.commit_named(work.repo, "HEAD") is None
    base = work.commit({"a.md": "a"}, day=1)
    work.git("checkout", "-q", "-b", "side")
    side = work.commit({"b.md": "b"}, day=2)
    work.git("checkout", "-q", "main")
    main = work.commit({"c.md": "c"}, day=3)
    names = {"main": main, "HEAD": main, "HEAD~": base, side[:9]: side, "side^{tree}": None}
    names |= {"side...": base, "...side": base, "main...side": base, "main...no": None}
    names |= {
        "no": None,
        "-q": None,
        "--all": None,
        "main..side": None,
        "": None,
        "HEAD:a.md": None,
    }
    assert {name: gitread.commit_named(work.repo, name) for name in names} == names
    work.git("checkout", "-q", "--orphan", "apart")
    work.git("commit", "-q", "-m", "apart")
    assert gitread.commit_named(work.repo, "apart...main") is None


def test_the_commit_that_is_being_merged(work: Work) -> None:
    work.commit({"a.md": "a"}, day=1)
    assert gitread.merged(work.repo) is None
    work.git("checkout", "-q", "-b", "side")
    side = work.commit({"b.md": "b"}, day=2)
    work.git("checkout", "-q", "main")
    work.git("merge", "-q", "--no-ff", "--no-commit", "side")
    assert gitread.merged(work.repo) == side


def test_an_announced_file_is_not_staged_and_an_empty_one_is(work: Work) -> None:
    work.put("announced.md", "text")
    work.put("empty.md", "")
    work.git("add", "empty.md")
    work.git("add", "--intent-to-add", "announced.md")
    assert gitread.staged(work.repo) == {"empty.md": entry("")}


def test_a_conflict_names_the_file(sub: Work) -> None:
    sub.commit({"a.md": "base"}, day=1)
    sub.git("checkout", "-q", "-b", "side")
    sub.commit({"a.md": "side"}, day=2)
    sub.git("checkout", "-q", "main")
    sub.commit({"a.md": "main"}, day=3)
    with pytest.raises(AssertionError):
        sub.git("merge", "-q", "side")
    with pytest.raises(GitError, match=r"^a\.md: has a merge conflict"):
        gitread.staged(sub.repo)


def test_a_conflict_outside_the_vault_does_not_matter(tmp_path: Path) -> None:
    work = Work(tmp_path / "repo")
    work.commit({"a.md": "base", "vault/b.md": "b"}, day=1)
    work.git("checkout", "-q", "-b", "side")
    work.commit({"a.md": "side"}, day=2)
    work.git("checkout", "-q", "main")
    work.commit({"a.md": "main"}, day=3)
    with pytest.raises(AssertionError):
        work.git("merge", "-q", "side")
    repo = gitread.open_repository(str(work.top / "vault"))
    assert repo is not None
    assert gitread.staged(repo) == {"b.md": entry("b")}


@pytest.mark.parametrize("rev", ["nowhere", "--output=taken", "-p", "HEAD~9"])
def test_a_revision_that_does_not_exist(work: Work, rev: str) -> None:
    work.commit({"a.md": "a"})
    with pytest.raises(GitError, match=rev):
        gitread.tree(work.repo, rev)
    with pytest.raises(GitError, match=rev):
        gitread.renames(work.repo, rev, None)
    assert {file.name for file in work.top.iterdir()} == {".git", "a.md"}


TEXT = "".join(f"line {number}\n" for number in range(20))


def test_renames_to_the_index_and_between_revisions(sub: Work) -> None:
    base = sub.commit({"old.md": TEXT, "same.md": "", "out.md": TEXT * 2})
    (sub.vault / "old.md").rename(sub.vault / "new name.md")
    sub.put("new name.md", f"{TEXT}more\n")
    (sub.vault / "same.md").rename(sub.vault / "empty.md")
    (sub.vault / "out.md").rename(sub.top / "out.md")
    assert gitread.renames(sub.repo, base, None) == {}
    sub.git("add", "--all")
    assert gitread.renames(sub.repo, base, None) == {"old.md": "new name.md"}
    target = sub.commit({})
    assert gitread.renames(sub.repo, base, target) == {"old.md": "new name.md"}
    assert gitread.renames(sub.repo, target, base) == {"new name.md": "old.md"}


def test_many_renames_at_once(work: Work) -> None:
    notes = {f"{number}.md": f"{TEXT}{number}\n" for number in range(40)}
    base = work.commit(notes)
    for path, text in notes.items():
        (work.vault / path).unlink()
        work.put(f"moved {path}", f"{text}more\n")
    work.git("config", "diff.renameLimit", "2")
    work.git("add", "--all")
    expected = {path: f"moved {path}" for path in notes}
    assert gitread.renames(work.repo, base, None) == expected


def test_blobs_any_bytes_once_each(work: Work) -> None:
    contents = [b"", b"\n", b"x\0y\n\nblob 3\n", "é".encode("latin-1"), os.urandom(1 << 20)]
    for number, content in enumerate(contents):
        (work.vault / str(number)).write_bytes(content)
    work.commit({})
    ids = [gitread.tree(work.repo, "HEAD")[str(number)].id for number in range(len(contents))]
    assert gitread.blobs(work.repo, [*ids, *ids]) == dict(zip(ids, contents, strict=True))
    assert gitread.blobs(work.repo, []) == {}


def test_more_blobs_than_a_pipe_holds(work: Work) -> None:
    work.commit({f"{number}.md": f"{number}\n" * 50 for number in range(3000)})
    ids = [found.id for found in gitread.tree(work.repo, "HEAD").values()]
    assert len(gitread.blobs(work.repo, ids)) == 3000


def test_a_blob_that_is_missing_or_is_none(work: Work) -> None:
    work.commit({"a.md": "a"})
    missing = "0123456789" * 4
    with pytest.raises(GitError, match=f"{missing}.* missing"):
        gitread.blobs(work.repo, [missing])
    commit = gitread.head(work.repo)
    assert commit is not None
    with pytest.raises(GitError, match=f"{commit}.* not a file"):
        gitread.blobs(work.repo, [commit])


def test_sha256(tmp_path: Path) -> None:
    work = Work(tmp_path / "repo", "--object-format=sha256")
    root = work.commit({"a.md": "a", "old.md": TEXT})
    assert len(root) == 64
    assert gitread.head(work.repo) == root
    entries = gitread.tree(work.repo, "HEAD")
    assert entries == gitread.staged(work.repo)
    assert gitread.blobs(work.repo, [entries["a.md"].id]) == {entries["a.md"].id: b"a"}
    (work.vault / "old.md").rename(work.vault / "new.md")
    work.git("add", "--all")
    assert gitread.renames(work.repo, root, None) == {"old.md": "new.md"}


def test_shallow(work: Work, tmp_path: Path) -> None:
    for day in (1, 2, 3):
        work.commit({"a.md": str(day)}, day=day)
    assert not work.repo.is_shallow
    work.git("clone", "-q", "--depth=2", f"file://{work.top}", str(tmp_path / "clone"))
    clone = gitread.open_repository(str(tmp_path / "clone"))
    assert clone is not None
    assert clone.is_shallow


def test_a_partial_clone_fetches_what_it_lacks(work: Work, tmp_path: Path) -> None:
    work.commit({"a.md": "one"}, day=1)
    work.commit({"a.md": "two"}, day=2)
    work.git("config", "uploadpack.allowFilter", "true")
    url, place = f"file://{work.top}", str(tmp_path / "clone")
    work.git("clone", "-q", "--filter=blob:none", url, place)
    clone = gitread.open_repository(place)
    assert clone is not None
    first = gitread.tree(clone, "HEAD~1")["a.md"].id
    assert gitread.blobs(clone, [first]) == {first: b"one"}


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
    assert gitread.ignored(sub.repo, asked) == expected
    assert gitread.ignored(sub.repo, ["kept.md"]) == set()
    assert gitread.ignored(sub.repo, []) == set()
    top = gitread.open_repository(str(sub.top))
    assert top is not None
    assert gitread.ignored(top, [":(top)x", "b.md"]) == {":(top)x"}


def test_tracked(sub: Work, tmp_path: Path) -> None:
    sub.commit({".gitignore": "*.tmp\n", "é b.md": "x", "gone.md": "x", "a/c.md": "x"})
    sub.put("new.md", "x")
    sub.put("b.tmp", "x")
    (sub.vault / "gone.md").unlink()
    before = frozenset({".gitignore", "é b.md", "gone.md", "a/c.md"})
    assert gitread.tracked(str(sub.vault)) == before
    sub.git("add", "--intent-to-add", "the vault/new.md")
    assert gitread.tracked(str(sub.vault)) == before | {"new.md"}
    assert gitread.tracked(str(sub.vault / "a")) == frozenset({"c.md"})
    assert gitread.tracked(str(tmp_path / "nowhere")) is None


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
    ids = [gitread.tree(work.repo, rev)["b.md"].id for rev in ("HEAD", base)]
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
    entries = gitread.tree(repo, "HEAD")
    return [
        entries,
        gitread.staged(repo),
        gitread.blobs(repo, [found.id for found in entries.values()]),
        gitread.renames(repo, base, None),
        gitread.renames(repo, base, "HEAD"),
        gitread.changed(repo, base, index=True),
        gitread.changed(repo, base, index=False),
    ]


def test_nothing_in_the_repository_is_written(work: Work) -> None:
    base = work.commit({"a.md": TEXT})
    os.utime(work.vault / "a.md", (1, 1))
    before = {
        str(file): (file.stat().st_mtime_ns, file.stat().st_size)
        for file in sorted(work.top.rglob("*"))
    }
    _answers(work.repo, base)
    gitread.ignored(work.repo, ["a.md"])
    after = {
        str(file): (file.stat().st_mtime_ns, file.stat().st_size)
        for file in sorted(work.top.rglob("*"))
    }
    assert after == before


HOOK = """#!{python}
import json, os, sys
sys.path[:0] = {path}
os.chdir("the vault")
from vaultsync import gitread
repo = gitread.open_repository(".")
entries = gitread.staged(repo)
found = gitread.blobs(repo, [entry.id for entry in entries.values()])
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
    assert gitread.staged(work.repo) == {}
    monkeypatch.setenv("GIT_INDEX_FILE", "../spare/index")
    assert gitread.staged(work.repo) == {}
    monkeypatch.setenv("GIT_INDEX_FILE", str(spare / "nowhere" / "index"))
    assert gitread.staged(work.repo) == {"a.md": entry("a")}


def test_versions_of_files_through_renames(sub: Work) -> None:
    long = "".join(f"line {number}\n" for number in range(20))
    sub.commit({"old.md": long, "b.md": "b"}, 1)
    sub.commit({"old.md": f"{long}more\n"}, 2)
    sub.commit({"old.md": None, "new.md": f"{long}most\n"}, 3)
    sub.commit({"b.md": None}, 4)
    assert gitread.versions(sub.repo, ["new.md", "old.md", "b.md", "no.md"]) == {
        "new.md": [
            ("2026-01-03", content_id(f"{long}most\n".encode())),
            ("2026-01-02", content_id(f"{long}more\n".encode())),
            ("2026-01-01", content_id(long.encode())),
        ],
        "old.md": [],
        "b.md": [],
        "no.md": [],
    }
    assert gitread.versions(sub.repo, []) == {}
