"""What holds once all machines have synced and nothing changes any more."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from simulation.clone import LINK, Shared
from simulation.machine import Machine, handles_in
from vaultsync.markdown import parse
from vaultsync.markdown.conflict_callouts import MARK, are_markup

_MARKER = re.compile(r"^(<<<<<<<|=======$|>>>>>>>|\|\|\|\|\|\|\|)", re.MULTILINE)
# Lines of which a note has one each: paragraphs, items and properties.
_ONCE = re.compile(r"^(?!>|#|\s*$|---$).{12,}$|^\w+:", re.MULTILINE)
DAMAGE = ("unreadable", "markers", "twice")
_CALLOUT = re.compile(r"^(>.*|# \[!conflict\].*)\n?", re.MULTILINE)


def problems(shared: Shared, machines: list[Machine]) -> Iterator[str]:
    """Yield what does not hold."""
    for raised in sorted({_raised(text) for text in shared.tracebacks}):
        yield f"traceback: {raised}"
    yield from _differences(machines)
    files = contents(machines[0].folder)
    texts = {path: data.decode(errors="replace") for path, data in files.items()}
    yield from lost(shared, machines[0].folder)
    notes = {path: text for path, text in texts.items() if path.endswith(".md")}
    for path, text in notes.items():
        yield from _flaws(path, text)
    yield from _markers(machines[0].folder)
    known = {*_git(machines[0].folder, "rev-list", "HEAD").split()}
    for commit in shared.ledger.commits.keys() - known:
        yield f"history: lacks {commit}, a commit of {shared.ledger.commits[commit]}"
    if not shared.merged_plainly:
        yield from _broken_links(shared, notes)
    yield from _journal(machines[0])


def _raised(text: str) -> str:
    """Return the last call of a traceback, and what it raised."""
    lines = text.partition("Traceback")[2].splitlines()
    at = [number for number, line in enumerate(lines) if "/vaultsync/" in line]
    place = re.sub(r'.*/src/|"', "", lines[at[-1]]) if at else ""
    raised = next((line for line in lines[1:] if line and line[0] != " "), "")
    return f"{place}: {raised}"


def lost(shared: Shared, folder: Path) -> Iterator[str]:
    """Yield the words that are missing though nobody who had read them deleted them."""
    texts = (data.decode(errors="replace") for data in contents(folder).values())
    for word, where in shared.ledger.missing(texts).items():
        yield f"lost: {word}, added by {where}"


def conflicts(folder: Path) -> list[str]:
    """Return the notes with conflicts in them."""
    notes = (path for path in contents(folder) if path.endswith(".md"))
    return [path for path in notes if MARK in (folder / path).read_text(errors="replace")]


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files of a vault by path."""
    paths = (one for one in folder.rglob("*") if ".git" not in one.parts and one.is_file())
    return {str(one.relative_to(folder)): one.read_bytes() for one in sorted(paths)}


def _differences(machines: list[Machine]) -> Iterator[str]:
    first, *others = [(machine, contents(machine.folder)) for machine in machines]
    for machine, files in others:
        for path in sorted(first[1].keys() | files.keys()):
            if first[1].get(path) != files.get(path):
                yield f"differs: {path} on {first[0]} and on {machine}"


def _flaws(path: str, text: str) -> Iterator[str]:
    document = parse(path, text)
    if document.properties.error:
        yield f"unreadable: {path}: {document.properties.error.message}"
    if _MARKER.search(text):
        yield f"marker: {path}"
    if MARK in text and not are_markup(document):
        yield f"callout: {path} has one that is no markup"


def _markers(folder: Path) -> Iterator[str]:
    """Yield the commits with a note that has markers."""
    commits = _git(folder, "rev-list", "--all").split()
    pattern = "^(<<<<<<<|>>>>>>>) "
    for line in _git(folder, "grep", "-lE", pattern, *commits, "--", "*.md").splitlines():
        yield f"marker: committed in {line}"


def _broken_links(shared: Shared, notes: dict[str, str]) -> Iterator[str]:
    """Yield the links to a note that is there, and that nobody deleted, by a name it had."""
    there = {Path(path).stem for path in notes}
    present = {handle for text in notes.values() for handle in handles_in(text)}
    for path, text in notes.items():
        for name in sorted({*LINK.findall(text)} - there - shared.ledger.late):
            target = Path(name).stem
            handles = shared.ledger.names.get(target, set()) & present - shared.ledger.gone
            if handles and target not in there:
                yield f"link: {path}: [[{name}]] leads nowhere, {sorted(handles)} is there"


def _journal(machine: Machine) -> Iterator[str]:
    """Yield where the journal, once it is up to date, is not the one that the history gives."""
    found = list[set[str]]()
    for options in ((), ("--rebuild",)):
        ended = machine.vaultsync("changelog", *options)
        if ended.code != 0:
            yield f"journal: changelog ends with {ended.code}: {ended.errors.strip()[-200:]}"
            return
        found.append({*(machine.folder / "Changelog.md").read_text().splitlines()})
        machine.commit_all()
    recorded, rebuilt = found
    for line in sorted(recorded - rebuilt):
        yield f"journal: has what did not happen: {line}"
    for line in sorted(rebuilt - recorded):
        yield f"journal: lacks: {line}"


def damage(folder: Path) -> dict[str, int]:
    """Count the notes that are unreadable, have markers, or have something twice."""
    found = dict.fromkeys(DAMAGE, 0)
    for path, data in contents(folder).items():
        if path.startswith("Claims/"):
            text = data.decode(errors="replace")
            lines = _ONCE.findall(_CALLOUT.sub("", text))
            found["unreadable"] += bool(parse(path, text).properties.error)
            found["markers"] += bool(_MARKER.search(text))
            found["twice"] += len(lines) > len({*lines})
    return found


def _git(folder: Path, *command: str) -> str:
    done = subprocess.run(["git", *command], cwd=folder, capture_output=True, check=False)
    return done.stdout.decode(errors="replace")
