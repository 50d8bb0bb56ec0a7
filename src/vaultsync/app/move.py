"""Rename a file or folder of the vault and the links to it, as `vaultsync mv` requests."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from vaultsync.app.workspace import Workspace, inside
from vaultsync.core.errors import VaultError
from vaultsync.core.model import content_id
from vaultsync.core.output import Output
from vaultsync.core.text import apply_edits
from vaultsync.infra.moving import Plan
from vaultsync.lint.rename import rename
from vaultsync.lint.rules.files import name_reason
from vaultsync.notes.link_index import name_key

# The longest name on most disks, in bytes.
_MOST_BYTES = 255
_NOTHING = "nothing was renamed"


class Move(msgspec.Struct, frozen=True):
    """What to do, and for each output the bytes that the file has now.

    `is_set`: the settings name the old path, which only their author can change.
    """

    plan: Plan
    before: Mapping[str, bytes]
    is_set: bool


def plan_move(old: str, new: str, workspace: Workspace) -> Move:
    """Plan to give a file or folder another name. Raises `VaultError` where that cannot be done."""
    old, new = named(old, new, workspace)
    files, is_folder = workspace.vault.files, old not in workspace.vault.files
    moves = {old: new}
    if is_folder:
        inner = [path for path in files if path.startswith(f"{old}/")]
        hidden = _hidden(workspace.root, old, files)
        moves = {path: new + path[len(old) :] for path in sorted([*inner, *hidden])}
    _refuse_name(old, new, files)
    edits = rename(workspace.vault, workspace.config, moves)
    if outside := sorted(edits.keys() & set(workspace.outside)):
        raise VaultError(
            f"{outside[0]}: its links would change, but it is outside the vault, behind a "
            f"symbolic link: {_NOTHING}"
        )
    texts = {path: workspace.vault.documents[path].text for path in sorted(edits)}
    before = {path: text.encode() for path, text in texts.items()}
    outputs = tuple(
        Output(path, apply_edits(text, edits[path]).encode(), content_id(before[path]))
        for path, text in texts.items()
    )
    is_set = re.search(rf"[\"']{re.escape(old)}[\"'/]", workspace.config_text) is not None
    return Move(Plan((old, new), moves, outputs, old if is_folder else ""), before, is_set)


def named(old: str, new: str, workspace: Workspace) -> tuple[str, str]:
    """Return both as paths of the vault; a note may be named without `.md`, a folder it goes to."""
    source, target = inside(workspace.root, old), inside(workspace.root, new)
    files = workspace.vault.files
    if target != ".":
        _refuse_parts(target)
    is_folder = Path(workspace.root, target).is_dir()
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


def _refuse_parts(new: str) -> None:
    """Raise `VaultError` for a path with a name that not every system can have."""
    for part in new.split("/"):
        reason = name_reason(part)
        if part.startswith("."):
            reason = "begins with a dot, and Obsidian hides it"
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
