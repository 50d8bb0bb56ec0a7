"""Publish a vault."""
