"""What goes wrong while a machine syncs."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress

from simulation.machine import Action, Machine
from simulation.watched import KILL, Answer, Call, full_disk, kill

# A run changes files some hundred times. The early moments are more likely.
_MOST = 8.6
_HOOK = "#!/bin/sh\nexit 1\n"
_REMOTE_SIDE = ("receive-pack", "upload-pack", "unpack-objects", "index-pack")


def sync(machine: Machine, machines: Sequence[Machine]) -> None:
    """Sync a machine, mostly with a fault."""
    fault = machine.random.choices([*FAULTS], [*FAULTS.values()])[0]
    fault(machine, machines)


def _moment(choose: random.Random) -> int:
    return int(2 ** choose.uniform(0, _MOST))


def _report(machine: Machine, what: str, code: int | None, errors: str) -> None:
    last = errors.strip().rpartition("\n")[2][:160]
    machine.tell(f"sync{what}: {'killed' if code is None else code} {last}".rstrip())


def undisturbed(machine: Machine, _: Sequence[Machine]) -> None:
    """Sync without a fault."""
    ended = machine.sync()
    _report(machine, "", ended.code, ended.errors)


def _watched(machine: Machine, what: str, act: Callable[[Call], Answer]) -> None:
    ended = machine.sync(watcher=act)
    _report(machine, f" ({what}; {ended.calls} calls)", ended.code, ended.errors)


def killed(machine: Machine, _: Sequence[Machine]) -> None:
    """Kill the run and all that it started, as a power cut does."""
    moment = _moment(machine.random)
    _watched(machine, f"killed at {moment}", lambda call: KILL if call.number == moment else None)


def program_killed(machine: Machine, _: Sequence[Machine]) -> None:
    """Kill vaultsync alone: the git that it started goes on."""
    moment = _moment(machine.random)

    def act(call: Call) -> Answer:
        if call.number == moment:
            with suppress(ProcessLookupError):
                os.kill(os.getsid(call.process), signal.SIGKILL)
        return None

    _watched(machine, f"vaultsync killed at {moment}", act)


def git_killed(machine: Machine, _: Sequence[Machine]) -> None:
    """Kill a git that vaultsync started."""
    moment, done = _moment(machine.random), False

    def act(call: Call) -> Answer:
        nonlocal done
        if call.number >= moment and not done and os.getsid(call.process) != call.process:
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
    moment = _moment(machine.random)
    _watched(
        machine,
        f"disk full at {moment}",
        lambda call: full_disk(call) if call.number >= moment else None,
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
    moment = _moment(machine.random)
    hand = machine.random.choice(_HANDS)
    other = machine.random.choice(machines) if hand is Machine.phone else machine
    done = False

    def act(call: Call) -> Answer:
        nonlocal done
        if call.number == moment and not done:
            done = True
            hand(other)
        return None

    _watched(machine, f"{other} {hand.__name__} at {moment}", act)


def second_run(machine: Machine, _: Sequence[Machine]) -> None:
    """Start another sync of the same clone in the middle of the run."""
    moment = _moment(machine.random)

    def act(call: Call) -> Answer:
        if call.number == moment:
            ended = machine.sync(limit=1.0)
            _report(machine, " (second)", ended.code, ended.errors)
        return None

    _watched(machine, f"second at {moment}", act)


_HANDS: tuple[Action, ...] = (
    Machine.edit,
    Machine.edit,
    Machine.flush,
    Machine.phone,
    Machine.phone,
    Machine.delete,
    Machine.add,
)
FAULTS: dict[Callable[[Machine, Sequence[Machine]], None], int] = {
    undisturbed: 10,
    killed: 4,
    program_killed: 2,
    git_killed: 1,
    connection_lost: 1,
    disk_full: 1,
    offline: 1,
    refused: 1,
    other_hand: 4,
    second_run: 1,
}
