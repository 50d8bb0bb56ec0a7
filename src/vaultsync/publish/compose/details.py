"""What a folded post has besides its claims.

That is the details and the history of a note, folded under its bullet, and behind all notes the
board of tensions and the retired notes.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from html import escape

import msgspec

from vaultsync.blocks.context import Context, bullet_list, external_link, format_count
from vaultsync.blocks.journal import dated_lines
from vaultsync.blocks.journal_blocks import format_day, visible_journal
from vaultsync.blocks.journal_sentences import WIKILINK, Sentence, read_sentence
from vaultsync.blocks.note_parts import NotePart, note_parts
from vaultsync.blocks.quote import find_blocks, uncommented
from vaultsync.blocks.tensions import tension_cards
from vaultsync.notes.citation import parse_source
from vaultsync.notes.note import ANSWERED, RETIRED, Note, stem
from vaultsync.publish.compose.anchors import Names

_HISTORY = "history"
# Around the name of a place in the composed text: where the page shows how to cite the note there.
CITE = "\ufdd7"
_RENAMED = re.compile(r", before: (?P<name>.+)")
# Words without markup, which need no Markdown: in HTML they are the same.
_WORDS = re.compile(r"[^\W\d_](?:[^\W_]|[ ,.;:-])*(?<! )")
_OF_THE_NOTE = re.compile(rf"(?: in| from| into| of| to)? {WIKILINK}")
# Their lines reveal internals of the vault: values of any property, names of folders, mistakes.
_QUIET = frozenset({"changed", "removed", "refiled", "filed", "unreadable", "readable"})

_OF_PAIRS = {"linked": "Linked with {}", "unlinked": "Unlinked from {}"}
_SUGGESTED = "Perhaps related"
_UNCONFIRMED = "*Suggested by comparing the notes; nobody has confirmed it.*"


def details(
    note: Note,
    context: Context,
    history: Sequence[str] = (),
    place: str | None = None,
    suggested: Sequence[str] = (),
) -> str:
    """Return a folded part in Markdown, indented to belong to a list item; "" if there is none.

    `history` and `suggested`, the notes that are perhaps related, are lines of Markdown. With the
    name of the note's place, it is to be cited by that.
    """
    parts = list(note_parts(note, context))
    if suggested:
        parts.append(NotePart(_SUGGESTED, _suggestions(suggested), is_list=True))
    if history:
        parts.append(NotePart(_HISTORY, bullet_list(history), is_list=True))
    if checked := _checked(note):
        parts.append(NotePart("Checked", checked))
    if not parts:
        return ""
    described = [_described(part, note) for part in parts]
    if place:
        described.append(f"<dt>Cite this</dt>\n<dd>{CITE}{place}{CITE}</dd>")
    opening = f"<details>\n<summary>{_summary(parts)}</summary>\n<dl>"
    text = "\n".join([opening, *described, "</dl>\n</details>"])
    return "\n\n" + "\n".join(f"  {line}" if line else "" for line in text.split("\n"))


def more(note: Note, history: Sequence[str], suggested: Sequence[str] = ()) -> str:
    """Return what follows a note that is shown unfolded, as Markdown."""
    related = f"{_SUGGESTED}:\n\n{_suggestions(suggested)}" if suggested else ""
    days = f"History:\n\n{bullet_list(history)}" if history else ""
    return "\n\n".join(filter(None, [related, days, _checked(note)]))


def _suggestions(lines: Sequence[str]) -> str:
    return f"{_UNCONFIRMED}\n\n{bullet_list(lines)}"


def _described(part: NotePart, note: Note) -> str:
    """Return a part with its name, as an item of a description list."""
    section = note.type.body.sections.get(part.name)
    text = part.text.removeprefix(f"{part.name}:").lstrip(" ")
    if part.is_list and section and section.items == "source":
        text = "\n".join(map(_source_line, part.text.split("\n")))
    name = escape(part.name[:1].upper() + part.name[1:], quote=False)
    kind = ' class="history"' if part.name == _HISTORY else ""
    shown = text if _WORDS.fullmatch(text) else f"\n\n{text}\n\n"
    return f"<dt>{name}</dt>\n<dd{kind}>{shown}</dd>"


def _source_line(line: str) -> str:
    """Return the line of a source for readers; what is not one stays as it is."""
    source = parse_source(line.removeprefix("- ")) if line.startswith("- ") else None
    if source is None:
        return line
    role = f"*{source.role}:* " if source.role else ""
    who = " ".join(filter(None, [source.authors, str(source.year or "")]))
    parts = (external_link(source.title, source.url), who, source.venue)
    read = "; ".join(source.details[bool(source.venue) :])
    disputes = "".join(f"; disputes {name}" for name in source.disputes)
    label = "" if "read" in read.split() else "read: "
    last = f"<small>; {label}{read}</small>" if read else ""
    return f"- {role}{', '.join(filter(None, parts))}{disputes}{last}"


def _summary(parts: Iterable[NotePart]) -> str:
    """Return what can be unfolded: the names of parts, those of lists with how many they are."""
    named = dict.fromkeys(_counted(part) for part in parts if not part.is_property)
    # Nearly all have a history.
    shown = " · ".join(name for name in named if name != _HISTORY or len(named) == 1) or "More"
    return escape(shown[:1].upper() + shown[1:], quote=False)


def _counted(part: NotePart) -> str:
    name = part.name.lower()
    number = sum(line.startswith("- ") for line in part.text.split("\n")) if part.is_list else 0
    if not number or name == _HISTORY:
        return name
    return f"{number} {name.removesuffix('s') if number == 1 else name}"


def is_checked(note: Note) -> bool | None:
    """Whether a person compared the note with its source; None where its type does not need it."""
    checked = note.type.checked
    return note.document.text_property(checked) is not None if checked else None


def _checked(note: Note) -> str:
    """Return when a person compared the note with its source, "" for never."""
    day = note.document.text_property(note.type.checked) if note.type.checked else None
    return f"Checked: against its source, {format_day(day, with_year=True)}" if day else ""


class HistoryEntry(msgspec.Struct, frozen=True):
    """A line of the journal on a note: a day as YYYY-MM-DD, Markdown without that note's name.

    `about` is the property whose values it shows, "" for none. `adds`: the note
    is there since that day.
    """

    date: str
    text: str
    about: str = ""
    adds: bool = False


class NoteHistory(msgspec.Struct, frozen=True):
    """By a note's path: its entries, the newest first, and the names it had before."""

    entries: Mapping[str, tuple[HistoryEntry, ...]] = {}
    names: Mapping[str, tuple[str, ...]] = {}

    def of(self, path: str, shown: Container[str]) -> tuple[HistoryEntry, ...]:
        """Return the entries of a note, values of properties only where those are shown."""
        entries = self.entries.get(path, ())
        return tuple(one for one in entries if not one.about or one.about in shown)

    def on_page(self, path: str, context: Context) -> tuple[HistoryEntry, ...]:
        """Return the entries of a note that the page shows."""
        settings = context.config.publish
        return self.of(path, {*settings.details, *settings.filters, settings.map})


