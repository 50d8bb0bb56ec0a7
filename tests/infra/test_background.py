from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.forks import descriptors, refuse_forks

from vaultsync.infra import workers
from vaultsync.infra.background import Aside

MOMENT = 0.001
# In a process of its own, since none is forked where a thread of another test is still there.
ELSEWHERE = """
import os, sys, time
from pathlib import Path
from vaultsync.infra.background import Aside

def work():
    while not Path(sys.argv[1]).exists():
        time.sleep(0.001)
    return os.getpid()

aside = Aside(work, int)
print(aside.is_under_way)
Path(sys.argv[1]).touch()
while aside.is_under_way:
    time.sleep(0.001)
print(aside.result() != os.getpid())
"""


@pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) == 1,
    reason="nobody helps on one CPU, and on other systems",
)
def test_work_is_done_elsewhere_in_the_meantime(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ELSEWHERE, str(tmp_path / "flag")]
    assert subprocess.run(command, capture_output=True, check=True).stdout.split() == [b"True"] * 2


def test_the_result_comes_and_no_descriptor_stays_open() -> None:
    before = descriptors()
    assert Aside(lambda: (["a", "ö"], 2), tuple[list[str], int]).result() == (["a", "ö"], 2)
    assert descriptors() == before


def test_what_it_raises_is_raised_here() -> None:
    def work() -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        Aside(work, int).result()


@pytest.mark.parametrize("result", ["\udcff", 1 << 80])
def test_a_result_that_cannot_travel_is_made_here(result: str | int) -> None:
    kind: type[str | int] = type(result)
    assert Aside(lambda: result, kind).result() == result


def test_a_result_of_another_kind_is_made_here() -> None:
    process = os.getpid()
    made = Aside(lambda: "other" if os.getpid() != process else 1, int)  # type: ignore[arg-type,return-value]
    assert made.result() == 1


def test_what_a_killed_process_was_to_do_is_done_here() -> None:
    main = os.getpid()

    def fatal() -> int:
        if os.getpid() != main:
            os.kill(os.getpid(), signal.SIGKILL)
        return 1

    assert Aside(fatal, int).result() == 1


def test_without_another_process_the_work_is_done_when_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refuse_forks(monkeypatch)
    before, done = descriptors(), iter([1])
    aside = Aside(lambda: next(done), int)
    assert not aside.is_under_way
    assert aside.result() == 1
    assert descriptors() == before


def test_signals_of_children_may_be_ignored() -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert Aside(lambda: 1, int).result() == 1
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_a_result_of_any_size_is_waited_for() -> None:
    aside = Aside(lambda: "x" * 1_000_000, str)
    while workers.can_fork() and aside.is_under_way:
        time.sleep(MOMENT)
    assert aside.result() == "x" * 1_000_000
