"""PRP: the form of the properties: YAML, and what Obsidian requires."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from vaultsync.core.model import Document, PropertiesError
from vaultsync.core.text import Edit, Lines, Span
from vaultsync.lint.context import Context
from vaultsync.lint.rule import WHOLE_FILE, Finding, Fix, Related, one, rule
from vaultsync.lint.rules.properties import DEPRECATED, PLACEHOLDER, empty
from vaultsync.markdown.frontmatter.edit import (
    make_list,
    tabs_to_spaces,
    unquoted_wikilinks,
    write_scalar,
)
from vaultsync.notes.note import PUBLISH, publish_keys

# Errors of our own, which quotes do not fix; others are those of the YAML parser.
_NOT_QUOTES = ("the ", "nested ", "more than ")
_BARE = re.compile(r"(?<![\"'])\[\[")
_DEPRECATED = frozenset(DEPRECATED)
_LISTS = ("tags", "aliases", "cssclasses")
_SEVERAL = re.compile(r"[,\s]")
# What separates several values in one text; a tag or class has no spaces.
_BETWEEN = {"tags": r"[,\s]+", "aliases": r"\s*,\s*", "cssclasses": r"[,\s]+"}
# Not every Python refuses 24:00.
_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ](?!24)\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?"
)


def _error(document: Document, cause: str) -> PropertiesError | None:
    error = document.properties.error
    return error if error and error.cause == cause else None


@rule("PRP001", "invalid-properties", certain=True, unreadable=True)
def invalid_properties(document: Document, _context: Context) -> Iterator[Finding]:
    """The block of properties cannot be read.

    Obsidian shows such a block as invalid and ignores the note's properties. The usual causes are a
    `: ` or a leading quote, bracket, `#` or `*` in a value without quotes. Put the value in quotes.
    A name that occurs twice is PRP007, a tab PRP008.
    """
    error = _error(document, "form")
    if error:
        remedy = "" if error.message.startswith(_NOT_QUOTES) else ": quote the value"
        yield Finding(Span(error.offset, error.offset + 1), error.message + remedy)


@rule("PRP007", "duplicate-key", certain=True, unreadable=True)
def duplicate_key(document: Document, _context: Context) -> Iterator[Finding]:
    """A property occurs twice.

    YAML allows each name once. Obsidian shows the whole block as invalid and ignores the note's
    properties, while other programs take one of the two values. Remove one of them.
    """
    error = _error(document, "duplicate")
    if error:
        lines = Lines(document.text)
        first, again = (_to_line_end(lines, place) for place in (error.first, error.offset))
        numbers = [lines.position(span.start)[0] for span in (first, again)]
        name = error.message.split("`")[1]
        message = f"the property `{name}` is in line {numbers[0]} and again in line {numbers[1]}"
        related = (Related(document.path, first, f"the first `{name}`"),)
        yield Finding(again, message, related=related)


def _to_line_end(lines: Lines, start: int) -> Span:
    written = lines.line_text(start)[lines.position(start)[1] - 1 :].rstrip()
    return Span(start, start + len(written))


@rule("PRP008", "tab-indentation", certain=True, unreadable=True)
def tab_indentation(document: Document, _context: Context) -> Iterator[Finding]:
    """A tab indents a line of the properties.

    YAML is indented with spaces only (https://yaml.org/spec/1.2.2/#61-indentation-spaces): Obsidian
    shows the block as invalid and ignores the note's properties. The fix replaces each tab with two
    spaces, where the block then means the same for any width of a tab.
    """
    error = _error(document, "tab")
    if error:
        fix = one(document.path, "indent with spaces", tabs_to_spaces(document.text))
        message = "a tab indents the properties, which YAML does not allow: use spaces"
        yield Finding(Span(error.offset, error.offset + 1), message, fix)


@rule("PRP009", "unquoted-wikilink", severity="warning")
def unquoted_wikilink(document: Document, _context: Context) -> Iterator[Finding]:
    """A wikilink in the properties is not quoted.

    YAML reads `[[note]]` as a list in a list. Obsidian then neither follows it nor counts it as a
    link, and changes its form when it next writes the properties. The fix quotes it; where it
    contains a comma, and so may be intended as a list, the fix is unsafe.
    """
    text, span = document.text, document.properties.span
    # To search for two brackets takes a tenth of the time.
    if span is None or text.find("[[", span.start, span.end) < 0:
        return
    if not _BARE.search(text, span.start, span.end):
        return
    for place, certain in unquoted_wikilinks(text):
        written = place.of(text)
        edits = (Edit(place, write_scalar(written)),)
        fix = one(document.path, "quote the link", edits, safe=certain)
        yield Finding(place, f"`{written}` is a list in YAML, not a link: quote it", fix)


def _list_fix(document: Document, name: str, wanted: str, title: str) -> Fix | None:
    """Return the fix that makes the property a list; to split one text is unsafe."""
    value = document.properties.data[name]
    parts = re.split(_BETWEEN[wanted], value) if isinstance(value, str) else []
    items = [part for part in parts if part]
    several = items if len(items) > 1 else ()
    rename = wanted if name.lower() != wanted else ""
    edits = make_list(document.text, name, several, rename=rename)
    return one(document.path, title, edits, safe=not several)


def _is_placeholder(document: Document, name: str) -> bool:
    where = document.properties.values.get(name)
    return where is None or bool(PLACEHOLDER.search(where.of(document.text)))


@rule("PRP010", "deprecated-key", severity="warning")
def deprecated_key(document: Document, _context: Context) -> Iterator[Finding]:
    """The property is named `tag`, `alias` or `cssclass`.

    Obsidian has not read these since version 1.9: write `tags`, `aliases` and `cssclasses`, each
    with a list. The fix does so where the note does not have the other property too. It is unsafe
    where it splits one text at commas.
    """
    if not document.properties.has_any(_DEPRECATED):
        return
    for old, name in DEPRECATED.items():
        key = document.properties.key(old)
        where = document.properties.keys.get(key or "")
        if key is None or where is None:
            continue
        known = document.properties.key(name)
        fix = None if known else _list_fix(document, key, name, f"rename it to `{name}`")
        remedy = f"move its values to `{known}`" if known else f"rename it to `{name}`"
        yield Finding(where, f"Obsidian does not read `{key}`: {remedy}", fix)


@rule("PRP011", "not-a-list", severity="warning")
def not_a_list(document: Document, _context: Context) -> Iterator[Finding]:
    """`tags` is one text with a comma or a space in it, which is not a tag.

    Obsidian reads one text as one tag, and does not split it. One tag needs no list, nor does one
    text in `aliases` or `cssclasses`, whatever it holds (Obsidian 1.9.3 and later). The fix splits
    the text; it is unsafe, since one tag may be meant.
    """
    key = document.properties.key("tags")
    value = document.properties.data.get(key or "")
    if key is None or not isinstance(value, str) or _is_placeholder(document, key):
        return
    if _SEVERAL.search(value.strip()):
        fix = _list_fix(document, key, "tags", f"make a list of `{key}`")
        message = f"`{key}` is one text, not a list: Obsidian reads no tag of it"
        yield Finding(document.properties.values[key], message, fix)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(item, list | dict) for item in value)


def _is_time(value: Any) -> bool:
    """Whether it is a day, with or without a time of day: Obsidian reads either for the other."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


# Source: https://help.obsidian.md/properties#Property+types.
_TYPES: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "text": ("a text", lambda value: isinstance(value, str)),
    "multitext": ("a list", _is_list),
    "tags": ("a list", _is_list),
    "aliases": ("a list", _is_list),
    "number": ("a number", _is_number),
    "checkbox": ("true or false", lambda value: isinstance(value, bool)),
    "date": ("a date, as 2024-12-31", _is_time),
    "datetime": ("a date and time, as 2024-12-31T23:59:00", _is_time),
}


