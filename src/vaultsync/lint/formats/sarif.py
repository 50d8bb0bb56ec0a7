"""The findings as a SARIF log, which code scanning services and editors read.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from vaultsync import HOME, __version__
from vaultsync.lint.docs import address, paragraphs, rule_page
from vaultsync.lint.report import Shown, ShownEdit, ShownRelated
from vaultsync.lint.rule import Diagnostic, Fix, Place, Rule, Severity
from vaultsync.lint.rules import RULES

_BASE = "%SRCROOT%"
_LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "hint": "note"}
_NUMBERS = {rule.code: number for number, rule in enumerate(RULES)}


def sarif(items: Iterable[Shown]) -> str:
    """Return a log, version 2.1.0, of one run.

    Paths are relative to a base that the reader knows: the log holds no path of this machine.
    """
    seen: Counter[str] = Counter()
    driver = {
        "name": "vaultsync",
        "semanticVersion": __version__,
        "informationUri": HOME,
        "rules": [_rule(rule) for rule in RULES],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "originalUriBaseIds": {_BASE: {"description": {"text": "The top of the repository."}}},
        "results": [_result(item, seen) for item in items],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    texts, page = paragraphs(rule), rule_page(rule)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": texts[0]},
        "fullDescription": {"text": "\n\n".join(texts)},
        "help": {"text": page, "markdown": page},
        "helpUri": address(rule),
        "defaultConfiguration": {"level": _LEVELS[rule.severity], "enabled": bool(rule.default)},
    }


def _result(item: Shown, seen: Counter[str]) -> dict[str, Any]:
    diagnostic = item.diagnostic
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": _NUMBERS[diagnostic.code],
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": item.message},
        "locations": [_physical(diagnostic.path, diagnostic.start, diagnostic.end)],
        "partialFingerprints": {"vaultsync/v1": _fingerprint(diagnostic, seen)},
    }
    if item.related:
        result["relatedLocations"] = [_related(one) for one in item.related]
    return result | ({"fixes": [_fix(item, diagnostic.fix)]} if diagnostic.fix else {})


def _related(related: ShownRelated) -> dict[str, Any]:
    place = _physical(related.path, related.start, related.end)
    return place | {"message": {"text": related.message}}


def _physical(path: str, start: Place, end: Place) -> dict[str, Any]:
    place = {"artifactLocation": _location(path), "region": _region(start, end)}
    return {"physicalLocation": place}


def _location(path: str) -> dict[str, str]:
    # A name on disk may hold bytes that are not UTF-8; a colon would look like a scheme.
    return {"uri": quote(path.encode("utf-8", "surrogateescape")), "uriBaseId": _BASE}


def _region(start: Place, end: Place) -> dict[str, int]:
    # The place of a file as a whole is an empty span, without a column.
    return {"startLine": 1} if start == end == (1, 1) else _between(start, end)


def _between(start: Place, end: Place) -> dict[str, int]:
    names = ("startLine", "startColumn", "endLine", "endColumn")
    return dict(zip(names, (*start, *end), strict=True))


def _fingerprint(diagnostic: Diagnostic, seen: Counter[str]) -> str:
    """Return an id that stays when other lines of the file change."""
    facts = repr((diagnostic.code, diagnostic.path, diagnostic.source.strip()))
    seen[facts] += 1
    return hashlib.sha256(f"{facts} {seen[facts]}".encode()).hexdigest()[:32]


def _fix(item: Shown, fix: Fix) -> dict[str, Any]:
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {"artifactLocation": _location(path), "replacements": [_replacement(e) for e in edits]}
            for path, edits in item.edits.items()
        ],
        "properties": {"safe": fix.safe, "applicability": fix.applicability},
    }


def _replacement(edit: ShownEdit) -> dict[str, Any]:
    region = {"deletedRegion": _between(edit.start, edit.end)}
    return region | ({"insertedContent": {"text": edit.edit.new}} if edit.edit.new else {})
