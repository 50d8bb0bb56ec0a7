"""PRP: properties that mean something to Obsidian, and their types."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from vaultsync.core.model import Document
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Example, Finding, Fix, one, rule
from vaultsync.lint.rules.properties import DEPRECATED, empty
from vaultsync.markdown.frontmatter import make_list

_DEPRECATED = frozenset(DEPRECATED)
_LISTS = ("tags", "aliases", "cssclasses")
# What stands between several values in one text; a tag or class holds no blanks.
_BETWEEN = {"tags": r"[,\s]+", "aliases": r"\s*,\s*", "cssclasses": r"[,\s]+"}
# A template's blank to fill in.
_BLANK = re.compile(r"\{\{|<%")
_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?"
)


def _items(name: str, value: Any) -> list[str]:
    """Return the values that one text probably holds."""
    said = re.split(_BETWEEN[name], value) if isinstance(value, str) else []
    return [item for item in said if item]


def _list_fix(document: Document, name: str, wanted: str, title: str) -> Fix | None:
    """Make a list of the property; to take one text apart is unsafe."""
    items = _items(wanted, document.properties.data[name])
    rename = wanted if name.lower() != wanted else ""
    several = items if len(items) > 1 else ()
    edits = make_list(document.text, name, several, rename=rename)
    return one(document.path, title, edits, safe=not several)


def _is_blank(document: Document, name: str) -> bool:
    where = document.properties.values.get(name)
    return where is None or bool(_BLANK.search(where.of(document.text)))


@rule(
    "PRP010",
    "deprecated-key",
    Example(
        "---\nalias: A name\n---\n",
        "---\naliases:\n  - A name\n---\n",
        fixed=True,
        path="note.md",
    ),
    Example("---\ntag: [a, b]\n---\n", "---\ntags: [a, b]\n---\n", fixed=True, path="note.md"),
    Example(
        "---\ntag: a, b\n---\n",
        "---\ntags:\n  - a\n  - b\n---\n",
        fixed=True,
        unsafe=True,
        path="note.md",
    ),
    severity="warning",
)
def deprecated_key(document: Document, _context: Context) -> Iterator[Finding]:
    """The property is called `tag`, `alias` or `cssclass`.

    Obsidian has not read these since version 1.9: write `tags`, `aliases` and `cssclasses`, each
    with a list. The fix does so where the note does not have the other property too. It is unsafe
    where it takes one text with commas apart.
    """
    if not document.properties.has_any(_DEPRECATED):
        return
    for old, name in DEPRECATED.items():
        key = document.properties.key(old)
        where = document.properties.keys.get(key or "")
        if key is None or where is None:
            continue
        known = document.properties.key(name)
        fix = None if known else _list_fix(document, key, name, f"call it `{name}`")
        remedy = f"add what it says to `{known}`" if known else f"call it `{name}`"
        yield Finding(where, f"Obsidian does not read `{key}`: {remedy}", fix)


@rule(
    "PRP011",
    "not-a-list",
    Example("---\ntags: a\n---\n", "---\ntags:\n  - a\n---\n", fixed=True, path="note.md"),
    Example(
        "---\naliases: One, two # both\n---\n",
        "---\naliases:\n  - One\n  - two # both\n---\n",
        fixed=True,
        unsafe=True,
        path="note.md",
    ),
    severity="warning",
)
def not_a_list(document: Document, _context: Context) -> Iterator[Finding]:
    """`tags`, `aliases` or `cssclasses` is no list.

    Since version 1.9 Obsidian wants a list there, also for one value, and does not look for
    several values in one text. The fix makes a list of the one value; to take a text with commas
    apart is unsafe, for a name may hold one.
    """
    for name in _LISTS:
        key = document.properties.key(name)
        value = document.properties.data.get(key or "")
        if key is None or isinstance(value, list) or empty(value) or _is_blank(document, key):
            continue
        fix = _list_fix(document, key, name, f"make a list of `{key}`")
        yield Finding(document.properties.values[key], f"`{key}` is no list", fix)


Fits = Callable[[Any], bool]


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
_TYPES: Mapping[str, tuple[str, Fits]] = {
    "text": ("a text", lambda value: isinstance(value, str)),
    "multitext": ("a list", _is_list),
    "tags": ("a list", _is_list),
    "aliases": ("a list", _is_list),
    "number": ("a number", _is_number),
    "checkbox": ("true or false", lambda value: isinstance(value, bool)),
    "date": ("a date, as 2024-12-31", _is_time),
    "datetime": ("a date and time, as 2024-12-31T23:59:00", _is_time),
}


@rule(
    "PRP012",
    "obsidian-type",
    Example(
        "---\ndue: tomorrow\n---\n",
        "---\ndue: 2024-12-31\n---\n",
        path="note.md",
        others={".obsidian/types.json": '{"types": {"Due": "date"}}'},
    ),
    Example(
        "---\nrating: high\n---\n",
        "---\nrating: 5\n---\n",
        path="note.md",
        others={".obsidian/types.json": '{"types": {"rating": "number"}}'},
    ),
    severity="warning",
    default=False,
    reach="types",
)
def obsidian_type(document: Document, context: Context) -> Iterator[Finding]:
    """A value does not fit the type that the property has in Obsidian.

    Each property has one type in the whole vault, kept in `.obsidian/types.json`. Obsidian shows a
    value of another type with a warning and offers no proper way to edit it. What
    `vaultsync.toml` says about a property is checked by PRP003.
    """
    for name, value in document.properties.data.items():
        kind = context.types.get(name.lower(), "")
        # What is no list here is told by PRP011.
        if (
            kind not in _TYPES
            or empty(value)
            or name.lower() in _LISTS
            or _is_blank(document, name)
        ):
            continue
        wanted, fits = _TYPES[kind]
        where = document.properties.values[name]
        # A wikilink without quotes is told by PRP009.
        if not fits(value) and not where.of(document.text).startswith("[["):
            yield Finding(where, f"`{name}` is to be {wanted}: that is its type in Obsidian")


RULES = (deprecated_key, not_a_list, obsidian_type)
