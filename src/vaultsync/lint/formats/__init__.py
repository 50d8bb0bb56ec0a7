"""The forms in which findings are told, by the name that `--output-format` has for each."""

from collections.abc import Callable, Mapping, Sequence

from vaultsync.lint.formats.github import github
from vaultsync.lint.formats.json_form import as_json
from vaultsync.lint.formats.sarif import sarif
from vaultsync.lint.formats.terminal import Paint, Style, concise, full
from vaultsync.lint.report import Shown

__all__ = ["FOR_PEOPLE", "FOR_PROGRAMS", "FROM_TOP", "NAMES", "Paint", "Style", "form", "full"]

FOR_PEOPLE: Mapping[str, Callable[[Sequence[Shown], Paint], str]] = {
    "full": full,
    "concise": concise,
}
FOR_PROGRAMS: Mapping[str, Callable[[Sequence[Shown]], str]] = {
    "json": as_json,
    "sarif": sarif,
    "github": github,
}
NAMES = (*FOR_PEOPLE, *FOR_PROGRAMS)
# Who reads these knows the repository, not the folder that the command ran in.
FROM_TOP = ("sarif", "github")


def form(name: str, items: Sequence[Shown], paint: Paint) -> str:
    """Return findings in the form of that name."""
    if name in FOR_PEOPLE:
        return FOR_PEOPLE[name](items, paint)
    return FOR_PROGRAMS[name](items)
