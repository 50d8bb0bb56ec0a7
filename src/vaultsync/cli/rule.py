"""`vaultsync rule`."""

from __future__ import annotations

import unicodedata

import click

from vaultsync.cli import complete
from vaultsync.cli.state import State
from vaultsync.config import did_you_mean
from vaultsync.errors import ConfigError
from vaultsync.lint.report import rule_page
from vaultsync.lint.rule import Example
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
    page = rule_page(code)
    if page is None:
        names = [name for rule in RULES for name in (rule.code, rule.name)]
        raise ConfigError(f"there is no rule `{code}`{did_you_mean(code, names)}")
    found = next(rule for rule in RULES if code.upper() == rule.code or code == rule.name)
    state.show(page + "".join(_example(example) for example in found.examples[:1]))


def _example(example: Example) -> str:
    """Return what breaks a rule and what does not; with the path, where that is what matters."""
    bad, good = "For example", "Fixed" if example.fixed else "Instead"
    if example.renamed:
        bad, good = f"{bad}, {_safe(example.path)}", f"{good}, {_safe(example.renamed)}"
    return f"\n{bad}:\n\n{_indented(example.bad)}\n{good}:\n\n{_indented(example.good)}"


def _indented(text: str) -> str:
    lines = _safe(text).removesuffix("\n").split("\n") if text else ["(an empty note)"]
    return "".join(f"    {line}".rstrip() + "\n" for line in lines)


def _safe(text: str) -> str:
    """Return text with each character that would not be seen, or seen apart, as its escape."""
    return "".join(
        char.encode("unicode_escape").decode()
        if char != "\n" and (not char.isprintable() or unicodedata.combining(char))
        else char
        for char in text
    )
