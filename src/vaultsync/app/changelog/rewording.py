"""When claims last changed, from the history of their notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vaultsync.app.workspace import Workspace
from vaultsync.changelog.wording import Claim, last_reworded
from vaultsync.core.errors import GitError
from vaultsync.core.model import Document
from vaultsync.infra import git
from vaultsync.infra.git import log
from vaultsync.markdown import parse
from vaultsync.notes.note import Note


def reworded(workspace: Workspace, notes: Sequence[Note]) -> Mapping[str, str]:
    """Return which of some claims changed since they were checked, with the day of the last change.

    "" is the day of an uncommitted change.
    """
    try:
        repo = workspace.repository
    except GitError:
        repo = None
    if repo is None:
        return {}
    past = log.versions(repo, [note.path for note in notes])
    blobs = git.read_blobs(repo, [name for known in past.values() for _, name in known])
    found: dict[str, str] = {}
    for note in notes:
        claims = [_claim(day, note, parse(note.path, blobs[name])) for day, name in past[note.path]]
        changed = last_reworded([_claim("", note, note.document), *claims])
        if changed is not None:
            found[note.path] = changed
    return found


def _claim(day: str, note: Note, document: Document) -> Claim:
    """Return the claim of an earlier version of a note, wherever it was."""
    earlier = Note(document, note.type_name, note.type)
    lead = earlier.body.lead
    return Claim(day, lead.text if lead else None, earlier.checked)
