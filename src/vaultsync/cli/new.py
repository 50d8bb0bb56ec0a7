"""`vaultsync new`."""

from __future__ import annotations

import click

from vaultsync.app.create import create
from vaultsync.cli import shared
from vaultsync.cli.main import State
from vaultsync.core.errors import ConfigError
from vaultsync.core.text import printable


@click.command(name="new")
@click.argument("type_name", metavar="TYPE", shell_complete=shared.complete_type)
@click.argument("subject", metavar="TITLE|URL")
@click.pass_obj
def command(state: State, type_name: str, subject: str) -> None:
    """Make a note of a TYPE from its template, as a draft.

    From the address of a paper on arXiv, or a DOI, its title, authors and year are filled in;
    where the registry does not respond, the draft has only the address.
    """
    title = " ".join(subject.split())
    if not title:
        raise ConfigError("a note needs a title")
    workspace = state.open()
    created = create(type_name, title, workspace)
    if created.failure:
        reason = f"{created.failure}; title, authors and year are left to you"
        click.echo(printable(f"not filled in: {reason}"), err=True)
    for path, what in created.same:
        state.note(f"{shared.shown_path(workspace.root, path)} has the same {what}")
    shared.settle(state, workspace.root, [created.output])
    click.echo(f"{'a draft' if created.is_draft else 'a note'}, ready to edit")
