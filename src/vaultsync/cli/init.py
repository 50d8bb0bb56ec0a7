"""`vaultsync init`."""

from __future__ import annotations

import click

from vaultsync.app.init import HOOK, WORKFLOW, begin_history, init
from vaultsync.cli.main import State
from vaultsync.cli.shared import settle
from vaultsync.core.errors import GitError


@click.command(name="init")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False))
@click.option("--hook", is_flag=True, help=f"When adopting: also write {HOOK}.")
@click.option("--ci", is_flag=True, help=f"When adopting: also write {WORKFLOW}.")
@click.pass_obj
def command(state: State, folder: str, *, hook: bool, ci: bool) -> None:
    """Make a vault of DIR, or adopt the one that is there.

    An empty folder gets note types, templates, an index, a changelog, a post, the hook, a
    workflow and a git repository. A vault with notes gets `vaultsync.toml`, and with --hook or
    --ci those files. A file that exists is never changed.
    """
    result = init(folder, hook=hook, ci=ci)
    settle(state, result.root, result.outputs)
    for path in result.existing:
        state.note(f"kept {path} as it is")
    if not result.adopting:
        _begin_history(state, result.root)
        click.echo(
            "ready: make a note with `vaultsync new claim TITLE`, and run `pre-commit install` for "
            "the checks before each commit"
        )
    elif result.outputs:
        click.echo("adopted: run `vaultsync lint` to see what it finds")
    else:
        click.echo("this is a vault already: nothing to do")


def _begin_history(state: State, root: str) -> None:
    """Make a repository; a vault without one is still a vault."""
    try:
        top = begin_history(root)
    except GitError as error:
        click.echo(f"no repository was made: {error}", err=True)
        return
    if top is not None:
        state.note(f"{HOOK} and {WORKFLOW} work only at the top of the repository: {top}")
