"""Record and report what happened in a vault, as the options of `vaultsync changelog` request.

What the journal records already is what the last commit that wrote it knew.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from vaultsync.app.changelog.history import History, days_until
from vaultsync.app.workspace import Workspace, inside
from vaultsync.blocks.journal import Journal, journal_in, read_sentence
from vaultsync.changelog import journal, render
from vaultsync.changelog.compare import Surroundings, compare
from vaultsync.changelog.note_state import Version, note_type, properties_of
from vaultsync.changelog.timeline import Day, Span, dated, latest_name, net, of_note, renamed, spans
from vaultsync.core.commits import Commit, FileChange
from vaultsync.core.errors import VaultError
from vaultsync.core.output import Output
from vaultsync.infra import git
from vaultsync.infra.git import files as git_files
from vaultsync.infra.git import log
from vaultsync.markdown.links import split_wikilink
from vaultsync.notes.note import stem


def record_changes(workspace: Workspace) -> list[Output]:
    """Return the notes that change when the journal records what is new."""
    history = History(workspace)
    return journal.record(workspace.context, RecordedState(history).base(), history.today)


def rebuild_journal(workspace: Workspace) -> list[Output]:
    """Return the notes that change when the journal is made from the whole history."""
    return journal.rebuild(workspace.context, _days(workspace, History(workspace)))


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
    found = of_note(days, path if exists else latest_name(days, path))
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
    """Return what happened day by day, the newest first, and uncommitted changes as today's."""
    days = days_until(history.today, history, since=since, progress=workspace.progress)
    return list(days)[::-1]


