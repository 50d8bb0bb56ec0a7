"""Check a vault and fix it, as the options of `vaultsync lint` request."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec.structs import replace

from vaultsync.app.checking import (
    Kept,
    VaultCheck,
    cache_state,
    check_again,
    check_vault,
    start_git,
)
from vaultsync.app.workspace import Workspace, inside
from vaultsync.blocks.context import format_count
from vaultsync.core.config import FILE_NAME, matches_glob
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document
from vaultsync.core.output import Output, changed_output
from vaultsync.infra import worktree
from vaultsync.lint import engine
from vaultsync.lint.baseline import baseline_bytes
from vaultsync.lint.engine import Checked, Diagnostic
from vaultsync.markdown import kind_of, parse


class LintOptions(msgspec.Struct, frozen=True):
    """The options, by their names on the command line."""

    paths: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    staged: bool = False
    since: str | None = None
    no_cache: bool = False
    baseline: str | None = None
    no_baseline: bool = False
    write_baseline: bool = False
    exclude: tuple[str, ...] = ()


class LintResult(msgspec.Struct, frozen=True):
    """What is found, and the fixed notes, which are not written yet.

    `checked` is the state that the findings are about: the fixed one, or with `diff` the one
    before. `scope` is what was checked, if that was not the vault: "2 files changed". `fixed` is
    how many findings are gone.
    """

    checked: Checked
    findings: list[Diagnostic]
    outputs: list[Output]
    scope: str | None = None
    fixed: int = 0


def lint(
    options: LintOptions,
    workspace: Workspace,
    check: VaultCheck | None = None,
    text: bytes | None = None,
) -> LintResult:
    """Check the notes that the options name, and fix them if that is wanted.

    `check` is that of the vault with its settings, where it is known and the options change none.
    `text` is that of the one note named, instead of what is on disk.

    Raises `ConfigError` for rules that do not exist, `GitError` for a revision that does not, and
    `VaultError` for paths that match nothing.
    """
    selection = select_rules(options, workspace)
    start_git(workspace, selection)
    document = None if text is None else parse(inside(workspace.root, options.paths[0]), text)
    wanted = [document.path] if document else workspace.select(options.paths)
    with workspace.placed_problems():
        _refuse_emptiness(workspace, selection, wanted, options.exclude)
    path = baseline_path(workspace, options.baseline)
    baseline = workspace.baseline(path) if path and not options.no_baseline else None
    check = check or check_vault(workspace, selection, baseline)
    kept = check.kept
    if document:
        check = VaultCheck(Kept(_with_document(check.checked, document), None))
    scope = _Scope(check, wanted, options.exclude)
    if options.fix or options.diff:
        result = _fixed(options, check, scope, frozenset(workspace.outside))
    else:
        result = LintResult(check.checked, scope.reported(check.introduced(wanted)), [])
    findings = [engine.with_suggestion(one, result.checked.context) for one in result.findings]
    if not options.fix:
        cache_state(workspace, kept)
    return replace(result, findings=findings, scope=scope.summary(findings))


def _with_document(checked: Checked, document: Document) -> Checked:
    """Return the state in which a document is another, or a new one."""
    path, files = document.path, checked.context.vault.files
    if kind_of(path) is None:
        raise VaultError(f"{path}: this is not a note: its name has to end in .md")
    return check_again(checked, checked.context, {path: document}, files | {path})


def write_baseline(options: LintOptions, workspace: Workspace) -> tuple[Path, list[Output], int]:
    """Return the folder and the output of a baseline of all findings, and their number."""
    # It may be outside the vault, as at the top of a repository.
    file = Path(workspace.root, baseline_path(workspace, options.baseline))
    checked = check_vault(workspace, select_rules(options, workspace)).checked
    found = engine.report(checked, complete=True)
    settings = checked.context.settings_files
    noted = (one for one in found if one.path in workspace.vault.files and one.path not in settings)
    counts = engine.known(noted)
    output = changed_output(file.name, worktree.read_optional(str(file)), baseline_bytes(counts))
    return file.parent, [output] if output else [], counts.total()


def select_rules(options: LintOptions, workspace: Workspace) -> engine.Selection:
    """Return the rules that the settings select, unless the options name others."""
    settings = workspace.config.lint
    select, ignore = _words(options.select), _words(options.ignore)
    engine.named("--select", select)
    engine.named("--ignore", ignore)
    if select:
        # A rule that is named on the command line runs, whatever the settings leave out.
        levels = {word: level for word, level in settings.severity.items() if level != "off"}
        settings = replace(settings, select=select, extend_select=(), ignore=(), severity=levels)
    if ignore:
        settings = replace(settings, ignore=(*settings.ignore, *ignore))
    with workspace.placed_problems():
        return engine.select(settings, in_git=workspace.in_git)


def _words(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(word.strip() for value in values for word in value.split(","))


def baseline_path(workspace: Workspace, named: str | None = None) -> str:
    """Return the path of the baseline in the vault: as it is named, or as in the settings.

    "" where there is none. Raises `VaultError` where it is outside the vault and its repository.
    """
    path = workspace.config.lint.baseline
    if named is not None:
        place = Path(named).absolute()
        place = place.parent.resolve() / place.name
        path = os.path.relpath(place, workspace.root).replace(os.sep, "/")
    if path and workspace.from_top(path).startswith("../"):
        # A report could not name it.
        raise VaultError(f"{named or path}: is neither in the vault nor in its repository")
    return path


def _refuse_emptiness(
    workspace: Workspace,
    selection: engine.Selection,
    wanted: list[str] | None,
    excluded: Iterable[str],
) -> None:
    """Raise `VaultError` where the settings leave nothing of what is to be checked."""
    paths = workspace.vault.documents if wanted is None else wanted
    exclude = (*workspace.config.exclude, *_words(excluded))
    if paths and exclude and all(matches_glob(path, exclude) for path in paths):
        source = "--exclude" if excluded else f"{FILE_NAME}: `exclude`"
        raise VaultError(f"{source} leaves no note to check")
    if paths and not any(selection.at(p).rules for p in paths if not matches_glob(p, exclude)):
        raise VaultError(f"{FILE_NAME}: `lint.per-file-ignores` leaves no rule to run")


class _Scope:
    """The notes at some paths (None: all), or of them what changed since an earlier version."""

    def __init__(
        self, check: VaultCheck, paths: list[str] | None, exclude: Iterable[str] = ()
    ) -> None:
        """Bind the values."""
        self._checked, self.named, self._exclude = check.checked, paths, _words(exclude)
        # With other settings every note counts as changed.
        self._earlier = [(one.checked, one.paths) for one in check.earlier if one.checked]

    @property
    def paths(self) -> list[str] | None:
        """The files of which everything is reported; None is all files."""
        if self.named is None and not self._earlier and not self._exclude:
            return None
        states = [self._checked, *(checked for checked, _ in self._earlier)]
        files = frozenset[str]().union(*(one.context.vault.files for one in states))
        files = files.intersection(*(paths for _, paths in self._earlier))
        files = files if self.named is None else files.intersection(self.named)
        return sorted(path for path in files if not matches_glob(path, self._exclude))

    def reported(self, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Return the findings but those in files that `--exclude` names."""
        return [one for one in found if not matches_glob(one.path, self._exclude)]

    def summary(self, found: Iterable[Diagnostic]) -> str | None:
        """Return how many files are reported on; None where nothing is compared."""
        if not self._earlier:
            return None
        paths = self.paths or ()
        others = {diagnostic.path for diagnostic in found}.difference(paths)
        parts = [f"{format_count(len(paths), 'file')} changed"] if paths else []
        parts += [f"{format_count(len(others), 'other note')} affected"] if others else []
        return ", ".join(parts) or "no note is affected"


def _fixed(
    options: LintOptions, check: VaultCheck, scope: _Scope, outside: frozenset[str]
) -> LintResult:
    """Fix the notes, and return what is left; what is `outside` the vault is not written."""
    documents, paths = check.checked.context.vault.documents, scope.paths
    before = scope.reported(check.introduced(scope.named))
    if outside:
        paths = [path for path in (documents if paths is None else paths) if path not in outside]
    fixed = engine.fix(check.checked, paths, unsafe=options.unsafe_fixes)
    outputs = [
        changed_output(path, documents[path].text.encode(), text.encode())
        for path, text in sorted(fixed.texts.items())
    ]
    found = scope.reported(check.introduced(scope.named, fixed.checked))
    checked, gone = fixed.checked, engine.gone(before, found)
    if options.diff:
        # What no fix mends, with its place in the notes as they are.
        still = {diagnostic.identity for diagnostic in found}
        found = [one for one in before if one.identity in still]
        checked = check.checked
    changed = [output for output in outputs if output]
    return LintResult(checked, fixed.marked(found), changed, fixed=gone)
