"""The group of commands. A command's module is imported when that command is run."""

from __future__ import annotations

import errno
import importlib
import io
import sys

import click

from vaultsync import __version__
from vaultsync.cli.state import State
from vaultsync.core.errors import VaultsyncError

# Reasons why a result cannot be printed. All other files are written by `infra.worktree`.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG}
COMMANDS = {
    "init": "Make a vault of an empty folder, or adopt one that is there.",
    "new": "Make a note of a type, from a title or the address of its source.",
    "lint": "Check the notes: properties, body, sources, links.",
    "rule": "List the rules, or explain one.",
    "config": "Show the settings in force, and where each comes from.",
    "links": "List every link and the file it resolves to.",
    "index": "Refresh the generated blocks made from the notes.",
    "changelog": "Record what is new, and refresh the blocks made from it.",
    "publish": "Make the post from the notes.",
    "preview": "Serve the page on this machine, and update it on each save.",
}


class LazyGroup(click.Group):
    """A group that lists its commands by name and imports only the one that runs."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names in the order of the daily round."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Import a command."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"vaultsync.cli.{name}")
        command = module.command
        return command if isinstance(command, click.Command) else None

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


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--vault", metavar="DIR", help="The vault; default: the nearest one.")
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colours."
)
@click.option("-q", "--quiet", is_flag=True, help="Only errors and the summary.")
@click.option("-v", "--verbose", is_flag=True, help="Show more.")
@click.version_option(__version__, prog_name="vaultsync", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, vault: str | None, color: str, *, quiet: bool, verbose: bool) -> None:
    """Lint, index, record and publish a vault of Markdown notes.

    The vault is the nearest folder, from here upwards, with `vaultsync.toml` or `.obsidian`,
    else `./vault`.
    """
    ctx.obj = State(vault, color, quiet=quiet, verbose=verbose)


def main() -> None:
    """Run the command line and exit. Exit codes: 0 clean, 1 findings, 2 cannot run, 3 conflict."""
    for stream in (sys.stdout, sys.stderr):
        # A file's name may not be UTF-8, and a terminal may not have every character.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        cli(prog_name="vaultsync")
    except VaultsyncError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except Exception as error:  # noqa: BLE001 - the one boundary
        if isinstance(error, OSError) and error.errno in _FULL and error.filename is None:
            click.echo(f"error: the output cannot be written: {error.strerror}", err=True)
        else:
            _report_bug()
        sys.exit(2)


def _report_bug() -> None:
    import platform
    import traceback

    traceback.print_exc()
    system = f"Python {platform.python_version()} on {platform.platform()}"
    click.echo(f"vaultsync {__version__}, {system}: this is a bug, please report it", err=True)
