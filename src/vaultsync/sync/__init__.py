"""Merging notes by what their parts mean."""
