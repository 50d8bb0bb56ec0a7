"""Run the command line: `python -m vaultsync`."""

from vaultsync.cli.process import process

process()
