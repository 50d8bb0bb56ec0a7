"""`vaultsync init`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from vaultsync.app.create import missing_files, obsidian_types
from vaultsync.app.workspace import Workspace
from vaultsync.blocks import Context, refresh
from vaultsync.cli.state import State, settle
from vaultsync.core.config import Config, load_config
from vaultsync.core.errors import GitError, VaultError
from vaultsync.core.model import Vault
from vaultsync.core.output import Output
from vaultsync.markdown import parse

_HOOK, _WORKFLOW = ".pre-commit-config.yaml", ".github/workflows/vault.yml"


@click.command(name="init")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False))
@click.option("--hook", is_flag=True, help=f"When adopting: also write {_HOOK}.")
@click.option("--ci", is_flag=True, help=f"When adopting: also write {_WORKFLOW}.")
@click.pass_obj
def command(state: State, folder: str, *, hook: bool, ci: bool) -> None:
    """Make a vault of DIR, or adopt the one that is there.

    An empty folder gets note types, templates, an index, a changelog, a post, the hook, a
    workflow and a git repository. A vault with notes gets `vaultsync.toml` and what you ask for.
    Nothing that is there is changed.
    """
    try:
        root = Path(folder).absolute()
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise VaultError(f"{folder}: cannot be made: {error.strerror}") from None
    adopting = _has_content(root)
    wanted = _adopted(root, hook=hook, ci=ci) if adopting else _scaffold()
    outputs = missing_files(wanted, [path for path in wanted if (root / path).exists()])
    settle(state, str(root), outputs, check=False, diff=False)
    kept = sorted(set(wanted) - {output.path for output in outputs})
    for path in kept:
        state.note(f"kept {path} as it is")
    if not adopting:
        _begin_history(state, root)
    click.echo(_farewell(outputs, adopting=adopting))


def _has_content(root: Path) -> bool:
    """Whether the folder holds notes, or anything else that a person put there."""
    if (root / ".obsidian").exists():
        return True
    return any(not entry.name.startswith(".") for entry in root.iterdir())


def _scaffold() -> dict[str, bytes]:
    files = dict(_files(resources.files("vaultsync") / "scaffold", ""))
    config = load_config(files["vaultsync.toml"].decode())
    files[".obsidian/types.json"] = obsidian_types(config)
    return files | _filled(files, config)


def _filled(files: Mapping[str, bytes], config: Config) -> dict[str, bytes]:
    """Return the notes whose generated blocks say something even where there is nothing yet."""
    documents = {path: parse(path, files[path]) for path in files if path.endswith(".md")}
    vault = Vault(documents, frozenset(documents))
    outputs = refresh.refresh(Context(vault, config))
    return {output.path: output.data for output in outputs if output.data is not None}


def _files(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    """Return the package's scaffold; `dot_` stands for the dot that begins a hidden name."""
    found = []
    for entry in folder.iterdir():
        name = prefix + entry.name.replace("dot_", ".", 1)
        if entry.is_dir():
            found += _files(entry, f"{name}/")
        else:
            found.append((name, entry.read_bytes()))
    return found


def _adopted(root: Path, *, hook: bool, ci: bool) -> dict[str, bytes]:
    scaffold = _scaffold()
    wanted = {"vaultsync.toml": (resources.files("vaultsync") / "adopted.toml").read_bytes()}
    for path in [_HOOK] * hook + [_WORKFLOW] * ci:
        wanted[path] = _fitting(scaffold[path], root)
    return wanted


def _fitting(steps: bytes, root: Path) -> bytes:
    """Leave out the step that would fail in a vault without a changelog."""
    if (root / Workspace(str(root)).config.changelog.note).is_file():
        return steps
    parts = re.split(rb"^(?=      - )", steps, flags=re.MULTILINE)
    return b"".join(part for part in parts if b"vaultsync changelog" not in part)


def _begin_history(state: State, root: Path) -> None:
    """Make a repository, unless the folder lies in one; a vault without one is still a vault."""
    from vaultsync.infra.git import open_repository

    try:
        repository = open_repository(str(root))
        if repository is None:
            # GitPython is imported only where a repository is made.
            from vaultsync.infra.git.create import make_repository

            make_repository(str(root))
        elif repository.prefix:
            top = repository.root
            state.note(f"{_HOOK} and {_WORKFLOW} work only at the top of the repository: {top}")
    except GitError as error:
        click.echo(f"no repository was made: {error}", err=True)


def _farewell(outputs: list[Output], *, adopting: bool) -> str:
    if adopting:
        if not outputs:
            return "this is a vault already: nothing to do"
        return "adopted: run `vaultsync lint` to see what it finds"
    return (
        "ready: make a note with `vaultsync new claim TITLE`, and run `pre-commit install` for "
        "the checks before each commit"
    )
