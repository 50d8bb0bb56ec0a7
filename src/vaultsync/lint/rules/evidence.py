"""SRC: what became of the sources of a note, as `sources.lock` knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from vaultsync.core.text import Edit, Span
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Finding, note_rule, one
from vaultsync.lint.rules.body import items_of
from vaultsync.notes.body import Relation
from vaultsync.notes.citation import Source, author_names, format_authors, source_line
from vaultsync.notes.note import RETIRED, Note
from vaultsync.notes.source_address import is_archived
from vaultsync.notes.source_lock import SourceRecord

_MARKUP = re.compile(r"[\W_]+")
_SHOWN = 60
_REVISED = {"changed": "changed", "superseded": "was superseded"}


@note_rule("SRC011", "withdrawn-original")
def withdrawn_original(note: Note, context: Context) -> Iterator[Finding]:
    """A source that the claim rests on was withdrawn or retracted.

    It is in the role that its section puts first, `sources.lock` has what its authors or publisher
    wrote, and the note is not retired. Retire the note, or put the source in another role.
    """
    if not note.in_state(RETIRED):
        for span, source, record in _recorded(note, context):
            if record.is_gone and _is_original(note, source):
                message = f"this source was {record.state}: {record.reason}"
                yield Finding(span, f"{message}: retire the note, or let it rest on another")


@note_rule("SRC012", "withdrawn-source", severity="hint", reach="relations")
def withdrawn_source(note: Note, context: Context) -> Iterator[Finding]:
    """A further source was withdrawn or retracted, or one that a related note rests on.

    `sources.lock` has what its authors or publisher wrote.
    """
    for span, source, record in _recorded(note, context):
        if record.is_gone and (note.in_state(RETIRED) or not _is_original(note, source)):
            yield Finding(span, f"this source was {record.state}: {record.reason}")
    for span, relation in items_of(Relation, note.body.sections.values()):
        other = _related(note, relation, context)
        gone = [_record(context, source) for source in other.originals()] if other else []
        states = [record.state for record in gone if record and record.is_gone]
        if states:
            yield Finding(span, f"a source that `{relation.target}` rests on was {states[0]}")


@note_rule("SRC013", "changed-since-check", severity="hint")
def changed_since_check(note: Note, context: Context) -> Iterator[Finding]:
    """A source has a new version, or another abstract, since the note was last checked.

    The type names the property with the day of the check (`checked`). `sources.lock` has the day on
    which the change was seen. Compare the claim with the source, and write the day.
    """
    checked = note.document.text_property(note.type.checked) if note.type.checked else None
    for span, _, record in _recorded(note, context):
        if checked and record.is_revised and record.since > checked:
            message = f"this source {_REVISED[record.state]} after the note was checked"
            yield Finding(span, f"{message}, seen on {record.since}{_version(record)}")


@note_rule("SRC014", "changed-since-cited", severity="hint", history=True)
def changed_since_cited(note: Note, context: Context) -> Iterator[Finding]:
    """A source has a new version, or another abstract, since its line was last changed.

    `sources.lock` has the day on which the change was seen, the history of the note that of the
    line. Compare the claim with the source; a day of the last check is enough, too.
    """
    days, check = context.cited.get(note.path, {}), note.type.checked
    checked = note.document.text_property(check) if check else None
    for span, source, record in _recorded(note, context):
        day = days.get(source.identity)
        if day and not checked and record.is_revised and record.since > day:
            message = f"this source {_REVISED[record.state]} after its line was written on {day}"
            yield Finding(span, f"{message}, seen on {record.since}{_version(record)}")


@note_rule("SRC015", "source-differs", severity="warning")
def source_differs(note: Note, context: Context) -> Iterator[Finding]:
    """The title, the authors or the year of a source differ from what registries have.

    Letter case and marks do not count, nor does which of several authors are named. The fix writes
    the line as `sources.lock` has the work. It is unsafe, as a registry may be wrong.
    """
    for span, source, record in _recorded(note, context):
        wanted = _corrected(source, record)
        if wanted != source:
            names = ("title", "authors", "year")
            differing = [name for name in names if getattr(wanted, name) != getattr(source, name)]
            found = ", ".join(f"{name} {getattr(wanted, name)}" for name in differing)
            edits = _rewritten(note, span, source, wanted)
            fix = one(note.path, "write what the registry has", edits, safe=False)
            yield Finding(span, f"the registry has another {found}", fix)


def _corrected(source: Source, record: SourceRecord) -> Source:
    """Return a source with what the registry has where that is known and differs."""
    found: dict[str, object] = {}
    if record.title and _words(record.title) != _words(source.title):
        found["title"] = record.title
    if source.authors and record.authors and not _names_some(source.authors, record.authors):
        found["authors"] = format_authors(record.authors)
    if source.year and record.year and source.year != record.year:
        found["year"] = record.year
    return msgspec.structs.replace(source, **found)


def _words(text: str) -> str:
    return _MARKUP.sub("", text.casefold())


def _names_some(cited: str, authors: tuple[str, ...]) -> bool:
    """Whether all who are cited are among the authors, the first of them first."""
    known = [_words(author) for author in authors]
    names = [_words(name) for name in author_names(cited)[0]]
    return (
        bool(names)
        and known[0].endswith(names[0])
        and all(any(author.endswith(name) for author in known) for name in names)
    )


def _rewritten(note: Note, span: Span, source: Source, wanted: Source) -> tuple[Edit, ...]:
    """Return the edit of a line; none where it is not as it would be written."""
    line = source_line(source)
    if not span.of(note.document.text).endswith(line):
        return ()
    return (Edit(Span(span.end - len(line), span.end), source_line(wanted)),)


@note_rule("SRC016", "unverified-quotation", severity="warning")
def unverified_quotation(note: Note, context: Context) -> Iterator[Finding]:
    """A quotation below a source is not in what `sources.lock` knows of it.

    A quotation is a text in quotation marks in a quote (`> "..."`) below the line of the source.
    Letter case, spaces and marks do not count. Correct it, quote the abstract, or run `vaultsync
    sources --online`, which looks for it in the text of the source.
    """
    for item, source, quotations in note.quoted_sources():
        record = _record(context, source)
        for text in quotations:
            if record and record.state != "unknown" and not record.quotes(text):
                shown = text if len(text) < _SHOWN else f"{text[: _SHOWN - 1]}…"
                yield Finding(item.span, f"what is known of this source does not have “{shown}”")


@note_rule("SRC017", "dead-source", severity="warning")
def dead_source(note: Note, context: Context) -> Iterator[Finding]:
    """A source is not at its address any more, and the address is not that of an archived copy.

    `sources.lock` has the answer of its registry or host. `vaultsync sources --online --fix` writes
    the address of a copy where the Wayback Machine has one.
    """
    for span, source, record in _recorded(note, context):
        if record.state == "dead" and not is_archived(source.url):
            message = f"this source is gone: {record.reason}"
            yield Finding(span, f"{message}; cite a copy of it, or another place")


def _recorded(note: Note, context: Context) -> Iterator[tuple[Span, Source, SourceRecord]]:
    """Yield each source of which something is known, with its place."""
    for span, source in items_of(Source, note.body.sections.values() if context.sources else ()):
        record = _record(context, source)
        if record and record.state != "unknown":
            yield span, source, record


def _record(context: Context, source: Source) -> SourceRecord | None:
    return context.sources.get(source.identity)


def _is_original(note: Note, source: Source) -> bool:
    return any(source.identity == original.identity for original in note.originals())


def _related(note: Note, relation: Relation, context: Context) -> Note | None:
    found = context.index.resolve(relation.target, note.path)[:1]
    document = context.vault.documents.get(found[0]) if found else None
    return context.note(document) if document else None


def _version(record: SourceRecord) -> str:
    return f", version {record.version}" if record.version else ""
