"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

check: Decorator = click.option(
    "--check", is_flag=True, help="Write nothing; exit 1 if something would change."
)
diff: Decorator = click.option(
    "--diff", is_flag=True, help="Write nothing; show what would change and exit 1."
)
staged: Decorator = click.option(
    "--staged", is_flag=True, help="Take the notes from the git index, not from the disk."
)
