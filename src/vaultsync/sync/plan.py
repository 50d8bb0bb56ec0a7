"""The plan of a sync: which steps follow from the state of a repository and its vault."""

from __future__ import annotations

from typing import Literal

import msgspec

Name = Literal["save", "fetch", "merge", "push", "stop"]


class Step(msgspec.Struct, frozen=True):
    """A step of a sync, and what it does; for `stop`, the reason and the remedy."""

    step: Name
    text: str
    remedy: str = ""


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """What a sync finds: paths that changed in the vault, the upstream, and what stops it."""

    head: str | None
    branch: str
    changed: tuple[str, ...] = ()
    upstream: str | None = None
    has_remote: bool = False
    stops: tuple[Step, ...] = ()


def plan(situation: Situation) -> list[Step]:
    """Return the steps, or what stops the sync."""
    if situation.stops:
        return [*situation.stops]
    steps = [Step("save", f"{len(situation.changed)} files")] if situation.changed else []
    if not situation.has_remote:
        return steps
    if situation.upstream is None:
        remedy = f"git push -u origin {situation.branch}"
        return [*steps, Step("stop", f"{situation.branch} has no upstream", f"run `{remedy}`")]
    name = situation.upstream
    return [*steps, Step("fetch", name), Step("merge", name), Step("push", name)]
