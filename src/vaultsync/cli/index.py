"""`vaultsync index`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import click

from vaultsync.cli import options
from vaultsync.cli.state import State
from vaultsync.cli.unchanged import Answer, answer, tell

if TYPE_CHECKING:
    from vaultsync.app.workspace import Workspace


@click.command(name="index")
@options.check
@options.diff
@options.staged
@click.pass_obj
def command(state: State, *, check: bool, diff: bool, staged: bool) -> None:
    """Refresh the generated blocks that are made of the notes, wherever they stand.

    Exit code 1: a note cannot be read, and nothing is written; a block is broken; or with --check,
    --diff or --staged something changes. With --staged, only notes and blocks count that the
    commit touches or breaks.
    """
    load = partial(_refresh, state, check=check, diff=diff)
    if staged or diff:
        raise SystemExit(tell(state, load()(state.open(staged=staged)), err=diff))
    answer(state, ("index", check), load)


def _refresh(state: State, *, check: bool, diff: bool) -> Callable[[Workspace], Answer]:
    from vaultsync.app.index import refresh

    return partial(refresh, state, check=check, diff=diff)
