"""What happened to the notes of a vault, day by day, from its git history."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from vaultsync.app.changelog.note_versions import NoteVersions
from vaultsync.app.changelog.snapshot import Snapshot
from vaultsync.changelog.note_state import NoteState, read_state
from vaultsync.changelog.timeline import Day, Replay, Span, Step, dated, net, spans, with_step
from vaultsync.core.commits import Commit
from vaultsync.core.errors import GitError
from vaultsync.infra import git
from vaultsync.infra.git import files, log

# Called with how many of how many versions are read.
Progress = Callable[[int, int], None]
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Takes the place of the content id of a note as it is now.
_NOW = "now"


def days_until(
    today: str,
    snapshot: Snapshot,
    versions: NoteVersions,
    *,
    since: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Day]:
    """Yield what happened day by day, the oldest first; what is not committed is today's.

    `since` is a day, YYYY-MM-DD, or a revision: what was before that day, or is in that revision,
    is left out. Raises `GitError` where it is neither.
    """
    repo, tip = snapshot.repo, snapshot.tip
    history = list(log.commits(repo, tip))[::-1] if tip else []
    commits = list(dated(history, snapshot.config.changelog.timezone))
    start = _start(repo, commits, since) if since else 0
    begin = net(commit for _, commit in commits[:start])
    found = spans(commits[start:])
    now = _uncommitted(snapshot, max(today, commits[-1][0] if commits else ""))
    if now.steps[0].reads:
        found = with_step(found, now)
    wanted = [*begin.versions, *(version for span in found for version in span.versions)]
    committed = [(path, known) for path, known in wanted if known != _NOW]
    total, done = len(wanted) - len(begin.versions), 0
    with versions.reading(committed, are_all=since is None) as read:

        def state(path: str, identity: str) -> NoteState:
            if identity != _NOW:
                return read(path, identity)
            return read_state(snapshot.notes[path], snapshot.config)

        replay = Replay(state)
        replay.take(begin, {})
        for span, day in zip(found, replay.days(found), strict=True):
            done += len(span.versions)
            if progress:
                progress(done, total)
            yield day


def _start(repo: git.Repository, commits: list[tuple[str, Commit]], since: str) -> int:
    """Return the number of commits before a day, or in a revision."""
    if _DAY.fullmatch(since):
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


def _uncommitted(snapshot: Snapshot, date: str) -> Span:
    moves = files.renames(snapshot.repo, snapshot.tip, None) if snapshot.tip else {}
    changed = sorted(snapshot.differing(snapshot.head))
    reads = {path: _NOW if path in snapshot.notes else None for path in changed}
    origins = {new: old for old, new in moves.items() if new in reads}
    return Span(date, (Step(silent=False, origins=origins, reads=reads),), (), ())
