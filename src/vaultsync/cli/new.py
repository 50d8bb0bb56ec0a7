"""`vaultsync new`."""

from __future__ import annotations

from typing import TextIO

import click

from vaultsync.app.create import create
from vaultsync.app.suggestion import suggest
from vaultsync.cli import shared
from vaultsync.cli.main import State
from vaultsync.core.errors import ConfigError
from vaultsync.core.text import printable

_FROM = "Take the answers of a form; - is standard input."


@click.command(name="new")
@click.argument("type_name", metavar="TYPE", shell_complete=shared.complete_type)
@click.argument("subject", metavar="TITLE|URL", default="")
@click.option("--from", "form", type=click.File(errors="replace"), help=_FROM)
@click.pass_obj
def command(state: State, type_name: str, subject: str, form: TextIO | None) -> None:
    """Make a note of a TYPE from its template, as a draft.

    From the address of a paper on arXiv, or a DOI, its title, authors and year are filled in;
    where the registry does not respond, the draft has only the address.

    With --from the text of a filled-in issue form becomes a draft; the `form` of the type names the
    part of the note that each of its labels is about.
    """
    title = " ".join(subject.split())
    if bool(title) == bool(form):
        raise ConfigError("a note needs a title" + (", or a form, not both" if form else ""))
    workspace = state.open()
    if form:
        suggestion = suggest(type_name, form.read(), workspace)
        created = suggestion.created
        for label in suggestion.aside:
            state.note(f"not a part of the note, but in a comment: {printable(label)}")
    else:
        created = create(type_name, title, workspace)
    if created.failure:
        reason = f"{created.failure}; title, authors and year are left to you"
        click.echo(printable(f"not filled in: {reason}"), err=True)
    for path, what in created.same:
        state.note(f"{shared.shown_path(workspace.root, path)} has the same {what}")
    shared.settle(state, workspace.root, [created.output])
    click.echo(f"{'a draft' if created.is_draft else 'a note'}, ready to edit")
