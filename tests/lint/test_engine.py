"""Selecting, checking and fixing."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from tests.lint.settings import ALL, CONFIG, codes, context

from vaultsync.config import LintSettings
from vaultsync.errors import ConfigError
from vaultsync.lint import engine
from vaultsync.lint.context import Context
from vaultsync.lint.engine import Selection
from vaultsync.lint.rule import Example, Finding, Rule, one, rule
from vaultsync.lint.rules import RULES
from vaultsync.model import Document
from vaultsync.text import Edit, Span

OPEN = "---\ntitle: A\nstatus: open\nkind: idea\n---\n\nText.\n"


def chosen(**settings: object) -> list[str]:
    selection = engine.select(msgspec.convert(settings, LintSettings))
    return [rule.code for rule in selection.rules]


def test_without_settings_the_default_rules_run() -> None:
    assert chosen() == [rule.code for rule in RULES if rule.default]


@pytest.mark.parametrize(
    ("word", "codes"),
    [
        ("LNK001", ["LNK001"]),
        ("lnk001", ["LNK001"]),
        ("broken-link", ["LNK001"]),
        ("LNK", [rule.code for rule in RULES if rule.code.startswith("LNK")]),
        ("BDY00", [rule.code for rule in RULES if rule.code.startswith("BDY")]),
    ],
)
def test_rules_are_chosen_by_code_prefix_or_name(word: str, codes: list[str]) -> None:
    assert chosen(select=[word]) == [
        rule.code for rule in RULES if rule.code in codes or rule.unreadable
    ]
    assert chosen(select=["MRK001"], **{"extend-select": [word]}) == [
        rule.code for rule in RULES if rule.code in {*codes, "MRK001"} or rule.unreadable
    ]
    assert chosen(ignore=[word]) == [
        rule.code for rule in RULES if rule.default and rule.code not in codes
    ]


def test_all_are_chosen_and_ignoring_all_is_refused() -> None:
    assert chosen(select=["ALL"]) == [rule.code for rule in RULES]
    with pytest.raises(ConfigError, match="no rule is left to run"):
        chosen(ignore=["ALL"])


@pytest.mark.parametrize("key", ["select", "extend-select", "ignore"])
def test_a_word_that_names_no_rule_is_refused_with_its_key(key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        chosen(**{key: ["brokn-link"]})
    assert str(caught.value) == (
        f"vaultsync.toml: `lint.{key}`: there is no rule `brokn-link`: did you mean `broken-link`?"
    )


@pytest.mark.parametrize("word", ["", "LNK001x", "🦊"])
def test_odd_words_name_no_rule(word: str) -> None:
    with pytest.raises(ConfigError, match="there is no rule"):
        engine.named("--select", [word])


def test_severities_are_set_by_code_prefix_or_name() -> None:
    settings = LintSettings(severity={"LNK": "hint", "broken-embed": "error", "MRK001": "off"})
    selection = engine.select(settings)
    assert "MRK001" not in [rule.code for rule in selection.rules]
    found = engine.check(context({"n.md": "[[a]] ![[b]]\n<!-- vaultsync:x -->\n"}), selection)
    assert [(f.code, f.severity) for f in found] == [("LNK001", "hint"), ("LNK002", "error")]


def test_of_severities_the_one_that_names_fewer_rules_wins() -> None:
    for levels in ({"LNK001": "hint", "LNK": "off"}, {"LNK": "off", "LNK001": "hint"}):
        selection = engine.select(msgspec.convert({"severity": levels}, LintSettings))
        links = [rule.code for rule in selection.rules if rule.code.startswith("LNK")]
        assert (links, selection.severities) == (["LNK001"], {"LNK001": "hint"})


def test_an_unknown_rule_among_the_severities_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"`lint.severity`: there is no rule `LNX001`: did you"):
        engine.select(LintSettings(severity={"LNX001": "off"}))


def test_findings_come_by_path_and_position() -> None:
    files = {"b.md": "[[x]] ![[y]]\n", "a.md": "[[x]]\n\n[[x]]\n"}
    found = engine.check(context(files), ALL)
    assert [(f.path, f.span.start) for f in found] == [
        ("a.md", 0),
        ("a.md", 7),
        ("b.md", 0),
        ("b.md", 6),
    ]


def test_excluded_notes_are_link_targets_but_not_reported() -> None:
    config = msgspec.structs.replace(CONFIG, exclude=("Old/**",))
    files = {"a.md": "[[b]]\n", "Old/b.md": "[[x]]\n", "Older/c.md": "[[x]]\n"}
    assert codes(files, config=config) == ["LNK001"]
    assert codes(files, "Old/b.md", config) == []


def test_what_was_meant_is_told_with_the_message() -> None:
    here = context({"n.md": "[[Aple]] [[zzzz]]\n", "Fruit/apple.md": "x\n"})
    said = [engine.explained(found, here) for found in engine.check(here, ALL)]
    assert said == [
        "there is no `Aple` in the vault: did you mean `apple`?",
        "there is no `zzzz` in the vault",
    ]


@pytest.mark.parametrize("status", ["status: draft\n", "status:\n", "status: ''\n", ""])
def test_a_draft_gets_hints_alone_and_one_for_all_it_lacks(status: str) -> None:
    text = f"---\n{status}kind: no\n---\n\n- [[nowhere]]\n"
    found = engine.check(context({"Claims/n.md": text}), ALL)
    assert {f.severity for f in found} == {"hint"}
    lacking = [f.message for f in found if f.message.startswith("a draft")]
    state = "" if "draft" in status else ", the property `status`"
    assert lacking == [f"a draft: it lacks the property `title`{state}, a first paragraph"]
    assert sorted(f.code for f in found) == ["LNK001", "PRP002", "PRP003"]


def test_what_a_fix_can_fill_in_a_draft_is_told_apart() -> None:
    config = msgspec.structs.replace(
        CONFIG,
        types={
            "sourced": msgspec.structs.replace(
                CONFIG.types["sourced"], states={"draft": {"status": "draft"}}
            )
        },
    )
    text = "---\nstatus: draft\n---\n\n## Sources\n\n- original: [T](https://a.org), Lee 2024\n"
    before = context({"Sourced/n.md": text}, config)
    found = engine.check(before, ALL)
    assert [(f.code, f.severity, f.message) for f in found if not f.fix] == [
        ("PRP002", "hint", "a draft: it lacks the property `title`")
    ]
    assert engine.fix(before, ALL)[1] == {
        "Sourced/n.md": text.replace(
            "---\nst", "---\nsource: https://a.org\ncite: Lee 2024\nyear: 2024\nst"
        )
    }


def test_properties_that_cannot_be_read_stay_an_error_in_a_draft() -> None:
    text = "---\nstatus: draft\ntitle: a: b\n---\n\nText.\n"
    found = engine.check(context({"Claims/n.md": text}), ALL)
    assert ("PRP001", "error") in [(f.code, f.severity) for f in found]
    assert {f.severity for f in found if f.code != "PRP001"} <= {"hint"}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_a_fix_leaves_every_other_byte(newline: str, bom: str) -> None:
    text = bom + "---\ntitle:   'A'  # why\nsource: https://example.org/a\n---\nText.\n\n"
    text += "## Sources\n- original: [T](https://example.org/a), Lee 2024"
    wanted = text.replace("org/a\n-", "org/a\ncite: Lee 2024\nyear: 2024\n-")
    _, changed = engine.fix(context({"Sourced/n.md": text.replace("\n", newline)}), ALL)
    assert changed == {"Sourced/n.md": wanted.replace("\n", newline)}


def test_only_the_notes_asked_for_are_fixed() -> None:
    text = "---\ntitle: A\n---\n"
    files = {"Named/a.md": text, "Named/b.md": text}
    assert list(engine.fix(context(files), ALL, ["Named/b.md"])[1]) == ["Named/b.md"]


def _every(word: str, new: str, *, safe: bool = True) -> Rule:
    """Make a rule that replaces each occurrence of a word in the vault's notes."""

    @rule("TST001", "test", Example("", ""))
    def check(document: Document, _context: Context) -> Iterator[Finding]:
        at = document.text.find(word)
        while at >= 0:
            span = Span(at, at + len(word))
            edit = (Edit(span, new),)
            yield Finding(span, word, one(document.path, word, edit, safe=safe))
            at = document.text.find(word, at + 1)

    return check


