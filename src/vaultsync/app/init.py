"""Make a vault of an empty folder, or adopt one, as the options of `vaultsync init` request."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from vaultsync.app.adopt import adopted_settings, lines_for_git, proposed_types
from vaultsync.app.doctor.clone import check_hooks
from vaultsync.app.doctor.machine import Machine
from vaultsync.app.hook import has_hooks, install_hooks
from vaultsync.app.index import index
from vaultsync.app.infer_types import Proposal
from vaultsync.app.lint import LintOptions, lint, write_baseline
from vaultsync.app.merge_driver import install_driver
from vaultsync.app.workspace import Workspace
from vaultsync.blocks.context import Context
from vaultsync.blocks.fill import refresh_blocks
from vaultsync.blocks.journal import journal_block
from vaultsync.core.config import FILE_NAME
from vaultsync.core.config.read import load_config
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Vault
from vaultsync.core.output import Output, changed_output
from vaultsync.infra import git, worktree
from vaultsync.infra.git.write import make_repository
from vaultsync.lint.report import summary
from vaultsync.markdown import kind_of, parse
from vaultsync.markdown.frontmatter.values import TYPES_FILE, types_file

WORKFLOW, BASELINE = ".github/workflows/vault.yml", "baseline.json"
_NO_ADDRESS = "git+https://example.org/vaultsync"
_AFTER_RECORD = b"    needs: record\n    if: ${{ !cancelled() }}\n"
_LINT = re.compile(r"^\[lint\][ \t]*(#.*)?\n", re.MULTILINE)


class InitResult(msgspec.Struct, frozen=True):
    """The files to write to `root`; `existing` are those that stay as they are.

    `adopting`: the folder had content, so it gets settings with `types`, and lines for git.
    `top` is that of the repository it is in, "" for none.
    `changes` are of files that exist: they are written if the user agrees.
    """

    root: str
    outputs: list[Output]
    existing: list[str]
    adopting: bool
    changes: list[Output]
    types: list[Proposal]
    top: str


class Stock(msgspec.Struct, frozen=True):
    """What an adopted vault holds: the summary of `lint` and the number of errors.

    `outputs` has the workflow, if it was requested; `notice` is why it does not, or what it lacks.
    """

    summary: str
    errors: int
    outputs: list[Output]
    notice: str = ""


def init(folder: str, *, ci: bool = True) -> InitResult:
    """Make the folder, and return the files that it lacks; without `ci` no workflow."""
    try:
        root = Path(folder).absolute()
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise VaultError(f"{folder}: cannot be made: {error.strerror}") from None
    adopting, wanted, types = _has_content(root), _scaffold(), list[Proposal]()
    changes, repo = list[Output](), git.open_repository(str(root))
    top = "" if repo is None else repo.root if repo.prefix else str(root)
    if not ci or top not in ("", str(root)):
        del wanted[WORKFLOW]
    if adopting:
        changes = lines_for_git(repo, str(root)) if repo else []
        types = [] if (root / FILE_NAME).exists() else proposed_types(str(root))
        wanted = {FILE_NAME: adopted_settings(str(root), types)}
    existing = sorted(path for path in wanted if (root / path).exists())
    outputs = [
        Output(path, data, None) for path, data in sorted(wanted.items()) if path not in existing
    ]
    outputs += [output for output in changes if output.base is None]
    changes = [output for output in changes if output.base is not None]
    return InitResult(str(root), outputs, existing, adopting, changes, types, top)


def known_findings(root: str) -> list[Output]:
    """Return a baseline of all that is found in a vault, and settings that name it.

    Nothing where the settings name one already. Raises `ConfigError` for settings that are wrong.
    """
    workspace = Workspace(root)
    before, line = workspace.config_text, f'baseline = "{BASELINE}"\n'
    if workspace.config.lint.baseline:
        return []
    after = _LINT.sub(lambda found: f"{found[0]}{line}", before, count=1)
    if after == before:
        after = f"{before.rstrip()}\n\n[lint]\n{line}"
    # What is written by hand may have another form.
    load_config(after)
    settings = changed_output(FILE_NAME, before.encode(), after.encode())
    named = LintOptions(baseline=str(Path(root, BASELINE)))
    outputs = [settings, *write_baseline(named, workspace)[1]]
    return [output for output in outputs if output]


def take_stock(root: str, *, ci: bool) -> Stock | None:
    """Check an adopted vault; return what is found, and the workflow unless it would fail.

    None for a vault without notes.
    """
    workspace = Workspace(root)
    if not any(kind_of(file.path) == "note" for file in workspace.scanned):
        return None
    result = lint(LintOptions(), workspace)
    errors = sum(one.severity == "error" for one in result.findings)
    # Where a note cannot be read, lists cannot be made either.
    stale = None if errors else index(workspace)
    refusal = "`vaultsync lint` finds errors" if errors else ""
    if stale and (stale.outputs or stale.failed):
        refusal = "generated blocks are out of date: run `vaultsync index`"
    outputs, notice = _workflow(Path(root), refusal) if ci else ([], "")
    return Stock(summary(result.findings, result.checked), errors, outputs, notice)


def _workflow(root: Path, refusal: str) -> tuple[list[Output], str]:
    """Return the workflow, unless one is there or it would fail, and what the user has to know."""
    if refusal:
        notice = f"{WORKFLOW} was not written, it would fail: {refusal}"
        return [], f"{notice}; then `vaultsync init --ci` writes it"
    known = worktree.read_optional(str(root / WORKFLOW))
    if known is not None:
        add = (
            "" if b"vaultsync" in known else ": add `vaultsync lint` and `vaultsync index --check`"
        )
        return [], f"kept {WORKFLOW} as it is{add}"
    steps = _fitting(_scaffold()[WORKFLOW], root)
    lacking = f"{WORKFLOW} fails until it has the address of vaultsync's repository"
    return [Output(WORKFLOW, steps, None)], "" if own_address() else lacking


def set_up_hooks(root: str) -> tuple[list[str], str]:
    """Write git's hooks where there are none; return these, and what others that are there lack."""
    machine = Machine(root)
    if machine.repository is None:
        return [], ""
    state, message, remedy, fix = check_hooks(machine)
    if state == "ok":
        return [], ""
    if fix and not has_hooks(machine.repository):
        return install_hooks(root), ""
    return [], f"kept the hooks that are there: {message}: {remedy}"


