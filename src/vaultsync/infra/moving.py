"""Rename files of a vault and change others, all of it or nothing, also in a run that is killed.

What is to be done is written to a plan in the vault first. Each step can be repeated: the next run
that finds the plan completes it. A step that fails takes all of them back.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec.structs import replace

from vaultsync.core.errors import VaultError
from vaultsync.core.model import content_id
from vaultsync.core.output import MOVE_PLAN, Output
from vaultsync.infra import worktree
from vaultsync.infra.worktree import as_vault_error, is_running

_NOTHING = "nothing was renamed"


class Plan(msgspec.Struct, frozen=True):
    """Files to write, at the paths that they have, and then to rename, from old path to new one.

    `names` are the two that the user gave. `folder` is an old folder, to be deleted with what is
    empty in it, "" for none. `place` is where the vault is, so that no other one is changed by a
    plan that came with it.
    """

    names: tuple[str, str]
    moves: Mapping[str, str]
    outputs: tuple[Output, ...]
    folder: str = ""
    place: tuple[str, int, int] = ("", 0, 0)
    process: int = 0


def move(root: str, plan: Plan, before: Mapping[str, bytes]) -> None:
    """Do what is planned, or nothing; `before` is what the outputs replace, by path.

    Raises `VaultError` where it cannot be done.
    """
    _check(root, plan)
    plan = replace(plan, place=_place(root), process=os.getpid())
    worktree.write(root, [Output(MOVE_PLAN, msgspec.json.encode(plan), None)])
    above = {folder for new in plan.moves.values() for folder in Path(root, new).parents}
    made = [folder for folder in above if not folder.exists()]
    try:
        worktree.write(root, plan.outputs)
        _rename(root, plan)
    except BaseException:
        _undo(root, plan, before)
        _remove_empty(made)
        Path(root, MOVE_PLAN).unlink()
        raise
    Path(root, MOVE_PLAN).unlink()


def pending(root: str) -> Plan | None:
    """Return the plan that a killed run left. Raises `VaultError` where it cannot be followed."""
    data = worktree.read_optional(f"{root}/{MOVE_PLAN}")
    if data is None:
        return None
    try:
        plan = msgspec.json.decode(data, type=Plan)
    except msgspec.DecodeError as error:
        raise VaultError(f"{MOVE_PLAN}: {error}: delete it") from None
    if plan.place != _place(root):
        raise VaultError(f"{MOVE_PLAN}: this plan was made for another vault: delete it")
    if os.name == "posix" and is_running(plan.process):
        raise VaultError(f"{MOVE_PLAN}: another run is renaming files here: wait for its end")
    return plan


def complete(root: str, plan: Plan) -> None:
    """Do what is left of a plan. Raises `VaultError` where a file changed since it was made."""
    # Nothing is renamed before all is written.
    worktree.write(root, [one for one in plan.outputs if _holds(root, one.path, one.data) is False])
    _rename(root, plan)
    Path(root, MOVE_PLAN).unlink()


def _place(root: str) -> tuple[str, int, int]:
    facts = Path(root).stat()
    return os.path.realpath(root), facts.st_dev, facts.st_ino


def _check(root: str, plan: Plan) -> None:
    """Raise `VaultError` where a step is sure to fail."""
    top = os.path.realpath(root)
    for path in (*plan.moves, *plan.moves.values()):
        with as_vault_error(path, _NOTHING):
            if os.path.realpath(Path(top, path)) != str(Path(top, path)):
                raise ValueError("it is behind a symbolic link: move it by hand")
            folder = next(one for one in Path(top, path).parents if one.exists())
            if not (folder.is_dir() and os.access(folder, os.W_OK)):
                raise ValueError(f"{folder} is not a folder that can be written to")
    for old, new in plan.moves.items():
        if os.path.lexists(Path(top, new)):
            same = Path(top, new).samefile(Path(top, old))
            reason = "this disk knows no letter case: take another name between" if same else ""
            raise VaultError(f"{new}: {reason or 'there is a file of this name'}: {_NOTHING}")


def _holds(root: str, path: str, data: bytes | None) -> bool | None:
    """Whether a file has this content; None where there is no file."""
    there = worktree.read_optional(f"{root}/{path}")
    return None if there is None else there == data


def _rename(root: str, plan: Plan) -> None:
    """Rename what is not renamed yet, and delete the empty folders."""
    for old, new in plan.moves.items():
        source, target = Path(root, old), Path(root, new)
        if os.path.lexists(source):
            with as_vault_error(old, f"it was not renamed to {new}"):
                if os.path.lexists(target):
                    raise ValueError("a file of the new name came to be there: move it away")
                target.parent.mkdir(parents=True, exist_ok=True)
                source.rename(target)
    if plan.folder:
        _remove_empty(Path(folder) for folder, _, _ in os.walk(Path(root, plan.folder)))


def _undo(root: str, plan: Plan, before: Mapping[str, bytes]) -> None:
    for old, new in plan.moves.items():
        source, target = Path(root, old), Path(root, new)
        if not os.path.lexists(source):
            source.parent.mkdir(parents=True, exist_ok=True)
            target.rename(source)
    changed = [one for one in plan.outputs if _holds(root, one.path, one.data)]
    back = [Output(one.path, before[one.path], content_id(one.data or b"")) for one in changed]
    worktree.write(root, back)


def _remove_empty(folders: Iterable[Path]) -> None:
    for folder in sorted(folders, reverse=True):
        with suppress(OSError):
            folder.rmdir()
