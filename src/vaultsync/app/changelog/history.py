"""The notes of a vault as they are now and as they were in its commits."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path

from vaultsync.app.unknown import refuse_unknown
from vaultsync.app.workspace import Workspace
from vaultsync.changelog import timeline
from vaultsync.changelog.note_state import (
    NoteState,
    from_bytes,
    note_type,
    properties_of,
    read_state,
    reader_name,
    to_bytes,
)
from vaultsync.core.commits import Commit
from vaultsync.core.config import Config
from vaultsync.core.errors import GitError
from vaultsync.core.model import Document, content_id
from vaultsync.infra import git
from vaultsync.infra.cache import Cache
from vaultsync.infra.clock import today
from vaultsync.infra.git import files as git_files
from vaultsync.infra.git import log
from vaultsync.infra.workers import Report

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Takes the place of the content id of a note as it is now.
_NOW = "now"


class NoteVersions:
    """The versions of notes in a repository, each known by its path and its content id."""

    def __init__(self, repo: git.Repository, config: Config, cache: Cache) -> None:
        """Bind the values."""
        self._repo, self._config, self._cache = repo, config, cache

    @contextmanager
    def reading(
        self, wanted: Iterable[tuple[str, str]], *, are_all: bool = False
    ) -> Iterator[timeline.Read]:
        """Yield a function that reads the wanted versions, in their order.

        What is read from git is cached; with `are_all`, these alone are in use.
        """
        ids = {key: version[1] for version in wanted if (key := self._key(*version))}
        cached = self._cache.get("versions", ids)
        stream = git.stream_blobs(self._repo, (i for key, i in ids.items() if key not in cached))
        fresh: dict[str, bytes] = {}

        def read(path: str, identity: str) -> NoteState:
            key = self._key(path, identity)
            if key is None:
                return NoteState()
            data = cached.get(key) or fresh.get(key)
            found = from_bytes(path, data) if data else None
            if found:
                return found
            # The cached value may be damaged.
            content = next(git.stream_blobs(self._repo, [identity]) if data else stream)
            document = properties_of(path, content)
            found = read_state(document, self._config)
            fresh[key] = to_bytes(found, document)
            return found

        yield read
        self._cache.put("versions", fresh, ids if are_all else None)

    def _key(self, path: str, identity: str) -> str | None:
        name = reader_name(path, self._config)
        return name and f"{name}:{identity}"


class History:
    """A vault and its commits; only notes that the changelog covers count.

    `today` is in the time zone of the settings.
    """

    def __init__(self, workspace: Workspace) -> None:
        """Read the vault; raise `GitError` where there is no history or only a part.

        Raises `VaultError` where a note cannot be read: it would be taken for removed.
        """
        self.repo, self.config = workspace.need_repository("the changelog"), workspace.config
        if self.repo.is_shallow:
            raise GitError(
                f"{workspace.root}: the history is cut short (a shallow clone), so what is "
                "new is not known: run `git fetch --unshallow`, or in CI check out with "
                "fetch-depth: 0"
            )
        refuse_unknown(workspace, workspace.vault.documents)
        # The content ids are known once the vault is read.
        self._vault, self._known = workspace.vault, workspace.documents.ids
        self._root = "" if workspace.staged else workspace.root
        self.versions = NoteVersions(self.repo, self.config, workspace.cache)
        self.today = today(self.config.changelog.timezone)
        # The commit that is checked out, if there is one, and the content ids of its notes.
        self.tip = git.head(self.repo)
        self.head = self.tree(self.tip, self.repo.prefix) if self.tip else {}

    def tree(self, rev: str, folder: str) -> dict[str, str]:
        """Return the content ids of the notes at a revision, in the folder of the vault then."""
        return {
            path: entry.id
            for path, entry in git_files.tree(self.repo, rev, folder).items()
            if entry.is_regular and note_type(path, self.config)
        }

    @cached_property
    def notes(self) -> Mapping[str, Document]:
        """The notes that git tracks, or would."""
        covered = {
            path: document
            for path, document in self._vault.documents.items()
            if document.kind == "note" and note_type(path, self.config)
        }
        if not self._root:
            return covered

        @cache
        def is_linked(path: str) -> bool:
            # Of what is behind a symbolic link, git tracks the link alone.
            folder = path.rpartition("/")[0]
            return Path(self._root, path).is_symlink() or (folder != "" and is_linked(folder))

        # A note that is as it was committed is tracked.
        fresh = [path for path in covered if self._known.get(path, "") != self.head.get(path)]
        gone = set(filter(is_linked, fresh))
        unknown = [path for path in fresh if path not in self.head and path not in gone]
        gone |= git_files.ignored(self.repo, unknown) if unknown else set()
        return {path: document for path, document in covered.items() if path not in gone}

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """The content ids of the notes."""
        return {
            path: self._known.get(path) or content_id(document.text.encode())
            for path, document in self.notes.items()
        }

    def differing(self, tree: Mapping[str, str]) -> set[str]:
        """Return the paths of which a tree has another version, or alone has one or has none."""
        return {path for path, _ in tree.items() ^ self.ids.items()}


def days_until(
    until: str, history: History, *, since: str | None = None, progress: Report | None = None
) -> Iterator[timeline.Day]:
    """Yield what happened day by day, the oldest first.

    What is not committed is of the day `until`, or of the last commit's if that is later.
    `since` is a day, YYYY-MM-DD, or a revision: what was before that day, or is in that revision,
    is left out. Raises `GitError` where it is neither.
    """
    repo, tip = history.repo, history.tip
    made = list(log.commits(repo, tip))[::-1] if tip else []
    commits = list(timeline.dated(made, history.config.changelog.timezone))
    start = 0 if since is None else _start(repo, commits, since)
    begin = timeline.net(commit for _, commit in commits[:start])
    found = timeline.spans(commits[start:])
    now = _uncommitted(history, max(until, commits[-1][0] if commits else ""))
    if now.steps[0].reads:
        found = timeline.with_step(found, now)
    wanted = [*begin.versions, *(version for span in found for version in span.versions)]
    committed = [(path, known) for path, known in wanted if known != _NOW]
    total, done = len(wanted) - len(begin.versions), 0
    with history.versions.reading(committed, are_all=since is None) as read:

        def state(path: str, identity: str) -> NoteState:
            if identity != _NOW:
                return read(path, identity)
            return read_state(history.notes[path], history.config)

        replay = timeline.Replay(state)
        replay.take(begin, {})
        for span, day in zip(found, replay.days(found), strict=True):
            done += len(span.versions)
            if progress:
                progress(done, total)
            yield day


def _exists(day: str) -> bool:
    try:
        datetime.date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _start(repo: git.Repository, commits: list[tuple[str, Commit]], since: str) -> int:
    """Return the number of commits before a day, or in a revision."""
    if _DAY.fullmatch(since) and _exists(since):
        return sum(1 for day, _ in commits if day < since)
    named = git.commit_named(repo, since)
    if named is None:
        raise GitError(
            f"--since: `{since}` is neither a day nor a commit of this repository: write "
            "2026-01-31, or name a commit, as `main`"
        )
    span = f"{named}..HEAD"
    options = ("--first-parent", "--count", "--end-of-options", span, "--")
    return len(commits) - int(git.run(repo, "rev-list", *options))


def _uncommitted(history: History, date: str) -> timeline.Span:
    moves = git_files.renames(history.repo, history.tip, None) if history.tip else {}
    changed = sorted(history.differing(history.head))
    reads = {path: _NOW if path in history.notes else None for path in changed}
    origins = {new: old for old, new in moves.items() if new in reads}
    return timeline.Span(date, (timeline.Step(silent=False, origins=origins, reads=reads),), (), ())
