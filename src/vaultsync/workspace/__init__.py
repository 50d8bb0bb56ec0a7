"""Open a vault from the disk, the git index or a revision, and hand features their values."""

from vaultsync.workspace.clock import today
from vaultsync.workspace.finding import find_vault
from vaultsync.workspace.opened import Workspace

__all__ = ["Workspace", "find_vault", "today"]
