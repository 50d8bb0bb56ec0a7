"""`vaultsync mv`."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from tests.infra.test_moving import tree
from tests.vaults import make, run

from vaultsync.core.output import MOVE_PLAN

NOTES = {
    "vaultsync.toml": "",
    "A/Old.md": "# H\n\n[[Old]] ![](i.png)\n",
    "A/B/c.md": "[[Old#H|x]] [t](../Old.md)\n",
    "A/B/i.png": "",
    "A/.keep": "",
    "s.md": "[[A/Old]] ![[i.png]] [[none]]\n",
}
RENAMED = {
    "vaultsync.toml": b"",
    "A/New.md": b"---\naliases:\n  - Old\n---\n# H\n\n[[New]] ![](i.png)\n",
    "A/B/c.md": b"[[New#H|x]] [t](../New.md)\n",
    "A/B/i.png": b"",
    "A/.keep": b"",
    "s.md": b"[[A/New]] ![[i.png]] [[none]]\n",
}


def test_a_note_is_renamed_with_the_links_to_it(tmp_path: Path) -> None:
    make(tmp_path, NOTES)
    assert run(tmp_path, "mv", "A/Old.md", "A/New.md") == (
        0,
        "A/Old.md is A/New.md: 3 files changed\n",
        "",
    )
    assert tree(tmp_path) == RENAMED


def test_a_note_may_be_named_without_its_ending(tmp_path: Path) -> None:
    make(tmp_path / "v", NOTES)
    assert run(tmp_path / "v" / "A", "mv", "Old", "New").out.startswith("Old.md is New.md: ")
    assert tree(tmp_path / "v") == RENAMED


def test_a_folder_moves_with_all_that_is_in_it(tmp_path: Path) -> None:
    make(tmp_path, NOTES)
    assert run(tmp_path, "mv", "A", "C/D").out == "A is C/D: 1 file changed\n"
    files = tree(tmp_path)
    assert "C/D/.keep" in files
    assert not (tmp_path / "A").exists()
    assert files["s.md"] == b"[[C/D/Old]] ![[i.png]] [[none]]\n"
    assert files["C/D/B/c.md"] == NOTES["A/B/c.md"].encode()
    # Into a folder that is there; the path is then still the end of that of the note.
    (tmp_path / "E").mkdir()
    assert run(tmp_path, "mv", "C/D", "E").out == "C/D is E/D: 1 file changed\n"


def test_an_attachment_is_renamed(tmp_path: Path) -> None:
    make(tmp_path, NOTES)
    assert run(tmp_path, "mv", "A/B/i.png", "A/j k.png").code == 0
    assert tree(tmp_path)["s.md"] == b"[[A/Old]] ![[j k.png]] [[none]]\n"
    assert tree(tmp_path)["A/Old.md"] == b"# H\n\n[[Old]] ![](j%20k.png)\n"


def test_a_note_may_go_to_the_top_of_the_vault(tmp_path: Path) -> None:
    make(tmp_path, NOTES)
    assert run(tmp_path, "mv", "A/B/c.md", ".").out == "A/B/c.md is c.md: 1 file changed\n"
    assert tree(tmp_path)["c.md"] == b"[[Old#H|x]] [t](./A/Old.md)\n"


@pytest.mark.parametrize("arguments", [("A/Old.md", "A/New.md"), ("A", "N é")])
def test_diff_is_a_patch_that_git_applies(tmp_path: Path, arguments: tuple[str, str]) -> None:
    root, other = (make(tmp_path / name, NOTES) for name in "vo")
    code, out, err = run(root, "mv", *arguments, "--diff")
    assert (code, err) == (1, "")
    assert tree(root) == tree(other)
    subprocess.run(["git", "apply"], cwd=other, input=out.encode(), check=True)
    run(root, "mv", *arguments)
    assert tree(root) == tree(other)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("none.md", "x.md"), "none.md: there is no file and no folder with files there"),
        (("s.md", "s.md"), "s.md: this is its name"),
        (("s.md", "x.txt"), "x.txt: the new name has to end in .md as well"),
        (("s.md", "A/Old.md"), "A/Old.md: there is one of this name"),
        (("s.md", "A/old.md"), "A/old.md: there is A/Old.md, which differs in letter case alone"),
        (("s.md", "a/x.md"), "a/x.md: there is A, which differs in letter case alone"),
        (("s.md", "A/Old.md/x.md"), "A/Old.md: there is one of this name"),
        (("A", "A/B/A"), "A/B/A: a folder cannot be in itself"),
        (("s.md", "a#b.md"), "holds `#`, which a link cannot"),
        (("s.md", "a:b.md"), "holds `:`, which not every system can"),
        (("s.md", "con.md"), "is that of a device, CON: Windows cannot hold it"),
        (("s.md", "D./x.md"), "ends with a dot: Windows cannot hold it"),
        (("s.md", ".x.md"), "begins with a dot, and Obsidian hides it"),
        (("s.md", "é" * 130 + ".md"), "is longer than 255 bytes, which no disk holds"),
        (("s.md", "../x.md"), "this is outside the vault"),
        (("A/Old.md", "A/x](y.md"), "cannot be written so that it leads to"),
    ],
)
def test_what_cannot_be_is_refused_beforehand(
    tmp_path: Path, arguments: tuple[str, str], message: str
) -> None:
    make(tmp_path, NOTES)
    before = tree(tmp_path)
    code, out, err = run(tmp_path, "mv", *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert tree(tmp_path) == before


def test_links_and_repositories_within_a_folder_are_refused(tmp_path: Path) -> None:
    make(tmp_path, {**NOTES, "R/.git/HEAD": "", "R/a.md": "", "L/a.md": ""})
    assert "it is a repository of git" in run(tmp_path, "mv", "R", "S").err
    (tmp_path / "L/B").symlink_to("../A")
    assert "L/B: it is a symbolic link: move it by hand" in run(tmp_path, "mv", "L", "S").err


def test_a_note_outside_whose_links_would_change_is_refused(tmp_path: Path) -> None:
    make(tmp_path / "v", NOTES)
    make(tmp_path, {"out.md": "[[Old]]"})
    (tmp_path / "v/out.md").symlink_to("../out.md")
    assert (
        "out.md: it would change, but it is outside"
        in run(tmp_path / "v", "mv", "A/Old.md", "A/New.md").err
    )


def test_a_killed_run_is_completed_by_the_same_command(tmp_path: Path) -> None:
    make(tmp_path, NOTES)
    child = os.fork()
    if not child:
        import sys

        def stop(event: str, _details: tuple[object, ...]) -> None:
            if event == "os.rename" and (tmp_path / MOVE_PLAN).exists():
                os._exit(9)

        sys.addaudithook(stop)
        run(tmp_path, "mv", "A/Old.md", "A/New.md")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    refused = run(tmp_path, "lint")
    assert refused.code == 2
    assert (
        "a rename was killed halfway: run `vaultsync mv A/Old.md A/New.md` to end it" in refused.err
    )
    done = run(tmp_path, "mv", "A/Old.md", "A/New.md")
    assert done == (0, "completed what a killed run began: A/Old.md is A/New.md\n", "")
    assert {p: d for p, d in tree(tmp_path).items() if not p.endswith(".tmp")} == RENAMED


def test_the_index_of_git_is_left_alone(tmp_path: Path) -> None:
    make(tmp_path, NOTES)
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    run(tmp_path, "mv", "A/Old.md", "A/New.md")
    listed = subprocess.run(
        ["git", "diff", "--name-status"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert "D\tA/Old.md" in listed.stdout


def test_settings_that_name_the_old_path_are_named(tmp_path: Path) -> None:
    make(tmp_path, {**NOTES, "vaultsync.toml": '[types.t]\nmatch = ["A/**"]\n'})
    assert run(tmp_path, "mv", "A", "C").err == "vaultsync.toml names A: change it there\n"
    assert run(tmp_path, "mv", "s.md", "t.md").err == ""
