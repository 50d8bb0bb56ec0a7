"""TAG: tags, in the properties and in the body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from vaultsync.core.model import Document
from vaultsync.core.text import Span
from vaultsync.lint.context import Context
from vaultsync.lint.diagnostic import Finding
from vaultsync.lint.rule import Example, rule
from vaultsync.markdown.frontmatter import list_items
from vaultsync.markdown.tags import is_numeric, is_tag
from vaultsync.markdown.unclosed_markup import numeric_tags

_NAME = "tags"
# A placeholder of a template.
_PLACEHOLDER = re.compile(r"\{\{|<%")
# A `#` that begins a comment instead of a tag.
_COMMENT = re.compile(r":?[ \t]+(?P<text>#[^\s#][^\r\n]*)")


def _listed(document: Document) -> list[tuple[Any, Span]]:
    """Return the entries of the list of tags, with places; [] where all are valid."""
    properties = document.properties
    key = properties.key(_NAME)
    values = properties.data.get(key or "")
    if key is None or not isinstance(values, list):
        return []
    commented = None in values and "#" in document.text[properties.keys[key].end : document.body]
    return list_items(document.text, key) if commented or not all(map(_is_good, values)) else []


def _is_good(value: Any) -> bool:
    return value is None or (isinstance(value, str) and is_tag(_name(value)))


def _name(value: str) -> str:
    return value.strip().removeprefix("#")


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return is_numeric(_name(value))
    return isinstance(value, int | float) and not isinstance(value, bool)


@rule(
    "TAG001",
    "illegal-tag",
    Example("---\ntags:\n  - two words\n---\n", "---\ntags:\n  - two-words\n---\n", path="note.md"),
    Example("---\ntags: [c++]\n---\n", "---\ntags: [cpp]\n---\n", path="note.md"),
    Example("---\ntags: #a\n---\n", "---\ntags:\n  - a\n---\n", path="note.md"),
    severity="warning",
)
def illegal_tag(document: Document, _context: Context) -> Iterator[Finding]:
    """A tag in the properties is not valid in Obsidian, which drops it.

    A tag consists of letters, digits, `-`, `_`, `/` and emoji, without spaces and other punctuation
    (https://help.obsidian.md/tags#Tag+format). The `#` is not needed in the properties, and
    without quotes it begins a comment.
    """
    for value, span in _listed(document):
        comment = _COMMENT.match(document.text, span.end) if value is None else None
        if comment:
            yield _commented(comment)
        elif isinstance(value, bool):
            yield Finding(span, f"the tag `{span.of(document.text)}` is no text: quote it")
        elif isinstance(value, str) and not (_is_number(value) or _PLACEHOLDER.search(value)):
            name = _name(value)
            if name and not is_tag(name):
                yield Finding(span, f"`{name}` is no tag: {_reason(name)}")
    key = document.properties.key(_NAME)
    if key and document.properties.data[key] is None:
        comment = _COMMENT.match(document.text, document.properties.keys[key].end)
        if comment:
            yield _commented(comment)


def _commented(comment: re.Match[str]) -> Finding:
    message = "this is a comment, no tag: write it without `#`"
    return Finding(Span(*comment.span("text")), message)


def _reason(name: str) -> str:
    bad = next(char for char in name if not is_tag(f"a{char}"))
    return f"it holds {'a blank' if bad.isspace() else f'`{bad}`'}"


@rule(
    "TAG002",
    "numeric-tag",
    Example("A novel #book #1984\n", "A novel #book #y1984\n", path="note.md"),
    Example("---\ntags:\n  - 2024\n---\n", "---\ntags:\n  - y2024\n---\n", path="note.md"),
    severity="warning",
    default=False,
)
def numeric_tag(document: Document, _context: Context) -> Iterator[Finding]:
    """A tag consists of digits only, so it is not a tag.

    Obsidian treats `#1984` as text and drops numbers from `tags`. One other character makes it a
    tag: `#y1984` (https://help.obsidian.md/tags#Tag+format). In the body it is reported only where
    tags usually are, at the start of a line or beside another tag, and not in "issue #12".
    """
    for value, span in _listed(document):
        if _is_number(value):
            written = span.of(document.text)
            yield Finding(span, f"`{written}` is no tag: it needs more than digits")
    if document.kind == "note":
        for span in numeric_tags(document.text, document.body):
            written = span.of(document.text)
            yield Finding(span, f"`{written}` is no tag: it needs more than digits")


RULES = (illegal_tag, numeric_tag)
