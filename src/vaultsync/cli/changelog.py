"""`vaultsync changelog`."""

from __future__ import annotations

from pathlib import Path

import click

from vaultsync.app.changelog.as_of import held
from vaultsync.app.changelog.record import rebuild_journal, record_changes
from vaultsync.app.changelog.report import report_changes
from vaultsync.app.workspace import Workspace
from vaultsync.cli import shared
from vaultsync.cli.main import State
from vaultsync.core.errors import ConfigError
from vaultsync.core.text import printable_lines


@click.command(name="changelog")
@click.argument("note", required=False, type=click.Path())
@shared.check
@shared.diff
@shared.staged
@click.option("--rebuild", is_flag=True, help="Rebuild the whole journal from the history.")
@click.option("--since", metavar="DAY|REV", help="Show what is new since then; write nothing.")
@click.option("--as-of", metavar="DAY", help="Show what the notes held at the end of a day.")
@shared.output_format("Show what happened in this format; write nothing.", default=None)
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
    as_of: str | None,
    output_format: str | None,
) -> None:
    """Record what is new since the last commit of the journal, and refresh the blocks made from it.

    With NOTE, --since or --output-format, show the history of one note or of all, and with --as-of
    what the notes held on a day; write nothing.

    Exit code 1: with --check, --diff or --staged something changes.
    """
    paths = (note,) if note and Path(note).exists() else ()
    workspace = state.open(paths, staged=staged)
    # An empty name is that of an unset variable of a script; nothing may be written then.
    if output_format or any(one is not None for one in (note, since, as_of)):
        if check or diff or rebuild:
            raise ConfigError(
                "--check, --diff and --rebuild are about the journal: they do not go with NOTE, "
                "--since, --as-of and --output-format"
            )
        report = _report(workspace, note, since, as_of, as_json=output_format == "json")
        state.show(printable_lines(report) or "nothing happened\n")
        return
    recording = rebuild_journal(workspace) if rebuild else record_changes(workspace)
    for remark in recording.remarks:
        state.note(remark)
    outputs = recording.outputs
    changed = shared.settle_blocks(state, workspace, outputs, "history", check=check, diff=diff)
    shared.finish(changed, check=check, diff=diff)
    raise SystemExit(1 if changed and (check or diff or staged) else 0)


def _report(
    workspace: Workspace, note: str | None, since: str | None, as_of: str | None, *, as_json: bool
) -> str:
    if as_of is None:
        return report_changes(workspace, note, since, as_json=as_json)
    if note is not None or since is not None:
        raise ConfigError("--as-of is about all notes: it does not go with NOTE and --since")
    return held(workspace, as_of, as_json=as_json)
