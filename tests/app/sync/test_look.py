"""What is found before a sync, in real repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from unittest import mock

import pytest
from tests.infra.git.work import Work
from tests.infra.test_worktree import unprivileged
from tests.vaults import git, make

from vaultsync.app.sync.look import look
from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import GitError
from vaultsync.sync.plan import LeftOut, Situation

SETTINGS = "[sync]\n"
FILES = {"vaultsync.toml": SETTINGS, "a.md": "one\n", "b.md": "two\n"}


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return started(tmp_path / "repo")


def started(top: Path, *options: str, folder: str = "", files: Mapping[str, str] = FILES) -> Work:
    made = Work(top, *options, folder=folder)
    made.commit(dict(files))
    return made


def seen(work: Work, *accepted: str) -> Situation:
    return look(Workspace(str(work.vault), cached=False), accepted)


def stop(work: Work) -> tuple[str, str]:
    (step,) = seen(work).stops
    assert step.name == "stop"
    return step.text, step.remedy


def left(work: Work) -> dict[str, str]:
    return {one.path: one.reason for one in seen(work).left_out}


def conflict(work: Work) -> None:
    """Make two branches that changed one note, and another commit on the second."""
    work.git("switch", "-q", "-c", "other")
    work.commit({"a.md": "theirs\n"}, 2)
    work.git("switch", "-q", "main")
    work.commit({"a.md": "ours\n"}, 3)


def fails(work: Work, *args: str) -> None:
    done = subprocess.run(["git", *args], cwd=work.top, capture_output=True, check=False)
    assert done.returncode


def test_nothing_changed(work: Work) -> None:
    found = seen(work)
    assert (found.head, found.branch) == (work.git("rev-parse", "HEAD"), "main")
    assert (found.changes, found.left_out, found.stops, found.notes) == ({}, (), (), 2)
    (notice,) = found.notices
    assert notice.startswith("there is no remote")


def test_what_changed_is_found_whatever_is_staged(work: Work) -> None:
    work.put("a.md", "staged\n")
    work.git("add", "a.md")
    work.put("a.md", "new\n")
    (work.vault / "b.md").unlink()
    work.put("c.md", "added\n")
    work.put("d.md", "added\n")
    work.git("add", "d.md")
    work.put("e.md", "added\n")
    work.git("add", "e.md")
    (work.vault / "e.md").unlink()
    assert seen(work).changes == {
        "a.md": "changed",
        "b.md": "deleted",
        "c.md": "added",
        "d.md": "added",
    }


def test_a_file_that_became_a_folder_is_deleted(work: Work) -> None:
    (work.vault / "a.md").unlink()
    work.put("a.md/inner.md", "text\n")
    assert seen(work).changes == {"a.md": "deleted", "a.md/inner.md": "added"}


def test_a_dangling_link_is_a_file(work: Work) -> None:
    (work.vault / "link.md").symlink_to("nowhere")
    assert seen(work).changes == {"link.md": "added"}


OPERATIONS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "rebase": (("rebase", "other"), "a rebase is not completed", "git rebase --continue"),
    "am": (("rebase", "--apply", "other"), "a rebase is not completed", "git rebase --abort"),
    "merge": (("merge", "other"), "a merge is not completed", "git merge --abort"),
    "pick": (("cherry-pick", "other"), "a cherry-pick is not completed", "--continue"),
    "revert": (("revert", "HEAD~1"), "a revert is not completed", "git revert --abort"),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_in_progress(work: Work, name: str) -> None:
    command, reason, remedy = OPERATIONS[name]
    conflict(work)
    if name == "revert":
        work.commit({"a.md": "again\n"}, 4)
    fails(work, *command)
    text, way_out = stop(work)
    assert text == reason
    assert remedy in way_out


def test_a_bisection(work: Work) -> None:
    conflict(work)
    work.git("bisect", "start")
    assert stop(work) == ("a bisection is not completed", "end it: `git bisect reset`")


def test_an_unmerged_index(work: Work) -> None:
    conflict(work)
    work.put("a.md", "mine\n")
    work.git("stash")
    work.commit({"a.md": "other\n"}, 5)
    fails(work, "stash", "pop")
    text, remedy = stop(work)
    assert text == "a.md has a merge conflict"
    assert "git add a.md" in remedy


def test_a_detached_head(work: Work) -> None:
    work.git("checkout", "-q", "--detach")
    text, remedy = stop(work)
    assert text.startswith("HEAD is detached")
    assert "git switch -c NAME" in remedy


def test_a_branch_without_a_commit(tmp_path: Path) -> None:
    work = Work(tmp_path / "repo")
    work.put("a.md", "text\n")
    text, remedy = stop(work)
    assert text == "the branch main has no commit yet"
    assert "git commit --allow-empty" in remedy


def test_staged_work_outside_the_vault(tmp_path: Path) -> None:
    work = started(tmp_path / "repo", folder="the vault")
    make(work.top, {"code.py": "x\n"})
    work.git("add", "code.py")
    text, remedy = stop(work)
    assert text == "code.py is staged outside the vault"
    assert "git restore --staged" in remedy
    assert seen(work).changes == {}
    work.put("vaultsync.toml", '[sync]\nalong = "repository"\n')
    found = seen(work)
    assert found.stops == ()
    assert found.changes == {"code.py": "added", "the vault/vaultsync.toml": "changed"}


def test_a_submodule_in_the_vault(work: Work, tmp_path: Path) -> None:
    inner = started(tmp_path / "inner")
    work.git("submodule", "add", "-q", str(inner.top), "sub")
    work.git("commit", "-q", "-m", "sub")
    text, remedy = stop(work)
    assert text == "sub in the vault is a submodule"
    assert "git rm --cached sub" in remedy


def test_a_submodule_elsewhere_is_left_alone(tmp_path: Path) -> None:
    inner = started(tmp_path / "inner")
    work = started(tmp_path / "repo", folder="vault")
    work.git("submodule", "add", "-q", str(inner.top), "sub")
    work.git("commit", "-q", "-m", "sub")
    assert seen(work).stops == ()


def test_a_sparse_checkout(work: Work) -> None:
    work.commit({"far/c.md": "text\n"}, 2)
    work.git("sparse-checkout", "set", "near")
    text, remedy = stop(work)
    assert text == "only a part of the repository is checked out"
    assert "git sparse-checkout disable" in remedy
    assert seen(work).changes == {}


def test_a_folder_that_cannot_be_read_is_unknown() -> None:
    with unprivileged() as place:
        work = started(place / "repo", files={**FILES, "Notes/c.md": "text\n"})
        (work.vault / "Notes").chmod(0)
        text, remedy = stop(work)
        (work.vault / "Notes").chmod(0o755)
    assert text.startswith("what cannot be read is unknown: ")
    assert "Notes" in text
    assert remedy.startswith("make it readable")


def test_an_old_git(work: Work, tmp_path: Path) -> None:
    program = tmp_path / "bin" / "git"
    make(program.parent, {"git": f"#!/bin/sh\necho git version 2.37.9 | {shutil.which('cat')}\n"})
    program.chmod(0o755)
    workspace = Workspace(str(work.vault), cached=False)
    assert workspace.repository
    with mock.patch.dict(os.environ, {"PATH": f"{program.parent}:{os.environ['PATH']}"}):
        (step,) = look(workspace).stops
    assert step.text == "git is older than 2.38"
    make(program.parent, {"git": "#!/bin/sh\necho strange\n"})
    with mock.patch.dict(os.environ, {"PATH": f"{program.parent}:{os.environ['PATH']}"}):
        assert look(workspace).stops == (step,)


def test_a_bare_repository_and_none(work: Work, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(work.top), "bare")
    make(tmp_path / "none", {"a.md": "text\n"})
    for name in ("bare", "none"):
        with pytest.raises(GitError, match="needs git"):
            look(Workspace(str(tmp_path / name), cached=False))


def test_a_worktree_has_a_state_of_its_own(work: Work, tmp_path: Path) -> None:
    conflict(work)
    work.git("worktree", "add", "-q", str(tmp_path / "second"), "other")
    fails(work, "merge", "other")
    second = look(Workspace(str(tmp_path / "second"), cached=False))
    assert (second.branch, second.stops) == ("other", ())


@pytest.mark.parametrize(
    ("name", "options"), [("sha256", ("--object-format=sha256",)), ("sha1", ())]
)
def test_other_hash_functions(tmp_path: Path, name: str, options: tuple[str, ...]) -> None:
    work = started(tmp_path / name, *options)
    work.put("a.md", "new\n")
    assert (len(seen(work).head) == 64) is bool(options)
    assert seen(work).changes == {"a.md": "changed"}


@pytest.mark.parametrize("option", ["--depth=1", "--filter=blob:none"])
def test_a_shallow_and_a_partial_clone(work: Work, tmp_path: Path, option: str) -> None:
    conflict(work)
    work.git("config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", option, f"file://{work.top}", "clone")
    make(tmp_path / "clone", {"a.md": "new\n"})
    found = look(Workspace(str(tmp_path / "clone"), cached=False))
    assert (found.changes, found.stops) == ({"a.md": "changed"}, ())
    assert found.upstream == "origin/main"


def test_one_upstream_and_others_that_are_left(work: Work, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(work.top), "bare")
    work.git("remote", "add", "origin", str(tmp_path / "bare"))
    (notice,) = seen(work).notices
    assert "`git push -u origin main`" in notice
    work.git("push", "-q", "-u", "origin", "main")
    assert (seen(work).upstream, seen(work).notices) == ("origin/main", ())
    work.git("remote", "add", "backup", str(tmp_path / "bare"))
    assert seen(work).notices == ("only origin/main is synced, not: backup",)
    work.git("checkout", "-q", "--detach")
    assert seen(work).notices == ()
    work.git("switch", "-q", "main")
    work.git("remote", "remove", "origin")
    (notice,) = seen(work).notices
    assert "`git push -u backup main`" in notice


def test_what_is_about_this_machine_stays(work: Work) -> None:
    plugins = ".obsidian/plugins"
    private = (
        ".obsidian/workspace.json",
        ".obsidian/workspace-mobile.json",
        f"{plugins}/other/data.json",
        f"{plugins}/other/cache/x",
        ".trash/old.md",
        "Notes/.DS_Store",
        ".vaultsync-1-0123456789abcdef.tmp",
    )
    shared = (".obsidian/app.json", f"{plugins}/vaultsync-editor/data.json")
    for path in (*private, *shared):
        work.put(path, "{}")
    found = seen(work)
    assert found.changes == dict.fromkeys(sorted(shared), "added")
    assert found.left_out == ()


def test_what_is_tracked_and_private_leaves_when_that_is_accepted(work: Work) -> None:
    path = ".obsidian/workspace.json"
    work.commit({path: "{}"}, 2)
    assert seen(work).left_out == ()
    work.put(path, "{1}")
    (one,) = seen(work).left_out
    assert one.path == path
    assert "`--accept let-go`" in one.reason
    assert seen(work).changes == {}
    found = seen(work, "let-go")
    assert (found.changes, found.left_out) == ({path: "let go"}, ())


def test_what_the_user_let_go_and_git_ignores_is_let_go(work: Work) -> None:
    work.commit({".gitignore": "draft.md\n"}, 2)
    work.put("draft.md", "text\n")
    work.git("add", "-f", "draft.md")
    work.git("commit", "-q", "-m", "by mistake")
    work.git("rm", "-q", "--cached", "draft.md")
    assert seen(work).changes == {"draft.md": "let go"}


def test_only_what_notes_link_to_comes_with_them(work: Work) -> None:
    for name in ("seen.png", "linked.pdf", "other.png", "script.py"):
        work.put(f"Files/{name}", "data")
    work.put("a.md", "![[Seen.png]] and [a paper](Files/linked.pdf)\n")
    assert seen(work).changes == {
        "a.md": "changed",
        "Files/linked.pdf": "added",
        "Files/seen.png": "added",
    }
    reason = 'no note links to it, and `sync.along` is "notes"'
    assert left(work) == {"Files/other.png": reason, "Files/script.py": reason}
    work.git("add", "Files/other.png")
    assert left(work) == {"Files/script.py": reason}
    work.put("vaultsync.toml", '[sync]\nalong = "repository"\n')
    assert "Files/script.py" in seen(work).changes


def test_the_baseline_comes_with_the_settings_that_name_it(work: Work) -> None:
    work.put("known.json", "{}\n")
    assert "known.json" in left(work)
    work.put("vaultsync.toml", '[lint]\nbaseline = "./known.json"\n')
    assert seen(work).changes == {"known.json": "added", "vaultsync.toml": "changed"}


def test_a_repository_in_the_vault(work: Work) -> None:
    Work(work.vault / "inner").commit({"c.md": "text\n"})
    assert left(work) == {"inner/": "a repository of its own"}


def test_a_large_file_stays(work: Work) -> None:
    work.put("vaultsync.toml", "[sync]\nlarge-file = 1\n")
    work.put("a.md", "![[film.mp4]]\n")
    with (work.vault / "film.mp4").open("wb") as film:
        film.truncate(1_000_001)
    (reason,) = left(work).values()
    assert reason.startswith("larger than 1 MB")


def test_names_that_other_systems_cannot_hold_stay(work: Work) -> None:
    for name in ("A.md", "what?.md", "con.md", "a#b.md"):
        work.put(name, "text\n")
    assert left(work) == {
        "A.md": "it differs from a.md in letter case or Unicode form alone: rename one",
        "con.md": "its name is that of a device, CON, so that Windows cannot hold it: rename it",
        "what?.md": "its name holds `?`, so that Windows cannot hold it: rename it",
    }


FILTERS: dict[str, Callable[[Work], object]] = {
    "no one has set": lambda _: None,
    "only the repository has set": lambda work: work.git("config", "filter.crypt.clean", "rev"),
    "the repository has changed": lambda work: work.git("config", "filter.user.clean", "touch x"),
}


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_that_is_not_the_users_own(work: Work, tmp_path: Path, name: str) -> None:
    own = make(tmp_path, {"own": '[filter "user"]\nclean = cat\n'}) / "own"
    kind = "user" if "changed" in name else "crypt"
    FILTERS[name](work)
    work.put(".gitattributes", f"*.md filter={kind}\n")
    work.put("a.md", "secret\n")
    with mock.patch.dict(os.environ, {"GIT_CONFIG_GLOBAL": str(own)}):
        found = seen(work)
    (one,) = found.left_out
    assert one == LeftOut(
        "a.md",
        f"your own settings of git have no filter `{kind}` for it: set it with "
        "`git config --global`",
    )
    assert not (work.top / "x").exists()


def test_git_lfs_has_to_be_installed(work: Work) -> None:
    work.put(".gitattributes", "*.mp4 filter=lfs\n")
    work.put("a.md", "![[film.mp4]]\n")
    work.put("film.mp4", "data")
    assert left(work)["film.mp4"].endswith("`git lfs install`")
