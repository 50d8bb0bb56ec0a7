"""`vaultsync` as git starts it in a round: with the fault that is planted there."""

from __future__ import annotations

import os

from simulation import planted
from vaultsync.__main__ import process

if __name__ == "__main__":
    planted.plant(os.environ.get(planted.VARIABLE, ""))
    process()
