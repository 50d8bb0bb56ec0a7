"""The current day."""

from __future__ import annotations

import datetime
import os

from vaultsync.core.commits import day_of
from vaultsync.core.errors import VaultError


def today(zone: str = "") -> str:
    """Return the day as YYYY-MM-DD in a time zone, "" being that of the machine.

    SOURCE_DATE_EPOCH, where it is set, gives the time, in UTC where no zone is named. Raises
    `VaultError` where it is not a time.

    Source: https://reproducible-builds.org/specs/source-date-epoch/.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        try:
            moment = datetime.datetime.fromtimestamp(int(epoch), tz=datetime.UTC)
        except (OSError, OverflowError, ValueError):
            raise VaultError(f"SOURCE_DATE_EPOCH: {epoch} is a time out of reach") from None
    else:
        moment = datetime.datetime.now().astimezone()
    return day_of(moment.isoformat(), zone)
