"""Notes that the post lists no longer, so that links to them still land."""

from __future__ import annotations

from vaultsync.blocks import Context, bullets, literal
from vaultsync.notes.note import ANSWERED, RETIRED, Note
from vaultsync.publish.ids import Names


def unlisted(context: Context, names: Names) -> str:
    """Return the retired and answered notes that have no place yet, folded; "" for none.

    A type of which the post shows no note is not of the post.
    """
    types = {note.type_name for note in context.published if note.path in names.notes}
    gone = [
        note
        for note in context.published
        if note.path not in names.notes and note.type_name in types and _state(note)
    ]
    if not gone:
        return ""
    summary = f"<details>\n<summary>No longer listed: {len(gone)}</summary>"
    return f"{summary}\n\n{bullets(_entry(note, context) for note in gone)}\n\n</details>"


def _state(note: Note) -> str:
    return next((state for state in (RETIRED, ANSWERED) if note.in_state(state)), "")


def _entry(note: Note, context: Context) -> str:
    lead = f": {context.quote(note.lead, note)}" if note.body.lead else ""
    frame = context.frame
    opening = f"{frame.before(note)}**{literal(note.title)}** ({_state(note)})"
    return f"{opening}{lead}{frame.after(note)}"
