"""Lint, index, record and publish a vault of Markdown notes."""

__version__ = "0.1.0"
