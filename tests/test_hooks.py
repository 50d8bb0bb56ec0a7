"""The hooks that this repository offers, run by the real pre-commit on real commits."""

from __future__ import annotations

import copy
import os
import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest
import yaml

from tests.vaults import SOURCES

TOP = Path(__file__).parents[1]
CONFIG = """\
[types.claim]
match = ["Claims/*.md"]
required = ["title", "status", "source"]
[types.claim.states]
draft = { status = "draft" }
retired = { status = "retired" }
[types.claim.body]
lead = { required = true, sentences = [1, 2] }
[types.claim.body.sections.Sources]
items = "source"
required = true
first = "original"
[lint.severity]
LNK003 = "error"
"""
CLAIM = """\
---
title: {title}
status: supported
source: https://example.org/{name}
---

{title} is so.

## Sources
- original: [T](https://example.org/{name}), Lee et al. 2024
"""
INDEX = '<!-- vaultsync:notes type="claim" style="index" -->\n\n<!-- /vaultsync -->\n'
CHANGELOG = '<!-- vaultsync:changelog style="full" -->\n\n<!-- /vaultsync -->\n'


class Repository:
    """A repository whose vault is committed through the hooks."""

    def __init__(self, top: Path, vault: str, ids: Collection[str]) -> None:
        self.top, self.vault, self.home = top, top / vault, str(top.parent / "cache")
        self.git("init", "--quiet", "--initial-branch=main")
        hooks = yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text())
        local = [{**hook, "language": "unsupported"} for hook in hooks if hook["id"] in ids]
        for hook in local:
            hook["entry"] = hook["entry"].replace("vaultsync", f"{sys.executable} -m vaultsync", 1)
            hook.pop("minimum_pre_commit_version")
        self.write_top(
            ".pre-commit-config.yaml",
            yaml.safe_dump({"repos": [{"repo": "local", "hooks": local}]}),
        )
        self.write("vaultsync.toml", CONFIG)
        self.write("Index.md", INDEX)
        self.write("Changelog.md", CHANGELOG)
        self.run(sys.executable, "-m", "pre_commit", "install")

    def copied(self, top: Path) -> Repository:
        """Return a copy of the repository at another place."""
        shutil.copytree(self.top, top)
        other = copy.copy(self)
        other.top, other.vault = top, top / self.vault.relative_to(self.top)
        return other

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PRE_COMMIT_HOME": self.home, "PYTHONPATH": str(SOURCES)}
        return subprocess.run(
            command, cwd=self.top, capture_output=True, text=True, check=False, env=environment
        )

    def git(self, *args: str) -> str:
        done = self.run("git", *args)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def write_top(self, name: str, text: str) -> None:
        (self.top / name).parent.mkdir(parents=True, exist_ok=True)
        (self.top / name).write_text(text)

    def write(self, name: str, text: str) -> None:
        (self.vault / name).parent.mkdir(parents=True, exist_ok=True)
        (self.vault / name).write_text(text)

    def claim(self, name: str, title: str, more: str = "") -> None:
        self.write(f"Claims/{name}.md", CLAIM.format(name=name, title=title) + more)

    def commit(self, *args: str, day: str = "") -> tuple[int, str]:
        """Commit what is staged; return the exit code and what the hooks said."""
        date = ("--date", f"{day}T12:00:00+0000") if day else ()
        done = self.run("git", "commit", "--quiet", "--message", "a commit", *date, *args)
        return done.returncode, done.stdout + done.stderr

    def settle(self, day: str = "2026-01-01") -> None:
        """Commit all on a day, taking over what the hooks write."""
        self.git("add", "--all")
        code, said = self.commit(day=day)
        if code:
            self.git("add", "--all")
            code, said = self.commit(day=day)
        assert code == 0, said

    def committed(self, name: str) -> str:
        inner = (self.vault / name).relative_to(self.top).as_posix()
        return self.git("show", f"HEAD:{inner}")


