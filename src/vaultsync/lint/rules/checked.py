"""SRC: when a person last compared a claim with its source."""

from __future__ import annotations

from collections.abc import Iterator

from vaultsync.core.model import Document
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Example, Finding, rule

_NOTE = "---\ntitle: A\ntested_on: one model\nchecked: 2026-01-05\n---\n\nText.\n"


@rule(
    "SRC008",
    "stale-check",
    Example(
        _NOTE,
        _NOTE.replace("01-05", "02-01"),
        path="Tested/note.md",
        others={".git/reworded": "Tested/note.md 2026-02-01"},
    ),
    severity="hint",
    history=True,
    typed=True,
)
def stale_check(document: Document, context: Context) -> Iterator[Finding]:
    """The claim changed after a person last compared it with its source.

    The type names the property with that day (`checked`). When the claim changed is read from git,
    by the day of the commit, and only its words count: a rename of the note, new line breaks and
    changes elsewhere in it do not. A commit that changes both the claim and the day is a check.
    Compare the claim with the source and write the day.
    """
    note = context.note(document)
    day = context.reworded.get(document.path)
    name = note.type.checked if note else ""
    checked = document.text_property(name) if name else None
    if checked is None or day is None or name not in document.properties.values:
        return
    if not day or day > checked:
        when = f"on {day}" if day else "and is not committed yet"
        message = f"the claim changed {when}, after it was checked: compare it with the source"
        yield Finding(document.properties.values[name], message)


RULES = (stale_check,)
