"""Files in trees, in the index and in the work tree, and what differs between them."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from vaultsync.core.errors import GitError
from vaultsync.infra.git import Repository, as_text, begin, fields, read_blobs, run, without_filters

# The empty order file overrides `diff.orderFile`: git stops where that one is missing.
RAW = ("--raw", "-z", "--no-abbrev", "-O/dev/null", "--no-ext-diff", "--no-textconv")
# `-l0`: above a limit git no longer finds renames.
RENAMES = ("-M50%", "-l0", "--no-rename-empty")
INDEX = ("diff-index", "--cached", "--ita-invisible-in-index")
SYMLINK = "120000"
SUBMODULE = "160000"
_REGULAR = ("100644", "100755")
# Git does not look into a folder that it ignores as a whole.
_IGNORED = ("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
_ROW = re.compile("([0-9]+) [a-z]+ ([0-9a-f]+)\t([^\0]*)\0")


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A file in a tree or in the index: `mode` is 100644, 100755 or 120000 (symbolic link).

    In a raw diff `mode` is 000000 for a missing file, 160000 for a submodule, and `id` is zeros
    where it is not known.
    """

    mode: str
    id: str

    @property
    def is_regular(self) -> bool:
        """Whether this is a file and not a symbolic link."""
        return self.mode in _REGULAR

    @property
    def is_blob(self) -> bool:
        """Whether this is a file or a symbolic link."""
        return self.is_regular or self.mode == SYMLINK


class RawChange(msgspec.Struct, frozen=True, gc=False):
    """A row of a raw diff: a file before and after, with paths from the top level.

    The two paths are the same but in a rename (`status` R) or copy (C).
    """

    status: str
    old: Entry
    new: Entry
    before: str
    after: str


def parse_raw_change(row: str, rest: Iterator[str]) -> RawChange:
    """Parse a row of a raw diff (`--raw -z`), whose paths are the next of the fields.

    A path may hold any character: only the order separates rows from paths.
    """
    old_mode, new_mode, old, new, status = row[1:].split(" ")
    before = next(rest)
    after = next(rest) if status[0] in "RC" else before
    return RawChange(status[0], Entry(old_mode, old), Entry(new_mode, new), before, after)


def raw_diff(repo: Repository, command: Sequence[str], *revisions: str) -> list[RawChange]:
    """Run a diff command of git and return its rows."""
    rest = iter(fields(run(repo, *command, *RAW, "--end-of-options", *revisions, "--")))
    return [parse_raw_change(row, rest) for row in rest]


def changed(repo: Repository, base: str | None, *, index: bool) -> dict[str, Entry | None]:
    """Return the files that differ from a commit, each as it is there (None: missing).

    `base` None is the empty tree. The commit is compared with the index or else the work tree,
    in which untracked files count too, but not ignored ones. A change of mode alone does not
    count; both names of a renamed file do. Filters are not run. Nothing is written, not the index.
    """
    repo = repo if index else without_filters(repo)
    command = INDEX if index else ("diff-index", "--ignore-submodules")
    rows = raw_diff(repo, (*command, "--no-renames"), base or empty_tree(repo))
    same = {row.after for row in rows if row.status == "M" and row.old.id == row.new.id}
    if not index:
        same |= _unchanged(repo, {row.after: row.old.id for row in rows if _is_unread(row)})
    found: dict[str, Entry | None] = {}
    for row in rows:
        path = inside(row.after, repo.prefix)
        if path is not None and row.after not in same:
            found[path] = row.old if row.old.is_blob else None
    return found if index else {**dict.fromkeys(_untracked(repo)), **found}


def _is_unread(row: RawChange) -> bool:
    """Return whether git saw only that a file was written again, and did not read it."""
    links = SYMLINK in (row.old.mode, row.new.mode)
    return row.status == "M" and not links and not row.new.id.strip("0")


def _unchanged(repo: Repository, ids: Mapping[str, str]) -> set[str]:
    """Return the files, by their names from the top level, that still have the contents of ids."""
    names = [name for name in ids if "\n" not in name]
    lines = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
    found = as_text(run(repo, "hash-object", "--stdin-paths", input=lines)).split() if names else []
    return {name for name, identity in zip(names, found, strict=True) if identity == ids[name]}


def _untracked(repo: Repository) -> list[str]:
    here = msgspec.structs.replace(repo, root=f"{repo.root}/{repo.prefix}")
    return fields(run(here, "ls-files", "-z", "--others", "--exclude-standard"))


def renames(
    repo: Repository, base: str, target: str | None, *, former: str | None = None
) -> dict[str, str]:
    """Return the renames that git detects from a revision to another, old path to new.

    `target` None is the index. `former` is the vault's folder at the base, None for the same. Only
    renames within the vault count, of files at least half of which stayed; git misses many renames
    of very short notes.
    """
    command, ends = (INDEX, [base]) if target is None else (("diff-tree", "-r"), [base, target])
    found = {}
    for row in raw_diff(repo, (*command, *RENAMES, "--diff-filter=R"), *ends):
        old = inside(row.before, repo.prefix if former is None else former)
        new = inside(row.after, repo.prefix)
        if old is not None and new is not None:
            found[old] = new
    return found


