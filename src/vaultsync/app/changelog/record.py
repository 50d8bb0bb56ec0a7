"""Record and report what happened in a vault, as the options of `vaultsync changelog` request.

What is new is the difference between the lock of the last commit and the notes as they are now.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from contextlib import closing
from pathlib import Path

import msgspec

from vaultsync.app.changelog.history import History, days_until, uncommitted
from vaultsync.app.workspace import Workspace, inside
from vaultsync.blocks.journal import Journal, journal_in
from vaultsync.changelog import journal, render, timeline
from vaultsync.changelog.lock import (
    Basis,
    Lock,
    Recorded,
    basis,
    contents,
    digests,
    followed,
    lock_path,
    lock_text,
    parse_lock,
    readable,
    states,
)
from vaultsync.changelog.note_state import (
    NoteState,
    Version,
    is_shown,
    note_type,
    properties_of,
    read_state,
    read_version,
    state_digest,
)
from vaultsync.changelog.timeline import (
    Day,
    Opened,
    Replay,
    Shown,
    Span,
    Step,
    latest_path,
    of_note,
)
from vaultsync.core.commits import Commit
from vaultsync.core.errors import GitError, VaultError
from vaultsync.core.output import Output, changed_output
from vaultsync.infra import git
from vaultsync.infra.clock import today
from vaultsync.infra.git import log

# Commits of one day are one entry.
_SEVERAL = 2


class Recording(msgspec.Struct, frozen=True):
    """The files that change when the journal records what is new, and remarks for the user."""

    outputs: list[Output]
    remarks: tuple[str, ...] = ()


def record_changes(workspace: Workspace) -> Recording:
    """Return what changes when the journal records what is new."""
    return _Record(workspace, History(workspace)).recording()


def rebuild_journal(workspace: Workspace) -> Recording:
    """Return what changes when the journal is made from the whole history."""
    made = journal.rebuild(workspace.context, _days(workspace, History(workspace)))
    return Recording(_outputs(workspace, *made))


def report_changes(
    workspace: Workspace, note: str | None, since: str | None, *, as_json: bool = False
) -> str:
    """Return what happened from a day or a revision on, as Markdown or JSON; "" for nothing.

    `note` is the only one to report on, by a path from the working folder or as in a wikilink.
    Raises `VaultError` for a note that never existed.
    """
    history = History(workspace)
    days = _days(workspace, history, since=since)
    floor = min([day.date for day in days], default=history.today) if since else ""
    own = {day: line for day, line in workspace.config.changelog.days.items() if day >= floor}
    if note is not None:
        days, own = _of_note(workspace, note, days, is_whole=not since), {}
    if as_json:
        return render.as_json(days, own)
    text = journal.derived(workspace.context, days, own).text()
    return f"{text}\n" if text else ""


def _of_note(workspace: Workspace, named: str, days: list[Day], *, is_whole: bool) -> list[Day]:
    path = _note_path(workspace, named)
    exists = path in workspace.vault.documents
    found = of_note(days, path if exists else latest_path(days, path))
    if not found and is_whole and not exists:
        raise VaultError(f"{named}: there is no such note in the vault, nor was there one")
    return found


def _note_path(workspace: Workspace, named: str) -> str:
    """Return the path of a note that is named by a path, or as in a wikilink."""
    if not named:
        raise VaultError("NOTE is empty: name a note")
    path = os.path.relpath(named, workspace.root).replace(os.sep, "/")
    found = workspace.context.index.resolve(named, "")
    if found and path not in workspace.vault.documents:
        return found[0]
    try:
        return inside(workspace.root, named)
    except VaultError:
        # A path that does not exist may be that of a former note, named as from the vault.
        if Path(named).exists():
            raise
        return inside(workspace.root, named, workspace.root)


def _days(workspace: Workspace, history: History, *, since: str | None = None) -> list[Day]:
    """Return what happened day by day, the oldest first, and uncommitted changes as today's."""
    return list(days_until(history.today, history, since=since, progress=workspace.progress))


