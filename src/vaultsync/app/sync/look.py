"""Look at a repository and its vault before a sync; nothing is changed."""

from __future__ import annotations

from vaultsync.app.workspace import Workspace
from vaultsync.infra.git import as_text, head, run
from vaultsync.infra.git.files import changed
from vaultsync.infra.git.remote import remotes
from vaultsync.infra.git.transfer import upstream
from vaultsync.sync.plan import Situation, Step


def look(workspace: Workspace) -> Situation:
    """Return the state of the repository and of the vault."""
    repo = workspace.need_repository("`vaultsync sync`")
    branch = as_text(run(repo, "branch", "--show-current")).strip()
    now = head(repo)
    if not branch:
        stop = Step("stop", "no branch is checked out", "run `git switch BRANCH`")
        return Situation(head=now, branch="", stops=(stop,))
    target = upstream(repo, branch)
    return Situation(
        head=now,
        branch=branch,
        changed=tuple(changed(repo, now, index=False)),
        upstream=target.name if target else None,
        has_remote=bool(remotes(repo)),
    )
