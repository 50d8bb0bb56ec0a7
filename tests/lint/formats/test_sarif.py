"""The findings as a SARIF log, checked by its schema and read as an editor would."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import jsonschema_rs
import pytest
from hypothesis import given
from tests.lint.findings import NOTES, PATHS, proposed, shown

from vaultsync.core.text import Edit, apply_edits
from vaultsync.lint.formats.sarif import sarif
from vaultsync.lint.report import Shown
from vaultsync.lint.rule import Applicability
from vaultsync.lint.rules import RULES
from vaultsync.notes.link_index import slugs

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "tests/data/sarif/sarif-2.1.0.json").read_text())
VALID = jsonschema_rs.validator_for(SCHEMA, validate_formats=True)
LEVELS = {"error": "error", "warning": "warning", "hint": "note"}


def log(found: list[Shown]) -> dict[str, Any]:
    """Return the one run of a log that fits the schema."""
    data = json.loads(sarif(found))
    VALID.validate(data)
    assert data["version"] == "2.1.0"
    run: dict[str, Any] = data["runs"][0]
    return run


def location(physical: Mapping[str, Any]) -> str:
    """Return the path that a location means below its base."""
    place = physical["artifactLocation"]
    parts = urlsplit(place["uri"])
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert not parts.path.startswith("/")
    assert ".." not in parts.path.split("/")
    assert place["uriBaseId"] == "%SRCROOT%"
    return unquote_to_bytes(place["uri"]).decode("utf-8", "surrogateescape")


def offset(text: str, line: int, column: int) -> int:
    """Return the position of a line and a column of Unicode code points."""
    starts = [0, *(found.end() for found in re.finditer("\r\n|\n|\r", text))]
    return starts[line - 1] + column - 1


def replaced(text: str, replacements: list[dict[str, Any]]) -> str:
    """Return text as an editor leaves it that makes the replacements from the last to the first."""
    for replacement in reversed(replacements):
        region = replacement["deletedRegion"]
        start = offset(text, region["startLine"], region["startColumn"])
        end = offset(text, region["endLine"], region["endColumn"])
        new = replacement.get("insertedContent", {}).get("text", "")
        text = text[:start] + new + text[end:]
    return text


@given(path=PATHS, text=NOTES)
def test_any_findings_fit_the_schema_and_say_the_same(path: str, text: str) -> None:
    found = shown(text, path)
    run = log(found)
    assert run["columnKind"] == "unicodeCodePoints"
    for result, item in zip(run["results"], found, strict=True):
        physical = result["locations"][0]["physicalLocation"]
        assert location(physical) == item.diagnostic.path
        region = physical["region"]
        assert (region["startLine"], region.get("startColumn", 1)) == item.diagnostic.start
        assert (result["ruleId"], result["level"], result["message"]["text"]) == (
            item.diagnostic.code,
            LEVELS[item.diagnostic.severity],
            item.message,
        )
        assert ("fixes" in result) is (item.diagnostic.fix is not None)


@given(path=PATHS, text=NOTES)
def test_an_editor_that_takes_over_a_fix_gets_what_the_linter_would_write(
    path: str, text: str
) -> None:
    found = shown(text, path)
    for result, item in zip(log(found)["results"], found, strict=True):
        for fix in result.get("fixes", []):
            (change,) = fix["artifactChanges"]
            assert location(change) == f"vault/{path}"
            edits: list[Edit] = [edit.edit for edit in item.edits[f"vault/{path}"]]
            assert replaced(text, change["replacements"]) == apply_edits(text, edits)
            assert fix["properties"]["safe"] is (item.diagnostic.fix or fix).safe


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b.md", "vault/a%20b.md"),
        ("50%.md", "vault/50%25.md"),
        ("a:b?c#d.md", "vault/a%3Ab%3Fc%23d.md"),
        ("Größe/猫.md", "vault/Gr%C3%B6%C3%9Fe/%E7%8C%AB.md"),
        ("a\udcff.md", "vault/a%FF.md"),
        ("[x] 'y'.md", "vault/%5Bx%5D%20%27y%27.md"),
    ],
)
def test_a_path_is_an_address(path: str, uri: str) -> None:
    (result,) = log(shown("[[x]]\n", path))["results"][:1]
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == uri
    assert location(physical) == f"vault/{path}"


def test_a_finding_about_the_whole_file_has_no_column() -> None:
    (result,) = log(shown(""))["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}


def test_a_related_place_is_a_location_with_a_message() -> None:
    (result,) = log(shown("---\na: 1\na: 2\n---\n"))["results"]
    (related,) = result["relatedLocations"]
    assert location(related["physicalLocation"]) == "vault/n.md"
    region = {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 5}
    assert related["physicalLocation"]["region"] == region
    assert related["message"] == {"text": "the first `a`"}


def test_a_related_file_has_no_column() -> None:
    (result,) = log(shown("[[x]]\n", **{"a b/x.md": "", "bcd/x.md": ""}))["results"]
    places = [one["physicalLocation"] for one in result["relatedLocations"]]
    assert [location(place) for place in places] == ["vault/a b/x.md", "vault/bcd/x.md"]
    assert [place["region"] for place in places] == [{"startLine": 1}] * 2


def test_a_finding_without_related_places_has_no_such_locations() -> None:
    (result,) = log(shown("[[x]]\n"))["results"]
    assert "relatedLocations" not in result


@pytest.mark.parametrize("applicability", ["safe", "unsafe", "display-only"])
def test_a_fix_has_its_applicability(applicability: Applicability) -> None:
    (result,) = log(proposed(applicability))["results"]
    (fix,) = result["fixes"]
    safe = applicability == "safe"
    assert fix["properties"] == {"safe": safe, "applicability": applicability}


def test_every_rule_is_described_and_its_page_is_there() -> None:
    rules = log(shown("[[x]]\n"))["tool"]["driver"]["rules"]
    assert [(rule["id"], rule["name"]) for rule in rules] == [(r.code, r.name) for r in RULES]
    headings = re.findall("^## (.*)$", (ROOT / "docs/rules.md").read_text(), re.MULTILINE)
    anchors = set(slugs(headings))
    for rule, known in zip(rules, RULES, strict=True):
        page, _, anchor = rule["helpUri"].partition("#")
        assert page.endswith("/docs/rules.md")
        assert anchor in anchors
        assert rule["defaultConfiguration"]["enabled"] is bool(known.default)


def test_a_result_points_at_its_rule() -> None:
    run = log(shown("[[x]] [[#y]]\n"))
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def fingerprints(text: str) -> list[str]:
    return [result["partialFingerprints"]["vaultsync/v1"] for result in log(shown(text))["results"]]


def test_a_fingerprint_stays_when_other_lines_come_and_tells_equal_lines_apart() -> None:
    one = fingerprints("See [[x]].\n")
    assert fingerprints("Before.\n\nSee [[x]].\n") == one
    assert fingerprints("See [[y]].\n") != one
    two = fingerprints("See [[x]].\n\nSee [[x]].\n")
    assert two[0] == one[0]
    assert len(set(two)) == 2
