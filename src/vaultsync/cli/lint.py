"""`vaultsync lint`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import click
from msgspec.structs import replace

from vaultsync.cli import complete, options
from vaultsync.cli.state import State, finish, settle, shown_path
from vaultsync.config import LintSettings
from vaultsync.lint import engine, report
from vaultsync.lint.context import Context
from vaultsync.output import Output, replaced
from vaultsync.workspace import Workspace

_FOR_PEOPLE = ("full", "concise")
_rules = partial(click.option, multiple=True, metavar="RULES", shell_complete=complete.rules)


@click.command(name="lint")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--fix", is_flag=True, help="Apply the safe fixes.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: the unsafe ones too.")
@options.diff
@options.staged
@_rules("--select", help="Run these rules only.")
@_rules("--ignore", help="Do not run these rules.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option(
    "--output-format", type=click.Choice(list(report.FORMATS)), default="full", help="The form."
)
@click.pass_obj
def command(
    state: State,
    /,
    paths: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    output_format: str,
    **flags: bool,
) -> None:
    """Check the notes at PATHS, or all notes.

    RULES are codes, prefixes of codes or names, with commas between them. Exit code 1: errors.
    """
    _refuse_contradictions(flags)
    workspace = state.open(staged=flags["staged"])
    selection = _selection(workspace, select, ignore)
    context = Context(
        workspace.vault,
        workspace.config,
        types=workspace.obsidian_types,
        tracked=workspace.tracked if any(rule.git for rule in selection.rules) else None,
    )
    wanted = workspace.select(paths, str(Path.cwd()))
    changed: list[str] = []
    fixed = context
    if flags["fix"] or flags["diff"]:
        outputs, fixed = _fixes(context, selection, wanted, unsafe=flags["unsafe_fixes"])
        # Between the lines of a report for a program nothing else may stand.
        teller = state if output_format in _FOR_PEOPLE else replace(state, quiet=True)
        changed = settle(teller, workspace.root, outputs, check=False, diff=flags["diff"])
    found = engine.check(fixed, selection, wanted)
    if flags["diff"]:
        found = _left(found, engine.check(context, selection, wanted))
    else:
        context = fixed
    failing = {"error", "warning"} if flags["strict"] else {"error"}
    browsing = wanted is None and output_format in _FOR_PEOPLE
    hidden = _hides(state, context, failing, staged=workspace.staged, browsing=browsing)
    if found or not flags["diff"]:
        text = _told(state, workspace, context, found, output_format, hidden)
        # Where stdout is a diff, that alone stands there.
        err = flags["diff"]
        click.echo(text, nl=False, err=err, color=None if err else state.colourful)
    if flags["diff"] and (changed or not found):
        finish(changed, check=False, diff=True)
    failed = any(d.severity in failing for d in found)
    raise SystemExit(1 if failed or (flags["diff"] and changed) else 0)


def _refuse_contradictions(flags: Mapping[str, bool]) -> None:
    if flags["staged"] and (flags["fix"] or flags["diff"]):
        raise click.UsageError("--fix and --diff are about the files on disk, --staged is not")
    if flags["unsafe_fixes"] and not (flags["fix"] or flags["diff"]):
        raise click.UsageError("--unsafe-fixes goes with --fix or --diff")


def _selection(
    workspace: Workspace, select: Sequence[str], ignore: Sequence[str]
) -> engine.Selection:
    settings = workspace.config.lint
    engine.named("--select", _words(select))
    engine.named("--ignore", _words(ignore))
    if select:
        # Who asks for a rule gets it, whatever the settings leave out.
        levels = {word: level for word, level in settings.severity.items() if level != "off"}
        settings = LintSettings(select=_words(select), severity={**levels})
    if ignore:
        settings = replace(settings, ignore=(*settings.ignore, *_words(ignore)))
    return engine.select(settings)


def _words(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.strip() for value in values for word in value.split(","))


def _fixes(
    context: Context, selection: engine.Selection, paths: list[str] | None, *, unsafe: bool
) -> tuple[list[Output], Context]:
    fixed, texts = engine.fix(context, selection, paths, unsafe=unsafe)
    outputs = []
    for path, text in sorted(texts.items()):
        before = context.vault.documents[path].text
        output = replaced(path, before.encode(), text.encode())
        outputs += [output] if output else []
    return outputs, fixed


def _left(
    after: Iterable[engine.Diagnostic], before: Iterable[engine.Diagnostic]
) -> list[engine.Diagnostic]:
    """Return the findings that no fix mends, where they stand in the notes as they are."""
    still = {(diagnostic.path, diagnostic.code, diagnostic.message) for diagnostic in after}
    return [found for found in before if (found.path, found.code, found.message) in still]


def _told(
    state: State,
    workspace: Workspace,
    context: Context,
    found: list[engine.Diagnostic],
    output_format: str,
    hidden: Callable[[engine.Diagnostic], bool],
) -> str:
    visible = [diagnostic for diagnostic in found if not hidden(diagnostic)]
    items = report.shown(visible, context, lambda path: shown_path(workspace.root, path))
    text = report.FORMATS[output_format](items, state.paint)
    if output_format in _FOR_PEOPLE:
        more = len(found) - len(visible)
        rest = f" (-v shows {more} more)" if more and not state.quiet else ""
        text += f"{report.summary(found, context)}{rest}\n"
    return text


def _hides(
    state: State, context: Context, failing: set[str], *, staged: bool, browsing: bool
) -> Callable[[engine.Diagnostic], bool]:
    """Return whether a finding is left out of what is shown.

    A commit is judged by what stops it, and who browses a whole vault is not told each time what
    the notes lack that say they are drafts; the summary counts it.
    """
    if state.quiet:
        return lambda diagnostic: diagnostic.severity not in failing
    if state.verbose:
        return lambda _: False
    if staged:
        return lambda diagnostic: diagnostic.severity == "hint"
    return lambda diagnostic: browsing and diagnostic.eased and _says_draft(diagnostic, context)


def _says_draft(diagnostic: engine.Diagnostic, context: Context) -> bool:
    note = context.note(context.vault.documents[diagnostic.path])
    return note is not None and not note.says_nothing
