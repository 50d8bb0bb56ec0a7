"""The current day, and the time for names."""

from __future__ import annotations

import datetime
import os
import re
from contextlib import suppress

from vaultsync.core.commits import day_of
from vaultsync.core.errors import VaultError

_EASTERNMOST = datetime.timezone(datetime.timedelta(hours=14))
_RAW = re.compile(r"@?(\d+) ([+-])(\d\d)(\d\d)")


def today(zone: str = "") -> str:
    """Return the day as YYYY-MM-DD in a time zone, "" being that of the machine.

    SOURCE_DATE_EPOCH, where it is set, gives the time, in UTC where no zone is named. Raises
    `VaultError` where it is not a time.

    Source: https://reproducible-builds.org/specs/source-date-epoch/.
    """
    return day_of(_now().isoformat(), zone)


def latest_day(zone: str = "") -> str:
    """Return the day in a time zone, "" being the one where it is latest.

    So what an author somewhere wrote today is not after it.
    """
    return today(zone) if zone else _now().astimezone(_EASTERNMOST).date().isoformat()


def stamp() -> str:
    """Return the current time in UTC, for names: to the microsecond, in the order of time."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S.%fZ")


def _now() -> datetime.datetime:
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        try:
            return datetime.datetime.fromtimestamp(int(epoch), tz=datetime.UTC)
        except (OSError, OverflowError, ValueError):
            raise VaultError(f"SOURCE_DATE_EPOCH: {epoch} is a time out of reach") from None
    return datetime.datetime.now().astimezone()


def commit_day(zone: str = "") -> str:
    """Return the day of the commit in the making: that of GIT_AUTHOR_DATE where it is set.

    Source: https://git-scm.com/docs/git-commit#_date_formats.
    """
    written = os.environ.get("GIT_AUTHOR_DATE", "").strip()
    for parse in (_raw_date, datetime.datetime.fromisoformat, _mail_date):
        with suppress(ValueError, OverflowError, OSError):
            moment = parse(written)
            return day_of((moment if moment.tzinfo else moment.astimezone()).isoformat(), zone)
    return today(zone)


def _raw_date(text: str) -> datetime.datetime:
    """Read a date as git gives it to hooks, "@1767268800 +0100"."""
    found = _RAW.fullmatch(text)
    if not found:
        raise ValueError(text)
    offset = datetime.timedelta(hours=int(found[3]), minutes=int(found[4]))
    zone = datetime.timezone(-offset if found[2] == "-" else offset)
    return datetime.datetime.fromtimestamp(int(found[1]), zone)


def _mail_date(text: str) -> datetime.datetime:
    from email.utils import parsedate_to_datetime

    return parsedate_to_datetime(text)
