"""`vaultsync server`."""

from __future__ import annotations

import click

from vaultsync.cli.main import State


@click.command(name="server")
@click.pass_obj
def command(state: State) -> None:
    """Run the language server, which an editor starts; it uses standard input and output.

    The vault is the one that --vault names, else that of the folder that the editor opens.
    """
    # It takes as long to import as most commands take to run.
    from vaultsync.server.serve import serve

    serve(state.vault)