def begin_history(root: str) -> str | None:
    """Make a repository of a folder, unless it is in one; return the top of one that holds it.

    Raises `GitError` where git fails.
    """
    repository = git.open_repository(root)
    if repository is None:
        make_repository(root)
        return None
    return repository.root if repository.prefix else None


def install_merge_driver(root: str) -> bool:
    """Let git merge notes with this program, if the folder is in a repository; whether that is new.

    Raises `GitError` where git fails.
    """
    repository = git.open_repository(root)
    return repository is not None and install_driver(repository)


def _keeps_journal(root: Path) -> bool:
    """Whether there is a note with a `changelog` block where the settings name it."""
    workspace = Workspace(str(root))
    path = workspace.config.changelog.note
    data = workspace.optional(path)
    return data is not None and journal_block(parse(path, data)) is not None


def _has_content(root: Path) -> bool:
    """Whether the folder holds notes, or anything else that a person put there."""
    shown = (entry for entry in root.iterdir() if not entry.name.startswith("."))
    return (root / ".obsidian").exists() or any(shown)


def _scaffold() -> dict[str, bytes]:
    files = dict(_packaged(resources.files("vaultsync") / "scaffold"))
    config = load_config(files["vaultsync.toml"].decode())
    files[TYPES_FILE] = types_file(config)
    address = (own_address() or _NO_ADDRESS).encode()
    files[WORKFLOW] = files[WORKFLOW].replace(_NO_ADDRESS.encode(), address)
    # Some generated blocks are not empty even in an empty vault.
    documents = {path: parse(path, files[path]) for path in files if path.endswith(".md")}
    outputs = refresh_blocks(Context(Vault(documents, frozenset(documents)), config), "tree")
    return files | {output.path: output.data for output in outputs if output.data is not None}


def own_address() -> str | None:
    """Return what this program was installed from, if that is a repository that others can reach.

    Source: https://packaging.python.org/en/latest/specifications/direct-url/.
    """
    with suppress(metadata.PackageNotFoundError, KeyError, ValueError):
        text = metadata.distribution("vaultsync").read_text("direct_url.json")
        source = json.loads(text or "{}")
        if not source["url"].startswith("file:"):
            return f"git+{source['url']}@{source['vcs_info']['commit_id']}"
    return None


def _packaged(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield the files of the package's scaffold; `dot_` is the dot that begins a hidden name."""
    for entry in folder.iterdir():
        name = prefix + entry.name.replace("dot_", ".", 1)
        if entry.is_dir():
            yield from _packaged(entry, f"{name}/")
        else:
            yield name, entry.read_bytes()


def _fitting(steps: bytes, root: Path) -> bytes:
    """Leave out what records and checks the changelog, in a vault that has none."""
    if _keeps_journal(root):
        return steps
    checks = steps.partition(b"  record:\n")[0].replace(_AFTER_RECORD, b"")
    checks = checks.replace(b"    needs: record\n", b"")
    # Jobs and steps.
    parts = re.split(rb"^(?=  \w+:\n|      - )", checks, flags=re.MULTILINE)
    return b"".join(part for part in parts if b"vaultsync changelog" not in part)
