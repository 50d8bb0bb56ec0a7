"""The lock: what is written and read back, what a merge leaves, and what counts as recorded."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.changelog.basis import Basis, basis
from vaultsync.changelog.lock import (
    Lock,
    Recorded,
    contents,
    digest,
    digests,
    lock_path,
    lock_text,
    parse_lock,
    states,
    with_names,
)
from vaultsync.core.errors import VaultError

ONE, TWO, THREE, FOUR = (letter * 40 for letter in "abcd")
A, B, C = "Claims/a.md", "Claims/b.md", "Claims/c.md"
DAY, NEXT = "2026-01-02", "2026-01-03"
LINES = ["Reworded [[a|A]]", "Added [[b|B]]", "Removed “C”"]
FIRST, SECOND, THIRD = map(digest, LINES)


def recorded(path: str = A, identity: str = ONE, **parts: Any) -> Recorded:
    """Return what is recorded of a note whose state is `5747e`, without a day unless named."""
    known = {"state": "5747e", **parts}
    known["lines"] = frozenset(known.get("lines", ()))
    if "day" in known:
        known.setdefault("origin", path)
    return Recorded(path, identity, **known)


def lock(*found: Recorded) -> dict[str, Recorded]:
    return {one.path: one for one in found}


PATHS = st.text(st.characters(exclude_characters="\0"), min_size=1)
IDS = st.sampled_from([ONE, TWO, "e" * 64, f"{ONE}~{TWO}"])
DAYS = st.sampled_from(["2026-01-02", "2026-01-03"])
DIGESTS = st.frozensets(st.sampled_from([FIRST, SECOND, THIRD]))
PLAIN = st.builds(Recorded, PATHS, IDS, st.sampled_from(["", "5747e"]))
DATED = st.builds(Recorded, PATHS, IDS, st.just("5747e"), DAYS, IDS | st.just(""), DIGESTS, PATHS)


@given(st.lists(PLAIN | DATED))
def test_what_is_written_is_read_back(found: list[Recorded]) -> None:
    known = lock(*found)
    text = lock_text(known)
    assert parse_lock("changelog.lock", text.encode()) == known
    assert parse_lock("changelog.lock", text.replace("\n", "\r\n").encode()) == known
    assert len(text.splitlines()) == len(text.split("\n")) - 1 == len(known) + 1


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("Claims/a b.md", "Claims/a%20b.md"),
        ("100%.md", "100%25.md"),
        ("::error.md", "%3A%3Aerror.md"),
        ("Frames/é 蟻.md", "Frames/é%20蟻.md"),
        ("a\u2028b\u0085c\r\n.md", "a%E2%80%A8b%C2%85c%0D%0A.md"),
        ("\udcff.md", "%FF.md"),
        ("-", "-"),
        ("#.md", "#.md"),
    ],
)
def test_a_path_is_one_word_of_its_line(path: str, shown: str) -> None:
    known = lock(recorded(path))
    text = lock_text(known)
    assert text.splitlines()[1] == f"{shown} {ONE} 5747e"
    text.encode()
    assert parse_lock("changelog.lock", text.encode()) == known


def test_a_line_has_what_is_known() -> None:
    known = lock(
        recorded(C, "", state="", day=NEXT, before=TWO, lines=[THIRD]),
        recorded(B, f"{TWO}~{ONE}", day=NEXT, before=ONE, lines=[SECOND, FIRST], origin=C),
        recorded(A, day=DAY),
    )
    text = lock_text(known)
    assert text.splitlines()[1:] == [
        f"{A} {ONE} 5747e {DAY} - -",
        f"{B} {TWO}~{ONE} 5747e {NEXT} {ONE} {','.join(sorted([FIRST, SECOND]))} {C}",
        f"{C} - - {NEXT} {TWO} {THIRD}",
    ]
    assert parse_lock("changelog.lock", text.encode()) == known
    assert states(known) == {A: "5747e", B: "5747e"}
    assert contents(known) == {A: ONE, B: TWO}


def test_of_notes_that_are_gone_those_of_the_newest_day_stay() -> None:
    known = lock(recorded(A, "", day=DAY, before=ONE), recorded(B, "", day=NEXT, before=ONE))
    assert parse_lock("changelog.lock", lock_text(known).encode()).keys() == {B}
    assert lock_text({}).count("\n") == 1
    assert parse_lock("changelog.lock", lock_text({}).encode()) == {}


def test_a_newer_version_is_refused() -> None:
    header = "# vaultsync changelog.lock, version 2: written by something newer\n"
    message = "x/changelog.lock: a newer vaultsync wrote it (version 2, this one reads 1)"
    with pytest.raises(VaultError, match=re.escape(message)):
        parse_lock("x/changelog.lock", header.encode())
    assert parse_lock("x/changelog.lock", header.replace("2", "1").encode()) == {}


@pytest.mark.parametrize(
    "line",
    [
        "loose",
        f"{A} {ONE}",
        f"{A} {ONE[1:]} 5747e",
        f"{A} {ONE} 5747e {DAY}",
        f"{A} {ONE} 5747e 2026-1-2 - -",
        f"{A} {ONE} 5747e  {DAY} - -",
        "# another comment",
        "<<<<<<<HEAD",
    ],
)
def test_a_line_that_is_none_is_an_error_with_its_number(line: str) -> None:
    with pytest.raises(VaultError, match=r"^changelog\.lock:2: not a line of a changelog\.lock"):
        parse_lock("changelog.lock", f"{A} {ONE} 5747e\n{line}\n\n".encode())


@pytest.mark.parametrize("base", [[], ["||||||| 1234567", f"{A} {THREE} 5747e {DAY} - -"]])
def test_both_sides_of_a_conflict_count(base: list[str]) -> None:
    ours = f"{A} {ONE} 5747e {DAY} {THREE} {FIRST}"
    theirs = f"{A} {TWO} 5747e {NEXT} {ONE} {SECOND}"
    marked = ["<<<<<<< HEAD", ours, *base, "=======", theirs, ">>>>>>> side", ""]
    later = recorded(A, TWO, day=NEXT, before=ONE, lines=[SECOND])
    assert parse_lock("changelog.lock", "\n".join(marked).encode()) == lock(later)


def joined(*found: Recorded) -> Recorded:
    header, *lines = "".join(lock_text(lock(one)) for one in found).splitlines()
    (one,) = parse_lock("changelog.lock", "\n".join([header, *lines]).encode()).values()
    return one


def test_of_two_lines_for_a_note_the_later_day_counts() -> None:
    early = recorded(A, ONE, day=DAY, lines=[FIRST])
    late = recorded(A, TWO, day=NEXT, before=ONE)
    assert joined(early, late) == joined(late, early) == late
    assert joined(recorded(A, THREE), early) == early


def test_two_lines_of_one_day_clash_where_they_differ() -> None:
    one = recorded(A, ONE, day=DAY, before=THREE, lines=[FIRST])
    other = recorded(A, TWO, day=DAY, before=THREE, lines=[SECOND])
    both = joined(one, other)
    assert both.clashes
    assert both.lines == {FIRST, SECOND}
    assert not joined(one, one).clashes
    assert joined(one, other, one).clashes
    assert joined(one, other, other).clashes
    assert joined(recorded(A, ONE), recorded(A, TWO)).clashes


def _is_there(known: Collection[tuple[str, str]], path: str, identity: str) -> bool:
    return (path, identity) in known


def test_of_two_notes_with_one_name_the_one_counts_that_is_there() -> None:
    one = recorded(A, ONE, day=DAY, before=THREE, lines=[FIRST], origin=B)
    other = recorded(A, TWO, day=DAY, before=TWO, lines=[SECOND], origin=C)
    data = lock_text(lock(one)).encode() + lock_text(lock(other)).encode()
    for known in (one, other):
        is_now = partial(_is_there, {(A, known.id)})
        (found,) = parse_lock("changelog.lock", data, is_now=is_now).values()
        assert (found.id, found.before, found.origin) == (known.id, known.before, known.origin)
        assert found.dated_lines == {(DAY, FIRST), (DAY, SECOND)}
        assert found.clashes
    (found,) = parse_lock("changelog.lock", data).values()
    assert found.lines == {FIRST, SECOND}


def test_where_one_side_removed_a_note_of_that_name_both_lines_count() -> None:
    one = recorded(A, ONE, day=DAY, before=THREE, lines=[FIRST], origin=B)
    gone = recorded(A, "", day=DAY, before=TWO, lines=[SECOND], origin=C)
    data = lock_text(lock(one)).encode() + lock_text(lock(gone)).encode()
    is_now = partial(_is_there, {(A, ONE)})
    assert parse_lock("changelog.lock", data, is_now=is_now) == parse_lock("changelog.lock", data)


def test_a_name_that_others_took_is_not_new() -> None:
    added, moved = recorded(A, day=DAY), recorded(B, day=DAY, before=TWO, origin=C)
    named = with_names(lock(added, moved), {A: "a2.md", B: "b2.md", "picture.png": "x.png"})
    assert [(one.path, one.origin) for one in named.values()] == [("a2.md", "a2.md"), ("b2.md", C)]


def test_the_lock_is_beside_the_note() -> None:
    assert lock_path("Changelog.md") == "changelog.lock"
    assert lock_path("Notes/Changelog.md") == "Notes/changelog.lock"


def test_a_line_is_the_same_wherever_its_links_lead() -> None:
    assert digest("Added [[a|A]]") == digest("Added [[Claims/b#c|A]]") == digest("Added A")
    assert digest("Added [[Claims/a]]") == digest("Added [[a]]")
    assert digest("Added [[a|A]]") != digest("Added [[a|B]]")
    assert digests([(DAY, "x"), (DAY, "x")]) == {(DAY, digest("x"))}


JOURNAL = digests([(DAY, LINES[0]), (NEXT, LINES[1])])


def known_basis(
    committed: Recorded | None, current: Recorded | None, *missing: str
) -> tuple[Lock, set[str], set[tuple[str, str]]]:
    """Return the lock, what is settled, and what is stale, in a journal with the first lines."""
    before, now = (lock(*filter(None, [one])) for one in (committed, current))
    found = basis(before, now, JOURNAL, missing)
    settled = {path for path, one in found.lock.items() if one != before.get(path)}
    return dict(found.lock), settled, set(found.stale)


def test_what_is_as_it_was_committed_counts() -> None:
    one = recorded(day=DAY, before=TWO, lines=[FIRST])
    assert known_basis(one, one) == (lock(one), set(), set())


def test_a_line_that_nobody_edited_is_made_again_from_what_is_committed() -> None:
    old = recorded(day=DAY, before=THREE, lines=[FIRST])
    new = recorded(A, TWO, day=NEXT, before=ONE, lines=[SECOND])
    assert known_basis(old, new) == (lock(old), set(), {(NEXT, SECOND)})
    same_day = recorded(A, TWO, day=DAY, before=THREE, lines=[FIRST])
    assert known_basis(old, same_day) == (lock(old), set(), {(DAY, FIRST)})
    assert known_basis(None, recorded(day=NEXT, lines=[SECOND])) == ({}, set(), {(NEXT, SECOND)})
    # That run, and no person, removed what is committed of the day.
    other = recorded(day=DAY, before=THREE, lines=[SECOND])
    assert not basis(lock(other), lock(same_day), JOURNAL, ()).is_edited(other)
    later = recorded(A, TWO, day=DAY, before=ONE, lines=[FIRST])
    assert basis(lock(other), lock(later), JOURNAL, ()).is_edited(other)


def test_a_line_that_a_person_edited_settles_its_note() -> None:
    old, new = recorded(), recorded(A, TWO, day=NEXT, before=ONE, lines=[THIRD])
    assert known_basis(old, new) == (lock(new), {A}, set())
    # What was recorded cannot be read any more: what is committed counts.
    assert known_basis(old, new, TWO) == (lock(old), set(), set())
    moved = recorded(B, TWO, day=NEXT, before=ONE, lines=[THIRD], origin=A)
    assert known_basis(old, moved) == (lock(old, moved), {B}, set())


def test_a_line_that_sums_up_the_first_day_stays_once_there_is_another() -> None:
    summed, other = recorded(A, day=DAY, lines=[FIRST]), recorded(B, day=NEXT)
    first = digests([(DAY, LINES[0])])
    assert Basis({}, lock(summed), frozenset(), JOURNAL, first).opened(DAY, ()) == [summed]
    assert Basis({}, lock(summed, other), frozenset(), JOURNAL, first).opened(DAY, ()) == []


def test_what_was_before_a_day_and_never_committed_counts() -> None:
    old = recorded(A, ONE)
    new = recorded(A, THREE, day=NEXT, before=TWO, lines=[SECOND])
    assert known_basis(old, new) == (lock(Recorded(A, TWO)), {A}, {(NEXT, SECOND)})
    assert known_basis(old, new, TWO) == (lock(old), set(), {(NEXT, SECOND)})
    moved = recorded(B, THREE, day=NEXT, before=TWO, lines=[SECOND], origin=A)
    assert known_basis(old, moved)[:2] == (lock(Recorded(A, TWO)), {A})


def test_the_lines_of_a_clash_are_not_edited() -> None:
    known = Basis({}, {}, frozenset(), JOURNAL)
    one = recorded(day=DAY, lines=[FIRST, THIRD])
    assert known.is_edited(one)
    assert not known.is_edited(joined(one, recorded(A, TWO, day=DAY)))
    assert not known.is_edited(recorded(day=DAY, lines=[FIRST]))
    assert not known.is_edited(recorded())


def test_the_notes_of_a_day_are_opened_but_for_edited_lines_and_missing_contents() -> None:
    plain = recorded(A, day=DAY, before=TWO, lines=[FIRST])
    edited = recorded(B, day=DAY, before=TWO, lines=[THIRD])
    lost = recorded(C, day=DAY, before=FOUR, lines=[])
    later = recorded("d.md", day=NEXT, lines=[SECOND])
    known = Basis({}, lock(plain, edited, lost, later), frozenset(), JOURNAL)
    assert known.opened(DAY, {FOUR}) == [plain]
    assert known.opened(DAY, ()) == [plain, lost]
    assert known.opened(NEXT, ()) == [later]


def test_a_line_that_a_person_kept_of_another_note_is_not_replaced() -> None:
    plain = recorded(A, day=DAY, lines=[FIRST])
    shared = recorded(B, day=DAY, lines=[FIRST, THIRD])
    stale = frozenset({(NEXT, SECOND)})
    assert Basis({}, lock(plain), stale, JOURNAL).replaced([plain]) == {
        (DAY, FIRST),
        (NEXT, SECOND),
    }
    assert Basis({}, lock(plain, shared), stale, JOURNAL).replaced([plain]) == stale
