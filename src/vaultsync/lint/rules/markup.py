"""MRK and TAG: markup that is not what it seems, suppressions, and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from vaultsync.blocks.fill import block_problems
from vaultsync.core.model import Document, Footnote
from vaultsync.core.text import Edit, Lines, Span
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Finding, Related, one, rule
from vaultsync.lint.rules.properties import PLACEHOLDER
from vaultsync.markdown.base import base_blocks, read_base
from vaultsync.markdown.conflict_callouts import find_callouts
from vaultsync.markdown.events import is_numeric, is_tag
from vaultsync.markdown.footnotes import footnote_labels, undefined_footnotes
from vaultsync.markdown.frontmatter.edit import list_items
from vaultsync.markdown.unclosed_markup import MarkupKind, numeric_tags, unclosed_markup

_NAME = "tags"
_NO_BASE = "Obsidian cannot read this base"
# A `#` that begins a comment instead of a tag.
_COMMENT = re.compile(r":?[ \t]+(?P<text>#[^\s#][^\r\n]*)")


def _listed(document: Document) -> list[tuple[Any, Span]]:
    """Return the entries of the list of tags, with places; [] where all are valid."""
    properties = document.properties
    key = properties.key(_NAME)
    values = properties.data.get(key or "")
    if key is None or not isinstance(values, list):
        return []
    start = properties.keys[key].end
    commented = None in values and document.text.find("#", start, document.body) >= 0
    return list_items(document.text, key) if commented or not all(map(_is_good, values)) else []


def _is_good(value: Any) -> bool:
    return value is None or (isinstance(value, str) and is_tag(_name(value)))


def _name(value: str) -> str:
    return value.strip().removeprefix("#")


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return is_numeric(_name(value))
    return isinstance(value, int | float) and not isinstance(value, bool)


@rule("TAG001", "illegal-tag", severity="warning")
def illegal_tag(document: Document, _context: Context) -> Iterator[Finding]:
    """A tag in the properties is not valid in Obsidian, which drops it.

    A tag consists of letters, digits, `-`, `_`, `/` and emoji, without spaces and other punctuation
    (https://help.obsidian.md/tags#Tag+format). The `#` is not needed in the properties, and
    without quotes it begins a comment.
    """
    listed, properties = _listed(document), document.properties
    for value, span in listed:
        if isinstance(value, bool):
            yield Finding(span, f"the tag `{span.of(document.text)}` is no text: quote it")
        elif isinstance(value, str) and not (_is_number(value) or PLACEHOLDER.search(value)):
            name = _name(value)
            if name and not is_tag(name):
                yield Finding(span, f"`{name}` is no tag: {_reason(name)}")
    key = properties.key(_NAME)
    whole = [(properties.data[key], properties.keys[key])] if key else []
    for value, span in (*whole, *listed):
        comment = _COMMENT.match(document.text, span.end) if value is None else None
        if comment:
            message = "this is a comment, no tag: write it without `#`"
            yield Finding(Span(*comment.span("text")), message)


def _reason(name: str) -> str:
    bad = next(char for char in name if not is_tag(f"a{char}"))
    return f"it holds {'a blank' if bad.isspace() else f'`{bad}`'}"


@rule("TAG002", "numeric-tag", severity="warning", default=False)
def numeric_tag(document: Document, _context: Context) -> Iterator[Finding]:
    """A tag consists of digits only, so it is not a tag.

    Obsidian treats `#1984` as text and drops numbers from `tags`. One other character makes it a
    tag: `#y1984` (https://help.obsidian.md/tags#Tag+format). In the body it is reported only where
    tags usually are, at the start of a line or beside another tag, and not in "issue #12".
    """
    spans = [span for value, span in _listed(document) if _is_number(value)]
    if document.kind == "note":
        spans += numeric_tags(document.text, document.body)
    for span in spans:
        written = span.of(document.text)
        yield Finding(span, f"`{written}` is no tag: it needs more than digits")


@rule("MRK001", "broken-block-marker", reach="blocks")
def broken_block_marker(document: Document, context: Context) -> Iterator[Finding]:
    """A generated block is not closed, of an unknown kind, or requires what does not exist.

    A block opens with `<!-- vaultsync:KIND name="value" -->` and closes with
    `<!-- /vaultsync -->`, each on a line of its own with an empty line inside.
    """
    for problem in block_problems(document, context.blocks) if document.directives else ():
        first = problem.span.of(document.text).split("\n", 1)[0].rstrip()
        span = Span(problem.span.start, problem.span.start + len(first))
        yield Finding(span, problem.message)


def _unclosed(document: Document, kind: MarkupKind, message: str) -> Iterator[Finding]:
    if document.kind == "note":
        for span in unclosed_markup(document.text, document.body, kind):
            yield Finding(span, message)


@rule("MRK002", "unclosed-comment", severity="warning", default=False)
def unclosed_comment(document: Document, _context: Context) -> Iterator[Finding]:
    """A comment opens with `%%` at the start of a line and is never closed.

    Obsidian then hides the rest of the note. Write `%%` after the comment too. Within a line `%%`
    hides nothing unless another follows in that line.
    """
    return _unclosed(document, "comment", "this comment is never closed: it hides all that follows")


@rule("MRK003", "unclosed-fence", severity="warning", default=False)
def unclosed_fence(document: Document, _context: Context) -> Iterator[Finding]:
    """A block of code is never closed, so all that follows is code: no links, tags or headings.

    It closes with a line of at least as many backticks or tildes as it opens with, and nothing
    else.
    """
    return _unclosed(document, "fence", "this block of code is never closed")


@rule("MRK004", "unclosed-math", severity="warning", default=False)
def unclosed_math(document: Document, _context: Context) -> Iterator[Finding]:
    """Mathematics opens with `$$` at the start of a line or the end of a paragraph, with no end.

    Obsidian then treats the rest of the note as mathematics. Write `$$` after it too.
    """
    return _unclosed(document, "math", "this `$$` is never closed")


@rule("MRK005", "unused-suppression", severity="warning", last=True)
def unused_suppression(document: Document, context: Context) -> Iterator[Finding]:
    """A comment suppresses a rule that finds nothing there, or ends what is not suppressed.

    It would hide a later mistake. The fix removes the name of the rule from the comment, or the
    comment if it names no other rule. Rules that did not run are not considered.
    """
    for unused in context.review.unused:
        nowhere = "found nowhere that this comment reaches"
        state = "not suppressed here" if unused.kind == "enable" else nowhere
        fix = one(document.path, f"remove `{unused.word}`", (Edit(unused.spare, ""),))
        yield Finding(unused.span, f"`{unused.word}` is {state}", fix)


@rule("MRK006", "invalid-suppression", severity="warning", last=True)
def invalid_suppression(_document: Document, context: Context) -> Iterator[Finding]:
    """A comment begins like a suppression, but suppresses nothing.

    It names no rule or one that does not exist, has an unknown kind, or does not close in its line.
    The form is `%% vaultsync-disable LNK001: reason %%`, or with `-enable`, `-disable-line`,
    `-disable-next-line` or `-disable-file` instead of `-disable`. It may be an HTML comment.
    Several rules are separated by commas.
    """
    for flaw in context.review.flaws:
        yield Finding(flaw.span, flaw.message)


@rule("MRK007", "unexplained-suppression", severity="hint", last=True)
def unexplained_suppression(_document: Document, context: Context) -> Iterator[Finding]:
    """A suppression gives no reason, so a reader cannot know whether it is still needed.

    Write it after a colon: `%% vaultsync-disable-line LNK001: not written yet %%`.
    """
    message = "this suppression gives no reason: write it behind a colon"
    for unexplained in context.review.unexplained:
        yield Finding(unexplained.comment, message)


@rule("MRK008", "conflict-marker", certain=True, unreadable=True)
def conflict_marker(document: Document, _context: Context) -> Iterator[Finding]:
    """A conflict of a merge is not resolved: the note holds both versions and git's marks.

    Keep what is right and remove the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`. In
    a generated block, `vaultsync index` and `vaultsync changelog` do so. In fenced code such lines
    are text.
    """
    for conflict in document.conflicts:
        first = conflict.span.of(document.text).split("\n", 1)[0].rstrip("\r")
        span = Span(conflict.start, conflict.start + len(first))
        yield Finding(span, "this conflict of a merge is not resolved: keep what is right of it")


@rule("MRK009", "undefined-footnote", odd=True)
def undefined_footnote(document: Document, _context: Context) -> Iterator[Finding]:
    r"""A footnote has no definition, so that the note shows its mark as text.

    Write `[^1]: the text` in the same note, or `\[^1]` where no footnote is meant. `publish`
    refuses such a note.
    """
    for span in undefined_footnotes(document):
        mark = span.of(document.text)
        yield Finding(span, f"there is no footnote `{mark}`: write `{mark}: …` below")


@rule("MRK010", "unused-footnote", severity="warning", odd=True)
def unused_footnote(document: Document, _context: Context) -> Iterator[Finding]:
    """Nothing refers to the footnote that is defined here, so that readers never see it."""
    used = footnote_labels(document.text, document.body) if document.footnotes else frozenset()
    for footnote in document.footnotes:
        if footnote.label.lower() not in used:
            yield Finding(_footnote_mark(footnote), f"nothing refers to `[^{footnote.label}]`")


@rule("MRK011", "duplicate-footnote", severity="warning", odd=True)
def duplicate_footnote(document: Document, _context: Context) -> Iterator[Finding]:
    """A footnote is defined twice, and readers see only the first text.

    Letter case does not count. Give one of the two another name.
    """
    first: dict[str, Footnote] = {}
    for footnote in document.footnotes:
        known = first.setdefault(footnote.label.lower(), footnote)
        if known is not footnote:
            related = (Related(document.path, _footnote_mark(known), "the first definition"),)
            message = f"the footnote `[^{footnote.label}]` is defined twice"
            yield Finding(_footnote_mark(footnote), message, related=related)


def _footnote_mark(footnote: Footnote) -> Span:
    return Span(footnote.start, footnote.start + len(f"[^{footnote.label}]"))


@rule("MRK012", "invalid-base")
def invalid_base(document: Document, _context: Context) -> Iterator[Finding]:
    """A base, in a file or in a block of code, is not YAML.

    Obsidian shows an error in its place. The usual causes are a tab, and a filter that begins with
    a quote or `!` and has no quotes around the whole (https://help.obsidian.md/bases/syntax).
    """
    if document.kind == "base":
        error = read_base(document.text).error
        if error:
            yield Finding(Span(error.offset, error.offset + 1), f"{_NO_BASE}: {error.message}")
    for start, base in base_blocks(document.text, document.body) if document.kind == "note" else ():
        error = read_base(base).error
        if error and not PLACEHOLDER.search(base):
            line = Lines(base).position(error.offset)[0]
            place = Span(start, start + len(document.text[start:].split("\n", 1)[0].rstrip()))
            yield Finding(place, f"{_NO_BASE}: {error.message} (line {line} of the block)")


@rule("MRK013", "unresolved-conflict", certain=True)
def unresolved_conflict(document: Document, _context: Context) -> Iterator[Finding]:
    """Both sides of a merge changed a part of the note, each in its own way.

    The version of the other side is in place, and yours is in a callout below it, or for a property
    in a comment. Keep what is right, and remove the callout or the comment.
    """
    message = "both sides of a merge changed what is above: keep what is right, and remove this"
    for conflict in find_callouts(document) if document.kind == "note" else ():
        first = conflict.marked.of(document.text).split("\n", 1)[0].rstrip("\r")
        yield Finding(Span(conflict.marked.start, conflict.marked.start + len(first)), message)
