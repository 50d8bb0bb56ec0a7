"""`vaultsync mv`."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import msgspec
import pytest
from tests.infra.test_moving import tree
from tests.infra.test_worktree import unprivileged
from tests.vaults import make, run

from vaultsync.core.output import MOVE_PLAN
from vaultsync.infra.moving import Plan

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
        (("s.md", "a\nb.md"), "the name `a b.md` holds a control character"),
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
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(stop)
        run(tmp_path, "mv", "A/Old.md", "A/New.md")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
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


PLACES = {
    "vaultsync.toml": '[types.t]\nmatch = ["Z/**"]\n\n[types.t.body.sections."Old one"]\n',
    "A/n.md": "---\ntags: [x]\n---\n## Old one\n\n#x/y ^b\n",
    "s.md": "[[n#Old one]] [[n#^b]] #X\n",
    "b.base": """filters:\n  or:\n    - file.hasTag("x")\n    - file.tags == "x"\n""",
}


@pytest.mark.parametrize(
    ("arguments", "shown", "changed"),
    [
        (("A/n.md#Old one", "New"), "A/n.md#Old one is A/n.md#New: 2 files changed", "[[n#New]]"),
        (("A/n#Old one", "A/n#N"), "A/n.md#Old one is A/n.md#N: 2 files changed", "[[n#N]]"),
        (("A/n.md#^b", "^c"), "A/n.md#^b is A/n.md#^c: 2 files changed", "[[n#^c]]"),
        (("#x", "#z"), "#x is #z: 3 files changed", "#z\n"),
    ],
)
def test_a_heading_a_block_or_a_tag_is_renamed(
    tmp_path: Path, arguments: tuple[str, str], shown: str, changed: str
) -> None:
    make(tmp_path / "v", PLACES)
    make(tmp_path / "o", PLACES)
    patch = run(tmp_path / "o", "mv", *arguments, "--diff").out
    subprocess.run(["git", "apply"], cwd=tmp_path / "o", input=patch.encode(), check=True)
    code, out, err = run(tmp_path / "v", "mv", *arguments)
    assert (code, out) == (0, f"{shown}\n")
    assert changed in (tmp_path / "v/s.md").read_text()
    assert tree(tmp_path / "v") == tree(tmp_path / "o")
    assert ("b.base:4: `x` may name what is renamed" in err) == (arguments[0] == "#x")
    assert ("vaultsync.toml names Old one: change it there" in err) == ("Old" in arguments[0])


def test_from_a_folder_a_tag_is_shown_as_it_is(tmp_path: Path) -> None:
    make(tmp_path, PLACES)
    assert run(tmp_path / "A", "mv", "#x", "z").out == "#x is #z: 3 files changed\n"
    assert run(tmp_path / "A", "mv", "n#^b", "c").out == "n.md#^b is n.md#^c: 2 files changed\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("n.md#Old one", "x"), "n.md: there is no note there in the vault"),
        (("b.base#View", "x"), "b.base: there is no note there in the vault"),
        (("A/n.md#none", "x"), "A/n.md: there is no `#none` in this note"),
        (("A/n.md#^none", "x"), "A/n.md: there is no `#^none` in this note"),
        (("#none", "#x"), "#none: no note has this tag"),
    ],
)
def test_a_place_that_is_not_there_is_refused(
    tmp_path: Path, arguments: tuple[str, str], message: str
) -> None:
    make(tmp_path, PLACES)
    before = tree(tmp_path)
    code, out, err = run(tmp_path, "mv", *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert tree(tmp_path) == before


def test_a_file_with_a_mark_in_its_name_is_a_file(tmp_path: Path) -> None:
    make(tmp_path, {**PLACES, "C#.md": ""})
    assert run(tmp_path, "mv", "C#.md", "C.md") == (0, "C#.md is C.md: 1 file changed\n", "")


def test_from_outside_the_vault_is_named_or_found_by_the_path(tmp_path: Path) -> None:
    make(tmp_path / "v", PLACES)
    shown = run(tmp_path, "mv", "v/A/n.md#Old one", "A/../.. b").out
    assert shown == "v/A/n.md#Old one is v/A/n.md#A/../.. b: 2 files changed\n"
    assert run(tmp_path, "mv", "#x", "#z", "--vault", "v").out == "#x is #z: 3 files changed\n"


def test_a_killed_run_of_a_tag_is_named_so_that_a_shell_takes_it(tmp_path: Path) -> None:
    make(tmp_path / "v", PLACES)
    root, facts = (tmp_path / "v").resolve(), (tmp_path / "v").stat()
    place = str(root), facts.st_dev, facts.st_ino
    plan = Plan(("#x", "#z"), {}, (), place=place, process=1 << 30)
    (tmp_path / "v" / MOVE_PLAN).write_bytes(msgspec.json.encode(plan))
    assert "run `vaultsync mv '#x' '#z'` to end it" in run(tmp_path / "v" / "A", "lint").err
    assert run(tmp_path / "v", "mv", "#x", "#z").out == (
        "completed what a killed run began: #x is #z\n"
    )


def test_a_note_that_cannot_be_read_matters_where_it_may_name_what_is_renamed(
    tmp_path: Path,
) -> None:
    make(tmp_path, {**NOTES, "x.md": b"[[i.png]] \xff"})
    done = run(tmp_path, "mv", "A/Old.md", "A/New.md")
    assert (done.code, done.err) == (0, "x.md: it cannot be read, and stays as it is\n")
    refused = run(tmp_path, "mv", "A/B/i.png", "j.png")
    assert refused.code == 2
    assert "x.md: it cannot be read, so where its links lead is unknown" in refused.err
    assert "there is no `#a` in this note: not UTF-8" in run(tmp_path, "mv", "x.md#a", "b").err


def test_a_file_that_nobody_can_read_stops_a_rename(tmp_path: Path) -> None:
    make(tmp_path, {**NOTES, "x.md": ""})
    (tmp_path / "x.md").unlink()
    (tmp_path / "x.md").symlink_to("/proc/self/mem")
    assert "x.md: it cannot be read" in run(tmp_path, "mv", "A/Old.md", "A/New.md").err


def test_files_that_are_read_only_stop_a_rename_before_any_is_changed() -> None:
    with unprivileged() as root:
        make(root, {"vaultsync.toml": "", "Old.md": ""})
        make(root, {f"{number}.md": "[[Old]]" for number in range(6)})
        before = tree(root)
        for number in range(3):
            (root / f"{number}.md").chmod(0o444)
        code, _, err = run(root, "mv", "Old.md", "New.md")
        assert (code, tree(root)) == (2, before)
        assert "0.md: Permission denied: nothing was written" in err
