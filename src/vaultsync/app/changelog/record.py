"""Record what is new in the journal and its lock.

What is new is the difference between the lock of the last commit and the notes as they are now.
"""

from __future__ import annotations

import msgspec

from vaultsync.app.changelog.catch_up import is_settled, new_spans, quiet_notes, replayed
from vaultsync.app.changelog.history import History
from vaultsync.app.changelog.lock_file import (
    committed_lock,
    current_lock,
    dropped_lines,
    lock_data,
    unedited_lines,
)
from vaultsync.app.changelog.whole_history import all_days, days_of_commits
from vaultsync.app.workspace import Workspace
from vaultsync.blocks.journal import Journal, journal_in
from vaultsync.changelog import journal
from vaultsync.changelog.basis import Basis, basis
from vaultsync.changelog.lock import Lock, digest, digests, lock_path, lock_text, readable, states
from vaultsync.core.output import Output, changed_output
from vaultsync.infra import git
from vaultsync.notes import source_lock


class Recording(msgspec.Struct, frozen=True):
    """The files that change when the journal records what is new, and remarks for the user."""

    outputs: list[Output]
    remarks: tuple[str, ...] = ()


def rebuild_journal(workspace: Workspace) -> Recording:
    """Return what changes when the journal is made from the whole history."""
    days = all_days(History(workspace), progress=workspace.progress)
    made, lock = journal.rebuild(workspace.context, days)
    made = journal.with_news_of_sources(workspace.context, made, {})
    return Recording(_outputs(workspace, made, lock))


def record_changes(workspace: Workspace) -> Recording:
    """Return what changes when the journal records what is new."""
    history = History(workspace)
    written = _written(workspace, history)
    current = current_lock(workspace, history)
    if current is not None and is_settled(history, current):
        linked = journal.relinked(workspace.context, written, current)
        linked = _with_news(workspace, history, linked)
        return Recording(_outputs(workspace, linked, current, current))
    committed, remark = committed_lock(history, current, written)
    known = _basis(history, committed, current, written)
    quiet = quiet_notes(history, known.lock)
    spans = new_spans(history, known, quiet, begun=bool(written.days))
    befores = [one.before for span in spans for one in known.opened(span.date, ())]
    missing = git.missing(history.repo, map(readable, filter(None, befores)))
    opened = {span.date: known.opened(span.date, missing) for span in spans}
    days = replayed(history, known, quiet, spans, opened)
    replaced = known.replaced(one for again in opened.values() for one in again)
    taken = journal.take_in(workspace.context, written, known.lock, days, replaced)
    if taken[0].days and not written.days and current is None:
        remark = _earlier_days(history)
    taken = _with_news(workspace, history, taken[0]), taken[1]
    return Recording(_outputs(workspace, *taken, current), (remark,) if remark else ())


def _with_news(workspace: Workspace, history: History, written: Journal) -> Journal:
    """Return the journal with what became of sources since the last commit."""
    if not workspace.source_lock:
        return written
    committed = history.files.get(source_lock.NAME)
    data = git.read_blobs(history.repo, [committed])[committed] if committed else b""
    known = source_lock.parse_source_lock(data)
    return journal.with_news_of_sources(workspace.context, written, known)


def _written(workspace: Workspace, history: History) -> Journal:
    """Return the journal as it is; where a merge left conflicts in it, what both branches keep."""
    keeper = journal.keeper(workspace.context)
    written = journal_in(keeper).tidied()
    dropped = dropped_lines(history) if keeper.conflicts else frozenset()
    lines = ((date, text) for date, text in written.lines if (date, digest(text)) in dropped)
    return written.without(frozenset(lines))


def _earlier_days(history: History) -> str:
    """Return a remark where the first entry sums up commits of several days, else ""."""
    count = len(days_of_commits(history))
    text = f"the first entry sums up commits of {count} days: `vaultsync changelog --rebuild`"
    return f"{text} records each day" if count > 1 else ""


def _basis(history: History, committed: Lock, current: Lock | None, written: Journal) -> Basis:
    first = f"{history.config.changelog.first}: "
    lines = digests(written.lines)
    sums = digests(one for one in written.lines if one[1].startswith(first))
    if current is not None and history.tip and git.merged(history.repo):
        return Basis(committed, current, frozenset(), lines | unedited_lines(history), sums)
    fresh = [one for path, one in (current or {}).items() if one != committed.get(path)]
    ids = {readable(known) for one in fresh for known in (one.id, one.before) if known}
    ids -= {one.id for one in fresh if history.is_now(one.path, one.id)}
    found = basis(committed, current or {}, lines, git.missing(history.repo, ids))
    return msgspec.structs.replace(found, first=sums)


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
        output = changed_output(path, lock_data(workspace), lock_text(lock).encode())
        outputs += [output] if output else []
    return outputs
