"""Where a commit is pushed to, by what the linter finds in it, and what is not kept after it."""

from __future__ import annotations

import datetime
import re

from vaultsync.app.sync.files import machine_name
from vaultsync.app.workspace import Workspace
from vaultsync.blocks.context import format_count
from vaultsync.core.errors import VaultsyncError
from vaultsync.infra import clock, git
from vaultsync.infra.git import as_text
from vaultsync.infra.git.branch import BACKUPS, SAVES, update_refs
from vaultsync.infra.git.transfer import Upstream, tracking

# Days that backups are kept after their words came to the remote.
_KEPT = 90
_DAY = re.compile(r"/(\d{8})T[^/]*$")


def checked_target(workspace: Workspace, source: Upstream) -> tuple[Upstream, list[str]]:
    """Return where to push, and what is to be said about it.

    Errors in what is new go with the rest, or to a branch of their own, as the settings choose.
    """
    try:
        count = _new_errors(workspace, source)
    except VaultsyncError as error:
        return source, [f"pushed without a check: {error}"]
    if not count:
        return source, []
    errors = f"{format_count(count, 'error')} in what is pushed: run `vaultsync lint`"
    if workspace.config.sync.on_errors == "push":
        return source, [errors]
    name = f"{source.ref.removeprefix('refs/heads/')}-{_as_ref(machine_name(workspace))}"
    target = Upstream(source.remote, f"refs/heads/{name}", tracking(source.remote, name))
    return target, [f"{errors}; until they are mended it goes to {target.name}"]


def _new_errors(workspace: Workspace, source: Upstream) -> int:
    from vaultsync.app.lint import LintOptions, lint

    repo = workspace.need_repository("`vaultsync sync`")
    there = git.commit_named(repo, source.tracking)
    opened = Workspace(workspace.root, since=there, cached=workspace.cached)
    try:
        found = lint(LintOptions(since=there), opened).findings
    finally:
        opened.close()
    return sum(one.severity == "error" for one in found)


def _as_ref(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") or "machine"


def forget_old(repo: git.Repository, source: Upstream) -> None:
    """Delete backups whose words have been on the remote for 90 days."""
    oldest = clock.today("UTC").replace("-", "")
    day = datetime.date.fromisoformat(oldest) - datetime.timedelta(days=_KEPT)
    names = _old(repo, day, ())
    if names and (then := _on_remote(repo, source, day)):
        gone = _old(repo, day, ("--merged", then))
        update_refs(repo, (f"delete {name}" for name in gone), "vaultsync sync: kept long enough")


def _old(repo: git.Repository, day: datetime.date, options: tuple[str, ...]) -> list[str]:
    """Return the names of refs that were made before a day."""
    listed = git.run(repo, "for-each-ref", "--format=%(refname)", *options, BACKUPS, SAVES)
    before = day.strftime("%Y%m%d")
    found = ((name, _DAY.search(name)) for name in as_text(listed).splitlines())
    return [name for name, made in found if made and made[1] < before]


def _on_remote(repo: git.Repository, source: Upstream, day: datetime.date) -> str | None:
    """Return the commit that the remote had on a day, as far as is known here."""
    options = ("-g", "--date=format:%Y%m%d", "--format=%H %gd")
    log = git.run(repo, "log", *options, source.tracking, "--")
    rows = (line.partition(" ") for line in as_text(log).splitlines())
    before = day.strftime("%Y%m%d")
    return next((commit for commit, _, name in rows if name[-9:-1] < before), None)
