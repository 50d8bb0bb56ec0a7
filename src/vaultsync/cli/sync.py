"""`vaultsync sync`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import click
import msgspec

from vaultsync.blocks.context import format_count
from vaultsync.cli import shared
from vaultsync.cli.main import State
from vaultsync.core.text import escape_controls, printable
from vaultsync.markdown.conflict_callouts import Choice
from vaultsync.sync.plan import Kind

if TYPE_CHECKING:
    from vaultsync.app.sync.result import SyncResult
    from vaultsync.app.workspace import Workspace

KINDS = tuple(filter(None, get_args(Kind)))


class Request(msgspec.Struct, frozen=True):
    """The options."""

    paths: tuple[str, ...]
    dry_run: bool
    undo: bool
    resuming: bool
    choice: Choice | None
    accept: tuple[str, ...]
    output_format: str


@click.command(name="sync")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--dry-run", is_flag=True, help="Show what would be done; change nothing.")
@click.option("--undo", is_flag=True, help="Take back the last step of a sync.")
@click.option("--continue", "resuming", is_flag=True, help="Resolve conflicts, then sync.")
@click.option("--ours", is_flag=True, help="Keep the versions in callouts.")
@click.option("--theirs", is_flag=True, help="Keep the versions above them.")
@click.option("--both", is_flag=True, help="Keep both versions.")
@click.option(
    "--accept", type=click.Choice(KINDS), multiple=True, help="Go on despite what stopped it."
)
@shared.output_format()
@click.pass_obj
def command(state: State, /, **chosen: Any) -> None:
    """Save the changes of the vault, merge those of others by meaning, and push.

    Nothing is forced, and no word is lost: what both sides changed is in the note twice, until
    `--continue --ours`, `--theirs` or `--both` resolves it, in the notes at PATHS or in all.
    Exit code 2: something has to be done first; 3: conflicts are left in notes.
    """
    sides = [side for side in get_args(Choice) if chosen.pop(side)]
    if len(sides) > 1:
        raise click.UsageError("--ours, --theirs and --both exclude each other")
    request = Request(**chosen, choice=sides[0] if sides else None)
    if (request.paths or request.choice) and not request.resuming:
        raise click.UsageError("PATHS, --ours, --theirs and --both need --continue")
    if request.dry_run + request.undo + request.resuming > 1:
        raise click.UsageError("--dry-run, --undo and --continue exclude each other")
    workspace = state.open(request.paths)
    result = _result(state, workspace, request)
    if request.output_format == "json":
        state.show(f"{escape_controls(msgspec.json.encode(result).decode())}\n")
    else:
        _show(state, workspace, result)
    raise SystemExit(result.exit_code)


def _result(state: State, workspace: Workspace, request: Request) -> SyncResult:
    from vaultsync.app import sync

    if request.dry_run:
        return sync.planned(workspace, request.accept)
    if request.undo:
        return sync.undo(workspace, state.note)
    if request.resuming:
        paths = workspace.select(request.paths)
        return sync.resolve(workspace, request.choice, paths, state.note)
    return sync.sync(workspace, state.note, request.accept)


def _show(state: State, workspace: Workspace, result: SyncResult) -> None:
    for step in result.steps:
        state.show(f"{step.step:<7} {printable(step.text)}\n")
    for left in result.left_out:
        state.note(f"{left.path} stays here: {left.reason}")
    for notice in result.notices:
        state.note(notice)
    for conflict in result.conflicts:
        count = format_count(conflict.count, "conflict")
        place = shared.shown_path(workspace.root, conflict.path)
        state.show(shared.error_line(state, place, f"{count}, each in a callout or comment"))
    if stopped := result.stopped:
        click.echo(f"error: {printable(stopped.reason)}", err=True)
        if stopped.remedy:
            click.echo(printable(stopped.remedy), err=True)
    elif not result.steps:
        click.echo("nothing to do")
