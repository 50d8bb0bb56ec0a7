"""`vaultsync doctor`."""

from __future__ import annotations

import click
import msgspec

from vaultsync.app.doctor import Check, Machine, examine
from vaultsync.blocks.context import format_count
from vaultsync.cli import shared
from vaultsync.cli.main import State
from vaultsync.core.text import printable
from vaultsync.lint.formats import Style


@click.command(name="doctor")
@shared.output_format()
@click.pass_obj
def command(state: State, *, output_format: str) -> None:
    """Check what a vault needs around it: the program, git, who commits, the remote.

    Nothing is changed, and no password is requested. Exit code 1: something is missing or wrong;
    a vault on one machine needs no remote.
    """
    found = examine(Machine(state.root()))
    wrong = sum(check.is_problem for check in found)
    if output_format == "json":
        shared.show_json(state, "checks", msgspec.to_builtins(found))
    else:
        state.show("".join(_line(state, check) for check in found))
        result = format_count(wrong, "problem") if wrong else "no problems"
        click.echo(f"{format_count(len(found), 'check')}: {result}")
    raise SystemExit(1 if wrong else 0)


def _line(state: State, check: Check) -> str:
    style: Style = "error" if check.is_problem else "dim" if check.state == "ok" else "hint"
    start = state.paint(f"{check.state:<7}", style)
    remedy = f"        {printable(check.remedy)}\n" if check.remedy else ""
    return f"{start} {check.name}: {printable(check.message)}\n{remedy}"
