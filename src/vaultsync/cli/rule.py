"""`vaultsync rule`."""

from __future__ import annotations

import click

from vaultsync.cli import shared
from vaultsync.cli.main import State
from vaultsync.core.errors import ConfigError
from vaultsync.lint.docs import find, rule_page
from vaultsync.lint.engine import unknown
from vaultsync.lint.rules import RULES


@click.command(name="rule")
@click.argument("code", required=False, shell_complete=shared.complete_rules)
@click.pass_obj
def command(state: State, code: str | None) -> None:
    """List the rules, or explain the one with this CODE or name."""
    if code is None:
        for rule in RULES:
            state.show(f"{rule.code}  {rule.severity:<7}  {rule.name}\n")
        return
    found = find(code)
    if found is None:
        raise ConfigError(unknown(code))
    state.show(rule_page(found))
