"""Problems around the notes. A problem in a note is a `Finding`, never an exception."""

from __future__ import annotations

from vaultsync.core.text import printable


class VaultsyncError(Exception):
    """The command cannot continue; the message names the problem, its place and what to do.

    Each argument is a line of the message. What it quotes may be a stranger's.
    """

    exit_code = 2

    def __str__(self) -> str:
        return "\n".join(printable(str(line)) for line in self.args)

    def without(self, path: str) -> str:
        """Return the message without the path in front."""
        return str(self).removeprefix(f"{printable(path)}: ")


class ConfigError(VaultsyncError):
    """`vaultsync.toml` or an option is wrong."""


class VaultError(VaultsyncError):
    """The vault or one of its files cannot be found, read or written."""


class GitError(VaultsyncError):
    """Git is missing, or one of its commands failed."""


class ConflictError(VaultsyncError):
    """Two sides changed the same thing and a person has to decide."""

    exit_code = 3
