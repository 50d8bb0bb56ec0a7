"""`vaultsync related`."""

from __future__ import annotations

import click
import msgspec

from vaultsync.app import related
from vaultsync.app.workspace import Workspace
from vaultsync.blocks.context import format_count
from vaultsync.cli import shared
from vaultsync.cli.main import State
from vaultsync.core.errors import ConfigError, VaultError
from vaultsync.core.text import printable
from vaultsync.related.suggest import Suggestion


@click.command(name="related")
@click.argument("note", required=False, type=click.Path())
@click.option("-n", "--count", type=click.IntRange(1), default=10, help="How many; default: 10.")
@click.option(
    "--dismiss", metavar="OTHER", type=click.Path(), help="Never suggest this note again."
)
@click.option("--reason", metavar="TEXT", default="", help="Why it is dismissed.")
@shared.output_format()
@click.pass_obj
def command(
    state: State, note: str | None, count: int, dismiss: str | None, reason: str, output_format: str
) -> None:
    """List notes that are not linked with NOTE and perhaps should be, each with the reasons.

    Without NOTE: the best such pairs of the vault.
    """
    if reason and not dismiss:
        raise ConfigError("--reason needs --dismiss OTHER")
    workspace = state.open([note] if note else [])
    path = _path(workspace, note) if note else None
    if dismiss:
        if path is None:
            raise ConfigError("--dismiss needs two notes: vaultsync related NOTE --dismiss OTHER")
        outputs = related.dismiss(workspace, (path, _path(workspace, dismiss)), reason)
        shared.settle(state, workspace.root, outputs)
        return
    found = _found(workspace, path, count) if path else related.best_pairs(workspace, count)
    if output_format == "json":
        shared.show_json(state, "suggestions", msgspec.to_builtins(found))
        return
    for one in found:
        state.show(_text(state, workspace, one, alone=path is not None))
    click.echo(format_count(len(found), "suggestion"))


def _found(workspace: Workspace, path: str, count: int) -> list[Suggestion]:
    search = related.search(workspace)
    if path not in search.model.facts:
        raise VaultError(f"{path}: it is not compared: it has no type, is private or unreadable")
    return search.of(path, count)


def _path(workspace: Workspace, note: str) -> str:
    found = workspace.select([note]) or []
    if len(found) != 1:
        raise VaultError(f"{note}: it is not one note")
    return found[0]


def _text(state: State, workspace: Workspace, one: Suggestion, *, alone: bool) -> str:
    paths = [one.other] if alone else [one.one, one.other]
    names = [printable(shared.shown_path(workspace.root, path)) for path in paths]
    first = f"{' and '.join(state.paint(name, 'path') for name in names)}: {one.score:.2f}\n"
    return first + "".join(f"  {printable(reason.text)}\n" for reason in one.reasons)
