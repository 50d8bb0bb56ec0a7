from __future__ import annotations

import pytest
from tests.lint.settings import context

from vaultsync.core.config import Config
from vaultsync.core.model import Vault
from vaultsync.lint import engine
from vaultsync.lint.alone import asking, looks_at_one, told
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Rule
from vaultsync.lint.rules import RULES

SINGLE = [rule for rule in RULES if looks_at_one(rule)]
EVERY = engine.Selection(RULES, {})


def with_answers(among: Context, rules: tuple[Rule, ...] = RULES) -> Context:
    """Return the context that knows what was said of each document by itself."""
    documents = among.vault.documents
    ask = asking(rules, Context(Vault({}, frozenset()), among.config))
    answers = {path: answer for path, doc in documents.items() if (answer := ask(doc)) is not None}
    renewed = among.renewed(among.vault)
    renewed.alone = told(documents, answers)
    return renewed


@pytest.mark.parametrize("rule", SINGLE, ids=lambda rule: rule.code)
def test_a_rule_finds_the_same_without_the_vault(rule: Rule) -> None:
    for example in rule.examples:
        for text in (example.bad, example.good):
            among = context({**example.others, example.path: text})
            document = among.vault.documents.get(example.path)
            if document:
                answer = asking([rule], among)(document)
                assert answer is not None
                ((_, alone),) = told({"": document}, {"": answer}).items()
                assert [found for _, found in alone.findings] == list(rule.check(document, among))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_what_is_recalled_changes_no_finding(rule: Rule) -> None:
    for example in rule.examples:
        among = context({**example.others, example.path: example.bad})
        assert engine.check(with_answers(among), EVERY) == engine.check(among, EVERY)


def test_of_what_is_recalled_only_the_rules_of_the_run_count() -> None:
    among = context({"note.md": "---\ntags: a b\nalias: x\n---\n"})
    some = engine.Selection(tuple(rule for rule in RULES if rule.code == "PRP010"), {})
    found = engine.check(with_answers(among), some)
    assert [diagnostic.code for diagnostic in found] == ["PRP010"]


def test_a_note_that_is_put_in_later_is_asked_itself() -> None:
    among = with_answers(context({"note.md": "---\nalias: x\n---\n"}))
    changed = among.renewed(context({"note.md": "Text.\n"}).vault)
    assert [diagnostic.code for diagnostic in engine.check(changed, EVERY)] == ["LNK015"]


def test_a_note_without_a_clue_is_passed_over() -> None:
    among = context({"a.md": "[see](my note.md)\n", "b.md": "Text.\n", "my note.md": ""})
    known = with_answers(among).alone
    assert {document.path for document, alone in known.items() if "LNK009" in alone.clues} == {
        "a.md"
    }


def test_nothing_to_tell_takes_no_room() -> None:
    among = context({"note.md": "Text.\n"})
    ask = asking(RULES, Context(Vault({}, frozenset()), Config()))
    assert ask(among.vault.documents["note.md"]) == b""
