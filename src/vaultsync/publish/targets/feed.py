"""The changelog as an Atom feed, an entry for each day (RFC 4287)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from urllib.parse import urljoin

import msgspec

from vaultsync.blocks.journal_blocks import DayEntry, day_entries, visible_journal
from vaultsync.blocks.journal_sentences import WIKILINK, Sentence, read_sentence
from vaultsync.blocks.notes_block import bullet
from vaultsync.core.text import printable, shortened
from vaultsync.notes.note import Note
from vaultsync.publish.compose import Composition
from vaultsync.publish.compose.anchors import anchor
from vaultsync.publish.targets.dialect import Dialect, clean, gfm_parser, inline_text, translated

# A feed must have a time of change, also one without a day.
_NEVER = "1970-01-01"
# A title names so many notes for each verb, and has so many characters.
_FEW, _LONGEST = 3, 120
# More lines of a kind are one.
_MANY = 5
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE = re.compile(r"^[-*+][ \t]+(?P<text>.*)\n?", re.MULTILINE)
_BLOCK = re.compile(r"<(p|li)>")
_TAG = re.compile(r"<[^>]*>")
# Changes of files, not of what is in the notes.
_OF_FILES = frozenset({"refiled", "filed", "unreadable", "readable"})
_HEAD = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>{id}</id>
<title>{title}</title>
<updated>{date}T00:00:00Z</updated>
"""
_AUTHOR = "<author><name>{name}</name></author>\n"
_LINK = '<link href="{address}"/>\n'
_SELF = '<link rel="self" href="{address}"/>\n'
_ENTRY = """<entry>
<id>{id}</id>
<title>{title}</title>
<updated>{date}T00:00:00Z</updated>
<content type="html">{content}</content>
"""
_Kinds = dict[tuple[str, str], dict[str, None]]
_DIALECT = Dialect("the feed", boxes=("☐", "☑"))


def make(post: Composition) -> str:
    """Return the feed. Its times are the beginnings of days, so that it changes with those alone.

    Ids begin with `publish.feed-id` or the page's address: without either it is a problem.
    """
    settings = post.context.config.publish
    page, base = settings.page, settings.feed_id or settings.page
    if not base:
        post.problems.add(
            "a feed needs an id that stays: set `publish.page` in vaultsync.toml, or "
            "`publish.feed-id` to a URI of your own such as `tag:example.org,2026:claims`",
            "",
            post.paths,
        )
    days = list(_days(post))
    date, title = days[0].date if days else _NEVER, printable(post.title)
    parts = [_filled(_HEAD, id=base, title=title, date=date)]
    # A feed must name an author; where none is known it is the post.
    parts += [_filled(_AUTHOR, name=name) for name in post.authors or (title,)]
    if page:
        parts.append(_filled(_LINK, address=page))
        parts.append(_filled(_SELF, address=urljoin(page, "feed.xml")))
    for day in days:
        own = f"{base}#{day.id}"
        parts.append(_filled(_ENTRY, id=own, title=day.title, date=day.date, content=day.text))
        if page:
            # A post may show no changelog, or a part of it.
            place = f"#{day.id}" if anchor(day.id) in post.text else ""
            parts.append(_filled(_LINK, address=page + place))
        parts.append("</entry>\n")
    return "".join([*parts, "</feed>\n"])


def _days(post: Composition) -> Iterator[DayEntry]:
    """Yield the days of which there is something to read, with what happened as the title."""
    context = post.context
    note = context.config.changelog.note
    writer = _Writer(post)
    for day in day_entries(visible_journal(context)):
        try:
            datetime.date.fromisoformat(day.date)
        except ValueError:
            message = f"the feed cannot show `{day.date}`: there is no such day"
            post.problems.add(message, day.date, [note])
            continue
        text = _LINE.sub(_without_files, day.text)
        content = writer.content(text)
        if _TAG.sub("", content).strip():
            title = writer.title(text) or day.title
            yield msgspec.structs.replace(day, title=title, text=content)


def _without_files(line: re.Match[str]) -> str:
    entry = read_sentence(line["text"].strip())
    return "" if entry and entry.kind in _OF_FILES else line[0]


