"""What is recorded of sources: read, written, merged and brought forward."""

from __future__ import annotations

import msgspec
import pytest

from vaultsync.core.errors import VaultError
from vaultsync.notes.source_lock import (
    SourceRecord,
    State,
    advanced,
    parse_source_lock,
    quotation_digest,
    source_lock_text,
)

ONE = SourceRecord("x.org/a", "ok", "2026-01-05", version=1, title="T", authors=("Ada Lee",))
TWO = SourceRecord("x.org/b", "withdrawn", "2026-01-05", reason="by its author")


def test_a_lock_is_read_as_it_was_written() -> None:
    text = source_lock_text([TWO, ONE])
    assert text.startswith("# vaultsync sources.lock, version 1: ")
    assert parse_source_lock(text.encode()) == {"x.org/a": ONE, "x.org/b": TWO}
    assert source_lock_text(parse_source_lock(text.encode()).values()) == text


def test_a_lock_with_both_sides_of_a_merge_has_the_later_state() -> None:
    later = msgspec.structs.replace(ONE, state="changed", since="2026-02-01", quotations=("q",))
    other = msgspec.structs.replace(ONE, quotations=("r",))
    lines = [source_lock_text([one]).splitlines()[1] for one in (later, other)]
    for ours, theirs in (lines, lines[::-1]):
        text = f"<<<<<<< ours\n{ours}\n=======\n{theirs}\n>>>>>>> theirs\n"
        found = parse_source_lock(text.encode())
        assert found == {"x.org/a": msgspec.structs.replace(later, quotations=("q", "r"))}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("nothing\n", "sources.lock:1: not a line of a sources.lock"),
        ('{"state":"ok"}\n', "sources.lock:1: not a line of a sources.lock"),
        ('\n{"id":"a","state":"odd"}\n', "sources.lock:2: not a line of a sources.lock"),
        ("# vaultsync sources.lock, version 2: x\n", "a newer vaultsync wrote it"),
    ],
)
def test_what_is_not_a_lock_is_an_error(text: str, problem: str) -> None:
    with pytest.raises(VaultError, match=problem):
        parse_source_lock(text.encode())


def test_the_first_record_of_a_source_has_the_day() -> None:
    found = msgspec.structs.replace(ONE, since="")
    assert advanced(None, found, "2026-01-05") == ONE


def test_what_cannot_be_looked_up_stays_as_it_was() -> None:
    assert advanced(TWO, SourceRecord(TWO.id, reason="no answer"), "2026-02-01") == TWO


@pytest.mark.parametrize(
    ("facts", "state", "since"),
    [
        ({}, "ok", "2026-01-05"),
        ({"version": 2}, "changed", "2026-02-01"),
        ({"abstract": "B"}, "changed", "2026-02-01"),
        ({"state": "retracted"}, "retracted", "2026-02-01"),
        ({"state": "dead", "version": None, "abstract": ""}, "dead", "2026-02-01"),
        ({"version": None, "abstract": ""}, "ok", "2026-01-05"),
    ],
)
def test_a_new_lookup_of_a_source(facts: dict[str, object], state: State, since: str) -> None:
    known = msgspec.structs.replace(ONE, abstract="A")
    found = advanced(known, msgspec.structs.replace(known, since="", **facts), "2026-02-01")
    assert (found.state, found.since) == (state, since)


def test_a_changed_source_stays_so_until_it_changes_again() -> None:
    changed = msgspec.structs.replace(ONE, state="changed", since="2026-02-01", version=2)
    same = msgspec.structs.replace(ONE, version=2)
    assert advanced(changed, same, "2026-03-01") == changed
    again = advanced(changed, msgspec.structs.replace(ONE, version=3), "2026-03-01")
    assert (again.state, again.since, again.version) == ("changed", "2026-03-01", 3)


def test_quotations_that_were_found_stay() -> None:
    known = msgspec.structs.replace(ONE, quotations=("q",))
    found = advanced(known, msgspec.structs.replace(ONE, quotations=("r",)), "2026-02-01")
    assert found.quotations == ("q", "r")


@pytest.mark.parametrize(
    ("text", "is_known"),
    [
        ("it   HOLDS, for all", True),
        ("that it holds", True),
        ("hold", None),
        ("it holds for many", None),
        ("Found elsewhere", True),
        ("…", None),
    ],
)
def test_a_quotation_is_a_span_of_words(text: str, is_known: bool | None) -> None:  # noqa: FBT001
    digests = (quotation_digest("found, elsewhere"),)
    record = SourceRecord("a", "ok", abstract="We show that it holds for all.", quotations=digests)
    assert record.quotes(text) is is_known
