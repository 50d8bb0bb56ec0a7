"""`vaultsync sync`."""

from __future__ import annotations

import click
import msgspec

from vaultsync.blocks.context import format_count
from vaultsync.cli import shared
from vaultsync.cli.main import State
from vaultsync.core.text import printable


@click.command(name="sync")
@click.option("--dry-run", is_flag=True, help="Show what would be done; nothing is changed.")
@shared.output_format()
@click.pass_obj
def command(state: State, *, dry_run: bool, output_format: str) -> None:
    """Save the changes of the vault, fetch, merge by meaning, and push."""
    from vaultsync.app.sync import SyncResult, planned, sync

    workspace = state.open()

    def report(line: str) -> None:
        if not state.quiet:
            click.echo(printable(line), err=True)

    result: SyncResult = planned(workspace) if dry_run else sync(workspace, report)
    if output_format == "json":
        state.show(f"{msgspec.json.encode(result).decode()}\n")
        raise SystemExit(result.exit_code)
    for step in result.steps:
        state.show(f"{step.step:<6} {printable(step.text)}\n")
    for notice in result.notices:
        state.note(notice)
    for left in result.left_out:
        state.note(f"{left.path}: left out: {left.reason}")
    for one in result.conflicts:
        state.show(f"{printable(one.path)}: {format_count(one.count, 'conflict')}\n")
    if result.stopped:
        click.echo(
            f"error: {printable(result.stopped.reason)}: {printable(result.stopped.remedy)}",
            err=True,
        )
    elif not result.steps:
        click.echo("nothing to do")
    raise SystemExit(result.exit_code)
