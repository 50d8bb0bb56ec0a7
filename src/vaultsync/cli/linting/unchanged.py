"""Tell again what was told of a vault in which nothing has changed since."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import click
import msgspec

from vaultsync import disk, gitread
from vaultsync.cli.linting.request import Request
from vaultsync.cli.state import State
from vaultsync.output import content_id
from vaultsync.store import Store, open_store


class _Run(msgspec.Struct, array_like=True):
    """What a run was told, and the ids of all that it followed from.

    `files` is the id of all files' names and states, `tracked` that of what git tracks, None where
    nobody asked; `besides` are files that are no part of a vault, None for what is not there.
    """

    files: str
    tracked: str | None
    besides: dict[str, str | None]
    code: int
    text: bytes


def lint(state: State, request: Request) -> int:
    """Lint, or tell again what an earlier run told; return the exit code."""
    if not request.repeatable:
        return _lint(state, request).code
    root = state.root()
    scanned = disk.scan(root)
    with open_store(root) as store:
        if not all(store.is_settled(*file.times) and not file.error for file in scanned):
            return _lint(state, request, scanned).code
        key, files = _key(state, request), _id_of(f"{f.path}\t{f.state}" for f in scanned)
        run = _recalled(store, key)
        if run is None or run.files != files or not _still_holds(run, root):
            run = _lint(state, request, scanned, files)
            if run.files:
                store.put("runs", {key: msgspec.msgpack.encode(run)}, {key})
            return run.code
    _tell(state, request, run.text.decode("utf-8", "surrogatepass"))
    return run.code


def _lint(
    state: State, request: Request, scanned: tuple[disk.Found, ...] | None = None, files: str = ""
) -> _Run:
    """Lint; a run that cannot be told again has no id of files."""
    from vaultsync.cli.linting.run import run

    workspace = state.open(staged=request.staged, since=request.since)
    workspace.cached = not request.no_cache
    if scanned is not None:
        workspace.scanned = scanned
    told: list[str] = []

    def tell(text: str) -> None:
        told.append(text)
        _tell(state, request, text)

    answer = run(state, request, workspace, tell)
    text = "".join(told).encode("utf-8", "surrogatepass")
    besides = {path: _id_of_file(data) for path, data in workspace.besides.items()}
    asked_git = "tracked" in vars(workspace)
    tracked = _id_of(sorted(workspace.tracked or ())) if asked_git else None
    return _Run(files if answer.timeless else "", tracked, besides, answer.code, text)


def _tell(state: State, request: Request, text: str) -> None:
    # Where stdout is a diff, that alone stands there.
    err = request.diff
    click.echo(text, nl=False, err=err, color=None if err else state.colourful)


def _key(state: State, request: Request) -> str:
    """Return an id of all that decides, besides files, what is told."""
    asked = msgspec.to_builtins(request), msgspec.to_builtins(state)
    return _id_of(map(repr, (*asked, state.colourful, str(Path.cwd()))))


def _recalled(store: Store, key: str) -> _Run | None:
    kept = store.get("runs", [key]).get(key, b"")
    with suppress(msgspec.DecodeError):
        return msgspec.msgpack.decode(kept, type=_Run)
    return None


def _still_holds(run: _Run, root: str) -> bool:
    """Whether what a run followed from besides the vault's files is the same."""
    for path, known in run.besides.items():
        if _id_of_file(disk.read_optional(str(Path(root, path)))) != known:
            return False
    return run.tracked is None or run.tracked == _id_of(sorted(gitread.tracked(root) or ()))


def _id_of_file(data: bytes | None) -> str | None:
    return None if data is None else content_id(data)


def _id_of(lines: Iterable[str]) -> str:
    return content_id("\n".join(lines).encode("utf-8", "surrogateescape"))
