"""Which findings a change is answerable for, without checking all notes of both versions.

Those in the notes that it touches, and in any other note those that were not there before. The
second kind is looked for only where a rule can be reached by the change, as its `reach` says.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

import msgspec

from vaultsync.blocks import find_blocks
from vaultsync.core.model import Document, Link
from vaultsync.lint.context import Context
from vaultsync.lint.engine import Diagnostic, Selection, check
from vaultsync.lint.names import called
from vaultsync.lint.rule import Reach
from vaultsync.notes.link_index import internal, key

Found = list[Diagnostic]


class Change(msgspec.Struct, frozen=True, eq=False):
    """A vault in two versions, and the paths of all files that differ between them.

    With `resettled` the settings differ too, and the change is answerable for all that is found.
    """

    before: Context
    after: Context
    paths: frozenset[str]
    resettled: bool = False

    @property
    def renamed(self) -> frozenset[str]:
        """The paths that are in one version only, or that git tracks in one version only."""
        return frozenset(
            path
            for path in self.paths
            if (path in self.before.vault.files) != (path in self.after.vault.files)
            or self.before.is_tracked(path) != self.after.is_tracked(path)
        )

    def versions(self, path: str) -> tuple[Document | None, Document | None]:
        """Return a document before and after."""
        return self.before.vault.documents.get(path), self.after.vault.documents.get(path)


def answerable(
    changes: Iterable[Change], selection: Selection, paths: Collection[str] | None = None
) -> Found:
    """Return the findings that changes are answerable for, by path and position.

    Each change leads to the same version; one that merges several answers for what is found
    because of each of them. `paths` limits the findings to some files (None: all).
    """
    first, *others = (_answerable(change, selection, paths) for change in changes)
    shared = [{(*_place(diagnostic), diagnostic.message) for diagnostic in more} for more in others]
    found = [d for d in first if all((*_place(d), d.message) in more for more in shared)]
    return sorted(found, key=lambda d: (d.path, d.span, d.code))


def _answerable(change: Change, selection: Selection, paths: Collection[str] | None) -> Found:
    chosen = None if paths is None else frozenset(paths)
    if change.resettled:
        return check(change.after, selection, None if chosen is None else sorted(chosen))
    reached, everywhere = _reached(change, selection)
    rest = change.after.vault.documents.keys() - change.paths - reached
    wide = tuple(rule for rule in selection.rules if rule.reach in everywhere)
    return [
        *check(change.after, selection, _within(chosen, change.paths)),
        *_new(change, selection, _within(chosen, reached - change.paths)),
        *_new(change, msgspec.structs.replace(selection, rules=wide), _within(chosen, rest)),
    ]


def _within(chosen: frozenset[str] | None, paths: AbstractSet[str]) -> list[str]:
    return sorted(paths if chosen is None else paths & chosen)


def _reached(change: Change, selection: Selection) -> tuple[set[str], set[Reach]]:
    """Return the notes that the change can reach, and the reaches for which that is every note."""
    reached: set[str] = set()
    everywhere: set[Reach] = set()
    for reach in {rule.reach for rule in selection.rules} if change.paths else ():
        found = _REACHED[reach](change)
        if found is None:
            everywhere.add(reach)
        else:
            reached.update(found)
    return reached, everywhere


def _new(change: Change, selection: Selection, paths: list[str]) -> Found:
    """Return the findings in unchanged notes that were not there before.

    Each of a rule and a place before stands for one of that rule and place after, in whatever
    words: the same one if there is it, else another.
    """
    after = check(change.after, selection, paths) if paths and selection.rules else []
    where = sorted({found.path for found in after})
    before = check(change.before, selection, where) if where else []
    same = {(_place(found), found.message) for found in before}
    left = Counter(map(_place, before))
    new = []
    for found in sorted(after, key=lambda found: (_place(found), found.message) not in same):
        if left[_place(found)]:
            left[_place(found)] -= 1
        else:
            new.append(found)
    return new


def _place(found: Diagnostic) -> tuple[str, str, int, int]:
    return found.path, found.code, found.span.start, found.span.end


def _linking(change: Change) -> Iterator[str]:
    """Yield the notes whose links may lead elsewhere, or to a note with other places in it."""
    versions = [change.versions(path) for path in change.paths]
    names = _names(change.renamed)
    moved = [old.path for old, new in versions if old and new and _places(old) != _places(new)]
    targets = _names(moved)
    aliases = frozenset[str]().union(*(_called(old) ^ _called(new) for old, new in versions))
    documents = change.after.vault.documents if names or targets or aliases else {}
    for path, document in documents.items():
        if any(_may_lead(link, names, targets, aliases) for link in internal(document)):
            yield path


def _may_lead(
    link: Link, names: AbstractSet[str], targets: AbstractSet[str], aliases: AbstractSet[str]
) -> bool:
    """Whether another file, another place in it or another alias may now be what a link means."""
    wanted = key(link.target)
    name = wanted.rpartition("/")[2]
    return name in names or wanted in aliases or (link.subpath != "" and name in targets)


def _names(paths: Iterable[str]) -> set[str]:
    """Return the names by which links can mean files, folded, with `.md` and without."""
    names = {key(posixpath.basename(path)) for path in paths}
    return names | {name.removesuffix(".md") for name in names}


def _called(document: Document | None) -> frozenset[str]:
    return called(document) if document else frozenset()


def _places(document: Document) -> tuple[object, ...]:
    headings = [(heading.level, heading.text) for heading in document.headings]
    blocks = [block.id for block in document.blocks]
    return headings, blocks, [note.label for note in document.footnotes], document.error


def _connected(change: Change) -> Iterator[str]:
    """Yield the notes that may have lost a link, or a link to them."""
    for path in change.paths.union(_linking(change)):
        yield path
        document = change.before.vault.documents.get(path)
        for _, found in change.before.network.resolved(document) if document else ():
            yield found[0]


def _beside(change: Change) -> Iterator[str]:
    """Yield the files whose paths may now be like another's, or the first in their folder."""
    for path in change.renamed:
        yield from change.after.alike.get(key(path), ())
        parts = path.split("/")
        for end in range(1, len(parts)):
            yield change.after.folders.get("/".join(parts[:end]), path)


