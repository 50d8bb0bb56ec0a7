"""The pages of the rules."""

from __future__ import annotations

import re

import pytest

from vaultsync.lint.docs import find, paragraphs, rule_page, rules_page
from vaultsync.lint.rule import Rule
from vaultsync.lint.rules import RULES


def page(code: str) -> str:
    rule = find(code)
    assert rule is not None
    return rule_page(rule)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_is_found_by_its_code_and_its_name(rule: Rule) -> None:
    assert find(rule.code) is find(rule.code.lower()) is find(rule.name) is rule


def test_no_rule_is_found_for_other_words() -> None:
    assert find("LNK999") is find("") is find("Broken-Link") is None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_page_begins_with_a_sentence(rule: Rule) -> None:
    first = paragraphs(rule)[0]
    assert re.match(r"[A-Z`]", first)
    assert first.endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_page_says_what_a_finding_weighs_and_shows_an_example(rule: Rule) -> None:
    head, _, facts, _, *_ = rule_page(rule).split("\n")
    assert head == f"# {rule.code} {rule.name}"
    assert facts.startswith(f"{rule.severity.capitalize()}. Runs ")
    assert ("by default" in facts) is bool(rule.default)
    assert ("git" in facts) is (rule.default == "git")
    assert "\nFor example" in rule_page(rule)
    assert rule_page(rule).replace("\n", "").isprintable()


def test_a_page_says_what_a_fix_is_worth() -> None:
    assert page("LNK001").split("\n")[2] == "Error. Runs by default. No fix."
    assert page("LNK010").split("\n")[2] == "Warning. Runs by default. Fix: safe."
    assert page("SRC002").split("\n")[2].endswith("Fix: unsafe.")
    assert page("PRP010").split("\n")[2].endswith("Fix: safe or unsafe.")


def test_a_fix_is_shown_beside_what_a_person_has_to_mend() -> None:
    assert page("PRP002").count("\nFor example:\n") == 2
    assert page("PRP002").count("\nFixed:\n") == 1
    assert page("PRP006").count("\nFor example:\n") == 1


@pytest.mark.parametrize(
    ("code", "end"),
    [
        ("PRP008", "Fixed:\n\n```markdown\n---\ntags:\n  - a\n---\n```\n"),
        ("FIL001", "markdown\n\\udcff\n```\n\nInstead:\n\n```markdown\nText.\n```\n"),
        ("FIL005", "For example:\n\n(an empty note)\n\nInstead:\n\n```markdown\nText.\n```\n"),
        (
            "FIL008",
            (
                "For example, `Cafe\\u0301.md`:\n\n```markdown\nText.\n```\n\n"
                "Instead, `Café.md`:\n\n```markdown\nText.\n```\n"
            ),
        ),
        ("MRK003", "````markdown\n```\ncode\n```\n\nText.\n````\n"),
    ],
)
def test_an_example_shows_what_cannot_be_seen(code: str, end: str) -> None:
    assert page(code).endswith(end)


def test_the_page_of_all_rules_has_a_row_and_a_section_for_each() -> None:
    text = rules_page()
    for rule in RULES:
        assert text.count(f"\n| [{rule.code}](#{rule.code.lower()}-{rule.name}) | ") == 1
        assert text.count(f"\n{rule_page(rule, level=2)}") == 1
