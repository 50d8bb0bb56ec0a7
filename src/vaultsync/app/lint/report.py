"""Which findings are shown, and how."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from vaultsync.app.lint.options import Request
from vaultsync.app.lint.scope import Scope
from vaultsync.cli.state import State, shown_path
from vaultsync.lint import report, statistics
from vaultsync.lint.context import Context
from vaultsync.lint.engine import Diagnostic
from vaultsync.lint.formats import FROM_TOP
from vaultsync.lint.formats.forms import form


def told(
    state: State,
    scope: Scope,
    context: Context,
    found: list[Diagnostic],
    request: Request,
    hidden: Callable[[Diagnostic], bool],
) -> str:
    """Return the findings that are not hidden in a format, for people with a summary."""
    visible = [diagnostic for diagnostic in found if not hidden(diagnostic)]
    if request.statistics:
        rows = statistics.statistics(visible)
        text = statistics.as_text(rows) if request.for_people else statistics.as_json(rows)
    else:
        from_top = request.output_format in FROM_TOP
        names = scope.from_top if from_top else partial(shown_path, scope.root)
        items = report.shown(visible, context, names)
        text = form(request.output_format, items, state.painter)
    if request.for_people:
        more = len(found) - len(visible)
        rest = f" (-v shows {more} more)" if more and not state.quiet else ""
        text += f"{report.summary(found, context, scope.said(found))}{rest}\n"
    return text


def hides(
    state: State, context: Context, failing: set[str], *, staged: bool, browsing: bool
) -> Callable[[Diagnostic], bool]:
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


def _says_draft(diagnostic: Diagnostic, context: Context) -> bool:
    note = context.note(context.vault.documents[diagnostic.path])
    return note is not None and not note.says_nothing
