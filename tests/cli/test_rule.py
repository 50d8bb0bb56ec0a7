"""`vaultsync rule`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.vaults import completed, run

from vaultsync.lint.rule import Rule
from vaultsync.lint.rules import RULES


def test_all_rules_are_listed_without_a_vault(tmp_path: Path) -> None:
    code, out, err = run(tmp_path, "rule")
    assert (code, err) == (0, "")
    assert [line.split() for line in out.splitlines()] == [
        [rule.code, rule.severity, rule.name] for rule in RULES
    ]


@pytest.mark.parametrize("word", ["LNK001", "lnk001", "broken-link"])
def test_a_rule_is_explained(tmp_path: Path, word: str) -> None:
    code, out, err = run(tmp_path, "rule", word)
    assert (code, err) == (0, "")
    assert out == (
        "# LNK001 broken-link (error)\n\nA link leads to no file of the vault.\n\n"
        "What a link means is decided as Obsidian does: by file name, in any folder and letter "
        "case.\nAliases and titles are no targets; write `[[file|alias]]`.\n"
        "\nFor example:\n\n    [[ohter]]\n\nInstead:\n\n    [[other]]\n"
    )


def test_what_a_fix_can_do_is_said(tmp_path: Path) -> None:
    out = run(tmp_path, "rule", "PRP006").out
    assert out.startswith("# PRP006 title-not-in-aliases (warning, fixable)\n")


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("brokn-link", ": did you mean `broken-link`?"),
        ("LNK0001", ": did you mean `LNK001`?"),
        ("", ""),
    ],
)
def test_a_rule_that_does_not_exist_is_refused(tmp_path: Path, word: str, hint: str) -> None:
    code, out, err = run(tmp_path, "rule", word)
    assert (code, out) == (2, "")
    assert err.startswith(f"error: there is no rule `{word}`")
    assert hint in err


@pytest.mark.parametrize(
    ("code", "end"),
    [
        (
            "PRP008",
            "Fixed:\n\n    ---\n    tags:\n      - a\n    ---\n",
        ),
        ("FIL001", "For example:\n\n    \\udcff\n\nInstead:\n\n    Text.\n"),
        ("FIL005", "For example:\n\n    (an empty note)\n\nInstead:\n\n    Text.\n"),
        ("FIL006", "For example:\n\n    Te\\x00xt.\n\nInstead:\n\n    Text.\n"),
        (
            "FIL008",
            "For example, Cafe\\u0301.md:\n\n    Text.\n\nInstead, Café.md:\n\n    Text.\n",
        ),
    ],
)
def test_an_example_shows_what_cannot_be_seen(tmp_path: Path, code: str, end: str) -> None:
    assert run(tmp_path, "rule", code).out.endswith(f"\n\n{end}")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_shows_an_example_that_is_safe_for_a_terminal(
    tmp_path: Path, rule: Rule
) -> None:
    out = run(tmp_path, "rule", rule.code).out
    assert "\nFor example" in out
    assert out.replace("\n", "").isprintable()


def test_a_shell_is_offered_the_rules(tmp_path: Path) -> None:
    assert set(completed(tmp_path, "rule", "")) == {
        n for rule in RULES for n in (rule.code, rule.name)
    }
    assert completed(tmp_path, "rule", "lnk001") == ["LNK001"]
