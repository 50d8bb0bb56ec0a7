"""The group of commands and the global options.

A command's module is imported when that command is run.
"""

from __future__ import annotations

import errno
import functools
import importlib
import io
import os
import re
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from vaultsync import __version__
from vaultsync.core.errors import VaultError, VaultsyncError
from vaultsync.core.text import printable

if TYPE_CHECKING:
    from vaultsync.app.workspace import Workspace
    from vaultsync.core.memo import Memo
    from vaultsync.lint.formats import Style

# Seconds before the line of progress appears, and between two changes of it.
_PATIENCE = 1.0
_PAUSE = 0.1
_COLOURS = {"error": "red", "warning": "yellow", "hint": "cyan"}
# Reasons why a result cannot be printed. All other files are written by `infra.worktree`.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG}
# Any call of the system may fail so, wherever that is.
_SCARCE = {errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC, errno.EDQUOT}
COMMANDS = {
    "init": "Make a vault of an empty folder, or adopt one that is there.",
    "new": "Make a note of a type, from a title or the address of its source.",
    "lint": "Check the notes: properties, body, sources, links.",
    "rule": "List the rules, or explain one.",
    "config": "Show the settings in force, and where each comes from.",
    "links": "List every link and the file it resolves to.",
    "related": "List notes that are not linked and perhaps should be, with reasons.",
    "merge-driver": "Merge three versions of a note, as git starts it for a file.",
    "merge-branches": "Merge the base into the branches of open pull requests, on the host.",
    "mv": "Rename a note, folder or file, and change the links to it.",
    "index": "Refresh the generated blocks made from the notes.",
    "changelog": "Record what is new, and refresh the blocks made from it.",
    "hook": "Refresh and check what is about to be committed, as a hook.",
    "sources": "List the sources, and look up what became of them.",
    "publish": "Make the post from the notes.",
    "preview": "Serve the page on this machine, and update it on each save.",
    "sync": "Save the changes of the vault, merge those of others, and push.",
    "doctor": "Check what the vault needs around it, and mend what can be.",
    "server": "Serve an editor: diagnostics, fixes, completion, links.",
}


class Progress:
    """A line on standard error that counts what is done, overwritten and erased at the end.

    It appears after a second, so that a quick run shows nothing.
    """

    def __init__(self, work: str = "reading notes") -> None:
        """Bind what is done, and start the time of the first second."""
        self._work = work
        self._next = time.monotonic() + _PATIENCE
        self._width = 0

    def __call__(self, done: int, total: int) -> None:
        """Show how many of how many are done."""
        now = time.monotonic()
        if done >= total:
            self.close()
        elif now >= self._next:
            self._next = now + _PAUSE
            line = f"{self._work}: {done} of {total}"
            # Spaces erase a longer line before, on every terminal.
            click.echo(f"\r{line:<{self._width}}", nl=False, err=True)
            self._width = len(line)

    def close(self) -> None:
        """Erase the line."""
        if self._width:
            click.echo(f"\r{'':{self._width}}\r", nl=False, err=True)
            self._width = 0


class State(msgspec.Struct, frozen=True):
    """The global options."""

    vault: str | None = None
    colourful: bool = False
    quiet: bool = False
    verbose: bool = False

    def root(self, paths: Sequence[str] = ()) -> str:
        """Return the vault that the options name, else that of the paths or of this folder."""
        from vaultsync.app.find_vault import find_vault

        try:
            here = str(Path.cwd())
        except OSError:
            raise VaultError("the working folder is gone: change to one that exists") from None
        return find_vault(here, self.vault, paths)

    def open(
        self,
        paths: Sequence[str] = (),
        *,
        staged: bool = False,
        since: str | None = None,
        cached: bool = True,
        former: Memo | None = None,
    ) -> Workspace:
        """Open that vault; it is closed when the command ends, and a line of progress erased."""
        from vaultsync.app.workspace import Workspace
        from vaultsync.core.commits import SYNCING
        from vaultsync.infra.cache import OLD_FOLDER

        context, progress = click.get_current_context(), None
        # Elsewhere a line cannot be erased.
        if not self.quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
            progress = Progress()
            context.call_on_close(progress.close)
        if staged and os.environ.get(SYNCING):
            context.exit()
        root = self.root(paths)
        self._refuse_half_moved(root)
        self._name_others(root, paths)
        # `preview` opens the vault many times.
        if not context.meta.get(OLD_FOLDER):
            context.meta[OLD_FOLDER] = True
            self._name_old_cache(Path(root, OLD_FOLDER))
        workspace = Workspace(root, staged, since, cached=cached, progress=progress, former=former)
        context.call_on_close(workspace.close)
        return workspace

    def _refuse_half_moved(self, root: str) -> None:
        """Raise `VaultError` where a run of `mv` was killed before its end."""
        from vaultsync.core.output import MOVE_PLAN

        if os.path.lexists(f"{root}/{MOVE_PLAN}"):
            from vaultsync.infra.moving import pending

            if plan := pending(root):
                # A tag is in no folder.
                names = (
                    name if name.startswith("#") else os.path.relpath(f"{root}/{name}")
                    for name in plan.names
                )
                command = shlex.join(["vaultsync", "mv", *names])
                raise VaultError(f"{root}: a rename was killed halfway: run `{command}` to end it")

    def _name_old_cache(self, old: Path) -> None:
        """Print how to remove what an earlier version cached in the vault; it is not opened."""
        if os.path.lexists(old):
            self.note(
                f"{old}: an earlier version cached here; nothing reads it any more: remove it "
                f"with `rm -r {shlex.quote(str(old))}`"
            )

    def _name_others(self, root: str, paths: Sequence[str]) -> None:
        """Remark, once, which vault was taken where there are others that may be meant."""
        from vaultsync.app.find_vault import other_vaults

        # The preview opens the vault again and again.
        first = click.get_current_context().meta.setdefault(__name__, [self])
        if first and not (self.vault or paths) and (names := ", ".join(other_vaults(".", root))):
            taken = os.path.relpath(root)
            self.note(f"vault: {taken}; there are others: {names} (--vault DIR names one)")
        first.clear()

    def paint(self, text: str, style: Style) -> str:
        """Return text in the colour of a style, where output is coloured."""
        if not self.colourful:
            return text
        # Bold, since a white path is not seen on a white screen.
        bold, dim = style == "path" or None, style == "dim" or None
        return click.style(text, fg=_COLOURS.get(style), bold=bold, dim=dim)

    def show(self, text: str) -> None:
        """Print a result."""
        click.echo(text, nl=False, color=self.colourful)

    def note(self, text: str) -> None:
        """Print a remark, unless the user wants it quiet."""
        if not self.quiet:
            click.echo(printable(text), err=True)


