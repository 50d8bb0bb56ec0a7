"""Selecting, checking and fixing."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from tests.lint.settings import ALL, CONFIG, codes, context, fix

from vaultsync.core.config import LintSettings
from vaultsync.core.errors import ConfigError
from vaultsync.core.model import Document
from vaultsync.core.text import Edit, Span
from vaultsync.lint import engine
from vaultsync.lint.context import Context
from vaultsync.lint.engine import Selection
from vaultsync.lint.rule import Finding, Fix, Rule, one, rule
from vaultsync.lint.rules import RULES

OPEN = "---\ntitle: A\nstatus: open\nkind: idea\n---\n\nText.\n"


def chosen(**settings: object) -> list[str]:
    selection = engine.select(msgspec.convert(settings, LintSettings))
    return [rule.code for rule in selection.rules]


def test_without_settings_the_default_rules_run() -> None:
    assert chosen() == [rule.code for rule in RULES if rule.default is True]


@pytest.mark.parametrize(
    ("word", "codes"),
    [
        ("LNK002", ["LNK002"]),
        ("lnk002", ["LNK002"]),
        ("broken-embed", ["LNK002"]),
        ("LNK", [rule.code for rule in RULES if rule.code.startswith("LNK")]),
        ("BDY00", [rule.code for rule in RULES if rule.code.startswith("BDY00")]),
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
        rule.code for rule in RULES if rule.default is True and rule.code not in codes
    ]


def test_the_old_code_of_a_rule_still_covers_it_but_does_not_choose_it() -> None:
    assert "LNK017" not in chosen(select=["LNK001"])
    for settings in ({"ignore": ["broken-link"]}, {"severity": {"LNK001": "off"}}):
        assert {"LNK001", "LNK017"}.isdisjoint(chosen(**settings))
    here = context({"n.md": "[[a]]\n"})
    for ignores, levels, severities in (
        ({"n.*": ["LNK001"]}, {}, []),
        ({}, {"n.*": {"LNK001": "warning"}}, ["warning"]),
        ({}, {"n.*": {"LNK001": "warning", "LNK017": "error"}}, ["error"]),
    ):
        keys = {"per-file-ignores": ignores, "per-file-severity": levels}
        found = engine.findings(here, engine.select(msgspec.convert(keys, LintSettings)))
        assert [one.severity for one in found] == severities


def test_all_are_chosen_and_ignoring_all_is_refused() -> None:
    assert chosen(select=["ALL"]) == [rule.code for rule in RULES]
    with pytest.raises(ConfigError, match="no rule is left to run"):
        chosen(ignore=["ALL"])


@pytest.mark.parametrize("key", ["select", "extend-select", "ignore"])
def test_a_word_that_names_no_rule_is_refused_with_its_key(key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        chosen(**{key: ["brokn-link"]})
    reason = "there is no rule `brokn-link`: did you mean `broken-link`?"
    assert str(caught.value) == f"vaultsync.toml: `lint.{key}[0]`: {reason}"


@pytest.mark.parametrize("word", ["", "LNK001x", "🦊"])
def test_odd_words_name_no_rule(word: str) -> None:
    with pytest.raises(ConfigError, match="there is no rule"):
        engine.named("--select", [word])


def test_severities_are_set_by_code_prefix_or_name() -> None:
    settings = LintSettings(severity={"LNK": "hint", "broken-embed": "error", "MRK001": "off"})
    selection = engine.select(settings)
    assert "MRK001" not in [rule.code for rule in selection.rules]
    text = "[[x/a]] ![[b]]\n<!-- vaultsync:x -->\n"
    found = engine.findings(context({"n.md": text}), selection)
    assert [(f.code, f.severity) for f in found] == [("LNK001", "hint"), ("LNK002", "error")]


def test_of_severities_the_one_that_names_fewer_rules_wins() -> None:
    for levels in ({"LNK002": "hint", "LNK": "off"}, {"LNK": "off", "LNK002": "hint"}):
        selection = engine.select(msgspec.convert({"severity": levels}, LintSettings))
        links = [rule.code for rule in selection.rules if rule.code.startswith("LNK")]
        assert (links, selection.severities) == (["LNK002"], {"LNK002": "hint"})


def test_an_unknown_rule_among_the_severities_is_refused() -> None:
    with pytest.raises(
        ConfigError, match=r"`lint.severity.LNX001`: there is no rule `LNX001`: did"
    ):
        engine.select(LintSettings(severity={"LNX001": "off"}))


def test_findings_come_by_path_and_position() -> None:
    files = {"b.md": "[[x]] ![[y]]\n", "a.md": "[[x]]\n\n[[x]]\n"}
    found = engine.findings(context(files), ALL)
    assert [(f.path, f.span.start) for f in found] == [
        ("a.md", 0),
        ("a.md", 7),
        ("b.md", 0),
        ("b.md", 6),
    ]


def test_excluded_notes_are_link_targets_but_not_reported() -> None:
    config = msgspec.structs.replace(CONFIG, exclude=("Old/**",))
    files = {"a.md": "[[b]]\n", "Old/b.md": "[[x]]\n", "Older/c.md": "[[x]]\n"}
    assert codes(files, config=config) == ["LNK017"]
    assert codes(files, "Old/b.md", config) == []


def test_what_was_meant_is_told_with_the_message() -> None:
    here = context({"n.md": "[[Chery]] [[zzzz]]\n", "Fruit/cherry.md": "x\n"})
    said = [
        engine.explained(engine.with_suggestion(found, here))
        for found in engine.findings(here, ALL)
    ]
    assert said == [
        "there is no `Chery` in the vault: did you mean `cherry`?",
        "there is no `zzzz` in the vault",
    ]


@pytest.mark.parametrize("status", ["status: draft\n", "status:\n", "status: ''\n", ""])
def test_a_draft_gets_hints_alone_and_one_for_all_it_lacks(status: str) -> None:
    text = f"---\n{status}kind: no\n---\n\n- [[nowhere]]\n"
    found = engine.findings(context({"Claims/n.md": text}), ALL)
    assert {f.severity for f in found} == {"hint"}
    lacking = [f.message for f in found if f.message.startswith("a draft")]
    state = "" if "draft" in status else ", the property `status`"
    assert lacking == [f"a draft: it lacks the property `title`{state}, a first paragraph"]
    assert sorted(f.code for f in found) == ["LNK017", "PRP002", "PRP003"]


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
    found = engine.findings(before, ALL)
    assert [(f.code, f.severity, f.message) for f in found if not f.fix] == [
        ("PRP002", "hint", "a draft: it lacks the property `title`")
    ]
    assert fix(before, ALL)[1] == {
        "Sourced/n.md": text.replace(
            "---\nst", "---\nsource: https://a.org\ncite: Lee 2024\nyear: 2024\nst"
        )
    }


def test_properties_that_cannot_be_read_stay_an_error_in_a_draft() -> None:
    text = "---\nstatus: draft\ntitle: a: b\n---\n\nText.\n"
    found = engine.findings(context({"Claims/n.md": text}), ALL)
    assert ("PRP001", "error") in [(f.code, f.severity) for f in found]
    assert {f.severity for f in found if f.code != "PRP001"} <= {"hint"}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_a_fix_leaves_every_other_byte(newline: str, bom: str) -> None:
    text = bom + "---\ntitle:   'A'  # why\nsource: https://example.org/a\n---\nText.\n\n"
    text += "## Sources\n- original: [T](https://example.org/a), Lee 2024"
    wanted = text.replace("org/a\n-", "org/a\ncite: Lee 2024\nyear: 2024\n-")
    changed = fix(context({"Sourced/n.md": text.replace("\n", newline)}), ALL).texts
    assert changed == {"Sourced/n.md": wanted.replace("\n", newline)}


def test_only_the_notes_asked_for_are_fixed() -> None:
    text = "---\ntitle: A\n---\n"
    files = {"Named/a.md": text, "Named/b.md": text}
    assert list(fix(context(files), ALL, ["Named/b.md"])[1]) == ["Named/b.md"]


def _every(word: str, new: str, *, safe: bool = True) -> Rule:
    """Make a rule that replaces each occurrence of a word in the vault's notes."""

    @rule("TST001", "test")
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
    changed = fix(context({"n.md": text}), selection, unsafe=unsafe).texts
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


