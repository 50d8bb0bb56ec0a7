"""Faults that are planted in vaultsync in a round's processes, to see that the rounds find them."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vaultsync.app.sync import save
from vaultsync.infra import lock, worktree
from vaultsync.infra.git import branch, checkout, files, transfer, write
from vaultsync.markdown import conflict_callouts
from vaultsync.sync import merge_contents, merge_note, note_parts, three_way


def plant(name: str) -> None:
    """Plant a fault of this name in this process; "" for none."""
    if name:
        FAULTS[name]()


def replace(old: Any, new: Any) -> None:
    """Put a function in the place of another, in all modules that have it."""
    count = 0
    for module in [*sys.modules.values()]:
        if getattr(module, "__name__", "").startswith("vaultsync"):
            for name, value in [*vars(module).items()]:
                if value is old:
                    setattr(module, name, new)
                    count += 1
    if not count:
        raise LookupError(f"{old}: nothing to replace")


def prefer_ours() -> None:
    """Where both sides changed lines, take ours, as `git merge -X ours` does."""

    def merged(_path: str, texts: three_way.Versions[str], _config: object) -> merge_note.Merged:
        with tempfile.TemporaryDirectory() as folder:
            names = [Path(folder, name) for name in ("ours", "base", "theirs")]
            for name, text in zip(names, (texts[1], texts[0], texts[2]), strict=True):
                name.write_text(text)
            command = ["git", "merge-file", "-p", "--ours", *map(str, names)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        return merge_note.Merged(done.stdout, 0)

    replace(merge_note.merge_note, merged)


def return_ours() -> None:
    """Merge by returning ours."""
    replace(merge_note.merge_note, lambda _path, texts, _config: merge_note.Merged(texts[1], 0))


def check_out_by_force() -> None:
    """Write what comes in over what is on the disk, as `git checkout -f` does."""
    replace(checkout._wanted, lambda path, versions, _merge: {path: versions[2]})


def force_push() -> None:
    """Push whatever the remote has."""
    change = write.change

    def forced(repo: Any, *command: str, **options: Any) -> Any:
        return change(
            repo, *("--force" if one == "--no-force" else one for one in command), **options
        )

    vars(transfer)["change"] = forced
    # Somebody is always faster where nobody looks.
    replace(transfer.fetch, lambda *_: None)


def no_lock() -> None:
    """Let runs overlap."""

    @contextmanager
    def unlocked(_place: Path) -> Iterator[None]:
        yield

    replace(lock.locked, unlocked)


def stale_texts() -> None:
    """Save what an editor wrote without a look at what came in meanwhile."""
    replace(checkout.incoming, lambda _repo: {})


def forget_a_section() -> None:
    """Leave a section out of merged notes."""
    regions = vars(note_parts.DividedNote)["regions"].fget

    def fewer(note: note_parts.DividedNote) -> Mapping[str, three_way.Part]:
        return {name: part for name, part in regions(note).items() if name != "Open questions"}

    note_parts.DividedNote.regions = property(fewer)  # type: ignore[assignment,method-assign]


def deletions_win() -> None:
    """Delete what one side deleted and the other changed."""
    replace(
        merge_contents.is_kept, lambda found: all(found[1:]) or (found[0] is None and any(found))
    )


def move_head_blindly() -> None:
    """Move the branch wherever it is."""
    update = branch.update_refs

    def blindly(repo: Any, lines: Any, reason: str) -> None:
        moved = [" ".join(line.split()[:3]) if "update HEAD" in line else line for line in lines]
        update(repo, moved, reason)

    replace(update, blindly)


def skip_untracked() -> None:
    """Save only files that git tracks."""
    read = save._read

    def tracked(known: Any, situation: Any) -> dict[str, Any]:
        names = files.tree(known.repo, situation.head)
        return {path: entry for path, entry in read(known, situation).items() if path in names}

    replace(read, tracked)


def write_blindly() -> None:
    """Write files whatever they have become."""
    replace(worktree._check, lambda *_: None)


def ours_in_callouts_dropped() -> None:
    """Leave our version out of a conflict."""
    replace(conflict_callouts.callout, lambda _ours, _count: "")


FAULTS: dict[str, Callable[[], None]] = {
    "-X ours": prefer_ours,
    "a driver that returns ours": return_ours,
    "checkout -f": check_out_by_force,
    "a forced push without a fetch": force_push,
    "no lock": no_lock,
    "a stale text is saved as it is": stale_texts,
    "one section is forgotten": forget_a_section,
    "deletions win over edits": deletions_win,
    "HEAD is moved without a comparison": move_head_blindly,
    "new files are not saved": skip_untracked,
    "files are written without a comparison": write_blindly,
    "ours is left out of a conflict": ours_in_callouts_dropped,
}
