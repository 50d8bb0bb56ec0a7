"""A baseline, written and read by `vaultsync lint`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.vaults import Run, committed, git, make, run, state

NAME = "known.json"
KNOWN = (
    '{"version": 1, "findings": [\n'
    '{"path": "a.md", "code": "LNK001", "message": "there is no `/x` in the vault"}\n'
    "]}\n"
)


def lint(root: Path, *args: str) -> Run:
    return run(root, "lint", *args)


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    toml = f'[lint]\nbaseline = "{NAME}"\n'
    files = {"vaultsync.toml": toml, "a.md": "[[/x]]\n", "b.md": "Text.\n"}
    return make(tmp_path / "top/vault", files)


def test_an_old_vault_is_adopted(vault: Path) -> None:
    assert lint(vault, "--write-baseline") == (
        0,
        "wrote known.json\n1 finding known from now on\n",
        "",
    )
    assert (vault / NAME).read_text() == KNOWN
    assert lint(vault) == (0, "2 notes: no errors\n", "")
    make(vault, {"b.md": "\n[[/x]]\n"})
    assert lint(vault, "--output-format", "concise") == (
        1,
        "b.md:2:1: error LNK001 there is no `/x` in the vault\n2 notes: 1 error\n",
        "",
    )


def test_writing_it_again_changes_nothing(vault: Path) -> None:
    lint(vault, "--write-baseline")
    before = state(vault)
    assert lint(vault, "--write-baseline").out.startswith("1 finding known")
    assert state(vault) == before
    assert lint(vault, "--write-baseline", "--diff") == (0, "", "up to date\n")


def test_what_would_be_written_is_shown(vault: Path) -> None:
    lint(vault, "--write-baseline")
    make(vault, {"a.md": "Text.\n"})
    before = state(vault)
    code, out, err = lint(vault, "--write-baseline", "--diff")
    assert (code, err) == (1, "1 file out of date\n")
    assert "\n-" + KNOWN.split("\n")[1] + "\n" in out
    assert state(vault) == before


def test_what_is_gone_is_a_warning_that_says_what_to_run(vault: Path) -> None:
    lint(vault, "--write-baseline")
    make(vault, {"a.md": "Text.\n"})
    said = (
        "known.json:2:1: warning FIL012 LNK001 in a.md is found no more: run `vaultsync lint "
        "--write-baseline`\n2 notes: no errors, 1 warning\n"
    )
    assert lint(vault) == (0, said, "")
    assert lint(vault, "--strict").code == 1
    assert lint(vault, "--write-baseline").code == 0
    assert lint(vault, "--strict") == (0, "2 notes: no errors\n", "")


def test_a_run_can_do_without_it(vault: Path) -> None:
    lint(vault, "--write-baseline")
    assert lint(vault, "--no-baseline").code == 1


def test_the_option_names_it_from_the_working_folder(vault: Path) -> None:
    make(vault, {"sub/c.md": "Text.\n"})
    assert lint(vault / "sub", "--write-baseline", "--baseline", "other.json").code == 0
    assert (vault / "sub/other.json").read_text() == KNOWN
    assert lint(vault / "sub", "--baseline", "other.json").code == 0
    assert lint(vault, "--baseline", "sub/other.json").code == 0


def test_it_may_lie_outside_the_vault_in_its_repository(vault: Path) -> None:
    path = "../known.json"
    code, _, err = lint(vault, "--baseline", path, "--write-baseline")
    said = f"error: {path}: is neither in the vault nor in its repository\n"
    assert (code, err) == (2, said)
    committed(vault.parent)
    assert lint(vault, "--baseline", path, "--write-baseline").out.startswith(f"wrote {path}\n")
    assert (vault.parent / NAME).read_text() == KNOWN
    make(vault, {"a.md": "Text.\n"})
    found = json.loads(lint(vault, "--baseline", path, "--output-format", "json").out)["findings"]
    assert [(item["code"], item["path"]) for item in found] == [("FIL012", path)]
    sarif = json.loads(lint(vault, "--baseline", path, "--output-format", "sarif").out)
    place = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == NAME


def test_findings_in_the_settings_are_never_known(vault: Path) -> None:
    toml = f'exclude = ["Old/**"]\n[lint]\nbaseline = "{NAME}"\n'
    make(vault, {"vaultsync.toml": toml, "a.md": "Text.\n"})
    assert lint(vault, "--write-baseline").out.endswith("0 findings known from now on\n")
    assert "warning FIL011 `exclude`: `Old/**` matches no file" in lint(vault).out


def test_the_staged_baseline_counts(vault: Path) -> None:
    lint(vault, "--write-baseline")
    committed(vault)
    (vault / NAME).write_text("broken")
    assert lint(vault).code == 2
    git(vault, "mv", "a.md", "c.md")
    assert lint(vault, "--staged") == (0, "2 files changed: no errors\n", "")


def claims(numbers: Iterable[int]) -> dict[str, str]:
    """Return claims that all say the same."""
    words = "models learn features early in training while gradients shrink and layers copy them"
    return {f"Claims/{n}.md": f"{words} {'very ' * n}\n" for n in numbers}


def test_all_repeated_claims_can_be_known_and_new_ones_are_told(vault: Path) -> None:
    types = '[types.claim]\nmatch = ["Claims/*"]\nbody.lead.distinct = true\n'
    toml = f'{types}[lint]\nbaseline = "{NAME}"\n'
    make(vault, {"vaultsync.toml": toml, "a.md": "Text.\n", **claims(range(6))})
    assert lint(vault, "--no-baseline", "--output-format", "concise").out.count("BDY009") == 20
    assert lint(vault, "--write-baseline").out.endswith("30 findings known from now on\n")
    assert lint(vault).out.endswith(": no errors\n")
    make(vault, claims([6]) | {"Claims/other.md": "Cats purr when stroked, and dogs bark.\n"})
    out = lint(vault, "--output-format", "concise").out
    assert out.count("BDY009") == 12
    assert out.count("Claims/6.md has nearly the same claim\n") == 6
    assert "FIL012" not in out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "known.json: there is no such baseline: write it with `vaultsync lint --write-"),
        (
            b"",
            "known.json: this is not a baseline: line 1: Expecting value: restore it, or",
        ),
        (b"\xff", "known.json: this is not a baseline: not UTF-8 at byte 0"),
    ],
)
def test_one_that_cannot_be_read_stops_the_run(
    vault: Path, content: bytes | None, said: str
) -> None:
    make(vault, {} if content is None else {NAME: content})
    code, out, err = lint(vault)
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {said}")


def test_a_folder_is_none(vault: Path) -> None:
    code, out, err = lint(vault, "--baseline", ".")
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--fix",), "goes with neither --fix, --staged nor --no-baseline"),
        (("--staged",), "goes with neither --fix, --staged nor --no-baseline"),
        (("--no-baseline",), "goes with neither --fix, --staged nor --no-baseline"),
        (("a.md",), "is about all notes and rules"),
        (("--select", "LNK"), "is about all notes and rules"),
        (("--ignore", "LNK"), "is about all notes and rules"),
    ],
)
def test_what_does_not_go_with_writing_is_refused(
    vault: Path, args: tuple[str, ...], said: str
) -> None:
    code, _, err = lint(vault, "--write-baseline", *args)
    assert code == 2
    assert said in err
    assert not (vault / NAME).exists()


def test_options_that_contradict_each_other_are_refused(vault: Path) -> None:
    code, _, err = lint(vault, "--baseline", NAME, "--no-baseline")
    assert (code, "contradict" in err) == (2, True)


def test_without_a_name_it_is_not_written(vault: Path) -> None:
    make(vault, {"vaultsync.toml": ""})
    code, _, err = lint(vault, "--write-baseline")
    assert code == 2
    assert "--write-baseline needs a file: name it with --baseline FILE" in err


def test_a_baseline_is_named_as_it_lies(vault: Path) -> None:
    make(vault, {"vaultsync.toml": f'[lint]\nbaseline = "./{NAME}"\n'})
    lint(vault, "--write-baseline")
    (vault / "a.md").unlink()
    assert f"\n{NAME}:" in "\n" + lint(vault, "--output-format", "concise").out
