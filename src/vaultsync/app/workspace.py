"""An open vault: where it is, its settings, its notes and the repository that it is in.

`earlier` returns what it was at a revision, or before the commit that is being made.
"""

from __future__ import annotations

import json
import os
import posixpath
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path, PurePath, PurePosixPath
from shlex import quote
from typing import Any

import msgspec

from vaultsync.app.find_vault import is_vault
from vaultsync.blocks.context import Context
from vaultsync.core.config import FILE_NAME, Config, Level, PathFilter
from vaultsync.core.errors import GitError, VaultError, VaultsyncError
from vaultsync.core.memo import Memo
from vaultsync.core.model import Document, Overlay, Vault
from vaultsync.infra import git, worktree
from vaultsync.infra.cache import Cache, FileCache, open_cache
from vaultsync.infra.git import files as git_files
from vaultsync.infra.git import snapshots
from vaultsync.infra.loader import Documents, from_disk
from vaultsync.infra.workers import Report, shared, together
from vaultsync.lint.baseline import Baseline, read_baseline
from vaultsync.markdown import kind_of, parse
from vaultsync.markdown.frontmatter.values import TYPES_FILE, read_types
from vaultsync.notes import source_lock
from vaultsync.notes.source_lock import SourceLock

APP_FILE = ".obsidian/app.json"
# The settings that name a folder of templates, each with its key.
_TEMPLATE_FOLDERS = {
    ".obsidian/templates.json": "folder",
    ".obsidian/plugins/templater-obsidian/data.json": "templates_folder",
}
# The families of rules about what a template may lack; others hold there too.
_TEMPLATE_HINTS = ("PRP", "LNK", "BDY", "SRC", "TAG")


