"""The command line: arguments, output, exit codes."""

from vaultsync.cli.main import main, process

__all__ = ["main", "process"]
