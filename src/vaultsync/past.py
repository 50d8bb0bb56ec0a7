"""The past of a vault: what git keeps of it, as versions, days and the base of the journal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from vaultsync import gitlog, gitread
from vaultsync.blocks import Journal, journal_of
from vaultsync.changelog import Base
from vaultsync.config import Config
from vaultsync.errors import GitError
from vaultsync.gitread import Repository
from vaultsync.history import (
    Day,
    Replay,
    Revision,
    Span,
    Step,
    Version,
    dated,
    net,
    note_type,
    properties_of,
    renamed,
    spans,
    version,
)
from vaultsync.model import Document, Vault
from vaultsync.output import content_id

# Told how many of how many versions are read.
Progress = Callable[[int, int], None]
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Stands for the content id of a note as it is now.
_NOW = "now"


class Past:
    """The history of the vault in a repository, seen from the vault as it is now."""

    def __init__(
        self,
        repo: Repository,
        config: Config,
        now: Vault,
        ids: Mapping[str, str],
        root: str = "",
    ) -> None:
        """Bind the values; nothing is read yet.

        `ids` are the content ids of the notes as they are now, as far as they are known; `root` is
        the vault's folder if that is read.
        """
        self.repo, self.config, self.now, self.known, self.root = repo, config, now, ids, root

    @cached_property
    def notes(self) -> Mapping[str, Document]:
        """The notes as they are now that the changelog tells of and that git keeps."""
        told = {
            path: document
            for path, document in self.now.documents.items()
            if document.kind == "note" and note_type(path, self.config)
        }
        # What is as it was committed needs no second look.
        fresh = [path for path in told if self.known.get(path, "") != self._head.get(path)]
        gone = {path for path in fresh if self.root and self._linked(path)}
        unknown = [path for path in fresh if path not in self._head and path not in gone]
        gone |= gitread.ignored(self.repo, unknown) if self.root and unknown else set()
        return {path: document for path, document in told.items() if path not in gone}

    def _linked(self, path: str) -> bool:
        """Whether a note on disk lies behind a symbolic link, which is all that git keeps."""
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            self._folders[folder] = Path(self.root, folder).is_symlink() or self._linked(folder)
        return self._folders[folder] or Path(self.root, path).is_symlink()

    @cached_property
    def _folders(self) -> dict[str, bool]:
        return {"": False}

    @cached_property
    def _head(self) -> Mapping[str, str]:
        return self._tree("HEAD", self.repo) if gitread.head(self.repo) else {}

    @cached_property
    def _ids(self) -> Mapping[str, str]:
        return {
            path: self.known.get(path) or content_id(document.text.encode())
            for path, document in self.notes.items()
        }

    def _tree(self, rev: str, repo: Repository) -> dict[str, str]:
        entries = gitread.tree(repo, rev).items()
        return {
            path: entry.id
            for path, entry in entries
            if entry.mode != gitread.SYMLINK and note_type(path, self.config)
        }

    def _reading(self, spans: Iterable[Span]) -> Callable[[str, str], Document]:
        """Return what reads the contents of the spans, in their order."""
        wanted = (known for span in spans for known in span.ids if known != _NOW)
        stream = gitread.contents(self.repo, wanted)

        def read(path: str, identity: str) -> Document:
            if identity == _NOW:
                return self.now.documents[path]
            return properties_of(path, next(stream))

        return read

    def days(
        self, today: str, *, since: str | None = None, progress: Progress | None = None
    ) -> Iterator[Day]:
        """Yield what happened day by day, the oldest first; what is not committed is today's.

        `since` is a day, YYYY-MM-DD, or a revision: what was before it, or is in it, is not told.
        """
        history = list(gitlog.revisions(self.repo))[::-1]
        commits = list(dated(history, self.config.changelog.timezone))
        start = self._start(commits, since) if since else 0
        begin = net(revision for _, revision in commits[:start])
        found = spans(commits[start:])
        now = self._uncommitted(max(today, commits[-1][0] if commits else ""))
        found += [now] if now.steps[0].reads else []
        total, done = sum(len(span.ids) for span in found), 0
        replay = Replay(self.config, self._reading([Span("", (begin,), (), ()), *found]))
        replay.take(begin, {})
        for span, day in zip(found, replay.days(found), strict=True):
            done += len(span.ids)
            if progress:
                progress(done, total)
            yield day

    def _start(self, commits: list[tuple[str, Revision]], since: str) -> int:
        """Return the number of commits before a day, or in a revision."""
        if _DAY.fullmatch(since):
            return sum(1 for day, _ in commits if day < since)
        named = gitread.commit_named(self.repo, since)
        if named is None:
            raise GitError(
                f"--since: `{since}` is no day and no commit of this repository: write 2026-01-31, "
                "or name a commit, as `main`"
            )
        span = f"{named}..HEAD"
        options = ("--first-parent", "--count", "--end-of-options", span, "--")
        return len(commits) - int(gitread.run(self.repo, "rev-list", *options))

    def _uncommitted(self, date: str) -> Span:
        changed = self._changed(self._head)
        moves = gitread.renames(self.repo, "HEAD", None) if self._head else {}
        reads = {path: _NOW if path in self.notes else None for path in sorted(changed)}
        origins = {new: old for old, new in moves.items() if new in reads}
        return Span(date, (Step(silent=False, origins=origins, reads=reads),), (), ())

    def _changed(self, before: Mapping[str, str]) -> set[str]:
        paths = before.keys() | self._ids.keys()
        return {path for path in paths if before.get(path) != self._ids.get(path)}

    def base(self) -> Base | None:
        """Return the state at the last commit that wrote the journal, None where none did."""
        writer = self._writer("HEAD")
        if writer is None:
            return None
        zone = self.config.changelog.timezone
        ((day, _),) = dated([writer], zone)
        repo = msgspec.structs.replace(self.repo, prefix=writer.folder)
        tree = self._tree(writer.id, repo)
        news = list(dated(list(gitlog.revisions(self.repo, base=writer.id))[::-1], zone, day))
        since = spans(news)
        changed = self._changed(tree)
        before = self._read(tree, changed)
        changed |= self._quieted(before, since)
        moves = gitread.renames(self.repo, writer.id, None, former=writer.folder)
        return Base(
            before,
            {path: self.notes[path] for path in changed if path in self.notes},
            self._journal_at(writer.id, writer.folder),
            self._journal_at("HEAD", self.repo.prefix),
            day,
            moves | renamed(step for span in since for step in span.steps),
            self._dates(news),
            tuple((span.date, line) for span in since for line in span.lines),
            lambda: list(self.days(day))[::-1],
        )

    def _writer(self, tip: str) -> Revision | None:
        """Return the last commit that wrote the journal.

        A merge that took it from one of its parents did not; one that merged two journals stands
        for the last of the first parent's.
        """
        note = self.config.changelog.note
        merged = None
        for revision in gitlog.revisions(self.repo, tip):
            touch = next((t for t in revision.touches if note in {t.before, t.after}), None)
            written = self._journal(touch.new) if touch and touch.after == note else ""
            if not touch or not written or written == self._journal(touch.old):
                continue
            if len(revision.parents) <= 1:
                return revision
            for parent in revision.parents[1:]:
                if self._journal_at(parent, revision.folder).text() == written:
                    return self._writer(parent)
            merged = merged or revision
        return merged

    def _journal(self, identity: str | None) -> str:
        return "" if identity is None else self._journal_in(identity).text()

    def _journal_in(self, identity: str) -> Journal:
        if identity not in self._journals:
            (data,) = gitread.contents(self.repo, [identity])
            document = properties_of(self.config.changelog.note, data)
            self._journals[identity] = journal_of(document)
        return self._journals[identity]

    @cached_property
    def _journals(self) -> dict[str, Journal]:
        return {}

    def _journal_at(self, rev: str, folder: str) -> Journal:
        path = f"{rev}:{folder}{self.config.changelog.note}"
        identity = gitread.resolve(self.repo, path)
        return self._journal_in(identity) if identity else Journal()

    def _read(self, tree: Mapping[str, str], paths: Iterable[str]) -> dict[str, Version]:
        wanted = [path for path in sorted(paths) if path in tree]
        stream = gitread.contents(self.repo, (tree[path] for path in wanted))
        documents = (properties_of(path, data) for path, data in zip(wanted, stream, strict=True))
        found = (version(document, self.config) for document in documents)
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
        told = {path: known for path, known in quiet.items() if note_type(path, self.config)}
        for path in told:
            before.pop(path, None)
        before |= self._read({path: known for path, known in told.items() if known}, told)
        return set(told)

    def _dates(self, news: Iterable[tuple[str, Revision]]) -> dict[str, str]:
        """Return the day of the last commit that touched each path whose state is committed."""
        dates: dict[str, str] = {}
        for day, revision in news:
            for touch in revision.touches:
                dates |= dict.fromkeys(filter(None, (touch.before, touch.after)), day)
        return {p: day for p, day in dates.items() if self._head.get(p) == self._ids.get(p)}
