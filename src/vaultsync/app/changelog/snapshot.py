"""The notes of a vault as they are now, to be compared with those of its commits."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from vaultsync.changelog.note_state import note_type
from vaultsync.core.config import Config
from vaultsync.core.model import Document, Vault, content_id
from vaultsync.infra import git
from vaultsync.infra.git import Repository, files


class Snapshot:
    """The vault in a repository as it is now; only notes that the changelog covers count."""

    def __init__(
        self, repo: Repository, config: Config, vault: Vault, ids: Mapping[str, str], root: str = ""
    ) -> None:
        """Bind the values; nothing is read yet.

        `ids` are the content ids of the notes, as far as they are known; `root` is the vault's
        folder if that is read, and "" for the git index.
        """
        self.repo, self.config, self._vault, self._known, self._root = (
            repo,
            config,
            vault,
            ids,
            root,
        )

    @cached_property
    def tip(self) -> str | None:
        """The commit that is checked out, None before the first one."""
        return git.head(self.repo)

    @cached_property
    def head(self) -> Mapping[str, str]:
        """The content ids of the notes in that commit."""
        return self.tree(self.tip, self.repo.prefix) if self.tip else {}

    def tree(self, rev: str, folder: str) -> dict[str, str]:
        """Return the content ids of the notes at a revision, in the folder of the vault then."""
        return {
            path: entry.id
            for path, entry in files.tree(self.repo, rev, folder).items()
            if entry.is_regular and note_type(path, self.config)
        }

    @cached_property
    def notes(self) -> Mapping[str, Document]:
        """The notes that git tracks, or would."""
        covered = {
            path: document
            for path, document in self._vault.documents.items()
            if document.kind == "note" and note_type(path, self.config)
        }
        if not self._root:
            return covered
        # A note that is as it was committed is tracked.
        fresh = [path for path in covered if self._known.get(path, "") != self.head.get(path)]
        gone = {path for path in fresh if self._linked(path)}
        unknown = [path for path in fresh if path not in self.head and path not in gone]
        gone |= files.ignored(self.repo, unknown) if unknown else set()
        return {path: document for path, document in covered.items() if path not in gone}

    def _linked(self, path: str) -> bool:
        """Whether a note on disk is behind a symbolic link, of which git tracks the link alone."""
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            self._folders[folder] = Path(self._root, folder).is_symlink() or self._linked(folder)
        return self._folders[folder] or Path(self._root, path).is_symlink()

    @cached_property
    def _folders(self) -> dict[str, bool]:
        return {"": False}

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """The content ids of the notes."""
        return {
            path: self._known.get(path) or content_id(document.text.encode())
            for path, document in self.notes.items()
        }

    def differing(self, tree: Mapping[str, str]) -> set[str]:
        """Return the paths of which a tree has another version, or alone has one or has none."""
        return {path for path, _ in tree.items() ^ self.ids.items()}
