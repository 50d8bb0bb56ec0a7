"""`vaultsync index`."""

from __future__ import annotations

import click

from vaultsync.app.index import index
from vaultsync.blocks.context import format_count
from vaultsync.cli import shared
from vaultsync.cli.main import State


@click.command(name="index")
@shared.check
@shared.diff
@shared.staged
@click.pass_obj
def command(state: State, *, check: bool, diff: bool, staged: bool) -> None:
    """Refresh the generated blocks made from the notes, in every note of the vault.

    Exit code 1: a note cannot be read, and nothing is written; a block is broken; or with --check,
    --diff or --staged something changes. With --staged, only notes and blocks that the
    commit changes or breaks count.
    """
    workspace = state.open(staged=staged)
    result = index(workspace)
    if result.unreadable:
        state.show(shared.findings_text(state, workspace.root, result.unreadable, result.context))
        paths = {diagnostic.path for diagnostic in result.unreadable}
        click.echo(f"{format_count(len(paths), 'note')} cannot be read: nothing was written")
        raise SystemExit(int(result.failed))
    changed = shared.settle_blocks(state, workspace, result.outputs, "tree", check=check, diff=diff)
    for path, line, message in result.errors:
        place = f"{shared.shown_path(workspace.root, path)}:{line}"
        click.echo(shared.error_line(state, place, message), nl=False, err=True)
    broken = f"{format_count(len(result.errors), 'error')}: " if result.errors else ""
    shared.finish(changed, check=check, diff=diff, broken=broken)
    raise SystemExit(1 if result.failed or (changed and (check or diff or staged)) else 0)
