"""Workflow commands that annotate a pull request on GitHub."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vaultsync.lint.report import Shown
from vaultsync.lint.rule import Severity

_KINDS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "hint": "notice"}


def github(items: Iterable[Shown]) -> str:
    """Return a command for each finding.

    Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
    """
    return "".join(_command(item) for item in items)


def _command(item: Shown) -> str:
    diagnostic = item.diagnostic
    place = f"file={_property(diagnostic.path)},line={item.start[0]},col={item.start[1]}"
    title = _property(f"{diagnostic.code} {diagnostic.name}")
    return f"::{_KINDS[diagnostic.severity]} {place},title={title}::{_data(item.message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
