"""When claims last changed, from the history of their notes."""

from __future__ import annotations

from collections.abc import Mapping

from vaultsync.app.workspace import Workspace
from vaultsync.changelog.wording import Claim, last_reworded
from vaultsync.core.errors import GitError
from vaultsync.core.model import Document
from vaultsync.infra import git
from vaultsync.infra.git import log
from vaultsync.markdown import parse
from vaultsync.notes.note import Note


def reworded(workspace: Workspace) -> Mapping[str, str]:
    """Return the claims that changed since they were checked, with the day of the last change.

    "" is the day of an uncommitted change. Only notes with a date of the last check count.
    """
    notes = [note for note in workspace.context.notes if _checked(note)]
    try:
        repo = workspace.repository if notes else None
    except GitError:
        return {}
    if repo is None:
        return {}
    past = log.versions(repo, [note.path for note in notes])
    blobs = git.read_blobs(repo, [name for known in past.values() for _, name in known])
    found: dict[str, str] = {}
    for note in notes:
        versions = [_claim("", note, note.document)]
        for day, name in past[note.path]:
            versions.append(_claim(day, note, parse(note.path, blobs[name])))
        changed = last_reworded(versions)
        found |= {} if changed is None else {note.path: changed}
    return found


def _checked(note: Note) -> str | None:
    return note.document.text_property(note.type.checked) if note.type.checked else None


def _claim(day: str, note: Note, document: Document) -> Claim:
    """Return the claim of an earlier version of a note, wherever it was."""
    earlier = Note(document, note.type_name, note.type)
    lead = earlier.body.lead
    return Claim(day, lead.text if lead else None, _checked(earlier))
