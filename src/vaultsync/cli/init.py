"""`vaultsync init`."""

from __future__ import annotations

import click

from vaultsync.app.init import (
    HOOK,
    WORKFLOW,
    begin_history,
    init,
    known_findings,
    own_address,
    take_stock,
)
from vaultsync.cli.main import State
from vaultsync.cli.shared import settle
from vaultsync.core.config import FILE_NAME
from vaultsync.core.errors import GitError


@click.command(name="init")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False))
@click.option("--hook", is_flag=True, help=f"When adopting: also write {HOOK}.")
@click.option("--ci", is_flag=True, help=f"When adopting: also write {WORKFLOW}.")
@click.option("--baseline", is_flag=True, help="When adopting: report only new findings.")
@click.pass_obj
def command(state: State, folder: str, *, hook: bool, ci: bool, baseline: bool) -> None:
    """Make a vault of DIR, or adopt the one that is there.

    An empty folder gets note types, templates, an index, a changelog, a post, the hook, a
    workflow and a git repository. A vault with notes gets `vaultsync.toml`, and with --hook or
    --ci those files; it is checked, and the workflow is written only if it would pass. A file that
    exists is not changed, except that --baseline names a file of all findings in `vaultsync.toml`.
    """
    result = init(folder, hook=hook)
    settle(state, result.root, result.outputs)
    for path in result.existing:
        if not (baseline and path == FILE_NAME):
            state.note(f"kept {path} as it is")
    if not result.adopting:
        _begin_history(state, result.root)
        click.echo(
            "ready: make a note with `vaultsync new claim TITLE`, and run `pre-commit install` for "
            "the checks before each commit"
        )
    elif result.outputs or ci or baseline:
        _adopt(state, result.root, ci=ci, baseline=baseline)
    else:
        click.echo("this is a vault already: nothing to do")


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
    elif stock.outputs and own_address() is None:
        state.note(f"{WORKFLOW} fails until it has the address of vaultsync's repository")
    click.echo(f"adopted: {stock.summary}")
    if stock.errors and not baseline:
        click.echo("to have only new errors reported, run `vaultsync init --baseline`")


def _begin_history(state: State, root: str) -> None:
    """Make a repository; a vault without one is still a vault."""
    try:
        top = begin_history(root)
    except GitError as error:
        click.echo(f"no repository was made: {error}", err=True)
        return
    if top is not None:
        state.note(f"{HOOK} and {WORKFLOW} work only at the top of the repository: {top}")
