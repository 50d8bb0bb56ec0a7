"""All forms tell the same findings, each read back from what it says alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote

import pytest
from tests.lint.findings import plain, proposals, proposed, shown
from tests.lint.formats.test_github import understood

from vaultsync.lint import engine
from vaultsync.lint.formats import NAMES, render
from vaultsync.lint.rule import Applicability

NOTE = """\
---
title: 猫
tag: a, b
---
😀 [[x]] and [a](b%20c.md), [[#no such]]

| a |
|---|
| ![[y]] %% |

	[[n|n]]	[[a b]]
"""
HEAD = re.compile(
    r"(?P<path>[^\n]+?):(?P<line>\d+):(?P<column>\d+): (?P<severity>error|warning|hint) "
    r"(?P<code>[A-Z]{3}\d{3}) (?P<message>[^\n]+?)(?: \[fix\])?"
)


class Said(NamedTuple):
    """What every form says of a finding."""

    code: str
    severity: str
    path: str
    line: int
    column: int
    message: str


def from_terminal(text: str) -> list[Said]:
    heads = [found for line in text.split("\n") if (found := HEAD.fullmatch(line))]
    return [
        Said(h["code"], h["severity"], h["path"], int(h["line"]), int(h["column"]), h["message"])
        for h in heads
    ]


def from_json(text: str) -> list[Said]:
    return [
        Said(f["code"], f["severity"], f["path"], at["line"], at["column"], f["message"])
        for f in json.loads(text)["findings"]
        for at in [f["start"]]
    ]


def from_sarif(text: str) -> list[Said]:
    found = []
    for result in json.loads(text)["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        region, path = place["region"], unquote(place["artifactLocation"]["uri"])
        severity = result["level"].replace("note", "hint")
        at = region["startLine"], region.get("startColumn", 1)
        found.append(Said(result["ruleId"], severity, path, *at, result["message"]["text"]))
    return found


def from_github(text: str) -> list[Said]:
    found = []
    for line in text.removesuffix("\n").split("\n"):
        kind, keys, message = understood(line)
        code, severity = keys["title"].partition(" ")[0], kind.replace("notice", "hint")
        at = int(keys["line"]), int(keys["col"])
        found.append(Said(code, severity, keys["file"], *at, message))
    return found


READERS: dict[str, Callable[[str], list[Said]]] = {
    "full": from_terminal,
    "concise": from_terminal,
    "json": from_json,
    "sarif": from_sarif,
    "github": from_github,
}


@pytest.mark.parametrize("name", NAMES)
def test_every_form_tells_every_finding(name: str) -> None:
    items = shown(NOTE, "Named/a b,c.md")
    wanted = [
        Said(d.code, d.severity, d.path, *item.diagnostic.start, item.message)
        for item in items
        for d in [item.diagnostic]
    ]
    assert len({said.code for said in wanted}) > 4
    assert {said.severity for said in wanted} >= {"error", "warning"}
    assert READERS[name](render(name, items, plain)) == wanted


@pytest.mark.parametrize(
    ("applicability", "fixed_by_default", "fixed_with_unsafe"),
    [("safe", True, True), ("unsafe", False, True), ("display-only", False, False)],
)
def test_a_display_only_fix_is_shown_and_never_applied(
    applicability: Applicability, *, fixed_by_default: bool, fixed_with_unsafe: bool
) -> None:
    checked = proposals(applicability)
    assert bool(engine.fix(checked).texts) is fixed_by_default
    assert bool(engine.fix(checked, unsafe=True).texts) is fixed_with_unsafe
    for name in ("json", "sarif"):
        assert "replace it" in render(name, proposed(applicability), plain)
