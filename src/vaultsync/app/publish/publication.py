"""What `vaultsync publish` writes and removes, with the manifest that tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from vaultsync.app.workspace import Workspace
from vaultsync.core.config import FILE_NAME
from vaultsync.core.output import Output, content_id, replaced
from vaultsync.infra import git, worktree
from vaultsync.publish import MANIFEST, Manifest, hash_of, read_manifest


class Committed(msgspec.Struct, frozen=True):
    """Files of the vault that are as in the commit that is checked out, and whether all are.

    `ids` are the content ids of those files as git has them.
    """

    ids: Mapping[str, str]
    dirty: bool | None


class Publication:
    """Files to be published to a folder.

    `inputs` are the files of the vault that they show, by path, each under a name for readers. A
    `whole` publication is all there shall be: what a former one made besides is removed, but for
    `kept`, which somebody changed since. One that is not leaves what it does not make.
    """

    def __init__(
        self,
        workspace: Workspace,
        folder: Path,
        files: Mapping[str, bytes],
        inputs: Mapping[str, str],
        *,
        whole: bool,
    ) -> None:
        """Read the manifest of the folder; raise `VaultError` where another program's is there."""
        self.workspace, self.folder, self.inputs = workspace, folder, inputs
        place = folder / MANIFEST
        self.former = read_manifest(worktree.read_optional(str(place)), str(place))
        made = self._manifest(files)
        manifest = made if whole else made.besides(self.former)
        self.files = {**files, MANIFEST: manifest.data()}
        gone = self.former.outputs.keys() - manifest.outputs.keys()
        there = {name: self._there(name) for name in sorted(gone)}
        stale = {name: data for name, data in there.items() if data is not None}
        self.kept = [name for name, data in stale.items() if not self.former.made(name, data)]
        self._removed = [name for name in stale if name not in self.kept]

    @cached_property
    def outputs(self) -> list[Output]:
        """What is to be written and removed."""
        wanted = {**self.files, **dict.fromkeys(self._removed)}
        found = (replaced(name, self._there(name), data) for name, data in wanted.items())
        return [output for output in found if output]

    def _there(self, name: str) -> bytes | None:
        return worktree.read_optional(str(self.folder / name))

    def _manifest(self, files: Mapping[str, bytes]) -> Manifest:
        settings = {FILE_NAME: FILE_NAME} if self.workspace.settings else {}
        names = {**settings, **self.inputs}
        committed = self._committed()
        ids = {name: committed.ids.get(path) or self._id(path) for path, name in names.items()}
        changed = [] if committed.dirty is None else [p for p in names if p not in committed.ids]
        return Manifest(
            {name: hash_of(data) for name, data in files.items()},
            ids,
            committed.dirty,
            tuple(sorted({names[path] for path in changed})),
        )

    def _id(self, path: str) -> str:
        known = self.workspace.ids.get(path)
        return known or content_id(worktree.read(self.workspace.root, path))

    def _committed(self) -> Committed:
        repo = self.workspace.repository
        if repo is None:
            return Committed({}, None)
        head = git.head(repo)
        tree = git.tree(repo, head) if head else {}
        changed = git.changed(repo, head, index=False)
        ids = {
            path: entry.id
            for path, entry in tree.items()
            # Of a link git has the id of where it leads.
            if path not in changed and entry.mode != git.SYMLINK
        }
        seen = (path for path in changed if path == FILE_NAME or self.workspace.is_shown(path))
        return Committed(ids, any(seen))