class RecordedState:
    """What the journal records already: the last commit that wrote it, and what came since."""

    def __init__(self, history: History) -> None:
        """Bind the values; nothing is read yet."""
        self._history, self._config, self._repo = history, history.config, history.repo
        self._by_id: dict[str, Journal] = {}

    def base(self) -> journal.Base | None:
        """Return the state after the last commit whose journal is complete."""
        history, tip = self._history, self._history.tip
        writer = self._complete(tip) if tip else None
        if tip is None or writer is None:
            return None
        zone = self._config.changelog.timezone
        ((day, _),) = dated([writer], zone)
        tree = history.tree(writer.id, writer.folder)
        news = list(log.commits(self._repo, tip, writer.id))[::-1]
        dates = list(dated(news, zone, day))
        since = spans(dates)
        changed = history.differing(tree)
        before = self._read((path, tree[path]) for path in sorted(changed & tree.keys()))
        changed |= self._quieted(before, since)
        moves = git_files.renames(self._repo, writer.id, None, former=writer.folder)
        return journal.Base(
            before,
            {path: history.notes[path] for path in changed if path in history.notes},
            self._journal_at(writer.id, writer.folder),
            self._journal_at(tip, self._repo.prefix),
            day,
            moves | renamed(step for span in since for step in span.steps),
            self._dates(dates),
            tuple((span.date, line) for span in since for line in span.lines),
            lambda: list(days_until(day, history))[::-1],
        )

    def _complete(self, tip: str) -> Commit | None:
        """Return the last commit whose journal covers everything before.

        That is the last one that wrote it, unless a rebase or a squash put commits below it that
        were not recorded. A rebase moves several at once: the one before is examined, too, if it
        was made after this one was written.
        """
        moment = datetime.datetime.fromisoformat
        found = writer = self._writer(tip, self._repo.prefix)
        while writer and (before := self._former(writer)):
            found = before if self._misses(writer, before) else found
            if moment(before.made) <= moment(writer.written):
                break
            writer = before
        return found

    def _former(self, writer: Commit) -> Commit | None:
        """Return the commit that wrote the journal before one that records only itself.

        None where it records more: then it covers all that its author saw.
        """
        wrote = self._change(writer)
        if len(writer.parents) != 1 or not self._journal(wrote.old).days:
            return None
        added = self._journal(wrote.new).lines - self._journal(wrote.old).lines
        entries = [read_sentence(line) for _, line in added]
        own = _names(writer)
        alone = all(entry and own.issuperset(map(_target, entry.links[:1])) for entry in entries)
        return self._writer(writer.parents[0], writer.folder) if entries and alone else None

    def _misses(self, writer: Commit, before: Commit) -> bool:
        """Whether commits between the two changed something that is to be recorded."""
        repo = msgspec.structs.replace(self._repo, prefix=writer.folder)
        commits = list(log.commits(repo, writer.parents[0], before.id))[::-1]
        step = net(commit for commit in commits if not commit.is_silent)
        own = _names(writer)
        tree = self._history.tree(before.id, before.folder)
        came = {path: known for path, known in step.reads.items() if stem(path) not in own}
        old = self._read((path, tree[path]) for path in came if path in tree)
        new = self._read((path, known) for path, known in came.items() if known)
        return bool(compare(old, new, renamed([step]), Surroundings(lambda _target, _source: ())))

    def _writer(self, tip: str, folder: str) -> Commit | None:
        """Return the last commit that wrote the journal.

        A merge that took it from one of its parents did not; one that merged two journals counts
        as the last of the first parent's.
        """
        merged = None
        repo = msgspec.structs.replace(self._repo, prefix=folder)
        for commit in log.commits(repo, tip):
            change = self._change(commit)
            old, new = (self._journal(known).text() for known in (change.old, change.new))
            if not new or new == old:
                continue
            if len(commit.parents) <= 1:
                return commit
            for parent in commit.parents[1:]:
                if self._journal_at(parent, commit.folder).text() == new:
                    return self._writer(parent, commit.folder)
            merged = merged or commit
        return merged

    def _change(self, commit: Commit) -> FileChange:
        """Return what a commit changed in the note that contains the journal."""
        note = self._config.changelog.note
        found = (change for change in commit.changes if note == change.after)
        return next(found, FileChange(None, None, None, None))

    def _journal_at(self, rev: str, folder: str) -> Journal:
        path = f"{rev}:{folder}{self._config.changelog.note}"
        return self._journal(git.resolve(self._repo, path))

    def _journal(self, identity: str | None) -> Journal:
        if identity is None:
            return Journal()
        if identity not in self._by_id:
            data = git.read_blobs(self._repo, [identity])[identity]
            document = properties_of(self._config.changelog.note, data)
            self._by_id[identity] = journal_in(document)
        return self._by_id[identity]

    def _read(self, wanted: Iterable[tuple[str, str]]) -> dict[str, Version]:
        versions = list(wanted)
        with self._history.versions.reading(versions) as read:
            found = (read(path, identity).published for path, identity in versions)
            return {known.path: known for known in found if known}

    def _quieted(self, before: dict[str, Version], since: list[Span]) -> set[str]:
        """Take the changes of commits with `Changelog:` trailers as known; return their paths."""
        loud: set[str] = set()
        quiet: dict[str, str | None] = {}
        for step in (step for span in since for step in span.steps):
            if step.silent:
                quiet |= {p: known for p, known in step.reads.items() if p not in loud}
            else:
                loud |= step.reads.keys()
        covered = {path: known for path, known in quiet.items() if note_type(path, self._config)}
        for path in covered:
            before.pop(path, None)
        before |= self._read((path, known) for path, known in covered.items() if known)
        return set(covered)

    def _dates(self, news: Iterable[tuple[str, Commit]]) -> Mapping[str, str]:
        """Return the day of the last commit that touched each path whose state is committed."""
        dates: dict[str, str] = {}
        for day, commit in news:
            for change in commit.changes:
                dates |= dict.fromkeys(filter(None, (change.before, change.after)), day)
        head, now = self._history.head, self._history.ids
        return {path: day for path, day in dates.items() if head.get(path) == now.get(path)}


def _names(commit: Commit) -> set[str]:
    """Return the names of the notes that a commit touched, before and after."""
    paths = (path for change in commit.changes for path in (change.before, change.after))
    return {stem(path) for path in paths if path}


def _target(link: str) -> str:
    return stem(split_wikilink(link[2:-2])[0])
