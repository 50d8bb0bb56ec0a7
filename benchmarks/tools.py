"""The tools of tools.toml: install them, and make a vault ready for one."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from conformance.asking import Tool as Asked
from conformance.asking import version as asked_version

OURS = "vaultsync"
CHECKOUT = Path(__file__).resolve().parents[1]


class Tool(NamedTuple):
    """A tool; the keys of a table in tools.toml, which describes them."""

    name: str
    version: str
    lint: str
    finding: str
    rules_on: str
    pip: str = ""
    npm: str = ""
    program: str = ""
    cache: str = ""
    rules: str = ""
    named: str = ""
    slow: bool = False
    also: Mapping[str, str] = {}
    files: Mapping[str, str] = {}


def tools(*, slow: bool) -> list[Tool]:
    """Return the tools, ours first; with the slow ones, or without."""
    text = Path(__file__).with_name("tools.toml").read_text(encoding="utf-8")
    found = [Tool(name=name, **table) for name, table in tomllib.loads(text).items()]
    return [tool for tool in found if slow or not tool.slow]


def missing(*, slow: bool) -> list[str]:
    """Return, one line each, what has to be installed by hand first."""
    needed = {"git": "git", "hyperfine": "hyperfine", "/usr/bin/time": "time"}
    if slow:
        needed |= {"npm": "npm"}
    return [
        f"{program} is missing: install the Debian package `{package}`"
        for program, package in needed.items()
        if not shutil.which(program)
    ]


def install(tool: Tool, folder: Path) -> None:
    """Install a tool and put it on PATH; ours is this checkout, as a user would install it."""
    place = folder / "tools" / tool.name
    if tool.npm:
        _run("npm", "install", "--silent", "--no-audit", "--prefix", str(place), tool.npm)
        program = place / "node_modules" / ".bin" / tool.name
    else:
        _run(sys.executable, "-m", "venv", str(place))
        package = tool.pip or str(CHECKOUT)
        _run(str(place / "bin" / "pip"), "install", "--quiet", package)
        (program,) = place.glob(tool.program or f"bin/{tool.name}")
    bin_folder = folder / "bin"
    bin_folder.mkdir(exist_ok=True)
    start = bin_folder / tool.name
    if program.name == "python":
        # A link to the Python of an environment would lose its way to the packages there.
        start.write_text(f'#!/bin/sh\nexec {shlex.quote(str(program))} "$@"\n')
        start.chmod(0o755)
    else:
        start.symlink_to(program)
    if str(bin_folder) not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = f"{bin_folder}{os.pathsep}{os.environ['PATH']}"


def our_python() -> Path:
    """Return the Python that runs `vaultsync`."""
    return Path(shutil.which(OURS) or "").resolve().with_name("python")


def our_cache(vault: Path) -> str:
    """Return the folder in which `vaultsync` caches what it reads of a vault."""
    code = "import sys; from vaultsync.infra.cache import *; print(cache_folder(sys.argv[1]))"
    return _run(str(our_python()), "-c", code, str(vault)).strip()


def version(tool: Tool) -> str:
    """Return the version that a tool states, for ours with the commit that was installed."""
    found = asked_version(Asked(tool.name, tool.lint, (), version=tool.version))
    if tool.name != OURS:
        return found
    commit = _run("git", "-C", str(CHECKOUT), "describe", "--always", "--dirty", "--exclude", "*")
    return f"{found} ({commit.strip()})"


def settle(tool: Tool, vault: Path) -> None:
    """Write a tool's settings into a vault."""
    for path, text in tool.files.items():
        named = re.findall(tool.named, _run(*shlex.split(tool.rules))) if tool.rules else []
        others = "\n".join(f"  {name}: false" for name in named if f"  {name}:" not in text)
        (vault / path).write_text(text.replace("{other_rules}", others).lstrip(), encoding="utf-8")


def _run(*command: str) -> str:
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout
