"""What counts as recorded before a run: the lock of the last commit, and what a person wrote since.

A line of the journal that is not committed yet is made again, unless a person changed it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec

from vaultsync.changelog.lock import DatedLines, Lock, Recorded, readable


class Basis(msgspec.Struct, frozen=True):
    """What counts as recorded before a run.

    `committed` is the lock of the last commit; `lock` that of a merge in progress, or else the same
    but for notes about which a person wrote since then: that stays. `stale` are lines that were
    generated since then, which are made again. `first` are lines of the journal that sum up a day.
    """

    committed: Lock
    lock: Lock
    stale: DatedLines
    journal: DatedLines
    first: DatedLines = frozenset()

    def is_edited(self, one: Recorded) -> bool:
        """Whether a person changed or removed a line that was generated for a note."""
        return not one.clashes and not one.dated_lines <= self.journal

    def opened(self, date: str, missing: Collection[str]) -> list[Recorded]:
        """Return the notes whose lines of a day are replaced, with what is new, by net ones.

        Those stay that a person changed, and those before which the state is `missing`. So does the
        line that sums up the first day, once there is another one.
        """
        is_first = all(one.day == date and not one.before for one in self.lock.values())
        return [
            one
            for one in self.lock.values()
            if one.day == date
            and not self.is_edited(one)
            and readable(one.before) not in missing
            and (is_first or self.first.isdisjoint(one.dated_lines))
        ]

    def replaced(self, opened: Iterable[Recorded]) -> DatedLines:
        """Return the lines that are removed unless they are generated again."""
        kept = (one.dated_lines for one in self.lock.values() if self.is_edited(one))
        return self.stale.union(*(one.dated_lines for one in opened)).difference(*kept)


def basis(
    committed: Lock,
    current: Lock,
    journal: DatedLines,
    missing: Collection[str],
) -> Basis:
    """Return what counts as recorded, from the committed lock and the one beside the notes.

    `missing` are the ids of contents that cannot be read.
    """
    plain = Basis(committed, committed, frozenset(), journal)
    lock = dict(committed)
    stale: set[tuple[str, str]] = set()
    again = set(journal)
    for one in [one for path, one in current.items() if one != committed.get(path)]:
        former = [committed[path] for path in (one.path, one.origin) if path in committed]
        usual = {"", *(known.id for known in former), *(known.before for known in former)}
        if plain.is_edited(one):
            own = one if readable(one.id) not in missing else None
        else:
            # A run that nobody committed made the lines of that day again.
            begun = (one.day, one.before, one.origin)
            remade = (o for o in former if (o.day, o.before, o.origin) == begun)
            again.update(line for known in remade for line in known.dated_lines)
            stale |= one.dated_lines
            is_own = one.before not in usual and readable(one.before) not in missing
            own = Recorded(one.origin, one.before) if is_own else None
        if own:
            lock.pop(one.path, None)
            lock[own.path] = own
    return Basis(committed, lock, frozenset(stale), frozenset(again))
