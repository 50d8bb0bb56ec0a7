"""`vaultsync rule`."""

from __future__ import annotations

import click

from vaultsync.cli import complete
from vaultsync.cli.state import State
from vaultsync.config import did_you_mean
from vaultsync.errors import ConfigError
from vaultsync.lint.docs import find, rule_page
from vaultsync.lint.rules import RULES


@click.command(name="rule")
@click.argument("code", required=False, shell_complete=complete.rules)
@click.pass_obj
def command(state: State, code: str | None) -> None:
    """List the rules, or explain the one with this CODE or name."""
    if code is None:
        for rule in RULES:
            state.show(f"{rule.code}  {rule.severity:<7}  {rule.name}\n")
        return
    found = find(code)
    if found is None:
        names = [name for rule in RULES for name in (rule.code, rule.name)]
        raise ConfigError(f"there is no rule `{code}`{did_you_mean(code, names)}")
    state.show(rule_page(found))
