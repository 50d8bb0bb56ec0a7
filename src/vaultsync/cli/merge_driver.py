"""`vaultsync merge-driver`."""

from __future__ import annotations

import click

from vaultsync.app.merge import merge_files
from vaultsync.blocks.context import format_count
from vaultsync.cli.main import State
from vaultsync.core.text import printable


@click.command(name="merge-driver")
@click.argument("base", type=click.Path(exists=True, dir_okay=False))
@click.argument("ours", type=click.Path(exists=True, dir_okay=False))
@click.argument("theirs", type=click.Path(exists=True, dir_okay=False))
@click.argument("path", type=click.Path())
@click.pass_obj
def command(state: State, base: str, ours: str, theirs: str, path: str) -> None:
    """Merge three versions of a note, canvas or JSON file, as git does with `%O %A %B %P`.

    Properties are merged key by key, sections item by item. Where both sides changed a part, that
    of THEIRS is in place and that of OURS in a callout below it, which `vaultsync lint` reports.
    The result is written to OURS. With exit code 3 the versions cannot be merged, and OURS stays.
    """
    conflicts = merge_files((base, ours, theirs), path, state.vault)
    if conflicts is None:
        click.echo(f"{printable(path)}: its versions cannot be merged: choose one", err=True)
        raise SystemExit(3)
    if conflicts:
        count = format_count(conflicts, "conflict")
        click.echo(f"{printable(path)}: {count}, each in a callout or comment", err=True)
