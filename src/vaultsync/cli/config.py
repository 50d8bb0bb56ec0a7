"""`vaultsync config`."""

from __future__ import annotations

import click

from vaultsync.cli import shared
from vaultsync.cli.main import State


@click.command(name="config")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of vaultsync.toml instead.")
@shared.output_format("Form.")
@click.pass_obj
def command(state: State, *, schema: bool, output_format: str) -> None:
    """Show the settings in force, and where each comes from."""
    if schema:
        from vaultsync.core.config.docs import schema_text

        state.show(schema_text())
        return
    from vaultsync.core.config.effective import effective_settings, render_settings

    workspace = state.open()
    settings = effective_settings(workspace.config, workspace.config_text)
    if output_format == "text":
        state.show(render_settings(settings))
        return
    rows = [{"key": s.key, "value": s.value, "source": s.source, "line": s.line} for s in settings]
    shared.show_json(state, "settings", rows)