def fixed(text: str, *rules: Rule, unsafe: bool = False) -> str:
    selection = Selection(rules, {})
    _, changed = engine.fix(context({"n.md": text}), selection, unsafe=unsafe)
    return changed.get("n.md", text)


def test_of_fixes_that_overlap_the_first_is_applied_and_the_others_wait() -> None:
    assert fixed("aaa", _every("aa", "b")) == "ba"
    assert fixed("ab ab", _every("a", "1"), _every("b", "2")) == "12 12"


def test_fixes_that_follow_from_fixes_are_applied_too() -> None:
    assert fixed("abcd", _every("ab", "x"), _every("xc", "y"), _every("yd", "z")) == "z"


def test_fixing_ends_where_fixes_never_do() -> None:
    assert fixed("a", _every("a", "aa b")).count("b") >= engine.MAX_ROUNDS


def test_unsafe_fixes_are_applied_only_where_asked_for() -> None:
    unsafe = _every("a", "b", safe=False)
    assert fixed("a", unsafe) == "a"
    assert fixed("a", unsafe, unsafe=True) == "b"


def test_a_fix_that_makes_properties_unreadable_is_left_out() -> None:
    text = "---\ntitle: a\n---\na\n"
    assert fixed(text, _every("title: a", "title: a: b")) == text
    broken = "---\ntitle: a: b\n---\na\n"
    assert fixed(broken, _every("a: b", "c: d")) == broken.replace("a: b", "c: d")


def test_a_fix_that_changes_nothing_ends_the_rounds() -> None:
    assert fixed("a", _every("a", "a")) == "a"


def test_no_edit_is_no_fix() -> None:
    assert one("n.md", "nothing", ()) is None
