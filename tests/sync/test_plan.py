"""The steps of a sync, and what stops it."""

from __future__ import annotations

import pytest

from vaultsync.core.config import SyncSettings
from vaultsync.sync.plan import Situation, Status, Step, counted, mass_delete, plan

SETTINGS = SyncSettings()
GONE: dict[str, Status] = {f"old/{name}.md": "deleted" for name in "abcdef"}


@pytest.mark.parametrize(
    ("ahead", "behind", "changes", "steps"),
    [
        (0, 0, {}, ["fetch origin/main, and merge what is new there"]),
        (0, 0, {"a.md": "changed"}, ["save", "fetch", "push"]),
        (1, 0, {}, ["fetch", "push main to origin/main"]),
        (0, 1, {}, ["fetch", "merge 1 commit of origin/main, and what is new there"]),
        (2, 3, {}, ["fetch", "merge 3 commits of", "push"]),
        (None, None, {}, ["fetch", "push"]),
    ],
)
def test_only_what_may_happen_is_planned(
    ahead: int | None, behind: int | None, changes: dict[str, Status], steps: list[str]
) -> None:
    situation = Situation(
        branch="main", upstream="origin/main", ahead=ahead, behind=behind, changes=changes
    )
    for step, start in zip(plan(situation, SETTINGS), steps, strict=True):
        assert f"{step.name} {step.text}".startswith(start)


def test_without_an_upstream_changes_are_saved_here() -> None:
    found = plan(Situation(branch="main", changes={"a.md": "changed"}), SETTINGS)
    assert found == (Step("save", "1 note: change 1"),)


def test_a_stop_leaves_no_other_step() -> None:
    stop = Step("stop", "a rebase is not completed", "end it")
    found = Situation(upstream="origin/main", changes={"a.md": "added"}, stops=(stop,))
    assert plan(found, SETTINGS, ("mass-delete",)) == (stop,)


def test_many_deleted_notes_stop_it_until_that_is_accepted() -> None:
    found = Situation(changes=GONE, notes=12)
    (stop,) = plan(found, SETTINGS)
    assert (stop.name, stop.kind) == ("stop", "mass-delete")
    assert stop.text == "6 of 12 notes were deleted here, as old/a.md"
    assert [step.name for step in plan(found, SETTINGS, ("mass-delete",))] == ["save"]


@pytest.mark.parametrize(
    ("gone", "came", "count", "stops"),
    [
        ([f"{n}.md" for n in range(5)], [], 16, True),
        ([f"{n}.md" for n in range(5)], [], 17, False),
        ([f"{n}.md" for n in range(4)], [], 5, False),
        (["a.md", "b.md"], [], 2, True),
        (["a.md"], [], 1, False),
        ([f"{n}.md" for n in range(5)], ["new/4.md"], 5, False),
        ([f"{n}.png" for n in range(5)], [], 5, False),
    ],
)
def test_a_share_of_the_notes_is_too_much(
    gone: list[str], came: list[str], count: int, *, stops: bool
) -> None:
    assert bool(mass_delete(gone, came, count, SETTINGS, "were deleted")) is stops


def test_what_changed_is_counted() -> None:
    changes: dict[str, Status] = {
        "a.md": "added",
        "b.md": "changed",
        "c.png": "deleted",
        "workspace.json": "let go",
    }
    assert (
        counted(changes)
        == "2 notes and 2 other files: add 1, change 1, delete 1, let go workspace.json"
    )
    assert counted({"x.png": "added"}) == "1 file: add 1"
