"""BDY: the body of a note, by the grammar of its type."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import TypeVar

from vaultsync.blocks.comments import without_comments
from vaultsync.blocks.context import format_count
from vaultsync.blocks.journal import journal_block
from vaultsync.blocks.journal_blocks import withheld_in
from vaultsync.core.model import Document
from vaultsync.core.text import Span
from vaultsync.lint.context import Context
from vaultsync.lint.rule import WHOLE_FILE, Finding, Related, note_rule, rule
from vaultsync.lint.rules.properties import top
from vaultsync.markdown.links import DESTINATION
from vaultsync.notes.body import Question, Relation, Section
from vaultsync.notes.citation import Source
from vaultsync.notes.note import Note

# Abbreviations that the segmenter does not know: the first come before a number or the letter of a
# part, the others before any word.
_NUMBERED = (
    r"eqs?|eqns?|figs?|secs?|refs?|tabs?|apps?|chs?|nos?|pp?|vols?|defs?|thms?|props?|algs?"
    r"|max|min|avg"
)
_ABBREVIATION = re.compile(
    rf"\b(?:({_NUMBERED})\.(?=\s+\(?(?:\d|[A-Z]\b))|(approx|resp|incl)\.(?=\s+\S))",
    re.IGNORECASE,
)
_WIKILINK = re.compile(r"!?\[\[(?:[^\]|]*\|)?([^\]]*)\]\]")
_LINK = re.compile(rf"!?\[([^\]]*)\]\({DESTINATION}(?:\s+\"[^\"]*\")?\)")
# A dollar sign opens a formula only before, and closes one only after, a visible character: amounts
# of money are not formulas.
_CODE = re.compile(r"`[^`]+`|\$(?!\s)[^$]+(?<!\s)\$(?!\d)|https?://\S*[^\s.,;:!?)\]]")
_DAY = re.compile(r"###[ \t]+(\d{4}-\d{2}-\d{2})\s*")
_INNER_MARKS = re.compile(r"[.!?]+(?=\s)|[。！？]+(?=.)")
_GOES_ON = re.compile(r"\s*[a-z,;:.]")


def sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph; a link is part of one, whatever its text."""
    from sentencex import segment  # only this rule needs the segmenter

    plain = _LINK.sub(_words, _WIKILINK.sub(_words, text))
    plain = _ABBREVIATION.sub(r"\1\2", _CODE.sub("code", plain))
    return [part.strip() for part in segment("en", plain) if re.search(r"\w", part)]


def _words(link: re.Match[str]) -> str:
    """Return a link's text; a mark in it ends a sentence only if the sentence ends."""
    words = _INNER_MARKS.sub("", link[1])
    return words.rstrip(".!?。！？") if _GOES_ON.match(link.string, link.end()) else words


Value = TypeVar("Value", Source, Relation, Question)
_GRAMMAR = {
    "source": "`role: [title](url), who year; venue; where in it`",
    "relation": "`[[note]]: the reason`",
}


def last_line(document: Document) -> Span:
    """Return the place of a finding about something that is missing: the note's last line."""
    length = len(document.text.rstrip())
    start = document.text.rfind("\n", 0, length) + 1
    return Span(start, max(length, start))


def items_of(kind: type[Value], sections: Iterable[Section]) -> Iterator[tuple[Span, Value]]:
    """Yield the well-formed items of a kind in sections, each with its place."""
    for section in sections:
        for item in section.items:
            if isinstance(item.value, kind):
                yield item.span, item.value


@note_rule("BDY001", "missing-lead")
def missing_lead(note: Note, _context: Context) -> Iterator[Finding]:
    """The note has no first paragraph, which its type requires."""
    if note.type.body.lead.required and note.body.lead is None:
        message = f"a {note.type_name} begins with a paragraph, before any list or heading"
        yield Finding(top(note.document), message, missing="a first paragraph")


