"""The global options, and how results and progress are shown."""

from __future__ import annotations

import functools
import os
import shlex
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from vaultsync.core.errors import VaultError

if TYPE_CHECKING:
    from vaultsync.app.workspace import Workspace
    from vaultsync.blocks.fill import Origin
    from vaultsync.core.output import Output
    from vaultsync.lint.formats import Paint, Style

# Seconds before the line of progress appears, and between two changes of it.
_PATIENCE = 1.0
_PAUSE = 0.1
_COLOURS = {"error": "red", "warning": "yellow", "hint": "cyan"}


class Progress:
    """A line on standard error that counts notes, overwritten in place and erased at the end.

    It appears after a second, so that a quick run shows nothing.
    """

    def __init__(self) -> None:
        """Start the time of the first second."""
        self._next = time.monotonic() + _PATIENCE
        self._width = 0

    def __call__(self, done: int, total: int) -> None:
        """Show how many of how many notes are read."""
        now = time.monotonic()
        if done >= total:
            self.close()
        elif now >= self._next:
            self._next = now + _PAUSE
            line = f"reading notes: {done} of {total}"
            # Spaces erase a longer line before, on every terminal.
            click.echo(f"\r{line:<{self._width}}", nl=False, err=True)
            self._width = len(line)

    def close(self) -> None:
        """Erase the line."""
        if self._width:
            click.echo(f"\r{'':{self._width}}\r", nl=False, err=True)
            self._width = 0


def at_terminal() -> Progress | None:
    """Return a line of progress, erased when the command ends; None where it cannot be erased.

    That is where standard error is not a terminal, or with TERM=dumb.
    """
    context = click.get_current_context(silent=True)
    if context is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return None
    progress = Progress()
    context.call_on_close(progress.close)
    return progress


class State(msgspec.Struct, frozen=True):
    """The global options."""

    vault: str | None
    color: str
    quiet: bool = False
    verbose: bool = False

    def root(self) -> str:
        """Return the folder of the vault that the options name, or the nearest one."""
        from vaultsync.app.workspace import find_vault

        try:
            here = str(Path.cwd())
        except OSError:
            raise VaultError("the working folder is gone: change to one that exists") from None
        return find_vault(here, self.vault)

    def open(
        self, *, staged: bool = False, since: str | None = None, cached: bool = True
    ) -> Workspace:
        """Open that vault; it is closed when the command ends."""
        from vaultsync.app.workspace import Workspace

        progress = None if self.quiet else at_terminal()
        workspace = Workspace(
            self.root(), staged=staged, since=since, cached=cached, progress=progress
        )
        click.get_current_context().call_on_close(workspace.close)
        return workspace

    @property
    def colourful(self) -> bool:
        """Whether output is coloured. Sources: https://no-color.org, https://force-color.org."""
        if self.color != "auto":
            return self.color == "always"
        if os.environ.get("NO_COLOR"):
            return False
        return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()

    def paint(self, text: str, style: Style) -> str:
        """Return text in the colour of a style."""
        if not self.colourful:
            return text
        # Bold, since a white path is not seen on a white screen.
        bold, dim = style == "path" or None, style == "dim" or None
        return click.style(text, fg=_COLOURS.get(style), bold=bold, dim=dim)

    @property
    def painter(self) -> Paint:
        """A function that colours texts, or one that leaves them as they are."""
        return self.paint if self.colourful else lambda text, _style: text

    def show(self, text: str) -> None:
        """Print a result."""
        click.echo(text, nl=False, color=self.colourful)

    def note(self, text: str) -> None:
        """Print a remark, unless the user wants it quiet."""
        if not self.quiet:
            click.echo(text, err=True)


def shown_path(root: str, path: str) -> str:
    """Return a path of the vault as the user would name it from the working folder."""
    # A path for each of thousands of findings: an object for it would take twice the time.
    above = _shown_root(root, os.getcwd())  # noqa: PTH109
    if above == ".":
        return path
    if above.strip(f".{os.sep}"):
        return f"{above}/{path}".replace(os.sep, "/")
    # From inside the vault a path leads up and down again.
    return os.path.relpath(f"{root}/{path}").replace(os.sep, "/")


@functools.lru_cache(maxsize=1)
def _shown_root(root: str, here: str) -> str:
    try:
        return os.path.relpath(root, here)
    except ValueError:
        # On another drive of Windows.
        return root


def settle(
    state: State, root: str, outputs: Iterable[Output], *, check: bool, diff: bool
) -> list[str]:
    """Write outputs, or with `check` or `diff` only show what would change.

    Returns the paths, as the user names them, that were or would be changed.
    """
    from vaultsync.infra import worktree

    wanted = list(outputs)
    if diff:
        for output in wanted:
            state.show(coloured(state, _diff(root, output)))
    elif not check:
        worktree.write(root, wanted)
    paths = [shown_path(root, output.path) for output in wanted]
    if not diff and not state.quiet:
        for output, path in zip(wanted, paths, strict=True):
            is_removed = output.data is None
            done, would = ("removed", "would remove") if is_removed else ("wrote", "would change")
            state.show(f"{would if check else done} {path}\n")
    return paths


def settle_blocks(
    state: State,
    workspace: Workspace,
    outputs: list[Output],
    origin: Origin,
    *,
    check: bool,
    diff: bool,
) -> list[str]:
    """Settle notes whose generated blocks changed; with `--staged` those on disk are edited.

    Returns the paths that are out of date, in the index where that was read.
    """
    from vaultsync.app.staging import onto_disk

    if not workspace.staged or check or diff:
        return settle(state, workspace.root, outputs, check=check, diff=diff)
    written = settle(
        state, workspace.root, onto_disk(workspace, outputs, origin), check=False, diff=False
    )
    stale = [shown_path(workspace.root, output.path) for output in outputs]
    for path in stale:
        if path not in written:
            state.show(f"{path} is right on disk but not staged\n")
    if stale:
        state.show(f"then stage what changed: git add {shlex.join(stale)}\n")
    return stale


def finish(changed: list[str], *, check: bool, diff: bool) -> None:
    """Print the summary of a command that writes; to stderr where stdout is a diff."""
    click.echo(outcome(changed, writing=not (check or diff)), nl=False, err=diff)


def outcome(changed: list[str], *, writing: bool) -> str:
    """Return the summary of a command that writes, or could."""
    files = f"{len(changed)} file{'' if len(changed) == 1 else 's'}"
    return f"{files} {'written' if writing else 'out of date'}\n" if changed else "up to date\n"


def _diff(root: str, output: Output) -> str:
    from vaultsync.core.output import unified_diff
    from vaultsync.infra import worktree

    before = worktree.read_optional(str(Path(root, output.path)))
    return unified_diff(shown_path(root, output.path), before, output.data)


def coloured(state: State, diff: str) -> str:
    """Return a text with its lines in the colours of a diff, by how they begin."""
    if not state.colourful:
        return diff
    colours = {"+": "green", "-": "red", "@": "cyan"}
    lines = (click.style(line, fg=colours.get(line[:1])) for line in diff.split("\n"))
    return "\n".join(lines)
