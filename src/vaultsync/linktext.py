"""How the text of a link is read: what is target, subpath and display.

Source of the rules: Obsidian's behaviour as observed in
https://github.com/open-nerve/NerveWiki (tools/md-fixtures).
"""

from __future__ import annotations

import re

_DISPLAY = re.compile(r"\\?\|")
_ESCAPE = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_RESERVED = frozenset(b";/?:@&=+$,#")


def split_wikilink(inner: str) -> tuple[str, str, str | None, str]:
    r"""Return target, subpath, display and the target as written, from between `[[` and `]]`.

    The first `|` or `\|` ends the target, whose first `#` starts the subpath.
    """
    parts = _DISPLAY.split(inner, maxsplit=1)
    display = parts[1].strip() if len(parts) > 1 else ""
    target, mark, subpath = parts[0].partition("#")
    return target.strip(), (mark + subpath).strip(), display or None, target.strip()


def markdown_target(written: str) -> tuple[str, str, bool]:
    """Return target, subpath and whether it is external, from a Markdown link's destination."""
    inner = written[1:-1] if written.startswith("<") and written.endswith(">") else written
    if is_external(inner):
        return inner, "", True
    target, mark, subpath = inner.partition("#")
    return decode_uri(target), decode_uri(mark + subpath), False


def is_external(destination: str) -> bool:
    """Whether a Markdown destination leads out of the vault."""
    if destination.startswith(("./", "../")):
        return False
    return ":" in destination or destination.startswith("//")


def decode_uri(text: str) -> str:
    """Decode as JavaScript's `decodeURI`: reserved characters stay, a malformed `%` stops it all.

    Source: https://tc39.es/ecma262/#sec-decodeuri-encodeduri.
    """
    if "%" not in text:
        return text
    try:
        decoded = _ESCAPE.sub(lambda found: _decode_run(found.group()), text)
    except UnicodeDecodeError:
        return text
    return text if "%" in _ESCAPE.sub("", text) else decoded


def _decode_run(run: str) -> str:
    data = bytes.fromhex(run.replace("%", ""))
    text = data.decode("utf-8")
    return "".join(_kept(char) for char in text)


def _kept(char: str) -> str:
    return f"%{ord(char):02X}" if ord(char) < 128 and ord(char) in _RESERVED else char
