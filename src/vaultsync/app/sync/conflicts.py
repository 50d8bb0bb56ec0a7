"""The conflicts that are left in notes: which there are, and which version is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from vaultsync.app.sync.merge import Conflict
from vaultsync.app.sync.result import Done
from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document
from vaultsync.core.output import Output, changed_output
from vaultsync.core.text import apply_edits
from vaultsync.infra import git, worktree
from vaultsync.infra.git import checkout
from vaultsync.infra.git.files import inside
from vaultsync.markdown import parse
from vaultsync.markdown.conflict_callouts import MARK, Choice, find_callouts

# Git's own search is far faster than reading all notes.
_SEARCH = ("grep", "-l", "-z", "--full-name", "-I", "-F", "--untracked", "-e", MARK, "--", "*.md")


def remaining(workspace: Workspace, repo: git.Repository) -> tuple[Conflict, ...]:
    """Return the notes on disk with conflicts in them."""
    documents = _marked(workspace, repo)
    counts = ((one.path, len(find_callouts(one))) for one in documents)
    return tuple(Conflict(path, count) for path, count in counts if count)


def _marked(workspace: Workspace, repo: git.Repository) -> Iterable[Document]:
    names = git.fields(git.run(repo, *_SEARCH, quiet=True))
    paths = (inside(name, repo.prefix) for name in sorted(names))
    return [workspace.read(path) for path in paths if path]


def resolved(workspace: Workspace, choice: Choice | None, paths: list[str] | None) -> list[Done]:
    """Keep one version, or both, in the notes at some paths (None: all), and return what was done.

    Without a choice, what the user made of notes that came in with conflicts is accepted. Else it
    might be the older text of an editor, which a sync merges again.
    """
    repo = workspace.need_repository("`vaultsync sync`")
    names = None if paths is None else {f"{repo.prefix}{path}" for path in paths}
    _accept(repo, names)
    if choice is None:
        return []
    documents = _marked(workspace, repo)
    wanted = [one for one in documents if find_callouts(one) and (not paths or one.path in paths)]
    if not wanted:
        raise VaultError("there is no conflict in these notes")
    outputs = (_kept(one, choice) for one in wanted)
    worktree.write(workspace.root, [one for one in outputs if one])
    return [Done("resolve", ", ".join(one.path for one in wanted))]


def _accept(repo: git.Repository, names: Collection[str] | None) -> None:
    came = checkout.incoming(repo)
    known = {path: one.after for path, one in came.items() if one.after and path.endswith(".md")}
    blobs = git.read_blobs(repo, known.values())
    marked = (path for path, blob in known.items() if MARK.encode() in blobs[blob])
    accepted = [path for path in marked if names is None or path in names]
    checkout.forget_incoming(repo, accepted)


def _kept(document: Document, choice: Choice) -> Output | None:
    path, before = document.path, document.text.encode()
    while found := find_callouts(document):
        # Each by itself: the whole note may be one of them.
        edit = found[-1].resolved(document.text, choice)
        document = parse(path, apply_edits(document.text, [edit]))
    return changed_output(path, before, document.text.encode())
