"""One run of the linter, as the options of `vaultsync lint` ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from vaultsync.app.lint import baseline
from vaultsync.app.lint.options import Request
from vaultsync.app.lint.report import hides, told
from vaultsync.app.lint.scope import Scope
from vaultsync.app.workspace import Workspace
from vaultsync.cli.state import State, outcome, settle
from vaultsync.cli.unchanged import Answer
from vaultsync.core.config import FILE_NAME, matches
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document, Vault
from vaultsync.core.output import Output, content_id, replaced
from vaultsync.infra.loader import Inspection
from vaultsync.lint import engine
from vaultsync.lint.ahead import Ahead
from vaultsync.lint.alone import asking
from vaultsync.lint.alone import told as told_alone
from vaultsync.lint.context import Context


def run(state: State, request: Request, workspace: Workspace) -> Answer:
    """Lint, and return what is to be told of what is found."""
    selection = _selection(workspace, request)
    broken = any(rule.links == "broken" for rule in selection.rules)
    ahead = Ahead(lambda: workspace.shown, guesses=broken and not request.statistics)
    workspace.inspection = inspection(workspace, selection, ahead.see)
    wanted = workspace.select(request.paths, str(Path.cwd()))
    _refuse_emptiness(workspace, selection, wanted)
    context = _context(workspace, selection, request, ahead)
    if request.write_baseline:
        found = engine.check(context.completed(), selection)
        return Answer(baseline.write(state, workspace, request, found), "")
    scope = Scope(workspace, wanted)
    changed: list[str] = []
    fixed = engine.Fixed(context, {}, ())
    if request.fix or request.diff:
        fixed = engine.fix(context, selection, scope.paths, unsafe=request.unsafe_fixes)
        outputs = _outputs(context, fixed)
        # Between the lines of a report for a program nothing else may stand.
        teller = state if request.for_people else replace(state, quiet=True)
        changed = settle(teller, workspace.root, outputs, check=False, diff=request.diff)
    found = scope.check(fixed.context, selection)
    if request.diff:
        found = _left(found, scope.check(context, selection))
    else:
        context = fixed.context
    found = fixed.marked(found)
    text = ""
    if found or not request.diff:
        text = _text(state, request, scope, context, found)
    if request.diff and (changed or not found):
        text += outcome(changed, writing=False)
    failed = any(d.severity in request.failing for d in found)
    code = 1 if failed or (request.diff and changed) else 0
    return Answer(code, text, timeless=not _is_historic(workspace, selection))


def _is_historic(workspace: Workspace, selection: engine.Selection) -> bool:
    """Whether what is found also follows from when claims changed."""
    dated = any(kind.checked for kind in workspace.config.types.values())
    return dated and any(rule.history for rule in selection.rules)


def _refuse_emptiness(
    workspace: Workspace, selection: engine.Selection, wanted: list[str] | None
) -> None:
    """Raise `VaultError` where the settings leave nothing of what is to be checked."""
    paths = workspace.vault.documents if wanted is None else wanted
    exclude = workspace.config.exclude
    if paths and all(matches(path, exclude) for path in paths):
        raise VaultError(f"{FILE_NAME}: `exclude` leaves no note to check")
    if paths and not any(selection.at(p).rules for p in paths if not matches(p, exclude)):
        raise VaultError(f"{FILE_NAME}: `lint.per-file-ignores` leaves no rule to run")


def inspection(
    workspace: Workspace,
    selection: engine.Selection,
    seen: Callable[[Document], None] = lambda _: None,
) -> Inspection:
    """Return what is asked of each note by itself while it is read, or recalled.

    `seen` is given each note that is parsed.
    """
    decisive = [workspace.config_text, *(rule.code for rule in selection.rules)]
    settings = Context(Vault({}, frozenset()), workspace.config)
    name = content_id("\n".join(decisive).encode())
    return Inspection(name, asking(selection.rules, settings), seen)


def _context(
    workspace: Workspace, selection: engine.Selection, request: Request, ahead: Ahead
) -> Context:
    reworded: Mapping[str, str] | None = None
    if _is_historic(workspace, selection):
        from vaultsync.app.changelog import rewording

        reworded = rewording.reworded(workspace)
    return Context(
        workspace.vault,
        workspace.config,
        types=workspace.obsidian_types,
        tracked=workspace.tracked if any(rule.git for rule in selection.rules) else None,
        settings=workspace.settings,
        baseline=baseline.read(workspace, request),
        alone=told_alone(workspace.vault.documents, workspace.answers),
        ahead=ahead,
        reworded=reworded,
    )


def _selection(workspace: Workspace, request: Request) -> engine.Selection:
    settings = workspace.config.lint
    select, ignore = _words(request.select), _words(request.ignore)
    engine.named("--select", select)
    engine.named("--ignore", ignore)
    if select:
        # Who asks for a rule gets it, whatever the settings leave out.
        levels = {word: level for word, level in settings.severity.items() if level != "off"}
        settings = replace(settings, select=select, extend_select=(), ignore=(), severity=levels)
    if ignore:
        settings = replace(settings, ignore=(*settings.ignore, *ignore))
    selection = engine.select(settings)
    if request.staged:
        # What is about to be committed has no history yet.
        selection = replace(selection, rules=tuple(r for r in selection.rules if not r.history))
    return selection


def _words(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.strip() for value in values for word in value.split(","))


def _outputs(context: Context, fixed: engine.Fixed) -> list[Output]:
    outputs = []
    for path, text in sorted(fixed.texts.items()):
        before = context.vault.documents[path].text
        output = replaced(path, before.encode(), text.encode())
        outputs += [output] if output else []
    return outputs


def _left(
    after: Iterable[engine.Diagnostic], before: Iterable[engine.Diagnostic]
) -> list[engine.Diagnostic]:
    """Return the findings that no fix mends, where they stand in the notes as they are."""
    still = {diagnostic.identity for diagnostic in after}
    return [found for found in before if found.identity in still]


def _text(
    state: State,
    request: Request,
    scope: Scope,
    context: Context,
    found: list[engine.Diagnostic],
) -> str:
    browsing = not request.paths and request.for_people and request.since is None
    hidden = hides(state, context, request.failing, staged=request.staged, browsing=browsing)
    return told(state, scope, context, found, request, hidden)
