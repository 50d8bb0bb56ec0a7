"""Days made of commits, from versions that are kept here by their content id."""

from __future__ import annotations

import msgspec
import pytest
from tests.blocks.sample import TOML, note

from vaultsync.changelog.note_state import NoteState, properties_of, read_state
from vaultsync.changelog.replay import Day, Opened, Replay, Shown
from vaultsync.changelog.timeline import (
    Span,
    carried,
    dated,
    difference,
    in_order,
    leading,
    net,
    renamed,
    since_lock,
    spans,
    undone,
)
from vaultsync.core.commits import Commit, FileChange, day_of
from vaultsync.core.config.read import load_config

CONFIG = load_config(TOML)
NOON = "T12:00:00+00:00"
A, B, C = "Claims/a.md", "Claims/b.md", "Claims/c.md"


def claim(lead: str = "It holds.", body: str = "", **properties: object) -> str:
    return note(f"{lead}\n\n{body}", **{"title": "T", "status": "open", **properties})


def commit(day: str, *changes: FileChange, said: tuple[str, ...] = (), author: str = "A") -> Commit:
    return Commit("id", (), author, f"2026-01-{day}{NOON}", f"2026-01-{day}{NOON}", said, changes)


def put(path: str, text: str, old: str | None = None) -> FileChange:
    """Write a note; its content id is here its text."""
    return FileChange(path if old else None, path, old, text)


def move(before: str, after: str, text: str) -> FileChange:
    return FileChange(before, after, text, text)


def drop(path: str, text: str) -> FileChange:
    return FileChange(path, None, text, None)


def read(path: str, identity: str) -> NoteState:
    return read_state(properties_of(path, identity.encode("utf-8", "surrogateescape")), CONFIG)


def replayed(*commits: Commit) -> list[Day]:
    replay = Replay(read)
    return list(replay.days(spans(dated(commits, ""))))


def told(*commits: Commit) -> dict[str, list[tuple[str, str]]]:
    """Return kind and path of the changes of each day."""
    days = replayed(*commits)
    return {day.date[-2:]: [(c.kind, c.path) for c in day.changes] for day in days}


def test_a_day_is_one_net_change() -> None:
    one, two, three = claim("One."), claim("Two."), claim("Three.")
    assert told(
        commit("01", put(A, one)),
        commit("02", put(A, two, one), put(B, one), author="B"),
        commit("02", put(A, three, two), drop(B, one)),
        commit("03", move(A, B, three)),
        commit("03", move(B, C, three)),
        commit("04", put(C, one, three)),
        commit("04", put(C, three, one)),
    ) == {
        "01": [("added", A)],
        "02": [("reworded", A)],
        "03": [("renamed", C)],
        "04": [],
    }


def test_who_wrote_and_what_was_there_first() -> None:
    days = replayed(
        commit("01", put("Loose.md", "x")),
        commit("02", put(A, claim()), put("Queries/q.md", note("?")), author="B"),
        commit("02", author="A"),
        commit("03", put(B, claim())),
    )
    assert [(day.authors, day.types) for day in days] == [
        (("A",), ()),
        (("B", "A"), ("claim", "query")),
        (("A",), ()),
    ]


def test_drafts_come_and_go() -> None:
    draft, done = claim(status="draft"), claim()
    assert told(
        commit("01", put(A, draft)),
        commit("02", put(A, done, draft)),
        commit("03", put(A, draft, done)),
    ) == {"01": [], "02": [("added", A)], "03": [("removed", A)]}


def test_a_note_that_is_deleted_and_added_again_is_there() -> None:
    one, two = claim("One."), claim("Two.")
    assert told(
        commit("01", put(A, one)),
        commit("02", drop(A, one)),
        commit("03", put(A, one)),
        commit("04", drop(A, one)),
        commit("04", put(A, two)),
    ) == {
        "01": [("added", A)],
        "02": [("removed", A)],
        "03": [("added", A)],
        "04": [("reworded", A)],
    }


def test_a_relation_leads_past_a_note_that_is_gone_to_its_namesake() -> None:
    plain, query = claim(), "Queries/a.md"
    related = claim(body="## Related\n\n- [[a]]: why\n")
    days = replayed(
        commit("01", put(A, plain), put(query, note("Is it?")), put(B, plain)),
        commit("02", drop(A, plain)),
        commit("03", put(B, related, plain)),
    )
    assert [(c.kind, c.path, c.after) for c in days[2].changes] == [("linked", B, query)]


