"""`vaultsync init`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import resources
from pathlib import Path
from unittest import mock

import pytest
import yaml
from tests.vaults import SOURCES, Run, committed, git, make, run, start, state

pty = pytest.importorskip("pty")
ADOPTED = (resources.files("vaultsync") / "adopted.toml").read_bytes()
OFFER = "to have only new errors reported, run `vaultsync init --baseline`\n"


def init(cwd: Path, *args: str) -> Run:
    return run(cwd, "init", *args)


def test_an_empty_folder_becomes_a_vault_of_which_every_part_works(tmp_path: Path) -> None:
    code, out, err = init(tmp_path, "vault")
    assert (code, err) == (0, "")
    assert "\nnext, so that the workflow is committed: git add .github\n" in out
    assert out.endswith("ready: make a note with `vaultsync new claim TITLE`\n")
    root = tmp_path / "vault"
    assert run(root, "lint", "--strict") == (0, "5 notes: no errors\n", "")
    assert run(root, "index", "--check") == (0, "up to date\n", "")
    git(root, "add", "--all")
    git(root, "commit", "-q", "-m", "start")
    assert run(root, "changelog", "--check") == (0, "up to date\n", "")
    assert run(root, "new", "claim", "A claim").code == 0
    assert run(root, "new", "question", "A question?").code == 0
    assert run(root, "lint").code == 0
    assert run(root, "index").code == 0
    assert run(root, "changelog").code == 0
    assert run(root, "index", "--check").code == 0
    assert run(root, "changelog", "--check").code == 0
    assert run(root, "publish").code == 0
    assert "A claim" in (root / "Index.md").read_text()


def test_the_option_names_the_folder_too(tmp_path: Path) -> None:
    assert run(tmp_path, "--vault", "notes", "init").code == 0
    assert (tmp_path / "notes/vaultsync.toml").is_file()
    assert not (tmp_path / "vaultsync.toml").exists()
    assert run(tmp_path, "--vault", "notes", "init", "other").code == 0
    assert (tmp_path / "other/vaultsync.toml").is_file()


def test_the_first_commit_passes_the_hooks(tmp_path: Path) -> None:
    root = tmp_path / "vault"
    init(tmp_path, "vault")
    with mock.patch.dict(os.environ, {"PYTHONPATH": str(SOURCES)}):
        for title in ("start", "go on"):
            git(root, "add", "--all")
            git(root, "commit", "-q", "-m", title)
            assert git(root, "status", "--porcelain") == ""
            assert run(root, "new", "claim", title).code == 0
    assert "[[go-on|" not in git(root, "show", "HEAD:Index.md")


def test_the_workflow_installs_the_tool_from_an_address_to_put_in(tmp_path: Path) -> None:
    init(tmp_path)
    text = (tmp_path / ".github/workflows/vault.yml").read_text()
    workflow = yaml.safe_load(text)
    for job in workflow["jobs"].values():
        used = [step["uses"] for step in job["steps"] if "uses" in step]
        names = [name.partition("@")[0] for name in used]
        assert names[-2:] == ["actions/checkout", "actions/setup-python"]
        assert job["steps"][len(used)] == {"run": 'python -m pip install "$TOOL"'}
    assert workflow["env"] == {"TOOL": "vaultsync @ git+https://example.org/vaultsync"}
    assert "# Put the address of the tool's repository here.\n" in text


def test_what_an_empty_folder_gets(tmp_path: Path) -> None:
    out = init(tmp_path).out
    wrote = [line.removeprefix("wrote ") for line in out.split("\n") if line.startswith("wrote")]
    made = {path for path in state(tmp_path) if (tmp_path / path).is_file()}
    hooks = {".git/hooks/pre-commit", ".git/hooks/pre-merge-commit"}
    assert set(wrote) == hooks | {path for path in made if not path.startswith(".git/")}
    assert set(wrote) >= {
        "vaultsync.toml",
        "Templates/Claim.md",
        ".obsidian/types.json",
        ".github/workflows/vault.yml",
        ".gitattributes",
        ".gitignore",
        "Index.md",
        "Changelog.md",
        "Post.md",
    }
    types = json.loads((tmp_path / ".obsidian/types.json").read_text())["types"]
    assert types["year"] == "number"
    assert git(tmp_path, "symbolic-ref", "HEAD") == "refs/heads/main\n"


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    init(tmp_path)
    before = state(tmp_path)
    code, out, err = init(tmp_path)
    assert (code, out) == (0, "this is a vault already: nothing to do\n")
    assert err == "kept vaultsync.toml as it is\n"
    assert state(tmp_path) == before


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (
            {"a.md": b"x\r\n", "b/c.md": b"\xff", "b/d.png": b"\0"},
            f"2 notes: 1 error, 1 hint\n{OFFER}",
        ),
        ({".obsidian/app.json": b"{}"}, "it holds no notes yet\n"),
        ({"README.md": b"x", ".gitignore": b"x"}, "1 note: no errors\n"),
        ({"picture.png": b""}, "it holds no notes yet\n"),
    ],
)
def test_a_vault_is_adopted_by_one_file(
    tmp_path: Path, files: dict[str, bytes], found: str
) -> None:
    make(tmp_path, files)
    before = state(tmp_path)
    assert init(tmp_path) == (0, f"wrote vaultsync.toml\nadopted: {found}", "")
    after = state(tmp_path)
    assert after.pop("vaultsync.toml")[1] == ADOPTED
    assert after == before
    again = state(tmp_path)
    assert init(tmp_path).code == 0
    assert state(tmp_path) == again


def test_an_adopted_vault_can_be_linted(tmp_path: Path) -> None:
    make(
        tmp_path, {"a.md": "[[/b]]\n", "Templates/t.md": "---\nday: {{date}}\n---\n[[{{title}}]]\n"}
    )
    init(tmp_path)
    code, out, _ = run(tmp_path, "lint")
    assert code == 1
    assert out.endswith("2 notes: 1 error\n")


def test_what_is_found_can_be_known_from_the_start(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "[[d/x]] [[d/y]]\n", "b.md": "[[#z]]\n"})
    found = "wrote vaultsync.toml\nadopted: 2 notes: 2 errors, 1 warning\n"
    assert init(tmp_path).out == found + OFFER
    assert init(tmp_path, "--baseline") == (
        0,
        "wrote vaultsync.toml\nwrote baseline.json\nadopted: 2 notes: no errors\n",
        "",
    )
    assert (tmp_path / "vaultsync.toml").read_bytes() == ADOPTED + (
        b'\n[lint]\nbaseline = "baseline.json"\n'
    )
    assert run(tmp_path, "lint", "--strict").code == 0
    before = state(tmp_path)
    assert init(tmp_path, "--baseline") == (0, "adopted: 2 notes: no errors\n", "")
    assert state(tmp_path) == before


@pytest.mark.parametrize("mark", [None, ".obsidian/app.json"])
def test_what_git_ignores_stays_out_of_a_folder_that_is_adopted(
    tmp_path: Path, mark: str | None
) -> None:
    make(tmp_path, {".gitignore": "build\n", "a.md": "Text.\n", "build/b.md": "[[d/x]]\n"})
    make(tmp_path, {mark: "{}"} if mark else {})
    found = run(tmp_path, "lint").out
    assert ("2 notes: 1 error\n" if mark else "1 note: no errors\n") in found
    assert init(tmp_path).code == 0
    assert run(tmp_path, "lint").out == found


def test_the_baseline_goes_into_the_settings_that_are_there(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "[[d/x]]\n", "vaultsync.toml": "[lint] # so\nignore = ['LNK003']\n"})
    assert init(tmp_path, "--baseline").code == 0
    assert (tmp_path / "vaultsync.toml").read_text() == (
        "[lint] # so\nbaseline = \"baseline.json\"\nignore = ['LNK003']\n"
    )
    assert run(tmp_path, "lint").code == 0


def test_settings_in_another_form_are_left_alone(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "[[d/x]]\n", "vaultsync.toml": "lint.ignore = ['LNK003']\n"})
    before = state(tmp_path)
    code, out, err = init(tmp_path, "--baseline")
    assert (code, out) == (2, "")
    assert err.startswith("error: vaultsync.toml")
    assert state(tmp_path) == before


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"a.md": "[[d/x]]\n"}, "`vaultsync lint` finds errors"),
        (
            {"a.md": "<!-- vaultsync:tags -->\n\nold\n\n<!-- /vaultsync -->\n"},
            "generated blocks are out of date: run `vaultsync index`",
        ),
    ],
)
def test_a_workflow_that_would_fail_is_not_written(
    tmp_path: Path, files: dict[str, str], reason: str
) -> None:
    make(tmp_path, files)
    path = ".github/workflows/vault.yml"
    _, out, err = init(tmp_path, "--ci")
    expected = (
        f"{path} was not written, it would fail: {reason}; then `vaultsync init --ci` writes it"
    )
    assert err == f"{expected}\n"
    assert path not in out
    assert not (tmp_path / path).exists()
    run(tmp_path, "index")
    assert f"wrote {path}\n" in init(tmp_path, "--ci", "--baseline").out


@pytest.mark.parametrize(
    ("source", "address"),
    [
        (
            {"url": "https://a.org/v.git", "vcs_info": {"vcs": "git", "commit_id": "0" * 40}},
            f"git+https://a.org/v.git@{'0' * 40}",
        ),
        ({"url": "file:///v", "vcs_info": {"vcs": "git", "commit_id": "0" * 40}}, None),
        ({"url": "https://a.org/v.zip", "archive_info": {}}, None),
        (None, None),
    ],
)
def test_the_workflow_installs_what_was_installed_here(
    tmp_path: Path, source: object, address: str | None
) -> None:
    facts = {"METADATA": "Metadata-Version: 2.1\nName: vaultsync\nVersion: 9\n"}
    facts |= {"direct_url.json": json.dumps(source)} if source else {}
    site = make(tmp_path / "site", {f"vaultsync-9.dist-info/{n}": t for n, t in facts.items()})
    root = make(tmp_path / "vault", {"a.md": "Text.\n"})
    with mock.patch.object(sys, "path", [str(site), *sys.path]):
        err = init(root, "--ci").err
    path = ".github/workflows/vault.yml"
    lacking = f"{path} fails until it has the address of vaultsync's repository\n"
    assert err == ("" if address else lacking)
    used = address or "git+https://example.org/vaultsync"
    assert f'"vaultsync @ {used}"' in (root / path).read_text()


def test_adopting_writes_the_hooks_and_the_workflow_where_asked_for(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "", ".github/workflows/vault.yml": "mine"})
    code, out, err = init(tmp_path, "--hook", "--ci")
    assert (code, out) == (2, "")
    assert "run `git init` there" in err
    git(tmp_path, "init", "-q")
    code, out, err = init(tmp_path, "--hook", "--ci")
    lines = "add `vaultsync lint` and `vaultsync index --check`"
    assert (code, err) == (0, f"kept .github/workflows/vault.yml as it is: {lines}\n")
    wrote = ("vaultsync.toml", ".gitattributes", ".git/hooks/pre-commit")
    assert out.startswith("".join(f"wrote {path}\n" for path in wrote))
    assert "\nset merge.vaultsync.driver in this clone\nadopted: " in out
    assert (tmp_path / ".github/workflows/vault.yml").read_text() == "mine"
    assert os.access(tmp_path / ".git/hooks/pre-commit", os.X_OK)


def test_in_a_repository_adopting_writes_hooks_and_workflow_unless_refused(tmp_path: Path) -> None:
    root = committed(make(tmp_path / "v", {"a.md": ""}))
    names = (".git/hooks/pre-commit", ".git/hooks/pre-merge-commit", ".github/workflows/vault.yml")
    init(root, "--no-hook", "--no-ci")
    assert not any((root / name).exists() for name in names)
    # What all share is not written again; hooks are those of a clone.
    assert "wrote .git/hooks/pre-commit\n" in init(root).out
    assert [(root / name).exists() for name in names] == [True, True, False]
    (root / "vaultsync.toml").unlink()
    code, out, err = init(root)
    assert (code, "hooks" in out) == (0, False)
    assert f"wrote {names[2]}\n" in out
    assert err == f"{names[2]} fails until it has the address of vaultsync's repository\n"
    fresh = tmp_path / "fresh"
    assert init(tmp_path, "fresh", "--no-hook", "--no-ci").code == 0
    assert not any((fresh / name).exists() for name in names)


@pytest.mark.parametrize("shared", [False, True])
def test_hooks_that_are_there_are_kept_with_the_remedy(tmp_path: Path, *, shared: bool) -> None:
    root = committed(make(tmp_path, {"a.md": "", "vaultsync.toml": "", "shared/x": ""}))
    make(root, {".git/hooks/pre-commit": "#!/bin/sh\n"})
    if shared:
        git(root, "config", "core.hooksPath", "shared")
    err = init(root).err
    assert err.startswith("kept vaultsync.toml as it is\nkept the hooks that are there: ")
    assert err.endswith(" hook --add || exit`\n" if shared else ": `vaultsync init --hook`\n")
    assert (root / ".git/hooks/pre-commit").read_text() == "#!/bin/sh\n"
    assert not (root / ".git/hooks/pre-merge-commit").exists()


def test_where_no_hook_can_be_written_the_vault_is_adopted(tmp_path: Path) -> None:
    root = committed(make(tmp_path, {"a.md": "Text.\n"}))
    for file in (root / ".git/hooks").iterdir():
        file.unlink()
    (root / ".git/hooks").rmdir()
    make(root, {".git/hooks": "a file"})
    code, out, err = init(root)
    assert (code, out.endswith("adopted: 1 note: no errors\n")) == (0, True)
    assert err.startswith("no hook was made: ")


JOURNAL = "<!-- vaultsync:changelog -->\n\n<!-- /vaultsync -->\n"


@pytest.mark.parametrize("note", ["Changelog.md", "Log/New.md", None])
def test_the_workflow_of_an_adopted_vault_is_about_what_it_has(
    tmp_path: Path, note: str | None
) -> None:
    # A note of that name without a block is not a journal.
    committed(tmp_path, {"a.md": "Text.\n", "Changelog.md": "Text.\n"})
    if note:
        make(tmp_path, {note: JOURNAL, "vaultsync.toml": f'[changelog]\nnote = "{note}"\n'})
    assert init(tmp_path, "--ci").code == 0
    jobs = yaml.safe_load((tmp_path / ".github/workflows/vault.yml").read_text())["jobs"]
    names = [step.get("name") or step.get("run") for step in jobs["check"]["steps"]][3:]
    if note:
        assert names == ["lint", "vaultsync index --check", "changelog"]
        assert jobs.keys() == {jobs["check"]["needs"], "check", "merge"}
        assert jobs["check"]["needs"] == jobs["merge"]["needs"] == "record"
    else:
        assert names == ["lint", "vaultsync index --check"]
        assert jobs.keys() == {"check", "merge"}
        assert jobs["check"].keys() == {"runs-on", "steps"}
        assert "needs" not in jobs["merge"]
        assert len(jobs["merge"]["steps"]) == 5


def attributes(root: Path, *paths: str) -> list[str]:
    found = git(root, "check-attr", "merge", "--", *paths).splitlines()
    return [line.rpartition(": ")[2] for line in found]


def test_an_adopted_vault_in_a_repository_gets_what_git_needs(tmp_path: Path) -> None:
    root = make(tmp_path / "my vault", {"a.md": "", ".obsidian/app.json": "{}"})
    committed(tmp_path)
    top = f".github/workflows/vault.yml works only at the top of the repository: {tmp_path}\n"
    assert init(root, "--ci") == (2, "", f"error: {top}")
    assert not (root / "vaultsync.toml").exists()
    code, out, err = init(root)
    assert (code, err) == (0, top)
    assert "wrote .gitattributes\nwrote .gitignore\nwrote ../.git/hooks/pre-commit\n" in out
    assert "\nset merge.vaultsync.driver" in out
    assert attributes(root, "x/b.md", "b.canvas", "x/changelog.lock", "c.png") == [
        *("vaultsync", "vaultsync", "union", "unspecified")
    ]
    assert (root / ".gitignore").read_text() == ".obsidian/workspace*.json\n.trash/\n"
    assert "-m vaultsync merge-driver" in git(tmp_path, "config", "merge.vaultsync.driver")
    assert init(root).out == "this is a vault already: nothing to do\n"


LINES = (
    "*.md merge=vaultsync\n*.canvas merge=vaultsync\n"
    "changelog.lock merge=union linguist-generated\n"
    "sources.lock merge=union linguist-generated\n"
)


@pytest.mark.parametrize(
    ("before", "added"),
    [
        ("*.png binary\n", LINES),
        ("*.md merge=union", f"\n{LINES}"),
        ("changelog.lock -merge\n", LINES),
        ("a b\r\n", LINES.replace("\n", "\r\n")),
        (
            "*.md merge=vaultsync\n*.lock merge=union\n",
            "*.canvas merge=vaultsync\n",
        ),
        (LINES, ""),
    ],
)
def test_lines_that_files_lack_are_shown_first(tmp_path: Path, before: str, added: str) -> None:
    committed(tmp_path, {".gitattributes": before.encode(), "a.md": ""})
    code, out, err = init(tmp_path, "--no-ci")
    assert code == 0
    assert (tmp_path / ".gitattributes").read_bytes() == before.encode()
    hint = "nothing of this was written: run `vaultsync init --yes` to write it\n"
    assert err == (hint if added else "")
    for line in added.split():
        assert line in out
    again = init(tmp_path, "--yes")
    assert ("\n+*.canvas merge=vaultsync" in again.out) == bool(added)
    assert (tmp_path / ".gitattributes").read_bytes() == (before + added).encode()
    assert init(tmp_path).out == "this is a vault already: nothing to do\n"


@pytest.mark.parametrize(
    ("before", "is_complete"),
    [
        (".obsidian/\n.trash\n", True),
        (".obsidian/workspace.json\n/.trash/*\n", True),
        ("build/\n", False),
    ],
)
def test_what_git_ignores_already_is_not_added(
    tmp_path: Path, before: str, *, is_complete: bool
) -> None:
    committed(tmp_path, {".gitignore": before, "a.md": "", ".obsidian/app.json": "{}"})
    assert init(tmp_path, "--yes").code == 0
    lines = "" if is_complete else ".obsidian/workspace*.json\n.trash/\n"
    assert (tmp_path / ".gitignore").read_text() == before + lines


def test_behind_a_link_git_ignores_nothing(tmp_path: Path) -> None:
    root = committed(make(tmp_path / "v", {"a.md": ""}))
    (root / ".obsidian").symlink_to(make(tmp_path / "o", {"app.json": "{}"}))
    assert init(root).code == 0
    assert not (root / ".gitignore").exists()


@pytest.mark.parametrize("answer", ["y", "n"])
def test_at_a_terminal_there_is_a_question(tmp_path: Path, answer: str) -> None:
    root = committed(make(tmp_path / "v", {"a.md": "", ".gitattributes": "*.png binary\n"}))
    master, slave = pty.openpty()
    os.write(master, f"{answer}\n".encode())
    command = [sys.executable, "-m", "vaultsync", "init"]
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    done = subprocess.run(
        command, cwd=root, env=environment, stdin=slave, capture_output=True, check=False
    )
    os.close(slave)
    os.close(master)
    assert done.returncode == 0
    assert b"+*.md merge=vaultsync\n" in done.stdout
    assert b"Write this? [y/N]: " in done.stderr
    assert ("merge=" in (root / ".gitattributes").read_text()) == (answer == "y")


def test_types_are_proposed_from_the_properties_in_use(tmp_path: Path) -> None:
    book = "---\nauthor: A\nread: true\n---\nText.\n"
    root = make(tmp_path, {f"Books/{number}.md": book for number in range(6)})
    make(root, {f"Old/{number}.md": book for number in range(6)})
    make(root, {".obsidian/app.json": '{"userIgnoreFilters": ["Old/"]}'})
    code, out, _ = init(tmp_path)
    assert (code, "proposed a type: book, 6 notes\n" in out) == (0, True)
    assert (tmp_path / "vaultsync.toml").read_text() == (
        "# How this vault should be. The types are proposed from the properties in use: "
        "change what is wrong.\n\n"
        "exclude = []\n\n"
        "# 6 notes.\n"
        "[types.book]\n"
        'match = ["Books/*.md"]\n'
        'required = ["author", "read"]\n\n'
        "[types.book.properties]\n"
        'author = { type = "string" }\n'
        'read = { type = "boolean" }\n'
    )
    assert "6 books" in run(tmp_path, "lint").out


def test_hidden_files_alone_make_no_vault_and_are_kept(tmp_path: Path) -> None:
    make(tmp_path, {".gitignore": "mine\n", ".editorconfig": "x"})
    git(tmp_path, "init", "-q", "-b", "trunk")
    code, _, err = init(tmp_path)
    assert (code, err) == (0, "kept .gitignore as it is\n")
    assert (tmp_path / ".gitignore").read_text() == "mine\n"
    assert (tmp_path / "Post.md").is_file()
    assert git(tmp_path, "symbolic-ref", "HEAD") == "refs/heads/trunk\n"


def test_inside_a_repository_none_is_made(tmp_path: Path) -> None:
    committed(tmp_path, {"code.py": ""})
    code, out, err = init(tmp_path, "vault")
    assert code == 0
    assert "wrote vault/vaultsync.toml\n" in out
    assert not (tmp_path / "vault/.git").exists()
    assert err == (
        f".github/workflows/vault.yml works only at the top of the repository: {tmp_path}\n"
    )
    assert not (tmp_path / ".git/hooks/pre-commit").exists()
    assert init(tmp_path, "empty", "--ci") == (2, "", f"error: {err}")
    assert init(tmp_path, "other", "--hook").code == 0
    assert "for vault in other; do\n" in (tmp_path / ".git/hooks/pre-commit").read_text()
    assert run(tmp_path / "vault", "changelog").code == 0


def test_where_hooks_are_elsewhere_the_vault_is_made_all_the_same(tmp_path: Path) -> None:
    names = {"GIT_CONFIG_KEY_0": "core.hooksPath", "GIT_CONFIG_VALUE_0": str(tmp_path / "shared")}
    code, out, err = run(tmp_path, "init", "vault", env={"GIT_CONFIG_COUNT": "1", **names})
    assert code == 0
    assert err.startswith(
        f"no hook was made: {tmp_path}/shared: `core.hooksPath` names this folder"
    )
    assert out.endswith("ready: make a note with `vaultsync new claim TITLE`\n")
    assert not (tmp_path / "shared").exists()


def test_without_git_the_vault_is_made_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    code, out, err = start(tmp_path, "init", "vault", env={"PATH": str(tmp_path / "bin")})
    assert (code, err) == (0, "no repository was made: git is not installed, or not on PATH\n")
    assert out.split("\n")[-2].startswith("ready: ")
    assert run(tmp_path / "vault", "lint").code == 0


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        ("file", "'file' is a file"),
        ("file/below", "error: file/below: cannot be made: Not a directory\n"),
    ],
)
def test_a_file_in_the_way_of_the_folder_is_told(tmp_path: Path, folder: str, message: str) -> None:
    make(tmp_path, {"file": "x"})
    code, out, err = init(tmp_path, folder)
    assert (code, out) == (2, "")
    assert message in err
    assert state(tmp_path).keys() == {"file"}


def test_a_file_in_the_way_of_a_folder_of_the_scaffold_stops_all(tmp_path: Path) -> None:
    make(tmp_path, {".github": "a file"})
    before = state(tmp_path)
    code, out, err = init(tmp_path)
    assert (code, out) == (2, "")
    assert err.startswith("error: .github/workflows/vault.yml: ")
    assert err.endswith(": nothing was written\n")
    assert {path for path in state(tmp_path) if (tmp_path / path).is_file()} == set(before)


def test_a_quiet_run_says_only_how_it_ended(tmp_path: Path) -> None:
    code, out, err = run(tmp_path, "-q", "init")
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
