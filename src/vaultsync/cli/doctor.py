"""`vaultsync doctor`."""

from __future__ import annotations

import click
import msgspec

from vaultsync.app.doctor import Check, Machine, examine, lacking_lines, mend
from vaultsync.blocks.context import format_count
from vaultsync.cli import shared
from vaultsync.cli.main import State
from vaultsync.core.text import printable
from vaultsync.lint.formats import Style


@click.command(name="doctor")
@shared.output_format()
@click.option("--fix", is_flag=True, help="Show what can be mended, and mend it if you agree.")
@click.option("--yes", is_flag=True, help="With --fix: mend without a question.")
@click.pass_obj
def command(state: State, *, output_format: str, fix: bool, yes: bool) -> None:
    """Check what a vault needs around it: the program, git, who commits, hooks, names, notes.

    Without --fix nothing is changed, and no password is requested. Notes are never changed. Exit
    code 1: something is missing or wrong. A vault on one machine needs no remote, and hooks and
    merging by meaning are of use, not needed.
    """
    if yes and not fix:
        raise click.UsageError("--yes needs --fix")
    machine = Machine(state.root())
    found = examine(machine)
    if fix and _mend(machine, found, yes=yes):
        found = examine(Machine(machine.root))
    wrong = sum(check.is_problem for check in found)
    if output_format == "json":
        shared.show_json(state, "checks", msgspec.to_builtins(found))
    else:
        state.show("".join(_line(state, check) for check in found))
        result = format_count(wrong, "problem") if wrong else "no problems"
        click.echo(f"{format_count(len(found), 'check')}: {result}")
    raise SystemExit(1 if wrong else 0)


def _mend(machine: Machine, found: list[Check], *, yes: bool) -> bool:
    """Show what can be mended, and mend it if the user agrees; return whether that was done."""
    fixable = [check for check in found if check.fix]
    for check in fixable:
        click.echo(f"to mend {check.name}: {printable(check.fix or '')}", err=True)
    lines = lacking_lines(machine) if any(one.name == "patterns" for one in fixable) else []
    click.echo("".join(shared.difference(machine.root, one) for one in lines), nl=False, err=True)
    if not fixable:
        return False
    if not shared.agrees(yes=yes):
        click.echo("nothing was mended: `vaultsync doctor --fix --yes` does it", err=True)
        return False
    for check in fixable:
        mend(machine, check.name)
    return True


def _line(state: State, check: Check) -> str:
    style: Style = "error" if check.is_problem else "dim" if check.state == "ok" else "hint"
    start = state.paint(f"{check.state:<7}", style)
    remedy = f"        {printable(check.remedy)}\n" if check.remedy else ""
    return f"{start} {check.name}: {printable(check.message)}\n{remedy}"