def test_a_version_that_cannot_be_read_is_a_change_once() -> None:
    good, bad = claim(), "---\na: [\n---\n"
    assert told(
        commit("01", put(A, good)),
        commit("02", put(A, bad, good)),
        commit("03", put(A, "\udcff", bad)),
        commit("04", put(A, f"\n{good}", "\udcff")),
        commit("05", put(A, claim("Other."), f"\n{good}")),
    ) == {
        "01": [("added", A)],
        "02": [("unreadable", A)],
        "03": [],
        "04": [],
        "05": [("reworded", A)],
    }


def test_relations_lead_to_the_notes_of_their_day() -> None:
    plain = claim()
    related = [
        claim(body=f"## Related\n\n- [[{name}]]: why\n") for name in ("b", "c", "Claims/b", "Loose")
    ]
    assert told(
        commit("01", put(A, plain), put(B, plain), put("Loose.md", "x")),
        commit("02", put(A, related[0], plain)),
        commit("03", put(A, related[1], related[0])),
        commit("04", put(C, plain)),
        commit("05", put(A, related[3], related[1])),
        commit("06", put(A, related[2], related[3])),
        commit("07", put(B, related[0].replace("[[b]]", "[[a]]"), plain)),
    ) == {
        "01": [("added", A), ("added", B)],
        "02": [("linked", A)],
        "03": [("unlinked", A)],
        "04": [("added", C)],
        "05": [("unlinked", A)],
        "06": [("linked", A)],
        "07": [],
    }


def test_a_silent_commit_is_not_told() -> None:
    one, two, three = claim("One."), claim("Two."), claim("Three.")
    days = replayed(
        commit("01", put(A, one), put(B, one)),
        commit("02", put(A, two, one), said=("none",)),
        commit("02", put(B, two, one)),
        commit("02", put(B, three, two), said=("All  is\nwell", "all", "All is well")),
        commit("03", put(A, three, two)),
    )
    assert [(c.path, c.before, c.after) for c in days[1].changes] == [(B, "One.", "Three.")]
    assert days[1].lines == ("All is well", "all")
    assert [(c.before, c.after) for c in days[2].changes] == [("Two.", "Three.")]


def test_a_silent_rename_of_what_was_told_is_followed() -> None:
    one, two = claim("One."), claim("Two.")
    days = replayed(
        commit("01", put(A, one)),
        commit("02", put(A, two, one)),
        commit("02", move(A, B, two), said=("none",)),
    )
    assert [change.kind for change in days[1].changes] == ["renamed", "reworded"]


def test_days_never_run_backwards() -> None:
    late = Commit("id", (), "A", f"2027-01-01{NOON}", f"2026-01-05{NOON}", (), ())
    commits = [commit("04"), commit("02"), late, commit("03")]
    # Which clock was wrong cannot be told: the later commits count.
    assert [day[-2:] for day, _ in dated(commits, "")] == ["02", "02", "03", "03"]


def test_a_clock_that_was_wrong_does_not_count() -> None:
    days = ["01", "31", "02", "03", "31", "01", "04", "05"]
    found = [day[-2:] for day, _ in dated(map(commit, days), "")]
    assert found == ["01", "02", "02", "03", "04", "04", "04", "05"]
    found = [day[-2:] for day, _ in dated(map(commit, ["01", "30", "31"]), "", until="2026-01-09")]
    assert found == ["01", "09", "09"]


@pytest.mark.parametrize(
    ("days", "right", "found"),
    [
        ("05 01 01 01", 0, "05 05 05 05"),
        ("05 31 01", 0, "05 09 09"),
        ("04 08 06 01 02 07", 2, "04 06 06 06 06 07"),
        ("05 06", 1, "05 06"),
        ("06 06 07", 1, "06 06 07"),
        ("31 02 03", 0, "02 02 03"),
    ],
)
def test_a_commit_that_is_certain_is_right_whatever_the_others_are(
    days: str, right: int, found: str
) -> None:
    known = [
        msgspec.structs.replace(commit(day), id=str(place))
        for place, day in enumerate(days.split())
    ]
    given = dated(known, "", "2026-01-09", str(right))
    assert [day[-2:] for day, _ in given] == found.split()


