"""The conflicts that are left in notes: which there are, and which version is kept."""

from __future__ import annotations

from collections.abc import Iterable

from vaultsync.app.sync.merge import Conflict
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


def forget_resolved(workspace: Workspace) -> None:
    """Take conflicts that are gone as resolved, and not as an older text that an editor wrote."""
    repo = workspace.need_repository("`vaultsync sync`")
    left = {one.path for one in remaining(workspace, repo)}
    came = {path: one.after for path, one in checkout.incoming(repo).items() if one.after}
    texts = git.read_blobs(repo, came.values())
    had = [path for path, blob in came.items() if MARK.encode() in texts[blob]]
    checkout.forget_incoming(repo, [path for path in had if inside(path, repo.prefix) not in left])


def _marked(workspace: Workspace, repo: git.Repository) -> Iterable[Document]:
    names = git.fields(git.run(repo, *_SEARCH, quiet=True))
    paths = (inside(name, repo.prefix) for name in sorted(names))
    return [workspace.read(path) for path in paths if path]


def keep(workspace: Workspace, choice: Choice, paths: list[str] | None) -> list[str]:
    """Keep one version, or both, in the notes at some paths (None: all); return these paths."""
    repo = workspace.need_repository("`vaultsync sync`")
    marked = {one.path: one for one in _marked(workspace, repo) if find_callouts(one)}
    wanted = marked if paths is None else {path: marked[path] for path in paths if path in marked}
    if not wanted:
        raise VaultError("there is no conflict in these notes")
    outputs = [_kept(one, choice) for one in wanted.values()]
    worktree.write(workspace.root, outputs)
    return [output.path for output in outputs]


def _kept(document: Document, choice: Choice) -> Output:
    before = document
    while found := find_callouts(document):
        # Each by itself: the whole note may be one of them.
        edit = found[-1].resolved(document.text, choice)
        document = parse(document.path, apply_edits(document.text, [edit]))
    return changed_output(before.path, before.text.encode(), document.text.encode())  # type: ignore[return-value]
