"""`vaultsync mv`."""

from __future__ import annotations

import click

from vaultsync.app.move import Move, plan_move, split_place
from vaultsync.blocks.context import format_count
from vaultsync.cli import shared
from vaultsync.cli.main import State
from vaultsync.core.output import diff_header, unified_diff
from vaultsync.core.text import printable
from vaultsync.infra import moving


@click.command(name="mv")
@click.argument("old", type=click.Path())
@click.argument("new", type=click.Path())
@shared.diff
@click.pass_obj
def command(state: State, old: str, new: str, *, diff: bool) -> None:
    """Give a file, folder, heading, block or tag a new name, and change the links to it.

    OLD is a path, `Note.md#Heading`, `Note.md#^block` or `#tag`. Every link leads to the same place
    afterwards; only targets of links change. The old name of a note joins its `aliases`. NEW may be
    a folder that OLD is to go to. All is done or nothing: after a run that was killed, the same
    command completes it. In a repository of git, only files are changed; nothing is staged.
    """
    path = split_place(old)[0]
    paths = (path,) if path else ()
    root = state.root(paths)
    if not diff and (plan := moving.pending(root)):
        moving.complete(root, plan)
        state.show(f"completed what a killed run began: {_shown(root, plan)}\n")
        return
    workspace = state.open(paths)
    move = plan_move(old, new, workspace)
    for remark in move.remarks:
        state.note(remark)
    if diff:
        _show_diff(state, root, move)
        raise SystemExit(1)
    moving.move(root, move.plan, move.before)
    notes = format_count(len(move.plan.outputs), "file")
    state.show(f"{_shown(root, move.plan)}: {notes} changed\n")


def _shown(root: str, plan: moving.Plan) -> str:
    old, new = (
        # A tag is in no folder.
        printable(name if name.startswith("#") else shared.shown_path(root, name))
        for name in plan.names
    )
    return f"{old} is {new}"


def _show_diff(state: State, root: str, move: Move) -> None:
    """Show what would change, as git does."""
    moves, after = move.plan.moves, {one.path: one.data for one in move.plan.outputs}
    for path in sorted({*moves, *after}):
        old, new = (shared.shown_path(root, one) for one in (path, moves.get(path, path)))
        text = diff_header(old, new)
        if path in after:
            text += unified_diff(new, move.before[path], after[path], old=old)
        state.show(shared.coloured(state, text))
