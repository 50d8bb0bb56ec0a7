"""A file to be written. Every command that writes produces these; `worktree.write` alone writes."""

from __future__ import annotations

import re

import msgspec

from vaultsync.core.model import content_id

# What a run of `mv` is to do, while it does it; at the top of the vault.
MOVE_PLAN = ".vaultsync-move.json"
_UNENDED = "\n\\ No newline at end of file\n"
# What would move the cursor; CRLF ends a line, and a tab is text.
_CONTROL = re.compile("[\0-\\x08\v\f\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\r(?!\n)")


class Output(msgspec.Struct, frozen=True):
    """New content for one file.

    `path` is relative to the folder it is written to, with `/`. `data` None deletes the file.
    `base` is the content id of the version that was read, None where there was no file: what is
    on disk must still be that version when it is written.
    """

    path: str
    data: bytes | None
    base: str | None


def changed_output(path: str, before: bytes | None, after: bytes | None) -> Output | None:
    """Return the output that turns `before` into `after`, None where they are the same."""
    if before == after:
        return None
    return Output(path, after, None if before is None else content_id(before))


def diff_header(old: str, new: str) -> str:
    """Return the lines with which `git diff` begins what it shows of a file, which has two names.

    Where one file of a patch has them, all need them.
    """
    first = f"diff --git {_quoted(f'a/{old}')} {_quoted(f'b/{new}')}\n"
    return first + (f"rename from {_quoted(old)}\nrename to {_quoted(new)}\n" if old != new else "")


def unified_diff(
    path: str, before: bytes | None, after: bytes | None, *, old: str | None = None
) -> str:
    """Return what changes as `git diff` would show it, with `/dev/null` for no file.

    `old` is the path that the file had before, if it was another. A file with a null byte is not
    text: only its name is shown. Other control characters are replaced, and git refuses a patch
    with such a line.
    """
    import difflib

    first = "/dev/null" if before is None else _quoted(f"a/{old or path}")
    second = "/dev/null" if after is None else _quoted(f"b/{path}")
    previous, following = before or b"", after or b""
    if b"\0" in previous + following:
        return f"Binary files {first} and {second} differ\n"
    found = difflib.unified_diff(_lines(previous), _lines(following), first, second)
    lines = (_CONTROL.sub("\ufffd", line) for line in found)
    return "".join(line if line.endswith("\n") else line + _UNENDED for line in lines)


def _quoted(name: str) -> str:
    """Return a name as git shows it: where it is not printable, its bytes in quotes."""
    if name.isprintable() and not {'"', "\\"} & set(name):
        return name
    escaped = (
        chr(byte) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\{byte:03o}"  # noqa: PLR2004 - ASCII
        for byte in name.encode("utf-8", "surrogateescape")
    )
    return f'"{"".join(escaped)}"'


def _lines(data: bytes) -> list[str]:
    return re.findall(r".*\n|.+", data.decode("utf-8", "replace"))
