"""The Obsidian plugin: its types, its size, its release, and its tests, which a Node runs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import needs
from tests.npm import installed

pytestmark = pytest.mark.plugin

ROOT = Path(__file__).parents[1]
PLUGIN = ROOT / "plugin"
# What is written there by a build, and the place of packages, are not copied.
_MADE = shutil.ignore_patterns("node_modules", "main.js", "shots")
# The size in bytes that the plugin may have.
_MOST = 90_000


@pytest.fixture
def plugin(tmp_path: Path, pytestconfig: pytest.Config) -> Path:
    """Return a copy of the plugin, beside its packages."""
    packages = installed(pytestconfig, PLUGIN / "package.json")
    copy = shutil.copytree(PLUGIN, tmp_path / "plugin", ignore=_MADE)
    (copy / "node_modules").symlink_to(packages, target_is_directory=True)
    return copy


def node(plugin: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    own = {"PYTHON": sys.executable, "PYTHONPATH": str(ROOT / "src"), "VAULT": str(ROOT / "vault")}
    env = os.environ | own | variables
    arguments = [needs("node"), *command]
    return subprocess.run(
        arguments, cwd=plugin, env=env, capture_output=True, text=True, check=False
    )


def run(plugin: Path, *command: str, **variables: str) -> None:
    done = node(plugin, *command, **variables)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_types_are_right(plugin: Path) -> None:
    run(plugin, "node_modules/typescript/bin/tsc", "--noEmit")


def test_the_rules_of_the_community_find_nothing(plugin: Path) -> None:
    run(plugin, "node_modules/eslint/bin/eslint.js", "--max-warnings=0")


def test_the_plugin_is_small(plugin: Path) -> None:
    run(plugin, "build.config.mjs")
    assert (plugin / "main.js").stat().st_size <= _MOST


def test_the_tree_of_a_release_builds_the_same_plugin(plugin: Path, tmp_path: Path) -> None:
    manifest = json.loads((plugin / "manifest.json").read_text())
    tree = tmp_path / "tree"
    run(plugin, "release.mjs", str(tree), manifest["version"])
    names = {path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()}
    assert {"manifest.json", "versions.json", "README.md", "LICENSE", "styles.css"} <= names
    assert not {name for name in names if name.startswith("test") or name == "main.js"}
    # The pictures of the README are there.
    linked = re.findall(r"\]\((images/[^)]+)\)", (tree / "README.md").read_text())
    assert linked
    assert set(linked) <= names
    (tree / "node_modules").symlink_to((plugin / "node_modules").resolve())
    for folder in (plugin, tree):
        run(folder, "build.config.mjs")
    assert (tree / "main.js").read_bytes() == (plugin / "main.js").read_bytes()


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("version", "0.0.1", "manifest.json has the version 0.0.1"),
        ("id", "Vault_Sync", "lowercase letters and hyphens"),
        ("id", "vaultsync-plugin", "not end in"),
        ("name", "Vaultsync for Obsidian", "name and description"),
        ("description", "It checks", "end in a period"),
        ("minAppVersion", "1.0.0", "versions.json must map"),
        ("isDesktopOnly", False, "isDesktopOnly"),
    ],
)
def test_what_the_community_refuses_is_not_released(
    plugin: Path, tmp_path: Path, key: str, value: object, problem: str
) -> None:
    file = plugin / "manifest.json"
    manifest = json.loads(file.read_text())
    version = manifest["version"]
    file.write_text(json.dumps(manifest | {key: value}))
    done = node(plugin, "release.mjs", str(tmp_path / "tree"), version)
    assert done.returncode == 1
    assert problem in done.stderr
    assert not (tmp_path / "tree").exists()


def run_tests(plugin: Path, *options: str, **variables: str) -> None:
    run(plugin, "node_modules/vitest/vitest.mjs", "run", *options, **variables)


def test_the_tests_without_a_browser_pass(plugin: Path) -> None:
    run_tests(plugin, "--project=unit")


# Several processes can run them. What takes long is tagged so in the files.
@pytest.mark.parametrize("part", range(2))
@pytest.mark.parametrize("tags", ["!long", pytest.param("long", marks=pytest.mark.long)])
def test_the_tests_in_a_browser_pass(plugin: Path, tags: str, part: int) -> None:
    files = sorted(
        f"browser/{path.name}" for path in (plugin / "test" / "browser").glob("*.test.ts")
    )
    browser = needs("chromium", "chromium-browser", "google-chrome")
    options = ("--project=browser", f"--tags-filter={tags}", *files[part::2])
    run_tests(plugin, *options, CHROMIUM=browser)
