"""The tools, and how one is run on a vector and its output read."""

# ruff: noqa: INP001
from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal, NamedTuple

from conformance.situations import NOT_ASKED, Case, Vector, Wanted, broken, cases, forms

PROCESSES = 2
SECONDS = 60

# Runs a command in a folder; returns exit code, standard output and standard error.
Start = Callable[[list[str], Path], tuple[int, str, str]]
Kind = Literal["right", "false alarm", "missed", "other target", "no answer"]


class Tool(NamedTuple):
    """How a tool is run; the keys of a table in tools.toml."""

    name: str
    command: str
    forms: tuple[str, ...]
    version: str = ""
    files: dict[str, str] = {}  # noqa: RUF012 - never changed
    targets: dict[str, str] | None = None
    broken: str = ""
    settings: str = "none"
    left_out: str = ""


class Result(NamedTuple):
    """What came of one vector, and why it is not right."""

    vector: Vector
    kind: Kind
    why: str = ""


def settings() -> dict[str, Any]:
    """Return what tools.toml holds."""
    return tomllib.loads(Path(__file__).with_name("tools.toml").read_text(encoding="utf-8"))


def tools() -> dict[str, Tool]:
    """Return the tools of tools.toml by name."""
    return {name: Tool(name=name, **table) for name, table in settings()["tools"].items()}


def asked(tool: Tool, vector: Vector) -> bool:
    """Whether a tool claims to check what a vector is about."""
    return vector["group"] not in NOT_ASKED and forms(vector) <= set(tool.forms)


def start_process(command: list[str], folder: Path) -> tuple[int, str, str]:
    """Run a command; raises `OSError` where it cannot be started."""
    done = subprocess.run(  # noqa: S603 - the command is the user's own
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=SECONDS,
    )
    out, err = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
    return done.returncode, out, err


def version(tool: Tool) -> str:
    """Return the version that a tool states, empty for one that has none."""
    if not tool.version:
        return ""
    command = [part.format(python=sys.executable) for part in shlex.split(tool.version)]
    _, out, err = start_process(command, Path.cwd())
    found = re.search(r"\d+\.\d+\.\w+", out + err)
    return found[0] if found else "?"


def run(tool: Tool, chosen: Iterable[Vector]) -> list[Result]:
    """Ask a tool about all vectors that it claims to check."""
    fitting = [vector for vector in chosen if asked(tool, vector)]
    with ThreadPoolExecutor(PROCESSES) as pool:
        return list(pool.map(lambda vector: judge(tool, vector, start_process), fitting))


def judge(tool: Tool, vector: Vector, start: Start) -> Result:
    """Ask a tool about one vector."""
    for case in cases(vector, wiki="wikilink" in tool.forms, targets=bool(tool.targets)):
        with tempfile.TemporaryDirectory(prefix="vault-") as folder:
            vault = Path(folder).resolve()
            if not _write(case.files | tool.files, vault):
                return Result(vector, "no answer", "this disk cannot hold the files of the vault")
            kind, why = compare(tool, case, *start(_command(tool, case, vault), vault))
        if kind != "right":
            return Result(vector, kind, why)
    return Result(vector, "right")


def _write(files: dict[str, str], vault: Path) -> bool:
    """Write the files; False where the disk takes two for one, or does not take a name."""
    try:
        for path, text in files.items():
            file = vault / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.replace("{vault}", vault.as_posix()).encode())
    except OSError:
        return False
    return sum(len(names) for _, _, names in os.walk(vault)) == len(files)


def _command(tool: Tool, case: Case, vault: Path) -> list[str]:
    values = {"python": sys.executable, "vault": str(vault), "source": case.source}
    return [part.format(**values) for part in shlex.split(tool.command)]


def compare(tool: Tool, case: Case, code: int, out: str, err: str) -> tuple[Kind, str]:
    """Return how an answer fits a case, and what it should have been."""
    last = "".join(err.strip().splitlines()[-1:])
    if tool.targets:
        try:
            rows = tuple(_rows(tool.targets, case.source, json.loads(out)))
        except (ValueError, KeyError, TypeError) as error:
            return "no answer", f"{error!r} {last}"
        complains, same = broken(rows), _same(rows, case.wanted)
        got = f", got {_shown(rows)}"
    else:
        complains = bool(re.search(tool.broken, out + err)) if tool.broken else code == 1
        if code > 1 and not complains:
            return "no answer", f"exit code {code} {last}"
        same, got = complains is broken(case.wanted), ""
    return _kind(same, complains, broken(case.wanted)), f"wanted {_shown(case.wanted)}{got}"


def _kind(same: bool, complains: bool, complaint: bool) -> Kind:  # noqa: FBT001
    if same:
        return "right"
    if complains is complaint:
        return "other target"
    return "false alarm" if complains else "missed"


def _rows(names: dict[str, str], source: str, answer: Any) -> Iterator[Wanted]:
    """Yield the links that lead into the vault, as a tool sees them; empty ones lead nowhere."""
    for row in answer[names["list"]]:
        internal = not row[names["external"]] and (row[names["target"]] or row[names["subpath"]])
        if row[names["source"]] == source and internal:
            path = row[names["resolved"]]
            yield Wanted((path,) if path else (), row[names["found"]])


def _same(rows: tuple[Wanted, ...], wanted: tuple[Wanted, ...]) -> bool:
    return len(rows) == len(wanted) and all(
        any(_fits(row, link) for row in rows) for link in wanted
    )


def _fits(row: Wanted, link: Wanted) -> bool:
    path = row.paths[0] in link.paths if row.paths else not link.paths
    return path and link.subpath in {None, row.subpath}


def _shown(links: tuple[Wanted, ...]) -> str:
    return ", ".join(map(str, links)) or "no link"