def _once(*edits: tuple[str, str], path: str = "n.md", **others: tuple[str, str]) -> Rule:
    """Make a rule with one fix that replaces words in a note, and in others by their name."""

    @rule("TST002", "once")
    def check(document: Document, context: Context) -> Iterator[Finding]:
        wanted = {path: edits, **{f"{name}.md": (edit,) for name, edit in others.items()}}
        texts = {name: context.vault.documents[name].text for name in wanted}
        if document.path == path and edits[0][0] in document.text:
            made = {
                name: tuple(
                    Edit(Span(at, at + len(old)), new)
                    for old, new in pairs
                    for at in [texts[name].index(old)]
                )
                for name, pairs in wanted.items()
            }
            yield Finding(Span(0, 0), f"no {edits[0][0]}", Fix("", made))

    return check


def left_out(files: dict[str, str], *rules: Rule) -> tuple[dict[str, str], list[str]]:
    """Return the changed texts, and what those findings say whose fixes were left out."""
    selection = Selection(rules, {})
    done = engine.fix(engine.check(None, context(files), selection, ()))
    found = done.marked(engine.report(done.checked))
    for item in found:
        assert (item.fix is None) is (item in done.marked(done.left_out))
    return done.texts, [item.message for item in found]


SAID = "; its fix is left out: with it other properties would have other values"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: a", "title: a: b"),
        ("title: a", "title: &x a\nb: *x\nkind: y\nkind: z"),
        ("---\nText", "Text"),
        ("\n---\nText", "\n---\n---\nText"),
        ("---\ntitle", "title"),
    ],
)
def test_a_fix_that_changes_what_the_other_properties_say_is_left_out_and_told(
    old: str, new: str
) -> None:
    text = "---\ntitle: a\nkind: b\n---\nText.\n"
    assert left_out({"n.md": text}, _once((old, new))) == ({}, [f"no {old}{SAID}"])


