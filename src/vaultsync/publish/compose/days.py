"""The places of the changelog's days in the post."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vaultsync.blocks.journal_blocks import DayEntry, format_day
from vaultsync.blocks.quote import GeneratedBlock
from vaultsync.publish.compose.anchors import Names

# A line of the short style.
_LINE = re.compile(r"^- ([^:\n]+):", re.MULTILINE)


class DayMarks:
    """Marks the place of each day where the post shows it first."""

    def __init__(self, days: Iterable[DayEntry], names: Names) -> None:
        """Bind the names given so far, and the days by what the changelog calls them."""
        self._names = names
        self._ids: dict[str, str] = {}
        # Without a year it is a day of the newest year.
        for day in sorted(days, key=lambda day: day.date):
            short = format_day(day.date, with_year=False)
            self._ids |= dict.fromkeys((day.date, day.title, short), day.id)

    def mark(self, label: str) -> str:
        """Return the mark of the day that a heading or a line names, "" where it names none."""
        return self._names.mark_day(self._ids.get(label, ""))

    def marked(self, block: GeneratedBlock, content: str) -> str:
        """Return the content of a block; each line of a changelog in the short style is marked."""
        if block.kind != "changelog":
            return content
        return _LINE.sub(lambda line: f"- {self.mark(line[1])}{line[1]}:", content)
