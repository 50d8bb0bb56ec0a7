"""A note's body as data: the lead, the caveat, sections whose items have a grammar, all else."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import attrgetter

import msgspec

from vaultsync.core.config import BodyRules, Items
from vaultsync.core.model import Document, Element, Heading
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.markdown import elements, markup_spans
from vaultsync.markdown.links import DESTINATION, markdown_target, split_wikilink
from vaultsync.markdown.unclosed_markup import unclosed_markup
from vaultsync.notes.citation import Source, parse_source
from vaultsync.notes.link_index import heading_key

# The headings that begin a section, and with those above them end one.
_SECTION_LEVEL = 2
_BOX = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[[^\n]\][ \t]")
_MARKER = re.compile(r"\A(?:[-*+]|\d{1,9}[.)])[ \t]*(?:\[[^\r\n]\](?:[ \t]+|\Z))?")
_BULLET = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?=\s|\Z)[ \t]*")
_LINK = rf"(?:\[\[(?P<wiki>[^\[\]]+)\]\]|\[[^\]]*\]\((?P<markdown>{DESTINATION})\))"
_RELATION = re.compile(rf"{_LINK}\s*(?::\s*(?P<reason>.*))?", re.DOTALL)
# What a slash is no part of, and a slash between two reasons.
_REASONS = re.compile(
    r"\[\[[^\[\]]*\]\]|\[[^\[\]]*\]\([^()\s]*\)|`[^`]*`|(?P<slash>(?:(?<=\s)|\A)/(?=\s|\Z))"
)
_ANSWER = re.compile(rf"(?P<text>.*?)\s*\banswered:\s*(?P<answer>{_LINK})?.*", re.DOTALL)
_COMMENT = re.compile(r"%%.*?%%|<!--.*?(?:-->|\Z)", re.DOTALL)
_BLOCK_ID = re.compile(r"(?:\A|[ \t]+)\^[A-Za-z0-9-]+$")
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_TAB = 4
# Of a heading: https://spec.commonmark.org/0.31.2/#atx-headings.
_MARKS = re.compile(r"\A#+[ \t]*|(?:\A|[ \t]+)#+\Z")
# How HTML begins that reaches over blank lines, and how it ends:
# https://spec.commonmark.org/0.31.2/#html-blocks.
_RAW = {
    r"<(pre|script|style|textarea)(?=[\s>]|\Z)": r"</\1>",
    r"<\?": "?>",
    r"<!\[cdata\[": "]]>",
    r"<!": ">",
}
_start = attrgetter("start")


class Relation(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A link to a related note: `[[note]]: tension: reason / back (crux: what would decide)`.

    `back` is the reason as it reads from the other note; that has the same one where it is "".
    """

    target: str
    reason: str = ""
    tension: bool = False
    crux: str = ""
    back: str = ""

    def reason_at(self, *, its_own_note: bool) -> str:
        """Return the reason as it reads from the note that names the relation, or the other."""
        return self.reason if its_own_note else self.back or self.reason


