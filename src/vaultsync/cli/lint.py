"""`vaultsync lint`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import click
import msgspec

from vaultsync.cli import options
from vaultsync.cli.state import State, finish, outcome, settle, shown_path
from vaultsync.lint.formats import FOR_PEOPLE, FROM_TOP, NAMES

if TYPE_CHECKING:
    from vaultsync.app.lint import LintOptions, LintResult
    from vaultsync.app.workspace import Workspace
    from vaultsync.lint.engine import Diagnostic

_rules = partial(
    click.option, multiple=True, metavar="RULES", shell_complete=options.complete_rules
)


class Request(msgspec.Struct, frozen=True):
    """How findings are shown, and which of them make exit code 1."""

    output_format: str
    strict: bool
    statistics: bool

    @property
    def for_people(self) -> bool:
        """Whether a person reads what is printed, not a program."""
        return self.output_format in FOR_PEOPLE

    @property
    def failing(self) -> set[str]:
        """The severities that make exit code 1."""
        return {"error", "warning"} if self.strict else {"error"}


@click.command(name="lint")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--fix", is_flag=True, help="Apply the safe fixes.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: the unsafe ones too.")
@options.diff
@options.staged
@click.option("--since", metavar="REV", help="Report only problems introduced since REV.")
@_rules("--select", help="Run these rules only.")
@_rules("--ignore", help="Do not run these rules.")
@click.option("--baseline", metavar="FILE", help="Do not report the findings in FILE.")
@click.option("--no-baseline", is_flag=True, help="Report those in `lint.baseline` too.")
@click.option("--write-baseline", is_flag=True, help="Write all findings to the baseline.")
@click.option("--statistics", is_flag=True, help="Show how often each rule is broken.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--output-format", type=click.Choice(NAMES), default="full", help="The format.")
@click.option("--no-cache", is_flag=True, help="Read every note, and cache nothing.")
@click.pass_obj
def command(
    state: State, /, output_format: str, *, strict: bool, statistics: bool, **chosen: Any
) -> None:
    """Check the notes at PATHS, or all notes.

    With --staged or --since, report only the problems that a commit or change introduces: all
    problems in notes that it adds, changes or renames, and what it breaks in others. --staged
    compares the git index with HEAD, or with REV; --since alone compares the files on disk with
    REV, a commit, or A...B, the merge base of two. If vaultsync.toml changes, all problems count.

    RULES are codes, prefixes of codes or names, with commas between them. Exit code 1: errors.
    """
    from vaultsync.app.lint import LintOptions, lint

    wanted = LintOptions(**chosen)
    request = Request(output_format, strict, statistics)
    _refuse_contradictions(wanted, request)
    workspace = state.open(staged=wanted.staged, since=wanted.since, cached=not wanted.no_cache)
    if wanted.write_baseline:
        raise SystemExit(_write_baseline(state, wanted, workspace))
    result = lint(wanted, workspace)
    # Between the lines of a report for a program there must be nothing else.
    writing = state if request.for_people else msgspec.structs.replace(state, quiet=True)
    changed = settle(writing, workspace.root, result.outputs, check=False, diff=wanted.diff)
    text = ""
    if result.findings or not wanted.diff:
        text = _report(state, wanted, request, result, workspace)
    if wanted.diff and (changed or not result.findings):
        text += outcome(changed, writing=False)
    # Where stdout is a diff, it holds nothing else.
    click.echo(text, nl=False, err=wanted.diff, color=None if wanted.diff else state.colourful)
    failed = any(one.severity in request.failing for one in result.findings)
    raise SystemExit(1 if failed or (wanted.diff and changed) else 0)


def _write_baseline(state: State, wanted: LintOptions, workspace: Workspace) -> int:
    """Write the baseline, or show the difference; return the exit code."""
    from vaultsync.app.lint import baseline_path, write_baseline
    from vaultsync.blocks.context import format_count

    if not baseline_path(workspace, wanted.baseline):
        raise click.UsageError(
            "--write-baseline needs a file: name it with --baseline FILE, or as `lint.baseline` "
            "in vaultsync.toml"
        )
    folder, outputs, count = write_baseline(wanted, workspace)
    changed = settle(state, str(folder), outputs, check=False, diff=wanted.diff)
    if wanted.diff:
        finish(changed, check=False, diff=True)
        return 1 if changed else 0
    click.echo(f"{format_count(count, 'finding')} known from now on")
    return 0


def _refuse_contradictions(wanted: LintOptions, request: Request) -> None:
    """Raise `click.UsageError` for options that do not go together."""
    fixing = wanted.fix or wanted.diff
    countable = request.for_people or request.output_format == "json"
    partly = wanted.paths or wanted.select or wanted.ignore or wanted.since
    whole = "--write-baseline is about all notes and rules: leave out PATHS and"
    contradictions = {
        "--fix and --diff are about the files on disk, --staged is not": wanted.staged and fixing,
        "--unsafe-fixes goes with --fix or --diff": wanted.unsafe_fixes and not fixing,
        "--baseline and --no-baseline contradict each other": (
            wanted.baseline and wanted.no_baseline
        ),
        "--write-baseline goes with neither --fix, --staged nor --no-baseline": (
            wanted.write_baseline and (wanted.fix or wanted.staged or wanted.no_baseline)
        ),
        f"{whole} --select, --ignore, --since": wanted.write_baseline and partly,
        "--statistics goes with the formats full, concise and json": (
            request.statistics and not countable
        ),
    }
    for message, contradicts in contradictions.items():
        if contradicts:
            raise click.UsageError(message)


def _report(
    state: State,
    wanted: LintOptions,
    request: Request,
    result: LintResult,
    workspace: Workspace,
) -> str:
    """Return the findings that are not hidden in a format, for people with a summary."""
    from vaultsync.lint import report
    from vaultsync.lint.formats import render

    browsing = not wanted.paths and request.for_people and wanted.since is None
    hidden = _hides(state, result, request, staged=wanted.staged, browsing=browsing)
    visible = [diagnostic for diagnostic in result.findings if not hidden(diagnostic)]
    if request.statistics:
        rows = report.statistics(visible)
        as_text = report.statistics_text if request.for_people else report.statistics_json
        text = as_text(rows)
    else:
        from_top = request.output_format in FROM_TOP
        names = workspace.from_top if from_top else partial(shown_path, workspace.root)
        items = report.shown(visible, result.checked.context, names)
        text = render(request.output_format, items, state.painter)
    if request.for_people:
        more = len(result.findings) - len(visible)
        rest = f" (-v shows {more} more)" if more and not state.quiet else ""
        text += f"{report.summary(result.findings, result.checked, result.scope)}{rest}\n"
    return text


def _hides(
    state: State, result: LintResult, request: Request, *, staged: bool, browsing: bool
) -> Callable[[Diagnostic], bool]:
    """Return whether a finding is left out of what is shown.

    A commit is judged by what stops it. In a whole vault, what notes lack that declare themselves
    drafts is only counted in the summary.
    """
    if state.quiet:
        return lambda diagnostic: diagnostic.severity not in request.failing
    if state.verbose:
        return lambda _: False
    if staged:
        return lambda diagnostic: diagnostic.severity == "hint"
    results = result.checked.result
    return lambda one: browsing and one.eased and not results(one.path).silent
