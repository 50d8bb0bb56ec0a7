"""FIL: files and their names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vaultsync.core.model import Document
from vaultsync.core.text import Span, newline_of
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Example, Finding, rule
from vaultsync.lint.rules.properties import top

# A byte order mark, blanks and line ends are nothing.
_ANYTHING = re.compile(r"[^\ufeff \t\r\n]")
_NOTE = "---\ntitle: A claim\nstatus: open\nkind: idea\n---\n\nText.\n"


@rule(
    "FIL001",
    "unreadable-file",
    Example("\udcff", "Text.\n", path="note.md"),
    certain=True,
    unreadable=True,
)
def unreadable_file(document: Document, _context: Context) -> Iterator[Finding]:
    """The file cannot be read as a note.

    It is not UTF-8, too large, nested too deep, a symbolic link that leads nowhere, or not to be
    opened. It stays a link target, but nothing in it is checked and nothing is written to it.
    """
    if document.error:
        yield Finding(Span(0, 0), document.error)


@rule(
    "FIL002",
    "duplicate-title",
    Example(_NOTE, _NOTE.replace("A claim", "B"), others={"Claims/other.md": _NOTE}),
    reach="titles",
    typed=True,
)
def duplicate_title(document: Document, context: Context) -> Iterator[Finding]:
    """Two notes have the same title, so lists cannot tell them apart."""
    title = document.text_property("title")
    if title is None or context.note(document) is None:
        return
    same = context.titles.get(" ".join(title.lower().split()), [])
    others = [path for path in same if path != document.path]
    if others:
        where = document.properties.values.get("title", top(document))
        yield Finding(where, f"{others[0]} has the same title")


@rule(
    "FIL003",
    "byte-order-mark",
    Example("\ufeffText.\n", "Text.\n", path="note.md"),
    severity="hint",
)
def byte_order_mark(document: Document, _context: Context) -> Iterator[Finding]:
    """The file begins with a byte order mark, which UTF-8 does not need.

    Obsidian leaves it out when it next writes the note, and other tools may not see the
    properties behind it.
    """
    if document.text.startswith("\ufeff"):
        yield Finding(Span(0, 1), "the file begins with a byte order mark")


@rule(
    "FIL004",
    "crlf-line-ends",
    Example("Text.\r\nMore.\r\n", "Text.\nMore.\n", path="note.md"),
    severity="hint",
)
def crlf_line_ends(document: Document, _context: Context) -> Iterator[Finding]:
    """The lines end with CRLF. Obsidian writes LF, so an edit there changes lines it should not."""
    if "\r" in document.text and newline_of(document.text) == "\r\n":
        end = document.text.index("\r\n")
        yield Finding(Span(end, end + 1), "the lines of this file end with CRLF")


@rule(
    "FIL005",
    "empty-note",
    Example("", "Text.\n", path="note.md"),
    severity="hint",
)
def empty_note(document: Document, _context: Context) -> Iterator[Finding]:
    """The note holds nothing."""
    if document.kind == "note" and not document.error and not _ANYTHING.search(document.text):
        yield Finding(Span(0, 0), "the note is empty")


@rule(
    "FIL006",
    "nul-character",
    Example("Te\0xt.\n", "Text.\n", path="note.md"),
    certain=True,
)
def nul_character(document: Document, _context: Context) -> Iterator[Finding]:
    """The file holds a NUL character, which no text has.

    The file is damaged, or it is saved as UTF-16: save it as UTF-8. Git takes such a file for a
    binary one and shows no changes in it.
    """
    at = document.text.find("\0")
    if at >= 0:
        yield Finding(Span(at, at + 1), "a NUL character: the file is damaged, or not UTF-8")


RULES = (
    unreadable_file,
    duplicate_title,
    byte_order_mark,
    crlf_line_ends,
    empty_note,
    nul_character,
)
