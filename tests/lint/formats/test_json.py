"""The findings as JSON of our own."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given
from tests.lint.findings import NOTES, PATHS, proposed, shown

from vaultsync.lint.formats.json_and_github import as_json
from vaultsync.lint.rule import Applicability

SCHEMA = json.loads((Path(__file__).parents[3] / "docs/schemas/lint.json").read_text())
VALID = jsonschema_rs.validator_for(SCHEMA)


def test_json_has_the_promised_shape() -> None:
    text = "---\ntitle: 猫\n---\n😀 [[x]]\n"
    data = json.loads(as_json(shown(text, "Named/n.md")))
    assert data == {
        "version": 1,
        "findings": [
            {
                "code": "PRP006",
                "name": "title-not-in-aliases",
                "severity": "warning",
                "message": "the title is not among the aliases",
                "path": "vault/Named/n.md",
                "start": {"line": 2, "column": 8},
                "end": {"line": 2, "column": 9},
                "fix": {
                    "title": "add the title to `aliases`",
                    "safe": True,
                    "applicability": "safe",
                    "edits": {
                        "vault/Named/n.md": [{"start": 13, "end": 13, "new": "aliases:\n  - 猫\n"}]
                    },
                },
                "suggestion": None,
                "related": [],
            },
            {
                "code": "LNK017",
                "name": "unwritten-note",
                "severity": "error",
                "message": "there is no `x` in the vault",
                "path": "vault/Named/n.md",
                "start": {"line": 4, "column": 3},
                "end": {"line": 4, "column": 8},
                "fix": None,
                "suggestion": None,
                "related": [],
            },
        ],
    }


def test_json_has_the_related_places() -> None:
    (found,) = json.loads(as_json(shown("---\na: 1\na: 2\n---\n")))["findings"]
    assert found["related"] == [
        {
            "path": "vault/n.md",
            "start": {"line": 2, "column": 1},
            "end": {"line": 2, "column": 5},
            "message": "the first `a`",
        }
    ]
    (found,) = json.loads(as_json(shown("[[x]]\n", **{"a/x.md": "", "b/x.md": ""})))["findings"]
    top = {"line": 1, "column": 1}
    assert [(one["path"], one["start"], one["end"]) for one in found["related"]] == [
        ("vault/a/x.md", top, top),
        ("vault/b/x.md", top, top),
    ]


def test_json_has_the_suggestion_beside_the_message() -> None:
    items = shown("[[Cherri]] [[#Harvst]]\n\n# Harvest\n", **{"Cherry.md": "A\n"})
    data = json.loads(as_json(items))
    VALID.validate(data)
    assert [(one["suggestion"], one["message"]) for one in data["findings"]] == [
        ("Cherry", "there is no `Cherri` in the vault: did you mean `Cherry`?"),
        ("#Harvest", "there is no heading `Harvst` in n.md: did you mean `#Harvest`?"),
    ]


@pytest.mark.parametrize("applicability", ["safe", "unsafe", "display-only"])
def test_json_has_the_applicability_of_a_fix(applicability: Applicability) -> None:
    data = json.loads(as_json(proposed(applicability)))
    VALID.validate(data)
    fix = data["findings"][0]["fix"]
    assert (fix["applicability"], fix["safe"]) == (applicability, applicability == "safe")
    assert fix["edits"] == {"n.md": [{"start": 0, "end": 6, "new": "New.\n"}]}


def test_json_of_nothing_is_still_json() -> None:
    assert json.loads(as_json([])) == {"version": 1, "findings": []}


@given(path=PATHS, text=NOTES)
def test_any_findings_fit_the_schema(path: str, text: str) -> None:
    VALID.validate(json.loads(as_json(shown(text, path))))


def test_the_schema_refuses_what_is_no_finding() -> None:
    data = json.loads(as_json(shown("[[x]]\n")))
    assert VALID.is_valid(data)
    assert not VALID.is_valid(data | {"version": 2})
    data["findings"][0]["start"]["line"] = 0
    assert not VALID.is_valid(data)
