"""`vaultsync sources`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from vaultsync.app.sources import Cited, Lookups, look_up_sources, read_sources, with_copies
from vaultsync.blocks.context import format_count
from vaultsync.cli import shared
from vaultsync.cli.main import Progress, State
from vaultsync.core.errors import ConfigError
from vaultsync.core.text import printable
from vaultsync.notes.source_lock import SourceRecord

if TYPE_CHECKING:
    from vaultsync.lint.formats import Style


@click.command(name="sources")
@click.option("--online", is_flag=True, help="Look the sources up, and write `sources.lock`.")
@click.option("--fix", is_flag=True, help="With --online: cite copies of dead sources.")
@shared.check
@shared.diff
@click.option("--private", is_flag=True, help="Look up sources on private hosts, too.")
@click.option("--no-cache", is_flag=True, help="Look up also what was found in the last day.")
@shared.output_format()
@click.pass_obj
def command(  # noqa: PLR0913
    state: State,
    *,
    online: bool,
    fix: bool,
    check: bool,
    diff: bool,
    private: bool,
    no_cache: bool,
    output_format: str,
) -> None:
    """List the sources that notes cite, and what is known of each.

    With --online they are looked up: preprints at arXiv, DOIs at doi.org and Crossref, others at
    their pages. The result is in `sources.lock`, which all other commands read without a network.
    What could not be looked up stays as it was known. A run that is ended continues with the next.
    With --fix, sources that are gone get the address of the Wayback Machine's copy.

    Exit code 1: with --check or --diff something changes.
    """
    workspace = state.open(cached=not no_cache)
    progress = Progress("looking up sources")
    if fix and not online:
        raise ConfigError("--fix looks up copies of dead sources: it needs --online")
    if online:
        found = look_up_sources(workspace, progress, private=private)
    else:
        found = read_sources(workspace)
    if fix:
        found = with_copies(workspace, found)
    if output_format == "json":
        shared.show_json(state, "sources", [_row(found, one) for one in found.cited])
    else:
        state.show("".join(_line(state, found, one) for one in found.cited))
    changed = shared.settle(state, workspace.root, found.outputs, check=check, diff=diff)
    click.echo(_summary(found), err=output_format == "json")
    raise SystemExit(1 if changed and (check or diff) else 0)


def _line(state: State, found: Lookups, cited: Cited) -> str:
    record = found.lock.get(cited.id)
    shown = record.state if record else "not looked up"
    level: Style = "dim" if shown == "ok" else "error" if record and record.is_gone else "warning"
    since = f" since {record.since}" if record and record.state not in {"ok", "unknown"} else ""
    reason = _reason(found, record) if shown != "ok" or cited.id in found.unknown else ""
    count = format_count(len({path for path, _ in cited.by}), "note")
    text = f" {cited.url} {cited.title} ({count}){f': {reason}' if reason else ''}"
    return f"{state.paint(f'{shown}{since}', level)}{printable(text)}\n"


def _reason(found: Lookups, record: SourceRecord | None) -> str:
    if record is None:
        return ""
    return found.unknown.get(record.id) or record.reason


def _row(found: Lookups, cited: Cited) -> dict[str, object]:
    record = found.lock.get(cited.id) or SourceRecord(cited.id)
    notes = [{"path": path, "role": role} for path, role in cited.by]
    row = {"url": cited.url, "cited_by": notes, "failure": found.unknown.get(cited.id)}
    names = ("id", "state", "since", "reason", "version", "title", "authors", "year")
    return {**{name: getattr(record, name) for name in names}, **row}


def _summary(found: Lookups) -> str:
    """Return how many sources there are, and how many are in each state that is not "ok"."""
    states = [one.state for one in found.lock.values() if one.id in {c.id for c in found.cited}]
    counts = {name: states.count(name) for name in dict.fromkeys(states) if name != "ok"}
    missing = len(found.cited) - len(states)
    parts = [f"{count} {name}" for name, count in counts.items()]
    parts += [f"{missing} not looked up"] if missing else []
    parts += [f"{len(found.unknown)} not reached"] if found.unknown else []
    count = format_count(len(found.cited), "source")
    return f"{count}: {', '.join(parts) or 'all ok'}" if found.cited else count