def _is_colourful(color: str) -> bool:
    """Whether output is coloured. Sources: https://no-color.org, https://force-color.org."""
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def _remember(ctx: click.Context, option: click.Parameter, value: object) -> None:
    """Put a global option into the state; behind the command it replaces one before it."""
    state = ctx.obj or State(colourful=_is_colourful("auto"))
    if isinstance(value, str) and option.name == "color":
        state = msgspec.structs.replace(state, colourful=_is_colourful(value))
    elif value and option.name:
        state = msgspec.structs.replace(state, **{option.name: value})
    ctx.obj = state


_option = functools.partial(click.Option, expose_value=False, callback=_remember)
# Each command has them too, so that they work before and after it.
_GLOBAL: list[click.Parameter] = [
    _option(["--vault"], metavar="DIR", help="The vault; default: the nearest one."),
    _option(["--color"], type=click.Choice(["auto", "always", "never"]), help="Colours."),
    _option(["-q", "--quiet"], is_flag=True, help="Only errors and the summary."),
    _option(["-v", "--verbose"], is_flag=True, help="Show more."),
]


class LazyGroup(click.Group):
    """A group that lists its commands by name and imports only the one that runs."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names in the order of the daily round."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Import a command."""
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(
            f"vaultsync.cli.{name.replace('-', '_')}"
        ).command
        command.params += [option for option in _GLOBAL if option not in command.params]
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for one that does not exist."""
        from vaultsync.core.config import did_you_mean

        unknown = args and args[0] not in COMMANDS and not args[0].startswith("-")
        if unknown and not ctx.resilient_parsing:
            ctx.fail(f"no such command `{args[0]}`{did_you_mean(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup, params=[*_GLOBAL], context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="vaultsync", message="%(prog)s %(version)s")
def cli() -> None:
    """Lint, index, record and publish a vault of Markdown notes.

    The vault is the nearest folder, from PATH and then from here upwards, with `vaultsync.toml` or
    `.obsidian`; else `./vault` with either; else PATH or this folder itself.
    """


def error_text(error: VaultsyncError) -> str:
    """Return an error as it is printed; of several problems each is one."""
    # A line that a problem quotes is indented.
    return "error: " + re.sub(r"\n(?! )", "\nerror: ", str(error))


def _usage_text(error: click.UsageError) -> str:
    """Return an error in the arguments as other errors are printed, with where to look them up."""
    message = printable(error.format_message()).rstrip(".")
    # Names in capitals are those of arguments, as in the help.
    first = message[:1] if message[1:2].isupper() else message[:1].lower()
    text = f"error: {first}{message[1:]}"
    return f"{text}\nsee `{error.ctx.command_path} --help`" if error.ctx else text


def _refusal(error: Exception) -> str | None:
    """Return what the system refuses; None where the error is a bug."""
    if isinstance(error, MemoryError):
        return "there is not enough memory"
    if isinstance(error, OSError) and error.errno in _FULL and error.filename is None:
        return f"the output cannot be written: {error.strerror}"
    if isinstance(error, FileNotFoundError) and error.filename is None:
        # No folder takes a temporary file.
        return str(error.strerror)
    if isinstance(error, OSError) and error.errno in _SCARCE:
        return f"{error.filename or 'the system'}: {error.strerror}"
    return None


def main() -> None:
    """Run the command line and exit. Exit codes: 0 clean, 1 findings, 2 cannot run, 3 conflict."""
    for stream in (sys.stdout, sys.stderr):
        # A file's name may not be UTF-8, and a terminal may not have every character.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        sys.exit(cli(prog_name="vaultsync", standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.UsageError as error:
        click.echo(_usage_text(error), err=True)
        sys.exit(error.exit_code)
    except VaultsyncError as error:
        click.echo(error_text(error), err=True)
        sys.exit(error.exit_code)
    except Exception as error:  # noqa: BLE001 - the one boundary
        if reason := _refusal(error):
            click.echo(f"error: {reason}", err=True)
        else:
            import platform
            import traceback

            traceback.print_exc()
            system = f"Python {platform.python_version()} on {platform.platform()}"
            bug = "this is a bug, please report it"
            click.echo(f"vaultsync {__version__}, {system}: {bug}", err=True)
        sys.exit(2)