def _outputs(
    workspace: Workspace, written: Journal, lock: Lock, former: Lock | None = None
) -> list[Output]:
    """Return the notes with a journal and the blocks made of it, and the lock, where they change.

    The lock has the ids that notes have after that. `former` is what it was, None for anything.
    """
    outputs = journal.outputs(workspace.context, written)
    path = lock_path(workspace.config.changelog.note)
    known = {output.path: output.data or b"" for output in outputs if output.path in lock}
    repo = workspace.need_repository("the changelog")
    lock = journal.with_contents(lock, known, repo.hash)
    if former is None or outputs or states(former) != states(lock):
        output = changed_output(path, _lock_data(workspace), lock_text(lock).encode())
        outputs += [output] if output else []
    return outputs


def _lock_data(workspace: Workspace) -> bytes | None:
    """Return the lock beside the notes, None where there is none."""
    path = lock_path(workspace.config.changelog.note)
    absent = workspace.staged and path not in workspace.entries
    return None if absent else workspace.optional(path)


class _Record:
    """What is new, beside what the journal already records of it."""

    def __init__(self, workspace: Workspace, history: History) -> None:
        self.workspace, self.history, self.config = workspace, history, workspace.config
        self.repo, self.path = history.repo, lock_path(workspace.config.changelog.note)
        self.journal = journal_in(journal.keeper(workspace.context)).tidied()
        self.lines = digests(self.journal.lines)
        data = _lock_data(workspace)
        self.lock = None if data is None else self._parsed(data)
        self._versions: dict[str, Version | None] = {}

    def recording(self) -> Recording:
        if self.lock is not None and self._is_settled(self.lock):
            return Recording(_outputs(self.workspace, self.journal, self.lock, self.lock))
        committed, remarks = self._committed()
        basis = self._basis(committed)
        spans = self._spans(basis)
        befores = [one.before for span in spans for one in basis.opened(span.date, ())]
        missing = git.missing(self.repo, map(readable, filter(None, befores)))
        opened = {span.date: basis.opened(span.date, missing) for span in spans}
        days = self._days(basis, spans, opened)
        replaced = basis.replaced(one for known in opened.values() for one in known)
        context = self.workspace.context
        taken = journal.take_in(context, self.journal, basis.lock, days, replaced)
        if taken[0].days and not self.journal.days and self.path not in self.history.files:
            remarks += self._earlier_days()
        return Recording(_outputs(self.workspace, *taken, self.lock), remarks)

    def _earlier_days(self) -> tuple[str, ...]:
        """Return a remark where the first entry sums up commits of several days."""
        tip, zone = self.history.tip, self.config.changelog.timezone
        made = list(log.commits(self.repo, tip))[::-1] if tip else []
        days = {
            day
            for day, commit in timeline.dated(made, zone, until=self.history.today)
            if any(note_type(one.after or one.before or "", self.config) for one in commit.changes)
        }
        if len(days) < _SEVERAL:
            return ()
        text = f"the first entry sums up commits of {len(days)} days"
        return (f"{text}: `vaultsync changelog --rebuild` records each day",)

    def _parsed(self, data: bytes) -> Lock:
        return followed(parse_lock(self.path, data), self.history.covered)

    def _is_settled(self, lock: Lock) -> bool:
        """Whether the lock beside the notes has the states of all of them."""
        if any(one.clashes for one in lock.values()):
            return False
        known = contents(lock)
        covered = self.history.covered
        shown = {path: is_shown(one, self.config) for path, one in covered.items()}
        if any(shown.get(path) is False or path not in shown for path in known):
            return False
        fresh = [path for path, seen in shown.items() if seen and path not in known]
        if len(self.history.untracked(fresh)) < len(fresh):
            return False
        return all(self._is_now(*item) or self._is_quiet(lock[item[0]]) for item in known.items())

    def _is_quiet(self, one: Recorded) -> bool:
        """Whether a note has the state that is recorded, whatever its content."""
        document = self.history.covered.get(one.path)
        is_readable = document is not None and is_shown(document, self.config)
        version = self._version(one.path) if is_readable else None
        return version is not None and state_digest(version) == one.state

    def _committed(self) -> tuple[Lock, tuple[str, ...]]:
        """Return the lock of the last commit, or of a merge in progress, and remarks on it.

        Without one what the last commit knew that changed the journal is recorded; where no commit
        has a journal, nothing is, or if a person began one, what there is.
        """
        history, note = self.history, self.config.changelog.note
        if self.lock is not None and history.tip and git.merged(self.repo):
            return self.lock, ()
        blobs = {path: history.files[path] for path in (self.path, note) if path in history.files}
        data = git.read_blobs(self.repo, blobs.values())
        if self.path in blobs:
            return self._parsed(data[blobs[self.path]]), ()
        if note in blobs and journal_in(properties_of(note, data[blobs[note]])).days:
            return self._adopted()
        if self.lock is None and self.journal.days:
            ids = {path: history.identity(path) for path in history.notes}
            return self._lock_of(ids, {path: self._version(path) for path in ids}), ()
        return {}, ()

    def _adopted(self) -> tuple[Lock, tuple[str, ...]]:
        """Return what the last commit knew that changed the journal."""
        history, note = self.history, self.config.changelog.note
        place = f"{self.repo.prefix}{note}"
        options = ("log", "-1", "--format=%H", "--end-of-options", "HEAD", "--", place)
        commit = git.as_text(git.run(self.repo, *options)).strip()
        ids = history.tree(commit, self.repo.prefix)
        with history.versions.reading(ids.items()) as read:
            versions = {path: read(path, known).published for path, known in ids.items()}
        source = f"commit {commit[:10]}, the last that changed {note}"
        remark = f"{self.path} is new: what the journal records is taken from {source}"
        return self._lock_of(ids, versions), (remark,)

    def _lock_of(self, ids: Mapping[str, str], versions: Mapping[str, Version | None]) -> Lock:
        return {
            path: Recorded(path, ids[path], state_digest(version))
            for path, version in versions.items()
            if version
        }

    def _basis(self, committed: Lock) -> Basis:
        current = self.lock or {}
        fresh = [one for path, one in current.items() if one != committed.get(path)]
        ids = {readable(known) for one in fresh for known in (one.id, one.before) if known}
        ids -= {one.id for one in fresh if self._is_now(one.path, one.id)}
        return basis(committed, current, self.lines, git.missing(self.repo, ids))

    def _spans(self, basis: Basis) -> list[Span]:
        """Return what is new, by day."""
        history, zone = self.history, self.config.changelog.timezone
        recorded = contents(basis.lock)
        floor = max((o.day for o in basis.lock.values() if o.day <= today(zone)), default="")
        day = max(history.today, floor)
        if not recorded and not self.journal.days:
            return uncommitted(history, {}, day)
        aside = basis.settled | self._quiet(basis.lock)
        head = {path: known for path, known in history.head.items() if path not in aside}
        differing = self._differing(head, recorded, aside)
        commits, recording = list[Commit](), ""
        if differing and history.tip:
            log_ = log.commits(self.repo, history.tip)
            with closing(log_):
                commits, recording = timeline.unrecorded(log_, recorded, differing, self.path)
        dated = timeline.dated(commits, zone, day, recording)
        own = {path: recorded[path] for path in aside & recorded.keys()}
        found = [*timeline.spans(dated), *uncommitted(history, {**head, **own}, day)]
        ordered = timeline.in_order(self._of_clashes(found, basis.lock))
        return [span.without(self._quiet(basis.lock)) for span in ordered]

    def _quiet(self, lock: Lock) -> frozenset[str]:
        """Return the notes that have another content than the lock, and the same state."""
        known = contents(lock).items()
        return frozenset(
            p for p, _ in known if not self._is_now(p, lock[p].content) and self._is_quiet(lock[p])
        )

    def _differing(
        self, head: Mapping[str, str], recorded: Mapping[str, str], settled: Collection[str]
    ) -> dict[str, str]:
        """Return the ids of the committed notes, "" for none, of which others are recorded."""
        paths = {path for path, _ in head.items() ^ recorded.items()} - {*settled}
        unknown = [(path, head[path]) for path in sorted(paths - recorded.keys())]
        with self.history.versions.reading(unknown) as read:
            drafts = {path for path, known in unknown if not read(path, known).published}
        return {path: head.get(path, "") for path in paths - drafts}

    def _of_clashes(self, spans: list[Span], lock: Lock) -> list[Span]:
        """Return spans in which what two branches recorded on one day is of that day."""
        clashing = {path: one.day for path, one in lock.items() if one.clashes}
        if not clashing:
            return spans
        notes, identity = self.history.notes, self.history.identity
        ids = {path: identity(path) if path in notes else None for path in clashing}
        settled = [
            Span(day, (Step(silent=False, origins={}, reads={path: ids[path]}),))
            for path, day in clashing.items()
        ]
        return [*settled, *(span.without(clashing) for span in spans)]

    def _days(
        self, basis: Basis, spans: list[Span], opened: Mapping[str, list[Recorded]]
    ) -> list[Day]:
        """Return what is new, day by day, together with what is recorded of these days."""
        history, recorded = self.history, {p: one.id for p, one in basis.lock.items() if one.id}
        paths = {path for span in spans for step in span.steps for path in step.paths}
        known = [one for ones in opened.values() for one in ones]
        before = (paths | {one.path for one in known}) & recorded.keys()
        seeds = [(path, readable(recorded[path])) for path in sorted(before)]
        olds = [(one.origin, readable(one.before)) for one in known if one.before]
        wanted = [*seeds, *olds, *(version for span in spans for version in span.versions)]
        quiet = {(path, recorded[path]) for path in self._quiet(basis.lock)}

        def is_now(version: tuple[str, str]) -> bool:
            return version in quiet or self._is_now(*version)

        self._refuse_missing([version for version in seeds if not is_now(version)])
        committed = [version for version in wanted if not is_now(version)]
        with history.versions.reading(committed) as read:

            def state(path: str, identity: str) -> NoteState:
                if is_now((path, identity)):
                    return read_state(history.notes[path], self.config)
                return read(path, identity)

            def shown(path: str, identity: str) -> Shown | None:
                version = state(path, readable(identity)).published if identity else None
                if version and "~" in identity:
                    version = msgspec.structs.replace(version, unreadable=True)
                return Shown(identity, version) if version else None

            notes = {path: shown(path, recorded[path]) for path, _ in seeds}
            former = {
                one.path: Opened(one.path, one.origin, shown(one.origin, one.before))
                for one in known
            }
            replay = Replay(
                state,
                {path: one for path, one in notes.items() if one},
                {*recorded, *(history.notes.keys() - paths)},
                lambda path: self._version(path) if path in recorded else None,
                is_first=recorded.keys() <= notes.keys(),
            )
            return list(replay.days(spans, lambda date: [former[one.path] for one in opened[date]]))

    def _is_now(self, path: str, identity: str) -> bool:
        return path in self.history.notes and self.history.identity(path, identity) == identity

    def _version(self, path: str) -> Version | None:
        """Return a note as it is now."""
        if path not in self._versions:
            document = self.history.covered.get(path)
            version = read_version(document, self.config) if document else None
            self._versions[path] = version
        return self._versions[path]

    def _refuse_missing(self, versions: list[tuple[str, str]]) -> None:
        """Raise `GitError` where the repository does not have what is recorded."""
        gone = git.missing(self.repo, [identity for _, identity in versions])
        for path, identity in versions:
            if identity in gone:
                raise GitError(
                    f"{path}: the repository does not have what the journal recorded of it last "
                    f"({identity[:10]}), so what is new is not known: run `git fetch --unshallow` "
                    "in a shallow clone, or `vaultsync changelog --rebuild`"
                )
