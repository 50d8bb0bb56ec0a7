"""One run of the linter, as the options of `vaultsync lint` ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click
import msgspec
from msgspec.structs import replace

from vaultsync.cli.findings import hides, told
from vaultsync.cli.state import State, finish, settle
from vaultsync.config import LintSettings
from vaultsync.lint import engine
from vaultsync.lint.context import Context
from vaultsync.lint.formats import FOR_PEOPLE
from vaultsync.output import Output, replaced
from vaultsync.workspace import Workspace


class Request(msgspec.Struct, frozen=True):
    """The options, by their names."""

    paths: tuple[str, ...]
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    output_format: str
    fix: bool
    unsafe_fixes: bool
    diff: bool
    staged: bool
    strict: bool
    no_cache: bool

    @property
    def for_people(self) -> bool:
        """Whether a person reads what is printed, not a program."""
        return self.output_format in FOR_PEOPLE

    @property
    def failing(self) -> set[str]:
        """The severities that make exit code 1."""
        return {"error", "warning"} if self.strict else {"error"}

    def refuse_contradictions(self) -> None:
        """Raise `click.UsageError` for options that do not go together."""
        if self.staged and (self.fix or self.diff):
            raise click.UsageError("--fix and --diff are about the files on disk, --staged is not")
        if self.unsafe_fixes and not (self.fix or self.diff):
            raise click.UsageError("--unsafe-fixes goes with --fix or --diff")


def run(state: State, request: Request) -> int:
    """Lint, show what is found, and return the exit code."""
    workspace = state.open(staged=request.staged)
    workspace.cached = not request.no_cache
    selection = _selection(workspace, request)
    context = _context(workspace, selection)
    wanted = workspace.select(request.paths, str(Path.cwd()))
    changed: list[str] = []
    fixed = context
    if request.fix or request.diff:
        outputs, fixed = _fixes(context, selection, wanted, unsafe=request.unsafe_fixes)
        # Between the lines of a report for a program nothing else may stand.
        teller = state if request.for_people else replace(state, quiet=True)
        changed = settle(teller, workspace.root, outputs, check=False, diff=request.diff)
    found = engine.check(fixed, selection, wanted)
    if request.diff:
        found = _left(found, engine.check(context, selection, wanted))
    else:
        context = fixed
    if found or not request.diff:
        _show(state, request, workspace, context, found)
    if request.diff and (changed or not found):
        finish(changed, check=False, diff=True)
    failed = any(d.severity in request.failing for d in found)
    return 1 if failed or (request.diff and changed) else 0


def _context(workspace: Workspace, selection: engine.Selection) -> Context:
    return Context(
        workspace.vault,
        workspace.config,
        types=workspace.obsidian_types,
        tracked=workspace.tracked if any(rule.git for rule in selection.rules) else None,
    )


def _selection(workspace: Workspace, request: Request) -> engine.Selection:
    settings = workspace.config.lint
    select, ignore = _words(request.select), _words(request.ignore)
    engine.named("--select", select)
    engine.named("--ignore", ignore)
    if select:
        # Who asks for a rule gets it, whatever the settings leave out.
        levels = {word: level for word, level in settings.severity.items() if level != "off"}
        settings = LintSettings(select=select, severity={**levels})
    if ignore:
        settings = replace(settings, ignore=(*settings.ignore, *ignore))
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


def _show(
    state: State,
    request: Request,
    workspace: Workspace,
    context: Context,
    found: list[engine.Diagnostic],
) -> None:
    browsing = not request.paths and request.for_people
    hidden = hides(state, context, request.failing, staged=request.staged, browsing=browsing)
    text = told(state, workspace, context, found, request.output_format, hidden)
    # Where stdout is a diff, that alone stands there.
    err = request.diff
    click.echo(text, nl=False, err=err, color=None if err else state.colourful)
