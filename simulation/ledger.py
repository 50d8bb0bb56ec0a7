"""Who added which word, and which of them were deleted by somebody who had read them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

WORD = re.compile(r"\bqq\d+\b")


class Ledger:
    """The words of a round, each of them added once, and the names that each note had."""

    def __init__(self) -> None:
        """Begin."""
        self.added: dict[str, str] = {}
        self.deleted: set[str] = set()
        self.names: dict[str, set[str]] = {}
        self.gone: set[str] = set()
        self.late: set[str] = set()
        # What was committed by plain git, and on which machine.
        self.commits: dict[str, str] = {}
        self.story: list[str] = []

    def word(self, where: str) -> str:
        """Return a word that nobody has written yet."""
        word = f"qq{len(self.added)}"
        self.added[word] = where
        return word

    def delete(self, text: str) -> None:
        """Note that somebody deleted this text, and has read it."""
        self.deleted.update(WORD.findall(text))

    def replace(self, old: str, new: str) -> None:
        """Note that somebody put one text in the place of another."""
        self.deleted |= {*WORD.findall(old)} - {*WORD.findall(new)}

    def name(self, handle: str, name: str) -> None:
        """Note that a note has a name."""
        self.names.setdefault(name, set()).add(handle)

    def forget_commits(self, known: Collection[str], machine: str) -> None:
        """Forget the commits of a machine that a rebase has replaced, so that it knows others."""
        self.commits = {
            commit: by for commit, by in self.commits.items() if by != machine or commit in known
        }

    def note(self, line: str) -> None:
        """Add a line to the account of what happened."""
        self.story.append(line)

    def missing(self, texts: Iterable[str]) -> dict[str, str]:
        """Return the words that are lost, and where they were added."""
        found = {word for text in texts for word in WORD.findall(text)}
        return {
            word: where
            for word, where in self.added.items()
            if word not in found and word not in self.deleted
        }
