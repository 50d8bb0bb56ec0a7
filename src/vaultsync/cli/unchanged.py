"""Tell again what was told of a vault in which nothing has changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import click
import msgspec

from vaultsync.cli.state import State
from vaultsync.core.output import content_id
from vaultsync.infra import git, worktree
from vaultsync.infra.background import Aside
from vaultsync.infra.cache import Store, open_store

if TYPE_CHECKING:
    from vaultsync.app.workspace import Workspace

# More notes than it takes to pay for being made ready for many.
_MANY = 1_000


class Answer(NamedTuple):
    """The exit code and what is told.

    `timeless`: they follow from the vault's files and from what git tracks of them, and no file
    was written.
    """

    code: int
    text: str
    timeless: bool = False


class _Listing(NamedTuple):
    """The files of a vault, and the id of all their names and states."""

    files: tuple[worktree.Found, ...]
    id: str


class _Run(msgspec.Struct, array_like=True):
    """What was told, and the ids of all that it followed from.

    `files` is the id of all files' names and states, `tracked` that of what git tracks, None where
    nobody asked; `besides` are files that are no part of a vault, None for what is not there.
    """

    files: str
    tracked: str | None
    besides: dict[str, str | None]
    code: int
    text: bytes

    @property
    def answer(self) -> Answer | None:
        """What was told; None where that is damaged."""
        with suppress(UnicodeDecodeError):
            return Answer(self.code, self.text.decode("utf-8", "surrogatepass"))
        return None


def answer(
    state: State, question: object, load: Callable[[], Callable[[Workspace], Answer]]
) -> NoReturn:
    """Tell what is found out of the vault, or was before of the same vault; exit with its code.

    `question` is all that decides the answer besides the global options and the vault; `load`
    imports and returns what finds it out.
    """
    root = state.root()
    with open_store(root) as store:
        key = _key(state, question)
        before = _recalled(store, key)
        scanned, files = _listing(root) if before else _listed_aside(root, load)
        # A file that was changed in this tick of the clock can be changed again without a trace.
        settled = all(store.is_settled(*file.times) and not file.error for file in scanned)
        said = before.answer if before and settled and before.files == files else None
        if before and said and _still_holds(before, root):
            raise SystemExit(tell(state, said))
        workspace = state.open()
        workspace.scanned, workspace.kept = scanned, store
        found = load()(workspace)
        if settled and found.timeless:
            run = msgspec.msgpack.encode(_run(workspace, files, found))
            store.put("runs", {key: run}, {key})
    raise SystemExit(tell(state, found))


def _listing(root: str) -> _Listing:
    files = worktree.scan(root)
    return _Listing(files, _id_of(f"{file.path}\t{file.state}" for file in files))


def _listed_aside(root: str, load: Callable[[], object]) -> _Listing:
    """List the files in another process, beside the imports that a first run needs."""
    listing = Aside(partial(_listing, root), _Listing)
    load()
    if listing.is_under_way:
        from vaultsync.markdown import expect_bodies

        # What takes so long to list is large.
        expect_bodies(_MANY)
    return listing.result()


def tell(state: State, found: Answer, *, err: bool = False) -> int:
    """Print an answer and return its exit code."""
    click.echo(found.text, nl=False, err=err, color=None if err else state.colourful)
    return found.code


def _run(workspace: Workspace, files: str, found: Answer) -> _Run:
    besides = {path: _id_of_file(data) for path, data in workspace.besides.items()}
    asked_git = "tracked" in vars(workspace)
    tracked = _id_of(sorted(workspace.tracked or ())) if asked_git else None
    return _Run(files, tracked, besides, found.code, found.text.encode("utf-8", "surrogatepass"))


def _key(state: State, question: object) -> str:
    """Return an id of all that decides, besides files, what is told."""
    return _id_of(map(repr, (question, state, state.colourful, str(Path.cwd()))))


def _recalled(store: Store, key: str) -> _Run | None:
    kept = store.get("runs", [key]).get(key, b"")
    with suppress(msgspec.DecodeError):
        return msgspec.msgpack.decode(kept, type=_Run)
    return None


def _still_holds(run: _Run, root: str) -> bool:
    """Whether what a run followed from besides the vault's files is the same."""
    for path, known in run.besides.items():
        if _id_of_file(worktree.read_optional(str(Path(root, path)))) != known:
            return False
    return run.tracked is None or run.tracked == _id_of(sorted(git.tracked(root) or ()))


def _id_of_file(data: bytes | None) -> str | None:
    return None if data is None else content_id(data)


def _id_of(lines: Iterable[str]) -> str:
    return content_id("\n".join(lines).encode("utf-8", "surrogatepass"))
