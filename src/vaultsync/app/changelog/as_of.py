"""What the notes of a vault held at the end of an earlier day."""

from __future__ import annotations

import json

from vaultsync.app.changelog.history import History
from vaultsync.app.changelog.whole_history import dated_commits, is_day
from vaultsync.app.workspace import Workspace
from vaultsync.blocks.context import Context, bullet_list
from vaultsync.blocks.notes_block import bullet
from vaultsync.core.errors import ConfigError, VaultError
from vaultsync.core.model import Vault
from vaultsync.infra.git import files as git_files
from vaultsync.infra.git import snapshots
from vaultsync.notes import source_lock
from vaultsync.notes.note import Note


def held(workspace: Workspace, day: str, *, as_json: bool = False) -> str:
    """Return the claims that readers saw at the end of a day, as a list in Markdown or as JSON.

    They are those of the last commit of that day or before it, read with the settings of today; a
    claim that was retired by then is left out. Raises `VaultError` where there was no commit yet.
    """
    if not is_day(day):
        raise ConfigError(f"--as-of: `{day}` is not a day: write it as 2026-01-31")
    context = _context_of(workspace, day)
    notes = sorted(context.current, key=lambda note: note.path)
    if as_json:
        rows = [_row(note) for note in notes]
        return json.dumps({"version": 1, "day": day, "notes": rows}, ensure_ascii=False) + "\n"
    return bullet_list(bullet(note, context) for note in notes) + "\n"


def _context_of(workspace: Workspace, day: str) -> Context:
    history = History(workspace)
    until = [commit for date, commit in dated_commits(history) if date <= day]
    if not until:
        raise VaultError(f"--as-of: this vault has no commit of {day} or before")
    commit = until[-1]
    entries = git_files.tree(history.repo, commit.id, commit.folder)
    shown = frozenset(filter(workspace.is_shown, entries))
    documents = snapshots.documents_of(
        workspace.blobs, entries, workspace.is_shown, workspace.cache
    )
    lock = {path: entry for path, entry in entries.items() if path == source_lock.NAME}
    data = git_files.read_files(history.repo, lock).get(source_lock.NAME, b"")
    sources = source_lock.parse_source_lock(data)
    return Context(Vault(documents, shown), workspace.config, sources=sources)


def _row(note: Note) -> dict[str, object]:
    sources = [{"role": one.role, "url": one.url, "cite": one.cite} for one in note.sources()]
    properties = note.document.properties.data
    return {
        "path": note.path,
        "type": note.type_name,
        "title": note.title,
        "claim": note.lead,
        "properties": properties,
        "sources": sources,
    }
