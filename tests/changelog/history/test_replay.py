"""Days made of commits, from versions that are kept here by their content id."""

from __future__ import annotations

import pytest
from tests.blocks.sample import TOML, note

from vaultsync.changelog.history import (
    Day,
    Replay,
    Revision,
    Said,
    Touch,
    dated,
    day_of,
    net,
    properties_of,
    renamed,
    said,
    spans,
)
from vaultsync.core.config import load_config

CONFIG = load_config(TOML)
NOON = "T12:00:00+00:00"
A, B, C = "Claims/a.md", "Claims/b.md", "Claims/c.md"


def claim(lead: str = "It holds.", body: str = "", **properties: object) -> str:
    return note(f"{lead}\n\n{body}", **{"title": "T", "status": "open", **properties})


def revision(day: str, *touches: Touch, said: tuple[str, ...] = (), author: str = "A") -> Revision:
    return Revision("id", (), author, f"2026-01-{day}{NOON}", f"2026-01-{day}{NOON}", said, touches)


def put(path: str, text: str, old: str | None = None) -> Touch:
    """Write a note; its content id is here its text."""
    return Touch(path if old else None, path, old, text)


def move(before: str, after: str, text: str) -> Touch:
    return Touch(before, after, text, text)


def drop(path: str, text: str) -> Touch:
    return Touch(path, None, text, None)


def read(path: str, identity: str) -> Said:
    return said(properties_of(path, identity.encode("utf-8", "surrogateescape")), CONFIG)


def replayed(*revisions: Revision) -> list[Day]:
    replay = Replay(read)
    return list(replay.days(spans(dated(revisions, ""))))


def told(*revisions: Revision) -> dict[str, list[tuple[str, str]]]:
    """Return kind and path of the changes of each day."""
    days = replayed(*revisions)
    return {day.date[-2:]: [(c.kind, c.path) for c in day.changes] for day in days}


def test_a_day_is_one_net_change() -> None:
    one, two, three = claim("One."), claim("Two."), claim("Three.")
    assert told(
        revision("01", put(A, one)),
        revision("02", put(A, two, one), put(B, one), author="B"),
        revision("02", put(A, three, two), drop(B, one)),
        revision("03", move(A, B, three)),
        revision("03", move(B, C, three)),
        revision("04", put(C, one, three)),
        revision("04", put(C, three, one)),
    ) == {
        "01": [("added", A)],
        "02": [("reworded", A)],
        "03": [("renamed", C)],
        "04": [],
    }


def test_who_wrote_and_what_was_there_first() -> None:
    days = replayed(
        revision("01", put("Loose.md", "x")),
        revision("02", put(A, claim()), put("Queries/q.md", note("?")), author="B"),
        revision("02", author="A"),
        revision("03", put(B, claim())),
    )
    assert [(day.authors, day.types) for day in days] == [
        (("A",), ()),
        (("B", "A"), ("claim", "query")),
        (("A",), ()),
    ]


def test_drafts_come_and_go() -> None:
    draft, done = claim(status="draft"), claim()
    assert told(
        revision("01", put(A, draft)),
        revision("02", put(A, done, draft)),
        revision("03", put(A, draft, done)),
    ) == {"01": [], "02": [("added", A)], "03": [("removed", A)]}


def test_a_version_that_cannot_be_read_is_passed_over() -> None:
    good, bad = claim(), "---\na: [\n---\n"
    assert told(
        revision("01", put(A, good)),
        revision("02", put(A, bad, good)),
        revision("03", put(A, "\udcff", bad)),
        revision("04", put(A, "", "\udcff")),
        revision("05", put(A, claim("Other."), "")),
    ) == {"01": [("added", A)], "02": [], "03": [], "04": [], "05": [("reworded", A)]}


def test_relations_lead_to_the_notes_of_their_day() -> None:
    plain = claim()
    related = [
        claim(body=f"## Related\n\n- [[{name}]]: why\n") for name in ("b", "c", "Claims/b", "Loose")
    ]
    assert told(
        revision("01", put(A, plain), put(B, plain), put("Loose.md", "x")),
        revision("02", put(A, related[0], plain)),
        revision("03", put(A, related[1], related[0])),
        revision("04", put(C, plain)),
        revision("05", put(A, related[3], related[1])),
        revision("06", put(A, related[2], related[3])),
        revision("07", put(B, related[0].replace("[[b]]", "[[a]]"), plain)),
    ) == {
        "01": [("added", A), ("added", B)],
        "02": [("linked", A)],
        "03": [],
        "04": [("added", C)],
        "05": [],
        "06": [("linked", A)],
        "07": [],
    }


def test_a_silent_commit_is_not_told() -> None:
    one, two, three = claim("One."), claim("Two."), claim("Three.")
    days = replayed(
        revision("01", put(A, one), put(B, one)),
        revision("02", put(A, two, one), said=("none",)),
        revision("02", put(B, two, one)),
        revision("02", put(B, three, two), said=("All  is\nwell", "all", "All is well")),
        revision("03", put(A, three, two)),
    )
    assert [(c.path, c.before, c.after) for c in days[1].changes] == [(B, "One.", "Three.")]
    assert days[1].lines == ("All is well", "all")
    assert [(c.before, c.after) for c in days[2].changes] == [("Two.", "Three.")]


def test_a_silent_rename_of_what_was_told_is_followed() -> None:
    one, two = claim("One."), claim("Two.")
    days = replayed(
        revision("01", put(A, one)),
        revision("02", put(A, two, one)),
        revision("02", move(A, B, two), said=("none",)),
    )
    assert [change.kind for change in days[1].changes] == ["renamed", "reworded"]


def test_days_never_run_backwards() -> None:
    late = Revision("id", (), "A", f"2027-01-01{NOON}", f"2026-01-05{NOON}", (), ())
    revisions = [revision("04"), revision("02"), late, revision("03")]
    assert [day for day, _ in dated(revisions, "")] == [
        "2026-01-04",
        "2026-01-04",
        "2026-01-05",
        "2026-01-05",
    ]
    assert [day for day, _ in dated(revisions[:1], "", "2026-02-01")] == ["2026-02-01"]


@pytest.mark.parametrize(
    ("zone", "day"),
    [("", "2026-01-02"), ("Europe/Berlin", "2026-01-03"), ("Pacific/Honolulu", "2026-01-02")],
)
def test_the_day_of_a_moment(zone: str, day: str) -> None:
    assert day_of("2026-01-02T23:30:00-08:00", zone) == day


def test_the_net_effect_of_commits() -> None:
    step = net([revision("01", put(A, "1")), revision("02", move(A, B, "1"), put(C, "2"))])
    assert step.silent
    assert step.reads == {A: None, B: "1", C: "2"}
    assert renamed([step, net([revision("03", move(B, "d.md", "1"))])]) == {A: "d.md"}
