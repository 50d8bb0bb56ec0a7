"""The findings as JSON of our own."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
from hypothesis import given
from tests.lint.findings import NOTES, PATHS, shown

from vaultsync.lint.formats.json_form import as_json

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
                    "edits": {
                        "vault/Named/n.md": [{"start": 13, "end": 13, "new": "aliases:\n  - 猫\n"}]
                    },
                },
            },
            {
                "code": "LNK001",
                "name": "broken-link",
                "severity": "error",
                "message": "there is no `x` in the vault",
                "path": "vault/Named/n.md",
                "start": {"line": 4, "column": 3},
                "end": {"line": 4, "column": 8},
                "fix": None,
            },
        ],
    }


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
