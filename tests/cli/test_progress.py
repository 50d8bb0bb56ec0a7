"""The line that says how far a long run is, at a real terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.vaults import SOURCES, committed, make, run

from vaultsync.cli.main import Progress

pty = pytest.importorskip("pty")
LINE = re.compile(r"reading notes: (\d+) of (\d+)")
# A run takes over a second where its clock says so: the vault need not be large.
SLOW = """
import itertools, time
ticks = itertools.count()
time.monotonic = lambda: next(ticks) * {tick}
from vaultsync.cli.main import main
main()
"""


class Screen:
    """What a terminal shows of one line: a return goes to its start, and text writes over."""

    def __init__(self) -> None:
        self.cells: list[str] = []
        self.at = 0

    def write(self, text: str) -> str:
        """Write text and return what is seen then."""
        for char in text:
            if char == "\r":
                self.at = 0
            else:
                self.cells[self.at : self.at + 1] = [char]
                self.at += 1
        return "".join(self.cells).rstrip()


def at_terminal(root: Path, *args: str, tick: float = 0.3, term: str = "xterm") -> str:
    """Run the command with a terminal for standard error and return what it wrote there."""
    master, slave = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-c", SLOW.format(tick=tick), *args],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(SOURCES), "TERM": term},
        stdout=subprocess.DEVNULL,
        stderr=slave,
    )
    os.close(slave)
    said = b"".join(placeholders(master))
    os.close(master)
    done.wait(timeout=60)
    return said.decode()


def placeholders(master: int) -> Iterator[bytes]:
    # Linux answers with an error where the other end is closed, other systems with nothing.
    try:
        while chunk := os.read(master, 4096):
            yield chunk
    except OSError:
        return


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make(tmp_path, {"vaultsync.toml": "", **{f"{n}.md": "x\n" for n in range(30)}})


def test_a_slow_run_says_how_far_it_is_and_takes_the_line_away(vault: Path) -> None:
    said = at_terminal(vault, "lint")
    shown = LINE.findall(said)
    assert len(shown) > 3
    assert {total for _, total in shown} == {"30"}
    assert [int(done) for done, _ in shown] == sorted({int(done) for done, _ in shown})
    assert "\n" not in said
    screen = Screen()
    assert screen.write(said) == ""
    assert screen.at == 0


def test_the_screen_shows_one_line_at_a_time(vault: Path) -> None:
    screen = Screen()
    for part in at_terminal(vault, "lint").split("\r"):
        assert LINE.fullmatch(screen.write(f"\r{part}") or "reading notes: 0 of 0")


@pytest.mark.parametrize(
    ("args", "tick", "term"),
    [(("-q", "lint"), 0.3, "xterm"), (("lint",), 0.001, "xterm"), (("lint",), 0.3, "dumb")],
    ids=["quiet", "quick", "no control of the line"],
)
def test_nothing_is_said(vault: Path, args: tuple[str, ...], tick: float, term: str) -> None:
    assert at_terminal(vault, *args, tick=tick, term=term) == ""


def test_an_error_is_on_a_line_of_its_own(tmp_path: Path) -> None:
    root = committed(tmp_path, {"vaultsync.toml": "", **{f"{n}.md": "x" for n in range(30)}})
    said = at_terminal(root, "lint", "--since", "nowhere")
    assert LINE.search(said)
    screen = Screen()
    before, _, message = said.partition("error: ")
    assert screen.write(before) == ""
    assert message.startswith("--since: `nowhere` is not a commit")


def test_without_a_terminal_nothing_is_said(vault: Path) -> None:
    assert run(vault, "lint").err == ""


def test_the_line_waits_for_a_second(capfd: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    progress(1, 3)
    assert capfd.readouterr().err == ""
    time.sleep(1.05)
    progress(1, 3)
    progress(2, 3)
    assert capfd.readouterr().err == "\rreading notes: 1 of 3"
    progress.close()
    progress.close()
    assert capfd.readouterr().err == f"\r{' ' * 21}\r"
