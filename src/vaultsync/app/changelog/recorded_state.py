"""What the journal knows already: the last commit that wrote it, and what came since."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from functools import cached_property

import msgspec

from vaultsync.app.changelog.snapshot import Present
from vaultsync.app.changelog.timeline import Past
from vaultsync.blocks import Journal, journal_of, read_entry
from vaultsync.changelog import Base
from vaultsync.changelog.history import (
    Around,
    Revision,
    Span,
    Touch,
    Version,
    compare,
    dated,
    net,
    note_type,
    properties_of,
    renamed,
    spans,
)
from vaultsync.infra import git
from vaultsync.infra.git import log
from vaultsync.infra.git.note_versions import Versions
from vaultsync.markdown.linktext import split_wikilink
from vaultsync.notes.note import stem


class Recorded:
    """The journal in the history of a vault."""

    def __init__(self, present: Present, versions: Versions) -> None:
        """Bind the values; nothing is read yet."""
        self._present, self._versions = present, versions
        self._config, self._repo = present.config, present.repo

    def base(self) -> Base | None:
        """Return the state up to which the journal tells all, None where no commit wrote it."""
        present, tip = self._present, self._present.tip
        writer = self._complete(tip) if tip else None
        if tip is None or writer is None:
            return None
        zone = self._config.changelog.timezone
        ((day, _),) = dated([writer], zone)
        tree = present.tree(writer.id, writer.folder)
        news = list(log.revisions(self._repo, tip, writer.id))[::-1]
        dates = list(dated(news, zone, day))
        since = spans(dates)
        changed = present.differing(tree)
        before = self._read((path, tree[path]) for path in sorted(changed & tree.keys()))
        changed |= self._quieted(before, since)
        moves = git.renames(self._repo, writer.id, None, former=writer.folder)
        return Base(
            before,
            {path: present.notes[path] for path in changed if path in present.notes},
            self._journal_at(writer.id, writer.folder),
            self._journal_at(tip, self._repo.prefix),
            day,
            moves | renamed(step for span in since for step in span.steps),
            self._dates(dates),
            tuple((span.date, line) for span in since for line in span.lines),
            lambda: list(Past(present, self._versions).days(day))[::-1],
        )

    def _complete(self, tip: str) -> Revision | None:
        """Return the last commit whose journal tells all that came before.

        That is the last one that wrote it, unless a rebase or a squash put commits below it that
        nobody recorded. A rebase moves several at once: the one before is asked, too, if it was
        made after this one was written.
        """
        found = writer = self._writer(tip, self._repo.prefix)
        while writer and (before := self._former(writer)):
            found = before if self._misses(writer, before) else found
            if not _is_later(before.made, writer.written):
                break
            writer = before
        return found

    def _former(self, writer: Revision) -> Revision | None:
        """Return the commit that wrote the journal before one that tells of itself alone.

        None where it tells of more: of all that was there, then, as its author saw it.
        """
        wrote = self._touch(writer)
        if len(writer.parents) != 1 or not self._journal(wrote.old).days:
            return None
        added = self._journal(wrote.new).lines - self._journal(wrote.old).lines
        entries = [read_entry(line) for _, line in added]
        own = _names(writer)
        alone = all(entry and own.issuperset(map(_target, entry.links[:1])) for entry in entries)
        return self._writer(writer.parents[0], writer.folder) if entries and alone else None

    def _misses(self, writer: Revision, before: Revision) -> bool:
        """Whether there is something to tell of commits that came between the two."""
        repo = msgspec.structs.replace(self._repo, prefix=writer.folder)
        commits = list(log.revisions(repo, writer.parents[0], before.id))[::-1]
        step = net(commit for commit in commits if not commit.is_silent)
        own = _names(writer)
        tree = self._present.tree(before.id, before.folder)
        came = {path: known for path, known in step.reads.items() if stem(path) not in own}
        old = self._read((path, tree[path]) for path in came if path in tree)
        new = self._read((path, known) for path, known in came.items() if known)
        return bool(compare(old, new, renamed([step]), Around(lambda _target, _source: None)))

    def _writer(self, tip: str, folder: str) -> Revision | None:
        """Return the last commit that wrote the journal.

        A merge that took it from one of its parents did not; one that merged two journals stands
        for the last of the first parent's.
        """
        merged = None
        repo = msgspec.structs.replace(self._repo, prefix=folder)
        for revision in log.revisions(repo, tip):
            touch = self._touch(revision)
            old, new = (self._journal(known).text() for known in (touch.old, touch.new))
            if not new or new == old:
                continue
            if len(revision.parents) <= 1:
                return revision
            for parent in revision.parents[1:]:
                if self._journal_at(parent, revision.folder).text() == new:
                    return self._writer(parent, revision.folder)
            merged = merged or revision
        return merged

    def _touch(self, revision: Revision) -> Touch:
        """Return what a commit did to the note that keeps the journal."""
        note = self._config.changelog.note
        found = (touch for touch in revision.touches if note == touch.after)
        return next(found, Touch(None, None, None, None))

    def _journal_at(self, rev: str, folder: str) -> Journal:
        path = f"{rev}:{folder}{self._config.changelog.note}"
        return self._journal(git.resolve(self._repo, path))

    def _journal(self, identity: str | None) -> Journal:
        if identity is None:
            return Journal()
        if identity not in self._journals:
            (data,) = git.contents(self._repo, [identity])
            document = properties_of(self._config.changelog.note, data)
            self._journals[identity] = journal_of(document)
        return self._journals[identity]

    @cached_property
    def _journals(self) -> dict[str, Journal]:
        return {}

    def _read(self, wanted: Iterable[tuple[str, str]]) -> dict[str, Version]:
        versions = list(wanted)
        with self._versions.reading(versions) as read:
            found = (read(path, identity).version for path, identity in versions)
            return {known.path: known for known in found if known}

    def _quieted(self, before: dict[str, Version], since: list[Span]) -> set[str]:
        """Take what commits that speak for themselves did to notes as known from the start."""
        loud: set[str] = set()
        quiet: dict[str, str | None] = {}
        for step in (step for span in since for step in span.steps):
            if step.silent:
                quiet |= {p: known for p, known in step.reads.items() if p not in loud}
            else:
                loud |= step.reads.keys()
        told = {path: known for path, known in quiet.items() if note_type(path, self._config)}
        for path in told:
            before.pop(path, None)
        before |= self._read((path, known) for path, known in told.items() if known)
        return set(told)

    def _dates(self, news: Iterable[tuple[str, Revision]]) -> Mapping[str, str]:
        """Return the day of the last commit that touched each path whose state is committed."""
        dates: dict[str, str] = {}
        for day, revision in news:
            for touch in revision.touches:
                dates |= dict.fromkeys(filter(None, (touch.before, touch.after)), day)
        head, now = self._present.head, self._present.ids
        return {path: day for path, day in dates.items() if head.get(path) == now.get(path)}


def _names(revision: Revision) -> set[str]:
    """Return the names of the notes that a commit touched, before and after."""
    paths = (path for touch in revision.touches for path in (touch.before, touch.after))
    return {stem(path) for path in paths if path}


def _target(link: str) -> str:
    return stem(split_wikilink(link[2:-2])[0])


def _is_later(moment: str, other: str) -> bool:
    one, two = map(datetime.datetime.fromisoformat, (moment, other))
    return one > two
