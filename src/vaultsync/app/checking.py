"""Check a vault through the engine, from the nearest state of an earlier check in the cache.

The one place that makes what a check needs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import partial
from typing import NamedTuple

import msgspec

from vaultsync.app.workspace import Workspace, earlier
from vaultsync.core.model import Document, Overlay, Vault, content_id
from vaultsync.infra.cache import Cache
from vaultsync.infra.clock import latest_day
from vaultsync.infra.git.snapshots import Before
from vaultsync.infra.loader import cached_documents
from vaultsync.infra.workers import shared, together
from vaultsync.lint import engine
from vaultsync.lint.baseline import Baseline
from vaultsync.lint.context import Context, untracked_files
from vaultsync.lint.engine import Checked, Diagnostic, Earlier, Lazy, NoteResult, Selection
from vaultsync.lint.link_graph import Known
from vaultsync.notes import source_lock
from vaultsync.notes.note import Note

# States of so many settings and selections are cached for a vault.
_MOST_STATES = 4


class _State(msgspec.Struct, array_like=True):
    """A state as it is cached: the content ids of its documents, its other files, its results.

    `ids` are encoded in the order of the paths, and `index` is an encoded `_Index`: both are needed
    only where something changed.
    """

    ids: bytes
    others: list[str]
    untracked: list[str]
    results: dict[str, NoteResult]
    suggestions: dict[str, str | None]
    index: bytes


class _Index(msgspec.Struct, array_like=True):
    """The keys that each file depends on, and the notes with each alias."""

    keys: dict[str, list[str]]
    aliases: dict[str, tuple[str, ...]]


_ENCODER = msgspec.msgpack.Encoder()
_STATES = msgspec.msgpack.Decoder(_State)
_IDS = msgspec.msgpack.Decoder(dict[str, str])
_INDEXES = msgspec.msgpack.Decoder(_Index)


class Kept(NamedTuple):
    """The state of a vault, and what is cached of it.

    `suggestions` is how many suggestions are cached with the same state; None where another
    state is cached, and -1 where none is.
    """

    checked: Checked
    suggestions: int | None


def check_incrementally(workspace: Workspace, context: Context, selection: Selection) -> Kept:
    """Return the state of a vault, from the nearest one that an earlier run cached."""
    state = _load(workspace.cache, _key(workspace, selection))
    found = state and _previous(state, workspace.cache, context, selection)
    if not state or not found:
        # What is known already comes from the cache, which other processes do not open.
        workspace.documents.load_known()
        check = partial(engine.check, None, context, selection, (), shared)
        return Kept(together(check, len(workspace.documents)), -1)
    previous, changed = found
    context = engine.following(previous, context, changed)
    checked = engine.check(previous, context, selection, changed, shared)
    same = not changed and previous.context.untracked == context.untracked
    return Kept(checked, len(state.suggestions) if same else None)


def cache_state(workspace: Workspace, kept: Kept) -> None:
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
        workspace.cache.put_recent("states", key, data, _MOST_STATES)


def _key(workspace: Workspace, selection: Selection) -> str:
    """Return an id of all that results depend on except the files of the vault."""
    rules = [rule.code for rule in selection.without_history().rules]
    types = sorted(workspace.obsidian_types.items())
    parts = workspace.config_text, workspace.config.exclude, rules, types, workspace.is_obsidian
    sources = workspace.optional(source_lock.NAME) or b""
    facts = repr((*parts, sorted(workspace.absent), content_id(sources)))
    return content_id(facts.encode("utf-8", "surrogatepass"))


def _load(cache: Cache, key: str) -> _State | None:
    # What is cached has its checksum, also the index, which is decoded late.
    data = cache.get("states", [key]).get(key)
    return _STATES.decode(data) if data else None


def _previous(
    state: _State, cache: Cache, context: Context, selection: Selection
) -> tuple[Checked, frozenset[str]] | None:
    """Return a cached state as one of the engine, and the paths that differ since.

    None where the facts of a document that changed are no longer cached.
    """
    vault = context.vault
    now: Mapping[str, str] = getattr(vault.documents, "ids", {})
    ids = now if _are_encoded(now, state.ids) else _IDS.decode(state.ids)
    files = frozenset(ids).union(state.others)
    changed = differing(ids, now, state.results, vault) | (files ^ vault.files)
    old = cached_documents(cache, {path: ids[path] for path in changed if path in ids})
    if old is None:
        return None
    before = Vault(Overlay(vault.documents, old, changed - old.keys()), files)
    index = Lazy(lambda: _INDEXES.decode(state.index))
    known = Known(lambda: index.get().aliases, state.suggestions)
    earlier = context.with_vault(before, untracked=frozenset(state.untracked), known=known)
    return Checked(earlier, selection, state.results, Lazy(lambda: index.get().keys)), changed


def differing(
    ids: Mapping[str, str],
    now: Mapping[str, str],
    results: Mapping[str, NoteResult],
    vault: Vault,
) -> frozenset[str]:
    """Return the documents that differ; what cannot be read, then or now, always does."""
    found = set[str]()
    if ids is not now:
        found = {path for path in ids.keys() | now.keys() if ids.get(path) != now.get(path)}
    unreadable = vault.documents.keys() - now.keys()
    unreadable |= {path for path in unreadable_notes(results) if path not in ids}
    return frozenset(found | unreadable)


def _are_encoded(ids: Mapping[str, str], data: bytes) -> bool:
    try:
        return _encoded_ids(ids) == data
    except UnicodeEncodeError:
        # A name on disk that is not UTF-8 is in no state.
        return False


def _encoded_ids(ids: Mapping[str, str]) -> bytes:
    return _ENCODER.encode(dict(sorted(ids.items())))


def unreadable_notes(results: Mapping[str, NoteResult]) -> list[str]:
    """Return the notes that cannot be read, or whose properties cannot."""
    return [path for path, one in results.items() if not one.readable]


def _state(checked: Checked, ids: Mapping[str, str]) -> _State:
    context = checked.context
    return _State(
        _encoded_ids(ids),
        sorted(context.vault.files - ids.keys()),
        sorted(context.untracked),
        dict(checked.results),
        context.suggestions,
        _ENCODER.encode((checked.keys.get(), context.link_graph.aliases)),
    )


class VaultCheck(NamedTuple):
    """The state of a vault, and those that it is compared with (`--staged`, `--since`)."""

    kept: Kept
    earlier: tuple[Earlier, ...] = ()

    @property
    def checked(self) -> Checked:
        """The state of the vault."""
        return self.kept.checked

    def introduced(
        self, paths: Collection[str] | None = None, checked: Checked | None = None
    ) -> list[Diagnostic]:
        """Return what the change introduces, or without an earlier state all that is found.

        `checked` is a later state, if not that of the vault counts.
        """
        if not self.earlier:
            return engine.report(checked or self.checked, paths)
        return engine.introduced(self.earlier, checked or self.checked, paths)


def check_vault(
    workspace: Workspace, selection: Selection, baseline: Baseline | None = None
) -> VaultCheck:
    """Check a vault, starting from the nearest state that an earlier run cached.

    `baseline` is the one that counts in this run. Raises `GitError` if there is no such revision as
    the one to compare with.
    """
    if workspace.staged:
        # What is about to be committed has no history yet.
        selection = selection.without_history()
    context = make_context(workspace, selection, baseline)
    with workspace.placed_problems():
        kept = check_incrementally(workspace, context, selection)
    before = earlier(workspace)
    return VaultCheck(kept, tuple(_earlier(one, kept.checked) for one in before))


def check_as_configured(workspace: Workspace) -> VaultCheck:
    """Check a vault with its settings' baseline and rules, except those that need history."""
    selection, baseline = as_configured(workspace)
    return check_vault(workspace, selection.without_history(), baseline)