class Workspace(msgspec.Struct, dict=True, eq=False):
    """A vault at `root`, read from the work tree or, when `staged`, from the git index.

    `since` is a revision with which it is compared; the index is compared with HEAD without it, or
    with nothing when `whole`, so that all that is found counts.
    With `cached`, facts that earlier runs read come from the cache, and new ones go there.
    `progress` is called with how many of how many files are read. `former` is the memo of this
    process, if it opened the vault before. Nothing is read before it is used.
    """

    root: str
    staged: bool = False
    since: str | None = None
    whole: bool = False
    cached: bool = True
    progress: Report | None = None
    former: Memo | None = None

    def with_index(self, repository: git.Repository, *, whole: bool) -> Workspace:
        """Return the vault as the index of a repository has it, with the same cache."""
        other = msgspec.structs.replace(self, staged=True, whole=whole)
        vars(other).update(repository=repository, cache=self.cache)
        return other

    @cached_property
    def settings(self) -> Document | None:
        """The text of `vaultsync.toml`, None where there is none."""
        data = self.optional(FILE_NAME)
        return None if data is None else Document(FILE_NAME, "settings", _text(FILE_NAME, data))

    @cached_property
    def config(self) -> Config:
        """The settings; the defaults where there is no `vaultsync.toml`.

        What Obsidian excludes is excluded too, and what is found in templates is a hint.
        """
        config = Config()
        if self.settings:
            # It imports what reads TOML.
            from vaultsync.core.config.read import load_config

            config = load_config(self.config_text)
        hints: dict[str, Level] = dict.fromkeys(_TEMPLATE_HINTS, "hint")
        severities: dict[str, dict[str, Level]] = dict.fromkeys(self.template_folders, hints)
        severities |= config.lint.per_file_severity
        return msgspec.structs.replace(
            config,
            exclude=(*config.exclude, *self.ignored),
            lint=msgspec.structs.replace(config.lint, per_file_severity=severities),
        )

    @cached_property
    def ignored(self) -> tuple[PathFilter, ...]:
        """The files that Obsidian excludes from search, graph and bases (`app.json`)."""
        return _ignored(self._of_obsidian(APP_FILE))

    @property
    def template_folders(self) -> list[PathFilter]:
        """The folders of templates, of Obsidian's own plugin and of Templater."""
        named = (_json(self._of_obsidian(path)).get(key) for path, key in _TEMPLATE_FOLDERS.items())
        folders = [name.strip("/") for name in named if isinstance(name, str)]
        return [PathFilter(f"{folder}/") for folder in folders if folder]

    @cached_property
    def config_text(self) -> str:
        """The text of `vaultsync.toml`; empty where there is none."""
        return self.settings.text if self.settings else ""

    @contextmanager
    def placed_problems(self) -> Iterator[None]:
        """Raise an error about the settings with the place in them that it is about."""
        try:
            yield
        except VaultsyncError as error:
            # Only where something is wrong.
            from vaultsync.core.config.places import with_places

            raise type(error)(*with_places(error.args, self.config_text)) from None

    def baseline(self, path: str) -> Baseline:
        """Return the baseline at a path; raise `VaultError` where it cannot be read."""
        path = posixpath.normpath(path)
        data = self.optional(path)
        if data is None:
            raise VaultError(
                f"{path}: there is no such baseline: write it with `vaultsync lint "
                "--write-baseline`, or do without with --no-baseline"
            )
        return read_baseline(path, data)

    @cached_property
    def obsidian_types(self) -> Mapping[str, str]:
        """The types of properties in Obsidian; empty where its file is not JSON."""
        return read_types(self._of_obsidian(TYPES_FILE))

    @cached_property
    def source_lock(self) -> SourceLock:
        """What `sources.lock` knows of the sources; empty where there is none."""
        data = self.optional(source_lock.NAME)
        return source_lock.parse_source_lock(data) if data else {}

    @property
    def has_changed_sources(self) -> bool:
        """Whether a source changed since it was first looked up."""
        return any(one.is_revised for one in self.source_lock.values())

    @cached_property
    def is_obsidian(self) -> bool:
        """Whether Obsidian opened this folder as a vault."""
        return Path(self.root, ".obsidian").is_dir()

    def is_shown(self, path: str) -> bool:
        """Whether a file is in Obsidian's vault, whatever its type: links can lead to it."""
        return not (path.startswith(".") or "/." in path)

    def _of_obsidian(self, path: str) -> bytes | None:
        """Return the bytes of a file of Obsidian; None where there is none in the vault.

        Some people have one folder `.obsidian` for several vaults, and links to it in each.
        """
        return None if worktree.leads_out(self.root, path) else self.optional(path)

    def optional(self, path: str) -> bytes | None:
        """Return the bytes of a file of the vault, None where there is none."""
        if self.staged and path in self.entries:
            repository = self.need_repository("`--staged`")
            return git_files.read_files(repository, {path: self.entries[path]})[path]
        # A baseline may be named outside the vault; no link leads out of it.
        if not path.startswith("../") and worktree.leads_out(self.root, path):
            raise VaultError(f"{path}: it leads out of the vault: put a copy in its place")
        return worktree.read_optional(str(Path(self.root, path)))

    @cached_property
    def repository(self) -> git.Repository | None:
        """The repository that the vault is in, None where there is none."""
        return git.open_repository(self.root)

    @cached_property
    def tracked(self) -> frozenset[str] | None:
        """The files of the work tree that git tracks; None for the index, where all count."""
        return None if self.staged else self.tracking()

    @cached_property
    def tracking(self) -> Callable[[], frozenset[str] | None]:
        """What waits for git to list those files; git works from the first use on."""
        return git.tracking(self.root)

    def from_top(self, path: str) -> str:
        """Return a path of the vault as a path of its repository, where it is in one.

        The path of a file outside the vault may lead upwards.
        """
        return posixpath.normpath(f"{self.repository.prefix}{path}") if self.repository else path

    @property
    def in_git(self) -> bool:
        """Whether the vault is in a work tree of git, found without starting git."""
        place = Path(os.path.realpath(self.root))
        return any((folder / ".git").exists() for folder in (place, *place.parents))

    def need_repository(self, purpose: str) -> git.Repository:
        """Return the repository; raise `GitError` that names the purpose."""
        if shutil.which("git") is None:
            raise GitError(f"{purpose} needs git, which is not installed or not on PATH")
        if self.repository is None:
            where = "in no repository: run `git init` there"
            if git.is_bare(self.root):
                where = (
                    f"a bare repository, which holds no files: run `git clone {quote(self.root)} "
                    "DIR`, and work in DIR"
                )
            raise GitError(f"{self.root}: {purpose} needs git, and this folder is {where}")
        return self.repository

    @cached_property
    def vault(self) -> Vault:
        """The vault's files, and its notes, canvases and bases as documents."""
        vault = Vault(self.documents, self.shown)
        if self.progress:
            self.progress(len(vault.files), len(vault.files))
        if not self.staged and not any(kind_of(path) == "note" for path in vault.documents):
            raise VaultError(
                f"{self.root}: this vault is empty, it holds no notes (*.md): write one, name "
                "another vault with --vault DIR, or make one with `vaultsync init`"
            )
        return vault

    @cached_property
    def documents(self) -> Documents:
        """The documents of the vault, with their content ids; facts are loaded when used."""
        if not self.staged:
            # Git works while the cache is read, whose time is before the files are listed.
            _ = self.ignoring
            known = FileCache(self.cache)
            memo, report = self.memo, self.progress
            return from_disk(self.root, self.scanned, self.cache, known, report, memo)
        return snapshots.documents_of(self.blobs, self.entries, self.is_shown, self.cache)

    @cached_property
    def blobs(self) -> git.BlobReader:
        """What reads files of the repository, all of them through one process."""
        return git.BlobReader(self.need_repository("`--staged`"))

    @cached_property
    def cache(self) -> Cache:
        """The facts that earlier runs read of this vault."""
        return open_cache(self.root) if self.cached else Cache()

    def close(self) -> None:
        """Close the cache, and end git; documents that are not loaded are parsed from here on."""
        for name in vars(self).keys() & {"cache", "blobs"}:
            vars(self)[name].close()

    @cached_property
    def shown(self) -> frozenset[str]:
        """The files of the vault, which are those that Obsidian shows."""
        paths: Iterable[str] = self.entries if self.staged else ()
        # The index has no files of a submodule; those on disk are what links can lead to.
        inner = tuple(f"{folder}/" for folder in self.submodules) if self.staged else ("",)
        scanned = self.scanned if inner else ()
        others = [file.path for file in scanned if file.path.startswith(inner)]
        return frozenset([*filter(self.is_shown, paths), *others])

    @cached_property
    def submodules(self) -> frozenset[str]:
        """The submodules of git in the vault."""
        folders = (Path(self.root), *Path(self.root).parents)
        has_any = any((folder / ".gitmodules").is_file() for folder in folders)
        return git_files.submodules(self.root) if has_any else frozenset()

    @cached_property
    def absent(self) -> frozenset[str]:
        """The submodules that are not checked out: what is in them is unknown."""
        paths = self.submodules
        return frozenset(path for path in paths if not Path(self.root, path, ".git").exists())

    @cached_property
    def memo(self) -> Memo:
        """What this process knows of the vault from earlier rounds, with the same settings."""
        memo = Memo(shared, together) if self.former is None else self.former
        memo.begin_round((self.config_text, self.source_lock))
        return memo

    @cached_property
    def context(self) -> Context:
        """The vault as generated blocks see it: without the texts that are outside of it."""
        vault = self.vault
        if outside := self.outside:
            vault = Vault(Overlay(vault.documents, {}, outside), vault.files)
        return Context(vault, self.config, memo=self.memo, sources=self.source_lock)

    @property
    def outside(self) -> list[str]:
        """The documents behind links that lead out of the vault; git has none of them."""
        scanned = () if self.staged else self.scanned
        return [one.path for one in scanned if one.outside and one.path in self.documents]

    @cached_property
    def scanned(self) -> tuple[worktree.ScannedFile, ...]:
        """The files of the work tree as they are listed before any is read.

        Of a vault those that git ignores are part, as in Obsidian, and of any other folder not.
        """
        return worktree.scan(self.root, self.left_out)

    @cached_property
    def left_out(self) -> Collection[str]:
        """The files and folders that are left out since git ignores them."""
        return self.ignoring()

    @cached_property
    def ignoring(self) -> Callable[[], Collection[str]]:
        """What waits for git to list the files that are left out; git works from the first use."""
        leaves_out = self.config.respect_gitignore or not is_vault(Path(self.root))
        return git_files.ignoring(self.root) if leaves_out else tuple

    def read(self, path: str) -> Document:
        """Return a document as it is on disk."""
        try:
            return parse(path, worktree.read(self.root, path))
        except VaultError as error:
            reason = error.without(path)
            return Document(path, kind_of(path) or "note", "", error=reason)

    @cached_property
    def entries(self) -> Mapping[str, git_files.Entry]:
        """The files in the git index."""
        return git_files.staged(self.need_repository("`--staged`"))

    def read_text(self, path: str) -> str:
        """Return the text of one file; raise `VaultError` if it cannot be read."""
        return _text(path, self.attachment(path))

    def attachment(self, path: str) -> bytes:
        """Return the bytes of a file of the vault; raise `VaultError` if it leads out of it."""
        return worktree.read(self.root, path, inside=True)

    def select(self, paths: Sequence[str]) -> list[str] | None:
        """Return the documents that paths on the command line mean; None for no path at all.

        Raises `VaultError` for a path that is outside the vault or matches nothing.
        """
        if not paths:
            return None
        found: set[str] = set()
        for path in paths:
            try:
                inner = inside(self.root, path)
            except VaultError as error:
                raise VaultError(f"{error}{self._meant(path)}") from None
            prefix = "" if inner == "." else f"{inner}/"
            documents = self.vault.documents
            fitting = {one for one in documents if one == inner or one.startswith(prefix)}
            if not fitting:
                missing = f"{path}: there is no note there in the vault {self.root}"
                raise VaultError(f"{missing}{self._meant(path)}")
            found |= fitting
        return sorted(found)

    def _meant(self, path: str) -> str:
        """Return a question that names the one note whose name was given in place of its path."""
        name = PurePath(path).name.removesuffix(".md")
        named = [one for one in self.vault.documents if PurePath(one).name == f"{name}.md"]
        if len(named) != 1:
            return ""
        return f": did you mean `{os.path.relpath(Path(self.root, named[0]))}`?"


