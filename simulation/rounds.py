"""One round: machines edit, rename, delete and sync at random, and in the end all agree."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from simulation import checks, faults, plain
from simulation.clone import Shared, copy_tree
from simulation.ledger import Ledger
from simulation.machine import ACTIONS, Machine
from simulation.texts import CANVAS, CHANGELOG, INDEX, SETTINGS, new_note

NAMES = ("desk", "laptop", "tablet")
NOTES = 7
STEPS = 24
SYNC_SHARE = 0.3
# So often all machines sync in turn at the end.
TURNS = 6
_OURS = "*.md merge=vaultsync\n*.canvas merge=vaultsync\nchangelog.lock merge=union\n"
_ATTRIBUTES = {
    "rebase": "",
    "merge": "",
    "union": "*.md merge=union\n",
}
# By plain git, and by vaultsync without faults and with them.
MODES = (*plain.PULL, "undisturbed", "vaultsync")
_CONFIG = """[user]
\tname = {0}
\temail = {0}@example.org
[gc]
\tauto = 0
[maintenance]
\tauto = false
[init]
\tdefaultBranch = main
"""
_DAY_BEFORE = "1780315200"


class Result(NamedTuple):
    """What a round showed."""

    seed: int
    problems: tuple[str, ...]
    story: tuple[str, ...]
    seconds: float
    words: int
    conflicts: int
    damage: dict[str, int]
    lost: int
    remedies: int


def play(
    seed: int, template: Path, folder: Path, mode: str = "vaultsync", plant: str = ""
) -> Result:
    """Play a round in a folder, which is kept only where something does not hold."""
    started = time.monotonic()
    shutil.rmtree(folder, ignore_errors=True)
    copy_tree(template, folder)
    shared = Shared(folder, random.Random(seed), Ledger(), plant)
    for number in range(NOTES):
        shared.ledger.name(f"h{number}", f"claim-{number}")
    machines = [Machine(name, shared) for name in NAMES]
    found = []
    try:
        _steps(shared, machines, mode)
        found += _settle(machines, mode)
        shared.damage = checks.damage(machines[0].folder)
        if mode not in plain.PULL:
            found += checks.problems(shared, machines)
            found += _resolve(shared, machines)
    except (OSError, subprocess.SubprocessError, AssertionError) as error:
        found.append(f"simulation: {type(error).__name__}: {error}")
    return _result(seed, shared, machines[0].folder, found, time.monotonic() - started)


def _sync_of(mode: str, machines: list[Machine]) -> Callable[[Machine], None]:
    """Return what a person does to sync a machine."""
    if mode == "vaultsync":
        return lambda one: faults.sync(one, machines)
    return faults.careful if mode == "undisturbed" else lambda one: plain.sync(one, mode)


def _steps(shared: Shared, machines: list[Machine], mode: str) -> None:
    sync = _sync_of(mode, machines)
    # The choices between steps are the same in each mode, whatever a step itself chooses.
    choose = random.Random(shared.random.random())
    for _ in range(STEPS):
        shared.seconds += 60
        one = choose.choice(machines)
        action = choose.choices([*ACTIONS], [*ACTIONS.values()])[0]
        shared.random = one.random = random.Random(choose.random())
        if choose.random() < SYNC_SHARE:
            sync(one)
        elif mode == "vaultsync" or action is not Machine.obsidian_git:
            action(one)
        else:
            sync(one)


def _settle(machines: list[Machine], mode: str = "vaultsync") -> list[str]:
    """Sync all machines until they agree; return why they do not."""
    for one in machines:
        one.abort()
        one.flush()
    problem = ""
    for _ in range(TURNS):
        problem = ""
        for one in machines:
            problem = _settled(one, mode) or problem
        heads = {one.git("rev-parse", "HEAD").stdout for one in machines}
        if not problem and len(heads) == 1 and not any(_dirty(one) for one in machines):
            return []
    return [f"unsettled: {problem or [(one.name, _dirty(one)) for one in machines]}"]


def _resolve(shared: Shared, machines: list[Machine]) -> list[str]:
    """Resolve the conflicts that are left, keeping both versions; return what does not hold."""
    first = machines[0]
    before = checks.conflicts(first.folder)
    if not before:
        return []
    shared.conflicts += len(before)
    shared.ledger.note(f"conflicts: {', '.join(before)}")
    ended = first.resolve()
    if ended.code != 0:
        return [f"resolve: {ended.code}: {_last(ended.errors or ended.output)}"]
    found = _settle(machines)
    found += [f"resolve: {path} has a conflict still" for path in checks.conflicts(first.folder)]
    return found + [f"resolved: {line}" for line in checks.lost(shared, first.folder)]


def _settled(one: Machine, mode: str) -> str:
    """Sync a machine once more; return why it could not."""
    if mode in plain.PULL:
        plain.sync(one, mode)
        return ""
    ended = one.sync()
    if ended.code not in {0, 3} and one.remedy(ended):
        ended = one.sync()
    if "--accept mass-delete" in ended.output:
        # There are few notes, and people deleted some of them.
        ended = one.sync("--accept", "mass-delete")
    text = (ended.errors or ended.output).strip()
    one.note(
        f"at the end, sync: {ended.code} {_last(text) if ended.code not in {0, 3} else ''}".rstrip()
    )
    return "" if ended.code in {0, 3} else f"{one}: {ended.code} {text[-300:]}"


def _last(text: str) -> str:
    return text.strip().rpartition("\n")[2][:200]


def _dirty(one: Machine) -> str:
    return one.git("status", "--porcelain").stdout


def _result(seed: int, shared: Shared, folder: Path, found: list[str], seconds: float) -> Result:
    texts = [data.decode(errors="replace") for data in checks.contents(folder).values()]
    return Result(
        seed,
        tuple(found),
        tuple(shared.ledger.story),
        seconds,
        len(shared.ledger.added),
        shared.conflicts,
        shared.damage,
        len(shared.ledger.missing(texts)),
        len(shared.remedies),
    )


def make_template(folder: Path, mode: str) -> None:
    """Make the remote and the machines' clones, as each round begins with them."""
    shared = Shared(folder, random.Random(0), Ledger())
    for name in NAMES:
        home = folder / f"{name}.home"
        home.mkdir()
        (home / ".gitconfig").write_text(_CONFIG.format(name))
    first = Machine(NAMES[0], shared)
    first.folder.mkdir()
    first.clock = -86400
    _write_vault(first.folder, mode)
    for command in (("init",), ("remote", "add", "origin", str(shared.remote))):
        first.git(*command)
    for name in ("index", "changelog"):
        first.vaultsync(name)
    first.commit_all()
    first.git("clone", "--quiet", "--bare", ".", str(shared.remote))
    first.git("fetch", "--quiet", "origin")
    first.git("branch", "--quiet", "--set-upstream-to", "origin/main")
    for name in NAMES[1:]:
        first.git("clone", "--quiet", str(shared.remote), str(folder / name))
    if mode not in plain.PULL:
        for name in NAMES:
            # The first one sets up the merge driver.
            Machine(name, shared).sync()


def _write_vault(folder: Path, mode: str) -> None:
    (folder / "Claims").mkdir()
    for number in range(NOTES):
        text = new_note(f"h{number}", f"w{number}", f"claim-{(number + 1) % NOTES}")
        (folder / f"Claims/claim-{number}.md").write_text(text)
    files = {
        "vaultsync.toml": SETTINGS,
        "Index.md": INDEX,
        "Changelog.md": CHANGELOG,
        "Map.canvas": CANVAS,
        ".gitattributes": _ATTRIBUTES.get(mode, _OURS),
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0")
