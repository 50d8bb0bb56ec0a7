"""How `vaultsync lint` counts, folds and leaves out findings, and reads standard input."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from tests.vaults import Run, committed, git, make, run, state

from vaultsync.cli.main import State, cli

Typed = Callable[[bytes], None]
IDLE = "Text. %% vaultsync-disable-line LNK001: why %%\n"
LACKS = "there is no"
RUN = ", in a generated block: mend what it is made of and run"
BLOCKS = """\
<!-- vaultsync:notes -->

- [[d/gone]] and [[#lost]]
- [[d/gone]]

<!-- /vaultsync -->

[[d/mine]]

<!-- vaultsync:recent -->

- [[d/old]]

<!-- /vaultsync -->
"""


def lint(root: Path, *args: str) -> Run:
    return run(root, "lint", *args)


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make(tmp_path / "vault", {".obsidian/app.json": "", "b.md": "Text.\n"})


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Return a function that puts a text on standard input."""

    def put(text: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text)))

    return put


def test_the_summary_counts_what_can_be_fixed_and_what_was(vault: Path) -> None:
    make(vault, {"a.md": f"{IDLE}[[d/x]]\n", "c.md": IDLE})
    assert lint(vault).out.endswith(", 2 fixable with --fix\n")
    code, out, _ = lint(vault, "--fix")
    assert code == 1
    assert out.endswith("3 notes: fixed 2 in 2 files, left: 1 error\n")
    assert "wrote" not in out
    assert "fix" not in lint(vault).out
    assert "fix" not in lint(vault, "--fix").out


def test_a_verbose_run_names_the_files_that_it_fixes(vault: Path) -> None:
    make(vault, {"a.md": IDLE, "c.md": IDLE})
    assert lint(vault, "--fix", "-v").out == (
        "wrote a.md\nwrote c.md\n3 notes: fixed 2 in 2 files, left: no errors\n"
    )


def test_findings_in_a_generated_block_are_one_line(vault: Path) -> None:
    make(vault, {"p.md": BLOCKS})
    lines = lint(vault, "--output-format", "concise").out.split("\n")
    assert lines == [
        f"p.md:3:3: error LNK001 {LACKS} `d/gone` in the vault and 2 more{RUN} `vaultsync index`",
        "p.md:8:1: error LNK001 there is no `d/mine` in the vault",
        f"p.md:12:3: error LNK001 there is no `d/old` in the vault{RUN} `vaultsync changelog`",
        "2 notes: 4 errors, 1 warning",
        "",
    ]
    assert len(json.loads(lint(vault, "--output-format", "json").out)["findings"]) == 5


def test_of_a_generated_block_the_worst_finding_is_shown(vault: Path) -> None:
    make(vault, {"p.md": BLOCKS.replace("[[d/gone]] and", "[[p#lost]] and", 1)})
    assert lint(vault).out.startswith(
        "p.md:4:3: error LNK001 there is no `d/gone` in the vault and"
    )


def test_a_block_of_no_known_kind_is_the_authors(vault: Path) -> None:
    make(vault, {"p.md": "<!-- vaultsync:nots -->\n\n[[d/gone]]\n\n<!-- /vaultsync -->\n"})
    assert "p.md:3:1: error LNK001 there is no `d/gone` in the vault\n" in lint(vault).out


def test_files_are_left_out_of_one_run(vault: Path) -> None:
    make(vault, {"a.md": f"{IDLE}[[d/x]]\n", "Old/c.md": f"{IDLE}[[d/y]] [[a]]\n", "d.md": IDLE})
    leave = ("--exclude", "Old/**,nowhere/*", "--exclude", "d.md")
    out = lint(vault, *leave).out
    assert "a.md:" in out
    assert "Old/" not in out
    assert "d.md" not in out
    before = state(vault)
    assert lint(vault, "--fix", *leave).out.endswith("4 notes: fixed 1 in 1 file, left: 1 error\n")
    changed = {path for path, one in state(vault).items() if before[path] != one}
    assert "a.md" in changed
    assert not changed & {"Old/c.md", "d.md"}
    assert lint(vault, "Old", "--exclude", "Old/**").err == (
        "error: --exclude leaves no note to check\n"
    )
    assert lint(vault, "Old", "a.md", *leave).out.count(" error ") == 1


def test_what_is_left_out_of_one_run_is_left_out_of_a_comparison(vault: Path) -> None:
    committed(vault, {"a.md": "", "Old/c.md": ""})
    make(vault, {"a.md": "[[d/x]]\n", "Old/c.md": "[[d/y]]\n"})
    out = lint(vault, "--since", "HEAD", "--exclude", "Old/**").out
    assert "Old/" not in out
    assert out.endswith("1 file changed: 1 error\n")


@pytest.mark.parametrize("name", ["a.md", "Sub/new.md"])
def test_standard_input_is_the_text_of_a_file(vault: Path, name: str, typed: Typed) -> None:
    make(vault, {"a.md": "[[d/old]]\n"})
    before = state(vault)
    typed(f"{IDLE}[[b]] [[d/x]]\n".encode())
    code, out, err = lint(vault, "--stdin-filename", name, "-", "--output-format", "concise")
    assert (code, err) == (1, "")
    assert out.split("\n")[-3].startswith(f"{name}:2:7: error LNK001 there is no `d/x`")
    assert "old" not in out
    assert state(vault) == before
    typed(b"[[b]]\n")
    assert lint(vault.parent, "--stdin-filename", f"vault/{name}", "-").code == 0


