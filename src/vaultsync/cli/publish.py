"""`vaultsync publish`."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Any

import click

from vaultsync.app.publish.post import Post, make_post
from vaultsync.app.publish.publication import Publication
from vaultsync.app.workspace import Workspace
from vaultsync.blocks import counted
from vaultsync.cli import options
from vaultsync.cli.published import Living, copy, show_delta, show_hand_edits
from vaultsync.cli.state import State, finish, settle, shown_path
from vaultsync.core.errors import ConfigError
from vaultsync.publish import PAGE, TARGETS


@click.command(name="publish")
@click.option(
    "--target", "targets", multiple=True, type=click.Choice(list(TARGETS)), help="Only this target."
)
@click.option("--out", type=click.Path(file_okay=False), help="The folder to write to.")
@options.check
@options.diff
@click.option("--open", "show", is_flag=True, help="Show the page in the browser.")
@click.option(
    "--copy", type=click.Choice(list(TARGETS)), help="Put this target on the clipboard too."
)
@click.option("--delta", is_flag=True, help="Show what changed since the last --copy; exit 1.")
@click.option(
    "--compare",
    metavar="FILE",
    type=click.Path(),
    help="Show hand edits in a saved copy of the post; exit 1.",
)
@click.pass_obj
def command(
    state: State,
    /,
    targets: tuple[str, ...],
    out: str | None,
    *,
    check: bool,
    diff: bool,
    show: bool,
    **options: Any,
) -> None:
    """Make the post out of the notes, for each target.

    With --delta and --compare nothing is written. FILE is HTML saved from a browser, or Markdown.

    Exit code 1: a note to be published has an error, and nothing is written; or with --check,
    --diff, --delta or --compare something differs.
    """
    living = Living(**options)
    living.refuse(check=check, diff=diff, open=show)
    workspace = state.open()
    folder = output_folder(workspace, out)
    wanted = living.wanted(targets, workspace.config.publish.targets)
    post = make_post(state, workspace, wanted)
    if show and PAGE not in post.files:
        raise ConfigError("--open shows the page: publish the target `html` with it")
    _refuse_errors(state, post)
    if living.compare is not None:
        raise SystemExit(show_hand_edits(state, workspace, post, wanted[0], living.compare))
    if living.delta:
        raise SystemExit(show_delta(state, workspace, post, folder, wanted))
    made = Publication(workspace, folder, post.files, post.inputs, whole=not targets)
    changed = _settled(state, made, check=check, diff=diff)
    if living.copy is not None:
        copy(state, post, folder, living.copy)
    if show and not (check or diff):
        _show(state, folder / PAGE)
    raise SystemExit(1 if changed and (check or diff) else 0)


def _refuse_errors(state: State, post: Post) -> None:
    if post.errors:
        state.show(post.report)
        click.echo(f"{counted(post.errors, 'error')}: nothing was published")
        raise SystemExit(1)


def _settled(state: State, made: Publication, *, check: bool, diff: bool) -> list[str]:
    """Write a publication, or with `check` or `diff` say what would change; return its paths."""
    folder, outputs = str(made.folder), made.outputs
    for name in made.kept:
        state.note(f"kept {shown_path(folder, name)}: somebody changed it since it was made")
    if check and not state.quiet:
        stale = {output.path for output in outputs}
        for name in sorted(made.files.keys() - stale):
            state.show(f"current {shown_path(folder, name)}\n")
    changed = settle(state, folder, outputs, check=check, diff=diff)
    finish(changed, check=check, diff=diff)
    return changed


def _show(state: State, page: Path) -> None:
    # click.launch knows nothing of BROWSER.
    if not webbrowser.open(page.as_uri()):
        state.note(f"no browser was found: open {page} in one")


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
