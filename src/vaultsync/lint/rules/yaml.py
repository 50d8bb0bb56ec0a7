"""PRP: the block of properties as YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vaultsync.core.model import Document, PropertiesError
from vaultsync.core.text import Edit, Lines, Span
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Example, Finding, one, rule
from vaultsync.markdown.frontmatter import bare_wikilinks, scalar, without_tabs

# What is wrong here is not cured by quotes; other complaints are those of the YAML parser.
_TELLING = ("the ", "nested ", "more than ")
_BARE = re.compile(r"(?<![\"'])\[\[")


def _error(document: Document, cause: str) -> PropertiesError | None:
    error = document.properties.error
    return error if error and error.cause == cause else None


@rule(
    "PRP001",
    "invalid-properties",
    Example("---\ntitle: a: b\n---\n", '---\ntitle: "a: b"\n---\n', path="note.md"),
    Example('---\ntitle: "a\nb"\n---\n', '---\ntitle: "a\n  b"\n---\n', path="note.md"),
    certain=True,
    unreadable=True,
)
def invalid_properties(document: Document, _context: Context) -> Iterator[Finding]:
    """The block of properties cannot be read.

    Obsidian shows such a block as invalid and knows none of the note's properties. The usual
    causes are a `: ` or a leading quote, bracket, `#` or `*` in a value without quotes. Put the
    value in quotes. A name that stands twice is PRP007, a tab PRP008.
    """
    error = _error(document, "form")
    if error:
        remedy = "" if error.message.startswith(_TELLING) else ": quote the value"
        yield Finding(Span(error.offset, error.offset + 1), error.message + remedy)


@rule(
    "PRP007",
    "duplicate-key",
    Example("---\na: 1\na: 2\n---\n", "---\na: 1\n---\n", path="note.md"),
    Example(
        "---\na:\n  b: 1\n  c: 2\n  b: 3\n---\n", "---\na:\n  b: 1\n  c: 2\n---\n", path="note.md"
    ),
    certain=True,
    unreadable=True,
)
def duplicate_key(document: Document, _context: Context) -> Iterator[Finding]:
    """A property stands twice.

    YAML allows each name once. Obsidian shows the whole block as invalid and knows none of the
    note's properties, while other programs take one of the two values. Remove one of them.
    """
    error = _error(document, "duplicate")
    if error:
        lines = Lines(document.text)
        first, second = (lines.position(place) for place in (error.first, error.offset))
        written = lines.around(error.offset)[second[1] - 1 :].rstrip()
        name = error.message.split("`")[1]
        message = f"the property `{name}` stands in line {first[0]} and again in line {second[0]}"
        yield Finding(Span(error.offset, error.offset + len(written)), message)


@rule(
    "PRP008",
    "tab-indentation",
    Example("---\ntags:\n\t- a\n---\n", "---\ntags:\n  - a\n---\n", fixed=True, path="note.md"),
    Example("---\na: b\n\tc: d\n---\n", "---\na: b\nc: d\n---\n", path="note.md"),
    certain=True,
    unreadable=True,
)
def tab_indentation(document: Document, _context: Context) -> Iterator[Finding]:
    """A tab indents a line of the properties.

    YAML is indented by blanks alone (https://yaml.org/spec/1.2.2/#61-indentation-spaces): Obsidian
    shows the block as invalid and knows none of the note's properties. The fix puts two blanks for
    each tab, where the block then says the same however wide a tab is thought to be.
    """
    error = _error(document, "tab")
    if error:
        fix = one(document.path, "indent with blanks", without_tabs(document.text))
        message = "a tab indents the properties, which YAML does not allow: use blanks"
        yield Finding(Span(error.offset, error.offset + 1), message, fix)


@rule(
    "PRP009",
    "unquoted-wikilink",
    Example(
        "---\nup: [[other]]\n---\n",
        '---\nup: "[[other]]"\n---\n',
        fixed=True,
        path="note.md",
        others={"other.md": "Text.\n"},
    ),
    Example(
        "---\nup:\n  - [[other|it]] # why\n---\n",
        '---\nup:\n  - "[[other|it]]" # why\n---\n',
        fixed=True,
        path="note.md",
        others={"other.md": "Text.\n"},
    ),
    severity="warning",
)
def unquoted_wikilink(document: Document, _context: Context) -> Iterator[Finding]:
    """A wikilink in the properties stands without quotes.

    YAML reads `[[note]]` as a list in a list. Obsidian then neither follows it nor counts it as a
    link, and changes its form when it next writes the properties. The fix quotes it; where it
    holds a comma, and so may be meant as a list, the fix is unsafe.
    """
    span = document.properties.span
    # To look for two brackets takes a tenth of the time.
    if span is None or document.text.find("[[", span.start, span.end) < 0:
        return
    if not _BARE.search(document.text, span.start, span.end):
        return
    for place, certain in bare_wikilinks(document.text):
        written = place.of(document.text)
        edits = (Edit(place, scalar(written)),)
        fix = one(document.path, "quote the link", edits, safe=certain)
        yield Finding(place, f"`{written}` is a list in YAML, no link: quote it", fix)


RULES = (invalid_properties, duplicate_key, tab_indentation, unquoted_wikilink)