def _ignored(app: bytes | None) -> tuple[PathFilter, ...]:
    """Return which files Obsidian excludes, from the text of `app.json`."""
    written = _json(app).get("userIgnoreFilters")
    filters = written if isinstance(written, list) else []
    return tuple(PathFilter(one) for one in filters if isinstance(one, str) and one)


def _json(data: bytes | None) -> Mapping[str, Any]:
    """Return what a settings file of Obsidian holds; nothing where it cannot be read."""
    try:
        found = json.loads(data or b"{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(path: str, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise VaultError(f"{path}: not UTF-8 at byte {error.start}") from None


def inside(root: str, path: str, start: str = ".") -> str:
    """Return a path from a folder as a path of the vault; raise `VaultError` if it is outside."""
    # Not resolved as a whole: a symbolic link in the vault is named by its own place.
    named = Path(os.path.normpath(Path(start).resolve() / path))
    for place in (named, named.parent.resolve() / named.name, named.resolve()):
        if place.is_relative_to(root):
            return str(PurePosixPath(place.relative_to(root)))
    raise VaultError(f"{path}: this is outside the vault {root}")


_APP_FILES = (APP_FILE, TYPES_FILE)


def earlier(workspace: Workspace) -> tuple[snapshots.Before, ...]:
    """Return the vault at the revision to compare with, or in each parent of the next commit.

    () where there is nothing to compare with. Raises `GitError` for one that does not exist.
    """
    if workspace.whole or (not workspace.staged and workspace.since is None):
        return ()
    repo = workspace.need_repository("`--since`" if workspace.since else "`--staged`")
    return tuple(_before(workspace, repo, base) for base in _bases(workspace, repo))


def _bases(workspace: Workspace, repo: git.Repository) -> list[str | None]:
    if workspace.since is None:
        return [git.head(repo), *filter(None, [git.merged(repo)])]
    commit = git.commit_named(repo, workspace.since)
    if commit is None:
        raise GitError(
            f"--since: `{workspace.since}` is not a commit of this repository: name "
            "one, as `main`, or `main...` for where this branch left it; CI has to fetch it "
            "(fetch-depth: 0)"
        )
    return [commit]


def _before(workspace: Workspace, repo: git.Repository, base: str | None) -> snapshots.Before:
    differing = git_files.changed(repo, base, index=workspace.staged)
    shows, cache = workspace.is_shown, workspace.cache
    vault = snapshots.before(workspace.blobs, workspace.vault, differing, shows, cache)
    old = {path: entry for path, entry in differing.items() if entry}
    data = git_files.read_files(repo, {path: old[path] for path in _APP_FILES if path in old})
    retyped = TYPES_FILE in differing
    types = read_types(data.get(TYPES_FILE)) if retyped else workspace.obsidian_types
    resettled = bool({FILE_NAME, source_lock.NAME} & differing.keys()) or (
        APP_FILE in differing and _ignored(data.get(APP_FILE)) != workspace.ignored
    )
    tracked = workspace.tracked
    if tracked is not None:
        tracked = (tracked - differing.keys()) | old.keys()
    return snapshots.Before(vault, frozenset(differing), types, tracked, resettled)