def as_configured(workspace: Workspace) -> tuple[Selection, Baseline | None]:
    """Return the rules that the settings of a vault select, and their baseline."""
    settings = workspace.config.lint
    baseline = workspace.baseline(settings.baseline) if settings.baseline else None
    with workspace.placed_problems():
        return engine.select(settings, in_git=workspace.in_git), baseline


def check_again(
    previous: Checked,
    context: Context,
    documents: Mapping[str, Document | None],
    files: frozenset[str],
) -> Checked:
    """Return the state after a change, of which all of the previous one can be released.

    `documents` are those that differ by path, None where there is none any more; `files` are all
    files then. Anything but the vault is taken from `context`.
    """
    before = previous.context.vault
    found = {path: document for path, document in documents.items() if document}
    overlay = Overlay(before.documents, found, documents.keys() - found.keys())
    # What is known by the set of files is found faster by the very same set.
    vault = Vault(overlay, before.files if files == before.files else files)
    changed = documents.keys() | (before.files ^ files)
    context = engine.following(previous, context.with_vault(vault), changed)
    checked = engine.check(previous, context, previous.selection, changed)
    _ = checked.keys.get(), context.link_graph.aliases
    return checked


def make_context(workspace: Workspace, selection: Selection, baseline: Baseline | None) -> Context:
    """Return what a check of a vault needs."""
    reworded: Mapping[str, str] | None = None
    cited: Mapping[str, Mapping[str, str]] | None = None
    if checked := _checked_notes(workspace, selection):
        from vaultsync.app.changelog import rewording

        reworded = rewording.reworded(workspace, checked)
    if any(rule.history for rule in selection.rules) and workspace.has_changed_sources:
        from vaultsync.app.changelog import rewording

        cited = rewording.cited(workspace)
    return Context(
        workspace.vault,
        workspace.config,
        types=workspace.obsidian_types,
        untracked=_untracked(workspace, selection),
        absent=workspace.absent,
        settings=workspace.settings,
        baseline=baseline,
        reworded=reworded,
        sources=workspace.source_lock,
        cited=cited,
        today=latest_day(workspace.config.changelog.timezone),
        obsidian=workspace.is_obsidian,
        memo=workspace.memo,
    )


