"""Apply to the files on disk what was made from the git index."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path

from vaultsync.app.workspace import Workspace
from vaultsync.blocks.fill import Origin, copy_blocks
from vaultsync.blocks.journal import journal_in
from vaultsync.core.errors import VaultError
from vaultsync.core.output import Output, changed_output
from vaultsync.infra import worktree
from vaultsync.markdown import kind_of, parse


def onto_disk(workspace: Workspace, outputs: Iterable[Output], *origins: Origin) -> list[Output]:
    """Return outputs made from the git index as edits of the files on disk.

    Only generated blocks of these origins change there; what else differs between the index and
    the disk stays. Raises `VaultError` where the journal on disk is neither version.
    """
    edited = []
    for output in outputs:
        if kind_of(output.path) != "note":
            # The lock is made of what is staged.
            on_disk = worktree.read_optional(str(Path(workspace.root, output.path)))
            found = changed_output(output.path, on_disk, output.data)
            edited += [found] if found else []
            continue
        staged = workspace.vault.documents[output.path]
        renewed = parse(output.path, output.data or b"")
        disk_version = workspace.read(output.path)
        journals = [journal_in(d).text() for d in (disk_version, staged, renewed)]
        keeps = "history" in origins and output.path == workspace.config.changelog.note
        if keeps and journals[0] not in journals[1:]:
            raise VaultError(
                f"{output.path}: the journal on disk is not the staged one: stage the note "
                "with `git add`, or undo what is not staged"
            )
        text = copy_blocks(renewed, disk_version, *origins)
        found = changed_output(output.path, disk_version.text.encode(), text.encode())
        edited += [found] if found else []
    return edited


def refuse_partial(workspace: Workspace, outputs: Iterable[Output]) -> None:
    """Raise `VaultError` for notes to write that hold more on disk than is staged.

    Generated blocks do not count, nor how lines end.
    """
    partial = []
    for output in (one for one in outputs if kind_of(one.path) == "note"):
        renewed, disk_version = parse(output.path, output.data or b""), workspace.read(output.path)
        text = copy_blocks(renewed, disk_version, "tree", "history")
        if disk_version.error or _lines(text) != _lines(renewed.text):
            partial.append(workspace.from_top(output.path))
    if partial:
        names = " ".join(map(shlex.quote, partial))
        raise VaultError(
            f"{names}: has changes that are not staged, and the commit needs new lists there: "
            f"stage the changes too (git add {names}), or put them aside until it is made "
            "(git stash push --keep-index); nothing was written"
        )


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n")
