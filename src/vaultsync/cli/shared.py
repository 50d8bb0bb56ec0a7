"""What commands share: options, completions of their values, and how results are printed."""

from __future__ import annotations

import functools
import json
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from vaultsync.cli.main import State
from vaultsync.core.errors import VaultsyncError
from vaultsync.core.output import Output, unified_diff
from vaultsync.core.text import escape_controls, printable
from vaultsync.infra import worktree

if TYPE_CHECKING:
    from vaultsync.app.workspace import Workspace
    from vaultsync.blocks.fill import Origin
    from vaultsync.lint.context import Context
    from vaultsync.lint.rule import Diagnostic

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_flag = functools.partial(click.option, is_flag=True)
check: Decorator = _flag("--check", help="Write nothing; exit 1 if something would change.")
diff: Decorator = _flag("--diff", help="Write nothing; show what would change and exit 1.")
staged: Decorator = _flag("--staged", help="Read the notes from the git index, not from disk.")


def output_format(
    explanation: str = "The output format.", default: str | None = "text"
) -> Decorator:
    """Return the option for the form of what is printed."""
    forms = click.Choice(["text", "json"])
    return click.option("--output-format", type=forms, default=default, help=explanation)


def complete_type(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Return the types of the vault that the command line names; without a vault an empty list."""
    from vaultsync.app.workspace import Workspace

    try:
        known = Workspace(ctx.obj.root()).config.types
    except VaultsyncError:
        return []
    return [name for name in known if name.startswith(incomplete) and name.isprintable()]


def complete_rules(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return codes and names of rules for the last of several words with commas between them."""
    from vaultsync.lint.rules import RULES

    before, comma, word = incomplete.rpartition(",")
    words = [(rule.code, rule.name) for rule in RULES] + [(rule.name, rule.code) for rule in RULES]
    return [
        CompletionItem(f"{before}{comma}{text}", help=other)
        for text, other in words
        if text.lower().startswith(word.lower())
    ]


def show_json(state: State, name: str, rows: Sequence[Any]) -> None:
    """Print rows as JSON, version 1."""
    text = json.dumps({"version": 1, name: rows}, ensure_ascii=False, indent=2)
    state.show(f"{escape_controls(text)}\n")


def findings_text(state: State, root: str, found: list[Diagnostic], context: Context) -> str:
    """Return findings in full, with paths as the user would name them."""
    from vaultsync.lint import report
    from vaultsync.lint.formats import full

    return full(report.shown(found, context, path_names(root)), state.paint)


def error_line(state: State, place: str, message: str) -> str:
    """Return the line of an error that is not a finding."""
    return f"{printable(place)}: {state.paint('error', 'error')} {printable(message)}\n"


def shown_path(root: str, path: str) -> str:
    """Return a path of the vault as the user would name it from the working folder."""
    return path_names(root)(path)


def path_names(root: str) -> Callable[[str], str]:
    """Return what names paths of the vault as the user would from the working folder."""
    above = _shown_root(root, os.getcwd())  # noqa: PTH109

    def name(path: str) -> str:
        # A path for each of thousands of findings: an object for it would take twice the time.
        if above == ".":
            shown = path
        elif above.strip(f".{os.sep}"):
            shown = f"{above}/{path}"
        else:
            # From inside the vault a path leads up and down again.
            shown = os.path.relpath(f"{root}/{path}")
        named = shown.replace(os.sep, "/")
        # A line that begins so is a command to a runner of GitHub.
        return f"./{named}" if named.lstrip().startswith("::") else named

    return name


@functools.lru_cache(maxsize=1)
def _shown_root(root: str, here: str) -> str:
    try:
        return os.path.relpath(root, here)
    except ValueError:
        # On another drive of Windows.
        return root


def settle(
    state: State, root: str, outputs: Iterable[Output], *, check: bool = False, diff: bool = False
) -> list[str]:
    """Write outputs, or with `check` or `diff` only show what would change.

    Returns the paths, as the user names them, that were or would be changed.
    """
    named = [(shown_path(root, output.path), output) for output in outputs]
    if not check and not diff:
        worktree.write(root, [output for _, output in named])
    for path, output in named:
        if diff:
            state.show(coloured(state, difference(root, output)))
        elif not state.quiet:
            is_removed = output.data is None
            done, would = ("removed", "would remove") if is_removed else ("wrote", "would change")
            state.show(f"{would if check else done} {printable(path)}\n")
    return [path for path, _ in named]


def difference(root: str, output: Output) -> str:
    """Return what an output changes, as a diff with the paths that the user would name."""
    before = worktree.read_optional(str(Path(root, output.path)))
    return unified_diff(shown_path(root, output.path), before, output.data)


def agrees(*, yes: bool) -> bool:
    """Whether the user wants what was shown: by the option, or by the answer at a terminal."""
    return yes or (sys.stdin.isatty() and click.confirm("Write this?", err=True))


def settle_blocks(
    state: State,
    workspace: Workspace,
    outputs: list[Output],
    origin: Origin,
    *,
    check: bool,
    diff: bool,
) -> list[str]:
    """Settle notes whose generated blocks changed; with `--staged` those on disk are edited.

    Returns the paths that are out of date, in the index where that was read.
    """
    from vaultsync.app.staging import onto_disk

    if not workspace.staged or check or diff:
        return settle(state, workspace.root, outputs, check=check, diff=diff)
    written = settle(state, workspace.root, onto_disk(workspace, outputs, origin))
    stale = [shown_path(workspace.root, output.path) for output in outputs]
    for path in stale:
        if path not in written:
            state.show(f"{printable(path)} is right on disk but not staged\n")
    if stale:
        state.show(f"then stage what changed: git add {printable(shlex.join(stale))}\n")
    return stale


def finish(changed: list[str], *, check: bool, diff: bool, broken: str = "") -> None:
    """Print the summary of a command that writes; to stderr where stdout is a diff."""
    click.echo(f"{broken}{outcome(changed, writing=not (check or diff))}", nl=False, err=diff)


def outcome(changed: list[str], *, writing: bool) -> str:
    """Return the summary of a command that writes, or could."""
    files = f"{len(changed)} file{'' if len(changed) == 1 else 's'}"
    return f"{files} {'written' if writing else 'out of date'}\n" if changed else "up to date\n"


def coloured(state: State, diff: str) -> str:
    """Return a text with its lines in the colours of a diff, by how they begin."""
    if not state.colourful:
        return diff
    colours = {"+": "green", "-": "red", "@": "cyan"}
    lines = (click.style(line, fg=colours.get(line[:1])) for line in diff.split("\n"))
    return "\n".join(lines)
