"""Whether a claim changed since a person checked it."""

from __future__ import annotations

import pytest

from vaultsync.changelog.history import Claim, last_reworded


@pytest.mark.parametrize(
    ("versions", "day"),
    [
        ([], None),
        ([("3", "a", "1")], None),
        ([("3", "a", None)], "3"),
        ([("3", "b", "1"), ("2", "a", "1")], "3"),
        ([("3", "b", "2"), ("2", "a", "1")], None),
        ([("4", "b", "2"), ("3", "b", "1"), ("2", "a", "1")], "3"),
        ([("4", "a", "1"), ("3", "b", "1"), ("2", "a", "1")], "4"),
        ([("4", "a", "1"), ("3", "a", None), ("2", None, None)], "3"),
    ],
)
def test_when_a_claim_last_changed_unchecked(
    versions: list[tuple[str, str | None, str | None]], day: str | None
) -> None:
    assert last_reworded([Claim(*version) for version in versions]) == day
