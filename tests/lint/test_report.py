"""Ways to show what the linter finds."""

from __future__ import annotations

import json

import msgspec
import pytest
from tests.lint.settings import ALL, CONFIG, context

from vaultsync.lint import engine, report
from vaultsync.lint.report import Shown
from vaultsync.lint.rule import Rule
from vaultsync.lint.rules import RULES


def plain(text: str, _style: str) -> str:
    return text


def shown(text: str, path: str = "n.md", **files: str) -> list[Shown]:
    here = context({path: text, **files})
    found = engine.check(here, ALL, [path])
    return report.shown(found, here, lambda name: f"vault/{name}")


def underlined(text: str) -> tuple[str, str]:
    """Return the quoted line and the line of marks, without the gutter."""
    lines = report.full(shown(text), plain).split("\n")
    assert lines[1][:8] in {"    1 | ", "    3 | "}
    assert lines[2][:8] == "      | "
    return lines[1][8:], lines[2][8:]


def test_the_place_is_underlined() -> None:
    assert underlined("See [[x]] here.\n") == ("See [[x]] here.", "    ^^^^^")


def test_the_whole_form_of_a_finding() -> None:
    assert report.full(shown("a\n\nSee [[x]].\n"), plain) == (
        "vault/n.md:3:5: error LNK001 there is no `x` in the vault\n"
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
    assert report.full(found, plain).endswith("    7 | One. Two.\n      | ^^^^^^^^^\n")


def test_crlf_is_not_underlined() -> None:
    head = "---\r\ntitle: A\r\nstatus: open\r\nkind: idea\r\n---\r\n"
    found = shown(f"{head}One. Two.\r\nThree.\r\n", "Claims/n.md")
    assert report.full(found[1:], plain).endswith("    6 | One. Two.\n      | ^^^^^^^^^\n")


def test_hints_and_empty_lines_are_not_quoted() -> None:
    assert report.full(shown(""), plain) == "vault/n.md:1:1: hint FIL005 the note is empty\n"
    found = shown("---\ntitle: A\nstatus: open\nkind: idea\n---", "Claims/n.md")
    assert "\n    1 | ---\n" in report.full(found, plain)
    unreadable = shown("\udcff", "x.md")
    assert report.full(unreadable, plain).count("\n") == 1


@pytest.mark.parametrize("char", ["\x1b", "\x9b", "\u202e", "\u2066", "\x7f", "\u2028", "\x85"])
def test_nothing_in_a_note_or_its_name_steers_the_terminal(char: str) -> None:
    found = shown(f"x [[a{char}[31mb]] x\n", f"n{char}.md")
    for form in (report.full, report.concise):
        assert char not in form(found, plain)
        assert "vault/n .md:1:3:" in form(found, plain)


def test_a_line_end_in_a_name_does_not_break_the_line() -> None:
    assert report.concise(shown("[[x]]\n", "a\nb.md"), plain).count("\n") == 1


def test_the_concise_form_has_one_line_each_and_names_fixes() -> None:
    found = shown("---\ntitle: A\n---\n[[x]]\n", "Named/n.md")
    assert report.concise(found, plain) == (
        "vault/Named/n.md:2:8: warning PRP006 the title is not among the aliases [fix]\n"
        "vault/Named/n.md:4:1: error LNK001 there is no `x` in the vault\n"
    )


def test_colours_go_by_severity() -> None:
    text = report.full(shown("[[x]]\n"), lambda text, style: f"<{style} {text}>")
    assert text == (
        "<path vault/n.md:1:1:> <error error LNK001> there is no `x` in the vault\n"
        "<dim     1 |> [[x]]\n"
        "<dim       |> <error ^^^^^>\n"
    )


def test_json_has_the_promised_shape() -> None:
    text = "---\ntitle: 猫\n---\n😀 [[x]]\n"
    data = json.loads(report.as_json(shown(text, "Named/n.md"), plain))
    assert data == {
        "version": 1,
        "findings": [
            {
                "code": "PRP006",
                "name": "title-not-in-aliases",
                "severity": "warning",
                "message": "the title is not among the aliases",
                "path": "vault/Named/n.md",
                "start": {"line": 2, "column": 8},
                "end": {"line": 2, "column": 9},
                "fix": {
                    "title": "add the title to `aliases`",
                    "safe": True,
                    "edits": {
                        "vault/Named/n.md": [{"start": 13, "end": 13, "new": "aliases:\n  - 猫\n"}]
                    },
                },
            },
            {
                "code": "LNK001",
                "name": "broken-link",
                "severity": "error",
                "message": "there is no `x` in the vault",
                "path": "vault/Named/n.md",
                "start": {"line": 4, "column": 3},
                "end": {"line": 4, "column": 8},
                "fix": None,
            },
        ],
    }


def test_json_of_nothing_is_still_json() -> None:
    assert json.loads(report.as_json([], plain)) == {"version": 1, "findings": []}


def test_github_s_workflow_commands_are_escaped() -> None:
    found = shown("[[50%]]\n", "a,b:c%\nd.md")
    assert report.github(found, plain) == (
        "::error file=vault/a%2Cb%3Ac%25%0Ad.md,line=1,col=1,title=LNK001 broken-link"
        "::there is no `50%25` in the vault\n"
    )
    assert report.github(shown(""), plain).startswith("::notice file=")
    assert report.github(shown("[[#x]]\n"), plain).startswith("::warning file=")


def summary(files: dict[str, str], config: object = None) -> str:
    here = context(files) if config is None else context(files, msgspec.convert({}, type(CONFIG)))
    return report.summary(engine.check(here, ALL), here)


def test_the_summary_counts_notes_by_type_and_findings_by_severity() -> None:
    note = "---\ntitle: {}\nstatus: {}\nkind: idea\n---\nText.\n\n- [ ] do it\n- [x] done\n"
    files = {
        "Claims/a.md": note.format("A", "open"),
        "Claims/b.md": note.format("B", "open"),
        "Claims/c.md": note.format("C", "draft"),
        "Named/d.md": "Text.\n",
        "page.md": "- [ ] not counted\n",
    }
    assert summary(files) == "2 claims, 1 named, 1 draft, 3 TODOs: no errors"
    files["page.md"] = "[[x]] [[y]] [[#z]]\n"
    files["empty.md"] = ""
    assert summary(files) == "2 claims, 1 named, 1 draft, 3 TODOs: 2 errors, 1 warning, 1 hint"


def test_the_summary_without_types_counts_notes() -> None:
    assert summary({"a.md": "x\n", "b.md": "x\n", "c.png": ""}, "none") == "2 notes: no errors"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_a_page_under_its_code_and_its_name(rule: Rule) -> None:
    page = report.rule_page(rule.code)
    assert page is not None
    assert page == report.rule_page(rule.name) == report.rule_page(rule.code.lower())
    head, blank, *text = page.split("\n")
    assert head.startswith(f"# {rule.code} {rule.name} ({rule.severity}")
    assert ("fixable" in head) is any(example.fixed for example in rule.examples)
    assert blank == ""
    assert not any(line.startswith(" ") for line in text)


def test_there_is_no_page_for_no_rule() -> None:
    assert report.rule_page("LNK999") is None
