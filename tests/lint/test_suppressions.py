"""Comments that switch rules off in a note."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lint.settings import CONFIG, codes, context, fix

from vaultsync.core.config import Config, LintSettings
from vaultsync.lint import engine
from vaultsync.lint.suppressions import KINDS, suppressions
from vaultsync.markdown import parse

LINKS = engine.select(LintSettings(select=("LNK001", "LNK002", "LNK017", "MRK")))


def found(text: str, selection: engine.Selection = LINKS) -> list[tuple[str, str]]:
    """Return the code of each finding, and what it covers."""
    here = context({"n.md": text}, Config())
    return [(d.code, d.span.of(text)) for d in engine.findings(here, selection)]


def links(text: str) -> list[str]:
    return [said for code, said in found(text) if code in {"LNK017", "LNK002"}]


@pytest.mark.parametrize("form", ["%%{}%%", "%% {} %%", "<!--{}-->", "<!-- {} -->"])
@pytest.mark.parametrize("words", ["LNK001", "lnk001", "LNK", "broken-link", "ALL", "X, LNK001"])
def test_a_range_holds_from_its_comment_to_the_next_that_ends_it(form: str, words: str) -> None:
    off = form.format(f"vaultsync-disable {words}: on purpose")
    on = form.format("vaultsync-enable LNK001")
    assert links(f"[[a]]\n\n{off}\n\n[[b]] {on} [[c]]\n") == ["[[a]]", "[[c]]"]
    assert links(f"[[a]] {off} [[b]]\n\n[[c]]\n") == ["[[a]]"]


def test_several_rules_stand_with_commas_between_them() -> None:
    text = "x\n%% vaultsync-disable LNK001,broken-embed : why %%\n[[a]] ![[b]]\n"
    assert found(text) == []
    assert links(text + "%% vaultsync-enable LNK001 %% [[c]] ![[d]]\n") == ["[[c]]"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_line_is_that_of_the_comment_or_the_next(newline: str) -> None:
    text = "[[a]]\n[[b]] %% vaultsync-disable-line LNK001: why %%\n[[c]]\n"
    text += "%% vaultsync-disable-next-line LNK001: why %%\n[[d]]\n[[e]]\n"
    assert links(text.replace("\n", newline)) == ["[[a]]", "[[c]]", "[[e]]"]


@pytest.mark.parametrize("text", ["{}\n\n[[a]]\n", "[[a]]\n\n{}\n"])
def test_a_file_is_suppressed_from_anywhere_in_it(text: str) -> None:
    assert links(text.format("%% vaultsync-disable-file LNK001: why %%")) == []


PROPERTIES = '---\nup: "[[a]]"\n---\n\n'


def test_what_opens_the_body_holds_for_the_properties_too() -> None:
    off = "%% vaultsync-disable LNK001: why %%\n"
    assert links(f"{PROPERTIES}{off}") == []
    assert links(f"{PROPERTIES}Text.\n\n{off}") == ['"[[a]]"']
    assert links(f"{PROPERTIES}Text.\n\n{off.replace('disable', 'disable-file')}") == []
    assert links(f"{PROPERTIES}{off}\n%% vaultsync-enable LNK001 %%\n[[b]]\n") == ["[[b]]"]


@pytest.mark.parametrize(
    "code",
    [
        "`%% vaultsync-disable-file LNK001: no %%`",
        "```\n%% vaultsync-disable-file LNK001: no %%\n```",
        "~~~\n<!-- vaultsync-disable-file LNK001: no -->\n~~~",
        "    %% vaultsync-disable-file LNK001: no %%",
        "> ```\n> %% vaultsync-disable-file LNK001: no %%\n> ```",
        "vaultsync-disable-file LNK001: no",
    ],
)
def test_what_stands_in_code_or_in_no_comment_is_text(code: str) -> None:
    assert found(f"é\n\n{code}\n\n[[a]]\n") == [("LNK017", "[[a]]")]


def test_a_comment_between_two_pieces_of_code_is_one() -> None:
    text = "é `a` [[b]] %% vaultsync-disable-line LNK001: why %% `c`\n"
    assert found(text) == []


def test_a_suppression_that_is_not_used_is_told_and_taken_away() -> None:
    text = "Text. %% vaultsync-disable-line LNK001: why %%\r\n"
    assert found(text) == [("MRK005", "LNK001")]
    here = context({"n.md": text}, Config())
    assert fix(here, LINKS)[1] == {"n.md": "Text.\r\n"}


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("x\n\n  %% vaultsync-disable LNK001 %%  \ny\n", "x\n\ny\n"),
        ("x\r\n<!-- vaultsync-disable LNK001 -->\r\ny", "x\r\ny"),
        ("x\n%% vaultsync-disable LNK001 %%", "x\n"),
        ("%% vaultsync-disable LNK001 %% y\n", " y\n"),
        ("[[a]] %% vaultsync-disable-line LNK002, LNK001 %%", None),
        ("[[a]] %% vaultsync-disable-line LNK001, LNK002: w %%", None),
        ("x\n%% vaultsync-enable LNK001 %%\ny\n", "x\ny\n"),
    ],
)
def test_only_what_is_not_used_is_taken_away(text: str, fixed: str | None) -> None:
    changed = fix(context({"n.md": text}, Config()), LINKS)[1]
    expected = fixed or text.replace("LNK002, ", "").replace(", LNK002", "")
    assert changed == {"n.md": expected}


def test_a_rule_that_did_not_run_is_not_judged() -> None:
    text = "%% vaultsync-disable-file LNK001, LNK, PRP: why %%\n"
    assert found(text) == [("MRK005", "LNK001")]
    every = engine.select(LintSettings())
    assert [said for _, said in found(text, every)] == ["LNK001", "LNK", "PRP"]
    off_by_default = "%% vaultsync-disable-file LNK015: why %%\n"
    assert found(off_by_default, every) == []


def test_the_old_code_of_a_rule_suppresses_it_and_is_used() -> None:
    for word in ("LNK001", "broken-link", "LNK017", "unwritten-note"):
        assert found(f"[[a]] %% vaultsync-disable-line {word}: why %%\n") == []
    text = "[t](a) %% vaultsync-disable-line LNK017: why %%\n"
    assert found(text) == [("LNK001", "[t](a)"), ("MRK005", "LNK017")]
    only = engine.select(LintSettings(select=("LNK001", "MRK")))
    assert found("[[a]] %% vaultsync-disable-line LNK001: why %%\n", only) == []


def test_of_what_suppresses_a_finding_one_is_used() -> None:
    off = "%% vaultsync-disable-file LNK001: why %%\n"
    assert found(f"{off}{off}[[a]]\n") == [("MRK005", "LNK001")]
    ranges = "x\n%% vaultsync-disable LNK001: why %%\n[[a]]\n"
    assert found(ranges + "%% vaultsync-disable LNK001: why %%\n") == [("MRK005", "LNK001")]


def test_an_unused_suppression_is_suppressed_only_by_name() -> None:
    text = "%% vaultsync-disable LNK001: why %%\n"
    for word in ("ALL", "MRK"):
        assert ("MRK005", "LNK001") in found(f"%% vaultsync-disable-file {word}: why %%\n{text}")
    for word in ("MRK005", "unused-suppression"):
        assert found(f"%% vaultsync-disable-file {word}: why %%\n{text}") == []


def test_what_tells_that_a_note_cannot_be_read_is_not_suppressed() -> None:
    text = "---\na: b: c\n---\n%% vaultsync-disable-file ALL, PRP001: why %%\n"
    every = engine.select(LintSettings())
    assert {("PRP001", ":"), ("MRK006", "PRP001")} <= set(found(text, every))


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("%% vaultsync-disable LNK01x: why %%", "there is no rule `LNK01x`: did you mean `LNK01"),
        ("%% vaultsync-disable LNK001 why %%", "there is no rule `why`"),
        ("%% vaultsync-disable %%", "`vaultsync-disable` names no rule: name rules by code"),
        ("%% vaultsync-disabel LNK001: why %%", "did you mean `vaultsync-disable`?"),
        ("%% vaultsync-noqa: why %%", "there is no `vaultsync-noqa`: use vaultsync-disable, "),
        ("%% vaultsync-disable LNK001\n%%", "it must close with `%%` in its line"),
        ("<!-- vaultsync-disable LNK001", "it must close with `-->` in its line"),
    ],
)
def test_what_is_no_suppression_is_told(comment: str, message: str) -> None:
    here = context({"n.md": f"[[a]] {comment}\n"}, Config())
    told = [d.message for d in engine.findings(here, LINKS) if d.code == "MRK006"]
    assert len(told) == 1
    assert message in told[0]


def test_a_suppression_without_a_reason_gets_one_hint() -> None:
    text = "[[a]] ![[b]] %% vaultsync-disable-line LNK001, LNK002{} %%\n"
    for reason in ("", ":", ": "):
        assert [code for code, _ in found(text.format(reason))] == ["MRK007"]
    assert found("x\n" + text.format(": because")) == []


def test_a_finding_that_is_suppressed_is_not_fixed() -> None:
    text = "---\ntitle: B\n---\n{}\n\nText.\n"
    selection = engine.select(LintSettings(select=("PRP006",)))
    off = "%% vaultsync-disable PRP006: why %%"
    for comment, count in [("", 1), (off, 0)]:
        here = context({"Named/b.md": text.format(comment)})
        assert len(fix(here, selection)[1]) == count


def test_one_of_the_parts_that_a_draft_lacks_can_be_suppressed() -> None:
    text = "---\nstatus: draft\nkind: idea\n---\n%% vaultsync-disable BDY001: why %%\n"
    told = engine.findings(context({"Claims/n.md": text}), engine.select(LintSettings()))
    assert [d.message for d in told] == ["a draft: it lacks the property `title`"]


def test_a_comment_is_neither_a_lead_nor_a_broken_marker() -> None:
    text = (
        "---\ntitle: A\nstatus: open\nkind: idea\n---\n<!-- vaultsync-disable-file {} -->\n\nA.\n"
    )
    every = engine.select(CONFIG.lint)
    assert codes({"Claims/n.md": text.format("LNK001: why")}, selection=every) == ["MRK005"]


def test_a_note_without_the_word_costs_nothing() -> None:
    for document in (parse("n.md", "%% a %%"), parse("n.canvas", '{"vaultsync-disable": 1}')):
        assert suppressions(document) == ([], [])


PIECES = [f"vaultsync-{kind}" for kind in KINDS]
PIECES += ["%%", "<!--", "-->", " ", "\n", "\r\n", "LNK001", ",", ":", "`", "```", "é", "[[a]]"]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_reading_never_raises_and_a_span_is_what_it_claims(text: str) -> None:
    document = parse("n.md", text)
    entries, flaws = suppressions(document)
    for entry in entries:
        assert entry.span.of(text) == entry.word
        assert entry.comment.of(text).startswith(("%%", "<!--"))
        assert entry.comment.of(text).endswith(("%%", "-->"))
    assert all(flaw.span.of(text) for flaw in flaws)
    here = context({"n.md": text}, Config())
    fixed = fix(here, LINKS).context
    assert fix(fixed, LINKS)[1] == {}
