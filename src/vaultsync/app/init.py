"""Make a vault of an empty folder, or adopt one, as the options of `vaultsync init` request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from vaultsync.app.workspace import Workspace
from vaultsync.blocks.context import Context
from vaultsync.blocks.fill import refresh_blocks
from vaultsync.core.config.read import load_config
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Vault
from vaultsync.core.output import Output
from vaultsync.infra import git
from vaultsync.infra.git.write import make_repository
from vaultsync.markdown import parse
from vaultsync.markdown.frontmatter.values import TYPES_FILE, types_file

WORKFLOW = ".github/workflows/vault.yml"


class InitResult(msgspec.Struct, frozen=True):
    """The files to write to `root`; `existing` are those that stay as they are.

    `adopting`: the folder had content, so it gets settings alone.
    """

    root: str
    outputs: list[Output]
    existing: list[str]
    adopting: bool


def init(folder: str, *, ci: bool) -> InitResult:
    """Make the folder, and return the files that it lacks.

    A vault that is adopted gets the workflow only if it is wanted.
    """
    try:
        root = Path(folder).absolute()
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise VaultError(f"{folder}: cannot be made: {error.strerror}") from None
    adopting = _has_content(root)
    wanted = _scaffold()
    if adopting:
        settings = (resources.files("vaultsync") / "adopted.toml").read_bytes()
        wanted = {path: _fitting(wanted[path], root) for path in [WORKFLOW] * ci}
        wanted["vaultsync.toml"] = settings
    existing = sorted(path for path in wanted if (root / path).exists())
    outputs = [
        Output(path, data, None) for path, data in sorted(wanted.items()) if path not in existing
    ]
    return InitResult(str(root), outputs, existing, adopting)


def begin_history(root: str) -> str | None:
    """Make a repository of a folder, unless it is in one; return the top of one that holds it.

    Raises `GitError` where git fails.
    """
    repository = git.open_repository(root)
    if repository is None:
        make_repository(root)
        return None
    return repository.root if repository.prefix else None


def _has_content(root: Path) -> bool:
    """Whether the folder holds notes, or anything else that a person put there."""
    shown = (entry for entry in root.iterdir() if not entry.name.startswith("."))
    return (root / ".obsidian").exists() or any(shown)


def _scaffold() -> dict[str, bytes]:
    files = dict(_packaged(resources.files("vaultsync") / "scaffold"))
    config = load_config(files["vaultsync.toml"].decode())
    files[TYPES_FILE] = types_file(config)
    # Some generated blocks are not empty even in an empty vault.
    documents = {path: parse(path, files[path]) for path in files if path.endswith(".md")}
    outputs = refresh_blocks(Context(Vault(documents, frozenset(documents)), config), "tree")
    return files | {output.path: output.data for output in outputs if output.data is not None}


def _packaged(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield the files of the package's scaffold; `dot_` is the dot that begins a hidden name."""
    for entry in folder.iterdir():
        name = prefix + entry.name.replace("dot_", ".", 1)
        if entry.is_dir():
            yield from _packaged(entry, f"{name}/")
        else:
            yield name, entry.read_bytes()


def _fitting(steps: bytes, root: Path) -> bytes:
    """Leave out the step that would fail in a vault without a changelog."""
    if (root / Workspace(str(root)).config.changelog.note).is_file():
        return steps
    parts = re.split(rb"^(?=      - )", steps, flags=re.MULTILINE)
    return b"".join(part for part in parts if b"vaultsync changelog" not in part)
