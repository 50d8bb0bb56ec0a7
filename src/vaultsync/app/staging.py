"""Apply to the files on disk what was made from the git index."""

from __future__ import annotations

from collections.abc import Iterable

from vaultsync.app.workspace import Workspace
from vaultsync.blocks.fill import Origin, copy_blocks
from vaultsync.blocks.journal import journal_in
from vaultsync.core.errors import VaultError
from vaultsync.core.output import Output, changed_output
from vaultsync.markdown import parse


def onto_disk(workspace: Workspace, outputs: Iterable[Output], origin: Origin) -> list[Output]:
    """Return outputs made from the git index as edits of the files on disk.

    Only generated blocks of one origin change there; what else differs between the index and
    the disk stays. Raises `VaultError` where the journal on disk is neither version.
    """
    edited = []
    for output in outputs:
        staged = workspace.vault.documents[output.path]
        renewed = parse(output.path, output.data or b"")
        disk_version = workspace.read(output.path)
        journals = [journal_in(d).text() for d in (disk_version, staged, renewed)]
        keeps = origin == "history" and output.path == workspace.config.changelog.note
        if keeps and journals[0] not in journals[1:]:
            raise VaultError(
                f"{output.path}: the journal on disk is not the staged one: stage the note "
                "with `git add`, or undo what is not staged"
            )
        text = copy_blocks(renewed, disk_version, origin)
        found = changed_output(output.path, disk_version.text.encode(), text.encode())
        edited += [found] if found else []
    return edited