def _checked_notes(workspace: Workspace, selection: Selection) -> list[Note]:
    """Return the notes with a day of their last check, where rules compare it with the history."""
    dated = any(kind.checked for kind in workspace.config.types.values())
    if not dated or not any(rule.history for rule in selection.rules):
        return []
    return [note for note in workspace.context.notes if note.checked]


def _earlier(before: Before, checked: Checked) -> Earlier:
    """Return the state of an earlier version, from that of the later one."""
    if before.resettled:
        return Earlier(None, before.paths, before.vault)
    later = checked.context
    context = Context(
        before.vault,
        later.config,
        types=before.types,
        untracked=_untracked(before, checked.selection),
        absent=later.absent,
        baseline=later.baseline,
        sources=later.sources,
        today=later.today,
        obsidian=later.obsidian,
    )
    paths = before.paths & (before.vault.files | later.vault.files)
    context = engine.following(checked, context, paths)
    state = engine.check(checked, context, checked.selection, paths)
    return Earlier(state, before.paths, before.vault)


def start_git(workspace: Workspace, selection: Selection) -> None:
    """Let git list the tracked files, if a rule needs them, while the vault is opened."""
    if not workspace.staged and any(rule.git for rule in selection.rules):
        _ = workspace.tracking


def _untracked(version: Workspace | Before, selection: Selection) -> frozenset[str]:
    """Return the files that git does not track, if a rule needs them."""
    if not any(rule.git for rule in selection.rules):
        return frozenset()
    return untracked_files(version.vault, version.tracked)