@pytest.mark.parametrize(
    ("zone", "day"),
    [("", "2026-01-02"), ("Europe/Berlin", "2026-01-03"), ("Pacific/Honolulu", "2026-01-02")],
)
def test_the_day_of_a_moment(zone: str, day: str) -> None:
    assert day_of("2026-01-02T23:30:00-08:00", zone) == day


def test_the_net_effect_of_commits() -> None:
    step = net([commit("01", put(A, "1")), commit("02", move(A, B, "1"), put(C, "2"))])
    assert step.silent
    assert step.reads == {A: None, B: "1", C: "2"}
    assert renamed([step, net([commit("03", move(B, "d.md", "1"))])]) == {A: "d.md"}


def test_what_commits_changed_since_the_lock_was_written() -> None:
    old = [commit("01", put(A, "1")), commit("02", put("changelog.lock", "new", "old"))]
    new = [commit("03", put(A, "2", "1")), commit("04", move(A, B, "2"), put(C, "c"))]
    read = iter([*new[::-1], *old[::-1]])
    assert since_lock(read, "changelog.lock") == (new[::-1], old[1])
    # What is below is not read.
    assert [*read] == [old[0]]
    assert since_lock(iter(new), "changelog.lock") == (new, None)
    assert undone({B: "2", C: "c"}, new[::-1]) == {A: "1"}
    assert undone({A: "2", B: "1"}, [commit("05", move(A, B, "1"), move(B, A, "2"))]) == {
        A: "1",
        B: "2",
    }


def test_a_note_changes_at_once_with_the_last_commit_that_changed_it() -> None:
    commits = [
        commit("01", put(A, "1")),
        commit("02", put(A, "2", "1"), put(B, "b"), drop(C, "c")),
        commit("03", put(A, "3", "2")),
        commit("04"),
    ]
    found = [
        *leading(iter(commits[::-1]), {A: "0", C: "c", "kept": "k"}, {A: "3", B: "b", "kept": "k"})
    ]
    assert [(one.written[8:10], one.changes) for one in found] == [
        ("04", ()),
        ("03", (put(A, "3", "0"),)),
        ("02", (put(B, "b"), drop(C, "c"))),
    ]
    # A note that no commit changed is left out.
    found = [*leading(commits[::-1], {C: "c"}, {"d.md": "d"})]
    assert [one.changes for one in found] == [(), (), (drop(C, "c"),), ()]


def test_a_note_was_renamed_that_a_commit_moved_or_whose_content_is_elsewhere() -> None:
    moved = commit("01", move(A, B, "2"))
    assert [c.changes for c in leading([moved], {A: "1"}, {B: "2"})] == [
        (FileChange(A, B, "1", "2"),)
    ]
    brought = commit("01", put(B, "1"), put(C, "2"))
    assert [c.changes for c in leading([brought], {A: "1"}, {B: "1", C: "2"})] == [
        (move(A, B, "1"), put(C, "2"))
    ]


def test_what_leads_from_some_contents_to_others() -> None:
    step = difference({A: "1", B: "2", C: "3"}, {A: "1", "b.md": "2", "c.md": "4"}, {C: "c.md"})
    assert step.reads == {B: None, C: None, "b.md": "2", "c.md": "4"}
    assert step.origins == {"b.md": B, "c.md": C}


def test_spans_of_one_day_are_one() -> None:
    first, second = commit("02", put(A, "1")), commit("02", put(B, "2"), author="B")
    one, other = (spans([("2026-01-02", made)]) for made in (first, second))
    before, both = in_order([*one, Span("2026-01-01", ()), *other])
    assert before == Span("2026-01-01", ())
    assert [list(step.reads) for step in both.steps] == [[A], [B]]
    assert both.commits == (first, second)


def test_what_a_span_changes() -> None:
    (found,) = spans([("2026-01-02", commit("02", put(A, "1"), put(C, "3"), move(B, "d.md", "2")))])
    assert found.steps[0].paths == {A, B, C, "d.md"}
    assert found.versions == found.steps[0].versions == [(A, "1"), (C, "3"), ("d.md", "2")]
    (silent, empty) = spans(
        [("2026-01-02", commit("02", said=("Mine",))), ("2026-01-03", commit("03"))]
    )
    assert [one.is_eventful for one in (found, silent, empty)] == [True, True, False]


