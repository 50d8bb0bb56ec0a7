"""How often each rule was broken."""

from __future__ import annotations

import json

from msgspec.structs import replace
from tests.lint.settings import ALL, context

from vaultsync.lint import engine
from vaultsync.lint.statistics import as_json, as_text, statistics

LACKING = "---\ntitle: {}\n---\n"


def test_rules_stand_by_how_often_they_are_broken() -> None:
    files = {"a.md": "[[x]] ![[y]] [[z]]\n", "Named/b.md": LACKING.format("B")}
    rows = statistics(engine.check(context(files), ALL))
    assert as_text(rows) == (
        "2  LNK001  [ ] broken-link\n"
        "1  LNK002  [ ] broken-embed\n"
        "1  PRP006  [*] title-not-in-aliases\n"
    )
    assert json.loads(as_json(rows)) == {
        "version": 1,
        "statistics": [
            {"code": "LNK001", "name": "broken-link", "count": 2, "fixable": 0},
            {"code": "LNK002", "name": "broken-embed", "count": 1, "fixable": 0},
            {"code": "PRP006", "name": "title-not-in-aliases", "count": 1, "fixable": 1},
        ],
    }


def test_counts_are_aligned_and_without_fixes_there_is_no_column_for_them() -> None:
    rows = statistics(engine.check(context({"a.md": "[[x]]\n" * 10 + "![[y]]\n"}), ALL))
    assert as_text(rows) == "10  LNK001  broken-link\n 1  LNK002  broken-embed\n"


def test_a_rule_of_which_some_findings_can_be_fixed_is_marked() -> None:
    found = engine.check(context({"Named/b.md": LACKING.format("B")}), ALL)
    assert found[0].fix
    unsafe = replace(found[0], fix=replace(found[0].fix, safe=False))
    rows = statistics([*found, unsafe, replace(unsafe, fix=None)])
    assert as_text(rows) == "3  PRP006  [-] title-not-in-aliases\n"


def test_without_findings_there_is_nothing_to_count() -> None:
    assert as_text(statistics([])) == ""
    assert json.loads(as_json([]))["statistics"] == []
