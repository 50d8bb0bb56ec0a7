"""Open a vault from the disk, the git index or a revision, and hand features their values."""

from __future__ import annotations

import datetime
import json
import os
import posixpath
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from pathlib import Path, PurePosixPath

from vaultsync import changelog, disk, gitread, index, trees
from vaultsync.blocks import Context, Origin, journal_of, transplant
from vaultsync.config import FILE_NAME, Config, load_config
from vaultsync.errors import GitError, VaultError
from vaultsync.history import Claim, day_of, last_reworded
from vaultsync.links import is_attachment
from vaultsync.lint.baseline import Baseline, read_baseline
from vaultsync.model import Document, Vault
from vaultsync.notes import Note
from vaultsync.output import Output, replaced
from vaultsync.parse import kind_of, parse
from vaultsync.past import Past
from vaultsync.properties import TYPES_FILE, read_types
from vaultsync.reading import Inspection, from_disk
from vaultsync.store import Store, open_store

_APP_FILE = ".obsidian/app.json"
_APP_FILES = (_APP_FILE, TYPES_FILE)


def find_vault(start: str, named: str | None = None) -> str:
    """Return the absolute path of the vault: the folder named, else the nearest one from `start`.

    That is the nearest ancestor with `vaultsync.toml` or `.obsidian`, else `vault` in `start`.
    Raises `VaultError` where there is none.
    """
    if named is not None:
        folder = Path(start, named)
        if not folder.is_dir():
            raise VaultError(f"{named}: there is no such folder")
        return str(folder.resolve())
    here = Path(start).resolve()
    for folder in (here, *here.parents, here / "vault"):
        if (folder / FILE_NAME).is_file() or (folder / ".obsidian").is_dir():
            return str(folder)
    if (here / "vault").is_dir():
        return str(here / "vault")
    raise VaultError(
        f"{here}: there is no vault here or above: name one with --vault DIR, or make one with "
        "`vaultsync init`"
    )


