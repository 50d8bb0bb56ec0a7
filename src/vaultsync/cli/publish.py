"""`vaultsync publish`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from vaultsync.app.publish import Post, Publication, make_post, output_folder, publication
from vaultsync.app.workspace import Workspace
from vaultsync.blocks.context import format_count
from vaultsync.cli import shared
from vaultsync.cli.main import State
from vaultsync.core.errors import ConfigError
from vaultsync.core.text import printable, printable_lines
from vaultsync.publish import PAGE, TARGETS

if TYPE_CHECKING:
    from vaultsync.publish.compare import Difference

# So many first words of a text block identify it.
_FEW = 8
_TARGET = click.Choice(list(TARGETS))


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
        if not self.delta and self.compare is None:
            return named
        # What compares is imported only where something is compared.
        from vaultsync.app.live_post import text_targets

        texts = text_targets(named, "--delta" if self.delta else "--compare")
        return texts if self.delta else texts[:1]


@click.command(name="publish")
@click.option("--target", "targets", multiple=True, type=_TARGET, help="Only this target.")
@click.option("--out", type=click.Path(file_okay=False), help="The folder to write to.")
@shared.check
@shared.diff
@click.option("--open", "show", is_flag=True, help="Show the page in the browser.")
@click.option("--copy", type=_TARGET, help="Put this target on the clipboard too.")
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
    _refuse_errors(state, workspace.root, post)
    if live.delta:
        raise SystemExit(_show_delta(state, workspace, post, folder, wanted))
    if live.compare is not None:
        raise SystemExit(_show_hand_edits(state, workspace, post, wanted[0], live.compare))
    made = publication(workspace, folder, post, whole=not targets)
    changed = _settle(state, str(folder), made, check=check, diff=diff)
    if live.copy is not None:
        _copy(state, post, folder, live.copy)
    if show and not (check or diff):
        _open(state, folder)
    raise SystemExit(1 if changed and (check or diff) else 0)


def _refuse_errors(state: State, root: str, post: Post) -> None:
    """Show the errors in what would be published, and exit."""
    if post.error_count:
        state.show(error_report(state, root, post))
        click.echo(f"{format_count(post.error_count, 'error')}: nothing was published")
        raise SystemExit(1)


def _open(state: State, folder: Path) -> None:
    # It is slow to import, and click.launch ignores BROWSER.
    import webbrowser

    if not webbrowser.open((folder / PAGE).as_uri()):
        state.note(f"no browser was found: open {folder / PAGE} in one")


def _copy(state: State, post: Post, folder: Path, target: str) -> None:
    from vaultsync.app import live_post

    file, tool, form = live_post.copy(post, folder, target)
    state.note(f"{tool} has {file} on the clipboard, as {form}")


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
            state.show(f"current {printable(shared.shown_path(root, name))}\n")
    changed = shared.settle(state, root, made.outputs, check=check, diff=diff)
    shared.finish(changed, check=check, diff=diff)
    return changed


def _show_delta(
    state: State, workspace: Workspace, post: Post, folder: Path, targets: Sequence[str]
) -> int:
    """Print what changed since a target was copied last, or written; return the exit code."""
    from vaultsync.app import live_post

    delta = live_post.delta(workspace, post, folder, targets)
    if not delta.differences:
        click.echo(f"{delta.file}: nothing changed {delta.since}")
        return 0
    state.show(f"{delta.file}: what changed {delta.since}\n\n")
    for one, title in delta.differences:
        _show_lines(state, _step(one, title))
    click.echo(f"For the version history: {printable(delta.version)}")
    return 1


def _show_hand_edits(state: State, workspace: Workspace, post: Post, target: str, path: str) -> int:
    """Print what differs in a saved copy of the post; return the exit code."""
    from vaultsync.app import live_post

    file, edits = live_post.compare(workspace, post, target, path)
    for one, title in edits:
        _show_lines(state, _edit(one, title))
    count = format_count(len(edits), "hand edit") if edits else "no hand edits"
    click.echo(f"{path}: {count}, compared with {file}")
    return 1 if edits else 0


def _show_lines(state: State, lines: Iterator[str]) -> None:
    text = printable_lines("\n".join(lines))
    state.show(shared.coloured(state, f"{text}\n\n"))


def _step(one: Difference, title: str) -> Iterator[str]:
    where = f" behind “{_start(one.behind)}”" if one.behind else ""
    yield _heading(one, title, _verb(one, "replace", "add", "take out") + where)
    yield from (f"- {line}" for line in one.before.split("\n") if line)
    yield from (f"+ {line}" for line in one.after.split("\n") if line)


def _edit(one: Difference, title: str) -> Iterator[str]:
    from vaultsync.changelog.wording import rewordings

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
