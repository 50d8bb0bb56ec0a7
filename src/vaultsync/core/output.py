"""A file to be written. Every command that writes produces these; `worktree.write` alone writes."""

from __future__ import annotations

import msgspec

from vaultsync.core.model import content_id


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

    old = [] if before is None else _lines(before)
    new = [] if after is None else _lines(after)
    names = (
        "/dev/null" if before is None else f"a/{path}",
        "/dev/null" if after is None else f"b/{path}",
    )
    if b"\0" in (before or b"") + (after or b""):
        return f"Binary files {names[0]} and {names[1]} differ\n"
    shown = []
    for line in difflib.unified_diff(old, new, *names):
        ended = line.endswith("\n")
        shown.append(line if ended else f"{line}\n\\ No newline at end of file\n")
    return "".join(shown)


def _lines(data: bytes) -> list[str]:
    lines = data.decode("utf-8", "replace").split("\n")
    return [*(f"{line}\n" for line in lines[:-1]), *filter(None, lines[-1:])]
