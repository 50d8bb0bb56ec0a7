"""FIL: files and their names."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

from vaultsync.core.model import Document
from vaultsync.core.text import Span, line_ending
from vaultsync.lint.context import Context, title_key
from vaultsync.lint.rule import WHOLE_FILE, Finding, Related, note_rule, rule, whole_files
from vaultsync.lint.rules.properties import value_or_top
from vaultsync.notes.link_index import utf16_length
from vaultsync.notes.note import Note

# A byte order mark, spaces and line ends are not content.
_CONTENT = re.compile(r"[^\ufeff \t\r\n]")
# Source: https://help.obsidian.md/links ("characters that may not work").
_REFUSED = {
    re.compile(r"#|\||\^|\[\[|\]\]|%%"): "a link cannot",
    re.compile(r"[:\\]"): "not every system can",
}
# Source: https://learn.microsoft.com/windows/win32/fileio/naming-a-file.
_WINDOWS = re.compile(r"[<>:\"|?*\\\x01-\x1f]")
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL"}
    | {f"{port}{number}" for port in ("COM", "LPT") for number in "123456789¹²³"}
)
# Behind each slash, with which an expression is searched for faster.
_DEVICE = re.compile(rf"/(?:{'|'.join(sorted(_DEVICES))}) *(?:[./]|\Z)", re.IGNORECASE)
_MOST_UNITS = 240
_name_rule = functools.partial(
    rule, severity="warning", default=False, certain=True, names=True, reach="paths"
)


@rule("FIL001", "unreadable-file", certain=True, unreadable=True)
def unreadable_file(document: Document, _context: Context) -> Iterator[Finding]:
    """The file cannot be read as a note.

    It is not UTF-8, too large, nested too deeply, a broken symbolic link, or cannot be opened. It
    remains a link target, but nothing in it is checked and nothing is written to it.
    """
    if document.error:
        yield Finding(WHOLE_FILE, document.error)


@note_rule("FIL002", "duplicate-title", reach="titles")
def duplicate_title(note: Note, context: Context) -> Iterator[Finding]:
    """Two notes have the same title, so they look alike in lists."""
    same = context.titles.get(title_key(note.document), [])
    others = [path for path in same if path != note.path]
    if others:
        related = tuple(_with_title(path, context) for path in others)
        message = f"{others[0]} has the same title"
        yield Finding(value_or_top(note.document, "title"), message, related=related)


def _with_title(path: str, context: Context) -> Related:
    properties = context.vault.documents[path].properties
    return Related(path, properties.values.get("title", WHOLE_FILE), "the same title")


@rule("FIL003", "byte-order-mark", severity="hint", odd=True)
def byte_order_mark(document: Document, _context: Context) -> Iterator[Finding]:
    """The file begins with a byte order mark, which UTF-8 does not need.

    Obsidian leaves it out when it next writes the note, and other tools may not see the
    properties after it.
    """
    if document.text.startswith("\ufeff"):
        yield Finding(Span(0, 1), "the file begins with a byte order mark")


@rule("FIL004", "crlf-line-ends", severity="hint", odd=True)
def crlf_line_ends(document: Document, _context: Context) -> Iterator[Finding]:
    """The lines end with CRLF. Obsidian writes LF, so an edit there changes lines it should not."""
    if line_ending(document.text) == "\r\n":
        end = document.text.index("\r\n")
        yield Finding(Span(end, end + 1), "the lines of this file end with CRLF")


@rule("FIL005", "empty-note", severity="hint")
def empty_note(document: Document, _context: Context) -> Iterator[Finding]:
    """The note is empty."""
    if document.kind == "note" and not document.error and not _CONTENT.search(document.text):
        yield Finding(WHOLE_FILE, "the note is empty")


@rule("FIL006", "nul-character", certain=True, odd=True)
def nul_character(document: Document, _context: Context) -> Iterator[Finding]:
    """The file contains a NUL character, which text never does.

    The file is damaged, or it is saved as UTF-16: save it as UTF-8. Git treats such a file as
    binary and shows no changes in it.
    """
    if "\0" in document.text:
        at = document.text.index("\0")
        yield Finding(Span(at, at + 1), "a NUL character: the file is damaged, or not UTF-8")


def _own_names(document: Document, context: Context) -> Iterator[tuple[str, str]]:
    """Yield a file's name, and those of the folders in which it is the first file, described."""
    parts = document.path.split("/")
    for end, name in enumerate(parts, 1):
        path = "/".join(parts[:end])
        if end == len(parts):
            yield "the file's name", name
        elif context.folders[path] == document.path:
            yield f"the name of the folder `{path}`", name


