"""Check a vault through the engine: the one place that makes what a check needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from vaultsync.app import check_cache
from vaultsync.app.check_cache import Kept
from vaultsync.app.revisions import earlier
from vaultsync.app.workspace import Workspace
from vaultsync.infra.git.snapshots import Before
from vaultsync.lint import engine
from vaultsync.lint.baseline import Baseline
from vaultsync.lint.context import Context, untracked_files
from vaultsync.lint.engine import Checked, Diagnostic, Earlier, Selection


class VaultCheck(NamedTuple):
    """The state of a vault, and those that it is compared with (`--staged`, `--since`)."""

    kept: Kept
    earlier: tuple[Earlier, ...] = ()

    @property
    def checked(self) -> Checked:
        """The state of the vault."""
        return self.kept.checked

    def introduced(self, paths: Collection[str] | None = None) -> list[Diagnostic]:
        """Return what the change introduces, or without an earlier state all that is found."""
        if not self.earlier:
            return engine.report(self.checked, paths)
        return engine.introduced(self.earlier, self.checked, paths)


def check_vault(
    workspace: Workspace, selection: Selection, baseline: Baseline | None = None
) -> VaultCheck:
    """Check a vault, starting from the nearest state that an earlier run cached.

    `baseline` is the one that counts in this run (`settings_baseline`). Raises `GitError` if there
    is no such revision as the one to compare with.
    """
    if workspace.staged:
        # What is about to be committed has no history yet.
        selection = selection.without_history()
    context = _context(workspace, selection, baseline)
    kept = check_cache.check(workspace, context, selection)
    before = earlier(workspace)
    return VaultCheck(kept, tuple(_earlier(one, kept.checked) for one in before))


def settings_baseline(workspace: Workspace) -> Baseline | None:
    """Return the baseline that the settings name, None where they name none."""
    path = workspace.config.lint.baseline
    return workspace.baseline(path) if path else None


def _context(workspace: Workspace, selection: Selection, baseline: Baseline | None) -> Context:
    reworded: Mapping[str, str] | None = None
    if is_historic(workspace, selection):
        from vaultsync.app.changelog import rewording

        reworded = rewording.reworded(workspace)
    return Context(
        workspace.vault,
        workspace.config,
        types=workspace.obsidian_types,
        untracked=(
            untracked_files(workspace.vault, workspace.tracked)
            if _needs_git(selection)
            else frozenset()
        ),
        settings=workspace.settings,
        baseline=baseline,
        reworded=reworded,
    )


def is_historic(workspace: Workspace, selection: Selection) -> bool:
    """Whether what is found also follows from when claims changed."""
    dated = any(kind.checked for kind in workspace.config.types.values())
    return dated and any(rule.history for rule in selection.rules)


def _earlier(before: Before, checked: Checked) -> Earlier:
    """Return the state of an earlier version, from that of the later one."""
    if before.resettled:
        return Earlier(None, before.paths)
    later = checked.context
    context = Context(
        before.vault,
        later.config,
        types=before.types,
        untracked=(
            untracked_files(before.vault, before.tracked)
            if _needs_git(checked.selection)
            else frozenset()
        ),
        baseline=later.baseline,
    )
    paths = before.paths & (before.vault.files | later.vault.files)
    context = engine.following(checked, context, paths)
    return Earlier(engine.check(checked, context, checked.selection, paths), before.paths)


def _needs_git(selection: Selection) -> bool:
    return any(rule.git for rule in selection.rules)
