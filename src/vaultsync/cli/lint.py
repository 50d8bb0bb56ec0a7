"""`vaultsync lint`."""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import click
import msgspec

from vaultsync.app.lint import LintOptions, LintResult, baseline_path, lint, write_baseline
from vaultsync.app.workspace import Workspace
from vaultsync.blocks.context import format_count
from vaultsync.cli import shared
from vaultsync.cli.main import State
from vaultsync.core.errors import ConfigError
from vaultsync.core.output import unified_diff
from vaultsync.lint import report
from vaultsync.lint.engine import Diagnostic
from vaultsync.lint.formats import FOR_PEOPLE, FROM_TOP, NAMES, render

_rules = partial(click.option, multiple=True, metavar="RULES", shell_complete=shared.complete_rules)


class Request(LintOptions, frozen=True):
    """The options, with how findings are shown and which of them make exit code 1."""

    stdin_filename: str | None = None
    output_format: str = "full"
    strict: bool = False
    statistics: bool = False

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
@click.option(
    "--stdin-filename",
    metavar="FILE",
    help="Check standard input (PATH is -) as the text of FILE; --fix prints it.",
)
@click.option("--exclude", multiple=True, metavar="GLOBS", help="Leave these files out as well.")
@click.option("--fix", is_flag=True, help="Apply the safe fixes.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: the unsafe ones too.")
@shared.diff
@shared.staged
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
def command(state: State, /, **chosen: Any) -> None:
    """Check the notes at PATHS, or all notes.

    With --staged or --since, report only the problems that a commit or change introduces: all
    problems in notes that it adds, changes or renames, and what it breaks in others. --staged
    compares the git index with HEAD, or with REV; --since alone compares the files on disk with
    REV, a commit, or A...B, the merge base of two. If vaultsync.toml changes, all problems count.

    RULES are codes, prefixes of codes or names, with commas between them. Exit code 1: errors.
    """
    request = Request(**chosen)
    _refuse_contradictions(request)
    name, text = request.stdin_filename, None
    if name is not None:
        request = msgspec.structs.replace(request, paths=(name,))
        text = sys.stdin.buffer.read()
    workspace = state.open(
        request.paths, staged=request.staged, since=request.since, cached=not request.no_cache
    )
    if request.write_baseline:
        raise SystemExit(_write_baseline(state, request, workspace))
    result = lint(request, workspace, text=text)
    for path in sorted(workspace.absent):
        place = shared.shown_path(workspace.root, path)
        remedy = "`git submodule update --init`"
        click.echo(f"{place} is not checked out: links into it are unknown: {remedy}", err=True)
    changed = []
    if request.fix or request.diff:
        changed = _settle(state, request, result, workspace.root, text)
    shown = ""
    if result.findings or not request.diff:
        shown = report_text(state, request, result, workspace)
    if request.diff and (changed or not result.findings):
        shown += shared.outcome(changed, writing=False)
    # Where stdout is a diff or a note, it holds nothing else.
    apart = request.diff or (request.fix and text is not None)
    click.echo(shown, nl=False, err=apart, color=None if apart else state.colourful)
    failed = any(one.severity in request.failing for one in result.findings)
    raise SystemExit(1 if failed or (request.diff and changed) else 0)


def _settle(
    state: State, request: Request, result: LintResult, root: str, text: bytes | None
) -> list[str]:
    """Write the fixed notes, or show the difference; return the paths of those that changed.

    The fixed text of standard input is printed.
    """
    if text is None:
        # The summary counts the files; in a report for a program there is nothing besides.
        quiet = not (state.verbose and request.for_people)
        writing = msgspec.structs.replace(state, quiet=quiet)
        return shared.settle(writing, root, result.outputs, diff=request.diff)
    fixed = next((one.data for one in result.outputs if one.data is not None), text)
    name = request.paths[0]
    if request.diff:
        state.show(shared.coloured(state, unified_diff(name, text, fixed)))
    else:
        click.echo(fixed, nl=False)
    return [name] if fixed != text else []


def _write_baseline(state: State, request: Request, workspace: Workspace) -> int:
    """Write the baseline, or show the difference; return the exit code."""
    if not baseline_path(workspace, request.baseline):
        raise ConfigError(
            "--write-baseline needs a file: name it with --baseline FILE, or as `lint.baseline` "
            "in vaultsync.toml"
        )
    folder, outputs, count = write_baseline(request, workspace)
    changed = shared.settle(state, str(folder), outputs, diff=request.diff)
    if request.diff:
        shared.finish(changed, check=False, diff=True)
        return 1 if changed else 0
    click.echo(f"{format_count(count, 'finding')} known from now on")
    return 0


def _refuse_contradictions(request: Request) -> None:
    """Raise `ConfigError` for options that do not go together."""
    fixing, write = request.fix or request.diff, request.write_baseline
    apart = write and (request.fix or request.staged or request.no_baseline)
    partly = request.paths or request.select or request.ignore or request.since or request.exclude
    piped = request.stdin_filename is not None
    compared = write or request.staged or request.since
    whole = "--write-baseline is about all notes and rules: leave out PATHS and"
    both = request.baseline and request.no_baseline
    countable = request.for_people or request.output_format == "json"
    uncounted = request.statistics and not countable
    contradictions = {
        "--fix and --diff are about the files on disk, --staged is not": request.staged and fixing,
        "--unsafe-fixes goes with --fix or --diff": request.unsafe_fixes and not fixing,
        "--baseline and --no-baseline contradict each other": both,
        "--write-baseline goes with neither --fix, --staged nor --no-baseline": apart,
        f"{whole} --select, --ignore, --since, --exclude": write and partly,
        "--stdin-filename FILE and - as the only PATH go together": piped != ("-" in request.paths)
        or (piped and len(request.paths) > 1),
        "--stdin-filename goes with neither --staged, --since nor --write-baseline": piped
        and compared,
        "--statistics goes with the formats full, concise and json": uncounted,
    }
    for message, contradicts in contradictions.items():
        if contradicts:
            raise ConfigError(message)


def report_text(state: State, request: Request, result: LintResult, workspace: Workspace) -> str:
    """Return the findings that are not hidden in a format, for people with a summary."""
    visible = _visible(state, request, result)
    if request.statistics:
        as_text = report.statistics_text if request.for_people else report.statistics_json
        text = as_text(report.statistics(visible))
    else:
        from_top = request.output_format in FROM_TOP
        names = workspace.from_top if from_top else shared.path_names(workspace.root)
        folded = report.with_blocks(result.checked) if request.for_people else ()
        items = report.shown(visible, result.checked.context, names, folded=folded)
        text = render(request.output_format, items, state.paint)
    if request.for_people:
        more = len(result.findings) - len(visible)
        rest = f" (-v shows {more} more)" if more and not state.quiet else ""
        is_fixed = result.outputs and not request.diff
        files = format_count(len(result.outputs), "file")
        fixed = f"{result.fixed} in {files}" if is_fixed else ""
        text += f"{report.summary(result.findings, result.checked, result.scope, fixed)}{rest}\n"
    return text


def _visible(state: State, request: Request, result: LintResult) -> list[Diagnostic]:
    """Return the findings to show.

    A commit is judged by what stops it. In a whole vault, what notes lack that declare themselves
    drafts is only counted in the summary.
    """
    found, results = result.findings, result.checked.result
    if state.quiet:
        return [one for one in found if one.severity in request.failing]
    if state.verbose:
        return found
    if request.staged:
        return [one for one in found if one.severity != "hint"]
    if request.paths or request.since is not None or not request.for_people:
        return found
    return [one for one in found if not one.eased or results(one.path).silent]
