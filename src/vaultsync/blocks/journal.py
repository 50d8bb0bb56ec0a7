"""The changelog's journal: its days, the lines generated in it, and the blocks that show it.

The journal is the content of the `changelog` block in the changelog note. A day is a heading
`### YYYY-MM-DD` and whatever is below it, newest first; what is written there is never rewritten.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from vaultsync.blocks.context import BlockError, BlockRequest, Context, bullet_list
from vaultsync.blocks.quote import GeneratedBlock, find_blocks, plain_text, without_comments
from vaultsync.core.model import Document
from vaultsync.markdown.conflicts import sides
from vaultsync.markdown.links import split_wikilink
from vaultsync.notes.note import stem

WIKILINK = r"\[\[(?:(?!\[\[|\]\]).)+\]\]"
_DAY = re.compile(r"^(###[ \t]+(\d{4}-\d{2}-\d{2})[ \t]*(?:\n+|\Z))", re.MULTILINE)
_LINK = re.compile(WIKILINK)
_BULLET = re.compile(r"^[-*+][ \t]+(?P<text>.*)$", re.MULTILINE)
# Of so many notes with the same verb a summary gives the number.
_MANY = 5


class Day(msgspec.Struct, frozen=True):
    """A day of the journal: `date` as YYYY-MM-DD, `text` as written below its heading.

    `heading` and `gap` are what is before and behind the text, line breaks included.
    """

    date: str
    text: str
    heading: str
    gap: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The day's list items, without their bullets."""
        return tuple(found["text"].strip() for found in _BULLET.finditer(self.text))


class Journal(msgspec.Struct, frozen=True):
    """Text before the first day, and the days in the order they are written."""

    head: str = ""
    days: tuple[Day, ...] = ()

    def add(self, date: str, line: str) -> Journal:
        """Return the journal with a line added to the end of a day, which is made if need be."""
        head, days, text = self.head, list(self.days), bullet_list([line])
        for number, day in enumerate(days):
            if day.date == date:
                days[number] = _extended(day, text)
                return Journal(head, tuple(days))
        at = next((n for n, day in enumerate(days) if day.date < date), len(days))
        if at:
            days[at - 1] = msgspec.structs.replace(days[at - 1], gap=_ended(days[at - 1].gap))
        elif head:
            head = _ended(head)
        days.insert(at, _new_day(date, text))
        return Journal(head, tuple(days))

    def without(self, lines: frozenset[tuple[str, str]]) -> Journal:
        """Return the journal without some lines of some dates, and without days left empty."""
        days = []
        for day in self.days:
            removed = {line for date, line in lines if date == day.date}
            text = _strip(day.text, removed) if removed else day.text
            days += [msgspec.structs.replace(day, text=text)] if text or not removed else []
        return Journal(self.head, tuple(days))

    def tidied(self) -> Journal:
        """Return the journal as merges may have left it, with its days in order and each once.

        A generated line is in a day once; days without a text are left out.
        """
        found: dict[str, Day] = {}
        for day in self.days:
            text = _without_repeats(day.text)
            known = found.get(day.date, msgspec.structs.replace(day, text=""))
            found[day.date] = msgspec.structs.replace(known, text=_united(known.text, text))
        newest = sorted((day for day in found.values() if day.text), key=_date, reverse=True)
        days = tuple(newest)
        return self if days == self.days else Journal(self.head, tuple(map(_spaced, days)))

    @property
    def lines(self) -> frozenset[tuple[str, str]]:
        """All lines, each with the date of its day."""
        return _lines(self.days)

    def text(self) -> str:
        """Return the journal as Markdown, what was read as it was written."""
        days = (f"{day.heading}{day.text}{day.gap}" for day in self.days)
        return "".join([self.head, *days]).strip("\n")


# The journals of a vault's versions are mostly one.
@functools.lru_cache(maxsize=4)
def _lines(days: tuple[Day, ...]) -> frozenset[tuple[str, str]]:
    return frozenset((day.date, line) for day in days for line in day.lines)


def build_journal(head: str, days: Iterable[tuple[str, Iterable[str]]]) -> Journal:
    """Return a journal of days, the newest first; a day without lines is left out.

    `head` is the text before them.
    """
    written = ((date, bullet_list(lines)) for date, lines in days)
    made = tuple(_new_day(date, text) for date, text in written if text)
    return Journal(_ended(head) if head else "", made)


def _new_day(date: str, text: str) -> Day:
    return Day(date, text, f"### {date}\n\n", "\n\n")


