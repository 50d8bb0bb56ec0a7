"""The formats in which findings are shown, by the names that `--output-format` has for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vaultsync.lint.formats.terminal import Paint
    from vaultsync.lint.report import Shown

FOR_PEOPLE = ("full", "concise")
FOR_PROGRAMS = ("json", "sarif", "github")
NAMES = (*FOR_PEOPLE, *FOR_PROGRAMS)
# Readers of these know the repository, not the folder that the command ran in.
FROM_TOP = ("sarif", "github")


def render(name: str, items: Sequence[Shown], paint: Paint) -> str:
    """Return findings in the format of that name."""
    if name in FOR_PEOPLE:
        from vaultsync.lint.formats import terminal

        return terminal.full(items, paint) if name == "full" else terminal.concise(items, paint)
    return _for_programs(name)(items)


def _for_programs(name: str) -> Callable[[Sequence[Shown]], str]:
    # A run needs one format, and that of SARIF imports the pages of all rules.
    if name == "sarif":
        from vaultsync.lint.formats.sarif import sarif

        return sarif
    from vaultsync.lint.formats.json_and_github import as_json, github

    return as_json if name == "json" else github
