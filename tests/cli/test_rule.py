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
        "# LNK001 broken-link\n\nError. Runs by default. No fix.\n\n"
        "A link leads to no file of the vault.\n\n"
        "Links are resolved as in Obsidian: by file name, in any folder and letter case. Aliases "
        "and\ntitles are not targets; write `[[file|alias]]`.\n\n"
        "A bare name, `[[Name]]`, is reported here if it is nearly that of a file, or if the "
        "change that\nis checked (`--staged`, `--since`) removed its file; else it may be a note "
        "that nobody wrote\nyet, which is LNK017.\n"
        "\nFor example:\n\n```markdown\n[[Gardning]]\n```\n"
        "\nInstead:\n\n```markdown\n[[Gardening]]\n```\n"
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_page_is_the_same_as_in_the_guide(tmp_path: Path, rule: Rule) -> None:
    out = run(tmp_path, "rule", rule.code).out
    assert f"\n#{out}" in (Path(__file__).parents[2] / "docs/rules.md").read_text()


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


def test_a_shell_is_offered_the_rules(tmp_path: Path) -> None:
    assert set(completed(tmp_path, "rule", "")) == {
        n for rule in RULES for n in (rule.code, rule.name)
    }
    assert completed(tmp_path, "rule", "lnk001") == ["LNK001"]
