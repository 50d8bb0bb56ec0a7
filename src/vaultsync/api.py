"""The Python interface: open a vault, lint it, resolve links, read notes, publish.

Its names and their meaning are stable; those of other modules may change with any version.
`docs/api.md` has examples.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from os import PathLike
from typing import TYPE_CHECKING, NamedTuple, Self

from vaultsync.app.find_vault import find_vault
from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import ConfigError, VaultError, VaultsyncError
from vaultsync.markdown.links import split_wikilink
from vaultsync.notes.body import Body
from vaultsync.notes.link_index import has_subpath
from vaultsync.notes.note import typed_notes

if TYPE_CHECKING:
    import frontmatter

    from vaultsync.lint.rule import Diagnostic

__all__ = ["Resolution", "Vault", "VaultNote", "VaultsyncError", "open_vault"]


class Resolution(NamedTuple):
    """The files that a link may lead to: Obsidian opens the first of the `candidates`.

    `subpath_found` is whether the heading or block exists there; None where the link names none.
    """

    candidates: tuple[str, ...]
    subpath_found: bool | None = None

    @property
    def path(self) -> str | None:
        """The path of the file that the link leads to, None for a broken link."""
        return self.candidates[0] if self.candidates else None


class VaultNote(NamedTuple):
    """A readable note that has a type.

    `post` has its properties as `metadata` and its Markdown as `content`; `frontmatter.dumps`
    writes it as Obsidian reads it. `body` is the content as the type describes it: the lead, and
    the items of its sections.
    """

    path: str
    type: str
    title: str
    post: frontmatter.Post
    body: Body


class Vault:
    """A vault as it is when it is first read; open it again to see later changes.

    Use it in a `with`, or `close` it. Every method may raise `VaultsyncError`.
    """

    def __init__(self, workspace: Workspace) -> None:
        """Bind the workspace; nothing is read yet."""
        self._workspace = workspace

    def __enter__(self) -> Self:
        """Use the vault in a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it at the end."""
        self.close()

    def close(self) -> None:
        """Close the cache. What is read later is parsed."""
        self._workspace.close()

    @property
    def root(self) -> str:
        """The absolute path of the vault."""
        return self._workspace.root

    def lint(self, *, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> list[Diagnostic]:
        """Return the findings that `vaultsync lint` reports, by path and place.

        `select` and `ignore` are rules by code, prefix of a code or name.
        """
        from vaultsync.app.lint import LintOptions, lint

        options = LintOptions(select=tuple(select), ignore=tuple(ignore))
        return lint(options, self._workspace).findings

    def resolve(self, source: str, target: str) -> Resolution:
        """Resolve a link in the file `source` to `target`, as in `[[target#heading]]`."""
        name, subpath, *_ = split_wikilink(target)
        candidates = tuple(self._workspace.context.index.resolve(name, source))
        document = self._workspace.vault.documents.get(candidates[0]) if candidates else None
        if not subpath or document is None:
            return Resolution(candidates, False if subpath else None)
        return Resolution(candidates, has_subpath(document, subpath))

    def notes(self) -> list[VaultNote]:
        """Return the typed notes of the vault by path, drafts and private ones too."""
        import frontmatter

        from vaultsync.markdown.frontmatter.handler import ObsidianHandler

        found = []
        for note in typed_notes(self._workspace.vault, self._workspace.config):
            document = note.document
            post = frontmatter.Post(document.text[document.body :].strip(), ObsidianHandler())
            post.metadata = dict(document.properties.data)
            found.append(VaultNote(note.path, note.type_name, note.title, post, note.body))
        return found

    def publish(self, targets: Iterable[str]) -> dict[str, bytes]:
        """Return the files of the post for some targets, by name; nothing is written.

        Raises `VaultError` where a note of the post has an error, and `ConfigError` for a target
        that does not exist.
        """
        from vaultsync.app.publish import make_post
        from vaultsync.core.config import did_you_mean
        from vaultsync.publish import TARGETS

        wanted = tuple(targets)
        for name in wanted:
            if name not in TARGETS:
                raise ConfigError(f"there is no target `{name}`{did_you_mean(name, TARGETS)}")
        post = make_post(self._workspace, wanted)
        errors = [(one.path, one.start[0], one.message) for one in post.findings]
        errors += [(one.path, one.line, one.message) for one in post.errors]
        if errors:
            path, line, message = min(errors)
            count = f", the first of {len(errors)} errors" if len(errors) > 1 else ""
            raise VaultError(f"{path}:{line}: {message}{count}")
        return dict(post.files)


def open_vault(path: str | PathLike[str], *, cache: bool = True) -> Vault:
    """Open the vault in a folder; with `cache`, what earlier runs read is not read again.

    Raises `VaultError` where there is no such folder.
    """
    return Vault(Workspace(find_vault(".", str(path)), cached=cache))
