"""Git's own hooks, made by `vaultsync init --hook` and run by real commits."""

from __future__ import annotations

import copy
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.vaults import SOURCES, Run, make, run, start

SETTINGS = """\
[types.claim]
match = ["Claims/*.md"]
required = ["title"]
"""
INDEX = """\
Our claims.

<!-- vaultsync:notes type="claim" style="index" -->

<!-- /vaultsync -->

The end.
"""
JOURNAL = '<!-- vaultsync:changelog style="full" -->\n\n<!-- /vaultsync -->\n'
FILES = {"vaultsync.toml": SETTINGS, "Index.md": INDEX, "Changelog.md": JOURNAL}
# As a desktop starts Obsidian, and Obsidian git.
PLAIN = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(SOURCES)}
NOTHING = "no note is affected: nothing to check\n"


def claim(title: str, more: str = "") -> str:
    return f"---\ntitle: {title}\n---\n\n{title} is so.\n{more}"


class Hooked:
    """A repository with a vault in one of its folders, and git's own hooks."""

    def __init__(self, top: Path, folder: str = "", files: Mapping[str, str] = FILES) -> None:
        self.top, self.vault = top, top / folder
        make(self.vault, {**files, "Claims/one.md": claim("One")})
        self.git("init", "-q", "-b", "main")
        self.day = "2026-01-01"
        made = run(top, "init", folder or ".", "--hook")
        assert made.code == 0, made.err

    def call(
        self, *args: str, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> Run:
        done = subprocess.run(
            ["git", *args],
            cwd=cwd or self.top,
            env={**os.environ, **PLAIN, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def git(self, *args: str) -> str:
        done = self.call(*args)
        assert done.code == 0, done.out + done.err
        return done.out

    def commit(self, *args: str, env: Mapping[str, str] | None = None) -> Run:
        """Commit; git prints what a hook prints on standard error."""
        return self.call("commit", "-q", "-m", "a commit", *args, env=env)

    def settle(self) -> None:
        """Commit all there is on a day of January, at the first try; the next one is another."""
        self.git("add", "--all")
        done = self.commit(env={"GIT_AUTHOR_DATE": f"{self.day}T12:00:00+0000"})
        self.day = "2026-01-02"
        assert done.code == 0, done.err
        assert self.git("status", "--porcelain") == ""

    def put(self, **notes: str) -> None:
        make(self.vault / "Claims", {f"{name}.md": text for name, text in notes.items()})

    def committed(self, name: str) -> str:
        return self.git("show", f"HEAD:{(self.vault / name).relative_to(self.top).as_posix()}")

    def state(self) -> tuple[str, str, dict[str, bytes]]:
        """Return the commit, the index, and the notes on disk."""
        notes = {str(path): path.read_bytes() for path in sorted(self.vault.rglob("*.md"))}
        return self.git("log", "-1", "--format=%H"), self.git("ls-files", "--stage"), notes


@pytest.fixture(params=["", "my notes/vault"], ids=["at the top", "in a subfolder"])
def hooked(tmp_path: Path, request: pytest.FixtureRequest) -> Hooked:
    return Hooked(make(tmp_path / "top", {}), request.param)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Hooked:
    """Make a repository with one commit once; each test has a copy."""
    made = Hooked(make(tmp_path_factory.mktemp("template"), {}))
    made.settle()
    return made


@pytest.fixture
def settled(template: Hooked, tmp_path: Path) -> Hooked:
    made = copy.copy(template)
    made.top = made.vault = shutil.copytree(template.top, tmp_path / "top")
    return made


def test_a_commit_takes_one_try(hooked: Hooked) -> None:
    hooked.settle()
    assert "[[one|One]]: One is so." in hooked.committed("Index.md")
    assert "- Initial post: 1 claim" in hooked.committed("Changelog.md")
    hooked.put(two=claim("Two", "\nSee [[one]].\n"))
    hooked.settle()
    assert "[[two|Two]]" in hooked.committed("Index.md")
    assert "- Added [[two|Two]]" in hooked.committed("Changelog.md")
    assert run(hooked.vault, "index", "--check").code == 0
    assert run(hooked.vault, "changelog", "--check").code == 0


def test_with_an_error_nothing_is_written(settled: Hooked) -> None:
    settled.put(two=claim("Two", "\n[[one#^nowhere]] [[nowhere.md]]\n"))
    settled.git("add", "--all")
    before = settled.state()
    done = settled.commit()
    assert done.code == 1
    assert "Claims/two.md:7:" in done.err
    assert settled.state() == before


@pytest.mark.parametrize("args", [("--all",), ("--include", "Claims/one.md")], ids=["-a", "-i"])
def test_an_index_that_git_locks_is_completed(settled: Hooked, args: tuple[str, ...]) -> None:
    settled.put(one=claim("Uno"))
    done = settled.commit(*args)
    assert done.code == 0, done.err
    assert settled.git("status", "--porcelain") == ""
    assert "[[one|Uno]]" in settled.committed("Index.md")


def test_an_index_of_one_path_is_refused_where_lists_change(settled: Hooked) -> None:
    settled.put(one=claim("Uno"))
    before = settled.state()
    done = settled.commit("Claims/one.md")
    assert done.code == 1
    assert "`git commit PATH`, which has an index of its own: run `git add PATH`" in done.err
    assert settled.state() == before
    settled.git("add", "Claims/one.md")
    assert settled.commit().code == 0
    assert settled.git("status", "--porcelain") == ""
    make(settled.vault, {"plain.md": "Not in a list.\n"})
    settled.git("add", "plain.md")
    assert settled.commit("plain.md").code == 0


@pytest.mark.parametrize("way", ["add", "stash"])
def test_partial_staging_is_refused_with_the_way_out(settled: Hooked, way: str) -> None:
    settled.put(one=claim("Uno"))
    settled.git("add", "--all")
    index = settled.vault / "Index.md"
    index.write_text(index.read_text().replace("Our claims.", "Our claims, not staged."))
    before = settled.state()
    done = settled.commit()
    assert done.code == 1, done.err
    assert "error: Index.md: has changes that are not staged" in done.err
    assert settled.state() == before
    if way == "add":
        assert "(git add Index.md)" in done.err
        settled.git("add", "Index.md")
    else:
        assert "(git stash push --keep-index)" in done.err
        settled.git("stash", "push", "--keep-index")
    done = settled.commit()
    assert done.code == 0, done.err
    assert ("not staged" in settled.committed("Index.md")) is (way == "add")
    if way == "stash":
        settled.git("stash", "pop")
    assert "not staged" in index.read_text()
    assert "[[one|Uno]]" in index.read_text()


def test_what_is_not_staged_of_other_notes_stays(settled: Hooked) -> None:
    settled.put(one=claim("Uno"))
    settled.git("add", "--all")
    settled.put(one=claim("Ein"), three=claim("Three"))
    # The lists on disk show what is not staged; they are made again of what is.
    assert run(settled.vault, "index").code == 0
    done = settled.commit()
    assert done.code == 0, done.err
    assert settled.git("status", "--porcelain") == " M Claims/one.md\n?? Claims/three.md\n"
    assert "[[one|Uno]]" in settled.committed("Index.md")
    assert "three" not in settled.committed("Index.md")


def test_a_line_of_the_journal_that_is_not_staged_is_kept(settled: Hooked) -> None:
    settled.put(one=claim("Uno"))
    settled.git("add", "--all")
    journal = settled.vault / "Changelog.md"
    text = journal.read_text().replace("- Initial post: 1 claim", "- We begin")
    journal.write_text(text)
    done = settled.commit()
    assert done.code == 1
    assert "Changelog.md: the journal on disk is not the staged one: stage the note" in done.err
    assert journal.read_text() == text
    settled.git("add", "Changelog.md")
    assert settled.commit().code == 0
    assert "- We begin" in settled.committed("Changelog.md")


def test_a_list_that_is_deleted_on_disk_is_partly_staged(settled: Hooked) -> None:
    settled.put(one=claim("Uno"))
    settled.git("add", "--all")
    (settled.vault / "Index.md").unlink()
    assert "Index.md: has changes that are not staged" in settled.commit().err


def test_line_ends_of_the_disk_stay(settled: Hooked) -> None:
    settled.git("config", "core.autocrlf", "true")
    index = settled.vault / "Index.md"
    index.unlink()
    settled.git("checkout", "Index.md")
    assert b"\r\n" in index.read_bytes()
    settled.put(one=claim("Uno"))
    settled.git("add", "--all")
    done = settled.commit()
    assert done.code == 0, done.err
    assert "\r" not in settled.committed("Index.md")
    assert index.read_bytes().count(b"\n") == index.read_bytes().count(b"\r\n")
    assert settled.git("status", "--porcelain") == ""


def test_an_empty_and_a_message_only_commit_are_clean(settled: Hooked) -> None:
    """Even where lists are out of date and a note has an error: another commit did that."""
    settled.put(one=claim("Uno", "\n[[nowhere.md]]\n"))
    settled.git("add", "--all")
    assert settled.commit("--no-verify").code == 0
    before = settled.state()
    assert settled.call("commit", "-q", "--amend", "-m", "reworded") == Run(0, "", NOTHING)
    assert settled.commit("--allow-empty") == Run(0, "", NOTHING)
    assert settled.state()[1:] == before[1:]
    make(settled.top, {"tool.py": "print()\n"})
    settled.git("add", "--all")
    assert settled.commit().code == 0


def test_a_merge_of_git_stops_once_with_the_lists_staged(settled: Hooked) -> None:
    """Git has made the tree of the commit before it runs this hook."""
    settled.git("checkout", "-q", "-b", "side")
    settled.put(two=claim("Two"))
    settled.settle()
    settled.git("checkout", "-q", "main")
    settled.put(three=claim("Three"))
    settled.git("add", "--all")
    settled.git("commit", "-q", "--no-verify", "-m", "without lists")
    done = settled.call("merge", "--no-edit", "side")
    assert done.code == 1
    assert "`git commit` completes the merge" in done.err
    done = settled.call("commit", "--no-edit")
    assert done.code == 0, done.err
    assert settled.git("status", "--porcelain") == ""
    assert "[[three|Three]]" in settled.committed("Index.md")
    assert "[[two|Two]]" in settled.committed("Index.md")


def test_a_merge_does_not_answer_for_an_error_of_its_other_side(settled: Hooked) -> None:
    settled.git("checkout", "-q", "-b", "side")
    make(settled.vault, {"old.md": "[[nowhere.md]]\n"})
    settled.git("add", "--all")
    settled.git("commit", "-q", "--no-verify", "-m", "an error")
    settled.git("checkout", "-q", "main")
    make(settled.vault, {"note.md": "x\n"})
    settled.settle()
    done = settled.call("merge", "--no-edit", "side")
    assert done.code == 0, done.out + done.err
    assert settled.git("status", "--porcelain") == ""


def test_a_first_run_says_that_it_is_cold(settled: Hooked, tmp_path: Path) -> None:
    settled.git("clone", "-q", str(settled.top), str(tmp_path / "clone"))
    clone = tmp_path / "clone"
    assert run(clone, "init", "--hook").code == 0
    make(clone, {"new.md": "x\n"})
    settled.call("add", "--all", cwd=clone)
    said = settled.call("commit", "-qm", "first", cwd=clone).err
    assert said.startswith("first run here: it reads every note")
    make(clone, {"new.md": "y\n"})
    said = settled.call("commit", "-qam", "second", cwd=clone).err
    assert said == "1 file changed: no errors\n"


def test_a_vault_without_a_changelog_and_types_has_hooks_too(tmp_path: Path) -> None:
    files = {"a.md": "[[one]]\n", "Changelog.md": "Mine.\n"}
    hooked = Hooked(make(tmp_path / "top", {}), files=files)
    hooked.settle()
    make(hooked.vault, {"a.md": "[[nowhere.md]]\n"})
    assert hooked.commit("-a").code == 1


def test_a_linked_work_tree_has_the_same_hooks(settled: Hooked, tmp_path: Path) -> None:
    other = tmp_path / "other"
    settled.git("worktree", "add", "-q", "-b", "other", str(other))
    make(other / "Claims", {"two.md": claim("Two")})
    settled.call("add", "--all", cwd=other)
    done = settled.call("commit", "-qm", "there", cwd=other)
    assert done.code == 0, done.err
    assert settled.call("status", "--porcelain", cwd=other).out == ""
    assert "[[two|Two]]" in settled.git("show", "other:Index.md")
    assert settled.git("status", "--porcelain") == ""


def test_a_branch_without_the_vault_is_committed(tmp_path: Path) -> None:
    hooked = Hooked(make(tmp_path / "top", {}), "vault")
    hooked.settle()
    hooked.git("checkout", "-q", "--orphan", "pages")
    hooked.git("rm", "-rqf", ".")
    shutil.rmtree(hooked.vault, ignore_errors=True)
    make(hooked.top, {"page.html": "x"})
    hooked.git("add", "page.html")
    assert hooked.commit() == Run(0, "", "")


def test_a_program_that_moved_is_found_on_the_path_or_named(settled: Hooked) -> None:
    hook = settled.top / ".git/hooks/pre-commit"
    hook.write_text(hook.read_text().replace(sys.executable, "/gone/python"))
    settled.put(one=claim("Uno"))
    settled.git("add", "--all")
    done = settled.commit()
    assert done.code == 1
    assert done.err == "/gone/python is gone: run `vaultsync init --hook` again\n"
    tool = f'#!/bin/sh\nexec "{sys.executable}" -m vaultsync "$@"\n'
    (make(settled.top.parent / "bin", {"vaultsync": tool}) / "vaultsync").chmod(0o755)
    path = f"{settled.top.parent / 'bin'}:{PLAIN['PATH']}"
    assert settled.commit(env={"PATH": path}).code == 0
    assert run(settled.top, "init", "--hook").out == "wrote .git/hooks/pre-commit\n"
    assert sys.executable in hook.read_text()


def test_nothing_of_the_repository_is_run(settled: Hooked) -> None:
    make(settled.top, {"click.py": "raise SystemExit('a stranger')\n"})
    settled.put(one=claim("Uno"))
    settled.settle()


OTHER = "#!/bin/sh\necho other: $(git diff --cached --name-only) >&2\ntest ! -e stop\n"


def test_another_hook_is_kept_and_run_after_ours(tmp_path: Path) -> None:
    top = make(tmp_path / "top", {".git/hooks/pre-commit": OTHER})
    (top / ".git/hooks/pre-commit").chmod(0o755)
    hooked = Hooked(top)
    hooked.git("add", "--all")
    make(top, {"stop": ""})
    done = hooked.commit()
    assert done.code == 1
    assert done.err.endswith("Claims/one.md Index.md changelog.lock vaultsync.toml\n")
    (top / "stop").unlink()
    assert hooked.commit().code == 0
    assert run(top, "init", "--hook").out == "this is a vault already: nothing to do\n"
    (top / ".git/hooks/pre-commit").write_text(OTHER)
    refused = run(top, "init", "--hook")
    assert refused.code == 2
    assert "pre-commit.before: a hook is kept there already: join it and pre-commit" in refused.err


CONFIG = """\
repos:
  - repo: local
    hooks:
      - {id: other, name: other, language: system, entry: "grep -q two Index.md", always_run: true,
         pass_filenames: false}
"""


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(True, id="pre-commit first"),
        pytest.param(False, id="vaultsync first", marks=pytest.mark.long),
    ],
)
def test_pre_commit_runs_after_ours_and_once(tmp_path: Path, *, first: bool) -> None:
    top = make(tmp_path / "top", {".pre-commit-config.yaml": CONFIG})
    subprocess.run(["git", "init", "-q"], cwd=top, check=True)
    install = [sys.executable, "-m", "pre_commit", "install"]
    home = {"PRE_COMMIT_HOME": str(tmp_path / "cache")}
    if first:
        subprocess.run(install, cwd=top, check=True, env={**os.environ, **home})
    hooked = Hooked(top)
    # Also where both were there: pre-commit moves what it finds.
    subprocess.run(install, cwd=top, check=True, env={**os.environ, **home})
    hooked.put(two=claim("Two"))
    hooked.git("add", "--all")
    # Pre-commit would put this aside, and ours must see the rest before.
    index = hooked.vault / "Index.md"
    index.write_text(index.read_text() + "Not staged.\n")
    before = hooked.git("ls-files", "--stage")
    done = hooked.commit(env=home)
    assert done.code != 0
    assert "Index.md: has changes that are not staged" in done.err
    assert hooked.git("ls-files", "--stage") == before
    hooked.git("add", "--all")
    done = hooked.commit(env=home)
    assert done.code == 0, done.err
    assert done.err.count("no errors") == 1
    assert done.err.index("no errors") < done.err.index("other")
    assert "[[two|Two]]" in hooked.committed("Index.md")
    assert run(top, "init", "--hook").out == "this is a vault already: nothing to do\n"


def test_hooks_elsewhere_are_not_touched(tmp_path: Path) -> None:
    top = make(tmp_path / "top", {"a.md": "x\n"})
    subprocess.run(["git", "init", "-q"], cwd=top, check=True)
    subprocess.run(["git", "config", "core.hooksPath", "shared"], cwd=top, check=True)
    code, out, err = run(top, "init", "--hook")
    assert (code, out) == (2, "")
    assert "`core.hooksPath` names this folder: write into its pre-commit" in err
    assert err.endswith("vaultsync --vault . hook --add || exit\n")
    assert not (top / "vaultsync.toml").exists()


def test_a_hook_checks_all_the_vaults_that_asked_for_it(tmp_path: Path) -> None:
    hooked = Hooked(make(tmp_path / "top", {}), "a")
    other = make(hooked.top / "b 'c'", {**FILES, "Claims/two.md": claim("Two")})
    assert run(other, "init", "--hook").code == 0
    assert run(hooked.vault, "init", "--hook").out == "this is a vault already: nothing to do\n"
    hooked.settle()
    assert "[[one|One]]" in hooked.committed("Index.md")
    assert "[[two|Two]]" in (other / "Index.md").read_text()
    for vault in (hooked.vault, other):
        make(vault, {"new.md": "[[nowhere.md]]\n"})
        hooked.git("add", "--all")
        assert hooked.commit().code == 1
        (vault / "new.md").unlink()


def test_without_a_commit_the_index_is_checked_whole(settled: Hooked) -> None:
    assert run(settled.vault, "lint").code == 0
    assert run(settled.vault, "hook") == Run(0, "1 claim, 0 drafts, 0 TODOs: no errors\n", "")
    settled.put(one=claim("Uno", "\n[[nowhere.md]]\n"))
    settled.git("add", "--all")
    settled.git("commit", "-q", "--no-verify", "-m", "past the hook")
    code, out, _ = run(settled.vault, "hook", "--add")
    assert code == 1
    assert "Claims/one.md:7:1: error LNK" in out
    assert "wrote Index.md" in out
    assert out.endswith("then stage what changed: git add Index.md Changelog.md changelog.lock\n")
    assert settled.git("diff", "--cached", "--name-only") == ""


@pytest.mark.parametrize("severity", ["error", "warning"])
def test_a_broken_block_stops_the_commit_that_breaks_it(settled: Hooked, severity: str) -> None:
    """Whatever its severity for lint: `index --check` would fail in CI."""
    make(settled.vault, {"vaultsync.toml": f'{SETTINGS}[lint.severity]\nMRK001 = "{severity}"\n'})
    settled.settle()
    index = settled.vault / "Index.md"
    index.write_text(index.read_text().replace("vaultsync:notes", "vaultsync:note"))
    done = settled.commit("-a")
    assert done.code == 1
    assert f"Index.md:3:1: {severity} MRK001" in done.err
    assert ("Index.md:3: error there is no block `note`" in done.err) is (severity == "warning")


def test_outside_a_repository_the_remedy_is_named(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "x\n", "vaultsync.toml": ""})
    code, _, err = start(tmp_path, "hook", env={"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})
    assert code == 2
    assert "run `git init` there" in err
