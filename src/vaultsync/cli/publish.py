"""`vaultsync publish`."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from vaultsync import disk
from vaultsync.cli import options
from vaultsync.cli.linting.run import inspection
from vaultsync.cli.state import State, finish, settle, shown_path
from vaultsync.errors import ConfigError
from vaultsync.lint import engine, report
from vaultsync.lint.alone import told as told_alone
from vaultsync.lint.context import Context
from vaultsync.lint.formats import full
from vaultsync.output import Output, replaced
from vaultsync.publish import PAGE, TARGETS, Composition, published_paths, render
from vaultsync.workspace import Workspace


@click.command(name="publish")
@click.option(
    "--target", "targets", multiple=True, type=click.Choice(list(TARGETS)), help="Only this target."
)
@click.option("--out", type=click.Path(file_okay=False), help="The folder to write to.")
@options.check
@options.diff
@click.option("--open", "show", is_flag=True, help="Show the page in the browser.")
@click.pass_obj
def command(
    state: State,
    targets: tuple[str, ...],
    out: str | None,
    *,
    check: bool,
    diff: bool,
    show: bool,
) -> None:
    """Make the post out of the notes, for each target.

    Exit code 1: a note to be published has an error, and nothing is written; or with --check or
    --diff something changes.
    """
    workspace = state.open()
    selection = engine.select(workspace.config.lint)
    workspace.inspection = inspection(workspace, selection)
    folder = output_folder(workspace, out)
    wanted = targets or workspace.config.publish.targets
    files, compositions = render(workspace.vault, workspace.config, wanted, workspace.attachment)
    if show and PAGE not in files:
        raise ConfigError("--open shows the page: publish the target `html` with it")
    if _report_errors(state, workspace, selection, compositions):
        raise SystemExit(1)
    outputs = [_output(folder, name, data) for name, data in files.items()]
    changed = settle(
        state, str(folder), [output for output in outputs if output], check=check, diff=diff
    )
    finish(changed, check=check, diff=diff)
    if show and not (check or diff):
        _show(state, folder / PAGE)
    raise SystemExit(1 if changed and (check or diff) else 0)


def _show(state: State, page: Path) -> None:
    # click.launch knows nothing of BROWSER.
    if not webbrowser.open(page.as_uri()):
        state.note(f"no browser was found: open {page} in one")


def _report_errors(
    state: State,
    workspace: Workspace,
    selection: engine.Selection,
    compositions: tuple[Composition, ...],
) -> bool:
    """Print the errors in the notes to be published and say whether there are any."""
    alone = told_alone(workspace.vault.documents, workspace.answers)
    context = Context(workspace.vault, workspace.config, alone=alone)
    found = engine.check(context, selection, published_paths(compositions))
    errors = [diagnostic for diagnostic in found if diagnostic.severity == "error"]
    items = report.shown(errors, context, lambda path: shown_path(workspace.root, path))
    state.show(full(items, state.paint))
    told = {(item.diagnostic.path, item.start[0]) for item in items}
    problems = {
        (shown_path(workspace.root, problem.path), problem.line, problem.message)
        for composition in compositions
        for problem in composition.problems
    }
    # The linter may have told of the same line, as of a link that leads nowhere.
    problems = {problem for problem in problems if problem[:2] not in told}
    for place, line, message in sorted(problems):
        where = f"{place}:{line}" if line else place
        state.show(f"{where}: {state.paint('error', 'error')} {message}\n")
    count = len(errors) + len(problems)
    if count:
        click.echo(f"{count} error{'' if count == 1 else 's'}: nothing was published")
    return count > 0


def output_folder(workspace: Workspace, named: str | None) -> Path:
    """Return the folder to publish to: `public` beside a vault that is a subfolder.

    Inside a vault the folder must begin with a dot, since Obsidian would read it as notes.
    """
    root = Path(workspace.root)
    if named is not None:
        folder = Path(named).resolve()
    elif workspace.config.publish.out:
        folder = (root / workspace.config.publish.out).resolve()
    else:
        top = Path(workspace.repository.root) if workspace.repository else Path.cwd()
        inside = top.resolve().is_relative_to(root)
        folder = root / ".public" if inside else root.parent / "public"
    if folder.is_relative_to(root) and not _hidden(folder.relative_to(root)):
        raise ConfigError(
            f"{folder}: an output folder inside the vault must begin with a dot, or Obsidian "
            "would read what is published as notes"
        )
    return folder


def _hidden(folder: Path) -> bool:
    return any(part.startswith(".") for part in folder.parts)


def _output(folder: Path, name: str, data: bytes) -> Output | None:
    return replaced(name, disk.read_optional(str(folder / name)), data)
