"""Look at a repository and its vault before a sync; nothing is changed."""

from __future__ import annotations

from vaultsync.app.workspace import Workspace
from vaultsync.infra.git import as_text, head, run
from vaultsync.infra.git.files import changed
from vaultsync.infra.git.transfer import upstream
from vaultsync.sync.plan import Situation, Status, Step


def look(workspace: Workspace) -> Situation:
    """Return what is found. Raises `GitError` where there is no repository, or git is too old."""
    repo = workspace.need_repository("`vaultsync sync`")
    branch = as_text(run(repo, "branch", "--show-current")).strip()
    if not branch:
        stop = Step("stop", "no branch is checked out", "run `git switch BRANCH`")
        return Situation(stops=(stop,))
    now, target = head(repo), upstream(repo, branch)
    found = {f"{repo.prefix}{path}" for path in changed(repo, now, index=False)}
    changes = dict[str, Status].fromkeys(sorted(found), "changed")
    name = target.name if target else ""
    return Situation(head=now or "", branch=branch, changes=changes, upstream=name)
