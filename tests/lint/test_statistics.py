"""How often each rule was broken."""

from __future__ import annotations

import json

from msgspec.structs import replace
from tests.lint.settings import ALL, context

from vaultsync.lint import engine
from vaultsync.lint.report import statistics, statistics_json, statistics_text

LACKING = "---\ntitle: {}\n---\n"


def test_rules_stand_by_how_often_they_are_broken() -> None:
    files = {"a.md": "[[x]] ![[y]] [[z]]\n", "Named/b.md": LACKING.format("B")}
    rows = statistics(engine.findings(context(files), ALL))
    assert statistics_text(rows) == (
        "2  LNK017  [ ] unwritten-note\n"
        "1  LNK002  [ ] broken-embed\n"
        "1  PRP006  [*] title-not-in-aliases\n"
    )
    assert json.loads(statistics_json(rows)) == {
        "version": 1,
        "statistics": [
            {"code": "LNK017", "name": "unwritten-note", "count": 2, "fixable": 0},
            {"code": "LNK002", "name": "broken-embed", "count": 1, "fixable": 0},
            {"code": "PRP006", "name": "title-not-in-aliases", "count": 1, "fixable": 1},
        ],
    }


def test_counts_are_aligned_and_without_fixes_there_is_no_column_for_them() -> None:
    rows = statistics(engine.findings(context({"a.md": "[[x]]\n" * 10 + "![[y]]\n"}), ALL))
    assert statistics_text(rows) == "10  LNK017  unwritten-note\n 1  LNK002  broken-embed\n"


def test_a_rule_of_which_some_findings_can_be_fixed_is_marked() -> None:
    found = engine.findings(context({"Named/b.md": LACKING.format("B")}), ALL)
    finding = found[0].finding
    assert finding.fix
    unsafe = replace(finding, fix=replace(finding.fix, applicability="unsafe"))
    others = [unsafe, replace(finding, fix=None)]
    rows = statistics([*found, *(replace(found[0], finding=other) for other in others)])
    assert statistics_text(rows) == "3  PRP006  [-] title-not-in-aliases\n"


def test_without_findings_there_is_nothing_to_count() -> None:
    assert statistics_text(statistics([])) == ""
    assert json.loads(statistics_json([]))["statistics"] == []
