"""What goes wrong while a machine syncs."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from simulation.machine import Action, Machine
from simulation.watched import KILL, Answer, Call, full_disk, kill

# Which calls of a run a moment is one of, by their paths in the clone, and the binary logarithm of
# the last one: all, half of which write to a pipe, and those near to the words: a file of the vault
# changes, a note takes its place, the branch moves. The early moments are more likely.
_AIMS = (
    ("", 8.6),
    (r"/(?!\.git/)", 4.5),
    (r"/Claims/.*\.md$", 2),
    (r"/\.git/(HEAD|index|refs/|vaultsync/)", 5.5),
)
# So often others act in a run.
_TIMES = 3
# How a sync ends that left conflicts in notes.
_CONFLICTS = 3
_HOOK = "#!/bin/sh\nexit 1\n"
_REMOTE_SIDE = ("receive-pack", "upload-pack", "unpack-objects", "index-pack")


def sync(machine: Machine, machines: Sequence[Machine]) -> None:
    """Sync a machine, mostly with a fault."""
    fault = machine.random.choices([*FAULTS], [*FAULTS.values()])[0]
    fault(machine, machines)


class _Moment:
    """A call of a run at which something goes wrong."""

    def __init__(self, machine: Machine) -> None:
        """Choose one."""
        aim, most = machine.random.choice(_AIMS)
        self.left = int(2 ** machine.random.uniform(0, most))
        self._path = re.compile(f"{re.escape(str(machine.folder))}{aim}") if aim else None
        self._name = f"{self.left}{aim and ' of '}{aim}"

    def __repr__(self) -> str:
        return self._name

    def is_now(self, call: Call) -> bool:
        """Whether it is this call, of calls that come one by one; `left` is then 0."""
        if self.left and (not self._path or self._path.match(call.path)):
            self.left -= 1
            return not self.left
        return False


def _report(machine: Machine, what: str, code: int | None, errors: str) -> None:
    last = errors.strip().rpartition("\n")[2][:160]
    machine.note(f"sync{what}: {'killed' if code is None else code} {last}".rstrip())


def undisturbed(machine: Machine, _: Sequence[Machine]) -> None:
    """Sync without a fault."""
    ended = machine.sync()
    _report(machine, "", ended.code, ended.errors)


def careful(machine: Machine) -> None:
    """Sync without a fault, and resolve at once what is left in conflict; each note counts."""
    ended = machine.sync()
    _report(machine, "", ended.code, ended.errors)
    if ended.code == _CONFLICTS:
        machine.shared.conflicts += len(json.loads(ended.output)["conflicts"])
        machine.resolve()


def _watched(machine: Machine, what: str, act: Callable[[Call], Answer]) -> None:
    ended = machine.sync(watcher=act)
    _report(machine, f" ({what}; {ended.calls} calls)", ended.code, ended.errors)


def killed(machine: Machine, _: Sequence[Machine]) -> None:
    """Kill the run and all that it started, as a power cut does."""
    moment = _Moment(machine)
    _watched(machine, f"killed at {moment}", lambda call: KILL if moment.is_now(call) else None)


def program_killed(machine: Machine, _: Sequence[Machine]) -> None:
    """Kill vaultsync alone: the git that it started goes on."""
    moment = _Moment(machine)

    def act(call: Call) -> Answer:
        if moment.is_now(call):
            with suppress(ProcessLookupError):
                os.kill(os.getsid(call.process), signal.SIGKILL)
        return None

    _watched(machine, f"vaultsync killed at {moment}", act)


def git_killed(machine: Machine, _: Sequence[Machine]) -> None:
    """Kill a git that vaultsync started."""
    moment, done = _Moment(machine), False

    def act(call: Call) -> Answer:
        nonlocal done
        has_come = moment.is_now(call) or not moment.left
        if has_come and not done and os.getsid(call.process) != call.process:
            done = True
            kill(call.process)
        return None

    _watched(machine, f"git killed from {moment} on", act)


def connection_lost(machine: Machine, _: Sequence[Machine]) -> None:
    """Kill the other side of a push before or after it took what was sent."""
    moment, seen = machine.random.randrange(1, 16), 0

    def act(call: Call) -> Answer:
        nonlocal seen
        if any(name in call.program for name in _REMOTE_SIDE):
            seen += 1
            if seen == moment:
                kill(call.process)
        return None

    _watched(machine, f"connection lost at {moment}", act)


def disk_full(machine: Machine, _: Sequence[Machine]) -> None:
    """Let nothing more be written from a moment on."""
    moment = _Moment(machine)
    _watched(
        machine,
        f"disk full at {moment}",
        lambda call: full_disk(call) if moment.is_now(call) or not moment.left else None,
    )


def offline(machine: Machine, _: Sequence[Machine]) -> None:
    """Take the remote away meanwhile."""
    remote = machine.shared.remote
    away = remote.rename(remote.with_name("away.git"))
    ended = machine.sync()
    away.rename(remote)
    _report(machine, " (offline)", ended.code, ended.errors)


def refused(machine: Machine, _: Sequence[Machine]) -> None:
    """Let a hook refuse the commit."""
    hook = machine.folder / ".git/hooks/pre-commit"
    before = hook.read_bytes() if hook.exists() else None
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(_HOOK)
    hook.chmod(0o755)
    ended = machine.sync()
    hook.unlink()
    if before is not None:
        hook.write_bytes(before)
        hook.chmod(0o755)
    _report(machine, " (a hook refuses)", ended.code, ended.errors)


def other_hand(machine: Machine, machines: Sequence[Machine]) -> None:
    """Let somebody change files, commit or push in the middle of the run."""
    hands = [(_Moment(machine), machine.random.choice(_HANDS)) for _ in range(_TIMES)]
    phone = machine.random.choice(machines)

    def act(call: Call) -> Answer:
        for hand in (hand for moment, hand in hands if moment.is_now(call)):
            note = Path(call.path)
            if hand in _WRITING and note == machine.path(note.stem):
                # The one that is about to be replaced.
                machine.write_at_once(note.stem)
            else:
                hand(phone if hand is Machine.phone else machine)
        return None

    acts = ", ".join(f"{hand.__name__} at {moment}" for moment, hand in hands)
    _watched(machine, f"meanwhile {acts}", act)


def second_run(machine: Machine, _: Sequence[Machine]) -> None:
    """Start another sync of the same clone in the middle of the run."""
    moment = _Moment(machine)

    def act(call: Call) -> Answer:
        if moment.is_now(call):
            ended = machine.sync(limit=1.0)
            _report(machine, " (second)", ended.code, ended.errors)
        return None

    _watched(machine, f"second at {moment}", act)


_WRITING: tuple[Action, ...] = (Machine.edit, Machine.flush, Machine.add)
_HANDS: tuple[Action, ...] = (
    *_WRITING,
    Machine.edit,
    Machine.edit,
    Machine.commit,
    Machine.commit,
    Machine.phone,
    Machine.delete,
)
FAULTS: dict[Callable[[Machine, Sequence[Machine]], None], int] = {
    undisturbed: 8,
    killed: 4,
    program_killed: 2,
    git_killed: 1,
    connection_lost: 1,
    disk_full: 1,
    offline: 1,
    refused: 1,
    other_hand: 6,
    second_run: 1,
}
