"""Which links have to be written otherwise when files get other names, and how.

Every link that leads to a file leads to the same file afterwards. A link is written in the form
that it has (name, path, relative path, with or without `.md`) where that leads there, else in one
that does. What leads nowhere stays as it is.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from operator import attrgetter

from vaultsync.core.config import Config
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document, Link, Vault
from vaultsync.core.text import Edit, Lines, Span, apply_edits
from vaultsync.lint.link_graph import is_wiki, spelled
from vaultsync.markdown import parse
from vaultsync.markdown.frontmatter.edit import add_to_list
from vaultsync.markdown.links import markdown_destination, wikilink_target
from vaultsync.notes.link_index import LinkIndex, full_linktext, index_of, linktext, name_key
from vaultsync.notes.note import stem

_ANOTHER = "choose another name"
_ODD = re.compile(r"[^\w ./,()'&+-]")
Edits = Mapping[str, tuple[Edit, ...]]


class _Names:
    """The names of a vault's files before and after, and which of them links may be about."""

    def __init__(self, vault: Vault, moves: Mapping[str, str]) -> None:
        self.moves = moves
        self.before = index_of(vault.files)
        self.after = LinkIndex(self.moved(path) for path in vault.files)
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


def rename(vault: Vault, config: Config, moves: Mapping[str, str]) -> Edits:
    """Return the edits to make, by the paths that files have before, when files are renamed.

    `moves` maps old paths to new ones. A note's old name joins its aliases. Raises `VaultError`
    where something that is to change cannot be written.
    """
    vault.load(vault.documents)
    if unknown := [path for path, one in vault.documents.items() if one.error]:
        raise _refusal(
            f"{path}: it cannot be read, so where its links lead is unknown: mend or remove it"
            for path in unknown
        )
    names = _Names(vault, moves)
    edits, problems = dict[str, tuple[Edit, ...]](), list[str]()
    for path, document in vault.documents.items():
        try:
            if found := _edits(document, names, config):
                if names.are_odd or path in moves:
                    _verify(document, found, names)
                edits[path] = found
        except VaultError as error:
            problems += error.args
    if problems:
        raise _refusal(problems)
    return edits


def _refusal(problems: Iterable[str]) -> VaultError:
    first, *others = problems
    more = f" ({len(others)} more are like it)" if others else ""
    return VaultError(f"{first}{more}: nothing was renamed")


def _edits(document: Document, names: _Names, config: Config) -> tuple[Edit, ...]:
    is_moved = document.path in names.moves
    found: list[Edit] = []
    for link in document.internal:
        if is_moved or names.concerns(link.target):
            old = names.shifted(link, document.path)
            if old is not None:
                found.append(_pointed(document, link, old, names))
    if is_moved and document.kind == "note":
        found += _alias(document, names.moves[document.path], config)
    return tuple(sorted(found))


def _pointed(document: Document, link: Link, old: str, names: _Names) -> Edit:
    """Return the edit with which a link leads to the file that was at an old path."""
    source, new = names.moved(document.path), names.moved(old)
    targets = [new] if link.kind == "canvas" else _forms(document, link, old, names)
    for target in targets:
        leads = names.after.resolve(target, source) == (new,)
        if leads and names.after.loose_match(target, source) is None:
            written = _spelled(document, link, target)
            if written is not None:
                return Edit(link.target_span, written)
    line = Lines(document.text).position(link.start)[0]
    where = f"{document.path}:{line}: `{link.span.of(document.text)}`"
    raise VaultError(f"{where} cannot be written so that it leads to {new}: {_ANOTHER}")


def _forms(document: Document, link: Link, old: str, names: _Names) -> Iterator[str]:
    """Yield the targets that a link to a file may get, first in the form that it has."""
    source, new = names.moved(document.path), names.moved(old)
    short = new.removesuffix(".md")
    kept = new if link.target.lower().endswith(".md") else short
    for written in (kept, new):
        yield _alike(link.target, written, old, source)
    usual = linktext if is_wiki(document, link) else full_linktext
    yield from (usual(new, names.after), short, new, f"/{new}", _relative(new, source))


def _alike(target: str, written: str, old: str, source: str) -> str:
    """Return a path in the form that a target had: relative, whole, or its last parts."""
    if target.startswith(("./", "../")):
        return _relative(written, source)
    if target.startswith("/"):
        return f"/{written}"
    depth = target.count("/") + 1
    is_whole = depth > 1 and depth > old.count("/")
    return written if is_whole else "/".join(written.split("/")[-depth:])


def _relative(path: str, source: str) -> str:
    found = posixpath.relpath(f"/{path}", f"/{posixpath.dirname(source)}")
    return found if found.startswith("../") else f"./{found}"


def _spelled(document: Document, link: Link, target: str) -> str | None:
    """Return a target as it is written in a link, None where it cannot be."""
    if document.kind != "canvas":
        written = spelled(document, link, target)
        # In angle brackets a space is written as it is.
        is_angled = document.text[link.target_start - 1 : link.target_start] == "<"
        return written.replace("%20", " ") if written and is_angled else written
    if link.target_span == Span(0, len(document.text)):
        return None
    written = target
    if link.kind != "canvas":
        is_wikilink = is_wiki(document, link)
        written = wikilink_target(target) if is_wikilink else markdown_destination(target)
    return None if written is None else json.dumps(written, ensure_ascii=False)[1:-1]


def _is_named(target: str, path: str) -> bool:
    """Whether a path ends with a target, letter by letter; of a relative one its name counts."""
    end = target.rpartition("/")[2] if target.startswith(".") else target.removeprefix("/")
    return f"/{path}".endswith((f"/{end}", f"/{end}.md"))


def _alias(document: Document, new: str, config: Config) -> tuple[Edit, ...]:
    """Return the edits that put a note's old name among its aliases."""
    old = stem(document.path)
    if name_key(old) == name_key(stem(new)) or old in document.list_property("aliases"):
        return ()
    kind = config.types.get(config.type_name(document.path) or "")
    name = document.properties.key("aliases") or "aliases"
    order = tuple(kind.properties) if kind else ()
    edits = add_to_list(document.text, name, old, order=order)
    if not edits:
        raise VaultError(
            f"{document.path}: its properties cannot take the old name as one of the `aliases`: "
            "mend them"
        )
    return edits


def _verify(document: Document, edits: tuple[Edit, ...], names: _Names) -> None:
    """Raise `VaultError` where the text would be read otherwise than it is meant."""
    path = names.moved(document.path)
    changed = parse(path, apply_edits(document.text, edits), fast=True)
    before, after = (sorted(one.internal, key=attrgetter("start")) for one in (document, changed))
    for link, other in zip_longest(before, after):
        found = names.before.resolve(link.target, document.path) if link else ()
        if not (link and other) or (
            found and names.after.resolve(other.target, path)[:1] != (names.moved(found[0]),)
        ):
            raise VaultError(f"{document.path}: its links would be read otherwise: {_ANOTHER}")
