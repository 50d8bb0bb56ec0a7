"""The Obsidian plugin: its types, its size, and its tests, which a Node runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import needs
from tests.npm import installed

ROOT = Path(__file__).parents[1]
PLUGIN = ROOT / "plugin"
# What is written there by a build, and the place of packages, are not copied.
_MADE = shutil.ignore_patterns("node_modules", "main.js", "shots")
_TESTS = sorted(path.relative_to(PLUGIN).as_posix() for path in PLUGIN.rglob("test/*/*.test.ts"))
# The size in bytes that the plugin may have.
_MOST = 60 * 1024


@pytest.fixture
def plugin(tmp_path: Path, pytestconfig: pytest.Config) -> Path:
    """Return a copy of the plugin, beside its packages."""
    packages = installed(pytestconfig, PLUGIN / "package.json")
    copy = shutil.copytree(PLUGIN, tmp_path / "plugin", ignore=_MADE)
    (copy / "node_modules").symlink_to(packages, target_is_directory=True)
    return copy


def run(plugin: Path, *command: str, **variables: str) -> None:
    env = os.environ | {"PYTHON": sys.executable, "PYTHONPATH": str(ROOT / "src")} | variables
    done = subprocess.run(
        [needs("node"), *command], cwd=plugin, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_types_are_right(plugin: Path) -> None:
    run(plugin, "node_modules/typescript/bin/tsc", "--noEmit")


def test_the_plugin_is_small(plugin: Path) -> None:
    run(plugin, "esbuild.config.mjs")
    assert (plugin / "main.js").stat().st_size <= _MOST


@pytest.mark.parametrize("path", _TESTS)
def test_the_tests_of_the_plugin_pass(plugin: Path, path: str) -> None:
    chromium = needs("chromium", "chromium-browser", "google-chrome") if "browser" in path else ""
    run(plugin, "node_modules/vitest/vitest.mjs", "run", path, CHROMIUM=chromium)
