"""What a vault that is there gets: settings with the types it uses, and lines for git's files."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import resources
from pathlib import Path

from vaultsync.app.infer_types import Proposal, propose, render
from vaultsync.app.workspace import Workspace
from vaultsync.core.config import matches_glob
from vaultsync.core.output import Output, changed_output
from vaultsync.infra import git, worktree
from vaultsync.infra.git.files import ignoring
from vaultsync.infra.git.patterns import are_ignored, merge_drivers

ATTRIBUTES, IGNORE = ".gitattributes", ".gitignore"
# What Obsidian writes that is of one machine.
_LOCAL = (".obsidian/workspace*.json", ".trash/")
_PROPOSED = b"""\
# How this vault should be. The types are proposed from the properties in use: change what is wrong.

exclude = []
"""


def proposed_types(root: str) -> list[Proposal]:
    """Return types that fit the notes of a vault; what Obsidian excludes is not looked at."""
    workspace = Workspace(root)
    notes = (one for one in workspace.documents.values() if one.kind == "note")
    shown = [note for note in notes if not matches_glob(note.path, workspace.config.exclude)]
    return propose(shown, workspace.template_folders)


def adopted_settings(root: str, types: Iterable[Proposal]) -> bytes:
    """Return the settings of a vault that had none."""
    tables = render(types).encode()
    plain = (resources.files("vaultsync") / "adopted.toml").read_bytes()
    settings = _PROPOSED if tables else plain
    if not Path(root, ".obsidian").is_dir() and ignoring(root)():
        # Without settings git's ignored files were no part of the vault either.
        settings += b"respect-gitignore = true\n"
    return settings + tables


def lines_for_git(repo: git.Repository, root: str) -> list[Output]:
    """Return git's files with the lines that they lack: the merge drivers, and what is local."""
    attributes = resources.files("vaultsync") / "scaffold" / "dot_gitattributes"
    wanted = [line for line in attributes.read_text().split("\n") if "merge=" in line]
    drivers = merge_drivers(repo, [_example(line.split()[0]) for line in wanted])
    lacking = [
        line
        for line, driver in zip(wanted, drivers, strict=True)
        if f"merge={driver}" not in line.split()
    ]
    folder = Path(root, ".obsidian")
    # Behind a link git tracks nothing.
    local = _LOCAL if folder.is_dir() and not folder.is_symlink() else ()
    ignored = are_ignored(repo, [_example(line) for line in local])
    shown = [line for line, known in zip(local, ignored, strict=True) if not known]
    found = (_extended(root, ATTRIBUTES, lacking), _extended(root, IGNORE, shown))
    return [output for output in found if output]


def _example(pattern: str) -> str:
    """Return a path that fits a pattern."""
    start, end = pattern.startswith("*"), pattern.endswith("/")
    return f"{'a' * start}{pattern.replace('*', '')}{'a' * end}"


def _extended(root: str, path: str, lines: list[str]) -> Output | None:
    before = worktree.read_optional(str(Path(root, path)))
    known = before or b""
    end = b"\r\n" if b"\r\n" in known else b"\n"
    start = known if not known or known.endswith(b"\n") else known + end
    added = b"".join(line.encode() + end for line in lines)
    return changed_output(path, before, start + added) if lines else None
