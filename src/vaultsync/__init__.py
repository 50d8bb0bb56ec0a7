"""Lint, index, record and publish a vault of Markdown notes."""

__version__ = "0.1.0"
# The address of the repository, a placeholder until there is a real one.
HOME = "https://example.org/vaultsync"
