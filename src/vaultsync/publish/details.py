"""What a note holds besides its claim, folded under its bullet."""

from __future__ import annotations

from vaultsync.blocks import Context, contents
from vaultsync.notes import Note


def details(note: Note, context: Context) -> str:
    """Return a folded part in Markdown, indented to belong to a list item; "" if there is none."""
    parts = list(contents(note, context))
    if not parts:
        return ""
    names = ", ".join(part.name for part in parts)
    summary = names[:1].upper() + names[1:].lower()
    opening = f"<details>\n<summary>{summary}</summary>"
    texts = (f"{part.name}\n\n{part.text}" if part.is_list else part.text for part in parts)
    text = "\n\n".join([opening, *texts, "</details>"])
    return "\n\n" + "\n".join(f"  {line}" if line else "" for line in text.split("\n"))