def _titled(change: Change) -> Iterator[str]:
    """Yield the notes that may now share their title with another."""
    after = change.after
    changed = [after.vault.documents[path] for path in change.paths & after.vault.documents.keys()]
    titles = after.titles.values() if any(after.note(document) for document in changed) else ()
    for paths in titles:
        if not change.paths.isdisjoint(paths):
            yield from paths


def _claiming(change: Change) -> Iterator[str]:
    """Yield the typed notes, if any of them changed."""
    if any(_typed(change, path) for path in change.paths):
        for path, document in change.after.vault.documents.items():
            if change.after.note(document):
                yield path


def _typed(change: Change, path: str) -> bool:
    return change.after.config.type_name(path) is not None


def _listing(change: Change) -> Iterator[str]:
    """Yield the notes with generated blocks."""
    for path, document in change.after.vault.documents.items():
        if any(find_blocks(document)):
            yield path


def _mentioning(change: Change) -> Iterable[str] | None:
    """Return every note where a file was added, since any text may name it."""
    return None if change.renamed & change.after.vault.files else ()


# The notes that a change can reach; None is every note.
_REACHED: Mapping[Reach, Callable[[Change], Iterable[str] | None]] = {
    "note": lambda _change: (),
    "links": _linking,
    "text": _mentioning,
    "graph": _connected,
    "paths": _beside,
    "titles": _titled,
    "claims": _claiming,
    "blocks": _listing,
    "types": lambda change: () if change.before.types == change.after.types else None,
}
