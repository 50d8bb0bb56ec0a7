"""`vaultsync changelog`."""

from __future__ import annotations

from pathlib import Path

import click

from vaultsync.app.changelog.record import Recording
from vaultsync.cli import options
from vaultsync.cli.state import State, finish, settle_blocks
from vaultsync.core.errors import ConfigError


@click.command(name="changelog")
@click.argument("note", required=False, type=click.Path())
@options.check
@options.diff
@options.staged
@click.option("--rebuild", is_flag=True, help="Make the whole journal anew from the history.")
@click.option("--since", metavar="DAY|REV", help="Show what is new since then; write nothing.")
@click.option(
    "--output-format",
    "form",
    type=click.Choice(["text", "json"]),
    help="Show what happened, and write nothing.",
)
@click.pass_obj
def command(  # noqa: PLR0913
    state: State,
    *,
    note: str | None,
    check: bool,
    diff: bool,
    staged: bool,
    rebuild: bool,
    since: str | None,
    form: str | None,
) -> None:
    """Record what is new since the journal was last committed, and refresh the blocks made of it.

    With NOTE, --since or --output-format it shows what the history says, of one note or of all,
    and writes nothing.

    Exit code 1: with --check, --diff or --staged something changes.
    """
    workspace = state.open(staged=staged)
    workspace.outlines = True
    recording = Recording(workspace)
    if note or since or form:
        if check or diff or rebuild:
            raise ConfigError(
                "--check, --diff and --rebuild are about the journal: they stand without NOTE, "
                "--since and --output-format"
            )
        shown = recording.happened(note, str(Path.cwd()), since=since, as_json=form == "json")
        state.show(shown or "nothing happened\n")
        return
    outputs = recording.outputs(rebuild=rebuild)
    changed = settle_blocks(state, workspace, outputs, "history", check=check, diff=diff)
    finish(changed, check=check, diff=diff)
    raise SystemExit(1 if changed and (check or diff or staged) else 0)
