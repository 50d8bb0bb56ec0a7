"""Sync by plain git, and a person who solves its conflicts with care: both texts are kept."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from simulation.machine import Machine

_TRIES = 4
_CONFLICT = re.compile(
    r"<<<<<<< [^\n]*\n(.*?)(?:\|\|\|\|\|\|\| [^\n]*\n.*?)?=======\n(.*?)>>>>>>> [^\n]*\n", re.DOTALL
)
PULL = {"rebase": ("--rebase",), "merge": ("--no-rebase",), "union": ("--no-rebase",)}


def sync(machine: Machine, mode: str) -> None:
    """Commit, pull and push until it is done."""
    machine.shared.seconds += 60
    machine.commit_all()
    machine.wrote_stale = False
    done = machine.git("fetch", "--quiet", "origin")
    for _ in range(_TRIES):
        done = machine.git("pull", "--quiet", "--no-edit", *PULL[mode], "origin", "main")
        while done.returncode and _unmerged(machine):
            _solve(machine)
            done = _go_on(machine, mode)
        if machine.git("push", "--quiet", "origin", "HEAD:main").returncode == 0:
            break
    machine.note(f"git pull: {done.returncode} {done.stderr.strip()[-100:]}")


def _unmerged(machine: Machine) -> list[str]:
    found = machine.git("diff", "--name-only", "-z", "--diff-filter=U").stdout
    return sorted({*found.split("\0")} - {""})


def _go_on(machine: Machine, mode: str) -> subprocess.CompletedProcess[str]:
    if mode == "rebase":
        done = machine.git("rebase", "--continue")
        if done.returncode and not _unmerged(machine):
            # Nothing is left of this commit.
            done = machine.git("rebase", "--skip")
        return done
    return machine.git("commit", "--quiet", "--no-verify", "--no-edit")


def _solve(machine: Machine) -> None:
    """Solve the conflicts as a person does; each file counts as one."""
    for path in _unmerged(machine):
        machine.shared.conflicts += 1
        machine.note(f"a person solves {path}")
        file = machine.folder / path
        if file.exists() and path.endswith((".md", ".canvas", ".lock")):
            file.write_text(_both(machine, file))
        machine.git(
            "add" if file.exists() else "rm", "--quiet" if not file.exists() else "--", path
        )


def _both(machine: Machine, file: Path) -> str:
    """Keep both sides of each conflict; of properties and canvases that of the first alone."""
    text = file.read_text(errors="replace")
    end = text.find("\n---\n", 4)

    def chosen(found: re.Match[str]) -> str:
        if file.suffix != ".md" or found.start() < end:
            machine.shared.ledger.replace(found[2], found[1])
            return found[1]
        return found[1] + found[2]

    return _CONFLICT.sub(chosen, text)
