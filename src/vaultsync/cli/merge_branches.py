"""`vaultsync merge-branches`."""

from __future__ import annotations

import click

from vaultsync.cli.main import State
from vaultsync.core.text import printable


@click.command(name="merge-branches")
@click.option("--base", envvar="GITHUB_REF_NAME", required=True, help="The branch to merge.")
@click.option("--repository", envvar="GITHUB_REPOSITORY", required=True, help="OWNER/NAME.")
@click.option(
    "--api", envvar="GITHUB_API_URL", default="https://api.github.com", help="Address of the API."
)
@click.option(
    "--site", envvar="GITHUB_SERVER_URL", default="https://github.com", help="Address of the site."
)
@click.pass_obj
def command(state: State, *, base: str, repository: str, api: str, site: str) -> None:
    """Merge a branch into those of its open pull requests on GitHub, by meaning.

    For a workflow, which sets the variables behind the options, with a token in GITHUB_TOKEN.
    Nothing is forced. What both sides changed is pushed with both versions, and a comment names it;
    on a pull request from a fork a comment names what to do. Exit code 1: a branch was not merged.
    """
    import os

    from vaultsync.app.merge_branches import merge_branches
    from vaultsync.infra.github import Host

    host, failed = Host(api, repository, os.environ.get("GITHUB_TOKEN", "")), False
    for outcome in merge_branches(state.open(), host, base, site):
        failed |= outcome.state == "failed"
        click.echo(printable(f"#{outcome.pull.number} {outcome.pull.head.ref}: {outcome.state}"))
        for remark in outcome.remarks:
            click.echo(printable(f"  {remark}"))
    raise SystemExit(1 if failed else 0)
