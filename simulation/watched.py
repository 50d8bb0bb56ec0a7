"""Run a function in a forked process and stop it before any call that changes a file.

The kernel stops each such call of the process and of all that it starts, git included, until the
simulation answers (seccomp's user notification, Linux only). So a kill, a full disk or another
hand on the same files can come at any moment that leaves another state on the disk: between two
such calls no file changes.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import platform
import select
import signal
import socket
import stat
import struct
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

# The numbers of the calls, by machine: those that change an open file, which is their first
# argument; and others, with the place of the path in their arguments.
_WRITES = {"x86_64": (1, 18, 20, 77), "aarch64": (64, 68, 66, 46)}
_CHANGES = {
    # truncate, rename, mkdir, rmdir, link, unlink, symlink, mkdirat, unlinkat, renameat, linkat,
    # symlinkat, renameat2
    "x86_64": {76: 0, 82: 1, 83: 0, 84: 0, 86: 1, 87: 0, 88: 1}
    | {258: 1, 263: 1, 264: 3, 265: 3, 266: 2, 316: 3},
    "aarch64": {45: 0, 34: 1, 35: 1, 38: 3, 37: 3, 36: 2, 276: 3},
}
_OPENAT = {"x86_64": 257, "aarch64": 56}
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_MACHINE = platform.machine()
# From linux/seccomp.h, linux/filter.h and linux/prctl.h.
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _NOTIFY = 0x7FFF0000, 0x7FC00000
_RECEIVE, _SEND, _CONTINUE = 0xC0502100, 0xC0182101, 1
_NO_NEW_PRIVILEGES, _SUBREAPER = 38, 36
_FLAGS_OF_OPENAT = 32
_CREATE_OR_TRUNCATE = os.O_CREAT | os.O_TRUNC
_C = ctypes.CDLL(None, use_errno=True)
# Of a path, as the kernel takes it.
_LONGEST = 4096
HANG = 120.0


class Call(NamedTuple):
    """A call that is about to change a file: its number in the run, and its process.

    `file` is the number of the open file that it writes to; for other calls it is None, and
    `address` is where the process has the path.
    """

    number: int
    process: int
    file: int | None
    address: int
    makes_file: bool

    @property
    def program(self) -> str:
        """The command line of the process."""
        with suppress(OSError):
            return Path(f"/proc/{self.process}/cmdline").read_text().replace("\0", " ")
        return ""

    @property
    def path(self) -> str:
        """The file that it makes, changes or deletes; "" where that cannot be read."""
        with suppress(OSError):
            if self.file is not None:
                return str(Path(f"/proc/{self.process}/fd/{self.file}").readlink())
            with Path(f"/proc/{self.process}/mem").open("rb", buffering=0) as memory:
                memory.seek(self.address)
                name = os.fsdecode(memory.read(_LONGEST).partition(b"\0")[0])
            return os.path.normpath(Path(f"/proc/{self.process}/cwd").readlink() / name)
        return ""

    @property
    def needs_space(self) -> bool:
        """Whether it makes a file, or writes to one that is none of the standard streams."""
        if self.file is None:
            return self.makes_file
        with suppress(OSError):
            mode = Path(f"/proc/{self.process}/fd/{self.file}").stat().st_mode
            return self.file > sys.stderr.fileno() and stat.S_ISREG(mode)
        return False


class Ended(NamedTuple):
    """How a process ended (None: killed), what it printed, and how many calls there were."""

    code: int | None
    output: str
    errors: str
    calls: int


# What happens at a call: nothing, an error for the caller, or that all of the run is killed.
Answer = int | None
KILL = -1
Watcher = Callable[[Call], Answer]


def run(
    function: Callable[[], None],
    folder: Path,
    environment: Mapping[str, str],
    watcher: Watcher | None = None,
    limit: float = HANG,
) -> Ended:
    """Run a function in a process of its own; `watcher` answers each call that changes a file.

    A run without a watcher is killed after so many seconds.
    """
    _C.prctl(_SUBREAPER, 1, 0, 0, 0)
    streams = [os.memfd_create(name) for name in ("output", "errors")]
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        _in_child(function, folder, environment, streams, theirs if watcher else None)
    theirs.close()
    calls = _answer(ours, child, watcher) if watcher else 0
    ours.close()
    code = _wait(child, limit)
    output, errors = map(_read, streams)
    return Ended(code, output, errors, calls)


def _in_child(
    function: Callable[[], None],
    folder: Path,
    environment: Mapping[str, str],
    streams: list[int],
    listener: socket.socket | None,
) -> None:
    """Run the function, and end the process."""
    try:
        os.setsid()
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        for number, stream in enumerate((os.open(os.devnull, os.O_RDONLY), *streams)):
            os.dup2(stream, number)
        if listener:
            filtered = _install_filter()
            socket.send_fds(listener, [b"1"], [filtered])
            os.close(filtered)
        function()
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - whatever it is, the process ends here
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
        os._exit(
            error.code if isinstance(error, SystemExit) and isinstance(error.code, int) else 70
        )
    os._exit(0)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _install_filter() -> int:
    """Have the kernel stop the calls of this process and its children; return who is notified."""
    numbers = (*_WRITES[_MACHINE], *_CHANGES[_MACHINE])
    steps = [(_LOAD, 0, 0, 0)]
    # From each step so many on: past the rest, the four of openat and the one that allows.
    steps += [(_EQUAL, len(numbers) - place + 3, 0, number) for place, number in enumerate(numbers)]
    steps += [
        (_EQUAL, 0, 2, _OPENAT[_MACHINE]),
        (_LOAD, 0, 0, _FLAGS_OF_OPENAT),
        (_ANY_BIT, 1, 0, _CREATE_OR_TRUNCATE),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _NOTIFY),
    ]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code)
    program = _Program(len(steps), ctypes.cast(buffer, ctypes.c_void_p))
    _C.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    # SECCOMP_SET_MODE_FILTER with SECCOMP_FILTER_FLAG_NEW_LISTENER
    listener: int = _C.syscall(_SECCOMP[_MACHINE], 1, 8, ctypes.byref(program))
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return listener


def _answer(ours: socket.socket, child: int, watcher: Watcher) -> int:
    """Answer the calls until the process and its children are gone; return their count."""
    ours.settimeout(HANG)
    _, (listener, *_), _, _ = socket.recv_fds(ours, 1, 1)
    events = select.poll()
    events.register(listener, select.POLLIN)
    count, end = 0, time.monotonic() + HANG
    try:
        while time.monotonic() < end:
            found = events.poll(1000)
            if found and not found[0][1] & select.POLLIN:
                return count
            if found and (given := _receive(listener)):
                count += 1
                if not _reply(listener, given, count, watcher):
                    kill_all()
                    return count
        kill_all()
        raise TimeoutError(f"the run of process {child} did not end in {HANG:.0f} s")
    finally:
        os.close(listener)


def _receive(listener: int) -> tuple[int, ...] | None:
    buffer = bytearray(80)
    try:
        fcntl.ioctl(listener, _RECEIVE, buffer)
    except OSError:
        # The process is gone.
        return None
    return struct.unpack("QIIiIQ6Q", buffer)


def _reply(listener: int, given: tuple[int, ...], count: int, watcher: Watcher) -> bool:
    """Let the watcher decide on a call; return whether the run goes on."""
    name, process, _, number, _, _, *arguments = given
    if number in _WRITES[_MACHINE]:
        call = Call(count, process, arguments[0], 0, makes_file=False)
    else:
        place = _CHANGES[_MACHINE].get(number, 1)
        makes_file = number == _OPENAT[_MACHINE]
        call = Call(count, process, None, arguments[place], makes_file)
    answer = watcher(call)
    if answer == KILL:
        return False
    reply = (name, 0, -answer, 0) if answer else (name, 0, 0, _CONTINUE)
    with suppress(OSError):
        fcntl.ioctl(listener, _SEND, struct.pack("QqiI", *reply))
    return True


def full_disk(call: Call) -> Answer:
    """Return the error of a full disk for what would write to it."""
    return errno.ENOSPC if call.needs_space else None


def descendants(process: int) -> Iterator[int]:
    """Yield the children of a process, theirs, and so on."""
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, children.read_text().split()):
                yield child
                yield from descendants(child)


def kill(process: int) -> None:
    """Kill a process and all that it started."""
    for one in (process, *descendants(process)):
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


def kill_all() -> None:
    """Kill all that this process started."""
    for one in [*descendants(os.getpid())]:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


def _wait(child: int, limit: float) -> int | None:
    """Wait for a process, and for what it left running; return its exit code."""
    handle = os.pidfd_open(child)
    if not select.select([handle], [], [], limit)[0]:
        kill(child)
    os.close(handle)
    _, status = os.waitpid(child, 0)
    _end_orphans(child)
    code = os.waitstatus_to_exitcode(status)
    return None if code == -signal.SIGKILL else code


def _end_orphans(session: int) -> None:
    """Wait for what a process started and left: this process is its parent now."""
    end = time.monotonic() + HANG
    for orphan in _orphans(session):
        handle = os.pidfd_open(orphan)
        select.select([handle], [], [], max(0.0, end - time.monotonic()))
        os.close(handle)
        os.waitpid(orphan, 0)


def _orphans(session: int) -> list[int]:
    own = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [int(one) for one in own if os.getsid(int(one)) == session]


def _read(stream: int) -> str:
    with os.fdopen(stream, "rb") as file:
        file.seek(0)
        return file.read().decode(errors="replace")
