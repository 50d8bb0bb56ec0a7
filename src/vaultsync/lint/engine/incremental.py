"""The one engine: a check is a previous state and what changed since; a cold run has no state."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from sys import intern
from typing import Generic, TypeVar, cast

import msgspec

from vaultsync.core.memo import Share, alone
from vaultsync.core.model import Document
from vaultsync.lint.context import Context
from vaultsync.lint.engine.check_note import (
    CLAIMS,
    NO_RESULT,
    NoteChecker,
    NoteResult,
    beside,
    dependencies,
    emitted,
    reaches_of,
)
from vaultsync.lint.engine.select import Selection
from vaultsync.lint.link_graph import Aliases, Known, document_names

Value_co = TypeVar("Value_co", covariant=True)


class Lazy(Generic[Value_co]):
    """A value that is computed when it is first used."""

    def __init__(self, compute: Callable[[], Value_co]) -> None:
        """Bind the function."""
        self._compute: Callable[[], Value_co] | None = compute
        self._value: Value_co | None = None

    def get(self) -> Value_co:
        """Return the value; what it was computed from is released."""
        if self._compute is not None:
            self._value, self._compute = self._compute(), None
        return cast("Value_co", self._value)


class _Result(msgspec.Struct, array_like=True, gc=False):
    """The result of the file at a path, None where there is nothing to report.

    `keys` are those that the result depends on; None where only a change of them is needed.
    """

    path: str
    result: NoteResult | None
    keys: list[str] | None


class Checked(msgspec.Struct, frozen=True, eq=False):
    """A version of a vault and the results of all its files, as of one selection of rules.

    `results` has no entry where there is nothing to report. `dependents` are the paths that depend
    on each key of `check_note.dependencies`; it may hold paths that are gone.
    """

    context: Context
    selection: Selection
    results: Mapping[str, NoteResult]
    dependents: Lazy[Mapping[str, AbstractSet[str]]]

    def result(self, path: str) -> NoteResult:
        """Return the result of a file."""
        return self.results.get(path, NO_RESULT)


def check(
    previous: Checked | None,
    context: Context,
    selection: Selection,
    changed: Collection[str],
    share: Share = alone,
) -> Checked:
    """Return the state of a version of a vault, from that of another with the same settings.

    `changed` are the paths of the documents and files that differ. The result equals that of a
    check without a previous state. One with other settings or rules counts as none. `share` may do
    the work on many notes in several processes.
    """
    if previous is not None and not _is_comparable(previous, context, selection):
        previous = None
    affected = _affected(previous, context, selection, changed)
    results = {} if previous is None else dict(previous.results)
    context.vault.load(affected)
    if previous is None:
        context.prepare(share)
        if "claims" in reaches_of(selection.rules):
            context.read_claims(share)
    keys: dict[str, list[str]] = {}
    examine = _examiner(context, selection, keyed=previous is None)
    for found in share(examine, tuple(affected), _Result):
        if found.result is None:
            results.pop(found.path, None)
        else:
            results[found.path] = found.result
        # The same key comes from many notes and from other processes.
        keys[found.path] = list(map(intern, found.keys or ()))
    checked = Checked(context, selection, results, Lazy(dict))
    dependents = Lazy(lambda: _dependents(keys))
    if previous is not None:
        dependents = Lazy(lambda: _changed_dependents(previous, checked, changed, affected))
    return msgspec.structs.replace(checked, dependents=dependents)


def check_only(context: Context, selection: Selection, paths: Iterable[str]) -> Checked:
    """Return a state in which only some documents are checked."""
    checker = NoteChecker(context, selection)
    documents = context.vault.documents
    results = {path: checker.check(documents[path]) for path in paths}
    return Checked(context, selection, results, Lazy(dict))


def _is_comparable(previous: Checked, context: Context, selection: Selection) -> bool:
    before = previous.context
    return (
        previous.selection == selection
        and before.config == context.config
        and before.types == context.types
        and before.obsidian == context.obsidian
    )


def subjects(context: Context, selection: Selection) -> AbstractSet[str]:
    """Return the paths of the documents, and of the attachments where a rule checks names."""
    documents = context.vault.documents.keys()
    if any(rule.names for rule in selection.rules):
        return dict.fromkeys([*documents, *context.vault.files]).keys()
    return documents


def _examiner(context: Context, selection: Selection, *, keyed: bool) -> Callable[[str], _Result]:
    """Return what checks the file at a path; a path without a subject has nothing to report."""
    checker, reaches = NoteChecker(context, selection), reaches_of(selection.rules)
    documents, files = context.vault.documents, context.vault.files
    named = any(rule.names for rule in selection.rules)

    def examine(path: str) -> _Result:
        document = documents.get(path)
        if document is None and named and path in files:
            document = Document(path, "attachment", "")
        result = checker.check(document) if document else NO_RESULT
        keys = None
        if keyed and document:
            keys = [*dependencies(document, context, reaches).union(result.keys)]
        return _Result(path, None if result is NO_RESULT else result, keys)

    return examine


def _affected(
    previous: Checked | None, context: Context, selection: Selection, changed: Collection[str]
) -> Collection[str]:
    """Return the paths to check again."""
    if previous is None:
        return subjects(context, selection)
    before, reaches = previous.context, reaches_of(selection.rules)
    if not changed and before.untracked == context.untracked:
        return ()
    # Both versions of them are looked at; one by one they would take as many requests.
    for version in (before, context):
        version.vault.load(changed)
    keys = emitted(before, context, changed)
    if "graph" in reaches:
        # Which notes are linked at all depends on every link of the vault.
        return subjects(context, selection) | set(changed)
    affected, dependents = set(changed), previous.dependents.get()
    for key in keys:
        affected |= dependents.get(key, frozenset())
    if CLAIMS in keys and "claims" in reaches:
        affected |= context.duplicates.keys()
    if "paths" in reaches:
        affected.update(beside(before, context))
    affected |= before.untracked ^ context.untracked
    return affected


def _dependents(keys: Mapping[str, Iterable[str]]) -> Mapping[str, AbstractSet[str]]:
    found: dict[str, set[str]] = {}
    for path, depends in keys.items():
        for key in depends:
            found.setdefault(key, set()).add(path)
    return found


def _changed_dependents(
    previous: Checked, checked: Checked, changed: Iterable[str], affected: Iterable[str]
) -> Mapping[str, AbstractSet[str]]:
    others = [path for path in affected if previous.result(path).keys != checked.result(path).keys]
    base = previous.dependents.get()
    found: dict[str, AbstractSet[str]] = {}
    if isinstance(base, ChainMap):
        found, base = dict(base.maps[0]), base.maps[1]
    for path in {*changed, *others}:
        for key in _keys(previous, path) ^ _keys(checked, path):
            found[key] = (found[key] if key in found else base.get(key, frozenset())) ^ {path}
            # While a name is typed each beginning of it is a key, and soon none.
            if not found[key] and key not in base:
                del found[key]
    # Of many keys few change: those are laid over the others.
    return ChainMap(found, cast("dict[str, AbstractSet[str]]", base))


def _keys(checked: Checked, path: str) -> frozenset[str]:
    document = checked.context.vault.documents.get(path)
    if document is None:
        return frozenset()
    reaches = reaches_of(checked.selection.rules)
    return dependencies(document, checked.context, reaches).union(checked.result(path).keys)


def following(previous: Checked, context: Context, changed: Collection[str]) -> Context:
    """Return a context with what its link graph knows from the state before a change."""
    aliases = Lazy(lambda: _aliases(previous, context, changed))
    before = previous.context
    suggestions = {}
    if before.vault.files == context.vault.files:
        suggestions = {
            (within, target): near
            for (within, target), near in before.suggestions.items()
            if within not in changed
        }
    known = Known(aliases.get, suggestions)
    return context.with_vault(context.vault, known=known)


def _aliases(previous: Checked, context: Context, changed: Iterable[str]) -> Aliases:
    found = dict(previous.context.link_graph.aliases)
    for path in changed:
        old, new = (
            document_names(version.vault.documents.get(path))
            for version in (previous.context, context)
        )
        for name in old ^ new:
            paths = frozenset(found.get(name, ())) ^ {path}
            found[name] = tuple(sorted(paths))
            if not paths:
                del found[name]
    return found