ONE = ("vaultsync",)
THREE = ("vaultsync-index", "vaultsync-changelog", "vaultsync-lint")
BELOW, ABOVE = ("notes/vault", ONE), ("", THREE)
NAMES = ("one hook, vault in a subfolder", "three hooks, vault at the top")


def in_forms(*forms: object) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("empty", forms, ids=NAMES, indirect=True, scope="module")


# Hooks share the check of what is staged; what they may see differently runs in both forms.
in_both_forms = in_forms(BELOW, ABOVE)
in_both_forms_if_long = in_forms(BELOW, pytest.param(ABOVE, marks=pytest.mark.long))


@pytest.fixture(scope="module", params=[BELOW], ids=NAMES[:1])
def empty(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Repository:
    """Make a repository once; each test has a copy."""
    return make_repository(tmp_path_factory.mktemp("empty") / "repository", *request.param)


@pytest.fixture(scope="module")
def first(empty: Repository, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Commit a claim once."""
    made = empty.copied(tmp_path_factory.mktemp("first") / "repository")
    made.claim("one", "One")
    made.settle()
    return made


@pytest.fixture(scope="module")
def pair(empty: Repository, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Commit two claims once, of which one links to a heading of the other."""
    made = empty.copied(tmp_path_factory.mktemp("pair") / "repository")
    made.claim("one", "One", "\n## Why\n\nSo.\n")
    made.claim("two", "Two", "\nSee [[one#Why]].\n")
    made.settle()
    return made


@pytest.fixture(scope="module")
def erring(pair: Repository, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Commit a note with an error once."""
    made = pair.copied(tmp_path_factory.mktemp("erring") / "repository")
    made.write("old.md", "[[/nowhere]]\n")
    made.write("Claims/odd.md", "---\ntitle: a: b\n---\n")
    made.git("add", "--all")
    assert made.commit("--no-verify")[0] == 0
    return made


@pytest.fixture
def repository(empty: Repository, tmp_path: Path) -> Repository:
    return empty.copied(tmp_path / "repository")


@pytest.fixture
def settled(first: Repository, tmp_path: Path) -> Repository:
    """Return a repository in which a claim is committed."""
    return first.copied(tmp_path / "repository")


@pytest.fixture
def linked(pair: Repository, tmp_path: Path) -> Repository:
    """Return a repository in which a claim is committed, and another that links to it."""
    return pair.copied(tmp_path / "repository")


@pytest.fixture
def wrong(erring: Repository, tmp_path: Path) -> Repository:
    """Return a repository in which an error is committed, past the hooks."""
    return erring.copied(tmp_path / "repository")


def make_repository(top: Path, vault: str, ids: Collection[str]) -> Repository:
    top.mkdir()
    made = Repository(top, vault, ids)
    if vault:
        made.write_top(".gitignore", "")
        hooks = (top / ".pre-commit-config.yaml").read_text()
        made.write_top(
            ".pre-commit-config.yaml",
            hooks.replace("-m vaultsync", f"-m vaultsync --vault {vault}"),
        )
    return made


@in_both_forms
def test_first_commit_fails_until_the_generated_notes_are_staged(repository: Repository) -> None:
    repository.claim("one", "One")
    repository.git("add", "--all")
    code, said = repository.commit()
    assert code == 1
    assert "Index.md" in said
    assert "Changelog.md" in said

    repository.git("add", "--all")
    code, said = repository.commit()
    assert code == 0, said
    assert "[[one|One]]: One is so." in repository.committed("Index.md")
    assert "- Initial post: 1 claim" in repository.committed("Changelog.md")


@in_both_forms_if_long
def test_commit_with_an_error_is_stopped_at_its_line(settled: Repository) -> None:
    settled.claim("one", "One", "- Lee et al. 2024\n\n[[/nowhere]]\n")
    settled.git("add", "--all")
    code, said = settled.commit()
    assert code == 1
    assert "Claims/one.md:11:" in said
    assert "a source is written" in said
    assert "Claims/one.md:13:" in said
    assert "there is no `/nowhere` in the vault" in said


@in_both_forms_if_long
def test_partial_staging_commits_and_indexes_only_what_is_staged(settled: Repository) -> None:
    settled.claim("two", "Two")
    settled.git("add", "--all")
    settled.claim("two", "Two", "\n[[/nowhere]] is not staged.\n")
    settled.claim("three", "Three")
    code, _ = settled.commit()
    assert code == 1
    settled.git("add", "--", "*Index.md", "*Changelog.md", "*changelog.lock")
    code, said = settled.commit()
    assert code == 0, said
    assert "[[two|Two]]" in settled.committed("Index.md")
    assert "three" not in settled.committed("Index.md")
    assert "nowhere" in (settled.vault / "Claims/two.md").read_text()


def test_deleting_a_note_that_is_linked_to_is_stopped_at_the_other_note(
    linked: Repository,
) -> None:
    (linked.vault / "Claims/one.md").unlink()
    linked.git("add", "--all")
    code, said = linked.commit()
    assert code == 1
    assert "Claims/two.md" in said
    assert "there is no `one` in the vault" in said


@in_both_forms_if_long
def test_renaming_with_its_links_passes_and_is_recorded(linked: Repository) -> None:
    (linked.vault / "Claims/one.md").rename(linked.vault / "Claims/uno.md")
    linked.claim("two", "Two", "\nSee [[uno#Why]].\n")
    linked.settle("2026-01-02")
    assert "Renamed [[uno|One]], before: Claims/one" in linked.committed("Changelog.md")


def test_commit_of_code_alone_passes(settled: Repository) -> None:
    settled.write_top("tool.py", "print()\n")
    settled.git("add", "--all")
    code, said = settled.commit()
    assert code == 0, said


def test_renaming_a_heading_is_stopped_at_the_note_that_links_to_it(
    linked: Repository,
) -> None:
    """A block that is embedded elsewhere is a warning to Obsidian, here it is an error."""
    linked.claim("one", "One", "\n## How\n\nSo.\n")
    linked.git("add", "--all")
    code, said = linked.commit()
    assert code == 1
    assert "Claims/two.md:12:5: error LNK003 there is no heading `Why` in Claims/one.md" in said
    assert "1 file changed, 1 other note affected: 1 error" in said


def test_an_old_error_elsewhere_stops_no_commit(wrong: Repository) -> None:
    wrong.write("new.md", "See [[one]].\n")
    wrong.git("add", "--all")
    code, said = wrong.commit()
    assert code == 0, said
    wrong.write_top("tool.py", "print()\n")
    wrong.git("add", "--all")
    code, said = wrong.commit()
    assert code == 0, said
    wrong.write("old.md", "[[/nowhere]] again\n")
    wrong.git("add", "--all")
    code, said = wrong.commit()
    assert code == 1
    assert "old.md:1:1: error LNK001" in said


@in_both_forms_if_long
@pytest.mark.parametrize("args", [("--all",), ("--", ":(top,glob)**/two.md")], ids=["-a", "FILE"])
def test_git_commit_builds_what_is_checked(linked: Repository, args: tuple[str, ...]) -> None:
    """With `-a` or a file named, git makes a second index and names it to the hooks."""
    linked.claim("two", "Two", "\n[[/nowhere]]\n")
    code, said = linked.commit(*args)
    assert code == 1
    assert "Claims/two.md:12:1: error LNK001" in said
    linked.claim("two", "Two", "\n[[one]]\n")
    code, said = linked.commit(*args)
    assert code == 0, said


def test_a_file_named_leaves_out_what_is_staged(settled: Repository) -> None:
    settled.write("bad.md", "[[/nowhere]]\n")
    settled.write("good.md", "[[one]]\n")
    settled.git("add", "--all")
    code, said = settled.commit("--", ":(top,glob)**/good.md")
    assert code == 0, said
    assert settled.commit()[0] == 1


@in_both_forms_if_long
def test_a_merge_in_progress_answers_for_what_it_breaks(wrong: Repository) -> None:
    wrong.git("checkout", "-q", "-b", "side")
    wrong.write("n.md", "See [[note]].\n")
    wrong.write("note.md", "x\n")
    wrong.git("add", "--all")
    code, said = wrong.commit()
    assert code == 0, said
    wrong.git("checkout", "-q", "main")
    wrong.git("merge", "--quiet", "--no-ff", "--no-commit", "side")
    (wrong.vault / "note.md").unlink()
    wrong.git("add", "--all")
    code, said = wrong.commit()
    assert code == 1
    assert "n.md:1:5: error LNK001" in said
    assert "old.md" not in said
    wrong.write("note.md", "x\n")
    wrong.git("add", "--all")
    code, said = wrong.commit()
    assert code == 0, said


def test_amending_and_a_detached_head(wrong: Repository) -> None:
    wrong.git("checkout", "-q", "--detach")
    wrong.write("n.md", "See [[one]].\n")
    wrong.git("add", "--all")
    code, said = wrong.commit("--amend")
    assert code == 0, said
    wrong.write("n.md", "See [[/nowhere]].\n")
    wrong.git("add", "--all")
    code, said = wrong.commit("--amend")
    assert code == 1
    assert "n.md:1:5: error LNK001" in said


def test_draft_never_stops_a_commit(repository: Repository) -> None:
    repository.claim("one", "One")
    repository.write("Claims/idea.md", "---\ntitle: An idea\nstatus: draft\n---\n\n[[/nowhere]]\n")
    repository.settle()
    assert "idea" not in repository.committed("Changelog.md")


@pytest.mark.parametrize(
    "args",
    [("--all-files",), ("--from-ref", "HEAD~1", "--to-ref", "HEAD")],
    ids=["all files", "a range"],
)
def test_where_nothing_is_committed_the_index_is_checked_whole(
    wrong: Repository, args: tuple[str, ...]
) -> None:
    done = wrong.run(sys.executable, "-m", "pre_commit", "run", *args)
    assert done.returncode == 1
    assert "old.md:1:1: error LNK001" in done.stdout


def test_under_pre_commit_nothing_is_staged_and_no_line_is_lost(settled: Repository) -> None:
    """Not even with `--add`: pre-commit puts aside what is not staged, and puts it back."""
    config = settled.top / ".pre-commit-config.yaml"
    config.write_text(config.read_text().replace("notes/vault hook", "notes/vault hook --add"))
    settled.claim("two", "Two")
    settled.git("add", "--all")
    index = settled.vault / "Index.md"
    index.write_text(f"Not staged, at the top.\n\n{index.read_text()}\nNot staged, at the end.\n")
    before = settled.git("ls-files", "--stage")
    code, said = settled.commit()
    assert code == 1
    assert "then stage what changed: git add notes/vault/Index.md notes/vault/Changelog.md" in said
    assert settled.git("ls-files", "--stage") == before
    assert index.read_text().startswith("Not staged, at the top.\n")
    assert index.read_text().endswith("\nNot staged, at the end.\n")


@in_both_forms_if_long
def test_a_sync_is_not_held_up_by_hooks_of_ours(settled: Repository) -> None:
    settled.claim("two", "Two")
    settled.write("broken.md", "---\nbroken: [\n---\n")
    done = settled.run(sys.executable, "-m", "vaultsync", "--vault", str(settled.vault), "sync")
    assert done.returncode == 0, done.stderr
    assert settled.committed("broken.md").startswith("---\nbroken")
    assert "Two" in settled.committed("Claims/two.md")
    assert settled.git("status", "--porcelain") == ""