@pytest.mark.parametrize(
    ("old", "new"),
    [("title: a\n", ""), ("title: a", "name: 1"), ("kind", "z: 0\nkind"), ("T", "t")],
)
def test_a_fix_is_free_to_change_what_it_edits_and_what_is_new(old: str, new: str) -> None:
    text = "---\ntitle: a\nkind: b\n---\nText.\n"
    assert fixed(text, _once((old, new))) == text.replace(old, new)


def test_a_block_that_cannot_be_read_is_fixed_only_if_then_it_can() -> None:
    broken = "---\ntitle: a: b\n---\na\n"
    assert fixed(broken, _once(("a: b", "c: d"))) == broken
    assert fixed(broken, _once(("a: b", "c"))) == broken.replace("a: b", "c")
    assert fixed(broken, _once(("a\n", "e\n"))) == broken.replace("-\na\n", "-\ne\n")


def test_a_fix_whose_own_edits_overlap_is_left_out() -> None:
    assert left_out({"n.md": "abc"}, _once(("ab", "x"), ("bc", "y"))) == ({}, [f"no ab{SAID}"])


def test_one_wrong_fix_does_not_keep_the_others_from_being_made() -> None:
    text = "---\ntitle: a\nkind: b\n---\nText.\n"
    rules = (_once(("kind: b", "kind: c")), _once(("title: a", "title: a: b")), _every("T", "t"))
    texts, said = left_out({"n.md": text, "o.md": "T"}, *rules)
    assert texts == {"n.md": text.replace("kind: b", "kind: c").replace("T", "t"), "o.md": "t"}
    assert said == [f"no title: a{SAID}"]


def test_a_fix_that_waits_for_a_wrong_one_is_made_after_all() -> None:
    text = "---\ntitle: a\n---\n"
    rules = (_once(("title: a", "title: a: b")), _every("a\n", "c\n"))
    assert left_out({"n.md": text}, *rules)[0] == {"n.md": "---\ntitle: c\n---\n"}


def test_fixes_that_are_wrong_only_together_are_made_one_after_the_other() -> None:
    text = "---\na: 1\nb: 2\n---\n"
    twice = [_once(("a: 1\n", f"a: {said}\nc: 3\n")) for said in "12"]
    other = _once(("b: 2\n", "b: 2\nc: 3\n"))
    done = fix(context({"n.md": text}), Selection((twice[1], other), {}))
    assert done.texts == {"n.md": "---\na: 2\nc: 3\nb: 2\n---\n"}
    assert [item.message for item in done.left_out] == ["no b: 2\n"]


def test_a_fix_of_several_notes_is_made_in_all_of_them_or_in_none() -> None:
    files = {"n.md": "a", "o.md": "---\nb: 1\n---\n"}
    assert left_out(files, _once(("a", "c"), o=("b: 1", "b: :: 1: 2"))) == ({}, [f"no a{SAID}"])
    texts = {"n.md": "c", "o.md": "---\nb: 2\n---\n"}
    assert left_out(files, _once(("a", "c"), o=("b: 1", "b: 2"))) == (texts, [])


def test_a_fix_that_changes_what_links_call_a_heading_is_unsafe() -> None:
    files = {"n.md": "# An [[OAK]]\n\nAn [[OAK]].\n", "Oak.md": "Text.\n"}
    selection = engine.select(LintSettings(select=("LNK012",)))
    found = engine.findings(context(files), selection)
    assert [item.fix and item.fix.safe for item in found] == [False, True]
    assert fix(context(files), selection).texts == {"n.md": "# An [[OAK]]\n\nAn [[Oak|OAK]].\n"}
    files["n.md"] = "# An [x](OAK.md)\n"
    assert fix(context(files), selection).texts == {"n.md": "# An [x](Oak.md)\n"}


def test_a_fix_that_changes_nothing_ends_the_rounds() -> None:
    assert fixed("a", _every("a", "a")) == "a"


def test_no_edit_is_no_fix() -> None:
    assert one("n.md", "nothing", ()) is None


def test_names_that_other_systems_cannot_hold_are_reported_in_a_repository() -> None:
    apart, together = engine.select(LintSettings()), engine.select(LintSettings(), in_git=True)
    more = {rule.code for rule in together.rules} - {rule.code for rule in apart.rules}
    assert more == {"FIL009", "FIL010"}
    assert {rule.severity for rule in together.rules if rule.code in more} == {"warning"}
