"""`vaultsync publish`."""

from __future__ import annotations

import webbrowser
from typing import Any, NamedTuple

import click

from vaultsync.app.live_post import text_targets
from vaultsync.app.publish import Post, Publication, make_post, output_folder, publication
from vaultsync.blocks import format_count
from vaultsync.cli import live_post, shared
from vaultsync.cli.main import State
from vaultsync.core.errors import ConfigError
from vaultsync.publish import PAGE, TARGETS


class _LiveOptions(NamedTuple):
    """The options for a post on a site: a target, whether to compare, and a file to compare."""

    copy: str | None
    delta: bool
    compare: str | None

    def refuse_conflicts(self, **others: bool) -> None:
        """Raise `ConfigError` if options are given that do not go together."""
        own = {"copy": self.copy is not None, "delta": self.delta, "compare": self.compare}
        given = [name for name, is_given in {**own, **others}.items() if is_given]
        if len(given) > 1 and given[0] in own:
            raise ConfigError(f"--{given[0]} and --{given[1]} do not go together")

    def targets(self, named: tuple[str, ...]) -> tuple[str, ...]:
        """Return the targets to make, of those that are named or configured."""
        if self.copy is not None:
            return tuple(dict.fromkeys((*named, self.copy)))
        if self.compare is not None:
            return text_targets(named, "--compare")[:1]
        return text_targets(named, "--delta") if self.delta else named


@click.command(name="publish")
@click.option(
    "--target", "targets", multiple=True, type=click.Choice(list(TARGETS)), help="Only this target."
)
@click.option("--out", type=click.Path(file_okay=False), help="The folder to write to.")
@shared.check
@shared.diff
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
    live = _LiveOptions(**options)
    live.refuse_conflicts(check=check, diff=diff, open=show)
    workspace = state.open()
    folder = output_folder(workspace, out)
    wanted = live.targets(tuple(targets or workspace.config.publish.targets))
    post = make_post(workspace, wanted)
    if show and PAGE not in post.files:
        raise ConfigError("--open shows the page: publish the target `html` with it")
    if post.error_count:
        state.show(error_report(state, workspace.root, post))
        click.echo(f"{format_count(post.error_count, 'error')}: nothing was published")
        raise SystemExit(1)
    if live.delta:
        raise SystemExit(live_post.show_delta(state, workspace, post, folder, wanted))
    if live.compare is not None:
        raise SystemExit(live_post.show_hand_edits(state, workspace, post, wanted[0], live.compare))
    made = publication(workspace, folder, post, whole=not targets)
    changed = _settle(state, str(folder), made, check=check, diff=diff)
    if live.copy is not None:
        live_post.copy(state, post, folder, live.copy)
    # click.launch ignores BROWSER.
    if show and not (check or diff) and not webbrowser.open((folder / PAGE).as_uri()):
        state.note(f"no browser was found: open {folder / PAGE} in one")
    raise SystemExit(1 if changed and (check or diff) else 0)


def error_report(state: State, root: str, post: Post) -> str:
    """Return the errors of a post, those of the linter first."""
    errors = sorted((shared.shown_path(root, e.path), e.line, e.message) for e in post.errors)
    lines = [
        shared.error_line(state, f"{place}:{line}" if line else place, message)
        for place, line, message in errors
    ]
    return shared.findings_text(state, root, post.findings, post.context) + "".join(lines)


def _settle(state: State, root: str, made: Publication, *, check: bool, diff: bool) -> list[str]:
    """Write a publication, or with `check` or `diff` show what would change; return its paths."""
    for name in made.kept:
        state.note(f"kept {shared.shown_path(root, name)}: somebody changed it since it was made")
    if check and not state.quiet:
        for name in made.current:
            state.show(f"current {shared.shown_path(root, name)}\n")
    changed = shared.settle(state, root, made.outputs, check=check, diff=diff)
    shared.finish(changed, check=check, diff=diff)
    return changed
