"""What is done with a post that lives on elsewhere: copied there, brought up to date, compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
import msgspec

from vaultsync.app.publish.post import Post
from vaultsync.app.workspace import Workspace
from vaultsync.blocks import counted
from vaultsync.changelog.history import rewordings
from vaultsync.cli.state import State, coloured
from vaultsync.core.errors import ConfigError, VaultError
from vaultsync.core.output import replaced
from vaultsync.infra import clipboard, worktree
from vaultsync.publish import TARGETS
from vaultsync.publish.blocks_of_text import Passage, html_passages, markdown_passages
from vaultsync.publish.diff import Difference, Notes, differences, version_line
from vaultsync.publish.diff_live import as_html, hand_edits

# What was copied last lies here in the output folder.
COPIED = ".copied"
# The targets whose files are read as a text, those for a forum first.
TEXTS = ("lesswrong-rich", "lesswrong", "markdown")
# Words that tell which passage is meant.
_FEW = 8
_BODY = re.compile(r"<body[^>]*>(?P<body>.*)</body>", re.DOTALL | re.IGNORECASE)


class Living(msgspec.Struct, frozen=True):
    """The options for a post that lives on: the target to copy, whether, or a file with what."""

    copy: str | None
    delta: bool
    compare: str | None

    def wanted(self, named: Sequence[str], usual: Sequence[str]) -> tuple[str, ...]:
        """Return the targets to make, of those named on the command line or else of the usual."""
        if self.copy is None and not self.reads:
            return tuple(named or usual)
        if self.copy is not None:
            return tuple(dict.fromkeys((*(named or usual), self.copy)))
        texts = tuple(name for name in TEXTS if name in (named or usual))
        if not texts:
            option = "--delta" if self.delta else "--compare"
            raise ConfigError(
                f"{option} is about {', '.join(TEXTS)}: name one of these with --target"
            )
        return texts if self.delta else texts[:1]

    @property
    def reads(self) -> bool:
        """Whether nothing is to be written, but something told."""
        return self.delta or self.compare is not None

    def refuse(self, **others: bool) -> None:
        """Raise `ConfigError` if options are given that do not go together."""
        own = {"copy": self.copy is not None, "delta": self.delta, "compare": self.compare}
        given = [name for name, is_given in {**own, **others}.items() if is_given]
        if len(given) > 1 and given[0] in own:
            raise ConfigError(f"--{given[0]} and --{given[1]} do not go together")


def copy(state: State, post: Post, folder: Path, target: str) -> None:
    """Put a target's file on the clipboard, and keep it as what was copied last."""
    file = TARGETS[target].file
    data = post.files[file]
    text, html = data.decode(), ""
    if file.endswith(".html"):
        found = _BODY.search(text)
        html = found["body"].strip() if found else text
        text = "\n\n".join(passage.text for passage in html_passages(html))
    try:
        tool = clipboard.copy(text, html)
    except clipboard.NotCopied as error:
        raise clipboard.NotCopied(f"{error}; what to copy is in {folder / file}") from None
    path = f"{COPIED}/{file}"
    output = replaced(path, worktree.read_optional(str(folder / path)), data)
    worktree.write(str(folder), [output] if output else [])
    state.note(f"{tool} has {file} on the clipboard, as {'HTML' if html else 'text'}")


def show_delta(
    state: State, workspace: Workspace, post: Post, folder: Path, targets: Sequence[str]
) -> int:
    """Show what changed since a target was copied last, or written; return the exit code."""
    file, before, since = _last(folder, targets)
    read: Callable[[str], Sequence[Passage]] = (
        html_passages if file.endswith(".html") else markdown_passages
    )
    found = differences(read(before), read(post.files[file].decode()))
    if not found:
        click.echo(f"{file}: nothing changed {since}")
        return 0
    notes = Notes(workspace.context.published)
    state.show(f"{file}: what changed {since}\n\n")
    for one in found:
        state.show(coloured(state, "\n".join(_step(one, notes)) + "\n\n"))
    click.echo(f"For the version history: {version_line(found, notes)}")
    return 1


def _last(folder: Path, targets: Sequence[str]) -> tuple[str, str, str]:
    """Return a file's name, its text as it was, and since when that is."""
    files = [TARGETS[name].file for name in targets]
    for place, since in (
        (folder / COPIED, "since it was copied"),
        (folder, "since it was written"),
    ):
        for file in files:
            data = worktree.read_optional(str(place / file))
            if data is not None:
                return file, data.decode("utf-8", "replace"), since
    raise VaultError(
        f"{folder}: nothing was copied or written there before, so there is nothing to compare "
        f"with: `vaultsync publish --copy {targets[0]}`"
    )


def _step(one: Difference, notes: Notes) -> Iterator[str]:
    title = notes.title(one)
    verb = "replace" if one.before and one.after else "add" if one.after else "take out"
    where = f" behind “{_start(one.behind)}”" if one.behind else ""
    yield f"{one.place or 'Beginning'}: {verb}{where}{f' ({title})' if title else ''}"
    yield from (f"- {line}" for line in one.before.split("\n") if line)
    yield from (f"+ {line}" for line in one.after.split("\n") if line)


def _start(text: str) -> str:
    words = text.split()
    return " ".join(words[:_FEW]) + ("…" if len(words) > _FEW else "")


def show_hand_edits(state: State, workspace: Workspace, post: Post, target: str, path: str) -> int:
    """Show what is otherwise in a saved copy of the post; return the exit code."""
    file = TARGETS[target].file
    live = _text(path)
    try:
        found = hand_edits(as_html(target, post.files[file].decode()), as_html(target, live))
    except VaultError as error:
        raise VaultError(f"{path}: {error}") from None
    notes = Notes(workspace.context.published)
    for one in found:
        state.show(coloured(state, "\n".join(_edit(one, notes)) + "\n\n"))
    count = counted(len(found), "hand edit") if found else "no hand edits"
    click.echo(f"{path}: {count}, compared with {file}")
    return 1 if found else 0


def _edit(one: Difference, notes: Notes) -> Iterator[str]:
    title = notes.title(one)
    verb = "reworded" if one.before and one.after else "added" if one.after else "taken out"
    yield f"{one.place or 'Beginning'}: {verb}{f' ({title})' if title else ''}"
    if one.before and one.after:
        for words in rewordings(one.before, one.after):
            yield f"- {words.before}"
            yield f"+ {words.after}"
    else:
        yield f"+ {one.after}" if one.after else f"- {one.before}"


def _text(path: str) -> str:
    data = worktree.read_optional(path)
    if data is None:
        raise VaultError(f"{path}: there is no such file")
    if not data.strip():
        raise VaultError(f"{path}: it is empty: save the page that shows the post")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise VaultError(f"{path}: not UTF-8 at byte {error.start}: save it as HTML") from None
    if "\0" in text:
        raise VaultError(f"{path}: it is no text: save the page as HTML")
    return text