def test_the_fixed_text_of_standard_input_is_all_that_is_on_standard_output(
    vault: Path, typed: Typed
) -> None:
    text = f"{IDLE}\n[[d/x]]\n".encode()
    typed(text)
    code, out, err = lint(vault, "--fix", "--stdin-filename", "a.md", "-")
    assert (code, out) == (1, "Text.\n\n[[d/x]]\n")
    assert err.endswith("2 notes: fixed 1 in 1 file, left: 1 error\n")
    typed(b"Text.\n")
    assert lint(vault, "--fix", "--stdin-filename", "a.md", "-").out == "Text.\n"
    typed(text)
    code, out, err = lint(vault, "--diff", "--stdin-filename", "a.md", "-")
    assert code == 1
    assert out.startswith("--- a/a.md\n+++ b/a.md\n@@")
    typed(b"Text.\n")
    assert lint(vault, "--diff", "--stdin-filename", "a.md", "-") == (0, "", "up to date\n")
    assert not (vault / "a.md").exists()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["-"], "--stdin-filename FILE and - as the only PATH"),
        (["--stdin-filename", "a.md"], "--stdin-filename FILE and - as the only PATH"),
        (["--stdin-filename", "a.md", "-", "b.md"], "--stdin-filename FILE and - as the only PATH"),
        (["--stdin-filename", "a.md", "-", "--staged"], "goes with neither --staged"),
        (["--stdin-filename", "a.md", "-", "--since", "x"], "goes with neither --staged"),
        (["--stdin-filename", "a.txt", "-"], "a.txt: this is not a note"),
        (["--stdin-filename", "../a.md", "-"], "../a.md: this is outside the vault"),
    ],
)
def test_standard_input_needs_the_name_of_a_note(
    vault: Path, args: list[str], message: str, typed: Typed
) -> None:
    typed(b"")
    code, out, err = lint(vault, *args)
    assert (code, out) == (2, "")
    assert message in err


def test_the_vault_that_was_taken_is_named_where_another_may_be_meant(tmp_path: Path) -> None:
    make(tmp_path, {"vault/vaultsync.toml": "", "vault/a.md": "[[d/x]]\n", "b.md": "Text.\n"})
    assert lint(tmp_path).err == ""
    make(tmp_path, {"notes/.obsidian/app.json": "", "notes/c.md": "Text.\n"})
    others = "there are others: notes (--vault DIR names one)\n"
    assert lint(tmp_path).err == f"vault: vault; {others}"
    assert lint(tmp_path, "-q").err == ""
    for args in (["notes"], ["--vault", "notes"], ["--vault", "vault"]):
        assert lint(tmp_path, *args).err == ""
    assert lint(tmp_path / "vault").err == ""
    (tmp_path / "vault/vaultsync.toml").unlink()
    assert lint(tmp_path).err == f"vault: .; {others}"


@pytest.fixture
def parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository with a vault that has a submodule."""
    for name, value in (("COUNT", "1"), ("KEY_0", "protocol.file.allow"), ("VALUE_0", "always")):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    committed(tmp_path / "shared", {"b.md": "# Head\n", "c.png": ""})
    links = "[[b]] [[vault/sub/b#Head]] [c](../sub/c.png) ![[c.png]] [[sub/in/d]]\n"
    here = committed(tmp_path / "parent", {"vault/vaultsync.toml": "", "vault/Notes/a.md": links})
    git(here, "submodule", "--quiet", "add", f"{tmp_path}/shared", "vault/sub")
    git(here, "add", "--all")
    return here


def test_links_into_a_submodule_are_not_broken_in_the_index(parent: Path) -> None:
    git(parent, "rm", "-q", "--cached", "vault/Notes/a.md")
    git(parent, "commit", "-q", "-m", "without the note")
    make(parent, {"vault/Notes/a.md": "[[b]] [c](../sub/c.png) [[d/gone]] [[sub/d]]\n"})
    git(parent, "add", "vault/Notes/a.md")
    code, out, err = lint(parent / "vault", "--staged", "--output-format", "concise")
    assert (code, err) == (1, "")
    assert [line.split("`")[1] for line in out.split("\n")[:-2]] == ["d/gone", "sub/d"]


def test_what_is_in_a_submodule_that_is_not_checked_out_is_unknown(parent: Path) -> None:
    text = "[[b]] [[sub/in/d]] [c](../sub/c.png) ![[c.png]] [[Notes/gone]] [[/sub/x]]\n"
    make(parent, {"vault/Notes/a.md": text})
    git(parent, "commit", "-q", "-a", "-m", "with a submodule")
    git(parent.parent, "clone", "-q", "parent", "clone")
    clone = parent.parent / "clone/vault"
    for args in ([], ["--since", "HEAD~"]):
        code, out, err = lint(clone, "--output-format", "concise", *args)
        assert code == 1
        assert [line.split("`")[1] for line in out.split("\n")[:-2]] == ["Notes/gone"]
        assert err == (
            "sub is not checked out: links into it are unknown: `git submodule update --init`\n"
        )
    git(clone, "submodule", "--quiet", "update", "--init")
    code, out, err = lint(clone, "--output-format", "concise")
    assert (code, err) == (1, "")
    broken = [line.split("`")[1] for line in out.split("\n")[:-2]]
    assert broken == ["sub/in/d", "Notes/gone", "/sub/x"]


def test_a_command_that_opens_the_vault_again_names_it_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path, {"a/vaultsync.toml": "", "b/vaultsync.toml": "", "c.md": ""})
    with contextlib.chdir(tmp_path), click.Context(cli):
        for _ in range(2):
            State().open().close()
    assert capsys.readouterr().err == "vault: .; there are others: a, b (--vault DIR names one)\n"
