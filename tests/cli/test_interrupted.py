"""Runs that a signal ends, and runs whose standard streams are closed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from tests.vaults import SOURCES, committed, make, state

SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]


def interrupted(
    vault: Path, args: tuple[str, ...], number: int, pids: Callable[[int], list[int]], path: str
) -> int:
    """Send a signal to a run once it has children; return its exit code when they are gone."""
    command = [sys.executable, "-m", "vaultsync", *args]
    env = {**os.environ, "PYTHONPATH": str(SOURCES), "PATH": path}
    with subprocess.Popen(
        command, cwd=vault, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        while not (children := pids(process.pid)):
            assert process.poll() is None
            time.sleep(0.001)
        process.send_signal(number)
        _, err = process.communicate(timeout=120)
    assert err == b""
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]
    return process.returncode


def children_of(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) == 1,
    reason="nobody helps on one CPU, and on other systems",
)
@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_a_signal_ends_the_processes_that_help(tmp_path: Path, number: int, code: int) -> None:
    text = "---\ntitle: a\n---\n\n" + "Some *words* and a [[link]].\n\n" * 100
    vault = make(tmp_path, {f"{count}.md": text for count in range(2_000)})
    before = state(vault)
    args = ("--vault", ".", "lint", "--fix")
    assert interrupted(vault, args, number, children_of, os.environ["PATH"]) == code
    assert state(vault) == before


# The first stops in `subprocess.run`, the other in a stream that is read.
@pytest.mark.parametrize("command", ["rev-parse", "log"])
@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_a_signal_ends_git(tmp_path: Path, command: str, number: int, code: int) -> None:
    journal = '<!-- vaultsync:changelog style="full" -->\n\n<!-- /vaultsync -->\n'
    vault = committed(tmp_path / "vault", {"vaultsync.toml": "", "Changelog.md": journal})
    slow, noted = make(tmp_path / "bin", {}) / "git", tmp_path / "pid"
    slow.write_text(
        f'#!/bin/sh\ncase " $* " in *" {command} "*)\n'
        f'echo $$ > "{noted}.new"; mv "{noted}.new" "{noted}"; exec sleep 600;; esac\n'
        f'exec "{shutil.which("git")}" "$@"\n'
    )
    slow.chmod(0o755)

    def pids(_parent: int) -> list[int]:
        return [int(noted.read_text())] if noted.exists() else []

    path = f"{slow.parent}{os.pathsep}{os.environ['PATH']}"
    assert interrupted(vault, ("changelog", "--rebuild"), number, pids, path) == code


def closed(vault: Path, redirections: str, *args: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line in a shell that closes standard streams."""
    env: Mapping[str, str] = {**os.environ, "PYTHONPATH": str(SOURCES)}
    script = f'exec "$0" -m vaultsync "$@" {redirections}'
    return subprocess.run(
        ["sh", "-c", script, sys.executable, *args],
        cwd=vault,
        env=env,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    "streams",
    [
        "<&- >&- 2>&-",
        ">&-",
        *(pytest.param(few, marks=pytest.mark.long) for few in ("2>&-", "<&-", ">&- 2>&-")),
    ],
)
def test_closed_streams_change_nothing_else(tmp_path: Path, streams: str) -> None:
    vault = make(tmp_path, {"vaultsync.toml": "", "a.md": "<!-- vaultsync:stats -->\n\n"})
    for args, code in ((("lint",), 1), (("index",), 1), (("frobnicate",), 2)):
        done = closed(vault, streams, *args)
        assert done.returncode == code
        assert b"Traceback" not in done.stdout + done.stderr
    block = "<!-- vaultsync:stats -->\n\n<!-- /vaultsync -->\n"
    make(vault, {"a.md": block})
    assert closed(vault, streams, "index").returncode == 0
    assert (vault / "a.md").read_text() != block
