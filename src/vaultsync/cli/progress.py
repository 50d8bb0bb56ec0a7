"""A line that says how far a long run is, at a terminal alone."""

from __future__ import annotations

import os
import sys
import time

import click

_PATIENCE = 1.0
_PAUSE = 0.1


class Progress:
    """One line on standard error, written over itself and gone at the end.

    It comes after a second, so that a quick run shows nothing.
    """

    def __init__(self) -> None:
        """Begin to count the time."""
        self._next = time.monotonic() + _PATIENCE
        self._width = 0

    def __call__(self, done: int, total: int) -> None:
        """Say that so many of all notes are read."""
        now = time.monotonic()
        if done >= total:
            self.close()
        elif now >= self._next:
            self._next = now + _PAUSE
            line = f"reading notes: {done} of {total}"
            # Blanks wipe out a longer line before, on every terminal.
            click.echo(f"\r{line:<{self._width}}", nl=False, err=True)
            self._width = len(line)

    def close(self) -> None:
        """Take the line away."""
        if self._width:
            click.echo(f"\r{'':{self._width}}\r", nl=False, err=True)
            self._width = 0


def at_terminal() -> Progress | None:
    """Return a line of progress, gone when the command ends; None where it could not be taken away.

    That is where standard error is no terminal, or with TERM=dumb none that writes over a line.
    """
    context = click.get_current_context(silent=True)
    if context is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return None
    progress = Progress()
    context.call_on_close(progress.close)
    return progress
