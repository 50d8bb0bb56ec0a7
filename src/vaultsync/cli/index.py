"""`vaultsync index`."""

from __future__ import annotations

import click

from vaultsync.blocks import block_problems, counted
from vaultsync.cli import options
from vaultsync.cli.state import State, finish, settle_blocks, shown_path
from vaultsync.config import matches
from vaultsync.lint import engine, report
from vaultsync.lint.context import Context
from vaultsync.lint.formats import full
from vaultsync.lint.rules import RULES
from vaultsync.notes import is_readable
from vaultsync.parse import kind_of
from vaultsync.text import Lines
from vaultsync.workspace import Workspace


@click.command(name="index")
@options.check
@options.diff
@options.staged
@click.pass_obj
def command(state: State, *, check: bool, diff: bool, staged: bool) -> None:
    """Refresh the generated blocks that are made of the notes, wherever they stand.

    Exit code 1: a note cannot be read, and nothing is written; a block is broken; or with --check,
    --diff or --staged something changes.
    """
    workspace = state.open(staged=staged)
    if _unreadable_notes(state, workspace):
        raise SystemExit(1)
    outputs = workspace.index_outputs()
    changed = settle_blocks(state, workspace, outputs, "tree", check=check, diff=diff)
    broken = _broken_blocks(state, workspace)
    finish(changed, check=check, diff=diff)
    raise SystemExit(1 if broken or (changed and (check or diff or staged)) else 0)


def _unreadable_notes(state: State, workspace: Workspace) -> bool:
    """Print why notes that lists may be made of cannot be read, and say whether there are any."""
    unreadable = [
        path
        for path, document in workspace.vault.documents.items()
        if not is_readable(document)
        and (workspace.config.type_name(path) or (document.error and kind_of(path) == "note"))
    ]
    context = Context(workspace.vault, workspace.config)
    rules = engine.Selection(tuple(rule for rule in RULES if rule.certain), {})
    found = engine.check(context, rules, unreadable) if unreadable else []
    items = report.shown(found, context, lambda path: shown_path(workspace.root, path))
    state.show(full(items, state.paint))
    if found:
        count = len({diagnostic.path for diagnostic in found})
        click.echo(f"{counted(count, 'note')} cannot be read: nothing was written")
    return bool(found)


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