@note_rule("BDY002", "sentence-count")
def sentence_count(note: Note, _context: Context) -> Iterator[Finding]:
    """The first paragraph has too few or too many sentences for its type.

    Abbreviations, decimals and "et al." do not end a sentence.
    """
    limits, lead = note.type.body.lead.sentences, note.body.lead
    if limits is None or lead is None:
        return
    count, (least, most) = len(sentences(lead.text)), limits
    if not least <= count <= most:
        wanted = f"exactly {most}" if least == most else f"{least} to {most}"
        remedy = "; move the rest to a second paragraph" if count > most else ""
        message = f"{format_count(count, 'sentence')} in the first paragraph: it takes {wanted}"
        yield Finding(lead.span, message + remedy)


@note_rule("BDY003", "long-lead", severity="hint")
def long_lead(note: Note, _context: Context) -> Iterator[Finding]:
    """The first paragraph has more words than its type recommends."""
    most, lead = note.type.body.lead.words, note.body.lead
    count = len(lead.text.split()) if lead else 0
    if lead and most is not None and count > most:
        message = f"{count} words in the first paragraph: at most {most} read well"
        yield Finding(lead.span, message)


@note_rule("BDY004", "missing-section")
def missing_section(note: Note, _context: Context) -> Iterator[Finding]:
    """A section that the note's type requires is missing or has no items."""
    for name, section in note.type.body.sections.items():
        found = note.body.sections.get(name)
        if section.required and not (found and found.own_items(section.items)):
            form = _GRAMMAR.get(section.items, "a list")
            where = found.heading if found else last_line(note.document)
            message = f"a {note.type_name} needs a section `## {name}` with items: {form}"
            lacks = f"an item under `## {name}`" if found else f"the section `## {name}`"
            yield Finding(where, message, missing=lacks)


@note_rule("BDY005", "malformed-item")
def malformed_item(note: Note, _context: Context) -> Iterator[Finding]:
    """An item of a section does not follow the section's grammar."""
    for section in note.body.sections.values():
        for item in section.items:
            if item.value is None and item.grammar in _GRAMMAR:
                yield Finding(item.span, f"a {item.grammar} is written {_GRAMMAR[item.grammar]}")


@note_rule("BDY006", "relation-without-reason")
def relation_without_reason(note: Note, _context: Context) -> Iterator[Finding]:
    """A related note is named without a reason."""
    for span, relation in items_of(Relation, note.body.sections.values()):
        if not relation.reason:
            yield Finding(span, "write why it is related: `[[note]]: the reason`")


@note_rule("BDY007", "question-without-mark")
def question_without_mark(note: Note, _context: Context) -> Iterator[Finding]:
    """An open question does not end with a question mark."""
    for span, question in items_of(Question, note.body.sections.values()):
        if not question.text.endswith(("?", "？")):
            yield Finding(span, 'a question ends with "?"')


@note_rule("BDY008", "answer-without-note", reach="links")
def answer_without_note(note: Note, context: Context) -> Iterator[Finding]:
    """`answered:` names no note of the vault that answers the question."""
    for span, question in items_of(Question, note.body.sections.values()):
        answer = question.answer
        if answer == "" or (answer and not context.index.resolve(answer, note.path)):
            yield Finding(span, "name the note that answers it: `answered: [[note]]`")


@note_rule("BDY009", "repeated-claim", severity="warning", reach="claims", most=10)
def repeated_claim(note: Note, context: Context) -> Iterator[Finding]:
    """Two notes make nearly the same claim in other words.

    Only types with `distinct` claims are checked. The score is from 0 to 1: the share of words that
    the first paragraphs have in common, where rare words count more and endings do not count. The
    ten pairs with the highest scores are reported, each at both notes, and also all pairs in the
    baseline. Merge the two notes, or write how the claims differ. A retired note may repeat its
    successor.
    """
    for pair in context.duplicates.get(note.path, ()):
        (other,) = (name for name in pair.names if name != note.path)
        if note.body.lead:
            message = f"{other} has nearly the same claim"
            related = (Related(other, _claim(other, context), f"score {pair.score:.2f}"),)
            yield Finding(note.body.lead.span, message, related=related, score=pair.score)