def _extended(day: Day, text: str) -> Day:
    if day.text:
        return msgspec.structs.replace(day, text=f"{day.text}\n{text}")
    return Day(day.date, text, _ended(day.heading), _ended(day.gap))


def _ended(text: str) -> str:
    """Return a text that ends with a blank line."""
    return text + "\n" * (2 - (len(text) - len(text.rstrip("\n"))))


def _strip(text: str, lines: set[str]) -> str:
    found = ((line, _BULLET.match(line)) for line in text.split("\n"))
    kept = (line for line, item in found if not item or item["text"].strip() not in lines)
    return "\n".join(kept).strip("\n")


def parse_journal(text: str) -> Journal:
    """Read a journal. Any text is one: what is not a day is the head."""
    head, *parts = _DAY.split(text)
    days = []
    for heading, date, written in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        bare = written.rstrip("\n")
        days.append(Day(date, bare, heading, written[len(bare) :]))
    return Journal(head, tuple(days))


def journal_block(document: Document | None) -> GeneratedBlock | None:
    """Return the block of a note that contains the journal: its first `changelog` block."""
    blocks = find_blocks(document)[0] if document else ()
    return next((block for block in blocks if block.kind == "changelog"), None)


def journal_in(document: Document | None) -> Journal:
    """Return the journal that a note contains; an empty one where it contains none.

    Where a merge left conflicts in it, it is that of both sides.
    """
    block = journal_block(document)
    if document is None or block is None:
        return Journal()
    content = block.content(document.text)
    return _merged(content) if document.conflicts else parse_journal(content)


def _merged(text: str) -> Journal:
    """Return what either side of the conflicts in a journal has, each day once."""
    ours, theirs = map(parse_journal, sides(text))
    if ours == theirs:
        return ours
    head = _united(ours.head.strip("\n"), theirs.head.strip("\n"))
    return Journal(_ended(head) if head else "", (*ours.days, *theirs.days)).tidied()


def _date(day: Day) -> str:
    return day.date


def _spaced(day: Day) -> Day:
    return msgspec.structs.replace(day, heading=_ended(day.heading), gap=_ended(day.gap))


def _without_repeats(text: str) -> str:
    """Return the text of a day with each generated line once."""
    seen: set[str] = set()
    kept = []
    for line in text.split("\n"):
        item = _BULLET.match(line)
        repeats = line in seen and item and read_sentence(item["text"].strip())
        kept += [] if repeats else [line]
        seen.add(line)
    return text if len(kept) == text.count("\n") + 1 else "\n".join(kept)


def _united(text: str, other: str) -> str:
    """Return a text with the lines of another that it lacks; prose among these is a paragraph."""
    if not text:
        return other
    known = set(map(without_targets, text.split("\n")))
    new = "\n".join(line for line in other.split("\n") if without_targets(line) not in known)
    listed = all(_BULLET.match(line) for line in new.split("\n"))
    return ("\n" if listed else "\n\n").join(filter(None, (text, new)))


def without_targets(line: str) -> str:
    """Return a line with the shown text of its wikilinks in their place."""
    return _LINK.sub(_shown, line)


def _shown(link: re.Match[str]) -> str:
    target, _, display = split_wikilink(link[0][2:-2])
    return display or stem(target)


def dated_lines(journal: Journal) -> list[tuple[str, str]]:
    """Return the lines of a journal in its order, each with its date."""
    return [(day.date, line) for day in journal.days for line in day.lines]


def visible_journal(context: Context) -> Journal:
    """Return the vault's journal as it is shown elsewhere.

    It has no comments, and neither the lines that name a private note nor what is below those.
    """
    written = journal_in(context.vault.documents.get(context.config.changelog.note))
    journal = parse_journal(without_comments(written.text()))
    if not journal.text() or not context.withheld:
        return journal
    shown = [
        msgspec.structs.replace(day, text=_without_withheld(day.text, context))
        for day in journal.days
    ]
    days = tuple(
        new for new, old in zip(shown, journal.days, strict=True) if new.text or not old.text
    )
    head = _without_withheld(journal.head, context)
    return Journal(_ended(head) if head else "", days)


def _without_withheld(text: str, context: Context) -> str:
    lines = text.split("\n")
    shown, hidden = [], False
    for line in lines:
        below = hidden and (not line or line.startswith((" ", "\t")))
        hidden = below or withheld_in(line, context) is not None
        shown += [] if hidden else [line]
    return text if len(shown) == len(lines) else "\n".join(shown).strip("\n")


