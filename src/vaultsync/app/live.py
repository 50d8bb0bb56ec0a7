"""A vault that stays open, as in an editor: the texts that are typed lie over the files on disk."""

from __future__ import annotations

from vaultsync.app.checking import (
    Kept,
    as_configured,
    cache_state,
    check_again,
    check_vault,
    differing,
    make_context,
    start_git,
)
from vaultsync.app.create import Created, Idea, new_note, note_type, same_notes
from vaultsync.app.workspace import Workspace
from vaultsync.core.config import NoteType
from vaultsync.core.errors import VaultsyncError
from vaultsync.core.memo import Memo
from vaultsync.core.model import Document, Vault
from vaultsync.infra.clock import today
from vaultsync.infra.workers import Report, shared
from vaultsync.lint.baseline import Baseline
from vaultsync.lint.context import Context, untracked_files
from vaultsync.lint.engine import Checked, Selection
from vaultsync.lint.link_graph import forget_documents
from vaultsync.markdown import kind_of, parse
from vaultsync.notes.note import DRAFT

# After so many checks what none of them used is dropped: notes as they were before an edit.
_ROUND = 50
# After so many the names that were typed are dropped, each of which takes more time to find again.
_MANY = 1000


class LiveVault:
    """The state of a vault, kept up to date with what is typed and with what is on disk.

    `problem` is why the vault or its settings on disk cannot be read, so that what was read last
    holds; "" where they can. `progress` is called with how many of how many files are read.
    """

    def __init__(self, root: str) -> None:
        """Bind the folder; nothing is read yet."""
        self.root, self.problem = root, ""
        self.progress: Report | None = None
        self._memo, self._checks = Memo(shared), 0
        self._texts: dict[str, Document] = {}
        self._changed: set[str] = set()
        self._is_stale = True
        # What was read last: the files, the rules and the baseline, and what a check needs.
        self._workspace: Workspace | None = None
        self._first: Workspace | None = None
        self._rules: tuple[Selection, Baseline | None] | None = None
        self._context: Context | None = None
        self._checked: Checked | None = None
        self._kept: Kept | None = None
        self._untracked = frozenset[str]()

    def holds(self, path: str) -> bool:
        """Whether a text at a path would be a document of the vault."""
        workspace = self._read()
        left_out = tuple(f"{one.rstrip('/')}/" for one in workspace.left_out)
        shown = kind_of(path) is not None and workspace.is_shown(path)
        return shown and not f"{path}/".startswith(left_out)

    def new_note(self, type_name: str, idea: Idea) -> Created:
        """Return a note of a type, which is not written yet; raise `VaultError` if none can be."""
        workspace, vault = self._read(), self.check().context.vault
        config, files = workspace.config, workspace.shown.union(self._texts)
        kind = note_type(config, type_name)
        output = new_note(config, type_name, idea, self.template(kind), files, today())
        return Created(output, DRAFT in kind.states, same_notes(idea, vault, config))

    def template(self, kind: NoteType) -> str | None:
        """Return the text that a new note of a type starts from; None where it names none."""
        return self._read().read_text(kind.template) if kind.template else None

    @property
    def outside(self) -> frozenset[str]:
        """The documents behind links that lead out of the vault, which are not to be written."""
        return frozenset(self._read().outside)

    def write(self, path: str, text: str) -> None:
        """Put a text that is typed over the file at a path."""
        self._texts[path] = parse(path, text)
        self._changed.add(path)

    def drop(self, path: str) -> None:
        """Let the file at a path count again."""
        if self._texts.pop(path, None):
            self._changed.add(path)
            self._is_stale = True

    def expect_changes(self) -> None:
        """Look at the files before the next check."""
        self._is_stale = True

    def check(self) -> Checked:
        """Return the state of now.

        Raises `VaultsyncError` where the vault cannot be read, and nothing of it is known.
        """
        workspace, context = self._read(), self._context
        assert self._checked is not None  # noqa: S101 - it was read
        context = context or self._checked.context
        if self._changed or context is not self._checked.context:
            on_disk = workspace.documents
            documents = {p: self._texts.get(p) or on_disk.get(p) for p in self._changed}
            files = workspace.shown.union(self._texts)
            context = context.with_vault(context.vault, untracked=self._untracked_now(workspace))
            self._checked = check_again(self._checked, context, documents, files)
            self._changed, self._context = set(), None
            forget_documents()
            self._checks += 1
            if self._checks % _ROUND == 0:
                self._memo.end_round()
            if self._checks % _MANY == 0:
                self._checked.context.forget()
        return self._checked

    @property
    def is_kept(self) -> bool:
        """Whether there is nothing to `keep`."""
        return self._kept is None

    def keep(self) -> None:
        """Cache the first state for the next start, and load what later changes are compared with.

        What the cache has of earlier texts may be gone later.
        """
        if self._kept and self._first:
            cache_state(self._first, self._kept)
            self._first.vault.documents.values()
            self._first.close()
            self._kept = None

    def _untracked_now(self, workspace: Workspace) -> frozenset[str]:
        """Return the files that git does not track, those among them that are not saved yet."""
        unsaved = frozenset(self._texts) - workspace.shown
        if not (unsaved and self._rules and any(rule.git for rule in self._rules[0].rules)):
            return self._untracked
        return self._untracked | untracked_files(Vault({}, unsaved), workspace.tracked)

    def _read(self) -> Workspace:
        """Return the files as they are now, if they may have changed, else as they were read."""
        if self._workspace and not self._is_stale:
            return self._workspace
        workspace = Workspace(self.root, progress=self.progress, former=self._memo)
        try:
            self._take(workspace)
            self.problem = ""
        except VaultsyncError as error:
            if self._workspace is None:
                raise
            self.problem = str(error)
            self._take_with_last_settings(workspace)
        self._is_stale = False
        return self._workspace or workspace

    def _take_with_last_settings(self, workspace: Workspace) -> None:
        last = self._workspace
        if last:
            vars(workspace).clear()
            vars(workspace).update(settings=last.settings, config=last.config)
            try:
                self._take(workspace, self._rules)
            except VaultsyncError as error:
                self.problem = str(error)

    def _take(
        self, workspace: Workspace, rules: tuple[Selection, Baseline | None] | None = None
    ) -> None:
        selection, baseline = rules or as_configured(workspace)
        start_git(workspace, selection)
        last, checked = self._workspace, self._checked
        same = self._rules and (selection, _settings(workspace)) == (
            self._rules[0],
            last and _settings(last),
        )
        if same and last and checked:
            # States are comparable where their settings are the very same.
            vars(workspace)["config"] = last.config
            before, now = last.documents.ids, workspace.documents.ids
            changed = differing(before, now, checked.results, workspace.vault)
            changed |= last.shown ^ workspace.shown
            workspace.documents.load(changed)
            self._context = make_context(workspace, selection, baseline)
            self._untracked = self._context.untracked
            self._changed |= changed
            # All other documents are those of the first look, whose cache stays open.
            workspace.close()
        else:
            self._kept = check_vault(workspace, selection, baseline).kept
            self._first = workspace
            self._checked, self._context = self._kept.checked, None
            self._untracked = self._kept.checked.context.untracked
            self._changed = set(self._texts)
        self._workspace, self._rules = workspace, (selection, baseline)


def _settings(workspace: Workspace) -> tuple[object, ...]:
    """Return that for which all notes have to be checked again."""
    one, config = workspace, workspace.config
    facts = one.config_text, config.exclude, config.lint.per_file_severity
    return *facts, one.obsidian_types, one.is_obsidian, one.absent, one.source_lock
