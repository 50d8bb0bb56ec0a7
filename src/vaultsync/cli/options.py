"""Options that several commands share, and completions of their values in a shell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from click.shell_completion import CompletionItem

from vaultsync.cli.state import State
from vaultsync.core.errors import VaultsyncError

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

check: Decorator = click.option(
    "--check", is_flag=True, help="Write nothing; exit 1 if something would change."
)
diff: Decorator = click.option(
    "--diff", is_flag=True, help="Write nothing; show what would change and exit 1."
)
staged: Decorator = click.option(
    "--staged", is_flag=True, help="Read the notes from the git index, not from disk."
)
output_format: Decorator = click.option(
    "--output-format",
    type=click.Choice(["text", "json"]),
    default="text",
    help="The output format.",
)


def complete_type(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Return the types of the vault that the command line names; none where there is no vault."""
    from vaultsync.app.workspace import Workspace

    # No command runs, so that the global options are not yet a state.
    named = ctx.find_root().params.get("vault")
    try:
        known = Workspace(State(named, "never").root()).config.types
    except VaultsyncError:
        return []
    return [name for name in known if name.startswith(incomplete)]


def complete_rules(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return codes and names of rules for the last of several words with commas between them."""
    from vaultsync.lint.rules import RULES

    before, comma, word = incomplete.rpartition(",")
    words = [(rule.code, rule.name) for rule in RULES] + [(rule.name, rule.code) for rule in RULES]
    return [
        CompletionItem(f"{before}{comma}{text}", help=other)
        for text, other in words
        if text.lower().startswith(word.lower())
    ]
