"""`vaultsync changelog`."""

from __future__ import annotations

import click

from vaultsync.cli import options
from vaultsync.cli.state import State, finish, settle_blocks


@click.command(name="changelog")
@options.check
@options.diff
@options.staged
@click.pass_obj
def command(state: State, *, check: bool, diff: bool, staged: bool) -> None:
    """Record what is new since the journal was last committed, and refresh the blocks made of it.

    Exit code 1: with --check, --diff or --staged something changes.
    """
    workspace = state.open(staged=staged)
    outputs = workspace.changelog_outputs()
    changed = settle_blocks(state, workspace, outputs, "history", check=check, diff=diff)
    finish(changed, check=check, diff=diff)
    raise SystemExit(1 if changed and (check or diff or staged) else 0)
