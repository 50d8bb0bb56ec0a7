"""Save the changes of a vault in a commit.

The words are kept by a ref of their own first; then hooks may change or refuse the commit.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from vaultsync.app.hook import refreshed
from vaultsync.app.sync.files import file_merge
from vaultsync.app.sync.late_links import late_links
from vaultsync.app.sync.look import is_file
from vaultsync.app.sync.merge import merge_blob
from vaultsync.app.sync.rewriting import Rewritten
from vaultsync.app.workspace import Workspace
from vaultsync.changelog.message import message
from vaultsync.core.errors import GitError, VaultsyncError
from vaultsync.infra import git
from vaultsync.infra.git import Repository, branch, checkout, hooks, write
from vaultsync.infra.git.files import Entry, RawChange, inside, raw_diff, read_files, whole_tree
from vaultsync.infra.git.state import InForce, in_force
from vaultsync.markdown import kind_of
from vaultsync.sync.plan import Situation
from vaultsync.sync.stale import opened
from vaultsync.sync.three_way import Versions

_MODE, _EXECUTABLE, _LINK = "100644", "100755", "120000"
_READ = ("-c", "core.safecrlf=false", "hash-object", "-w", "--stdin-paths")
# Git finds in no time that a vault has no generated blocks.
_BLOCKS = ("grep", "-l", "-z", "-I", "-F", "--untracked", "-e", "vaultsync:", "--", "*.md")
Entries = Mapping[str, Entry | None]


class Saved(msgspec.Struct, frozen=True):
    """What was saved: the commit, None where nothing was, or where a hook refused it.

    `ref` keeps the words all the same; `refused` is then the message of the hook. Where the commit
    has another version of a file than was read, that is on disk, with what changed meanwhile.
    """

    commit: str | None = None
    ref: str | None = None
    refused: str | None = None
    notices: tuple[str, ...] = ()


def save(workspace: Workspace, situation: Situation, stamp: str) -> Saved:
    """Commit the changes on top of HEAD, which moves if it is still where it was.

    `stamp` is the time by which the ref is named. The commit is HEAD where nothing differs from it,
    and None where HEAD was moved meanwhile.
    """
    known = in_force(workspace.need_repository("`vaultsync sync`"))
    draft = _Draft(workspace, known, situation.head, stamp)
    read = _read(known, situation)
    draft.keep_staged(read)
    with write.copied_index(known.repo) as index:
        write.change(index, "read-tree", "--reset", draft.head)
        write.put(index, read)
        draft.freshen(index)
        draft.merge_stale(index, read)
        draft.rewrite_late(index, read)
        if not _rows(index, draft.head):
            draft.settle(read)
            return Saved(draft.head, notices=tuple(draft.notices))
        text = draft.message(index)
        draft.refresh_lists(index)
        return draft.commit(index, text)


def _read(known: InForce, situation: Situation) -> dict[str, Entry | None]:
    """Read each changed file once, into the repository; one that is gone meanwhile waits."""
    repo, found = known.repo, dict[str, Entry | None]()
    texts, links = list[str](), dict[str, bytes]()
    for path, status in situation.changes.items():
        place = Path(repo.root, path)
        if status == "let go" or (status == "deleted" and not is_file(place)):
            found[path] = None
        elif place.is_symlink():
            links[path] = os.fsencode(place.readlink())
        else:
            texts.append(path)
    ids = _read_texts(repo, texts)
    modes = _modes(known, ids)
    found |= {path: Entry(modes[path], blob) for path, blob in ids.items()}
    blobs = write.add_blobs(repo, links.values()) if links else ()
    return found | {path: Entry(_LINK, blob) for path, blob in zip(links, blobs, strict=True)}


def _read_texts(repo: Repository, paths: Collection[str]) -> dict[str, str]:
    """Return the blob ids of files, without those that are gone by now."""
    there = [path for path in paths if is_file(Path(repo.root, path))]
    lines = "".join(map(_line, there)).encode("utf-8", "surrogateescape")
    try:
        ids = write.change(repo, *_READ, input=lines) if there else ()
    except GitError:
        if all(is_file(Path(repo.root, path)) for path in there):
            raise
        return _read_texts(repo, there)
    return dict(zip(there, ids, strict=True))


def _line(path: str) -> str:
    """Return a path as git reads it from a line."""
    if path.startswith('"') or "\n" in path:
        quoted = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{quoted}"\n'
    return f"{path}\n"


def _modes(known: InForce, paths: Collection[str]) -> dict[str, str]:
    """Return the modes of files: those on disk, or where the system has none, the former ones."""
    if known.is_set("core.filemode"):
        places = {path: Path(known.repo.root, path) for path in paths}
        return {p: _EXECUTABLE if os.access(one, os.X_OK) else _MODE for p, one in places.items()}
    former = whole_tree(known.repo, "HEAD")
    executable = {path for path in paths if path in former and former[path].mode == _EXECUTABLE}
    return {path: _EXECUTABLE if path in executable else _MODE for path in paths}


def _rows(index: Repository, head: str) -> list[RawChange]:
    """Return what an index has that a commit has not."""
    return raw_diff(index, ("diff-index", "--cached", "--no-renames"), head)


def _texts(repo: Repository, entries: Mapping[str, Entry]) -> dict[str, bytes]:
    """Return the contents of notes; of other files, which may be large, their ids."""
    notes = {path: entry for path, entry in entries.items() if kind_of(path) == "note"}
    return {path: e.id.encode() for path, e in entries.items()} | read_files(repo, notes)


def _entry(blob: str | None) -> Entry | None:
    return Entry(_MODE, blob) if blob else None


class _Draft:
    """A commit in the making: the files that it has in another version, and what to report."""

    def __init__(self, workspace: Workspace, known: InForce, head: str, stamp: str) -> None:
        self._workspace, self._known, self.head, self._stamp = workspace, known, head, stamp
        self._found, self.notices = dict[str, str | None](), list[str]()

    def keep_staged(self, read: Entries) -> None:
        """Keep by a ref what the user has staged, where the file has another text by now."""
        repo = self._known.repo
        staged = {row.after: row.new for row in _rows(repo, self.head) if row.new.is_blob}
        if any(read[path] != entry for path, entry in staged.items() if path in read):
            tree = write.change(repo, "write-tree")[0]
            self._keep(write.commit(repo, tree, [self.head], "What was staged\n"), "-staged")

    def freshen(self, index: Repository) -> None:
        """Let hooks see which files are as the index has them."""
        with suppress(GitError):
            write.change(index, "update-index", "-q", "--refresh")

    def merge_stale(self, index: Repository, read: Entries) -> None:
        """Merge again where an editor wrote a text that it had opened before the last sync."""
        came = checkout.incoming(index)
        gone = [came[path] for path, entry in read.items() if entry is None and path in came]
        for path, entry in read.items():
            known, inner = [came[path]] if path in came else gone, inside(path, index.prefix)
            if entry and entry.is_regular and inner and known:
                versions = self._stale_versions(index, entry.id, known)
                merged = versions and merge_blob(self._workspace, inner, versions)
                if merged and merged.ours is None:
                    self._replace(index, path, entry, merged.data)
                    kept = "an older text was written over what came in: both are kept"
                    self.notices.append(f"{path}: {kept}")

    def rewrite_late(self, index: Repository, read: Entries) -> None:
        """Give new links to names that files lost by what came in the names that they have now."""
        try:
            made = late_links(self._workspace, index, read, self.head, self._stamp)
        except VaultsyncError as error:
            # No word waits for a link.
            made = Rewritten(remarks=(f"links may keep a former name: {error}",))
        for path, entry in read.items():
            if entry and path in made.texts:
                self._replace(index, path, entry, made.texts[path])
        self.notices += made.remarks

    def _stale_versions(
        self, index: Repository, now: str, known: Sequence[checkout.Incoming]
    ) -> Versions[bytes] | None:
        """Return the text that an editor had opened, what it wrote, and what came in since.

        The note may have had another name, of which something is `known`.
        """
        pairs = [(base, one.after) for one in known for base in one.held if one.after]
        texts = git.read_blobs(index, [now, *(identity for pair in pairs for identity in pair)])
        found = opened(texts[now], [(texts[base], texts[after]) for base, after in pairs])
        return (found[0], texts[now], found[1]) if found else None

    def _replace(self, index: Repository, path: str, entry: Entry, data: bytes) -> None:
        (blob,) = write.add_blobs(index, [data])
        write.put(index, {path: msgspec.structs.replace(entry, id=blob)})
        self._found[path] = entry.id

    def refresh_lists(self, index: Repository) -> None:
        """Bring the generated blocks up to date; where that fails, the words go all the same."""
        if not git.run(self._known.repo, *_BLOCKS, quiet=True):
            return
        tree = write.tree_of_index(index)
        try:
            refreshed(self._workspace.with_index(index, whole=False), index)
        except VaultsyncError as error:
            self.notices.append(f"the lists are not up to date: {error}")
        for row in _rows(index, tree):
            self._found.setdefault(row.after, row.old.id if row.old.is_blob else None)

    def commit(self, index: Repository, text: str) -> Saved:
        """Keep the words, then commit what the hooks leave of it, and move HEAD there."""
        ref = self._keep(self._commit(index, text))
        try:
            hooks.run(index, "pre-commit")
            text = hooks.message_of(index, text)
            made = self._commit(index, text, signed=self._known.signs())
        except GitError as error:
            return Saved(ref=ref, refused=str(error), notices=tuple(self.notices))
        moved = checkout.Move(f"{self._stamp}-save", self.head, made, read=self._found)
        if not checkout.advance(self._known.repo, moved, file_merge(self._workspace)):
            return Saved(ref=ref)
        hooks.after_commit(self._known.repo)
        return Saved(made, ref, notices=tuple(self.notices))

    def _commit(self, index: Repository, text: str, *, signed: bool = False) -> str:
        tree = write.tree_of_index(index)
        return write.commit(index, tree, [self.head], text, signed=signed)

    def settle(self, read: Entries) -> None:
        """Let the index and the files be as the last commit has them, which differs in nothing."""
        repo = self._known.repo
        former = whole_tree(repo, self.head) if self._found else {}
        pairs = {p: (_entry(blob), former.get(p)) for p, blob in self._found.items()}
        with branch.locked_index(repo) as own:
            write.change(own, "read-tree", "--reset", self.head)
            checkout.check_out(repo, pairs, file_merge(self._workspace))
        others = read.keys() - self._found.keys()
        checkout.forget_changed(repo, {path: read[path] for path in others})

    def message(self, index: Repository) -> str:
        """Return what changed; generated blocks are not yet brought up to date."""
        before, after = dict[str, Entry](), dict[str, Entry]()
        for row in _rows(index, self.head):
            path = row.after.removeprefix(index.prefix)
            before |= {path: row.old} if row.old.is_blob else {}
            after |= {path: row.new} if row.new.is_blob else {}
        sides = _texts(index, before), _texts(index, after)
        return message(*sides, self._workspace.config)

    def _keep(self, commit: str, more: str = "") -> str:
        ref = f"{branch.SAVES}{self._stamp}{more}"
        branch.update_refs(self._known.repo, [f"create {ref} {commit}"], "vaultsync sync: save")
        return ref
