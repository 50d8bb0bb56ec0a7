"""The note that contains the journal: record what is new in it, or make it from the history."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from vaultsync.blocks.context import Context, external_link
from vaultsync.blocks.fill import refresh_blocks, replace_contents
from vaultsync.blocks.journal import (
    Journal,
    build_journal,
    journal_block,
    journal_in,
    without_targets,
)
from vaultsync.blocks.journal_blocks import withheld_in
from vaultsync.blocks.journal_sentences import WIKILINK, write_sentence
from vaultsync.blocks.quote import loose_conflicts
from vaultsync.changelog import note_state
from vaultsync.changelog.lock import DatedLines, Lock, Recorded, digest, digests
from vaultsync.changelog.render import Line, first_line, in_detail, lines_of
from vaultsync.changelog.replay import Day
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document, content_id
from vaultsync.core.output import Output
from vaultsync.core.text import Lines
from vaultsync.markdown.links import split_wikilink
from vaultsync.notes.link_index import linktext, wikilink
from vaultsync.notes.note import stem
from vaultsync.notes.source_lock import SourceLock, SourceRecord

_LINK = re.compile(WIKILINK)


def keeper(context: Context) -> Document:
    """Return the note that contains the journal; raise `VaultError` where there is none."""
    path = context.config.changelog.note
    document = context.vault.documents.get(path)
    if document is None:
        raise VaultError(
            f"{path}: there is no such note: make it, with a `changelog` block, or name another "
            "as `changelog.note` in vaultsync.toml"
        )
    if document.error:
        raise VaultError(f"{path}: {document.error}")
    if journal_block(document) is None:
        raise VaultError(
            f"{path}: there is no `changelog` block in this note: add "
            '`<!-- vaultsync:changelog style="full" -->` and `<!-- /vaultsync -->`, each on a '
            "line of its own with a blank line between"
        )
    return document


def outputs(context: Context, journal: Journal) -> list[Output]:
    """Return the notes that change when the note that contains it has this journal.

    The days that the settings name and the journal does not have are added to it.
    """
    document = keeper(context)
    written, block = {day.date for day in journal.days}, journal_block(document)
    for date, line in sorted(context.config.changelog.days.items()):
        if date not in written:
            journal = journal.add(date, line)
    _refuse_conflicts(context)
    text = replace_contents(document, lambda one: journal.text() if one == block else None)
    vault = context.vault.with_document(note_state.properties_of(document.path, text.encode()))
    after = Context(vault, context.config, sources=context.sources)
    return refresh_blocks(after, "history", before=context.vault)


def _refuse_conflicts(context: Context) -> None:
    """Raise `VaultError` for a conflict of a merge that is not within a generated block."""
    for path, document in sorted(context.vault.documents.items()):
        for conflict in loose_conflicts(document):
            line = Lines(document.text).position(conflict.start)[0]
            raise VaultError(f"{path}:{line}: a conflict of a merge: resolve it, then try again")


def rebuild(context: Context, days: Sequence[Day]) -> tuple[Journal, dict[str, Recorded]]:
    """Return the journal, and the lock, made of `days`, the oldest first.

    The text before the first day stays; the days themselves are replaced. No line names a note that
    is private now. Raises `VaultError` where the vault has no journal.
    """
    head = journal_in(keeper(context)).head
    journal, lock = take_in(context, build_journal(head, ()), {}, days)
    named = {(day, line) for day, line in journal.lines if withheld_in(line, context)}
    return journal.without(frozenset(named)), lock


def with_news_of_sources(context: Context, journal: Journal, known: SourceLock) -> Journal:
    """Return the journal with what became of sources, each on the day on which that was seen.

    `known` is what was known of them before; of what is there, nothing is new. A line is for each
    note that readers see and that cites the source.
    """
    written = {(date, without_targets(line)) for date, line in journal.lines}
    for date, line in sorted(_news(context, known)):
        if (date, without_targets(line)) not in written:
            journal = journal.add(date, line)
    return journal


def _news(context: Context, known: SourceLock) -> Iterator[tuple[str, str]]:
    changed = [
        record
        for record in context.sources.values()
        if record.state not in {"ok", "unknown"} and not _is_known(record, known.get(record.id))
    ]
    by_id = {record.id: record for record in changed if record.since}
    for note in context.published if by_id else ():
        link = wikilink(note.path, context.index, note.title)
        for source in {source.identity: source for source in note.sources()}.values():
            if record := by_id.get(source.identity):
                cited = external_link(source.cite, source.url)
                yield (
                    record.since,
                    write_sentence(f"source {record.state}", note=link, source=cited),
                )


def _is_known(record: SourceRecord, known: SourceRecord | None) -> bool:
    return known is not None and (known.state, known.since) == (record.state, record.since)


def derived(context: Context, days: Sequence[Day], own: Mapping[str, str]) -> Journal:
    """Return the journal of days, the oldest first.

    A day that is among `own` has that line alone; others have each line in detail. Links lead to a
    note's present name; of a note that is gone only the title is shown.
    """
    lines = {
        day.date: [own[day.date]]
        if day.date in own
        else [*day.lines, *(in_detail(line, day) for line in generated)]
        for day, generated in _rendered(context, days)
    }
    return build_journal("", [(date, dict.fromkeys(lines[date])) for date in sorted(lines)[::-1]])


def _rendered(context: Context, days: Sequence[Day]) -> list[tuple[Day, list[Line]]]:
    """Return days, the oldest first, each with the lines generated for it."""
    names: dict[str, str] = {}

    def link(path: str, title: str) -> str:
        found = context.index.resolve(f"/{names.get(path, path)}", "")
        return wikilink(found[0], context.index, title) if found else " ".join(title.split())

    rendered = []
    for day in days[::-1]:
        began = first_line(context.config.changelog.first, day.types)
        paths = tuple(one.path for one in day.recorded)
        rendered.append((day, [Line(began, paths)] if began else lines_of(day.changes, link)))
        for change in day.changes:
            if change.kind == "merged":
                names[change.before] = names.get(change.path, change.path)
            elif change.kind == "renamed":
                names[change.before] = names.pop(change.path, change.path)
    return rendered[::-1]


def take_in(
    context: Context,
    journal: Journal,
    lock: Lock,
    days: Sequence[Day],
    replaced: DatedLines = frozenset(),
) -> tuple[Journal, dict[str, Recorded]]:
    """Return the journal with what happened on `days`, the oldest first, and the lock after that.

    Of the lines `replaced`, those go that are not generated again. A day to which the settings give
    a line has no generated ones.
    """
    own = context.config.changelog.days
    rendered = _rendered(context, days)
    new = dict.fromkeys(
        (day.date, text)
        for day, lines in rendered
        for text in (*day.lines, *(line.text for line in lines if day.date not in own))
    )
    gone = replaced - digests(new)
    past = {(date, text) for date, text in journal.lines if (date, digest(text)) in gone}
    after = _recorded(lock, rendered)
    moves = _moves(after, ()) | _moves(lock, days)
    journal = _relinked(context, journal.without(frozenset(past)), moves)
    journal = _leading(journal, replaced, new)
    known = digests(journal.lines)
    for date, text in new:
        if (date, digest(text)) not in known:
            journal = journal.add(date, text)
    return journal, after


def _leading(journal: Journal, replaced: DatedLines, new: Iterable[tuple[str, str]]) -> Journal:
    """Let lines that are made again lead where the new ones do, of which each is alone."""
    made: dict[tuple[str, str], list[str]] = {}
    for date, text in new:
        made.setdefault((date, digest(text)), []).append(text)
    alone = {key: texts[0] for key, texts in made.items() if key in replaced and len(texts) == 1}
    keys = {(date, text): (date, digest(text)) for date, text in journal.lines} if alone else {}
    return journal.reworded({line: alone[key] for line, key in keys.items() if key in alone})


def _recorded(lock: Lock, rendered: Iterable[tuple[Day, list[Line]]]) -> dict[str, Recorded]:
    """Return the lock after days with their lines."""
    found = dict(lock)
    versions: dict[str, note_state.Version] = {}
    for day, lines in rendered:
        versions |= day.versions
        made: dict[str, set[str]] = {}
        for line in lines:
            for path in line.paths:
                made.setdefault(path, set()).add(digest(line.text))
        for one in day.recorded:
            if one.day:
                # A line that a note is gone is of the name that it had before the day.
                names = (one.path,) if one.id else (one.path, one.origin)
                written = frozenset(line for name in names for line in made.get(name, ()))
                found[one.path] = msgspec.structs.replace(one, lines=written)
            elif one.id:
                known = found.get(one.path, one)
                found[one.path] = msgspec.structs.replace(known, id=one.id)
            else:
                found.pop(one.path, None)
    for path in versions.keys() & found.keys():
        state = note_state.state_digest(versions[path]) if found[path].id else ""
        found[path] = msgspec.structs.replace(found[path], state=state)
    return found


def with_contents(lock: Lock, contents: Mapping[str, bytes], algorithm: str) -> Lock:
    """Return a lock with the ids of other contents of some notes."""
    written = {
        path: msgspec.structs.replace(
            lock[path], id=lock[path].id.replace(lock[path].content, content_id(data, algorithm), 1)
        )
        for path, data in contents.items()
        if path in lock
    }
    return {**lock, **written}


def relinked(context: Context, journal: Journal, lock: Lock) -> Journal:
    """Let lines that a merge brought lead to notes by the names that these have now."""
    return _relinked(context, journal, _moves(lock, ()))


def _moves(lock: Lock, days: Iterable[Day]) -> dict[str, str]:
    """Return where notes came to next, old path to new; "" for those that are gone.

    A path that a note had on a day only in between leads to the one that it had before.
    """
    moves = {name: "" for one in lock.values() if not one.id for name in (one.origin, one.path)}
    now = [one for one in lock.values() if one.id]
    moves |= {old: one.path for one in now for old in (one.origin, one.former) if old}
    for day in days:
        moves |= {one.path: "" for one in day.recorded if not one.id}
        again = [one for one in lock.values() if one.day == day.date and one.origin != one.path]
        moves |= {one.path: one.origin for one in again}
        moves |= {one.origin: one.path for one in day.recorded if one.id}
        moves |= {change.before: change.path for change in day.changes if change.kind == "merged"}
    return moves


def _relinked(context: Context, journal: Journal, moves: dict[str, str]) -> Journal:
    """Let older lines lead to renamed notes by their new name, and to removed ones not at all."""
    former = {
        name: old
        for old, new in moves.items()
        if old != new
        for name in (stem(old), old.removesuffix(".md"))
    }
    if not former:
        return journal

    def relink(found: re.Match[str]) -> str:
        target, _, display = split_wikilink(found[0][2:-2])
        if target not in former or context.index.resolve(target, context.config.changelog.note):
            return found[0]
        path, seen = former[target], {""}
        while path not in seen and path not in context.vault.documents:
            seen.add(path)
            path = moves.get(path, "")
        if path in seen:
            return display or stem(target)
        return found[0].replace(target, linktext(path, context.index), 1)

    days = (msgspec.structs.replace(day, text=_LINK.sub(relink, day.text)) for day in journal.days)
    return Journal(journal.head, tuple(days))
