"""Merge a note by its parts: properties, the claim, the items of its sections, and other text.

Words that a side added are in the result. Where both sides changed one part, theirs is in place and
ours in a callout, as `markdown.conflict_callouts` writes it.
"""

from __future__ import annotations

from functools import partial

import msgspec

from vaultsync.blocks.fill import copy_blocks
from vaultsync.blocks.journal import journal_block, journal_in, united
from vaultsync.blocks.quote import replace_content
from vaultsync.core.config import Config
from vaultsync.core.model import Document
from vaultsync.core.text import apply_edits, line_ending
from vaultsync.markdown import parse
from vaultsync.markdown.conflict_callouts import callout, find_callouts
from vaultsync.notes.note import is_readable
from vaultsync.sync.merge_properties import merge_properties, read_parts
from vaultsync.sync.merge_text import conflict, merge_lines, merge_text
from vaultsync.sync.note_parts import CLAIM, OPENING, DividedNote
from vaultsync.sync.three_way import Part, joined, merge_keyed

_BOM = "\ufeff"
_BLANK = "\n\n"
_MARK = "[!conflict]"


class Merged(msgspec.Struct, frozen=True):
    """A merged note, and how many conflicts are in it."""

    text: str
    conflicts: int


def merge_note(path: str, base: str, ours: str, theirs: str, config: Config) -> Merged:
    """Return three versions of a note as one. The base is "" where there was none.

    The result has the line ends of theirs, or of ours where we alone changed them.
    """
    if theirs in (base, ours) or ours == base:
        return _counted(path, ours if theirs == base else theirs)
    versions = [parse(path, _plain(text)) for text in (base, ours, theirs)]
    merged = _counted(path, _merged(*_with_same_blocks(*versions), config))
    return msgspec.structs.replace(merged, text=_as_in(merged.text, base, ours, theirs))


def _counted(path: str, text: str) -> Merged:
    return Merged(text, len(find_callouts(parse(path, _plain(text)))))


def _plain(text: str) -> str:
    return text.removeprefix(_BOM).replace("\r\n", "\n")


def _as_in(text: str, base: str, ours: str, theirs: str) -> str:
    """Return a text with the line ends, and the mark at the start, of theirs or of ours."""
    mark, newline = _form(ours if _form(theirs) == _form(base) else theirs)
    return mark + text.replace("\n", newline)


def _form(text: str) -> tuple[str, str]:
    return _BOM if text.startswith(_BOM) else "", line_ending(text)


def _with_same_blocks(*versions: Document) -> list[Document]:
    """Return the versions with the journal of both sides, and with other blocks as in theirs.

    Those are generated again.
    """
    was, our, their = map(journal_in, versions)
    dropped = (was.lines - our.lines) | (was.lines - their.lines)
    journal = united(our, their).without(dropped).text()
    *others, theirs = (_with_journal(one, journal) for one in versions)
    same = [copy_blocks(theirs, one, "tree", "history") for one in others]
    return [*(parse(theirs.path, text) for text in same), theirs]


def _with_journal(document: Document, journal: str) -> Document:
    block = journal_block(document)
    if block is None:
        return document
    edit = replace_content(document.text, block, journal)
    return parse(document.path, apply_edits(document.text, [edit]))


def _merged(base: Document, ours: Document, theirs: Document, config: Config) -> str:
    versions = base, ours, theirs
    properties = [read_parts(one.text) for one in versions]
    if None in properties or not all(map(is_readable, versions)):
        text = merge_lines(base.text, ours.text, theirs.text)
        return _side_by_side(ours, theirs) if text is None else text
    notes = [DividedNote(one, config) for one in versions]
    front = merge_properties(*_with_checks_that_hold(properties, notes))
    lead = theirs.text[theirs.body :]
    space = lead[: len(lead) - len(lead.lstrip("\n"))]
    merged = parse(theirs.path, f"{front}{space}{_merged_body(*notes)}")
    are_read = len(find_callouts(merged)) == merged.text.count(_MARK)
    return merged.text if are_read and is_readable(merged) else _side_by_side(ours, theirs)


def _side_by_side(ours: Document, theirs: Document) -> str:
    """Return theirs with all of ours in a callout before its body: no parts can be merged."""
    front, body = theirs.text[: theirs.body], theirs.text[theirs.body :].lstrip("\n")
    return f"{front}{callout(ours.text, 0)}\n\n{body}"


def _with_checks_that_hold(
    properties: list[dict[str, Part]], notes: list[DividedNote]
) -> list[dict[str, Part]]:
    """Return the properties without the day of a check whose object the other side changed."""
    (was, our, their), name = properties, notes[0].check
    base, ours, theirs = (note.checked for note in notes)
    falls = [
        side
        for side, other in ((our, theirs), (their, ours))
        if side.get(name) != was.get(name) and other != base
    ]
    return [
        {key: part for key, part in side.items() if key != name or not (side in falls or part == was.get(name))}
        if falls
        else side
        for side in properties
    ]


def _merged_body(base: DividedNote, ours: DividedNote, theirs: DividedNote) -> str:
    notes = base, ours, theirs

    def both(region: str, was: Part, our: Part, their: Part) -> Part:
        if region != OPENING and region not in base.sections:
            return Part(merge_text(was, our, their), their.gap)
        parts = [note.parts(region) for note in notes]
        least = _BLANK if region == OPENING else "\n"
        return Part(joined(merge_keyed(*parts, _both).values(), least), their.gap)

    merged = [*merge_keyed(*(note.regions for note in notes), both).values()]
    return joined(merged, _BLANK) + (merged[-1].gap if merged else "")


def _both(key: str, base: Part, ours: Part, theirs: Part) -> Part:
    """Return a part of the opening or of a section that both sides changed."""
    if key in ("before", "behind"):
        return Part(merge_text(base, ours, theirs), theirs.gap)
    return conflict(theirs, ours)
