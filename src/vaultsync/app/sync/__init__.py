"""Synchronize a vault with its remote."""
