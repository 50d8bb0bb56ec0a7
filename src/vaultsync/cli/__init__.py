"""The command line: arguments, output, exit codes."""

from vaultsync.cli.main import main

__all__ = ["main"]
