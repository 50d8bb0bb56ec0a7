"""Faults that are planted in vaultsync in a round's processes, to see that the rounds find them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

VARIABLE = "SIMULATION_PLANT"


def plant(name: str) -> None:
    """Plant a fault of this name in this process; "" for none."""
    if name:
        FAULTS[name]()


def _replace(old: Any, new: Any) -> None:
    """Put a function in the place of another, in all modules that have it."""
    found = 0
    for module in [*sys.modules.values()]:
        if getattr(module, "__name__", "").startswith("vaultsync"):
            for name, value in [*vars(module).items()]:
                if value is old:
                    setattr(module, name, new)
                    found += 1
    assert found, old


def _driver_returns_ours() -> None:
    from vaultsync.sync import merge_note

    _replace(merge_note.merge_note, lambda _path, texts, _config: merge_note.Merged(texts[1], 0))


FAULTS: dict[str, Callable[[], None]] = {
    "driver-returns-ours": _driver_returns_ours,
}
