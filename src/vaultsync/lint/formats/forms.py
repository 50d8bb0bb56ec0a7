"""Findings in each of the forms in which they are told."""

from collections.abc import Callable, Mapping, Sequence

from vaultsync.lint.formats import FOR_PEOPLE
from vaultsync.lint.formats.github import github
from vaultsync.lint.formats.json_form import as_json
from vaultsync.lint.formats.sarif import sarif
from vaultsync.lint.formats.terminal import Paint, Style, concise, full
from vaultsync.lint.report import Shown

__all__ = ["Paint", "Style", "form", "full"]

_FOR_PEOPLE: Mapping[str, Callable[[Sequence[Shown], Paint], str]] = {
    "full": full,
    "concise": concise,
}
_FOR_PROGRAMS: Mapping[str, Callable[[Sequence[Shown]], str]] = {
    "json": as_json,
    "sarif": sarif,
    "github": github,
}


def form(name: str, items: Sequence[Shown], paint: Paint) -> str:
    """Return findings in the form of that name."""
    if name in FOR_PEOPLE:
        return _FOR_PEOPLE[name](items, paint)
    return _FOR_PROGRAMS[name](items)