def withheld_in(line: str, context: Context) -> str | None:
    """Return the path of a private note that a line of the journal names, None if it names none.

    A generated line names the notes that it links to; any line, those whose titles it has.
    """
    item = _BULLET.match(line.strip())
    entry = read_sentence(item["text"] if item else line)
    links = " ".join(entry.links) if entry else ""
    for path in context.linked(links, context.config.changelog.note):
        if path in context.withheld:
            return path
    words = " ".join(plain_text(line).lower().split())
    for path, titles in context.withheld.items():
        if any(_title_pattern(title).search(words) for title in titles):
            return path
    return None


# A word may be anywhere; a title of one word is in quotation marks where it is a title.
@functools.lru_cache(maxsize=1024)
def _title_pattern(title: str) -> re.Pattern[str]:
    words = title.lower().split()
    known = re.escape(" ".join(words))
    return re.compile(rf"(?<!\w){known}(?!\w)" if len(words) > 1 else f"“{known}”")


class DayEntry(msgspec.Struct, frozen=True):
    """A day of the journal for readers.

    `id` stays the same for as long as the day has its date: "changelog-2026-01-02". `title` is
    "2 Jan 2026". `text` is Markdown, whose wikilinks lead to notes of the vault.
    """

    id: str
    date: str
    title: str
    text: str


def day_entries(journal: Journal) -> Iterator[DayEntry]:
    """Yield the days of a journal that have a text, the newest first, each date once."""
    texts: dict[str, list[str]] = {}
    for day in journal.days:
        if day.text:
            texts.setdefault(day.date, []).append(day.text)
    for date, parts in sorted(texts.items(), reverse=True):
        title = format_day(date, with_year=True)
        yield DayEntry(f"changelog-{date}", date, title, "\n\n".join(parts))


def format_day(date: str, *, with_year: bool) -> str:
    """Return a day for readers, "2 Jan" or "2 Jan 2026"; what is not a day stays as it is."""
    try:
        day = datetime.date.fromisoformat(date)
    except ValueError:
        return date
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{day.day} {months[day.month - 1]}" + (f" {day.year}" if with_year else "")


# One table writes the lines and reads them back: of each kind the verb, what the line is about,
# and the rest. `{name}` is a part, whose pattern is in `_PARTS`.
_FORMS = {
    "added": ("Added", "{note}", ""),
    "many added": ("Added", "{counts}", ""),
    "retired": ("Retired", "{note}", ""),
    "answered": ("Answered", "{note}", ""),
    "removed": ("Removed", "“{title}”", ""),
    "many removed": ("Removed", "{counts}", ""),
    "withheld": ("Withheld", "{number}", ""),
    "unreadable": ("Cannot be read:", "{note}", ""),
    "readable": ("Readable again:", "{note}", ""),
    "merged": ("Merged", "“{title}” into {note}", ""),
    "linked": ("Linked", "{note} with {other}", "{tension}"),
    "unlinked": ("Unlinked", "{note} from {other}", "{tension}"),
    "related": ("Reworded", "{note} on {other}", "{wording}{meaning}"),
    "renamed": ("Renamed", "{note}", ", before: {before}"),
    "filed": ("Moved", "{note}", " from {folders}"),
    "reworded": ("Reworded", "{note}", "{wording}{meaning}"),
    "title": ("Reworded the title of", "{note}", "{wording}{meaning}"),
    "caveat": ("Reworded the caveat of", "{note}", "{wording}{meaning}"),
    "caveat added": ("Added a caveat to", "{note}", ""),
    "caveat dropped": ("Dropped the caveat of", "{note}", ""),
    "moved": ("Moved", "{note}", ", {property}: {step}"),
    "changed": ("Changed", "{note}", ": {steps}"),
    "checked": ("Checked", "{note}", ": {day}"),
    "cited": ("Cited in", "{note}", ": {source}"),
    "uncited": ("No longer cited in", "{note}", ": {source}"),
    "recast": ("Role changed in", "{note}", ": {source}, {step}"),
    "asked": ("Asked in", "{note}", ": “{question}”"),
    "answered in": ("Answered in", "{note}", ": “{question}”"),
    "dropped": ("Dropped from", "{note}", ": “{question}”"),
    "refiled": ("Moved", "{count} notes from {folders}", ""),
}
# The parts that distinguish two lines about the same notes.
_EXTRAS = frozenset({"title", "property", "source", "question", "folders", "number", "counts"})
# The kinds whose rest follows the notes until the line is committed.
_DETAILED = frozenset(
    {"reworded", "title", "caveat", "related", "moved", "changed", "checked", "recast"}
)
_PARTS = {
    "note": WIKILINK,
    "other": WIKILINK,
    "property": "[^:]+",
    "source": r"\[.*\]\(.+\)",
    "step": ".+ → .+",
    "wording": "(?:: “.*” → “.*”)?",
    "meaning": r"(?: \(an? .+ (?:changed|added|dropped)\))?",
    "tension": r"(?: \(tension\))?",
    "count": r"\d+",
    "counts": r"\d+ [^:\[\]“”]+(?:: \d+ .+)?",
    "folders": "`.*/` to `.*/`",
    "number": r"\d+ notes?",
}
_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")


