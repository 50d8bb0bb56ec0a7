"""How much is found in the whole vault, as a status bar shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from vaultsync.lint import engine, report
from vaultsync.lint.engine import Checked, Diagnostic
from vaultsync.markdown import kind_of

Shown = dict[str, int | str | None]


class Overview:
    """The counts of what is found, kept up to date by what is published."""

    def __init__(self, checked: Checked) -> None:
        """Count what is found in a state."""
        self._sent: tuple[Counter[str], str] | None = None
        self._count(checked)

    def _count(self, checked: Checked) -> None:
        self._settings = _settings(checked)
        found: dict[str, list[Diagnostic]] = {}
        for one in engine.report(checked):
            found.setdefault(one.path, []).append(one)
        self._counts = {path: report.tally(ones) for path, ones in found.items()}
        self._total = sum(self._counts.values(), Counter[str]())

    def take(self, found: Mapping[str, Iterable[Diagnostic]], checked: Checked) -> None:
        """Take in what is found now in the files where that may differ."""
        if _settings(checked) != self._settings:
            self._count(checked)
            return
        for path, ones in found.items():
            new = report.tally(ones)
            self._total.subtract(self._counts.get(path, ()))
            self._total.update(new)
            self._counts[path] = new

    def is_news(self, problem: str) -> bool:
        """Whether the counts or the problem differ from what was shown last."""
        return (self._total, problem) != self._sent

    def shown(self, checked: Checked, problem: str) -> Shown:
        """Return the counts with the summary of `lint`, and why what is on disk cannot be read."""
        self._sent = self._total.copy(), problem
        documents = checked.context.vault.documents
        return {
            **{f"{name}s": self._total[name] for name in ("error", "warning", "hint")},
            "notes": sum(kind_of(path) == "note" for path in documents),
            "summary": report.counted(self._total, checked),
            "problem": problem or None,
        }


def unknown(problem: str) -> Shown:
    """Return what is shown of a vault that cannot be read, and why."""
    counts = dict.fromkeys(("errors", "warnings", "hints", "notes"), 0)
    return {**counts, "summary": "", "problem": problem}


def _settings(checked: Checked) -> tuple[int, int]:
    """Return what identifies that by which all findings are reported."""
    return id(checked.context.config), id(checked.context.baseline)
