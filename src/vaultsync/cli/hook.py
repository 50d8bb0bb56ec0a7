"""`vaultsync hook`."""

from __future__ import annotations

import os
import shlex

import click

from vaultsync.app import hook
from vaultsync.cli import shared
from vaultsync.cli.lint import Request, report_text
from vaultsync.cli.main import State
from vaultsync.infra import git


@click.command(name="hook")
@click.option("--add", is_flag=True, help="Stage what is written; in git's own hook only.")
@click.pass_obj
def command(state: State, *, add: bool) -> None:
    """Refresh the lists and the changelog of what is staged, and check it as lint does.

    With --add, in the hook that `vaultsync init --hook` makes, what it writes is in the commit, and
    with errors it writes nothing. Elsewhere, as under pre-commit, it writes on disk and stops, so
    that you stage it. Where nothing is being committed, all that is staged is checked.

    Exit code 1: errors, or something was written that the commit does not have.
    """
    workspace = hook.open_index(state.open(staged=True))
    if workspace is None:
        click.echo("no note is affected: nothing to check")
        return
    if workspace.cache.is_cold:
        state.note("first run here: it reads every note, later runs only those that change")
    check = hook.check_commit(workspace)
    request = Request(staged=True)
    failed = any(one.severity in request.failing for one in check.linted.findings)
    if check.indexed.failed and not failed:
        failed = True
        for path, line, message in check.indexed.errors:
            place = f"{shared.shown_path(workspace.root, path)}:{line}"
            state.show(shared.error_line(state, place, message))
    state.show(report_text(state, request, check.linted, check.completed))
    # Pre-commit has put aside what is not staged, and puts it back as a patch of the old lines.
    if add and check.repository.index is not None and "PRE_COMMIT" not in os.environ:
        raise SystemExit(1 if failed else _add(state, check))
    stopped = _write(state, check)
    raise SystemExit(int(failed or stopped))


def _add(state: State, check: hook.CommitCheck) -> int:
    """Write and stage what the commit needs; return the exit code."""
    hook.refuse_staging(check)
    shared.settle(state, check.workspace.root, hook.written(check))
    hook.stage(check)
    if check.outputs and git.merging(check.repository):
        # Git has made the tree of the merge already.
        state.show("staged what changed: `git commit` completes the merge\n")
        return 1
    return 0


def _write(state: State, check: hook.CommitCheck) -> bool:
    """Write what the commit needs; return whether there is something to stage."""
    shared.settle(state, check.workspace.root, hook.written(check))
    paths = [shared.shown_path(check.workspace.root, one.path) for one in check.outputs]
    if paths:
        state.show(f"then stage what changed: git add {shlex.join(paths)}\n")
    return bool(paths)
