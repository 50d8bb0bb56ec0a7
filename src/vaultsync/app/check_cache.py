"""Cache the states of the last checks, and check from the nearest one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple
from zlib import crc32

import msgspec

from vaultsync.app.workspace import Workspace
from vaultsync.core.model import Overlay, Vault
from vaultsync.core.output import content_id
from vaultsync.infra.cache import Cache
from vaultsync.infra.loader import cached_documents
from vaultsync.lint import engine
from vaultsync.lint.context import Context
from vaultsync.lint.engine import Checked, Lazy, NoteResult, Selection
from vaultsync.lint.link_graph import Aliases, Known

# States of so many settings and selections are cached for a vault.
_MOST_STATES = 4
# The bytes of the checksum in front of each.
_CHECKSUM = 4


class _State(msgspec.Struct, array_like=True):
    """A state as it is cached: the content ids of its documents, its other files, its results.

    `index` is an encoded `_Index`, which is needed only where something changed.
    """

    ids: dict[str, str]
    others: list[str]
    untracked: list[str]
    results: dict[str, NoteResult]
    suggestions: list[tuple[str, str, str | None]]
    index: bytes


class _Index(msgspec.Struct, array_like=True):
    """The notes that depend on each key, and those with each alias: numbers of `paths`."""

    paths: list[str]
    dependents: dict[str, list[int]]
    aliases: dict[str, list[int]]


_ENCODER = msgspec.msgpack.Encoder()
_STATES = msgspec.msgpack.Decoder(_State)
_INDEXES = msgspec.msgpack.Decoder(_Index)


class Kept(NamedTuple):
    """The state of a vault, and what is cached of it.

    `suggestions` is how many suggestions are cached with the same state; None where another
    state is cached, and -1 where none is.
    """

    checked: Checked
    suggestions: int | None


class _Paths(Mapping[str, frozenset[str]]):
    """Paths by key, of numbers by key; a key that is read is decoded."""

    def __init__(self, paths: list[str], numbers: Mapping[str, list[int]]) -> None:
        self._paths, self._numbers = paths, numbers

    def __getitem__(self, key: str) -> frozenset[str]:
        return frozenset([self._paths[number] for number in self._numbers[key]])

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


def check(workspace: Workspace, context: Context, selection: Selection) -> Kept:
    """Return the state of a vault, from the nearest one that an earlier run cached."""
    state = _load(workspace.cache, _key(workspace, selection))
    found = state and _previous(state, workspace.cache, context, selection)
    if not state or not found:
        return Kept(engine.check(None, context, selection, ()), -1)
    previous, changed = found
    context = engine.following(previous, context, changed)
    checked = engine.check(previous, context, selection, changed)
    same = not changed and previous.context.untracked == context.untracked
    return Kept(checked, len(state.suggestions) if same else None)


def keep(workspace: Workspace, kept: Kept) -> None:
    """Cache a state for the next run, unless it is cached already.

    One of the git index is cached only where there is none, so that it does not replace that of the
    work tree, which is nearer to the next run.
    """
    checked = kept.checked
    unchanged = len(checked.context.suggestions) == kept.suggestions
    if unchanged or not workspace.cache.is_open or (workspace.staged and kept.suggestions != -1):
        return
    # A name on disk that is not UTF-8 cannot be encoded.
    with suppress(UnicodeEncodeError):
        data = _ENCODER.encode(_state(checked, workspace.documents.ids))
        key = _key(workspace, checked.selection)
        workspace.cache.put_recent("states", key, _checksum(data) + data, _MOST_STATES)


def _key(workspace: Workspace, selection: Selection) -> str:
    """Return an id of all that results depend on except the files of the vault."""
    rules = [rule.code for rule in selection.rules if not rule.history]
    types = sorted(workspace.obsidian_types.items())
    return content_id(repr((workspace.config_text, rules, types)).encode("utf-8", "surrogatepass"))


def _load(cache: Cache, key: str) -> _State | None:
    data = cache.get("states", [key]).get(key, b"")
    with suppress(msgspec.DecodeError, UnicodeDecodeError):
        # The index is decoded late, where damage could no longer be ignored.
        if data[:_CHECKSUM] == _checksum(data[_CHECKSUM:]):
            return _STATES.decode(data[_CHECKSUM:])
    return None


def _checksum(data: bytes) -> bytes:
    return crc32(data).to_bytes(_CHECKSUM)


def _previous(
    state: _State, cache: Cache, context: Context, selection: Selection
) -> tuple[Checked, frozenset[str]] | None:
    """Return a cached state as one of the engine, and the paths that differ since.

    None where the facts of a document that changed are no longer cached.
    """
    vault = context.vault
    files = frozenset(state.ids).union(state.others)
    changed = _changed(state.ids, files, vault)
    old = cached_documents(cache, {p: state.ids[p] for p in changed if p in state.ids})
    if old is None:
        return None
    before = Vault(Overlay(vault.documents, old, changed - old.keys()), files)
    index = Lazy(lambda: _INDEXES.decode(state.index))
    suggestions = {(within, target): near for within, target, near in state.suggestions}
    known = Known(lambda: _aliases(index.get()), suggestions)
    earlier = context.with_vault(before, untracked=frozenset(state.untracked), known=known)
    dependents = Lazy(lambda: _Paths(index.get().paths, index.get().dependents))
    return Checked(earlier, selection, state.results, dependents), changed


def _changed(ids: Mapping[str, str], files: frozenset[str], vault: Vault) -> frozenset[str]:
    """Return the paths that differ; what cannot be read always does."""
    now = getattr(vault.documents, "ids", {})
    differing = {path for path in ids.keys() | now.keys() if ids.get(path) != now.get(path)}
    unreadable = vault.documents.keys() - now.keys()
    return frozenset(differing | unreadable | (files ^ vault.files))


def _aliases(index: _Index) -> Aliases:
    paths = index.paths
    return {
        name: tuple([paths[number] for number in numbers])
        for name, numbers in index.aliases.items()
    }


def _state(checked: Checked, ids: Mapping[str, str]) -> _State:
    context = checked.context
    graph = context.link_graph
    paths = sorted(context.vault.files | context.vault.documents.keys())
    numbers = {path: number for number, path in enumerate(paths)}
    index = _Index(
        paths,
        _numbered(checked.dependents.get(), numbers),
        _numbered(graph.aliases, numbers),
    )
    return _State(
        dict(ids),
        sorted(context.vault.files - ids.keys()),
        sorted(context.untracked),
        dict(checked.results),
        [(within, target, near) for (within, target), near in context.suggestions.items()],
        _ENCODER.encode(index),
    )


def _numbered(
    found: Mapping[str, Iterable[str]], numbers: Mapping[str, int]
) -> dict[str, list[int]]:
    return {key: [numbers[path] for path in paths] for key, paths in found.items()}
