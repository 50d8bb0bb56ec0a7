"""Print the results of `vaultsync publish` with `--copy`, `--delta` and `--compare`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from vaultsync.app import live_post
from vaultsync.app.live_post import TitledDifference
from vaultsync.app.publish import Post
from vaultsync.app.workspace import Workspace
from vaultsync.blocks.context import format_count
from vaultsync.changelog.wording import rewordings
from vaultsync.cli.state import State, coloured

# So many first words of a text block identify it.
_FEW = 8


def copy(state: State, post: Post, folder: Path, target: str) -> None:
    """Put a target's file on the clipboard."""
    copied = live_post.copy(post, folder, target)
    form = "HTML" if copied.is_html else "text"
    state.note(f"{copied.tool} has {copied.file} on the clipboard, as {form}")


def show_delta(
    state: State, workspace: Workspace, post: Post, folder: Path, targets: Sequence[str]
) -> int:
    """Print what changed since a target was copied last, or written; return the exit code."""
    delta = live_post.delta(workspace, post, folder, targets)
    if not delta.differences:
        click.echo(f"{delta.file}: nothing changed {delta.since}")
        return 0
    state.show(f"{delta.file}: what changed {delta.since}\n\n")
    for one in delta.differences:
        state.show(coloured(state, "\n".join(_step(one)) + "\n\n"))
    click.echo(f"For the version history: {delta.version}")
    return 1


def show_hand_edits(
    state: State, workspace: Workspace, post: Post, targets: Sequence[str], path: str
) -> int:
    """Print what differs in a saved copy of the post; return the exit code."""
    edits = live_post.compare(workspace, post, targets[0], path)
    for one in edits.differences:
        state.show(coloured(state, "\n".join(_edit(one)) + "\n\n"))
    number = len(edits.differences)
    count = format_count(number, "hand edit") if number else "no hand edits"
    click.echo(f"{path}: {count}, compared with {edits.file}")
    return 1 if number else 0


def _step(titled: TitledDifference) -> Iterator[str]:
    one = titled.difference
    verb = "replace" if one.before and one.after else "add" if one.after else "take out"
    where = f" behind “{_start(one.behind)}”" if one.behind else ""
    yield _heading(titled, f"{verb}{where}")
    yield from (f"- {line}" for line in one.before.split("\n") if line)
    yield from (f"+ {line}" for line in one.after.split("\n") if line)


def _edit(titled: TitledDifference) -> Iterator[str]:
    one = titled.difference
    verb = "reworded" if one.before and one.after else "added" if one.after else "taken out"
    yield _heading(titled, verb)
    if one.before and one.after:
        for words in rewordings(one.before, one.after):
            yield f"- {words.before}"
            yield f"+ {words.after}"
    else:
        yield f"+ {one.after}" if one.after else f"- {one.before}"


def _heading(titled: TitledDifference, verb: str) -> str:
    title = f" ({titled.title})" if titled.title else ""
    return f"{titled.difference.place or 'Beginning'}: {verb}{title}"


def _start(text: str) -> str:
    words = text.split()
    return " ".join(words[:_FEW]) + ("…" if len(words) > _FEW else "")