class Sentence(msgspec.Struct, frozen=True):
    """A generated line: its kind, its verb, what it is about, and the links in that.

    `extra` distinguishes two lines about the same notes; `detail` is what follows the notes until
    the line is committed.
    """

    kind: str
    verb: str
    what: str
    links: tuple[str, ...]
    extra: str = ""
    detail: str = ""


def write_sentence(kind: str, **parts: object) -> str:
    """Return the line of a kind of change with these parts."""
    return "{} {}{}".format(*_FORMS[kind]).format(**parts)


@functools.lru_cache(maxsize=4096)
def read_sentence(line: str) -> Sentence | None:
    """Read a line of the journal; None where its author wrote it."""
    for kind, pattern in _patterns().items():
        found = pattern.fullmatch(line)
        if found:
            verb, what, rest = found["verb"], found["what"], found["rest"]
            extra = next((found[name] for name in found.groupdict() if name in _EXTRAS), "")
            detail = rest if kind in _DETAILED else ""
            return Sentence(kind, verb, what, tuple(_LINK.findall(what)), extra, detail)
    return None


def _regex(template: str) -> str:
    """Return the pattern of a template, in which each part is a group."""
    return _PLACEHOLDER.sub(
        lambda found: f"(?P<{found[1]}>{_PARTS.get(found[1], '.+')})", re.escape(template)
    )


# Most runs read no journal.
@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {
        kind: re.compile(f"(?P<verb>{verb}) (?P<what>{_regex(what)})(?P<rest>{_regex(rest)})")
        for kind, (verb, what, rest) in _FORMS.items()
    }


def changelog_block(request: BlockRequest) -> str:
    """Return the journal in the block's style; the block that contains it stays as it is.

    The short style has one line a day, "2 Jan: Initial post", and counts notes that are many.
    """
    context, document = request.context, request.document
    style = request.choice("style", ("full", "short"))
    is_journal = document.path == context.config.changelog.note
    if is_journal and request.block == journal_block(document):
        if not context.decoration.readers:
            return request.block.content(document.text)
        style = "full"
    journal = visible_journal(context)
    if style == "full":
        return journal.text()
    return bullet_list(_dated([(day.date, _summary(day)) for day in journal.days if day.text]))


def _dated(lines: Sequence[tuple[str, str]]) -> list[str]:
    """Return lines with their days before them; days of the newest year without the year."""
    newest = max((date[:4] for date, _ in lines), default="")
    return [f"{format_day(date, with_year=date[:4] != newest)}: {line}" for date, line in lines]


def recent_block(request: BlockRequest) -> str:
    """Return the newest lines, each with its day; `count` is their number."""
    written = request.get("count", "5")
    if not (written.isascii() and written.isdigit() and int(written)):
        raise BlockError(f'`count="{written}"`: write a number from 1 on')
    lines = dated_lines(visible_journal(request.context))
    return bullet_list(_dated(lines)[: int(written)])


def _summary(day: Day) -> str:
    """Join a day's lines, those of ours with the same verb under one; prose where it has none."""
    grouped: dict[str, dict[str, str]] = {}
    for line in day.lines or (" ".join(day.text.split()),):
        entry = read_sentence(line)
        about = grouped.setdefault(entry.verb if entry else line, {})
        if entry:
            about[entry.what] = next(iter(entry.links), entry.what)
    parts: list[str] = []
    for name, about in grouped.items():
        first = name[:1].lower() if parts and about else name[:1]
        parts.append(f"{first}{name[1:]} {_named(about)}".strip())
    return "; ".join(parts)


def _named(about: dict[str, str]) -> str:
    """Return what lines are about, many by the number of their notes."""
    notes = len(set(about.values()))
    return f"{notes} notes" if notes >= _MANY else ", ".join(about)
