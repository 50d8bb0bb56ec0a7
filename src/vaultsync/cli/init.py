"""`vaultsync init`."""

from __future__ import annotations

import os

import click

from vaultsync.app.hook import install_hooks
from vaultsync.app.init import (
    WORKFLOW,
    InitResult,
    begin_history,
    init,
    install_merge_driver,
    known_findings,
    own_address,
    take_stock,
)
from vaultsync.blocks.context import format_count
from vaultsync.cli.main import State
from vaultsync.cli.shared import agrees, settle
from vaultsync.core.config import FILE_NAME
from vaultsync.core.errors import VaultsyncError


@click.command(name="init")
@click.argument("folder", metavar="[DIR]", default=None, type=click.Path(file_okay=False))
@click.option("--hook", is_flag=True, help="When adopting: also write git's own hooks.")
@click.option("--ci", is_flag=True, help=f"When adopting: also write {WORKFLOW}.")
@click.option("--baseline", is_flag=True, help="When adopting: report only new findings.")
@click.option("--yes", is_flag=True, help="When adopting: change git's files without a question.")
@click.pass_obj
def command(
    state: State, folder: str | None, *, hook: bool, ci: bool, baseline: bool, yes: bool
) -> None:
    """Make a vault of DIR (default: --vault, or this folder), or adopt the one that is there.

    An empty folder gets note types, templates, an index, a changelog, a post, a workflow and a git
    repository with the hooks. A vault with notes gets `vaultsync.toml`, with types proposed from
    the properties that it uses, and is checked. With --ci it gets the workflow, if that would pass.
    A file that exists is not changed, except that --baseline names a file of all findings in
    `vaultsync.toml`.

    In a repository, git is set up in this clone to merge notes by what their parts mean. The lines
    that `.gitattributes` and `.gitignore` lack are shown, and written if you agree.

    With --hook, git runs `vaultsync hook --add` before each commit and merge in this clone. A hook
    that is there already is kept, and run after it.
    """
    result = init(folder or state.vault or ".")
    hooks = install_hooks(result.root) if hook and result.adopting else []
    settle(state, result.root, result.outputs)
    for path in result.existing:
        if not (baseline and path == FILE_NAME):
            state.note(f"kept {path} as it is")
    for one in () if state.quiet else result.types:
        state.show(f"proposed a type: {one.name}, {format_count(one.count, 'note')}\n")
    _change(state, result, yes=yes)
    if not result.adopting:
        hooks = _begin_history(state, result.root, hook=hook)
    for path in () if state.quiet else hooks:
        state.show(f"wrote {os.path.relpath(path)}\n")
    if install_merge_driver(result.root) and not state.quiet:
        state.show("set merge.vaultsync.driver in this clone\n")
    if not result.adopting:
        click.echo("ready: make a note with `vaultsync new claim TITLE`")
    elif result.outputs or ci or baseline:
        _adopt(state, result.root, ci=ci, baseline=baseline)
    elif not hooks:
        click.echo("this is a vault already: nothing to do")


def _change(state: State, result: InitResult, *, yes: bool) -> None:
    """Show what would change in files that exist, and write it if the user agrees."""
    if result.changes:
        settle(state, result.root, result.changes, diff=True)
        if agrees(yes=yes):
            settle(state, result.root, result.changes)
        else:
            state.note("nothing of this was written: run `vaultsync init --yes` to write it")


def _adopt(state: State, root: str, *, ci: bool, baseline: bool) -> None:
    """Write what fits an adopted vault, and print what `lint` finds there."""
    if baseline:
        settle(state, root, known_findings(root))
    stock = take_stock(root, ci=ci)
    if stock is None:
        click.echo("adopted: it holds no notes yet")
        return
    settle(state, root, stock.outputs)
    if ci and stock.refusal:
        click.echo(f"{WORKFLOW} was not written, it would fail: {stock.refusal}", err=True)
    elif ci and not stock.outputs:
        state.note(f"kept {WORKFLOW} as it is")
    elif ci and own_address() is None:
        state.note(f"{WORKFLOW} fails until it has the address of vaultsync's repository")
    click.echo(f"adopted: {stock.summary}")
    if stock.errors and not baseline:
        click.echo("to have only new errors reported, run `vaultsync init --baseline`")


def _begin_history(state: State, root: str, *, hook: bool) -> list[str]:
    """Make a repository and its hooks; a vault without them is still a vault."""
    lacking = "repository"
    try:
        top = begin_history(root)
        lacking = "hook"
        if top is not None:
            state.note(f"{WORKFLOW} works only at the top of the repository: {top}")
        return install_hooks(root) if hook or top is None else []
    except VaultsyncError as error:
        click.echo(f"no {lacking} was made: {error}", err=True)
        return []
