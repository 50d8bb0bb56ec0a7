"""FIL: what files are called. Attachments have names too."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from vaultsync.core.model import Document
from vaultsync.core.text import Span
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Example, Finding, rule
from vaultsync.notes.link_index import key, utf16_length

_WHOLE = Span(0, 0)
# Source: https://help.obsidian.md/links ("characters that may not work").
_UNLINKABLE = re.compile(r"#|\||\^|\[\[|\]\]|%%")
_NOT_EVERYWHERE = re.compile(r"[:\\]")
# Source: https://learn.microsoft.com/windows/win32/fileio/naming-a-file.
_WINDOWS = re.compile(r"[<>:\"|?*\\\x01-\x1f]")
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL"}
    | {f"{port}{number}" for port in ("COM", "LPT") for number in "123456789¹²³"}
)
_MOST_UNITS = 240


def _own_names(document: Document, context: Context) -> Iterator[tuple[str, str]]:
    """Yield what a file is called, and the folders that no other file tells of, with their kind."""
    parts = document.path.split("/")
    for end, name in enumerate(parts, 1):
        path = "/".join(parts[:end])
        if end == len(parts):
            yield "the file's name", name
        elif context.folders[path] == document.path:
            yield f"the name of the folder `{path}`", name


def _marks(pattern: re.Pattern[str], name: str) -> str:
    found = dict.fromkeys(mark[0] for mark in pattern.finditer(name))
    shown = (f"`{mark}`" if mark.isprintable() else f"U+{ord(mark):04X}" for mark in found)
    return " and ".join(shown)


@rule(
    "FIL007",
    "illegal-name",
    Example("Text.\n", "Text.\n", path="C# notes.md", renamed="C sharp notes.md"),
    Example("Text.\n", "Text.\n", path="Part 1: start.md", renamed="Part 1 - start.md"),
    severity="warning",
    default=False,
    certain=True,
    names=True,
    reach="paths",
)
def illegal_name(document: Document, context: Context) -> Iterator[Finding]:
    r"""The name of a file or folder holds what a link cannot, or another system cannot.

    With `#`, `|`, `^`, `[[`, `]]` or `%%` in it, a link means something else than the file
    (https://help.obsidian.md/links). Obsidian itself makes no file with `:` or `\` in its name,
    and Windows cannot hold one: such a vault cannot be cloned there. Attachments are checked too.
    """
    for what, name in _own_names(document, context):
        unlinkable, elsewhere = _marks(_UNLINKABLE, name), _marks(_NOT_EVERYWHERE, name)
        if unlinkable:
            yield Finding(_WHOLE, f"{what} holds {unlinkable}, which a link cannot")
        if elsewhere:
            yield Finding(_WHOLE, f"{what} holds {elsewhere}, which not every system can")


@rule(
    "FIL008",
    "nfd-name",
    Example("Text.\n", "Text.\n", path="Cafe\u0301.md", renamed="Caf\u00e9.md"),
    severity="warning",
    default=False,
    certain=True,
    names=True,
    reach="paths",
)
def nfd_name(document: Document, context: Context) -> Iterator[Finding]:
    """The name of a file or folder is not in composed form (NFC).

    An `é` can be one character or an `e` with an accent behind it. Both look the same, but to git,
    to a web server and to some programs they are two names. Files from a Mac have the second form;
    links are typed in the first. Rename the file, or on a Mac run
    `git config core.precomposeunicode true`. Attachments are checked too.
    """
    for what, name in _own_names(document, context):
        if not unicodedata.is_normalized("NFC", name):
            yield Finding(_WHOLE, f"{what} is not in composed form (NFC)")


@rule(
    "FIL009",
    "case-twins",
    Example(
        "Text.\n",
        "Text.\n",
        path="Note.md",
        renamed="Another note.md",
        others={"note.md": "More.\n"},
    ),
    severity="warning",
    default=False,
    certain=True,
    names=True,
    reach="paths",
)
def case_twins(document: Document, context: Context) -> Iterator[Finding]:
    """Two files have names that differ only in letter case or Unicode form.

    On Windows and most Macs they are one file, so that a clone there loses one of them. Obsidian
    takes a link to either for a link to both. Attachments are checked too.
    """
    others = [path for path in context.alike[key(document.path)] if path != document.path]
    if others:
        yield Finding(_WHOLE, f"{others[0]} differs only in letter case or Unicode form")


@rule(
    "FIL010",
    "windows-name",
    Example("Text.\n", "Text.\n", path="Why?.md", renamed="Why.md"),
    Example("Text.\n", "Text.\n", path="aux.md", renamed="auxiliary.md"),
    severity="warning",
    default=False,
    certain=True,
    names=True,
    reach="paths",
)
def windows_name(document: Document, context: Context) -> Iterator[Finding]:
    r"""The name of a file or folder is one that Windows cannot hold, so a clone there fails.

    Windows allows none of `< > : " | ? * \`, no dot or blank at the end, and no name of a device
    such as `CON`, `AUX` or `COM1`, whatever follows it behind a dot
    (https://learn.microsoft.com/windows/win32/fileio/naming-a-file). A whole path has at most 260
    characters there; a path of more than 240 within the vault leaves too little for where the vault
    lies. Attachments are checked too.
    """
    for what, name in _own_names(document, context):
        reason = _refused(name)
        if reason:
            yield Finding(_WHOLE, f"{what} {reason}: Windows cannot hold it")
    length = utf16_length(document.path)
    if length > _MOST_UNITS:
        yield Finding(_WHOLE, f"the path is {length} long: Windows may not hold it")


def _refused(name: str) -> str:
    marks = _marks(_WINDOWS, name)
    if marks:
        return f"holds {marks}"
    if name.endswith((".", " ")):
        return "ends with a dot" if name.endswith(".") else "ends with a blank"
    device = name.partition(".")[0].rstrip(" ").upper()
    return f"is that of a device, {device}" if device in _DEVICES else ""


RULES = (illegal_name, nfd_name, case_twins, windows_name)
