"""The note that contains the journal, and the journal made from the whole history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from vaultsync.blocks.context import Context
from vaultsync.blocks.fill import fill
from vaultsync.blocks.journal import Journal, build_journal, journal_block, journal_in
from vaultsync.blocks.quote import replace_content
from vaultsync.changelog.compare import Change
from vaultsync.changelog.note_state import properties_of
from vaultsync.changelog.render import first_line, lines_of
from vaultsync.changelog.timeline import Day
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document
from vaultsync.core.output import Output, changed_output
from vaultsync.core.text import apply_edits
from vaultsync.notes.link_index import wikilink


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


def with_days(context: Context, journal: Journal) -> Journal:
    """Add the days that the settings name and the journal does not have."""
    written = {day.date for day in journal.days}
    for date, line in sorted(context.config.changelog.days.items()):
        if date not in written:
            journal = journal.add(date, (line,))
    return journal


def outputs(context: Context, document: Document, journal: Journal) -> list[Output]:
    """Return the notes that change when `document` contains the journal as it is now."""
    block = journal_block(document)
    texts = {document.path: document.text}
    if block and journal.text() != block.content(document.text):
        edit = replace_content(document.text, block, journal.text())
        texts[document.path] = apply_edits(document.text, (edit,))
    vault = context.vault.with_document(properties_of(document.path, texts[document.path].encode()))
    renewed = Context(vault, context.config)
    for path, other in vault.documents.items():
        if not other.error and other.directives:
            texts[path] = fill(other, renewed, "history")
    before = context.vault.documents
    outputs = (
        changed_output(path, before[path].text.encode(), text.encode())
        for path, text in texts.items()
    )
    return sorted((output for output in outputs if output), key=lambda output: output.path)


def rebuild(context: Context, days: Iterable[Day]) -> list[Output]:
    """Return the notes that change when the journal is made of `days`, the newest first.

    The text before the first day stays; the days themselves are replaced. Raises
    `VaultError` where the vault has no journal.
    """
    document = keeper(context)
    head = journal_in(document).head
    journal = derived(context, days, context.config.changelog.days, head)
    return outputs(context, document, with_days(context, journal))


def derived(
    context: Context, days: Iterable[Day], own: Mapping[str, str], head: str = ""
) -> Journal:
    """Return the journal of days, the newest first.

    A day that is among `own` has that line alone. Links lead to a note's present name; of a note
    that is gone only the title is shown.
    """
    names: dict[str, str] = {}

    def link(path: str, title: str) -> str:
        found = context.index.resolve(f"/{names.get(path, path)}", "")
        return wikilink(found[0], context.index, title) if found else " ".join(title.split())

    def rendered() -> Iterator[tuple[str, Iterable[str]]]:
        first = context.config.changelog.first
        for day in days:
            lines = [own[day.date]] if day.date in own else list(day.lines)
            if day.date not in own:
                began = first_line(first, day.types)
                lines += [began] if began else [line.text for line in lines_of(day.changes, link)]
            yield day.date, dict.fromkeys(lines)
            for change in day.changes:
                if change.kind == "renamed":
                    names[change.before] = names.pop(change.path, change.path)

    return build_journal(head, rendered())


def of_note(days: Iterable[Day], path: str) -> list[Day]:
    """Return what happened to one note, of days the newest first; earlier names are followed."""
    found = []
    for day in days:
        changes = tuple(change for change in day.changes if path in _about(change))
        if changes:
            found.append(msgspec.structs.replace(day, changes=changes, lines=(), types=()))
        renamed = (c.before for c in changes if c.kind == "renamed" and c.path == path)
        path = next(renamed, path)
    return found


def latest_name(days: Iterable[Day], path: str) -> str:
    """Return where a note came to that once had a path; days come newest first."""
    for day in list(days)[::-1]:
        renamed = {change.before: change.path for change in day.changes if change.kind == "renamed"}
        path = renamed.get(path, path)
    return path


def _about(change: Change) -> tuple[str, ...]:
    if change.kind == "linked":
        return change.path, change.after
    return (change.path, change.before) if change.kind == "merged" else (change.path,)
