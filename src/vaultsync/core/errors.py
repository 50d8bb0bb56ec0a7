"""Problems around the notes. A problem in a note is a `Finding`, never an exception."""

from __future__ import annotations


class VaultsyncError(Exception):
    """The command cannot continue; the message names the problem, its place and what to do."""

    exit_code = 2


class ConfigError(VaultsyncError):
    """`vaultsync.toml` or an option is wrong."""


class VaultError(VaultsyncError):
    """The vault or one of its files cannot be found, read or written."""


class GitError(VaultsyncError):
    """Git is missing, or one of its commands failed."""


class ConflictError(VaultsyncError):
    """Two sides changed the same thing and a person has to decide."""

    exit_code = 3
