"""What people read."""

from __future__ import annotations

import pytest
from tests.lint.findings import plain, proposed, shown
from tests.lint.settings import context

from vaultsync.core.config import LintSettings
from vaultsync.lint import engine, report
from vaultsync.lint.formats import FOR_PROGRAMS, concise, full, render


def underlined(text: str) -> tuple[str, str]:
    """Return the quoted line and the line of marks, without the gutter."""
    lines = full(shown(text), plain).split("\n")
    assert lines[1][:8] in {"    1 | ", "    3 | "}
    assert lines[2][:8] == "      | "
    return lines[1][8:], lines[2][8:]


def test_the_place_is_underlined() -> None:
    assert underlined("See [[x]] here.\n") == ("See [[x]] here.", "    ^^^^^")


def test_the_whole_form_of_a_finding() -> None:
    assert full(shown("a\n\nSee [[x]].\n"), plain) == (
        "vault/n.md:3:5: error LNK017 there is no `x` in the vault\n"
        "    3 | See [[x]].\n"
        "      |     ^^^^^\n"
    )


def test_tabs_take_one_column_in_both_lines() -> None:
    assert underlined("-\ta\t[[x]]\tb\n") == ("- a [[x]] b", "    ^^^^^")


def test_wide_characters_take_two_columns_and_marks_none() -> None:
    assert underlined("模型 e\u0301 [[ｘ猫]]。\n") == (
        "模型 e\u0301 [[ｘ猫]]。",
        "       ^^^^^^^^",
    )


def test_of_a_long_line_the_part_around_the_place_is_shown() -> None:
    line, marks = underlined(f"{'a' * 200} [[x]] {'b' * 200}\n")
    assert len(line) == 100
    assert line[len(marks) - 5 : len(marks)] == "[[x]]"
    line, marks = underlined(f"{'a' * 200} [[{'x' * 150}]]\n")
    assert len(line) == len(marks) == 100
    assert line[marks.index("^") :].startswith("[[xxx")


def test_a_span_over_several_lines_is_underlined_to_the_end_of_its_first() -> None:
    head = "---\ntitle: A\nstatus: open\nkind: idea\n---\n\n"
    found = shown(f"{head}One. Two.\nThree.\n", "Claims/n.md")
    assert full(found, plain).endswith("    7 | One. Two.\n      | ^^^^^^^^^\n")


def test_crlf_is_not_underlined() -> None:
    head = "---\r\ntitle: A\r\nstatus: open\r\nkind: idea\r\n---\r\n"
    found = shown(f"{head}One. Two.\r\nThree.\r\n", "Claims/n.md")
    assert full(found[1:], plain).endswith("    6 | One. Two.\n      | ^^^^^^^^^\n")


def test_hints_and_empty_lines_are_not_quoted() -> None:
    assert full(shown(""), plain) == "vault/n.md:1:1: hint FIL005 the note is empty\n"
    found = shown("---\ntitle: A\nstatus: open\nkind: idea\n---", "Claims/n.md")
    assert "\n    1 | ---\n" in full(found, plain)
    unreadable = shown("\udcff", "x.md")
    assert full(unreadable, plain).count("\n") == 1


@pytest.mark.parametrize("char", ["\x1b", "\x9b", "\u202e", "\u2066", "\x7f", "\u2028", "\x85"])
def test_nothing_in_a_note_or_its_name_steers_the_terminal(char: str) -> None:
    found = shown(f"x [[a{char}[31mb]] x\n", f"n{char}.md")
    for form in (full, concise):
        assert char not in form(found, plain)
        assert "vault/n .md:1:3:" in form(found, plain)


def test_a_line_end_in_a_name_does_not_break_the_line() -> None:
    assert concise(shown("[[x]]\n", "a\nb.md"), plain).count("\n") == 1


def test_the_concise_form_has_one_line_each_and_names_fixes() -> None:
    found = shown("---\ntitle: A\n---\n[[x]]\n", "Named/n.md")
    assert concise(found, plain) == (
        "vault/Named/n.md:2:8: warning PRP006 the title is not among the aliases [fix]\n"
        "vault/Named/n.md:4:1: error LNK017 there is no `x` in the vault\n"
    )


NOTE = "[[x]] [[X#a|b]] [[other]] [[grokkin]] [t](x)\n"
OTHERS = {"Other.md": "[[y]] [[x]]\n", "grokking.md": "Text.\n", "other.md": "Text.\n"}


def test_hints_of_one_name_are_one_line() -> None:
    here = context({"n.md": NOTE, "m.md": "[[y]] [[x]]\n", **OTHERS})
    selection = engine.select(LintSettings(select=("LNK001", "LNK017")))
    found = [
        engine.with_suggestion(one, here)
        for one in engine.findings(here, selection, ["n.md", "m.md"])
    ]
    items = report.shown(found, here, lambda name: name)
    assert concise(items, plain) == (
        "m.md:1:1: hint LNK017 there is no `y` in the vault\n"
        "m.md:1:7: hint LNK017 there is no `x` in the vault (3 links in 2 notes)\n"
        "n.md:1:27: error LNK001 there is no `grokkin` in the vault: did you mean `grokking`?\n"
        "n.md:1:39: error LNK001 there is no `x` in the vault\n"
    )
    assert full(items, plain).count("hint LNK017") == 2
    for program in FOR_PROGRAMS:
        assert render(program, items, plain).count("no `x`") == 3
        assert " links in " not in render(program, items, plain)


def test_errors_of_one_name_are_shown_one_by_one() -> None:
    assert concise(shown("[[x]] [[x]]\n"), plain).count("error LNK017") == 2


def test_colours_go_by_severity() -> None:
    text = full(shown("[[x]]\n"), lambda text, style: f"<{style} {text}>")
    assert text == (
        "<path vault/n.md:1:1:> <error error LNK017> there is no `x` in the vault\n"
        "<dim     1 |> [[x]]\n"
        "<dim       |> <error ^^^^^>\n"
    )


def test_related_places_are_indented_below_the_excerpt() -> None:
    items = shown("---\na: 1\na: 2\n---\n")
    assert full(items, plain) == (
        "vault/n.md:3:1: error PRP007 the property `a` is in line 2 and again in line 3\n"
        "    3 | a: 2\n"
        "      | ^^^^\n"
        "    vault/n.md:2:1: the first `a`\n"
    )
    assert concise(items, plain).count("\n") == 1


def test_a_hint_has_one_line_though_it_has_related_places() -> None:
    files = {f"Claims/{name}.md": "---\ntitle: A\nstatus: draft\n---\n\nText.\n" for name in "ab"}
    found = shown(files["Claims/a.md"], "Claims/a.md", **files)
    twins = [item for item in found if item.related]
    assert [item.diagnostic.severity for item in twins] == ["hint"]
    assert full(twins, plain).count("\n") == 1


def test_a_related_place_without_an_excerpt_and_in_colour() -> None:
    found = shown("[[x]]\n", **{"a\x1b/x.md": "", "bb/x.md": ""})
    text = full(found, lambda text, style: f"<{style} {text}>")
    assert text.endswith(
        "    <path vault/a /x.md:1:1:> it may be this file\n"
        "    <path vault/bb/x.md:1:1:> it may be this file\n"
    )


def test_only_a_safe_fix_is_marked() -> None:
    assert "[fix]" in concise(proposed("safe"), plain)
    assert "[fix]" not in concise(proposed("unsafe"), plain)
    assert "[fix]" not in concise(proposed("display-only"), plain)
