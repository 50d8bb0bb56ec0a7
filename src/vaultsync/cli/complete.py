"""What a shell offers for a word that is being typed. Where there is no answer, it is nothing."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from vaultsync.cli.state import State
from vaultsync.core.errors import VaultsyncError


def types(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Return the types of the vault that the command line means."""
    # No command has run, so that the global options are not yet a state.
    named = ctx.find_root().params.get("vault")
    try:
        known = State(named, "never").open().config.types
    except VaultsyncError:
        return []
    return [name for name in known if name.startswith(incomplete)]


def rules(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the codes and names of rules; of words with commas between them the last counts."""
    from vaultsync.lint.rules import RULES

    before, comma, word = incomplete.rpartition(",")
    words = [(rule.code, rule.name) for rule in RULES] + [(rule.name, rule.code) for rule in RULES]
    return [
        CompletionItem(f"{before}{comma}{found}", help=other)
        for found, other in words
        if found.lower().startswith(word.lower())
    ]
