"""The one engine: a check is a previous state and what changed since; a cold run has no state."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
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

    `keys` are those that it depends on.
    """

    path: str
    result: NoteResult | None
    keys: list[str]


class Checked(msgspec.Struct, frozen=True, eq=False):
    """A version of a vault and the results of all its files, as of one selection of rules.

    `results` has no entry where there is nothing to report. `keys` are those of
    `check_note.dependencies` that each file depends on, if there are any.
    """

    context: Context
    selection: Selection
    results: Mapping[str, NoteResult]
    keys: Lazy[Mapping[str, Sequence[str]]]

    def result(self, path: str) -> NoteResult:
        """Return the result of a file."""
        return self.results.get(path, NO_RESULT)

    def dependents(self, keys: AbstractSet[str]) -> set[str]:
        """Return the files that depend on one of some keys."""
        found = self.keys.get().items()
        return {path for path, depends in found if not keys.isdisjoint(depends)}


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
    examine = _examiner(context, selection)
    for found in share(examine, tuple(affected), _Result):
        if found.result is None:
            results.pop(found.path, None)
        else:
            results[found.path] = found.result
        keys[found.path] = found.keys
    return Checked(context, selection, results, Lazy(lambda: _all_keys(previous, keys)))


def _all_keys(
    previous: Checked | None, found: Mapping[str, Sequence[str]]
) -> Mapping[str, Sequence[str]]:
    before = previous.keys.get() if previous else {}
    return {path: keys for path, keys in {**before, **found}.items() if keys}


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


def _examiner(context: Context, selection: Selection) -> Callable[[str], _Result]:
    """Return what checks the file at a path; a path without a subject has nothing to report."""
    checker, reaches = NoteChecker(context, selection), reaches_of(selection.rules)
    documents, files = context.vault.documents, context.vault.files
    named = any(rule.names for rule in selection.rules)

    def examine(path: str) -> _Result:
        document = documents.get(path)
        if document is None and named and path in files:
            document = Document(path, "attachment", "")
        result = checker.check(document) if document else NO_RESULT
        keys = []
        if document:
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
    affected = previous.dependents(keys).union(changed)
    if CLAIMS in keys and "claims" in reaches:
        affected |= context.duplicates.keys()
    if "paths" in reaches:
        affected.update(beside(before, context))
    affected |= before.untracked ^ context.untracked
    return affected


def following(previous: Checked, context: Context, changed: Collection[str]) -> Context:
    """Return a context with what its link graph knows from the state before a change."""
    aliases = Lazy(lambda: _aliases(previous, context, changed))
    before = previous.context
    suggestions = before.suggestions if before.vault.files == context.vault.files else {}
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
