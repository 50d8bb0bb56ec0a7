"""A note with a plain body: rules that would find nothing there are not called."""

from __future__ import annotations

import pytest
from fuzz.texts import NOTES, PLAIN
from hypothesis import given
from tests.conftest import examples

from vaultsync.core.config import Config, LintSettings
from vaultsync.core.model import Vault
from vaultsync.lint import engine
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Rule
from vaultsync.lint.rules import RULES
from vaultsync.markdown import parse

# One of them looks for what is broken in the body alone.
ODD = [rule for rule in RULES if rule.odd or rule.code == "LNK009"]
ALL = engine.select(LintSettings(select=("ALL",)))


@pytest.mark.parametrize("rule", ODD, ids=lambda rule: rule.code)
def test_no_note_that_breaks_such_a_rule_is_plain(rule: Rule) -> None:
    texts = [example.bad for example in rule.examples]
    assert [parse("a.md", text, fast=True).plain for text in texts] == [False] * len(texts)


@examples(200)
@given(PLAIN | NOTES)
def test_what_is_found_in_a_plain_note_is_found_without_knowing_that_it_is(text: str) -> None:
    assert findings(text, fast=True) == findings(text, fast=False)


def findings(text: str, *, fast: bool) -> list[engine.Diagnostic]:
    document = parse("a.md", text, fast=fast)
    vault = Vault({document.path: document}, frozenset({"a.md", "b c.md", "d.md"}))
    return engine.findings(Context(vault, Config()), ALL)
