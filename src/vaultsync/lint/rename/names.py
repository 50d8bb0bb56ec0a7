"""The names of a vault's files before and after a rename."""

from __future__ import annotations

import re
from collections.abc import Mapping

from vaultsync.core.model import Link, Vault
from vaultsync.notes.link_index import LinkIndex, index_of, name_key

_ODD = re.compile(r"[^\w ./,()'&+-]")


class Names:
    """The names of a vault's files before and after, and which of them links may be about."""

    def __init__(self, vault: Vault, moves: Mapping[str, str]) -> None:
        """Bind the values; `moves` maps old paths to new ones."""
        self.moves = moves
        self.before = index_of(vault.files)
        self.after = LinkIndex(map(self.moved, vault.files)) if moves else self.before
        self._keys = frozenset(
            name_key(name)
            for path in (*moves, *moves.values())
            for name in (path.rpartition("/")[2], path.rpartition("/")[2].removesuffix(".md"))
        )
        self._known: dict[str, bool] = {}
        # Marks that could be read as Markdown around the link that they are in.
        self.are_odd = any(map(_ODD.search, moves.values()))

    def moved(self, path: str) -> str:
        """Return the path that a file has afterwards."""
        return self.moves.get(path, path)

    def concerns(self, target: str) -> bool:
        """Whether a file that the target may mean gets another name."""
        found = self._known.get(target)
        if found is None:
            found = self._known[target] = name_key(target.rpartition("/")[2]) in self._keys
        return found

    def leads(self, target: str, source: str, path: str) -> bool:
        """Whether a target in a file leads to another and to no other, by their new paths."""
        is_alone = self.after.resolve(target, source) == (path,)
        return is_alone and self.after.loose_match(target, source) is None

    def shifted(self, link: Link, source: str) -> str | None:
        """Return the file that a link leads to, by its old path, if the link has to change."""
        found = self.before.resolve(link.target, source)
        if not found or link.target == "":
            return None
        old, new = found[0], self.moved(found[0])
        reached = self.after.resolve(link.target, self.moved(source))
        is_same = reached[:1] == (new,) and {*reached} <= {*map(self.moved, found)}
        # That would be by a quirk of Obsidian, if the link did not lead there by one before.
        if is_same and self.after.loose_match(link.target, self.moved(source)):
            is_same = self.before.loose_match(link.target, source) is not None
        # The other letter case, or form of accents, of a name is followed too.
        kept = _is_named(link.target, new) or not _is_named(link.target, old)
        return None if is_same and kept else old


def _is_named(target: str, path: str) -> bool:
    """Whether a path ends with a target, letter by letter; of a relative one its name counts."""
    end = target.rpartition("/")[2] if target.startswith(".") else target.removeprefix("/")
    return f"/{path}".endswith((f"/{end}", f"/{end}.md"))
