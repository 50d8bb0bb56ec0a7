"""What happened in a vault by day, from its whole history."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from vaultsync.app.changelog.history import History
from vaultsync.changelog import timeline
from vaultsync.changelog.note_state import note_type
from vaultsync.changelog.replay import Day, Replay
from vaultsync.core.commits import Commit
from vaultsync.core.errors import GitError
from vaultsync.infra import git
from vaultsync.infra.git import log
from vaultsync.infra.workers import Report

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def all_days(
    history: History, since: str | None = None, progress: Report | None = None
) -> list[Day]:
    """Return what happened day by day, the oldest first.

    What is not committed is of today, or of the last commit's day if that is later. `since` is a
    day, YYYY-MM-DD, or a revision: what was before that day, or is in that revision, is left out.
    Raises `GitError` where it is neither, and where there is only a part of the history.
    """
    repo = history.repo
    if repo.is_shallow:
        raise GitError(
            f"{repo.root}: the history is cut short (a shallow clone), so what happened before is "
            "not known: run `git fetch --unshallow`, or in CI check out with fetch-depth: 0"
        )
    commits = dated_commits(history)
    start = 0 if since is None else _start(repo, commits, since)
    begin = timeline.net(commit for _, commit in commits[:start])
    today = max(history.today, commits[-1][0] if commits else "")
    now = history.uncommitted(history.head, today)
    spans = timeline.in_order([*timeline.spans(commits[start:]), *now])
    fresh = {version for span in now for version in span.versions}
    wanted = [*begin.versions, *(version for span in spans for version in span.versions)]
    with history.reading(wanted, fresh.__contains__, are_all=since is None) as read:
        notes = Replay(read)
        notes.take(begin, {})
        return list(_reported(notes, spans, progress))


def _reported(notes: Replay, spans: list[timeline.Span], progress: Report | None) -> Iterator[Day]:
    """Yield the days of spans, and report how many versions are read of all."""
    done, total = 0, sum(len(span.versions) for span in spans)
    for span, day in zip(spans, notes.days(spans), strict=True):
        done += len(span.versions)
        if progress:
            progress(done, total)
        yield day


def dated_commits(history: History) -> list[tuple[str, Commit]]:
    """Return all commits, the oldest first, each with its day."""
    made = list(log.commits(history.repo, history.tip))[::-1] if history.tip else []
    return list(timeline.dated(made, history.config.changelog.timezone, until=history.today))


def days_of_commits(history: History) -> set[str]:
    """Return the days on which commits changed notes that the changelog covers."""
    return {
        day
        for day, commit in dated_commits(history)
        if any(note_type(one.after or one.before or "", history.config) for one in commit.changes)
    }


def _start(repo: git.Repository, commits: list[tuple[str, Commit]], since: str) -> int:
    """Return the number of commits before a day, or in a revision."""
    if is_day(since):
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


def is_day(text: str) -> bool:
    """Whether a text is a day, YYYY-MM-DD, that exists."""
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return bool(_DAY.fullmatch(text))
