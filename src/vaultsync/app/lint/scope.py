"""What a run of the linter reports on: notes that are named, or what a change is answerable for."""

from __future__ import annotations

from collections.abc import Iterable

from vaultsync.app.revisions import earlier
from vaultsync.app.workspace import Workspace
from vaultsync.blocks import counted
from vaultsync.lint import engine
from vaultsync.lint.context import Context
from vaultsync.lint.impact import Change, answerable


class Scope:
    """The notes at some paths (None: all), or of them what changed since an earlier version."""

    def __init__(self, workspace: Workspace, paths: list[str] | None) -> None:
        """Bind the values; raise `GitError` if there is no such version."""
        self.root, self.from_top = workspace.root, workspace.from_top
        self._earlier, self._paths = earlier(workspace), paths
        # With other settings every note is another one.
        self._limited = any(not version.resettled for version in self._earlier)
        self._files = workspace.vault.files.union(*(v.vault.files for v in self._earlier))

    def check(self, context: Context, selection: engine.Selection) -> list[engine.Diagnostic]:
        """Return what is reported of a version of the vault."""
        if not self._limited:
            return engine.check(context, selection, self._paths)
        return answerable(self._changes(context), selection, self._paths)

    def _changes(self, context: Context) -> list[Change]:
        return [
            Change(
                Context(
                    version.vault,
                    context.config,
                    types=version.types,
                    tracked=None if context.tracked is None else version.tracked,
                    baseline=context.baseline,
                    alone=context.alone,
                ),
                context,
                version.paths,
                version.resettled,
            )
            for version in self._earlier
        ]

    @property
    def paths(self) -> list[str] | None:
        """The files of which everything is reported; None is all files."""
        if not self._limited:
            return self._paths
        files = self._files if self._paths is None else self._files.intersection(self._paths)
        changed = (version.paths for version in self._earlier if not version.resettled)
        return sorted(files.intersection(*changed))

    def said(self, found: Iterable[engine.Diagnostic]) -> str | None:
        """Return how many files are reported on; None where that is no question of a change."""
        if not self._limited:
            return None
        paths = self.paths or ()
        others = {diagnostic.path for diagnostic in found}.difference(paths)
        parts = [f"{counted(len(paths), 'file')} changed"] if paths else []
        parts += [f"{counted(len(others), 'other note')} affected"] if others else []
        return ", ".join(parts) or "no note is affected"
