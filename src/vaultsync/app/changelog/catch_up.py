"""What is new beside what is recorded: which commits and notes, and its lines by day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from itertools import chain

import msgspec

from vaultsync.app.changelog.history import History
from vaultsync.changelog import timeline
from vaultsync.changelog.basis import Basis
from vaultsync.changelog.lock import Lock, Recorded, contents, lock_path, readable
from vaultsync.changelog.note_state import is_shown, note_type, state_digest
from vaultsync.changelog.replay import Day, Opened, Read, Replay, Shown
from vaultsync.changelog.timeline import Span, Step
from vaultsync.core.errors import GitError
from vaultsync.infra import git
from vaultsync.infra.clock import today
from vaultsync.infra.git import log


def is_settled(history: History, lock: Lock) -> bool:
    """Whether a lock has the states of all notes."""
    if _joined(history, lock.values()):
        return False
    known, covered = contents(lock), history.covered
    shown = {path: is_shown(one, history.config) for path, one in covered.items()}
    if any(shown.get(path, False) is False for path in known):
        return False
    fresh = [path for path, seen in shown.items() if seen and path not in known]
    if len(history.untracked(fresh)) < len(fresh):
        return False
    return all(
        history.identity(path, content) == content or _is_quiet(history, lock[path])
        for path, content in known.items()
    )


def _joined(history: History, found: Iterable[Recorded]) -> dict[str, str]:
    """Return the notes of which two branches recorded something that becomes one, with its day.

    In a merge those are all of today, and what one branch removed and is there all the same.
    """
    day, notes = history.today, history.notes
    joined = {one.path: one.day for one in found if one.clashes}
    again = {o.path: o.day for o in found if o.day == day or (not o.id and o.path in notes)}
    return joined | again if again and git.merged(history.repo) else joined


def _is_quiet(history: History, one: Recorded) -> bool:
    """Whether a note has the state that is recorded, whatever its content."""
    document = history.covered.get(one.path)
    is_readable = document is not None and is_shown(document, history.config)
    version = history.version(one.path) if is_readable else None
    return version is not None and state_digest(version) == one.state


def quiet_notes(history: History, lock: Lock) -> dict[str, str]:
    """Return the notes that have another content than the lock, and the same state.

    Where notes are gone there are none: others may have taken up their names.
    """
    known = contents(lock).items()
    if any(path not in history.covered for path, _ in known):
        return {}
    return {
        path: lock[path].id
        for path, content in known
        if not history.is_now(path, content) and _is_quiet(history, lock[path])
    }


def new_spans(history: History, basis: Basis, quiet: Collection[str], *, begun: bool) -> list[Span]:
    """Return what is new, by day; with `begun` there is a journal.

    That is what commits changed since they wrote the lock, each on its day, and today what leads
    from there to the notes as they are now. What two branches recorded of a note is of the later
    of their days.
    """
    recorded, committed = contents(basis.lock), contents(basis.committed)
    zone, notes = history.config.changelog.timezone, history.notes
    floor = max((o.day for o in basis.lock.values() if o.day <= today(zone)), default="")
    day = max(history.today, floor)
    if not recorded and not begun:
        return history.uncommitted({}, day)
    unedited = [one for one in basis.lock.values() if not basis.is_edited(one)]
    clashing = _joined(history, unedited)
    others = {path for path, _ in recorded.items() ^ committed.items()}
    aside = {path: recorded.get(path, "") for path in (*clashing, *quiet, *others)}
    if any(path in recorded for path in others - history.head.keys()):
        # What the branch that is being merged removed, or recorded under another name, leaves out
        # what happened to it here.
        aside |= dict.fromkeys(history.head.keys() - recorded.keys() - notes.keys(), "")
    found, drafts = _committed(history, committed, aside, day)
    now = {path: history.identity(path) for path in (*clashing, *quiet) if path in notes}
    found += [
        Span(date, (Step(silent=False, origins={}, reads={path: now.get(path)}),))
        for path, date in clashing.items()
    ]
    expected: dict[str, str | None] = {**drafts, **recorded, **now}
    for step in (step for span in found for step in span.steps):
        expected |= step.reads
    known = {path: content for path, content in expected.items() if content}
    spans = timeline.in_order([*found, *history.uncommitted(known, day)])
    return [span for span in spans if span.is_eventful]


def _committed(
    history: History, recorded: Mapping[str, str], aside: Mapping[str, str], until: str
) -> tuple[list[Span], dict[str, str]]:
    """Return what commits changed since the contents that are recorded, and the drafts there are.

    Of the notes `aside` only renames count; they have the contents named there.
    """
    if not history.tip:
        return [], {}
    lock = lock_path(history.config.changelog.note)
    mark = lock if lock in history.files else history.config.changelog.note
    with closing(log.commits(history.repo, history.tip)) as commits:
        newer, written = timeline.since_lock(commits, mark)
        if written is None:
            return [], {}
        ids = timeline.undone(history.head, newer)
        known = {path: one for path, one in ids.items() if note_type(path, history.config)}
        drafts = _drafts(history, known, recorded)
        ends = (
            {p: i for p, i in one.items() if p not in {*aside, *drafts}}
            for one in (recorded, known)
        )
        older = [*timeline.leading(chain([written], commits), *ends)]
    kept = timeline.carried([*older[::-1], *newer[::-1]], aside)
    zone = history.config.changelog.timezone
    return timeline.spans(timeline.dated(kept, zone, until, written.id)), drafts


def _drafts(history: History, ids: Mapping[str, str], recorded: Collection[str]) -> dict[str, str]:
    """Return those of some contents that readers do not see, and that are not recorded."""
    unknown = [(path, ids[path]) for path in sorted(ids.keys() - recorded)]
    with history.versions.reading(unknown) as read:
        return {path: known for path, known in unknown if not read(path, known).published}


def replayed(
    history: History,
    basis: Basis,
    quiet: Mapping[str, str],
    spans: list[Span],
    opened: Mapping[str, list[Recorded]],
) -> list[Day]:
    """Return what is new, day by day, together with what is recorded of these days already."""
    recorded = {path: one.id for path, one in basis.lock.items() if one.id}
    paths = {path for span in spans for step in span.steps for path in step.paths}
    again = [one for known in opened.values() for one in known]
    seeds = sorted({*paths, *(one.path for one in again)} & recorded.keys())

    def is_now(version: tuple[str, str]) -> bool:
        return version in quiet.items() or history.is_now(*version)

    known = [(path, readable(recorded[path])) for path in seeds]
    _refuse_missing(history, [version for version in known if not is_now(version)])
    known += [(one.origin, readable(one.before)) for one in again if one.before]
    known += [version for span in spans for version in span.versions]
    with history.reading(known, is_now) as read:
        shown = {path: _shown(read, path, recorded[path]) for path in seeds}
        former = {
            one.path: Opened(one.path, one.origin, _shown(read, one.origin, one.before))
            for one in again
        }
        replay = Replay(
            read,
            {path: one for path, one in shown.items() if one},
            {*recorded, *(history.notes.keys() - paths)},
            lambda path: history.version(path) if path in recorded else None,
            is_first=len(seeds) == len(recorded),
        )
        return list(replay.days(spans, lambda date: [former[one.path] for one in opened[date]]))


def _shown(read: Read, path: str, identity: str) -> Shown | None:
    """Return what is recorded of a note, which may not be readable since."""
    version = read(path, readable(identity)).published if identity else None
    if version and "~" in identity:
        version = msgspec.structs.replace(version, unreadable=True)
    return Shown(identity, version) if version else None


def _refuse_missing(history: History, versions: list[tuple[str, str]]) -> None:
    """Raise `GitError` where the repository does not have what is recorded."""
    gone = git.missing(history.repo, [identity for _, identity in versions])
    for path, identity in versions:
        if identity in gone:
            raise GitError(
                f"{path}: the repository does not have what the journal recorded of it last "
                f"({identity[:10]}), so what is new is not known: run `git fetch --unshallow` "
                "in a shallow clone, or `vaultsync changelog --rebuild`"
            )
