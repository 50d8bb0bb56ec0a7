"""Look at a repository and its vault before a sync; nothing is changed."""

from __future__ import annotations

from vaultsync.app.workspace import Workspace
from vaultsync.sync.plan import Situation


def look(workspace: Workspace) -> Situation:
    """Return what is found. Raises `GitError` where there is no repository, or git is too old."""
    raise NotImplementedError
