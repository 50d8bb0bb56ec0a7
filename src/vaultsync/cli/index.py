"""`vaultsync index`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from vaultsync.cli import options
from vaultsync.cli.state import State, outcome, settle_blocks, shown_path

if TYPE_CHECKING:
    from vaultsync.app.index import IndexResult
    from vaultsync.app.workspace import Workspace


@click.command(name="index")
@options.check
@options.diff
@options.staged
@click.pass_obj
def command(state: State, *, check: bool, diff: bool, staged: bool) -> None:
    """Refresh the generated blocks made from the notes, in every note of the vault.

    Exit code 1: a note cannot be read, and nothing is written; a block is broken; or with --check,
    --diff or --staged something changes. With --staged, only notes and blocks that the
    commit changes or breaks count.
    """
    from vaultsync.app.index import index
    from vaultsync.blocks.context import format_count

    workspace = state.open(staged=staged)
    result = index(workspace)
    if result.unreadable:
        _show_unreadable(state, workspace, result)
        raise SystemExit(int(result.failed))
    changed = settle_blocks(state, workspace, result.outputs, "tree", check=check, diff=diff)
    for error in result.errors:
        place = f"{shown_path(workspace.root, error.path)}:{error.line}"
        click.echo(f"{place}: {state.paint('error', 'error')} {error.message}", err=True)
    text = outcome(changed, writing=not (check or diff))
    broken = f"{format_count(len(result.errors), 'error')}: " if result.errors else ""
    click.echo(f"{broken}{text}", nl=False, err=diff)
    raise SystemExit(1 if result.failed or (changed and (check or diff or staged)) else 0)


def _show_unreadable(state: State, workspace: Workspace, result: IndexResult) -> None:
    """Print why notes that lists may be made of cannot be read."""
    from vaultsync.blocks.context import format_count
    from vaultsync.lint import report
    from vaultsync.lint.formats import full

    items = report.shown(
        result.unreadable, result.context, lambda path: shown_path(workspace.root, path)
    )
    state.show(full(items, state.painter))
    paths = {diagnostic.path for diagnostic in result.unreadable}
    click.echo(f"{format_count(len(paths), 'note')} cannot be read: nothing was written")
