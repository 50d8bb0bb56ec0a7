"""`vaultsync links`."""

from __future__ import annotations

import click
import msgspec

from vaultsync.app.links import ResolvedLink, resolve_links
from vaultsync.cli import shared
from vaultsync.cli.main import State
from vaultsync.core.text import printable


@click.command(name="links")
@click.argument("paths", nargs=-1, type=click.Path())
@shared.staged
@shared.output_format()
@click.pass_obj
def command(state: State, paths: tuple[str, ...], output_format: str, *, staged: bool) -> None:
    """List every link in the notes at PATHS, or in all notes, with the file it resolves to."""
    workspace = state.open(paths, staged=staged)
    links = resolve_links(paths, workspace)
    if output_format == "json":
        shared.show_json(state, "links", msgspec.to_builtins(links))
        return
    for link in links:
        place = f"{shared.shown_path(workspace.root, link.source)}:{link.line}:{link.column}:"
        start = f"{state.paint(printable(place), 'path')} {printable(link.text)}"
        state.show(f"{start} -> {_destination(state, link)}\n")
    external = sum(link.external for link in links)
    broken = sum(not link.external and not link.resolved for link in links)
    click.echo(f"{len(links)} links: {external} external, {broken} broken")


def _destination(state: State, link: ResolvedLink) -> str:
    if link.external:
        return "external"
    if not link.resolved:
        return state.paint("broken", "error")
    text = printable(f"{link.resolved}{link.subpath}")
    if link.subpath_found is False:
        text += f" ({state.paint('not in that note', 'warning')})"
    others = link.candidates[1:]
    return text + (f" (or {printable(', '.join(others))})" if others else "")