def today(zone: str = "") -> str:
    """Return the day as YYYY-MM-DD in a time zone, "" being that of the machine.

    SOURCE_DATE_EPOCH, where it is set, decides what day it is, in UTC where no zone is named.

    Raises `VaultError` where that is no time.

    Source: https://reproducible-builds.org/specs/source-date-epoch/.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        try:
            moment = datetime.datetime.fromtimestamp(int(epoch), tz=datetime.UTC)
        except (OSError, OverflowError, ValueError):
            raise VaultError(f"SOURCE_DATE_EPOCH: {epoch} is a time out of reach") from None
    else:
        moment = datetime.datetime.now().astimezone()
    return day_of(moment.isoformat(), zone)


class Workspace:
    """A vault at `root`, read from the work tree or, when `staged`, from the git index.

    `since` is a revision with which it is compared; the index is compared with HEAD without it.
    """

    def __init__(self, root: str, *, staged: bool = False, since: str | None = None) -> None:
        """Open the vault; nothing is read yet."""
        self.root, self.staged, self.since = root, staged, since
        # Told, while the disk is read, how many of how many files are done; at last, that all are.
        self.progress: Callable[[int, int], None] | None = None
        # What is asked of each document while it is read, and the answers by path.
        self.inspection: Inspection | None = None
        self.answers: Mapping[str, bytes] = {}
        # The content ids of what was read.
        self._ids: Mapping[str, str] = {}
        # Whether what is read may be recalled from an earlier run, and kept for the next.
        self.cached = True

    @cached_property
    def settings(self) -> Document | None:
        """The text of `vaultsync.toml`, None where there is none."""
        data = self._optional(FILE_NAME)
        return None if data is None else Document(FILE_NAME, "settings", _text(FILE_NAME, data))

    @cached_property
    def config(self) -> Config:
        """The settings; the defaults where there is no `vaultsync.toml`."""
        return load_config(self.config_text) if self.settings else Config()

    @cached_property
    def config_text(self) -> str:
        """The text of `vaultsync.toml`; empty where there is none."""
        return self.settings.text if self.settings else ""

    def baseline(self, path: str) -> Baseline:
        """Return the baseline at a path; raise `VaultError` where there is none to be read."""
        data = self._optional(path)
        if data is None:
            raise VaultError(
                f"{path}: there is no such baseline: write it with `vaultsync lint "
                "--write-baseline`, or do without with --no-baseline"
            )
        return read_baseline(path, data)

    @cached_property
    def obsidian_types(self) -> Mapping[str, str]:
        """The types of properties that Obsidian keeps; none where its file cannot be read."""
        try:
            return read_types(self._optional(TYPES_FILE))
        except VaultError:
            return {}

    def _is_shown(self, path: str) -> bool:
        """Whether Obsidian shows a file, so that links can lead to it."""
        if path.startswith(".") or "/." in path:
            return False
        return self._shows_all or kind_of(path) is not None or is_attachment(path)

    @cached_property
    def _shows_all(self) -> bool:
        """Whether the setting "Show all file types" is on (`app.json`)."""
        try:
            return _shows_all(self._optional(_APP_FILE))
        except VaultError:
            return False

    def _optional(self, path: str) -> bytes | None:
        if self.staged and path in self._entries:
            return self._blobs([path])[path]
        return disk.read_optional(str(Path(self.root, path)))

    @cached_property
    def repository(self) -> gitread.Repository | None:
        """The repository that the vault lies in, None where there is none."""
        return gitread.open_repository(self.root)

    @cached_property
    def tracked(self) -> frozenset[str] | None:
        """The files of the work tree that git tracks; None for the index, where all count."""
        return None if self.staged else gitread.tracked(self.root)

    def from_top(self, path: str) -> str:
        """Return a path of the vault as seen from its repository, where it lies in one.

        What lies in the vault lies there too; the path of another file may lead upwards.
        """
        return posixpath.normpath(f"{self.repository.prefix}{path}") if self.repository else path

    def need_repository(self, purpose: str) -> gitread.Repository:
        """Return the repository; raise `GitError` that says what it is needed for."""
        if shutil.which("git") is None:
            raise GitError(f"{purpose} needs git, which is not installed or not on PATH")
        if self.repository is None:
            raise GitError(
                f"{self.root}: {purpose} needs git, and this folder is in no repository: run "
                "`git init` there"
            )
        return self.repository

    @cached_property
    def vault(self) -> Vault:
        """The vault's files, and its notes, canvases and bases as documents."""
        vault = self._staged_vault() if self.staged else self._disk_vault()
        if self.progress:
            self.progress(len(vault.files), len(vault.files))
        if not self.staged and not any(doc.kind == "note" for doc in vault.documents.values()):
            raise VaultError(
                f"{self.root}: this vault is empty, it holds no notes (*.md): write one, or name "
                "another vault with --vault DIR"
            )
        return vault

    @cached_property
    def context(self) -> Context:
        """The vault as generated blocks see it."""
        return Context(self.vault, self.config)

    def _disk_vault(self) -> Vault:
        scanned = disk.scan(self.root)
        with self._store() as store:
            found = from_disk(self.root, scanned, store, self.inspection, self.progress)
        self.answers = found.answers
        files = frozenset(file.path for file in scanned if self._is_shown(file.path))
        self._ids = found.ids
        return Vault(found.documents, files)

    def _store(self) -> AbstractContextManager[Store]:
        return open_store(self.root) if self.cached else nullcontext(Store())

    def _read(self, path: str) -> Document:
        try:
            return parse(path, disk.read(self.root, path))
        except VaultError as error:
            reason = str(error).removeprefix(f"{path}: ")
            return Document(path, kind_of(path) or "note", "", error=reason)

    @cached_property
    def _entries(self) -> Mapping[str, gitread.Entry]:
        return gitread.staged(self.need_repository("`--staged`"))

    def _blobs(self, paths: Iterable[str]) -> dict[str, bytes]:
        wanted = {path: self._entries[path].id for path in paths}
        blobs = gitread.blobs(self.need_repository("`--staged`"), wanted.values())
        return {path: blobs[name] for path, name in wanted.items()}

    def _staged_vault(self) -> Vault:
        repo, entries = self.need_repository("`--staged`"), self._entries
        with self._store() as store:
            wanted = trees.documents_in(entries, self._is_shown)
            found = trees.reading_of(repo, wanted, store, self.inspection)
        self.answers = found.answers
        self._ids = found.ids
        return Vault(found.documents, frozenset(filter(self._is_shown, entries)))

    @cached_property
    def earlier(self) -> tuple[trees.Before, ...]:
        """The vault at the revision it is compared with, or in each parent of the next commit.

        None where it is compared with nothing. Raises `GitError` for a revision that is none.
        """
        if not self.staged and self.since is None:
            return ()
        repo = self.need_repository("`--since`" if self.since else "`--staged`")
        return tuple(self._before(repo, base) for base in self._bases(repo))

    def _bases(self, repo: gitread.Repository) -> list[str | None]:
        if self.since is None:
            return [gitread.head(repo), *filter(None, [gitread.merged(repo)])]
        commit = gitread.commit_named(repo, self.since)
        if commit is None:
            raise GitError(
                f"--since: `{self.since}` is no commit of this repository: name one, as `main`, "
                "or `main...` for where this branch left it; CI has to fetch it (fetch-depth: 0)"
            )
        return [commit]

    def _before(self, repo: gitread.Repository, base: str | None) -> trees.Before:
        differing = gitread.changed(repo, base, index=self.staged)
        vault = trees.before(repo, self.vault, differing, self._is_shown)
        old = {path: entry for path, entry in differing.items() if entry}
        data = {path: trees.read(repo, old.get(path)) for path in _APP_FILES if path in differing}
        types = read_types(data[TYPES_FILE]) if TYPES_FILE in data else self.obsidian_types
        resettled = FILE_NAME in differing or (
            _APP_FILE in data and _shows_all(data[_APP_FILE]) != self._shows_all
        )
        tracked = self.tracked
        if tracked is not None:
            tracked = (tracked - differing.keys()) | old.keys()
        return trees.Before(vault, frozenset(differing), types, tracked, resettled)

    @cached_property
    def reworded(self) -> Mapping[str, str]:
        """The claims that changed last without being checked in the same commit, and the day.

        "" for the day of what is not committed. Only of notes that say when they were checked.
        """
        if not any(kind.checked for kind in self.config.types.values()):
            return {}
        notes = [note for note in self.context.notes if _checked(note)]
        try:
            repo = self.repository if notes else None
        except GitError:
            return {}
        if repo is None:
            return {}
        past = gitread.versions(repo, [note.path for note in notes])
        blobs = gitread.blobs(repo, [name for known in past.values() for _, name in known])
        found: dict[str, str] = {}
        for note in notes:
            versions = [_claim("", note, note.document)]
            for day, name in past[note.path]:
                versions.append(_claim(day, note, parse(note.path, blobs[name])))
            changed = last_reworded(versions)
            found |= {} if changed is None else {note.path: changed}
        return found

    def files(self) -> frozenset[str]:
        """Return the paths of all files of the work tree, none for a folder without any."""
        return frozenset(found.path for found in disk.scan(self.root))

    def read_text(self, path: str) -> str:
        """Return the text of one file; raise `VaultError` if it cannot be read."""
        return _text(path, disk.read(self.root, path))

    def attachment(self, path: str) -> bytes:
        """Return the bytes of a file of the vault; raise `VaultError` if they lie outside it."""
        real = os.path.realpath(Path(self.root, path))
        if not Path(real).is_relative_to(os.path.realpath(self.root)):
            raise VaultError(f"{path}: it leads out of the vault")
        return disk.read(self.root, path)

    def select(self, paths: Iterable[str], start: str) -> list[str] | None:
        """Return the documents that paths on the command line mean; None for no path at all.

        Raises `VaultError` for a path that is outside the vault or matches nothing.
        """
        named = list(paths)
        if not named:
            return None
        found: set[str] = set()
        for path in named:
            inner = self._inner(path, start)
            prefix = "" if inner == "." else f"{inner}/"
            fitting = {
                known
                for known in self.vault.documents
                if known == inner or known.startswith(prefix)
            }
            if not fitting:
                raise VaultError(f"{path}: there is no note there in the vault {self.root}")
            found |= fitting
        return sorted(found)

    def _inner(self, path: str, start: str) -> str:
        # Not resolved as a whole: a symbolic link in the vault is named by its own place.
        named = Path(os.path.normpath(Path(start).resolve() / path))
        for place in (named, named.parent.resolve() / named.name, named.resolve()):
            if place.is_relative_to(self.root):
                return str(PurePosixPath(place.relative_to(self.root)))
        raise VaultError(f"{path}: this is outside the vault {self.root}")

    def index_outputs(self) -> list[Output]:
        """Return what `vaultsync index` writes."""
        return index.refresh(self.context)

    def changelog_outputs(self, *, rebuild: bool = False) -> list[Output]:
        """Return what `vaultsync changelog` writes; `rebuild` makes the journal anew."""
        if rebuild:
            return changelog.rebuild(self.context, self.days())
        return changelog.record(self.context, self.past.base(), self.today)

    def days(self, *, since: str | None = None) -> list[changelog.Day]:
        """Return what happened day by day, the newest first, and uncommitted changes as today's."""
        return list(self.past.days(self.today, since=since, progress=self.progress))[::-1]

    def happened(
        self,
        note: str | None,
        start: str,
        *,
        since: str | None = None,
        as_json: bool = False,
    ) -> str:
        """Return what happened as Markdown or JSON, to one note or to all; "" for nothing.

        `note` is named by a path from `start` or as in a wikilink. Raises `VaultError` for one that
        never was.
        """
        days = self.days(since=since)
        floor = min([day.date for day in days], default=self.today) if since else ""
        own = {day: line for day, line in self.config.changelog.days.items() if day >= floor}
        if note is not None:
            path = self._note(note, start)
            days, own = changelog.of_note(days, path), {}
            if not days and not since and path not in self.vault.documents:
                raise VaultError(f"{note}: there is no such note in the vault, nor was there one")
        if as_json:
            return changelog.as_json(days, own)
        text = changelog.derived(self.context, days, own).text()
        return f"{text}\n" if text else ""

    def _note(self, named: str, start: str) -> str:
        """Return the path of a note that is named by a path, or as in a wikilink."""
        path = os.path.relpath(os.path.join(start, named), self.root).replace(os.sep, "/")  # noqa: PTH118
        found = self.context.index.resolve(named, "")
        return found[0] if found and path not in self.vault.documents else self._inner(named, start)

    @cached_property
    def today(self) -> str:
        """The day in the time zone of the settings."""
        return today(self.config.changelog.timezone)

    @cached_property
    def past(self) -> Past:
        """The history of the vault; raises `GitError` where there is none or a part of it."""
        repo = self.need_repository("the changelog")
        if gitread.is_shallow(repo):
            raise GitError(
                f"{self.root}: the history is cut short (a shallow clone), so what is new cannot "
                "be told: run `git fetch --unshallow`, or in CI check out with fetch-depth: 0"
            )
        root = "" if self.staged else self.root
        vault = self.vault
        return Past(repo, self.config, vault, self._ids, root)

    def onto_disk(self, outputs: Iterable[Output], origin: Origin) -> list[Output]:
        """Return outputs made from the git index as edits of the files on disk.

        Only generated blocks of one origin change there; what else differs between the index and
        the disk stays. Raises `VaultError` where the journal on disk is neither version.
        """
        edited = []
        for output in outputs:
            staged = self.vault.documents[output.path]
            renewed = parse(output.path, output.data or b"")
            disk_version = self._read(output.path)
            journals = [journal_of(d).text() for d in (disk_version, staged, renewed)]
            keeps = origin == "history" and output.path == self.config.changelog.note
            if keeps and journals[0] not in journals[1:]:
                raise VaultError(
                    f"{output.path}: the journal on disk is not the staged one: stage the note "
                    "with `git add`, or undo what is not staged"
                )
            text = transplant(renewed, disk_version, origin)
            found = replaced(output.path, disk_version.text.encode(), text.encode())
            edited += [found] if found else []
        return edited

    def write(self, outputs: Iterable[Output]) -> None:
        """Write outputs into the vault."""
        disk.write(self.root, list(outputs))


def _shows_all(app: bytes | None) -> bool:
    try:
        settings = json.loads(app or b"{}")
    except (ValueError, RecursionError):
        return False
    return isinstance(settings, dict) and settings.get("showUnsupportedFiles") is True


def _checked(note: Note) -> str | None:
    return note.document.text_property(note.type.checked) if note.type.checked else None


def _claim(day: str, note: Note, document: Document) -> Claim:
    """Return the claim of an earlier version of a note, wherever that lay."""
    earlier = Note(document, note.type_name, note.type)
    lead = earlier.body.lead
    return Claim(day, lead.text if lead else None, _checked(earlier))


def _text(path: str, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise VaultError(f"{path}: not UTF-8 at byte {error.start}") from None
