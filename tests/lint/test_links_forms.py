"""Texts that look like links."""

from __future__ import annotations

import time

import pytest
from tests.lint.links import fixed, found

FILES = {
    "my note.md": "# My part\n\n# 50% of it\n",
    "my (1) note.md": "",
    "50% off.md": "",
    "p q.png": "",
}
TABLE = "| a | b |\n|---|---|\n"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("[x](my note.md)", "[x](my%20note.md)"),
        ("![x](p q.png)", "![x](p%20q.png)"),
        ("[x](my note)", "[x](my%20note)"),
        ("[x]( my note.md )", "[x]( my%20note.md )"),
        ('[x](my note.md "a title")', '[x](my%20note.md "a title")'),
        ("[x](my note.md 'a title')", "[x](my%20note.md 'a title')"),
        ("[x](my note.md#My part)", "[x](my%20note.md#My%20part)"),
        ("[x](my (1) note.md)", "[x](my%20(1)%20note.md)"),
        ("[x](50% off.md)", "[x](<50% off.md>)"),
        ("[x](my note.md#50% of it)", "[x](<my note.md#50% of it>)"),
        ("# Own part\n\n[x](#Own part)", "# Own part\n\n[x](#Own%20part)"),
        ("**[x](my note.md)**, [y](my note.md)", "**[x](my%20note.md)**, [y](my%20note.md)"),
        ("> - [x](my note.md)", "> - [x](my%20note.md)"),
        ("[see [[my note]]](my note.md)", "[see [[my note]]](my%20note.md)"),
        ("---\nup: '[x](my note.md)'\n---\n", "---\nup: '[x](my%20note.md)'\n---\n"),
    ],
)
def test_a_blank_in_a_destination_is_written_as_an_escape(text: str, written: str) -> None:
    assert {item[0] for item in found("LNK009", text, FILES)} == {"LNK009"}
    assert fixed("LNK009", text, FILES) == written
    assert found("LNK001 LNK003 LNK009", written, FILES) == []


@pytest.mark.parametrize(
    "text",
    [
        "[x](my%20note.md)",
        "[x](<my note.md>)",
        "[x](note.md 'my note.md')",
        "[x](no such note.md)",
        "f[x](and so on)",
        "[x](https://x.org/my note.md)",
        "[x](mailto:my note.md)",
        "`[x](my note.md)`",
        "    [x](my note.md)",
        "```\n[x](my note.md)\n```",
        "<div>\n[x](my note.md)\n</div>",
        "$[x](my note.md)$",
        r"\[x](my note.md)",
        "x](my note.md)",
        "[x](#No part)",
        "[x](# )",
        "[x](my\nnote.md)",
    ],
)
def test_what_is_prose_code_or_a_link_has_no_bare_blank(text: str) -> None:
    assert found("LNK009", text, FILES) == []


def test_a_bare_blank_is_shown_where_it_stands() -> None:
    assert found("LNK009", "See [x](my note.md).", FILES) == [
        ("LNK009", "my note.md", "a space ends a link's destination: write `my%20note.md`")
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (f"{TABLE}| [[p|q]] | c |\n", f"{TABLE}| [[p\\|q]] | c |\n"),
        (f"{TABLE}| ![[p|300]] | c |\n", f"{TABLE}| ![[p\\|300]] | c |\n"),
        (f"{TABLE}| [[p#h|q|r]] | c |\n", f"{TABLE}| [[p#h\\|q\\|r]] | c |\n"),
        (f"{TABLE}| [[p\\|q|r]] | c |\n", f"{TABLE}| [[p\\|q\\|r]] | c |\n"),
        (f"{TABLE}| c | [[a|b]] [[c|d]] |\n", f"{TABLE}| c | [[a\\|b]] [[c\\|d]] |\n"),
        ("> a | b\n> --|--\n> [[p|q]] | c\n", "> a | b\n> --|--\n> [[p\\|q]] | c\n"),
        ("|[[p|q]]|b|\n|-|-|-|\n", "|[[p\\|q]]|b|\n|-|-|-|\n"),
    ],
)
def test_the_bar_of_a_link_in_a_table_is_escaped(text: str, written: str) -> None:
    assert {item[0] for item in found("LNK010", text)} == {"LNK010"}
    assert fixed("LNK010", text) == written


@pytest.mark.parametrize(
    "text",
    [
        f"{TABLE}| [[p\\|q]] | c |\n",
        f"{TABLE}| [[p]] | [[q]] |\n",
        f"{TABLE}| [[ | ]] |\n",
        f"{TABLE}| `[[p|q]]` | c |\n",
        f"{TABLE}| c | d |\n\n[[p|q]]\n",
        "a | [[p|q]] | b\n",
        f"```\n{TABLE}| [[p|q]] | c |\n```\n",
        "a |- b\n\n[[p|q]]\n",
    ],
)
def test_bars_that_part_no_link(text: str) -> None:
    assert found("LNK010", text) == []


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("[t][r]\n\n[r]: my%20note.md\n", "[t][r]"),
        ("[r][]\n\n[r]: <my note.md> 'title'\n", "[r]"),
        ("> [r]\n>\n> [r]: nowhere.md#x\n", "[r]"),
        ("![t][r]\n\n[r]: p.png\n", "![t][r]"),
        ("[[my note]] ![[p q.png]] [t][r]\n\n[r]: p.png\n", "[t][r]"),
    ],
)
def test_a_link_by_reference_into_the_vault(text: str, link: str) -> None:
    assert [item[:2] for item in found("LNK011", text, FILES)] == [("LNK011", link)]


@pytest.mark.parametrize(
    "text",
    [
        "[t][r]\n\n[r]: https://example.org\n",
        "[t][r]\n\n[r]: #part\n",
        "[t](my%20note.md)\n\n[r]: my%20note.md\n",
        "[t][r]\n",
        "[^1]\n\n[^1]: my note\n",
        "`[t][r]`\n\n[r]: x.md\n",
        "text [r]: x.md\n",
    ],
)
def test_references_that_lead_out_or_are_not_used(text: str) -> None:
    assert found("LNK011", text, FILES) == []


def test_a_canvas_has_none_of_these_texts() -> None:
    text = '{"a": "[x](my note.md)", "b": "|-", "c": "[r]: x.md"}'
    assert found("LNK009 LNK010 LNK011", text, FILES, "a.canvas") == []


@pytest.mark.parametrize(
    "text",
    [
        "](" * 30_000,
        "](a " * 30_000,
        "](a (" * 30_000,
        "](my note.md 'a" * 10_000,
        "[x](my note.md) " * 300,
        TABLE + "| [[a|b]] " * 5_000,
        "[r]: x.md\n" * 5_000,
    ],
    ids=lambda text: str(text[:16]),
)
def test_a_long_hostile_note_is_read_quickly(text: str) -> None:
    started = time.monotonic()
    found("LNK009 LNK010 LNK011", text, FILES)
    assert time.monotonic() - started < 30
