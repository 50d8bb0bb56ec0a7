"""Isolation from the machine's git and terminal, and what a test may ask of the machine."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from tests.forks import run_alone
from tests.vaults import MEASURED
from vaultsync.infra import cache as store
from vaultsync.infra.workers import can_fork

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A hook's GIT_DIR would send every test's git to the wrong repository.
_INHERITED = ("GIT_", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "PRE_COMMIT_")
# Tests wait for a file to count as settled, and the clock of their files is this machine's.
store.SETTLING = 10_000_000
for _name in [name for name in os.environ if name.startswith(_INHERITED)]:
    del os.environ[_name]
os.environ["GIT_CONFIG_GLOBAL"] = str(Path(__file__).with_name("gitconfig"))
os.environ["GIT_CONFIG_NOSYSTEM"] = "1"
os.environ["GIT_TERMINAL_PROMPT"] = "0"

# A busy machine is slow without being wrong. Each run has the same examples, wherever it runs;
# `--hypothesis-profile=thorough --hypothesis-seed=N` has ten times as many, and others.
_MANY = 100
settings.register_profile(
    "same", deadline=None, derandomize=True, database=None, max_examples=_MANY
)
# Under CI others would inherit Hypothesis' own profile.
settings.register_profile(
    "thorough", deadline=None, derandomize=False, database=None, max_examples=_MANY * 10
)
settings.load_profile("same")


def examples(count: int) -> settings:
    """Return settings for so many examples, and for ten times as many in a thorough run."""
    return settings(max_examples=count * settings().max_examples // _MANY)


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Let the examples not depend on the modules that are imported by other tests.

    Hypothesis would draw some of the constants in them.
    """
    if settings().derandomize:
        providers._get_local_constants = lambda: providers._local_constants


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the golden expectations")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run first what takes minutes in one test, so that no other process waits for it.

    Then what forks, before another test has begun a thread: so it needs no process of its own.
    """
    items.sort(
        key=lambda item: (
            item.get_closest_marker("plugin") is None,
            item.get_closest_marker("forks") is None,
        )
    )


def pytest_collection_finish() -> None:
    """Let the garbage collector pass by what lasts to the end: it took a tenth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


@pytest.fixture(scope="session", autouse=True)
def _caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Leave the user's cache folder alone."""
    os.environ["VAULTSYNC_CACHE_DIR"] = str(tmp_path_factory.mktemp("caches"))
    yield
    del os.environ["VAULTSYNC_CACHE_DIR"]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Measure the coverage of this process, and of others only where a test asks for it.

    Most run what other tests run here, and would take twice the time. A test that is not measured
    sets the variable again.
    """
    if found := os.environ.pop("COVERAGE_PROCESS_CONFIG", None):
        MEASURED["COVERAGE_PROCESS_CONFIG"] = found


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether golden expectations are to be rewritten instead of compared."""
    return bool(request.config.getoption("--update"))


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test marked `forks` in a process of its own where this one may not fork.

    It may not where a thread of another test, such as a browser's, is still there.
    """
    if not pyfuncitem.get_closest_marker("forks") or can_fork():
        return None
    run_alone(pyfuncitem.nodeid, pyfuncitem.config.rootpath)
    return True


def needs(program: str, *aliases: str) -> str:
    """Return the path of a program the test runs, under the first of its names that is there.

    Where the program is missing the test is skipped, or fails if `VAULTSYNC_REQUIRE`
    names it (several names are separated by commas).
    """
    if found := next(filter(None, map(shutil.which, (program, *aliases))), None):
        return found
    reason = f"needs {program}, which is not on PATH"
    if program in os.environ.get("VAULTSYNC_REQUIRE", "").split(","):
        pytest.fail(f"{reason}, and VAULTSYNC_REQUIRE={program} forbids the skip", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browsers() -> Iterator[Callable[[str], Browser]]:
    """Return what starts a browser that the system has, once each.

    A process can run one loop of Playwright alone, so that all tests share it.
    """
    from playwright.sync_api import sync_playwright

    from tests.publish.browser import OPTIONS, program

    with sync_playwright() as playwright:

        @cache
        def start(name: str) -> Browser:
            if name == "firefox":
                path = needs("firefox-esr", "firefox")
                return playwright.firefox.launch(executable_path=path, channel="moz-firefox")
            return playwright.chromium.launch(executable_path=program(), args=[*OPTIONS])

        yield start
