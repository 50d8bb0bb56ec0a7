from __future__ import annotations

import json

import pytest

from vaultsync.core.config.read import load_config
from vaultsync.markdown.frontmatter.values import read_types, types_file


def test_types_are_known_by_lower_case_name() -> None:
    data = b'{"types": {"Due": "date", "tags": "tags", "odd": 1}, "more": []}'
    assert read_types(data) == {"due": "date", "tags": "tags"}


@pytest.mark.parametrize(
    "data",
    [None, b"", b"{", b"[]", b'{"types": []}', b'{"types": null}', b"{}", b"\xff", b"[" * 5000],
)
def test_a_file_that_is_missing_or_broken_says_nothing(data: bytes | None) -> None:
    assert read_types(data) == {}


def test_obsidian_s_types_follow_from_the_schemas() -> None:
    config = load_config("""
[types.a]
match = ["A/*.md"]
[types.a.properties]
text = { type = "string" }
choice = { enum = ["x"] }
number = { type = "integer" }
real = { type = "number" }
flag = { type = "boolean" }
list = { type = "array" }
day = { type = "string", format = "date" }
moment = { type = "string", format = "date-time" }
address = { type = "string", format = "uri" }
tags = { type = "array" }
aliases = {}
either = { type = ["string", "integer"] }
table = { type = "object" }
""")
    assert json.loads(types_file(config)) == {
        "types": {
            "text": "text",
            "choice": "text",
            "number": "number",
            "real": "number",
            "flag": "checkbox",
            "list": "multitext",
            "day": "date",
            "moment": "datetime",
            "address": "text",
            "tags": "tags",
            "aliases": "aliases",
            "either": "text",
            "table": "text",
        }
    }