class _Writer:
    def __init__(self, post: Composition) -> None:
        self.post, self.journal = post, post.context.config.changelog.note
        self._notes = {note.path: note for note in post.notes if post.place(note.path)}
        # Lines of a day link to the same notes again and again.
        self._linked: dict[str, Note | None] = {}

    def title(self, text: str) -> str:
        """Return what happened on a day: by verb the notes, and the lines of the author."""
        done: dict[str, dict[str, str]] = {}
        lines = [found["text"].strip() for found in _LINE.finditer(text)]
        for line in lines or text.strip().split("\n\n")[:1]:
            entry = read_sentence(line)
            about = done.setdefault(entry.verb if entry else self._plain(line), {})
            if entry:
                first = next(iter(entry.links), entry.what)
                about[self._named(entry.what)] = self._named(first)
        whole = ""
        for verb, notes in done.items():
            first = verb[:1].lower() if whole and notes else verb[:1]
            part = f"{first}{verb[1:]} {_some(notes)}".strip()
            longer = "; ".join(filter(None, [whole, part]))
            if whole and len(longer) > _LONGEST:
                return printable(f"{whole}; …")
            whole = longer
        return printable(shortened(whole, _LONGEST))

    def _named(self, what: str, name: Callable[[Note], str] = lambda note: note.name) -> str:
        """Return what a line is about, with each note under the name that it has now."""

        def shown(link: re.Match[str]) -> str:
            note = self._note(link[0])
            return name(note) if note else self._plain(link[0])

        return re.sub(WIKILINK, shown, what)

    def _note(self, link: str) -> Note | None:
        """Return the note that a line links to, None where readers see no such note."""
        if link not in self._linked:
            path = next(iter(self.post.context.linked(link, self.journal)), "")
            self._linked[link] = self._notes.get(path)
        return self._linked[link]

    def _plain(self, text: str) -> str:
        """Return the text that is shown of a line."""
        piece = self.post.piece(" ".join(text.split()), self.journal)
        tokens = gfm_parser().parse(translated(f"- {piece}", _DIALECT, self.post))
        return next((inline_text(token) for token in tokens if token.type == "inline"), "")

    def content(self, text: str) -> str:
        """Return the text of a day as HTML.

        Many lines of a kind are one line, and behind a note that was added is its claim.
        """
        kinds: _Kinds = {}
        for line in _LINE.finditer(text):
            if entry := read_sentence(line["text"].strip()):
                about = self._named(entry.what, self.post.context.link)
                kinds.setdefault(_kind(entry), {})[about] = None
        written = _LINE.sub(lambda line: self._line(line, kinds), text)
        piece = self.post.piece(written, self.journal)
        html = clean(gfm_parser().render(translated(piece, _DIALECT, self.post))).strip()
        return _BLOCK.sub(r'<\1 dir="auto">', html)

    def _line(self, line: re.Match[str], kinds: _Kinds) -> str:
        """Return what becomes of a line; `kinds` are the notes of the kinds that are to come."""
        entry = read_sentence(line["text"].strip())
        if entry is None:
            return line[0]
        if entry.kind == "added":
            return self._with_claim(line, entry)
        kind = _kind(entry)
        about = kinds.get(kind, {})
        if 0 < len(about) <= _MANY:
            return line[0]
        kinds.pop(kind, None)
        moved = f" ({kind[1]})" if kind[1] else ""
        return f"- {entry.verb} {', '.join(about)}{moved}\n" if about else ""

    def _with_claim(self, line: re.Match[str], entry: Sentence) -> str:
        note = self._note(entry.what)
        if note is None or note.body.lead is None:
            return line[0]
        return f"{line[0].rstrip()}: {bullet(note, self.post.context)}\n"


def _kind(entry: Sentence) -> tuple[str, str]:
    """Return the kind of a line, with the property whose change it reports."""
    return entry.kind, entry.property


def _some(about: Mapping[str, str]) -> str:
    """Return what lines are about, of many some of the notes and the number of the others."""
    names = list(about if len(about) <= _FEW else dict.fromkeys(about.values()))
    if len(names) > _FEW:
        names = [*names[: _FEW - 1], f"{len(names) - _FEW + 1} more"]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _filled(template: str, **texts: str) -> str:
    """Return a template with the texts in it, without characters that XML cannot contain."""
    escaped = {name: escape(_NO_XML.sub("\ufffd", text)) for name, text in texts.items()}
    return template.format(**escaped)
