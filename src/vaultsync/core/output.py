"""A file to be written. Every command that writes produces these; `worktree.write` alone writes."""

from __future__ import annotations

import re

import msgspec

from vaultsync.core.model import content_id

_UNENDED = "\n\\ No newline at end of file\n"


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


def unified_diff(path: str, before: bytes | None, after: bytes | None) -> str:
    """Return what changes as `git diff` would show it, with `/dev/null` for no file.

    A file with a null byte is not text: only its name is shown.
    """
    import difflib

    first = "/dev/null" if before is None else f"a/{path}"
    second = "/dev/null" if after is None else f"b/{path}"
    old, new = before or b"", after or b""
    if b"\0" in old + new:
        return f"Binary files {first} and {second} differ\n"
    lines = difflib.unified_diff(_lines(old), _lines(new), first, second)
    return "".join(line if line.endswith("\n") else line + _UNENDED for line in lines)


def _lines(data: bytes) -> list[str]:
    return re.findall(r".*\n|.+", data.decode("utf-8", "replace"))