def test_of_what_a_merge_brings_only_renames_on_this_side_count() -> None:
    commits = [
        commit("01", put(A, "1"), put(B, "2"), put(C, "3")),
        commit("02", move(A, "d.md", "4"), drop(C, "3")),
        commit("03", put("d.md", "5", "4"), put(B, "6", "2")),
    ]
    found = [one.changes for one in carried(commits, {A: "theirs", C: ""})]
    assert found == [
        (put(B, "2"),),
        (FileChange(A, "d.md", "theirs", "theirs"),),
        (put(B, "6", "2"),),
    ]


def shown(path: str, text: str) -> Shown:
    version = read(path, text).published
    assert version
    return Shown(text, version)


def again(
    notes: dict[str, str], opened: list[tuple[str, str, str]], *commits: Commit, first: bool = True
) -> Day:
    """Replay a day with notes that were recorded on it: path, origin, and content before it."""
    seeds = {path: shown(path, text) for path, text in notes.items()}
    known = [Opened(p, origin, shown(p, text) if text else None) for p, origin, text in opened]
    replay = Replay(read, seeds, is_first=first)
    (day,) = replay.days(spans(dated(commits, "")), lambda _date: known)
    return day


def kinds(day: Day) -> list[tuple[str, str, str]]:
    return [(change.kind, change.path, change.before) for change in day.changes]


ZERO, ONE, TWO, THREE = map(claim, ["Zero.", "One.", "Two.", "Three."])


def test_a_day_that_is_recorded_already_is_one_net_change_with_what_is_new() -> None:
    day = again({A: TWO}, [(A, A, ONE)], commit("02", put(A, THREE, TWO)))
    assert kinds(day) == [("reworded", A, "One.")]
    assert [(one.id, one.before, one.day[-2:]) for one in day.recorded] == [(THREE, ONE, "02")]
    undone = again({A: TWO}, [(A, A, ONE)], commit("02", put(A, ONE, TWO)))
    assert kinds(undone) == []
    gone = again({A: TWO, B: TWO}, [(A, A, ONE)], commit("02", drop(A, TWO)))
    assert kinds(gone) == [("removed", A, "One.")]
    assert [(one.id, one.before) for one in gone.recorded] == [("", ONE)]
    # What came and went on the day leaves nothing to record.
    passed = again({A: TWO, B: TWO}, [(A, A, "")], commit("02", drop(A, TWO)))
    assert kinds(passed) == []
    assert [(one.id, one.before, one.day) for one in passed.recorded] == [("", "", "")]


def test_a_note_that_was_renamed_on_the_day_is_known_by_its_path_before_it() -> None:
    day = again({B: ONE}, [(B, A, ONE)], commit("02", move(B, C, ONE)))
    assert kinds(day) == [("renamed", C, A)]
    assert [(one.path, one.origin) for one in day.recorded if one.id] == [(C, A)]
    kept = again({B: ONE, C: TWO}, [(B, A, ONE)], commit("02", put(C, THREE, TWO)))
    assert sorted(kinds(kept)) == [("renamed", B, A), ("reworded", C, "Two.")]


def test_the_first_day_counts_all_that_is_new_on_it() -> None:
    began = again({A: ONE}, [(A, A, "")], commit("01", put(B, ONE)))
    assert began.types == ("claim", "claim")
    assert again({A: ONE}, [(A, A, "")], commit("01", put(B, ONE)), first=False).types == ()
    assert again({A: ONE, C: ONE}, [(A, A, "")], commit("01", put(B, ONE))).types == ()
    # A note that was there before, and was removed on that day, makes another day of it.
    assert again({}, [(A, A, ONE)], commit("02", put(B, TWO))).types == ()


def test_of_silent_commits_no_day_is_recorded() -> None:
    day = again({A: ONE}, [], commit("02", put(A, TWO, ONE), said=("none",)))
    assert kinds(day) == []
    assert [(one.id, one.day, one.before) for one in day.recorded] == [(TWO, "", "")]


def test_a_relation_leads_to_a_note_that_does_not_change() -> None:
    related = claim(body="## Related\n\n- [[b]]: why\n")
    other = read(B, ONE).published
    replay = Replay(read, {A: shown(A, ONE)}, [A, B], {B: other}.get)
    (day,) = replay.days(spans([("2026-01-02", commit("02", put(A, related, ONE)))]))
    assert [(c.kind, c.path, c.after) for c in day.changes][-1:] == [("linked", A, B)]
