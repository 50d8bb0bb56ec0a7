"""The baseline that `vaultsync lint` reads or writes."""

from __future__ import annotations

import os
from pathlib import Path

import click

from vaultsync.app.lint.options import Request
from vaultsync.app.workspace import Workspace
from vaultsync.blocks import counted
from vaultsync.cli.state import State, finish, settle
from vaultsync.core.errors import VaultError
from vaultsync.core.output import replaced
from vaultsync.infra import worktree
from vaultsync.lint.baseline import Baseline, written
from vaultsync.lint.engine import Diagnostic, known


def read(workspace: Workspace, request: Request) -> Baseline | None:
    """Return the baseline that counts in this run; None where there is none, or it is written."""
    path = _path(workspace, request)
    if not path or request.no_baseline or request.write_baseline:
        return None
    return workspace.baseline(path)


def _path(workspace: Workspace, request: Request) -> str:
    """Return where the baseline is, relative to the vault: as the option says, or the settings.

    Raises `VaultError` where that is outside the vault and its repository.
    """
    path = workspace.config.lint.baseline
    if request.baseline is not None:
        named = Path(request.baseline).absolute()
        place = named.parent.resolve() / named.name
        path = os.path.relpath(place, workspace.root).replace(os.sep, "/")
    if path and workspace.from_top(path).startswith("../"):
        # A report could not name it.
        said = request.baseline or path
        raise VaultError(f"{said}: lies neither in the vault nor in its repository")
    return path


def write(state: State, workspace: Workspace, request: Request, found: list[Diagnostic]) -> int:
    """Write what is found in notes to the baseline, or show the difference; return the exit code.

    Raises `click.UsageError` where nothing says which file it is.
    """
    path = _path(workspace, request)
    if not path:
        raise click.UsageError(
            "--write-baseline needs a file: name it with --baseline FILE, or as `lint.baseline` "
            "in vaultsync.toml"
        )
    counts = known(diagnostic for diagnostic in found if diagnostic.path in workspace.vault.files)
    # It may lie outside the vault, as at the top of a repository.
    file = Path(workspace.root, path)
    output = replaced(file.name, worktree.read_optional(str(file)), written(counts))
    outputs = [output] if output else []
    changed = settle(state, str(file.parent), outputs, check=False, diff=request.diff)
    if request.diff:
        finish(changed, check=False, diff=True)
        return 1 if changed else 0
    click.echo(f"{counted(counts.total(), 'finding')} known from now on")
    return 0
