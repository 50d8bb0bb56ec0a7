"""`vaultsync index`."""

from __future__ import annotations

import click

from vaultsync.blocks import block_problems
from vaultsync.cli import options
from vaultsync.cli.state import State, finish, settle_blocks, shown_path
from vaultsync.config import matches
from vaultsync.text import Lines
from vaultsync.workspace import Workspace


@click.command(name="index")
@options.check
@options.diff
@options.staged
@click.pass_obj
def command(state: State, *, check: bool, diff: bool, staged: bool) -> None:
    """Refresh the generated blocks that are made of the notes, wherever they stand.

    Exit code 1: a block is broken, or with --check, --diff or --staged something changes.
    """
    workspace = state.open(staged=staged)
    outputs = workspace.index_outputs()
    changed = settle_blocks(state, workspace, outputs, "tree", check=check, diff=diff)
    broken = _broken_blocks(state, workspace)
    finish(changed, check=check, diff=diff)
    raise SystemExit(1 if broken or (changed and (check or diff or staged)) else 0)


def _broken_blocks(state: State, workspace: Workspace) -> int:
    count = 0
    for path, document in sorted(workspace.vault.documents.items()):
        if matches(path, workspace.config.exclude):
            continue
        found = block_problems(document, workspace.context)
        for problem in sorted(found, key=lambda problem: problem.span):
            line = Lines(document.text).position(problem.span.start)[0]
            place = f"{shown_path(workspace.root, path)}:{line}"
            click.echo(f"{place}: {state.paint('error', 'error')} {problem.message}", err=True)
            count += 1
    return count
