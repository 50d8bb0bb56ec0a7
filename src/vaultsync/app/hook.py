"""Check and complete what is about to be committed, and install git's hooks that do so."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import msgspec

from vaultsync.app.changelog.record import record_changes
from vaultsync.app.checking import check_as_configured
from vaultsync.app.index import IndexResult, index
from vaultsync.app.lint import LintOptions, LintResult, lint
from vaultsync.app.staging import onto_disk, refuse_partial
from vaultsync.app.workspace import Workspace
from vaultsync.blocks.journal import journal_block
from vaultsync.core.errors import VaultError
from vaultsync.core.output import Output, changed_output
from vaultsync.infra import git, worktree
from vaultsync.infra.git import write
from vaultsync.infra.git.files import changed

HOOKS = ("pre-commit", "pre-merge-commit")
_OURS = b"# Written by `vaultsync init --hook`"


class CommitCheck(msgspec.Struct, frozen=True):
    """What a commit lacks, and what is found in it.

    `workspace` is the vault as it is staged. `outputs` are the notes of which it needs other
    versions; `completed` is the vault with these, and `indexed` and `linted` are about that one.
    """

    workspace: Workspace
    completed: Workspace
    outputs: list[Output]
    indexed: IndexResult
    linted: LintResult

    @property
    def repository(self) -> git.Repository:
        """The repository, with the index that is committed."""
        return self.workspace.need_repository("the hook")


def open_index(workspace: Workspace) -> Workspace | None:
    """Return the vault as it is staged; None if a commit changes nothing of it.

    Where nothing is being committed, as under `pre-commit run --all-files`, all that is found in
    the index counts, not only what is new.
    """
    repo = workspace.need_repository("the hook")
    committing = repo.index is not None
    if committing and not changed(repo, git.head(repo), index=True):
        return None
    return workspace.with_index(repo, whole=not committing)


def check_commit(workspace: Workspace) -> CommitCheck:
    """Refresh the lists and the changelog of what is staged, and check the result.

    Nothing is written, neither on disk nor in the index.
    """
    repo, current = workspace.need_repository("the hook"), workspace
    with write.copied_index(repo) as copy:
        check = check_as_configured(workspace)
        indexed = index(workspace, check)
        current = _staged(copy, current, indexed.outputs)
        outputs = {output.path: output for output in indexed.outputs}
        if _has_journal(current):
            recorded = record_changes(current)
            current = _staged(copy, current, recorded)
            outputs |= {output.path: output for output in recorded}
        known = check if current is workspace else None
        linted = lint(LintOptions(staged=True), current, known)
    return CommitCheck(workspace, current, list(outputs.values()), indexed, linted)


def written(check: CommitCheck) -> list[Output]:
    """Return the outputs as edits of the notes on disk, of which no other text changes."""
    return onto_disk(check.workspace, check.outputs, "tree", "history")


def refuse_staging(check: CommitCheck) -> None:
    """Raise `VaultError` where what a commit needs cannot be staged with nothing else."""
    index = Path(check.repository.index or "").name
    if check.outputs and index.startswith("next-index-"):
        paths = ", ".join(check.workspace.from_top(output.path) for output in check.outputs)
        raise VaultError(
            f"{paths}: the commit needs new lists there, and they cannot be staged for `git commit "
            "PATH`, which has an index of its own: run `git add PATH`, then `git commit` without "
            "the path; nothing was written"
        )
    refuse_partial(check.workspace, check.outputs)


def stage(check: CommitCheck) -> None:
    """Stage the outputs, as they were checked."""
    if not check.outputs:
        return
    entries = check.completed.entries
    write.stage(check.repository, {output.path: entries[output.path] for output in check.outputs})


def _has_journal(workspace: Workspace) -> bool:
    """Whether there is a journal, or a note of which that is not known."""
    document = workspace.vault.documents.get(workspace.config.changelog.note)
    return document is not None and bool(document.error or journal_block(document))


def _staged(copy: git.Repository, workspace: Workspace, outputs: list[Output]) -> Workspace:
    """Return the vault with these outputs staged in the copy of its index."""
    if not outputs:
        return workspace
    ids = write.add_blobs(copy, [output.data or b"" for output in outputs])
    entries = {
        output.path: msgspec.structs.replace(workspace.entries[output.path], id=blob)
        for output, blob in zip(outputs, ids, strict=True)
    }
    write.stage(copy, entries)
    return workspace.with_index(copy, whole=workspace.whole)


def install_hooks(root: str) -> list[str]:
    """Write git's hooks for the vault at `root`, and return those that changed.

    A hook that is there already is kept beside ours, which runs it. Raises `VaultError` where
    hooks are in a folder of the user's, or another vault or hook is in the way.
    """
    workspace = Workspace(root)
    repo = workspace.need_repository("`--hook`")
    folder, own = write.git_path(repo, "hooks"), write.git_path(repo, "config").with_name("hooks")
    words = {"PYTHON": shlex.quote(sys.executable), "VAULT": shlex.quote(workspace.from_top("."))}
    if os.path.realpath(folder) != os.path.realpath(own):
        raise VaultError(
            f"{folder}: `core.hooksPath` names this folder: write into its {' and '.join(HOOKS)}: "
            f"vaultsync --vault {words['VAULT']} hook --add || exit"
        )
    found = [_hook(folder, name, words) for name in HOOKS]
    stale = [(file, text) for file, text in found if text != worktree.read_optional(str(file))]
    for file, text in stale:
        _keep(file)
        base = worktree.read_optional(str(file))
        worktree.write(str(folder), list(filter(None, [changed_output(file.name, base, text)])))
        file.chmod(0o755)
    return [str(file) for file, _ in stale]


def _hook(folder: Path, name: str, words: Mapping[str, str]) -> tuple[Path, bytes]:
    """Return the file for a hook, and its text; raise `VaultError` where it cannot be written."""
    script = (resources.files("vaultsync") / "hook.sh").read_text()
    for word, value in {**words, "NAME": name}.items():
        script = script.replace(f"@{word}@", value)
    # Pre-commit moves a hook there that it finds, and runs it first.
    file = next(filter(_is_ours, [folder / name, folder / f"{name}.legacy"]), folder / name)
    vault = f"vault={words['VAULT']}\n".encode("utf-8", "surrogateescape")
    if _is_ours(file) and vault not in file.read_bytes():
        raise VaultError(
            f"{file}: another vault has this hook: add a line to it: "
            f"vaultsync --vault {words['VAULT']} hook --add || exit"
        )
    if os.path.lexists(_kept(file)) and os.path.lexists(file) and not _is_ours(file):
        raise VaultError(f"{_kept(file)}: a hook is kept there already: join the two in one file")
    return file, script.encode("utf-8", "surrogateescape")


def _keep(file: Path) -> None:
    """Move a hook that is not ours out of the way."""
    if os.path.lexists(file) and not _is_ours(file):
        file.rename(_kept(file))


def _kept(file: Path) -> Path:
    return file.with_name(f"{file.name}.before")


def _is_ours(file: Path) -> bool:
    return _OURS in (worktree.read_optional(str(file)) or b"")
