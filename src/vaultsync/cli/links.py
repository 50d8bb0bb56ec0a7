"""`vaultsync links`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from vaultsync.app.workspace import Workspace
from vaultsync.cli import options
from vaultsync.cli.state import State, shown_path
from vaultsync.core.model import Document, Link
from vaultsync.core.text import Lines
from vaultsync.notes.link_index import Index, has_subpath


@click.command(name="links")
@click.argument("paths", nargs=-1, type=click.Path())
@options.staged
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", help="Form.")
@click.pass_obj
def command(state: State, paths: tuple[str, ...], output_format: str, *, staged: bool) -> None:
    """Show every link in the notes at PATHS, or in all notes, and what it resolves to."""
    workspace = state.open(staged=staged)
    wanted = workspace.select(paths, str(Path.cwd()))
    rows = list(_rows(workspace, wanted))
    if output_format == "json":
        state.show(json.dumps({"version": 1, "links": rows}, ensure_ascii=False, indent=2) + "\n")
        return
    for row in rows:
        place = f"{shown_path(workspace.root, row['source'])}:{row['line']}:{row['column']}:"
        state.show(f"{state.paint(place, 'path')} {row['text']} -> {_answer(state, row)}\n")
    click.echo(_summary(rows))


def _rows(workspace: Workspace, wanted: list[str] | None) -> Iterator[dict[str, Any]]:
    documents = workspace.vault.documents
    for path in sorted(documents if wanted is None else wanted):
        lines = Lines(documents[path].text)
        for link in documents[path].links:
            yield _row(workspace, documents[path], link, lines)


def _row(workspace: Workspace, document: Document, link: Link, lines: Lines) -> dict[str, Any]:
    line, column = lines.position(link.start)
    index: Index = workspace.context.index
    found = () if link.external else index.resolve(link.target, document.path)
    target = workspace.vault.documents.get(found[0]) if found else None
    known = bool(link.subpath) and target is not None
    return {
        "source": document.path,
        "line": line,
        "column": column,
        "kind": link.kind,
        "text": link.span.of(document.text),
        "target": link.target,
        "subpath": link.subpath,
        "resolved": found[0] if found else None,
        "subpath_found": has_subpath(target, link.subpath) if known and target else None,
        "external": link.external,
        "candidates": list(found),
    }


def _answer(state: State, row: dict[str, Any]) -> str:
    if row["external"]:
        return "external"
    if not row["resolved"]:
        return state.paint("broken", "error")
    said = f"{row['resolved']}{row['subpath']}"
    if row["subpath_found"] is False:
        said += f" ({state.paint('not in that note', 'warning')})"
    others = row["candidates"][1:]
    return said + (f" (or {', '.join(others)})" if others else "")


def _summary(rows: list[dict[str, Any]]) -> str:
    external = sum(row["external"] for row in rows)
    broken = sum(not row["external"] and not row["resolved"] for row in rows)
    return f"{len(rows)} links: {external} external, {broken} broken"
