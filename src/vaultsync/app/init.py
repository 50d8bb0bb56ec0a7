"""Make a vault of an empty folder, or adopt one, as the options of `vaultsync init` request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from vaultsync.app.workspace import Workspace
from vaultsync.blocks import Context, refresh_blocks
from vaultsync.core.config import Config, load_config
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Vault
from vaultsync.core.output import Output
from vaultsync.infra import git
from vaultsync.markdown import parse
from vaultsync.markdown.frontmatter.values import TYPES_FILE, types_file

HOOK, WORKFLOW = ".pre-commit-config.yaml", ".github/workflows/vault.yml"


class InitOptions(msgspec.Struct, frozen=True):
    """The folder, and the files to write also where a vault is adopted."""

    folder: str = "."
    hook: bool = False
    ci: bool = False


class InitResult(msgspec.Struct, frozen=True):
    """The files to write to `root`; `existing` are those that stay as they are.

    `adopting`: the folder had content, so it gets settings alone.
    """

    root: str
    outputs: list[Output]
    existing: list[str]
    adopting: bool


def init(options: InitOptions) -> InitResult:
    """Make the folder, and return the files that it lacks."""
    try:
        root = Path(options.folder).absolute()
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise VaultError(f"{options.folder}: cannot be made: {error.strerror}") from None
    adopting = _has_content(root)
    wanted = _adopted(root, options) if adopting else _scaffold()
    outputs = missing_files(wanted, [path for path in wanted if (root / path).exists()])
    existing = sorted(set(wanted) - {output.path for output in outputs})
    return InitResult(str(root), outputs, existing, adopting)


def begin_history(root: str) -> str | None:
    """Make a repository of a folder, unless it is in one; return the top of one that holds it.

    Raises `GitError` where git fails.
    """
    repository = git.open_repository(root)
    if repository is None:
        git.make_repository(root)
        return None
    return repository.root if repository.prefix else None


def missing_files(wanted: Mapping[str, bytes], existing: Iterable[str]) -> list[Output]:
    """Return the wanted files that do not exist; those that do stay as they are."""
    there = set(existing)
    return [Output(path, data, None) for path, data in sorted(wanted.items()) if path not in there]


def _has_content(root: Path) -> bool:
    """Whether the folder holds notes, or anything else that a person put there."""
    if (root / ".obsidian").exists():
        return True
    return any(not entry.name.startswith(".") for entry in root.iterdir())


def _scaffold() -> dict[str, bytes]:
    files = dict(_packaged(resources.files("vaultsync") / "scaffold", ""))
    config = load_config(files["vaultsync.toml"].decode())
    files[TYPES_FILE] = types_file(config)
    return files | _filled(files, config)


def _filled(files: Mapping[str, bytes], config: Config) -> dict[str, bytes]:
    """Return the notes whose generated blocks are not empty even in an empty vault."""
    documents = {path: parse(path, files[path]) for path in files if path.endswith(".md")}
    vault = Vault(documents, frozenset(documents))
    outputs = refresh_blocks(Context(vault, config))
    return {output.path: output.data for output in outputs if output.data is not None}


def _packaged(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    """Return the package's scaffold; `dot_` is the dot that begins a hidden name."""
    found = []
    for entry in folder.iterdir():
        name = prefix + entry.name.replace("dot_", ".", 1)
        if entry.is_dir():
            found += _packaged(entry, f"{name}/")
        else:
            found.append((name, entry.read_bytes()))
    return found


def _adopted(root: Path, options: InitOptions) -> dict[str, bytes]:
    scaffold = _scaffold()
    wanted = {"vaultsync.toml": (resources.files("vaultsync") / "adopted.toml").read_bytes()}
    for path in [HOOK] * options.hook + [WORKFLOW] * options.ci:
        wanted[path] = _fitting(scaffold[path], root)
    return wanted


def _fitting(steps: bytes, root: Path) -> bytes:
    """Leave out the step that would fail in a vault without a changelog."""
    if (root / Workspace(str(root)).config.changelog.note).is_file():
        return steps
    parts = re.split(rb"^(?=      - )", steps, flags=re.MULTILINE)
    return b"".join(part for part in parts if b"vaultsync changelog" not in part)
