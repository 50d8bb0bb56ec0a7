"""`vaultsync index`."""

from __future__ import annotations

import click

from vaultsync.blocks import block_problems, counted
from vaultsync.cli import options
from vaultsync.cli.scope import Scope
from vaultsync.cli.state import State, finish, settle_blocks, shown_path
from vaultsync.config import matches
from vaultsync.lint import engine, report
from vaultsync.lint.context import Context
from vaultsync.lint.formats.forms import full
from vaultsync.lint.rules import RULES
from vaultsync.notes import is_readable
from vaultsync.parse import kind_of
from vaultsync.text import Lines
from vaultsync.workspace.opened import Workspace
from vaultsync.workspace.outputs import index_outputs

_READABLE = engine.Selection(tuple(rule for rule in RULES if rule.certain), {})
_BLOCKS = engine.Selection(tuple(rule for rule in RULES if rule.reach == "blocks"), {})


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
    workspace = state.open(staged=staged)
    context = Context(workspace.vault, workspace.config)
    unreadable = _unreadable_notes(state, workspace, context)
    if unreadable:
        raise SystemExit(bool(Scope(workspace, unreadable).check(context, _READABLE)))
    outputs = index_outputs(workspace)
    changed = settle_blocks(state, workspace, outputs, "tree", check=check, diff=diff)
    broken = _broken_blocks(state, workspace)
    finish(changed, check=check, diff=diff)
    failed = broken and Scope(workspace, None).check(context, _BLOCKS)
    raise SystemExit(1 if failed or (changed and (check or diff or staged)) else 0)


def _unreadable_notes(state: State, workspace: Workspace, context: Context) -> list[str]:
    """Print why notes that lists may be made of cannot be read, and return them."""
    unreadable = [
        path
        for path, document in workspace.vault.documents.items()
        if not is_readable(document)
        and (workspace.config.type_name(path) or (document.error and kind_of(path) == "note"))
    ]
    found = engine.check(context, _READABLE, unreadable) if unreadable else []
    items = report.shown(found, context, lambda path: shown_path(workspace.root, path))
    state.show(full(items, state.paint))
    paths = sorted({diagnostic.path for diagnostic in found})
    if paths:
        click.echo(f"{counted(len(paths), 'note')} cannot be read: nothing was written")
    return paths


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
