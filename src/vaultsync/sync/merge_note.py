"""Merge a note by its parts: properties, the claim, the items of its sections, and other text.

Words that a side added are in the result. Where both sides changed one part, theirs is in place and
ours in a callout, as `markdown.conflict_callouts` writes it.
"""

from __future__ import annotations

import msgspec

from vaultsync.blocks.fill import copy_blocks
from vaultsync.blocks.journal import journal_block, journal_in, united
from vaultsync.blocks.quote import replace_content
from vaultsync.core.config import Config
from vaultsync.core.model import Document
from vaultsync.core.text import apply_edits, line_ending
from vaultsync.markdown import parse
from vaultsync.markdown.conflict_callouts import are_markup, callout, find_callouts
from vaultsync.notes.note import is_readable
from vaultsync.sync.merge_properties import merge_properties, read_parts
from vaultsync.sync.merge_text import conflict, merge_lines, merge_text
from vaultsync.sync.note_parts import OPENING, DividedNote
from vaultsync.sync.three_way import Part, Parts, Versions, joined, merge_keyed, taken, versions

_BOM = "\ufeff"
_BLANK = "\n\n"


class Merged(msgspec.Struct, frozen=True):
    """A merged note, and how many conflicts are in it."""

    text: str
    conflicts: int


def merge_note(path: str, texts: Versions[str], config: Config) -> Merged:
    """Return three versions of a note as one; of the base "" where there was none.

    The result has the line ends of theirs, or of ours where they did not change them.
    """
    same = taken(texts)
    if same is not None:
        return _counted(path, same)
    documents = versions(parse(path, _plain(text)) for text in texts)
    merged = _counted(path, _merged(_with_same_blocks(documents), config))
    return msgspec.structs.replace(merged, text=_as_in(merged.text, texts))


def _counted(path: str, text: str) -> Merged:
    return Merged(text, len(find_callouts(parse(path, _plain(text)))))


def _plain(text: str) -> str:
    return text.removeprefix(_BOM).replace("\r\n", "\n")


def _as_in(text: str, texts: Versions[str]) -> str:
    """Return a text with the start, the line ends and the end of theirs, or of ours."""
    base, ours, theirs = map(_form, texts)
    forms = zip(base, ours, theirs, strict=True)
    mark, newline, end = (our if their == was else their for was, our, their in forms)
    return mark + (text.rstrip("\n") + end).replace("\n", newline)


def _form(text: str) -> tuple[str, str, str]:
    plain = _plain(text)
    end = plain[len(plain.rstrip("\n")) :]
    return _BOM if text.startswith(_BOM) else "", line_ending(text), end


def _with_same_blocks(documents: Versions[Document]) -> Versions[Document]:
    """Return the versions with the journal of both sides, and with the same other blocks.

    Those are as in theirs, or in ours where theirs are as in the base. They are generated again.
    """
    was, our, their = map(journal_in, documents)
    dropped = (was.lines - our.lines) | (was.lines - their.lines)
    journal = united(our, their).without(dropped).text()
    base, ours, theirs = together = versions(_with_journal(one, journal) for one in documents)
    is_unchanged = copy_blocks(base, theirs, "tree", "history") == theirs.text
    source = ours if is_unchanged else theirs
    return versions(
        parse(one.path, copy_blocks(source, one, "tree", "history")) for one in together
    )


def _with_journal(document: Document, journal: str) -> Document:
    block = journal_block(document)
    if block is None:
        return document
    edit = replace_content(document.text, block, journal)
    return parse(document.path, apply_edits(document.text, [edit]))


def _merged(documents: Versions[Document], config: Config) -> str:
    read = [parts for one in documents if (parts := read_parts(one.text)) is not None]
    if len(read) < len(documents) or not all(map(is_readable, documents)):
        text = merge_lines(versions(one.text for one in documents))
        return _side_by_side(documents) if text is None else text
    notes = versions(DividedNote(one, config) for one in documents)
    front = merge_properties(_with_valid_checks(versions(read), notes))
    behind = documents[2].text[documents[2].body :]
    space = behind[: len(behind) - len(behind.lstrip("\n"))]
    merged = parse(documents[2].path, f"{front}{space}{_merged_body(notes)}")
    is_sound = is_readable(merged) and are_markup(merged)
    return merged.text if is_sound else _side_by_side(documents)


def _side_by_side(documents: Versions[Document]) -> str:
    """Return theirs with all of ours in a callout before its body: no parts can be merged."""
    _, ours, theirs = documents
    front, body = theirs.text[: theirs.body], theirs.text[theirs.body :].lstrip("\n")
    return f"{front}{callout(ours.text, 0)}\n\n{body}"


def _with_valid_checks(
    properties: Versions[Parts], notes: Versions[DividedNote]
) -> Versions[Parts]:
    """Return the properties without the day of a check if the other side changed what it is of."""
    name, (base, ours, theirs) = notes[0].check, (note.checked for note in notes)
    day, *days = (side.get(name) for side in properties)
    pairs = zip(days, (theirs != base, ours != base), strict=True)
    invalid = {one for one, is_changed in pairs if is_changed and one != day}
    if not invalid:
        return properties
    return versions(
        {key: part for key, part in side.items() if part not in {*invalid, day}}
        for side in properties
    )


def _merged_body(notes: Versions[DividedNote]) -> str:
    def both(region: str, parts: Versions[Part]) -> Part:
        if region != OPENING and region not in notes[0].sections:
            return Part(merge_text(parts), parts[2].gap)
        inner = merge_keyed(versions(note.parts(region) for note in notes), _both)
        return Part(joined(inner.values(), _BLANK if region == OPENING else "\n"), parts[2].gap)

    return joined(merge_keyed(versions(note.regions for note in notes), both).values(), _BLANK)


def _both(key: str, parts: Versions[Part]) -> Part:
    """Return a part of the opening or of a section that both sides changed."""
    _, ours, theirs = parts
    if key in {"before", "behind"}:
        return Part(merge_text(parts), theirs.gap)
    return conflict(theirs, ours)
