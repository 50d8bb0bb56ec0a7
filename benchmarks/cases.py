"""The cases that are measured, and the vaults that they are measured on."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from benchmarks import synthetic
from benchmarks.measure import Case
from benchmarks.tools import OURS, Tool, our_cache, settle

COLD, WARM, EDIT = "lint, cold", "lint, warm", "lint, one note edited"
OWN_LINT = "lint, our vault"
HOOK, INDEX, LISTS, VERSION = "hook", "index", "index, a list of all notes", "--version"
CORPUS, SYNTHETIC = "corpus", "synthetic"
OWN, PUBLISH = "publish, our vault", "publish, a synthetic encyclopedia"
PREVIEW = "preview, from save to reload"
# Ours without what an earlier run read.
NOTHING_KEPT = "vaultsync, nothing kept"
OWN_VAULT, SYNTHETIC_POST = "own", "encyclopedia"
# What each case is, for readers.
WHAT = {
    COLD: "all notes, nothing kept from an earlier run",
    WARM: "all notes, nothing changed since the last run",
    EDIT: "all notes, one edited since the last run",
    HOOK: "`lint --staged`, three notes changed and staged since the last run",
    INDEX: "nothing to change",
    LISTS: "nothing to change in one note with lists of all notes and tags",
    VERSION: "the start alone",
}

_OURSELVES = Path(__file__).resolve().parents[1]
# With this many notes changed a commit is an everyday one.
_STAGED = 3
_STAGE = """#!/bin/sh
for note in {notes}; do
  date '+Seen at %s.%N.' >>"$note"
done
git add -- {notes}
"""
_LISTS = {
    "vaultsync.toml": '[types.note]\nmatch = ["**"]\n',
    "Lists.md": "".join(
        f"<!-- vaultsync:{block} -->\n\n<!-- /vaultsync -->\n\n"
        for block in ('notes style="index"', "tags", "stats", "todos")
    ),
}


def corpus_cases(tools: list[Tool], corpus: Path, folder: Path) -> Iterator[Case]:
    """Clone the corpus for each tool below a folder and yield the cases on it."""
    for tool in tools:
        vault = clone(corpus, folder / tool.name)
        yield from lint_cases(tool, vault, CORPUS, _notes(vault))
    ours, notes = folder / OURS, _notes(folder / OURS)
    for name, command in ((INDEX, "vaultsync --vault . index"), (VERSION, "vaultsync --version")):
        yield Case(name, OURS, CORPUS, notes, command, ours, warm=True)
    hook = clone(corpus, folder / "hook")
    stage = f"sh {shlex.quote(str(_stage(hook)))}"
    command = "vaultsync --vault . lint --staged"
    yield Case(HOOK, OURS, CORPUS, notes, command, hook, stage, warm=True)
    own = clone(_OURSELVES, folder / "own")
    yield Case(OWN_LINT, OURS, OWN_VAULT, _notes(own / "vault"), "vaultsync lint", own, warm=True)
    lists = _lists(corpus, folder)
    yield Case(LISTS, OURS, CORPUS, notes, "vaultsync --vault . index", lists, warm=True)


def growth_cases(tools: list[Tool], notes: int, folder: Path) -> Iterator[Case]:
    """Write a synthetic vault for each tool below a folder and yield the cases on it."""
    for tool in tools:
        vault = folder / f"{tool.name}-{notes}"
        synthetic.write(vault, notes)
        yield from lint_cases(tool, vault, SYNTHETIC, notes)


def lint_cases(tool: Tool, vault: Path, kind: str, notes: int) -> Iterator[Case]:
    """Make a vault ready for a tool and yield its cold and its warm case."""
    settle(tool, vault)
    cache = our_cache(vault) if tool.name == OURS else tool.cache
    forget = f"rm -rf {shlex.quote(cache)}" if cache else ""
    for name, command in {tool.name: tool.lint, **tool.also}.items():
        yield Case(
            COLD, name, kind, notes, command, vault, forget, once=tool.slow, finding=tool.finding
        )
    if not tool.slow:
        yield Case(WARM, tool.name, kind, notes, tool.lint, vault, warm=True, finding=tool.finding)
        edit = f"sh {shlex.quote(str(_edit(vault)))}"
        yield Case(EDIT, tool.name, kind, notes, tool.lint, vault, edit, warm=True)


def clone(corpus: Path, target: Path) -> Path:
    """Clone a bundle or a repository, or make a repository of a folder that is none."""
    if corpus.is_file() or (corpus / ".git").exists():
        _git("clone", "--quiet", str(corpus), str(target))
    else:
        shutil.copytree(corpus, target)
        _git("-C", str(target), "init", "--quiet")
        _git("-C", str(target), "add", "--all")
        name = ("-c", "user.name=benchmark", "-c", "user.email=benchmark@example.org")
        _git("-C", str(target), *name, "commit", "--quiet", "--message", "The corpus")
    return target


def _notes(vault: Path) -> int:
    paths = (path.relative_to(vault) for path in vault.rglob("*.md"))
    return sum(not any(part.startswith(".") for part in path.parts) for path in paths)


def _stage(vault: Path) -> Path:
    """Write a script that changes and stages some notes, far from each other, anew each time."""
    paths = sorted(path.relative_to(vault).as_posix() for path in vault.rglob("[!.]*.md"))
    step = len(paths) // (_STAGED + 1)
    chosen = " ".join(shlex.quote(path) for path in paths[step::step][:_STAGED])
    script = vault / ".git" / "stage"
    script.write_text(_STAGE.format(notes=chosen), encoding="utf-8")
    return script


def _edit(vault: Path) -> Path:
    """Write a script that adds a line to the note in the middle of a vault."""
    paths = sorted(path.relative_to(vault).as_posix() for path in vault.rglob("[!.]*.md"))
    script = vault.parent / f"edit-{vault.name}"
    note = shlex.quote(paths[len(paths) // 2])
    script.write_text(f"date '+Seen at %s.%N.' >>{note}\nsleep 0.05\n", encoding="utf-8")
    return script


def _lists(corpus: Path, folder: Path) -> Path:
    """Make a vault with a note of lists, filled. Notes that cannot be read would prevent it."""
    vault = clone(corpus, folder / "lists")
    for name, text in _LISTS.items():
        (vault / name).write_text(text, encoding="utf-8")
    first = _index(vault)
    for path in set(re.findall(r"(?m)^(.*?):\d+:\d+: error ", first.stdout)):
        (vault / path).unlink()
    if first.returncode and (second := _index(vault)).returncode:
        raise SystemExit(
            f"`vaultsync index` finds something amiss:\n{second.stdout}{second.stderr}"
        )
    return vault


def _index(vault: Path) -> subprocess.CompletedProcess[str]:
    command = ["vaultsync", "--vault", ".", "index"]
    return subprocess.run(command, cwd=vault, capture_output=True, text=True, check=False)


def _git(*command: str) -> None:
    subprocess.run(["git", *command], check=True, stdout=subprocess.DEVNULL)
