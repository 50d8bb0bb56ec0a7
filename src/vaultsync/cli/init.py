"""`vaultsync init`."""

from __future__ import annotations

import os
from collections.abc import Iterable

import click

from vaultsync.app.hook import install_hooks
from vaultsync.app.init import (
    WORKFLOW,
    InitResult,
    begin_history,
    init,
    install_merge_driver,
    known_findings,
    set_up_hooks,
    take_stock,
)
from vaultsync.blocks.context import format_count
from vaultsync.cli.main import State
from vaultsync.cli.shared import agrees, settle
from vaultsync.core.config import FILE_NAME
from vaultsync.core.errors import ConfigError, VaultsyncError
from vaultsync.core.output import Output

_NOT_AT_TOP = f"{WORKFLOW} works only at the top of the repository: {{}}"


@click.command(name="init")
@click.argument("folder", metavar="[DIR]", default=None, type=click.Path(file_okay=False))
@click.option("--hook/--no-hook", default=None, help="Write git's own hooks, also beside others.")
@click.option("--ci/--no-ci", default=None, help=f"Write {WORKFLOW}.")
@click.option("--baseline", is_flag=True, help="When adopting: report only new findings.")
@click.option("--yes", is_flag=True, help="When adopting: change git's files without a question.")
@click.pass_obj
def command(
    state: State,
    folder: str | None,
    *,
    hook: bool | None,
    ci: bool | None,
    baseline: bool,
    yes: bool,
) -> None:
    """Make a vault of DIR (default: --vault, or this folder), or adopt the one that is there.

    An empty folder gets note types, templates, an index, a changelog, a post, a workflow and a git
    repository with the hooks. A vault with notes gets `vaultsync.toml`, with types proposed from
    the properties that it uses, and is checked. At the top of a repository it gets the workflow
    too, if that would pass; later only --ci writes it. A file that exists is not changed, except
    that --baseline names a file of all findings in `vaultsync.toml`.

    In a repository, git is set up in this clone to merge notes by what their parts mean. The lines
    that `.gitattributes` and `.gitignore` lack are shown, and written if you agree.

    By the hooks, git runs `vaultsync hook --add` before each commit and merge in this clone. Where
    other hooks are, only --hook adds them: what is there is kept, and run after ours.
    """
    result = init(folder or state.vault or ".", ci=ci is not False)
    if ci and result.top not in ("", result.root):
        raise ConfigError(_NOT_AT_TOP.format(result.top))
    added = install_hooks(result.root) if hook and result.adopting else []
    settle(state, result.root, result.outputs)
    _show(state, result, baseline=baseline)
    _change(state, result, yes=yes)
    hooks = _set_up_git(state, result, added, hook=hook)
    if not result.adopting:
        _show_next(state, result.outputs)
        click.echo("ready: make a note with `vaultsync new claim TITLE`")
    elif result.outputs or ci or baseline:
        _adopt(state, result, ci=ci, baseline=baseline)
    elif not hooks:
        click.echo("this is a vault already: nothing to do")


def _show(state: State, result: InitResult, *, baseline: bool) -> None:
    """Print what stays as it is, and the types that are proposed."""
    for path in result.existing:
        if not (baseline and path == FILE_NAME):
            state.note(f"kept {path} as it is")
    for one in () if state.quiet else result.types:
        state.show(f"proposed a type: {one.name}, {format_count(one.count, 'note')}\n")


def _change(state: State, result: InitResult, *, yes: bool) -> None:
    """Show what would change in files that exist, and write it if the user agrees."""
    if result.changes:
        settle(state, result.root, result.changes, diff=True)
        if agrees(yes=yes):
            settle(state, result.root, result.changes)
        else:
            state.note("nothing of this was written: run `vaultsync init --yes` to write it")


def _adopt(state: State, result: InitResult, *, ci: bool | None, baseline: bool) -> None:
    """Write what fits an adopted vault, and print what `lint` finds there."""
    known = known_findings(result.root) if baseline else []
    settle(state, result.root, known)
    is_new = any(output.path == FILE_NAME for output in (*result.outputs, *known))
    if ci is None and is_new and result.top not in ("", result.root):
        state.note(_NOT_AT_TOP.format(result.top))
    by_default = ci is None and is_new and result.top == result.root
    stock = take_stock(result.root, ci=ci or by_default)
    if stock is None:
        click.echo("adopted: it holds no notes yet")
        return
    settle(state, result.root, stock.outputs)
    _show_next(state, stock.outputs if result.top else ())
    if stock.notice and (ci or not state.quiet):
        click.echo(stock.notice, err=True)
    click.echo(f"adopted: {stock.summary}")
    if stock.errors and not baseline:
        click.echo("to have only new errors reported, run `vaultsync init --baseline`")


def _show_next(state: State, outputs: Iterable[Output]) -> None:
    """Print what takes the workflow to GitHub, since a sync adds no file that no note links to."""
    if not state.quiet and any(output.path == WORKFLOW for output in outputs):
        state.show("next, so that the workflow is committed: git add .github\n")


def _set_up_git(
    state: State, result: InitResult, added: list[str], *, hook: bool | None
) -> list[str]:
    """Set up hooks and the merge driver, and return all hooks that were written."""
    hooks = added
    if not result.adopting:
        hooks = _begin_history(state, result.root, hook=hook)
    elif hook is None:
        hooks = _set_up_hooks(state, result.root)
    for path in () if state.quiet else hooks:
        state.show(f"wrote {os.path.relpath(path)}\n")
    if install_merge_driver(result.root) and not state.quiet:
        state.show("set merge.vaultsync.driver in this clone\n")
    return hooks


def _set_up_hooks(state: State, root: str) -> list[str]:
    """Write hooks where there are none; what else is lacking is only reported."""
    try:
        hooks, lacking = set_up_hooks(root)
    except VaultsyncError as error:
        hooks, lacking = [], f"no hook was made: {error}"
    if lacking:
        state.note(lacking)
    return hooks


def _begin_history(state: State, root: str, *, hook: bool | None) -> list[str]:
    """Make a repository and its hooks; a vault without them is still a vault."""
    lacking = "repository"
    try:
        top = begin_history(root)
        lacking = "hook"
        if top is not None:
            state.note(_NOT_AT_TOP.format(top))
        return install_hooks(root) if hook or (hook is None and top is None) else []
    except VaultsyncError as error:
        click.echo(f"no {lacking} was made: {error}", err=True)
        return []
