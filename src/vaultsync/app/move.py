"""Rename what `vaultsync mv` or an editor names: files, folders, headings, blocks, tags."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from vaultsync.app.workspace import Workspace, inside
from vaultsync.core.config import Config
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Vault, content_id
from vaultsync.core.output import Output
from vaultsync.core.text import apply_edits, printable
from vaultsync.infra import worktree
from vaultsync.infra.moving import Plan
from vaultsync.lint.rename import Files, Place, Rename, Renamed, Tag, rename
from vaultsync.lint.rules.files import name_reason
from vaultsync.notes.link_index import find_block, find_heading, name_key

# The longest name on most disks, in bytes.
_MOST_BYTES = 255
_NOTHING = "nothing was renamed"


class Scope(msgspec.Struct, frozen=True):
    """A vault at `root` as it is now; `outside` are its documents behind links that lead out."""

    root: str
    vault: Vault
    config: Config
    outside: frozenset[str]


class Move(msgspec.Struct, frozen=True):
    """What to do, and for each output the bytes that the file has now.

    `remarks` are about what only the user can change.
    """

    plan: Plan
    before: Mapping[str, bytes]
    remarks: tuple[str, ...]


def plan_move(old: str, new: str, workspace: Workspace) -> Move:
    """Plan to give something another name. Raises `VaultError` where that cannot be done."""
    vault = workspace.vault
    scope = Scope(workspace.root, vault, workspace.config, frozenset(workspace.outside))
    what, names = requested(old, new, scope)
    renamed = changes(what, scope)
    texts = {path: vault.documents[path].text for path in sorted(renamed.edits)}
    before = {path: text.encode() for path, text in texts.items()}
    outputs = tuple(
        Output(path, apply_edits(text, renamed.edits[path]).encode(), content_id(before[path]))
        for path, text in texts.items()
    )
    files = what if isinstance(what, Files) else Files({})
    plan = Plan(names, files.moves, outputs, next(iter(files.folders), ""))
    remarks = renamed.remarks
    name = names[0] if isinstance(what, Files) else names[0].rpartition("#")[2]
    if re.search(rf"[\"'#]{re.escape(name)}[\"'/]", workspace.config_text):
        remarks = (f"vaultsync.toml names {name}: change it there", *remarks)
    return Move(plan, before, remarks)


def changes(what: Rename, scope: Scope) -> Renamed:
    """Return what changes in a vault. Raises `VaultError` where that cannot be."""
    documents = scope.vault.documents
    scope.vault.load(documents)
    unread = {path: _bytes(scope.root, path) for path, one in documents.items() if one.error}
    renamed = rename(scope.vault, scope.config, what, unread)
    if outside := sorted(renamed.edits.keys() & scope.outside):
        raise VaultError(
            f"{outside[0]}: it would change, but it is outside the vault, behind a symbolic link: "
            f"{_NOTHING}"
        )
    return renamed


def _bytes(root: str, path: str) -> bytes | None:
    try:
        return worktree.read(root, path)
    except VaultError:
        return None


def requested(old: str, new: str, scope: Scope) -> tuple[Rename, tuple[str, str]]:
    """Return what is named, as a user writes it, and both names as they are shown.

    A path of a file or folder; `#tag`; or a note with `#Heading` or `#^block`.
    """
    path, subpath = split_place(old)
    if subpath is None:
        old, new = named(old, new, scope)
        return file_rename(old, new, scope), (old, new)
    if not path:
        tag = Tag(subpath, new.removeprefix("#"))
        return tag, (f"#{tag.old}", f"#{tag.new}")
    source = _note(path, scope)
    new = new.removeprefix(path).removeprefix("#")
    what = place_rename(source, f"#{subpath}", new, scope)
    return what, (f"{source}#{subpath}", f"{source}#{'^' * (what.kind == 'block')}{what.new}")


def split_place(name: str) -> tuple[str, str | None]:
    """Return the path in a name and what is behind its first `#`, None where it is all a path."""
    path, mark, subpath = name.partition("#")
    return (path, subpath) if mark and not os.path.lexists(name) else (name, None)


def _note(path: str, scope: Scope) -> str:
    source = inside(scope.root, path)
    found = next((one for one in (source, f"{source}.md") if one in scope.vault.documents), None)
    if found is None or scope.vault.documents[found].kind != "note":
        raise VaultError(f"{path}: there is no note there in the vault")
    return found


def place_rename(path: str, subpath: str, new: str, scope: Scope) -> Place:
    """Return the heading or block of a note that a subpath names, with its new name."""
    document = scope.vault.documents[path]
    if subpath.startswith("#^"):
        block = find_block(document, subpath)
        if block is not None:
            return Place(path, "block", block, new.removeprefix("^"))
    else:
        heading = find_heading(document, subpath)
        if heading is not None:
            return Place(path, "heading", heading, new)
    reason = f": {document.error}" if document.error else ""
    raise VaultError(f"{path}: there is no `{subpath}` in this note{reason}")


def file_rename(old: str, new: str, scope: Scope) -> Files:
    """Return the moves for a file or folder. Raises `VaultError` where the name cannot be had."""
    files = scope.vault.files
    _refuse_name(old, new, files)
    found = moved_files({old: new}, scope)
    hidden = _hidden(scope.root, old, files) if found.folders else ()
    moves = {**found.moves, **{path: new + path[len(old) :] for path in hidden}}
    return Files(dict(sorted(moves.items())), found.folders)


def moved_files(names: Mapping[str, str], scope: Scope) -> Files:
    """Return the moves of the vault's files when files and folders get other names."""
    files = scope.vault.files
    folders = {old: new for old, new in names.items() if old not in files}
    moves = {old: new for old, new in names.items() if old in files}
    for old, new in folders.items():
        inner = (path for path in files if path.startswith(f"{old}/"))
        moves |= {path: new + path[len(old) :] for path in inner}
    return Files(moves, folders)


