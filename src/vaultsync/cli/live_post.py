"""Print the results of `vaultsync publish` with `--copy`, `--delta` and `--compare`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from vaultsync.app import live_post
from vaultsync.app.publish import Post
from vaultsync.app.workspace import Workspace
from vaultsync.blocks import format_count
from vaultsync.changelog.wording import rewordings
from vaultsync.cli.main import State
from vaultsync.cli.shared import coloured
from vaultsync.publish.compare import Difference

# So many first words of a text block identify it.
_FEW = 8


def copy(state: State, post: Post, folder: Path, target: str) -> None:
    """Put a target's file on the clipboard."""
    file, tool, form = live_post.copy(post, folder, target)
    state.note(f"{tool} has {file} on the clipboard, as {form}")


def show_delta(
    state: State, workspace: Workspace, post: Post, folder: Path, targets: Sequence[str]
) -> int:
    """Print what changed since a target was copied last, or written; return the exit code."""
    delta = live_post.delta(workspace, post, folder, targets)
    if not delta.differences:
        click.echo(f"{delta.file}: nothing changed {delta.since}")
        return 0
    state.show(f"{delta.file}: what changed {delta.since}\n\n")
    for one, title in delta.differences:
        state.show(coloured(state, "\n".join(_step(one, title)) + "\n\n"))
    click.echo(f"For the version history: {delta.version}")
    return 1


def show_hand_edits(state: State, workspace: Workspace, post: Post, target: str, path: str) -> int:
    """Print what differs in a saved copy of the post; return the exit code."""
    file, edits = live_post.compare(workspace, post, target, path)
    for one, title in edits:
        state.show(coloured(state, "\n".join(_edit(one, title)) + "\n\n"))
    count = format_count(len(edits), "hand edit") if edits else "no hand edits"
    click.echo(f"{path}: {count}, compared with {file}")
    return 1 if edits else 0


def _step(one: Difference, title: str) -> Iterator[str]:
    where = f" behind “{_start(one.behind)}”" if one.behind else ""
    yield _heading(one, title, _verb(one, "replace", "add", "take out") + where)
    yield from (f"- {line}" for line in one.before.split("\n") if line)
    yield from (f"+ {line}" for line in one.after.split("\n") if line)


def _edit(one: Difference, title: str) -> Iterator[str]:
    yield _heading(one, title, _verb(one, "reworded", "added", "taken out"))
    if one.before and one.after:
        for words in rewordings(one.before, one.after):
            yield f"- {words.before}"
            yield f"+ {words.after}"
    else:
        yield f"+ {one.after}" if one.after else f"- {one.before}"


def _verb(one: Difference, replace: str, add: str, remove: str) -> str:
    return replace if one.before and one.after else add if one.after else remove


def _heading(one: Difference, title: str, verb: str) -> str:
    return f"{one.place or 'Beginning'}: {verb}{f' ({title})' if title else ''}"


def _start(text: str) -> str:
    words = text.split()
    return " ".join(words[:_FEW]) + ("…" if len(words) > _FEW else "")
