"""Publish a vault: make the post, and what is to be written to its output folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from vaultsync import publish
from vaultsync.app.checking import VaultCheck, cache_state, check_as_configured, unreadable_notes
from vaultsync.app.unknown import refuse_unknown
from vaultsync.app.workspace import Workspace
from vaultsync.core.config import FILE_NAME
from vaultsync.core.errors import ConfigError, VaultError
from vaultsync.core.model import content_id
from vaultsync.core.output import Output, changed_output
from vaultsync.infra import git, worktree
from vaultsync.infra.git import files as git_files
from vaultsync.lint import engine
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Diagnostic
from vaultsync.lint.rules import RULES
from vaultsync.lint.rules.evidence import withdrawn_original
from vaultsync.markdown import kind_of
from vaultsync.publish.compose.context import PublishProblem

# Whatever the settings select, these stop a post.
_UNREADABLE = tuple(rule for rule in RULES if rule.unreadable)
# What the post itself marks for its readers.
_MARKED = {withdrawn_original.code}


class Post(msgspec.Struct, frozen=True):
    """The files by name, and the errors in the notes of the post.

    `inputs` are the files of the vault that are shown, by path, each under a name for readers.
    `findings` are the errors that the linter finds, in `context`; `errors` are those of composing.
    """

    files: Mapping[str, bytes]
    inputs: Mapping[str, str]
    findings: list[Diagnostic]
    errors: list[PublishProblem]
    context: Context

    @property
    def error_count(self) -> int:
        """How many errors there are."""
        return len(self.findings) + len(self.errors)


class Publication(msgspec.Struct, frozen=True):
    """What is to be written to a folder and removed from it.

    `current` are names of files that are there already. `kept` are files of an earlier publication
    that are not removed, since they were edited after it.
    """

    outputs: list[Output]
    current: list[str]
    kept: list[str]


def make_post(workspace: Workspace, targets: Iterable[str]) -> Post:
    """Make the post for some targets; raise `VaultError` where a note cannot be read."""
    check = check_as_configured(workspace)
    cache_state(workspace, check.kept)
    refuse_unknown(workspace, unreadable_notes(check.checked.results))
    files, compositions = publish.render(workspace.context, targets, workspace.attachment)
    inputs = {path: name for one in compositions for path, name in one.inputs.items()}
    context, paths = check.checked.context, publish.published_paths(compositions)
    unreadable = _unreadable_notes(check, paths)
    always = engine.check_only(context, engine.Selection(_UNREADABLE, {}), unreadable)
    reported = [
        *engine.report(check.checked, set(paths).difference(unreadable)),
        *engine.report(always, unreadable),
    ]
    reported.sort(key=lambda one: one.path)
    stopping = (one for one in reported if one.severity == "error" and one.code not in _MARKED)
    findings = [engine.with_suggestion(one, context) for one in stopping]
    # For a line that has an error of the linter, that one is enough.
    found = {(one.path, one.start[0]) for one in findings}
    problems = {problem for composition in compositions for problem in composition.problems}
    errors = sorted(one for one in problems if (one.path, one.line) not in found)
    workspace.memo.end_round()
    return Post(files, inputs, findings, errors, context)


def _unreadable_notes(check: VaultCheck, paths: Iterable[str]) -> list[str]:
    """Return the notes that cannot be read, so that nobody knows whether they are private.

    These are of the notes at `paths`; in a vault without types, of all.
    """
    context, shown = check.checked.context, frozenset(paths)
    unreadable = [path for path, one in check.checked.results.items() if not one.readable]
    typed = bool(context.config.types)
    return [path for path in unreadable if path in shown or (not typed and kind_of(path) == "note")]


def output_folder(workspace: Workspace, named: str | None) -> Path:
    """Return the folder to publish to: `public` beside a vault that is a subfolder.

    Inside a vault the folder must begin with a dot, since Obsidian would read it as notes. Raises
    `ConfigError` for another one there, and for one that is outside the repository (or outside the
    folder that contains the vault, without one) unless it is `named` for this run: a vault from
    elsewhere must not choose which files of its user are replaced.
    """
    root = Path(workspace.root).resolve()
    top = Path(workspace.repository.root).resolve() if workspace.repository else None
    if named is not None:
        folder = Path(named).resolve()
    else:
        inside = (top or Path.cwd()).is_relative_to(root)
        out = workspace.config.publish.out or (".public" if inside else "../public")
        # A link may be in any place of it.
        folder = (root / out).resolve()
        if not folder.is_relative_to(top or root.parent):
            raise ConfigError(
                f"{root / out}: this output folder leads out of {top or root.parent}, to {folder}: "
                "publish there with --out, or choose another folder"
            )
    hidden = any(part.startswith(".") for part in folder.parts[len(root.parts) :])
    if folder.is_relative_to(root) and not hidden:
        raise ConfigError(
            f"{folder}: an output folder inside the vault must begin with a dot, or Obsidian "
            "would read what is published as notes"
        )
    return folder


def publication(workspace: Workspace, folder: Path, post: Post, *, whole: bool) -> Publication:
    """Compare a post with a folder, and return what is to be written and removed there.

    With `whole` the post replaces an earlier publication: files that only that one made are
    removed, unless they were edited since. Without it they stay. Raises `VaultError` if the folder
    has the manifest of another program, or if a file would be replaced that its manifest does not
    name.
    """
    place = str(folder / publish.MANIFEST)
    former = publish.read_manifest(worktree.read_optional(place), place)
    manifest = _manifest(workspace, post)
    if not whole:
        manifest = manifest.merged_with(former)
    stale = {
        name: data
        for name in sorted(former.outputs.keys() - manifest.outputs.keys())
        if (data := worktree.read_optional(str(folder / name))) is not None
    }
    kept = [name for name, data in stale.items() if not former.made(name, data)]
    # The manifest comes first: what a run that is killed has written is named in it.
    wanted: dict[str, bytes | None] = {publish.MANIFEST: manifest.data(), **post.files}
    wanted |= dict.fromkeys(name for name in stale if name not in kept)
    compared = {
        name: changed_output(name, worktree.read_optional(str(folder / name)), data)
        for name, data in wanted.items()
    }
    outputs = [output for output in compared.values() if output]
    _refuse_to_replace_others(folder, outputs, former)
    return Publication(outputs, sorted(name for name in compared if not compared[name]), kept)


def _refuse_to_replace_others(
    folder: Path, outputs: Iterable[Output], former: publish.Manifest
) -> None:
    """Raise `VaultError` if an output would replace a file that no earlier run made."""
    made = {publish.MANIFEST, *former.outputs}
    others = [one.path for one in outputs if one.base is not None and one.path not in made]
    if others:
        raise VaultError(
            f"{folder}: vaultsync did not make {', '.join(f'`{name}`' for name in others)} there, "
            f"so nothing was written: move {'it' if len(others) == 1 else 'them'} away, or publish "
            "to another folder with --out"
        )


def _manifest(workspace: Workspace, post: Post) -> publish.Manifest:
    names = {**({FILE_NAME: FILE_NAME} if workspace.settings else {}), **post.inputs}
    committed, dirty = _committed(workspace)
    changed = {name for path, name in names.items() if path not in committed}
    known = {**workspace.documents.ids, **committed}
    return publish.Manifest(
        {name: publish.hash_of(data) for name, data in post.files.items()},
        {
            name: known.get(path) or content_id(worktree.read(workspace.root, path))
            for path, name in names.items()
        },
        dirty,
        () if dirty is None else tuple(sorted(changed)),
    )


def _committed(workspace: Workspace) -> tuple[dict[str, str], bool | None]:
    """Return the content ids of files that are as in HEAD, and whether any file differs from it.

    The latter is None without a repository.
    """
    repo = workspace.repository
    if repo is None:
        return {}, None
    head = git.head(repo)
    tree = git_files.tree(repo, head) if head else {}
    changed = git_files.changed(repo, head, index=False)
    # The blob of a symbolic link is its target path.
    regular = {path: entry.id for path, entry in tree.items() if entry.is_regular}
    ids = {path: identity for path, identity in regular.items() if path not in changed}
    return ids, any(path == FILE_NAME or workspace.is_shown(path) for path in changed)
