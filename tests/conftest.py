"""Isolation from the machine's git and terminal, and what a test may ask of the machine."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

# A hook's GIT_DIR would send every test's git to the wrong repository.
_INHERITED = ("GIT_", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "PRE_COMMIT_")
for _name in [name for name in os.environ if name.startswith(_INHERITED)]:
    del os.environ[_name]
os.environ["GIT_CONFIG_GLOBAL"] = str(Path(__file__).with_name("gitconfig"))
os.environ["GIT_CONFIG_NOSYSTEM"] = "1"
os.environ["GIT_TERMINAL_PROMPT"] = "0"

# A busy machine is slow without being wrong. Where CI is set, Hypothesis has its own profile.
settings.register_profile("patient", deadline=None)
if "CI" not in os.environ:
    settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the golden expectations")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether golden expectations are to be rewritten instead of compared."""
    return bool(request.config.getoption("--update"))


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
