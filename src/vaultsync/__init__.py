"""Lint, index, record and publish a vault of Markdown notes."""

__version__ = "0.1.0"
# The address of the repository, which stands in for one until there is one.
HOME = "https://example.org/vaultsync"
