"""Hostile notes, and what holds of every note.

python -m fuzz --minutes 10
"""
