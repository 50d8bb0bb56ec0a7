"""`vaultsync rule`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.vaults import run

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
