"""`vaultsync lint`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from vaultsync.app.lint.options import Request
from vaultsync.cli import complete, options
from vaultsync.cli.state import State
from vaultsync.cli.unchanged import Answer, answer, tell
from vaultsync.lint.formats import NAMES

if TYPE_CHECKING:
    from vaultsync.app.workspace import Workspace

_rules = partial(click.option, multiple=True, metavar="RULES", shell_complete=complete.rules)


@click.command(name="lint")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--fix", is_flag=True, help="Apply the safe fixes.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: the unsafe ones too.")
@options.diff
@options.staged
@click.option("--since", metavar="REV", help="Report what is due to changes since REV.")
@_rules("--select", help="Run these rules only.")
@_rules("--ignore", help="Do not run these rules.")
@click.option("--baseline", metavar="FILE", help="Do not report the findings in FILE.")
@click.option("--no-baseline", is_flag=True, help="Report those in `lint.baseline` too.")
@click.option("--write-baseline", is_flag=True, help="Write all findings to the baseline.")
@click.option("--statistics", is_flag=True, help="Show how often each rule is broken.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--output-format", type=click.Choice(NAMES), default="full", help="The form.")
@click.option("--no-cache", is_flag=True, help="Read every note, and keep nothing for later runs.")
@click.pass_obj
def command(state: State, /, **asked: Any) -> None:
    """Check the notes at PATHS, or all notes.

    With --staged or --since, what a commit or change is answerable for: all that is wrong in notes
    that it adds, changes or renames, and what it breaks in others. --staged compares the git index
    with HEAD, or with REV; --since alone compares the files on disk with REV, a commit, or A...B,
    the merge base of two. If vaultsync.toml changes, all findings count.

    RULES are codes, prefixes of codes or names, with commas between them. Exit code 1: errors.
    """
    request = Request(**asked)
    request.refuse_contradictions()
    if request.repeatable:
        answer(state, request, partial(_lint, state, request))
    workspace = state.open(staged=request.staged, since=request.since)
    workspace.cached = not request.no_cache
    # Where stdout is a diff, that alone stands there.
    raise SystemExit(tell(state, _lint(state, request)(workspace), err=request.diff))


def _lint(state: State, request: Request) -> Callable[[Workspace], Answer]:
    from vaultsync.app.lint.run import run

    return partial(run, state, request)
