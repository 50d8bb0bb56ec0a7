"""What happened to the notes of a vault, day by day, as git keeps it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from vaultsync.app.changelog.snapshot import Present
from vaultsync.changelog.history import (
    Day,
    Replay,
    Revision,
    Said,
    Span,
    Step,
    dated,
    net,
    said,
    spans,
    with_step,
)
from vaultsync.core.errors import GitError
from vaultsync.infra import git
from vaultsync.infra.git import log
from vaultsync.infra.git.note_versions import Versions

# Told how many of how many versions are read.
Progress = Callable[[int, int], None]
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Stands for the content id of a note as it is now.
_NOW = "now"


class Past:
    """The history of a vault up to what it is now."""

    def __init__(self, present: Present, versions: Versions) -> None:
        """Bind the values; nothing is read yet."""
        self._present, self._versions = present, versions

    def days(
        self, today: str, *, since: str | None = None, progress: Progress | None = None
    ) -> Iterator[Day]:
        """Yield what happened day by day, the oldest first; what is not committed is today's.

        `since` is a day, YYYY-MM-DD, or a revision: what was before it, or is in it, is not told.
        Raises `GitError` where it is neither.
        """
        repo, tip = self._present.repo, self._present.tip
        history = list(log.revisions(repo, tip))[::-1] if tip else []
        commits = list(dated(history, self._present.config.changelog.timezone))
        start = self._start(commits, since) if since else 0
        begin = net(revision for _, revision in commits[:start])
        found = spans(commits[start:])
        now = self._uncommitted(max(today, commits[-1][0] if commits else ""))
        if now.steps[0].reads:
            found = with_step(found, now)
        wanted = [*begin.versions, *(version for span in found for version in span.versions)]
        committed = [(path, known) for path, known in wanted if known != _NOW]
        total, done = len(wanted) - len(begin.versions), 0
        with self._versions.reading(committed, are_all=since is None) as read:
            replay = Replay(lambda path, id_: self._now(path) if id_ == _NOW else read(path, id_))
            replay.take(begin, {})
            for span, day in zip(found, replay.days(found), strict=True):
                done += len(span.versions)
                if progress:
                    progress(done, total)
                yield day

    def _now(self, path: str) -> Said:
        return said(self._present.notes[path], self._present.config)

    def _start(self, commits: list[tuple[str, Revision]], since: str) -> int:
        """Return the number of commits before a day, or in a revision."""
        if _DAY.fullmatch(since):
            return sum(1 for day, _ in commits if day < since)
        repo = self._present.repo
        named = git.commit_named(repo, since)
        if named is None:
            raise GitError(
                f"--since: `{since}` is no day and no commit of this repository: write 2026-01-31, "
                "or name a commit, as `main`"
            )
        span = f"{named}..HEAD"
        options = ("--first-parent", "--count", "--end-of-options", span, "--")
        return len(commits) - int(git.run(repo, "rev-list", *options))

    def _uncommitted(self, date: str) -> Span:
        present = self._present
        moves = git.renames(present.repo, present.tip, None) if present.tip else {}
        changed = sorted(present.differing(present.head))
        reads = {path: _NOW if path in present.notes else None for path in changed}
        origins = {new: old for old, new in moves.items() if new in reads}
        return Span(date, (Step(silent=False, origins=origins, reads=reads),), (), ())