def inside(name: str, prefix: str) -> str | None:
    """Return a path from the top level relative to a folder, None where it is outside."""
    return name[len(prefix) :] if name.startswith(prefix) else None


def empty_tree(repo: Repository) -> str:
    """Return the id of the empty tree."""
    return hashlib.new(repo.hash, b"tree 0\0", usedforsecurity=False).hexdigest()


def tree(repo: Repository, rev: str, folder: str | None = None) -> dict[str, Entry]:
    """Return the files of the vault at a revision; submodules are left out.

    `folder` is that of the vault at the time, "" or "vault/", None for the one that it has.
    """
    prefix = repo.prefix if folder is None else folder
    entries = whole_tree(repo, rev, *filter(None, [prefix])).items()
    return {path[len(prefix) :]: entry for path, entry in entries if entry.is_blob}


def whole_tree(repo: Repository, rev: str, *folder: str) -> dict[str, Entry]:
    """Return all that is at a revision, or in a folder then, by paths from the top level."""
    options = ("--literal-pathspecs", "ls-tree", "-r", "-z", "--end-of-options")
    rows = _ROW.findall(as_text(run(repo, *options, rev, *folder)))
    return {path: Entry(mode, name) for mode, name, path in rows}


def staged(repo: Repository) -> dict[str, Entry]:
    """Return the files of the vault as they would be committed; submodules are left out.

    So are files of `git add --intent-to-add`: only a diff against the empty tree separates them
    from empty files. Raises `GitError` while a merge conflict is in the index.
    """
    found = {}
    for change in raw_diff(repo, INDEX, empty_tree(repo)):
        path = inside(change.after, repo.prefix)
        if path is not None and change.status == "U":
            raise GitError(f"{path}: has a merge conflict: settle it, `git add` it and run again")
        if path is not None and change.new.is_blob:
            found[path] = change.new
    return found


def ignored(repo: Repository, paths: Iterable[str]) -> set[str]:
    """Return those of the paths that git ignores; it never ignores a tracked file."""
    top = Path(repo.root)
    known: dict[str, bool] = {"": False}
    # A name that begins with ":" would be read as pathspec magic; "./" prevents it.
    start = f"./{repo.prefix}"
    folders = ((path, f"{repo.prefix}{path}".rpartition("/")[0]) for path in paths)
    lines = [f"{start}{path}\0" for path, folder in folders if not _beyond(top, folder, known)]
    data = "".join(lines).encode("utf-8", "surrogateescape")
    answer = run(repo, "check-ignore", "-z", "--stdin", input=data, quiet=True)
    return {name.removeprefix(start) for name in fields(answer)}


def ignoring(folder: str) -> Callable[[], frozenset[str]]:
    """Start to list what git ignores below a folder; return a function that waits for it.

    The files and folders are relative to the folder. Outside a repository its `.gitignore` counts
    all the same. Nothing where git is missing.
    """
    place = Repository(folder, "")
    listed = begin(place, *_IGNORED)

    def wait() -> frozenset[str]:
        try:
            return _without_slash(listed())
        except GitError:
            return _ignored_outside(place, folder)

    return wait


def _ignored_outside(place: Repository, folder: str) -> frozenset[str]:
    with suppress(GitError), tempfile.TemporaryDirectory() as scratch:
        if Path(folder, ".gitignore").is_file():
            run(place, "init", "--quiet", "--template=", "--bare", scratch)
            alone = (f"--git-dir={scratch}", "--work-tree=.")
            return _without_slash(run(place, *alone, *_IGNORED))
    return frozenset()


def _without_slash(output: bytes) -> frozenset[str]:
    paths = frozenset(path.rstrip("/") for path in fields(output))
    # A folder that is itself ignored was named on purpose.
    return frozenset() if "." in paths else paths


def submodules(folder: str) -> frozenset[str]:
    """Return the submodules below a folder, relative to it; none outside a repository."""
    with suppress(GitError):
        rows = fields(run(Repository(folder, ""), "ls-files", "--stage", "-z"))
        return frozenset(row.partition("\t")[2] for row in rows if row.startswith(SUBMODULE))
    return frozenset()


def _beyond(top: Path, folder: str, known: dict[str, bool]) -> bool:
    """Return whether a folder is in another repository or behind a symbolic link.

    For a path there `git check-ignore` fails.
    """
    if folder not in known:
        place = top / folder
        elsewhere = place.is_symlink() or (place / ".git").exists()
        known[folder] = elsewhere or _beyond(top, folder.rpartition("/")[0], known)
    return known[folder]


def read_files(repo: Repository, entries: Mapping[str, Entry]) -> dict[str, bytes]:
    """Return the contents of files by path. Raises `GitError` for one that is missing."""
    blobs = read_blobs(repo, (entry.id for entry in entries.values()))
    return {path: blobs[entry.id] for path, entry in entries.items()}
