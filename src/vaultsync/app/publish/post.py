"""The post as it is made from the work tree, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from vaultsync.app.lint.run import inspection
from vaultsync.app.workspace import Workspace
from vaultsync.cli.state import State, shown_path
from vaultsync.lint import engine, report
from vaultsync.lint.alone import told as told_alone
from vaultsync.lint.context import Context
from vaultsync.lint.formats.forms import full
from vaultsync.publish import Composition, published_paths, render


class Post(msgspec.Struct, frozen=True):
    """The files by name, the errors in the notes of the post as a report, and how many they are.

    `inputs` are the files of the vault that are shown, by path, each under a name for readers.
    """

    files: Mapping[str, bytes]
    inputs: Mapping[str, str]
    report: str
    errors: int


def make_post(state: State, workspace: Workspace, targets: Iterable[str]) -> Post:
    """Make the post for some targets. The notes must not have been read yet."""
    selection = engine.select(workspace.config.lint)
    workspace.inspection = inspection(workspace, selection)
    files, compositions = render(workspace.context, targets, workspace.attachment)
    inputs = {path: name for one in compositions for path, name in one.inputs.items()}
    return Post(files, inputs, *_errors(state, workspace, selection, compositions))


def _errors(
    state: State,
    workspace: Workspace,
    selection: engine.Selection,
    compositions: Iterable[Composition],
) -> tuple[str, int]:
    composed = list(compositions)
    alone = told_alone(workspace.vault.documents, workspace.answers)
    context = Context(workspace.vault, workspace.config, alone=alone)
    context.blocks = workspace.context
    found = engine.check(context, selection.failing(), published_paths(composed))
    errors = [diagnostic for diagnostic in found if diagnostic.severity == "error"]
    items = report.shown(errors, context, lambda path: shown_path(workspace.root, path))
    told = {(item.diagnostic.path, item.start[0]) for item in items}
    problems = {
        (shown_path(workspace.root, problem.path), problem.line, problem.message)
        for composition in composed
        for problem in composition.problems
    }
    # The linter may have told of the same line, as of a link that leads nowhere.
    problems = {problem for problem in problems if problem[:2] not in told}
    lines = [
        f"{place}:{line}: {state.paint('error', 'error')} {message}\n"
        if line
        else f"{place}: {state.paint('error', 'error')} {message}\n"
        for place, line, message in sorted(problems)
    ]
    return full(items, state.painter) + "".join(lines), len(errors) + len(problems)