@rule("PRP012", "obsidian-type", severity="warning", default=False)
def obsidian_type(document: Document, context: Context) -> Iterator[Finding]:
    """A value does not fit the type that the property has in Obsidian.

    Each property has one type in the whole vault, in `.obsidian/types.json`. Obsidian shows a
    value of another type with a warning, and its editor does not fit. PRP003 checks the schemas in
    `vaultsync.toml`.
    """
    for name, value in document.properties.data.items():
        kind = context.types.get(name.lower(), "")
        # PRP011 reports what should be a list here.
        if (
            kind not in _TYPES
            or empty(value)
            or name.lower() in _LISTS
            or _is_placeholder(document, name)
        ):
            continue
        wanted, fits = _TYPES[kind]
        where = document.properties.values[name]
        # PRP009 reports a wikilink without quotes.
        if not fits(value) and not where.of(document.text).startswith("[["):
            yield Finding(where, f"`{name}` is to be {wanted}: that is its type in Obsidian")


@rule("PRP014", "misplaced-properties", certain=True, unreadable=True)
def misplaced_properties(document: Document, _context: Context) -> Iterator[Finding]:
    """The block of properties is not at the start of the note, or is never closed.

    Obsidian then reads all of it as text, so that the note has no properties: it may be a draft
    without showing it, or private no longer. The first line must be exactly `---`, and another line
    `---` ends the block.
    """
    error = _error(document, "misplaced")
    if error:
        yield Finding(Span(error.offset, error.offset + 3), error.message)


@rule("PRP017", "unclear-publish", severity="warning")
def unclear_publish(document: Document, _context: Context) -> Iterator[Finding]:
    """The property `publish` is neither `true` nor `false`, or its name is misspelt.

    To be safe, such a note is not published. Write `publish: false` to keep it private, or
    `publish: true`, or remove the property.
    """
    properties = document.properties
    for name in publish_keys(properties):
        value = properties.data[name]
        if value is not True and (value is not False or name.lower() != PUBLISH):
            message = f"the note is not published: write `{PUBLISH}: true` or `{PUBLISH}: false`"
            yield Finding(properties.keys.get(name, WHOLE_FILE), message)