def _claim(path: str, context: Context) -> Span:
    note = context.note(context.vault.documents[path])
    return note.body.lead.span if note and note.body.lead else WHOLE_FILE


@note_rule("BDY010", "repeated-section")
def repeated_section(note: Note, _context: Context) -> Iterator[Finding]:
    """A section of the note's type is there a second time.

    Only the items below the first heading are read: those below the second are missing from the
    lists, the changelog and the fields of the data. The page shows them as the author's own text.
    Move them below the first heading.
    """
    for name, section in note.body.sections.items():
        for heading in section.repeated:
            message = f"`## {name}` is there already; move these items below the first one"
            yield Finding(heading, message)


@note_rule("BDY011", "unseen-relation", severity="hint", reach="relations")
def unseen_relation(note: Note, context: Context) -> Iterator[Finding]:
    """A relation leads to a note that readers do not see: a draft, a private one, or of no type.

    The page and the data show all that is written in a note, but not such a relation, since it
    would reveal the other note. It is shown as soon as that note is. Nothing is wrong with it.
    """
    for span, relation in items_of(Relation, note.body.sections.values()):
        found = context.index.resolve(relation.target, note.path)[:1]
        document = context.vault.documents.get(found[0]) if found else None
        other = context.note(document) if document else None
        if found and (other is None or other.is_draft or other.is_private):
            message = f"readers do not see `{relation.target}`, so this relation is not shown"
            yield Finding(span, message)


@rule("BDY012", "withheld-title", severity="warning", reach="blocks")
def withheld_title(document: Document, context: Context) -> Iterator[Finding]:
    """A line of the changelog names a note that has `publish: false`.

    The line is from a time when readers saw the note, or has its title or one of its aliases. The
    blocks, the post, the feed and the data leave it out, but whoever sees the changelog note itself
    reads it. Remove the line, or write it without the title and without what it
    reports of the note.
    """
    block = journal_block(document) if document.path == context.config.changelog.note else None
    if block is None or not context.blocks.withheld:
        return
    journal, at = block.inner.of(document.text), block.inner.start
    shown = set(without_comments(journal).split("\n"))
    for line in journal.split("\n"):
        written = line.rstrip("\r")
        named = withheld_in(written, context.blocks) if written in shown else None
        if named is not None:
            message = f"this line names {named}, which is not published: remove or reword it"
            yield Finding(Span(at, at + len(written)), message)
        at += len(line) + 1


@rule("BDY013", "future-day", severity="hint", today=True)
def future_day(document: Document, context: Context) -> Iterator[Finding]:
    """A day of the changelog is after today.

    The clock of the machine that recorded it was wrong, or the date was typed. The page and the
    feed show that day as the newest until it is over. Change the date of its heading, or join its
    lines to the day that they belong to.
    """
    block = journal_block(document)
    for heading in document.headings if block else ():
        day = _DAY.fullmatch(heading.span.of(document.text))
        within = block and block.inner.start <= heading.start < block.inner.end
        if day and within and day[1] > context.today:
            yield Finding(heading.span, f"{day[1]} is after today: correct the date")


@note_rule("BDY014", "discouraged-words", severity="hint")
def discouraged_words(note: Note, _context: Context) -> Iterator[Finding]:
    """The caveat has words that the type's settings discourage (`caveat-words`).

    It limits the claim for its readers. How the note was made, such as which texts were at hand or
    why it has its status, means nothing to them: write that in a `%%comment%%`.
    """
    caveat, pattern = note.body.caveat, _any_of(note.type.body.caveat_words)
    if pattern is None or caveat is None:
        return
    for found in pattern.finditer(note.document.text, caveat.span.start, caveat.span.end):
        shown = " ".join(found[0].split())
        message = f"“{shown}” in the caveat: write what limits the claim, not how the note was made"
        yield Finding(Span(*found.span()), message)


@functools.lru_cache(maxsize=8)
def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return what finds any of these phrases, None where there are none."""
    parts = filter(None, map(str.split, phrases))
    words = "|".join(r"\s+".join(map(re.escape, part)) for part in parts)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else None
