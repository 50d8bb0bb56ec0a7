"""The note that keeps the journal."""

from __future__ import annotations

from vaultsync.blocks import Context, Journal, fill, journal_block, replace_content
from vaultsync.changelog.history import properties_of
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document
from vaultsync.core.output import Output, replaced
from vaultsync.core.text import apply_edits


def keeper(context: Context) -> Document:
    """Return the note that keeps the journal; raise `VaultError` where there is none."""
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
    """Put in the days that the settings name and the journal does not have."""
    written = {day.date for day in journal.days}
    for date, line in sorted(context.config.changelog.days.items()):
        if date not in written:
            journal = journal.add(date, (line,))
    return journal


def outputs(context: Context, document: Document, journal: Journal) -> list[Output]:
    """Return the notes that change when `document` keeps the journal as it is now."""
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
        replaced(path, before[path].text.encode(), text.encode()) for path, text in texts.items()
    )
    return sorted((output for output in outputs if output), key=lambda output: output.path)
