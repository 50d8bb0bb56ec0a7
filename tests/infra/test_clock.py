"""The day that counts as today, and that of the commit in the making."""

from __future__ import annotations

import pytest

from vaultsync.core.errors import VaultError
from vaultsync.infra.clock import commit_day, today

# 2 January 2026, 23:30 UTC.
EPOCH = "1767396600"


@pytest.fixture(autouse=True)
def _reproducible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    monkeypatch.delenv("GIT_AUTHOR_DATE", raising=False)


@pytest.mark.parametrize(("zone", "day"), [("", "2026-01-02"), ("Europe/Berlin", "2026-01-03")])
def test_today(zone: str, day: str) -> None:
    assert today(zone) == commit_day(zone) == day


@pytest.mark.parametrize("epoch", ["9" * 30, "999999999999"])
def test_a_time_that_is_out_of_reach(monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(VaultError, match=f"SOURCE_DATE_EPOCH: {epoch} is a time out of reach"):
        today()


@pytest.mark.parametrize("epoch", ["", "soon"])
def test_the_time_of_the_machine(monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert today() > "2026-01-03"


@pytest.mark.parametrize(
    ("written", "day", "berlin"),
    [
        ("@1767310200 +0100", "2026-01-02", "2026-01-02"),
        ("1767310200 -0800", "2026-01-01", "2026-01-02"),
        ("2026-03-04T23:30:00+00:00", "2026-03-04", "2026-03-05"),
        ("2026-03-04T23:30:00+0000", "2026-03-04", "2026-03-05"),
        (" 2026-03-04 23:30:00-0100 ", "2026-03-04", "2026-03-05"),
        ("Wed, 04 Mar 2026 23:30:00 +0000", "2026-03-04", "2026-03-05"),
        ("Wed Mar 4 23:30:00 2026 +0000", "2026-03-04", "2026-03-05"),
        # What is no date that git writes counts for nothing.
        ("", "2026-01-02", "2026-01-03"),
        ("yesterday", "2026-01-02", "2026-01-03"),
        ("@99999999999999999999 +0000", "2026-01-02", "2026-01-03"),
        ("@1767310200 +9999", "2026-01-02", "2026-01-03"),
    ],
)
def test_the_day_of_the_commit_in_the_making(
    monkeypatch: pytest.MonkeyPatch, written: str, day: str, berlin: str
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_DATE", written)
    assert (commit_day(), commit_day("Europe/Berlin")) == (day, berlin)


def test_a_date_without_a_zone_is_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2026-03-04T12:00:00")
    assert commit_day() == "2026-03-04"
