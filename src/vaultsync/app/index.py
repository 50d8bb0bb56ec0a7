"""Refresh the generated blocks of a vault, and tell what cannot be."""

from __future__ import annotations

import click

from vaultsync.app.index_outputs import index_outputs
from vaultsync.app.lint.scope import Scope
from vaultsync.app.workspace import Workspace
from vaultsync.blocks import block_problems, counted
from vaultsync.cli.state import State, outcome, settle_blocks, shown_path
from vaultsync.cli.unchanged import Answer
from vaultsync.core.config import matches
from vaultsync.core.text import Lines
from vaultsync.lint import engine, report
from vaultsync.lint.context import Context
from vaultsync.lint.formats.forms import full
from vaultsync.lint.rules import RULES
from vaultsync.markdown import kind_of
from vaultsync.notes.note import is_readable

_READABLE = engine.Selection(tuple(rule for rule in RULES if rule.certain), {})
_BLOCKS = engine.Selection(tuple(rule for rule in RULES if rule.reach == "blocks"), {})


def refresh(state: State, workspace: Workspace, *, check: bool, diff: bool) -> Answer:
    """Write the blocks that changed, or show them, and return what is to be told at the end."""
    context = Context(workspace.vault, workspace.config)
    unreadable = _unreadable_notes(state, workspace, context)
    if unreadable:
        return Answer(bool(Scope(workspace, unreadable).check(context, _READABLE)), "")
    outputs = index_outputs(workspace)
    changed = settle_blocks(state, workspace, outputs, "tree", check=check, diff=diff)
    broken = _broken_blocks(state, workspace)
    failed = broken and Scope(workspace, None).check(context, _BLOCKS)
    stale = changed and (check or diff or workspace.staged)
    text = outcome(changed, writing=not (check or diff))
    text = f"{counted(broken, 'error')}: {text}" if broken else text
    return Answer(1 if failed or stale else 0, text, timeless=not (changed or broken))


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
    state.show(full(items, state.painter))
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
