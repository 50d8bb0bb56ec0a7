"""Run the command line: `python -m vaultsync`."""

from vaultsync.cli import process

process()