def named(old: str, new: str, scope: Scope) -> tuple[str, str]:
    """Return both as paths of the vault; a note may be named without `.md`, a folder it goes to."""
    source, target = inside(scope.root, old), inside(scope.root, new)
    files = scope.vault.files
    if target != ".":
        refuse_parts(target)
    is_folder = Path(scope.root, target).is_dir()
    if not _is_known(source, files):
        if f"{source}.md" not in files:
            raise VaultError(f"{old}: there is no file and no folder with files there in the vault")
        source = f"{source}.md"
        target = target if target.endswith(".md") or is_folder else f"{target}.md"
    if is_folder and name_key(target) != name_key(source):
        target = os.path.normpath(f"{target}/{Path(source).name}").replace(os.sep, "/")
    ending = Path(source).suffix if source in files else ""
    if ending and Path(target).suffix.lower() != ending.lower():
        raise VaultError(f"{new}: the new name has to end in {ending} as well")
    return source, target


def _is_known(path: str, files: frozenset[str]) -> bool:
    return path in files or any(file.startswith(f"{path}/") for file in files)


def _hidden(root: str, folder: str, files: frozenset[str]) -> Iterator[str]:
    """Yield the files in a folder that are not part of the vault, which go with it."""
    for place, folders, names in os.walk(f"{root}/{folder}"):
        if ".git" in (*folders, *names):
            raise VaultError(f"{place}: it is a repository of git: move it with `git mv`")
        if linked := [name for name in folders if Path(place, name).is_symlink()]:
            raise VaultError(f"{place}/{linked[0]}: it is a symbolic link: move it by hand")
        for name in names:
            path = os.path.relpath(f"{place}/{name}", root).replace(os.sep, "/")
            if path not in files:
                yield path


def refuse_parts(new: str) -> None:
    """Raise `VaultError` for a path with a name that not every system can have."""
    for part in new.split("/"):
        reason = name_reason(part)
        if part.startswith("."):
            reason = "begins with a dot, and Obsidian hides it"
        elif printable(part) != part:
            reason = "holds a control character"
        elif len(os.fsencode(part)) > _MOST_BYTES:
            reason = f"is longer than {_MOST_BYTES} bytes, which no disk holds"
        if reason:
            raise VaultError(f"{new}: the name `{part}` {reason}: {_NOTHING}: choose another")


def _refuse_name(old: str, new: str, files: frozenset[str]) -> None:
    """Raise `VaultError` for a name that is taken."""
    if new == old:
        raise VaultError(f"{new}: this is its name: {_NOTHING}")
    if new.startswith(f"{old}/") or new == ".":
        raise VaultError(f"{new}: a folder cannot be in itself: {_NOTHING}")
    taken = _folded_paths(path for path in files if path != old and not path.startswith(f"{old}/"))
    for end, _ in enumerate(new.split("/"), 1):
        path = "/".join(new.split("/")[:end])
        there = taken.get(name_key(path), path)
        if there != path:
            raise VaultError(
                f"{new}: there is {there}, which differs in letter case alone: on Windows and "
                f"most Macs they are one: {_NOTHING}: write it so, or choose another name"
            )
        if path in files - {old} or (path == new and name_key(path) in taken):
            raise VaultError(f"{path}: there is one of this name: {_NOTHING}: choose another")


def _folded_paths(paths: Iterator[str]) -> dict[str, str]:
    """Return files and their folders by the form in which names are compared."""
    found: dict[str, str] = {}
    for path in paths:
        at = len(path)
        while at > 0 and name_key(path[:at]) not in found:
            found[name_key(path[:at])] = path[:at]
            at = path.rfind("/", 0, at)
    return found
