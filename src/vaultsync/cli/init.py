"""`vaultsync init`."""

from __future__ import annotations

import os

import click

from vaultsync.app.hook import install_hooks
from vaultsync.app.init import WORKFLOW, begin_history, init
from vaultsync.cli.main import State
from vaultsync.cli.shared import settle
from vaultsync.core.errors import VaultsyncError


@click.command(name="init")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False))
@click.option("--hook", is_flag=True, help="When adopting: also write git's own hooks.")
@click.option("--ci", is_flag=True, help=f"When adopting: also write {WORKFLOW}.")
@click.pass_obj
def command(state: State, folder: str, *, hook: bool, ci: bool) -> None:
    """Make a vault of DIR, or adopt the one that is there.

    An empty folder gets note types, templates, an index, a changelog, a post, a workflow and a git
    repository with the hooks. A vault with notes gets `vaultsync.toml`, and with --ci the workflow.
    A file that exists is never changed.

    With --hook, git runs `vaultsync hook --add` before each commit and merge in this clone. A hook
    that is there already is kept, and run after it.
    """
    result = init(folder, ci=ci)
    hooks = install_hooks(result.root) if hook and result.adopting else []
    settle(state, result.root, result.outputs)
    for path in result.existing:
        state.note(f"kept {path} as it is")
    if not result.adopting:
        hooks = _begin_history(state, result.root, hook=hook)
    for path in () if state.quiet else hooks:
        state.show(f"wrote {os.path.relpath(path)}\n")
    if not result.adopting:
        click.echo("ready: make a note with `vaultsync new claim TITLE`")
    elif result.outputs:
        click.echo("adopted: run `vaultsync lint` to see what it finds")
    elif not hooks:
        click.echo("this is a vault already: nothing to do")


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
