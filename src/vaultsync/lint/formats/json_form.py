"""The findings as JSON of our own, described by `docs/schemas/lint.json`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from vaultsync.lint.report import Shown


def as_json(items: Iterable[Shown]) -> str:
    """Return the findings as JSON, version 1."""
    findings = [_finding(item) for item in items]
    return json.dumps({"version": 1, "findings": findings}, ensure_ascii=False, indent=2) + "\n"


def _finding(item: Shown) -> dict[str, Any]:
    diagnostic = item.diagnostic
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity,
        "message": item.message,
        "path": diagnostic.path,
        "start": {"line": item.start[0], "column": item.start[1]},
        "end": {"line": item.end[0], "column": item.end[1]},
        "fix": _fix(item),
    }


def _fix(item: Shown) -> dict[str, Any] | None:
    fix = item.diagnostic.fix
    if fix is None:
        return None
    edits: dict[str, list[dict[str, Any]]] = {}
    for path, edit, _, _ in item.edits:
        row = {"start": edit.span.start, "end": edit.span.end, "new": edit.new}
        edits.setdefault(path, []).append(row)
    return {"title": fix.title, "safe": fix.safe, "edits": edits}
