"""`changelog.lock` beside the notes, and the one that counts as committed."""

from __future__ import annotations

from collections.abc import Mapping

from vaultsync.app.changelog.history import History
from vaultsync.app.workspace import Workspace
from vaultsync.blocks.journal import Journal, journal_in
from vaultsync.changelog.lock import (
    DatedLines,
    Lock,
    Recorded,
    digests,
    followed,
    lock_path,
    parse_lock,
)
from vaultsync.changelog.note_state import Version, properties_of, state_digest
from vaultsync.infra import git


def lock_data(workspace: Workspace) -> bytes | None:
    """Return the lock beside the notes, None where there is none."""
    path = lock_path(workspace.config.changelog.note)
    absent = workspace.staged and path not in workspace.entries
    return None if absent else workspace.optional(path)


def current_lock(workspace: Workspace, history: History) -> Lock | None:
    """Read the lock beside the notes; raise `VaultError` where it cannot be read."""
    data = lock_data(workspace)
    return None if data is None else _parsed(history, data)


def _parsed(history: History, data: bytes) -> Lock:
    path = lock_path(history.config.changelog.note)
    lock, base = parse_lock(path, data, is_now=history.is_now), dict[str, Recorded]()
    if any(one.id and one.path not in history.covered for one in lock.values()):
        base = parse_lock(path, _at_merge_base(history, path))
    return followed(lock, history.covered, base)


def _at_merge_base(history: History, path: str) -> bytes:
    """Return a file as it was where the branches parted that are, or were last, merged."""
    repo = history.repo
    other = git.merged(repo)
    base = git.commit_named(repo, f"HEAD...{other}" if other else "HEAD^1...HEAD^2")
    blob = base and git.resolve(repo, f"{base}:{repo.prefix}{path}")
    return next(git.stream_blobs(repo, [blob])) if blob else b""


def dropped_lines(history: History) -> DatedLines:
    """Return the lines of the journal that one of two branches, which are being merged, removed."""
    note, other = history.config.changelog.note, git.merged(history.repo)
    blobs = [
        git.resolve(history.repo, f"{rev}:{history.repo.prefix}{note}") for rev in ("HEAD", other)
    ]
    if not all(blobs):
        return frozenset()
    texts = [_at_merge_base(history, note), *git.stream_blobs(history.repo, filter(None, blobs))]
    base, ours, theirs = (digests(journal_in(properties_of(note, text)).lines) for text in texts)
    return base - (ours & theirs)


def unedited_lines(history: History) -> DatedLines:
    """Return the lines that two branches, which are being merged, recorded.

    A line that a person removed on one of them is left out, and none that a run made again there.
    """
    note, other = history.config.changelog.note, git.merged(history.repo)
    prefix, found, removed = history.repo.prefix, set[tuple[str, str]](), set[tuple[str, str]]()
    for rev in ("HEAD", other):
        names = (f"{rev}:{prefix}{path}" for path in (note, lock_path(note)))
        blobs = [git.resolve(history.repo, name) for name in names]
        if all(blobs):
            text, lock = git.stream_blobs(history.repo, filter(None, blobs))
            known = parse_lock(lock_path(note), lock).values()
            lines = {line for one in known for line in one.dated_lines}
            found |= lines
            removed |= lines - digests(journal_in(properties_of(note, text)).lines)
    return frozenset(found - removed)


def committed_lock(history: History, current: Lock | None, journal: Journal) -> tuple[Lock, str]:
    """Return the lock of the last commit, and a remark on it, if any.

    Without one what the last commit knew that changed the journal is recorded; where no commit has
    a journal, nothing is, or if a person began one, what there is.
    """
    note = history.config.changelog.note
    path = lock_path(note)
    blobs = {name: history.files[name] for name in (path, note) if name in history.files}
    data = git.read_blobs(history.repo, blobs.values())
    if path in blobs:
        return _parsed(history, data[blobs[path]]), ""
    if note in blobs and journal_in(properties_of(note, data[blobs[note]])).days:
        return _adopted(history, path, note)
    if current is None and journal.days:
        ids = {name: history.identity(name) for name in history.notes}
        return _lock_of(ids, {name: history.version(name) for name in ids}), ""
    return {}, ""


def _adopted(history: History, path: str, note: str) -> tuple[Lock, str]:
    """Return what the last commit knew that changed the journal."""
    repo = history.repo
    options = ("log", "-1", "--format=%H", "--end-of-options", "HEAD", "--")
    commit = git.as_text(git.run(repo, *options, f"{repo.prefix}{note}")).strip()
    ids = history.tree(commit, repo.prefix)
    with history.versions.reading(ids.items()) as read:
        versions = {name: read(name, known).published for name, known in ids.items()}
    source = f"commit {commit[:10]}, the last that changed {note}"
    remark = f"{path} is new: what the journal records is taken from {source}"
    return _lock_of(ids, versions), remark


def _lock_of(ids: Mapping[str, str], versions: Mapping[str, Version | None]) -> Lock:
    return {
        path: Recorded(path, ids[path], state_digest(version))
        for path, version in versions.items()
        if version
    }
