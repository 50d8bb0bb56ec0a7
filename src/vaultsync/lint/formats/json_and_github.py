"""Findings as JSON, and as commands that annotate a pull request on GitHub."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from vaultsync.core.text import escape_controls, printable
from vaultsync.lint.report import Shown, ShownRelated
from vaultsync.lint.rule import Place, Severity

_KINDS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "hint": "notice"}


def as_json(items: Iterable[Shown]) -> str:
    """Return the findings as JSON, version 1, described by `docs/schemas/lint.json`."""
    findings = [_finding(item) for item in items]
    data = {"version": 1, "findings": findings}
    return escape_controls(json.dumps(data, ensure_ascii=False, indent=2)) + "\n"


def _finding(item: Shown) -> dict[str, Any]:
    diagnostic = item.diagnostic
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity,
        "message": item.message,
        "path": diagnostic.path,
        "start": _place(diagnostic.start),
        "end": _place(diagnostic.end),
        "fix": _fix(item),
        "suggestion": diagnostic.suggestion,
        "related": [_related(one) for one in item.related],
    }


def _place(place: Place) -> dict[str, int]:
    return {"line": place[0], "column": place[1]}


def _related(related: ShownRelated) -> dict[str, Any]:
    return {
        "path": related.path,
        "start": _place(related.start),
        "end": _place(related.end),
        "message": related.message,
    }


def _fix(item: Shown) -> dict[str, Any] | None:
    fix = item.diagnostic.fix
    if fix is None:
        return None
    edits = {
        path: [{"start": e.span.start, "end": e.span.end, "new": e.new} for e, *_ in shown]
        for path, shown in item.edits.items()
    }
    facts = {"title": fix.title, "safe": fix.safe, "applicability": fix.applicability}
    return facts | {"edits": edits}


def github(items: Iterable[Shown]) -> str:
    """Return a workflow command for each finding.

    Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
    """
    return "".join(_command(item) for item in items)


def _command(item: Shown) -> str:
    diagnostic = item.diagnostic
    line, column = diagnostic.start
    place = f"file={_property(diagnostic.path)},line={line},col={column}"
    title = _property(f"{diagnostic.code} {diagnostic.name}")
    return f"::{_KINDS[diagnostic.severity]} {place},title={title}::{_data(item.message)}\n"


def _data(text: str) -> str:
    # The runner knows no more escapes.
    return printable(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
