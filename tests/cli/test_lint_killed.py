"""`vaultsync lint --fix` that is killed. `python -m fuzz.killed` does so a hundred times."""

from __future__ import annotations

import random
from pathlib import Path

from fuzz.killed import kill_often


def test_a_killed_run_leaves_every_note_whole(tmp_path: Path) -> None:
    seed = random.randrange(1_000_000)  # noqa: S311 - moments, no secrets
    print(f"seed {seed}")  # noqa: T201 - to have the same moments again
    counts = kill_often(tmp_path, 4, notes=60, seed=seed)
    assert sum(counts.values()) == 4
