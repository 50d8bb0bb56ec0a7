"""How the text of a link is read and written: what is target, subpath and display.

Source of the rules: Obsidian's behaviour as observed in
https://github.com/open-nerve/NerveWiki (tools/md-fixtures).
"""

from __future__ import annotations

import re

# A Markdown destination, in which parentheses are balanced.
DESTINATION = r"(?:<[^<>\n]*>|[^()<>\s]*(?:\([^()<>\s]*\)[^()<>\s]*)*)"

_WIKI_BREAKERS = re.compile(r"\A\[|\[\[|\]\]|\]\(|[\r\n]|[\]\\]\Z")
# What may end a destination or make it something else; all of it can be escaped.
_DESTINATION_BREAKERS = re.compile(r"[\x00-\x20\x7f%()<>\[\\\]`|]")
_DISPLAY = re.compile(r"\\?\|")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
# Escapes of ; / ? : @ & = + $ , # are left as they are.
_DECODED = re.compile(r"(?:%(?!2[346BCF]|3[ABDF]|40)[0-9A-F]{2})+", re.IGNORECASE)


def split_wikilink(inner: str) -> tuple[str, str, str | None, str]:
    r"""Return target, subpath, display and the target as written, from between `[[` and `]]`.

    The first `|` or `\|` ends the target, whose first `#` starts the subpath.
    """
    parts = _DISPLAY.split(inner, maxsplit=1)
    display = parts[1].strip() if len(parts) > 1 else ""
    target, mark, subpath = parts[0].partition("#")
    return target.strip(), (mark + subpath).strip(), display or None, target.strip()


def markdown_target(written: str) -> tuple[str, str, bool]:
    """Return target, subpath and whether it is external, from a Markdown link's destination.

    `written` is without the angle brackets that a destination may have.
    """
    if is_external(written):
        return written, "", True
    target, mark, subpath = written.partition("#")
    return decode_uri(target), decode_uri(mark + subpath), False


def is_external(destination: str) -> bool:
    """Whether a Markdown destination leads out of the vault."""
    if ":" in destination:
        return not destination.startswith(("./", "../"))
    return destination.startswith("//")


def decode_uri(text: str) -> str:
    """Decode as JavaScript's `decodeURI`: reserved characters stay, a malformed `%` stops it all.

    Source: https://tc39.es/ecma262/#sec-decodeuri-encodeduri.
    """
    if "%" in _ESCAPE.sub("", text):
        return text
    try:
        return _DECODED.sub(lambda run: bytes.fromhex(run[0].replace("%", "")).decode(), text)
    except UnicodeDecodeError:
        return text


def wikilink_target(text: str) -> str | None:
    """Return a target or a subpath as it is written in a wikilink, None where it cannot be."""
    whole = split_wikilink(text)[:2] in {(text, ""), ("", text)}
    return text if whole and not _WIKI_BREAKERS.search(text) else None


def markdown_destination(text: str) -> str | None:
    """Return a target or a subpath as a Markdown destination, None where none is read as it."""
    written = _DESTINATION_BREAKERS.sub(lambda found: f"%{ord(found[0]):02X}", text)
    whole = markdown_target(written) in {(text, "", False), ("", text, False)}
    return written if whole else None