def shows_changelog(context: Context) -> bool:
    """Whether the post shows the journal to its readers."""
    return _shows(context, "changelog")


def _shows(context: Context, kind: str) -> bool:
    post = context.vault.documents[context.config.publish.post]
    return any(block.kind == kind for block in find_blocks(uncommented(post))[0])


def note_history(context: Context) -> NoteHistory:
    """Return the history of the notes that readers see, the newest day first.

    There is none unless the post shows the changelog: a journal might be the author's alone.
    """
    if not shows_changelog(context):
        return NoteHistory()
    entries: dict[str, dict[HistoryEntry, None]] = {}
    names: dict[str, dict[str, None]] = {}
    note, seen = context.config.changelog.note, {note.path for note in context.published}
    lines = dated_lines(visible_journal(context))
    for date, line in sorted(lines, key=lambda dated: dated[0], reverse=True):
        about = context.linked(line, note)
        entry = read_sentence(line)
        if about and seen.issuperset(about):
            shown = entry.property if entry else ""
            adds = entry is not None and entry.kind == "added"
            for path, text in _texts_by_note(line, entry, about):
                entries.setdefault(path, {})[HistoryEntry(date, text, shown, adds)] = None
        renamed = _RENAMED.search(line) if entry and entry.kind == "renamed" else None
        if renamed and about:
            names.setdefault(about[0], {})[stem(renamed["name"])] = None
    return NoteHistory(
        {path: tuple(found) for path, found in entries.items()},
        {path: tuple(found) for path, found in names.items()},
    )


def _texts_by_note(
    line: str, entry: Sentence | None, about: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Yield a line as a text on each note that it is about, by path, without that note's name."""
    if entry is None:
        yield from ((path, line) for path in dict.fromkeys(about))
    elif entry.kind in _OF_PAIRS:
        form, (one, other) = _OF_PAIRS[entry.kind], entry.links
        yield from ((about[0], form.format(other)), (about[1], form.format(one)))
    elif entry.kind == "renamed":
        yield about[0], entry.verb
    elif entry.kind not in _QUIET:
        yield about[0], _OF_THE_NOTE.sub("", line, count=1)


def appendix(context: Context, names: Names) -> Iterator[str]:
    """Yield what is behind the notes, as far as there is any: the board, and retired notes.

    What is listed no longer gets its places last.
    """
    yield from filter(None, [board(context, names.notes), retired_notes(context, names)])


def board(context: Context, placed: Container[str]) -> str:
    """Return the board of the placed notes as a section of Markdown; "" where it is empty.

    It is not behind the notes where a block of the post shows it.
    """
    cards = "" if _shows(context, "tensions") else tension_cards(context, placed)
    text, enclosed = f"## Tensions\n\n{cards}" if cards else "", context.decoration.board
    return enclosed(text) if enclosed and text else text


def retired_notes(context: Context, names: Names) -> str:
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
    summary = f"<details>\n<summary>{format_count(len(gone), 'note')}</summary>"
    entries = bullet_list(_entry(note, context) for note in gone)
    return f"## No longer listed\n\n{summary}\n\n{entries}\n\n</details>"


def _state(note: Note) -> str:
    return next((state for state in (RETIRED, ANSWERED) if note.in_state(state)), "")


def _entry(note: Note, context: Context) -> str:
    frame = context.decoration
    lead = context.quote(note.lead, note)
    return f"{frame.before(note)}*{_state(note).capitalize()}:* {lead}{frame.after(note)}"