class Question(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """An open question; `answer` is the target of `answered: [[note]]`, "" where it is missing."""

    text: str
    answer: str | None = None


class Item(msgspec.Struct, frozen=True, array_like=True):
    """A list item. `value` is None where it does not follow the grammar of its section.

    `text` is the paragraph that it begins with, "" if there is none; `span` covers that, or else
    the first line. `more` is what else it holds, such as nested items, as Markdown that begins with
    the line break behind the paragraph; "" if there is nothing.
    """

    span: Span
    text: str
    grammar: Items
    value: Source | Relation | Question | None = None
    more: str = ""


class Paragraph(msgspec.Struct, frozen=True, array_like=True):
    """A paragraph with its line breaks as spaces, or another block as Markdown."""

    span: Span
    text: str


class Section(msgspec.Struct, frozen=True, array_like=True):
    """A level-two heading and the list items below it, up to the next of that level or above.

    `others` are the blocks among the items. `repeated` are later headings of the same name: the
    items below those are not read.
    """

    heading: Span
    items: tuple[Item, ...]
    others: tuple[Paragraph, ...] = ()
    repeated: tuple[Span, ...] = ()

    def own_items(self, grammar: Items) -> tuple[Item, ...]:
        """Return the items that should follow the section's grammar: all but the tasks."""
        return tuple(item for item in self.items if item.grammar == grammar)


class Body(msgspec.Struct, frozen=True, array_like=True):
    """The lead is the first paragraph before any heading; the caveat the second, if it is one.

    `prose` are all other blocks there, `others` the blocks of sections that are not of the type,
    with their headings in bold. What is in no field is no text: rules, and the definitions of
    footnotes and of links.
    """

    lead: Paragraph | None = None
    caveat: Paragraph | None = None
    prose: tuple[Paragraph, ...] = ()
    sections: Mapping[str, Section] = {}
    others: tuple[Paragraph, ...] = ()

    def values(self, name: str) -> tuple[Source | Relation | Question, ...]:
        """Return the values of the well-formed items of a section."""
        section = self.sections.get(name)
        return tuple(item.value for item in section.items if item.value) if section else ()


def read_body(document: Document, rules: BodyRules) -> Body:
    """Read a note's body by the rules of its type."""
    return _Reader(document, rules).body()


class _Reader:
    def __init__(self, document: Document, rules: BodyRules) -> None:
        self.text, self.rules = document.text, rules
        footnotes = {footnote.start for footnote in document.footnotes}
        parts = elements(document.text, document.body)
        self.parts = [part for part in parts if part.start not in footnotes]
        self.headings = {heading.start: heading for heading in document.headings}
        self.ids = document.blocks

    def body(self) -> Body:
        opening, *below = self._regions()
        blocks = list(self._blocks(opening))
        starts = {part.start for part in opening if part.kind == "paragraph"}
        paragraphs = [block for block in blocks if block.span.start in starts]
        lead, second = [*paragraphs, None, None][:2]
        is_caveat = second and self.rules.caveat and second.text.startswith(self.rules.caveat)
        caveat = second if is_caveat else None
        prose = tuple(block for block in blocks if block not in (lead, caveat))
        return Body(lead, caveat, prose, *self._below(below))

    def _regions(self) -> list[list[Element]]:
        """Return what is before any heading, and what is from each heading on that ends a section.

        The first heading of all ends the opening, whatever its level.
        """
        regions: list[list[Element]] = [[]]
        for part in self.parts:
            heading = self._heading(part)
            first = part.kind == "heading" and len(regions) == 1
            if first or (heading and heading.level <= _SECTION_LEVEL):
                regions.append([])
            regions[-1].append(part)
        return regions

    def _below(
        self, regions: list[list[Element]]
    ) -> tuple[dict[str, Section], tuple[Paragraph, ...]]:
        """Return the sections of the type, and the blocks of all others."""
        names = {heading_key(name): name for name in self.rules.sections}
        sections: dict[str, Section] = {}
        others: list[Paragraph] = []
        for region in regions:
            heading = self._heading(region[0])
            is_section = heading and heading.level == _SECTION_LEVEL
            name = names.get(heading_key(heading.text)) if heading and is_section else None
            if name and heading and name not in sections:
                sections[name] = self._section(heading, region[1:], self.rules.sections[name].items)
                continue
            if name and heading:
                known = sections[name]
                repeated = (*known.repeated, heading.span)
                sections[name] = msgspec.structs.replace(known, repeated=repeated)
            others += self._blocks(region)
        return sections, tuple(others)

    def _section(self, heading: Heading, parts: list[Element], grammar: Items) -> Section:
        items = [part for part in parts if part.kind == "item" and part.depth == 1]
        others = [part for part in parts if part.kind != "item"]
        return Section(
            heading.span,
            tuple(self._item(part, grammar) for part in items),
            tuple(self._blocks(others)),
        )

    def _heading(self, part: Element) -> Heading | None:
        return self.headings.get(part.start) if part.kind == "heading" else None

    def _blocks(self, parts: list[Element]) -> Iterator[Paragraph]:
        """Yield the blocks that hold a text, the items of lists as one."""
        for is_list, together in groupby(parts, lambda part: part.kind == "item"):
            group = list(together)
            if is_list:
                group = [Element(group[0].start, max(part.end for part in group), "other")]
            yield from (block for block in map(self._block, group) if block.text)

    def _block(self, part: Element) -> Paragraph:
        raw = part.span.of(self.text).rstrip()
        span = Span(part.start, part.start + len(raw))
        heading = self._heading(part)
        if heading:
            return Paragraph(span, _bold(_plain(heading.text)))
        if part.kind == "paragraph":
            return Paragraph(span, _plain(raw))
        if part.kind == "html":
            return Paragraph(span, _closed(_COMMENT.sub("", raw).strip()))
        text = self._indent(part) + self._written(span)
        return Paragraph(span, _closed(_without_headings(text)))

    def _indent(self, part: Element) -> str:
        start = part.start
        while start and self.text[start - 1] in " \t":
            start -= 1
        return self.text[start : part.start]

    def _written(self, span: Span) -> str:
        """Return a text without its block ids."""
        first, end = (bisect_left(self.ids, at, key=_start) for at in (span.start, span.end))
        ids = (block.span for block in self.ids[first:end])
        edits = [Edit(Span(one.start - span.start, one.end - span.start), "") for one in ids]
        text = apply_edits(span.of(self.text), edits) if edits else span.of(self.text)
        return text.replace("\r\n", "\n").replace("\r", "\n").rstrip()

    def _item(self, part: Element, grammar: Items) -> Item:
        raw = self._written(part.span)
        own, more = _parts_of_item(raw, self._indent(part))
        lines = part.span.of(self.text).split("\n")[: own.count("\n") + 1]
        span = Span(part.start, part.start + len("\n".join(lines).rstrip()))
        if grammar != "text" and _BOX.match(raw):
            # A task may be anywhere; it is not a source, relation or question.
            grammar = "task"
        text = _plain(_MARKER.sub("", own))
        return Item(span, text, grammar, read_item(text, grammar), more)


def _parts_of_item(raw: str, indent: str) -> tuple[str, str]:
    """Return an item's mark with its first paragraph, and what follows that as a text of its own.

    `indent` is what is before the item in its line.
    """
    mark = _BULLET.match(raw)
    width = mark.end() if mark else 0
    column = len((indent + raw[:width]).expandtabs(_TAB))
    content = _INDENT.sub(lambda space: space[0].expandtabs(_TAB)[column:], raw[width:])
    if "\n" not in content and not _BULLET.match(content):
        return raw, ""
    first = next(iter(elements(content, 0)), None)
    end = len(content[: first.end].rstrip()) if first and first.kind == "paragraph" else 0
    return raw[:width] + content[:end], _without_headings(content[end:].lstrip(" \t"))


def _without_headings(block: str) -> str:
    """Return a block with the headings in it, as of a quote or an item, in bold."""
    edits = []
    for span, _ in markup_spans(block, 0, "Heading"):
        raw = span.of(block).rstrip()
        words = _MARKS.sub("", raw) if raw.startswith("#") else raw.rpartition("\n")[0]
        edits.append(Edit(Span(span.start, span.start + len(raw)), _bold(words)))
    return apply_edits(block, edits)


def _bold(heading: str) -> str:
    words = heading.replace("**", "").strip()
    return f"**{words}**" if words else ""


def _closed(block: str) -> str:
    """Return a block of Markdown that ends before what follows it, as code and HTML may not."""
    bare = block.lstrip().lower()
    if bare.startswith(("```", "~~~")):
        fences = (fence.of(block) for fence in unclosed_markup(block, 0, "fence"))
        return "\n".join([block, *fences])
    opened = ((re.match(start, bare), end) for start, end in _RAW.items())
    end = next((found.expand(end) for found, end in opened if found), "")
    return block if end in bare else f"{block}\n{end}"


def _plain(raw: str) -> str:
    """Leave out comments and the block id, and make one line of it."""
    return _BLOCK_ID.sub("", " ".join(_COMMENT.sub("", raw).split()))


def read_item(text: str, grammar: Items) -> Source | Relation | Question | None:
    """Read the text of a list item by a grammar; None where it does not follow it."""
    if grammar == "source":
        return parse_source(text)
    if grammar == "relation":
        return _relation(text)
    return _question(text) if grammar == "question" else None


def _relation(text: str) -> Relation | None:
    found = _RELATION.fullmatch(text)
    if found is None:
        return None
    reason = (found["reason"] or "").strip()
    tension = reason.lower().startswith("tension:")
    if tension:
        reason = reason[len("tension:") :].strip()
    before, mark, behind = reason.partition("(crux:")
    behind = behind.removesuffix(".").rstrip()
    crux = ""
    if mark and behind.endswith(")"):
        reason, crux = before.rstrip(), behind[:-1].strip()
    slash = next((one for one in _REASONS.finditer(reason) if one["slash"]), None)
    there, back = (slash.start(), slash.end()) if slash else (len(reason), len(reason))
    return Relation(_target(found), reason[:there].rstrip(), tension, crux, reason[back:].lstrip())


def relation_line(link: str, relation: Relation) -> str:
    """Write a relation as the text of a list item; `link` is the link to the other note."""
    mark = "tension: " if relation.tension else ""
    back = f" / {relation.back}" if relation.back else ""
    crux = f" (crux: {relation.crux})" if relation.crux else ""
    return f"{link}: {mark}{relation.reason}{back}{crux}"


def _question(text: str) -> Question:
    found = _ANSWER.fullmatch(text)
    if found is None:
        return Question(text)
    return Question(found["text"].strip(), _target(found) if found["answer"] else "")


def _target(found: re.Match[str]) -> str:
    if found["wiki"]:
        return split_wikilink(found["wiki"])[0]
    return markdown_target(found["markdown"].strip("<>"))[0]
