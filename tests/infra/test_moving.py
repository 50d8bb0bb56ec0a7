"""Renaming is done whole or not at all, whenever it is stopped."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from tests.vaults import make

from vaultsync.core.errors import VaultError
from vaultsync.core.model import content_id
from vaultsync.core.output import MOVE_PLAN, Output
from vaultsync.infra.moving import Plan, complete, move, pending

BEFORE = {"A/a.md": b"[[a]]", "A/B/b.png": b"\0", "A/.keep": b"", "c.md": b"[[a]] [[A/a]]"}
AFTER = {"D/a.md": b"[[a]]", "D/B/b.png": b"\0", "D/.keep": b"", "c.md": b"[[a]] [[D/a]]"}
MOVES = {"A/a.md": "D/a.md", "A/B/b.png": "D/B/b.png", "A/.keep": "D/.keep"}
PLAN = Plan(("A", "D"), MOVES, (Output("c.md", AFTER["c.md"], content_id(BEFORE["c.md"])),), "A")
# Of a heading, which moves no file.
TEXTS = {"n.md": b"# Old\n", "s.md": b"[[n#Old]]", "A/t.md": b"[[n#Old]]"}
RENAMED = {path: text.replace(b"Old", b"New") for path, text in TEXTS.items()}
HEADING = Plan(
    ("n.md#Old", "n.md#New"),
    {},
    tuple(Output(path, RENAMED[path], content_id(text)) for path, text in TEXTS.items()),
)
# What changes a file system.
_STEPS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}


def tree(root: Path) -> dict[str, bytes]:
    """Return all files, and folders that are empty."""
    found = {}
    for path in root.rglob("*"):
        name = path.relative_to(root).as_posix()
        if path.is_file():
            found[name] = path.read_bytes()
        elif not any(path.iterdir()):
            found[name] = b"empty"
    return found


def stopped(root: Path, step: int, plan: Plan, before: Mapping[str, bytes]) -> bool:
    """Move in a process that is killed before a step; return whether it came to the end."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    left = [step]

    def count(event: str, details: tuple[Any, ...]) -> None:
        writes = event == "open" and details[2] & (os.O_WRONLY | os.O_RDWR)
        if event in _STEPS or writes:
            left[0] -= 1
            if left[0] < 0:
                # Nothing else is done by the process: what measures coverage would write files.
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    move(str(root), plan, before)
    left[0] = sys.maxsize
    os._exit(0)


def visible(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: data for path, data in files.items() if not path.endswith(".tmp")}


def test_all_is_done(tmp_path: Path) -> None:
    move(str(make(tmp_path, BEFORE)), PLAN, BEFORE)
    assert tree(tmp_path) == AFTER
    assert pending(str(tmp_path)) is None


@pytest.mark.parametrize(
    ("plan", "before", "after"), [(PLAN, BEFORE, AFTER), (HEADING, TEXTS, RENAMED)]
)
def test_killed_at_any_step_it_is_undone_or_completed_by_the_next_run(
    tmp_path: Path, plan: Plan, before: dict[str, bytes], after: dict[str, bytes]
) -> None:
    ends, step, root = set(), 0, make(tmp_path / "0", before)
    while not stopped(root, step, plan, before):
        left = pending(str(root))
        if left:
            complete(str(root), left)
        found = visible(tree(root))
        assert found == after or (not left and found == before), step
        ends.add(bool(left))
        step += 1
        root = make(tmp_path / str(step), before)
    assert ends == {True, False}
    assert tree(root) == after


def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    root = make(tmp_path, {**BEFORE, "D": b"a file where a folder is to be"})
    with pytest.raises(VaultError, match=r"D is not a folder that can be written to"):
        move(str(root), PLAN, BEFORE)
    assert tree(root) == {**BEFORE, "D": b"a file where a folder is to be"}


def test_a_file_that_changed_takes_all_back(tmp_path: Path) -> None:
    root = make(tmp_path, {**BEFORE, "c.md": "newer"})
    with pytest.raises(VaultError, match=r"c\.md: changed on disk"):
        move(str(root), PLAN, BEFORE)
    assert tree(root) == {**BEFORE, "c.md": b"newer"}


def test_a_rename_that_fails_midway_is_taken_back(tmp_path: Path) -> None:
    root = make(tmp_path, BEFORE)
    # Two files to one name: the second finds the first there.
    moves = {"A/a.md": "D/E/x.md", "A/.keep": "D/E/x.md"}
    with pytest.raises(VaultError, match=r"A/\.keep: a file of the new name came to be there"):
        move(str(root), replace(PLAN, moves=moves), BEFORE)
    assert tree(root) == BEFORE


def test_a_name_that_is_taken_and_a_link_are_refused(tmp_path: Path) -> None:
    root = make(tmp_path, {**BEFORE, "D/a.md": b"other"})
    with pytest.raises(VaultError, match=r"D/a\.md: there is a file of this name"):
        move(str(root), PLAN, BEFORE)
    (root / "L").symlink_to("A")
    with pytest.raises(VaultError, match=r"L/a\.md: it is behind a symbolic link"):
        move(str(root), replace(PLAN, moves={"L/a.md": "x.md"}), BEFORE)
    os.link(root / "A/a.md", root / "A/A.md")
    with pytest.raises(VaultError, match=r"A/A\.md: this disk knows no letter case"):
        move(str(root), replace(PLAN, moves={"A/a.md": "A/A.md"}), BEFORE)
    assert not (root / MOVE_PLAN).exists()


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ("{", "delete it"),
        ('{"names": ["a", "b"], "moves": {}, "outputs": []}', "was made for another vault"),
    ],
)
def test_a_plan_that_came_with_a_vault_is_not_followed(
    tmp_path: Path, plan: str, message: str
) -> None:
    with pytest.raises(VaultError, match=message):
        pending(str(make(tmp_path, {MOVE_PLAN: plan})))


def test_of_two_runs_the_second_is_refused(tmp_path: Path) -> None:
    root = make(tmp_path, BEFORE)
    assert not stopped(root, len(MOVES) + 2, PLAN, BEFORE)
    plan = pending(str(root))
    assert plan
    running = replace(plan, process=os.getpid())
    (root / MOVE_PLAN).write_bytes(msgspec.json.encode(running))
    with pytest.raises(VaultError, match="another run is renaming files here"):
        pending(str(root))