def _matches(pattern: re.Pattern[str], name: str) -> str:
    found = dict.fromkeys(match[0] for match in pattern.finditer(name))
    shown = (f"`{text}`" if text.isprintable() else f"U+{ord(text):04X}" for text in found)
    return " and ".join(shown)


@_name_rule("FIL007", "illegal-name")
def illegal_name(document: Document, context: Context) -> Iterator[Finding]:
    r"""The name of a file or folder contains what a link or another system does not allow.

    With `#`, `|`, `^`, `[[`, `]]` or `%%` in the name, a link does not lead to the file
    (https://help.obsidian.md/links). Obsidian itself never creates a file with `:` or `\` in its
    name, and Windows does not allow one: such a vault cannot be cloned there. Attachments are
    checked too.
    """
    for what, name in _own_names(document, context):
        for reason in _illegal_reasons(name):
            yield Finding(WHOLE_FILE, f"{what} {reason}")


def _illegal_reasons(name: str) -> Iterator[str]:
    for pattern, refuses in _REFUSED.items():
        if held := _matches(pattern, name):
            yield f"holds {held}, which {refuses}"


def name_reason(name: str) -> str:
    """Return why links or other systems cannot hold a name of a file or folder, "" if they can."""
    illegal = next(_illegal_reasons(name), "")
    windows = windows_reason(name)
    return illegal or (f"{windows}: Windows cannot hold it" if windows else "")


@_name_rule("FIL008", "nfd-name")
def nfd_name(document: Document, context: Context) -> Iterator[Finding]:
    """The name of a file or folder is not in composed form (NFC).

    An `é` can be one character, or an `e` followed by an accent. Both look the same, but for git,
    web servers and some programs they are two names. Files from a Mac have the second form; links
    are typed in the first. Rename the file, or on a Mac run
    `git config core.precomposeunicode true`. Attachments are checked too.
    """
    for what, name in _own_names(document, context):
        if not unicodedata.is_normalized("NFC", name):
            yield Finding(WHOLE_FILE, f"{what} is not in composed form (NFC)")


@_name_rule("FIL009", "case-twins", default="git")
def case_twins(document: Document, context: Context) -> Iterator[Finding]:
    """Two files have names that differ only in letter case or Unicode form.

    On Windows and most Macs they are one file, so that a clone there loses one of them. In
    Obsidian a link to either is a link to both. Attachments are checked too.
    """
    others = context.twins.get(document.path)
    if others:
        reason = "differs only in letter case or Unicode form"
        related = whole_files(others, f"this name {reason}")
        yield Finding(WHOLE_FILE, f"{others[0]} {reason}", related=related)


@_name_rule("FIL010", "windows-name", default="git")
def windows_name(document: Document, context: Context) -> Iterator[Finding]:
    r"""Windows does not allow the name of a file or folder, so a clone there fails.

    Windows does not allow `< > : " | ? * \`, a dot or space at the end, or the name of a device
    such as `CON`, `AUX` or `COM1`, with or without an extension
    (https://learn.microsoft.com/windows/win32/fileio/naming-a-file). A whole path has at most 260
    characters there; a path of more than 240 within the vault leaves too little for the path of
    the vault. Attachments are checked too.
    """
    names = _own_names(document, context) if _is_suspect(document.path) else ()
    for what, name in names:
        reason = windows_reason(name)
        if reason:
            yield Finding(WHOLE_FILE, f"{what} {reason}: Windows cannot hold it")
    length = utf16_length(document.path)
    if length > _MOST_UNITS:
        yield Finding(WHOLE_FILE, f"the path is {length} long: Windows may not hold it")


def _is_suspect(path: str) -> bool:
    """Whether a part of a path may be refused; of most it shows at once that none is."""
    folder, _, name = path.rpartition("/")
    return _has_suspect(f"/{name}/") or _is_suspect_folder(folder)


# Many files are in one folder.
@functools.lru_cache(maxsize=256)
def _is_suspect_folder(folder: str) -> bool:
    return _has_suspect(f"/{folder}/")


def _has_suspect(closed: str) -> bool:
    if "./" in closed or " /" in closed or _WINDOWS.search(closed):
        return True
    return _DEVICE.search(closed) is not None


def windows_reason(name: str) -> str:
    """Return why Windows cannot hold a name of a file or folder, "" if it can."""
    found = _matches(_WINDOWS, name)
    if found:
        return f"holds {found}"
    if name.endswith((".", " ")):
        return "ends with a dot" if name.endswith(".") else "ends with a space"
    device = name.partition(".")[0].rstrip(" ").upper()
    return f"is that of a device, {device}" if device in _DEVICES else ""
