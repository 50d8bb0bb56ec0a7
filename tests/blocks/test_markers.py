"""Markers of generated blocks: where they count, and what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.blocks.sample import block, context, note

from vaultsync.blocks.fill import block_problems, fill
from vaultsync.blocks.quote import find_blocks, replace_content
from vaultsync.core.text import apply_edits
from vaultsync.markdown import parse

OPEN, CLOSE = "<!-- vaultsync:stats -->", "<!-- /vaultsync -->"
ALONE = "on a line of its own"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (f"{OPEN}\n\n{CLOSE}\n", ["stats"]),
        (f"{OPEN}\n{CLOSE}", ["stats"]),
        (f"{OPEN}\n\ntext\n\n{CLOSE}\n\n{OPEN}\n\n{CLOSE}\n", ["stats", "stats"]),
        (f"Before\n{OPEN}\nbetween\n{CLOSE}\nafter\n", ["stats"]),
        (f"{OPEN}\n\n- item\n{CLOSE}\n", ["stats"]),
        (f"{OPEN}\n\n| a |\n|---|\n{CLOSE}\n", ["stats"]),
        (f"  {OPEN}\n\n  {CLOSE}  \n", ["stats"]),
        (f"{OPEN}\r\n\r\n{CLOSE}\r\n", ["stats"]),
        ("<!--vaultsync:stats-->\n\n<!--/vaultsync-->\n", ["stats"]),
        (f"---\ntitle: a\n---\n{OPEN}\n\n{CLOSE}\n", ["stats"]),
        (f"```\n{OPEN}\n\n{CLOSE}\n```\n", []),
        (f"    {OPEN}\n\n    {CLOSE}\n", []),
        (f"`{OPEN}` and `{CLOSE}`\n", []),
        (f"- {OPEN}\n\n  {CLOSE}\n", []),
        (f"> {OPEN}\n>\n> {CLOSE}\n", []),
        (f"%%\n\n`{OPEN}`\n\n%%\n", []),
        ("<!-- vaultsyncs:stats -->\n", []),
        ("No block, but vaultsync is named.\n", []),
    ],
)
def test_a_block_is_two_comments_at_the_top_level(text: str, kinds: list[str]) -> None:
    blocks, broken = find_blocks(parse("note.md", text))
    assert [found.kind for found in blocks] == kinds
    assert not broken


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (f"a\n\n{OPEN}\n\ntext\n", 3, "never closed"),
        (f"{OPEN}\n\n{OPEN}\n\n{CLOSE}\n", 1, "never closed"),
        (f"a\n\n{CLOSE}\n", 3, "closes no block"),
        (f"{OPEN}\n\n{CLOSE}\n\n{CLOSE}\n", 5, "closes no block"),
        (f"{OPEN} text\n\n{CLOSE}\n", 1, "must be alone on its line"),
        (f"{OPEN}{CLOSE}\n", 1, ALONE),
        (f"{OPEN}\n\n{CLOSE} text\n", 1, "never closed"),
        ("<!-- vaultsync:notes style=list -->\n", 1, 'name="value"'),
        ("<!-- vaultsync:notes style='list' -->\n", 1, 'name="value"'),
        ("<!-- vaultsync:notes list -->\n", 1, 'name="value"'),
        ("<!-- vaultsync: -->\n", 1, 'name="value"'),
        ("<!-- vaultsync -->\n", 1, 'name="value"'),
        ("<!-- /vaultsync:stats -->\n", 1, 'name="value"'),
        ("<!-- vaultsync:stats\n", 1, 'name="value"'),
        (f"{OPEN}\n\n- item\n\n  {CLOSE}\n", 1, "never closed"),
    ],
)
def test_a_broken_marker_is_told_with_its_place(text: str, line: int, message: str) -> None:
    _, broken = find_blocks(parse("note.md", text))
    first = broken[0]
    assert text.count("\n", 0, first.span.start) + 1 == line
    assert message in first.message


@pytest.mark.parametrize(
    ("opener", "message"),
    [
        ("stat", "there is no block `stat`: did you mean `stats`?"),
        ("Notes", "there is no block `Notes`: did you mean `notes`?"),
        ("to-do", "there is no block `to-do`: did you mean `todos`?"),
        ("zzz", "there is no block `zzz`"),
        ("growth", "there is no block `growth`"),
        ('stats per="area"', "a `stats` block has no attribute `per`"),
        ('changelog stile="short"', "has no attribute `stile`: did you mean `style`?"),
        ('notes stile="index"', "no note has a property `stile`: did you mean `style`?"),
        ('notes aera="building"', "no note has a property `aera`: did you mean `area`?"),
        ('count with="aera"', "no note has a property `aera`: did you mean `area`?"),
        ('count with="area" type="clam"', '`type="clam"` is no type of this vault: they are'),
        ('todos text="x" tasks="yes"', '`tasks="yes"`: use one of false, true'),
        ('notes group="aera"', "no note has a property `aera`: did you mean `area`?"),
        ('notes order="-yaer"', "no note has a property `yaer`: did you mean `year`?"),
        ('notes order="bridge"', "no note has a property `bridge`"),
        ('notes type="frame"', '`type="frame"` is no type of this vault: they are claim, query'),
        ('notes style="cards"', '`style="cards"`: use one of list, index, sections, table'),
        ('changelog style="tiny"', '`style="tiny"`: use one of full, short'),
        ('recent count="many"', '`count="many"`: write a number from 1 on'),
        ('recent count="0"', '`count="0"`: write a number from 1 on'),
        ('items section="Source"', "is no section of the types of this vault: did you mean `Sour"),
        ("items", "they are Open questions, Related, Sources"),
        ('items section="Sources" open="yes"', '`open="yes"`: use one of false, true'),
        ('link to="hom" text="[a]"', '`to="hom"` is no address of this vault: they are home, form'),
    ],
)
def test_a_block_that_asks_for_what_is_not_there_stays_and_is_told(
    opener: str, message: str
) -> None:
    document = parse("note.md", block(opener, "as it was"))
    (problem,) = block_problems(document, context())
    assert message in problem.message
    assert fill(document, context(), "tree", "history") == document.text


def test_without_types_and_addresses_there_is_nothing_to_choose_from() -> None:
    for opener in ('notes type="a"', 'link to="a"', 'items section="a"'):
        (problem,) = block_problems(parse("note.md", block(opener)), context({}, ""))
        assert problem.message.endswith("they are none")


def test_a_canvas_has_no_blocks() -> None:
    assert find_blocks(parse("a.canvas", block("stats"))) == ((), ())


def test_attributes_and_content() -> None:
    text = block('notes type="a"  tested_on="x, y" Year=""', "- one\n- two")
    (found,), _ = find_blocks(parse("note.md", text))
    assert found.attributes == {"type": "a", "tested_on": "x, y", "Year": ""}
    assert found.content(text) == "- one\n- two"
    assert found.span.of(text) == text.rstrip()


def test_a_note_with_crlf_keeps_crlf() -> None:
    stats = block('stats by="area"')
    text = f"Before\n\n{stats}\nafter\n".replace("\n", "\r\n")
    filled = fill(parse("note.md", text), context(), "tree")
    assert "area: " in filled
    assert "\n" not in filled.replace("\r\n", "")
    again = parse("note.md", filled)
    assert fill(again, context(), "tree") == filled


def test_a_block_that_is_right_is_left_byte_for_byte() -> None:
    content = fill(parse("note.md", block("stats")), context(), "tree").split("\n")[2]
    loose = f"{OPEN}\n{content}\n\n\n{CLOSE}\n"
    assert fill(parse("note.md", loose), context(), "tree") == loose


def test_an_emptied_block_keeps_a_blank_line() -> None:
    text = block("tags", "- old")
    assert fill(parse("note.md", text), context({}), "tree") == block("tags")


LINES = st.sampled_from(
    [
        "text",
        "- item",
        "  deeper",
        "> quote",
        "```",
        "~~~",
        "# Heading",
        "%%",
        "<!-- a comment -->",
        "<div>",
        "<pre>",
        "> <!--",
        "[^1]: note",
        "| a |",
        "|---|",
        "- [ ] task",
        "",
        "",
        "\u2028",
        "\t",
        OPEN,
        OPEN,
        CLOSE,
        CLOSE,
        "<!-- vaultsync:toc -->",
        '<!-- vaultsync:notes style="sections" -->',
        '<!-- vaultsync:items section="Open questions" -->',
        "<!-- vaultsync:todos -->",
    ]
)
TEXTS = st.builds(
    lambda lines, end, bom: bom + "".join(line + end for line in lines),
    st.lists(LINES, max_size=24),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\ufeff"]),
)


@given(TEXTS, st.sampled_from(["", "- new\n- lines", "### head\n\nprose", "| a |\n|---|\n| b |"]))
def test_what_stands_outside_blocks_is_never_touched(text: str, content: str) -> None:
    document = parse("note.md", text)
    blocks, _ = find_blocks(document)
    changed = apply_edits(text, [replace_content(text, found, content) for found in blocks])
    again = parse("note.md", changed)
    assert [found.kind for found in find_blocks(again)[0]] == [found.kind for found in blocks]
    assert outside(again.text) == outside(text)


@given(TEXTS.map(lambda text: f"{text}\n\n"))
def test_code_far_below_changes_no_marker(text: str) -> None:
    # A text without code and HTML needs no parser; one with a fence is parsed.
    assert find_blocks(parse("note.md", text)) == find_blocks(parse("note.md", f"{text}~~~\n"))


def outside(text: str) -> list[str]:
    """Return the pieces of a text that no block holds."""
    blocks, _ = find_blocks(parse("note.md", text))
    starts = [0, *(found.inner.end for found in blocks)]
    ends = [*(found.inner.start for found in blocks), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


@given(TEXTS, st.sampled_from(["Index.md", "Claims/index.md", "Changelog.md"]))
def test_filling_twice_is_once(text: str, path: str) -> None:
    files = {
        "Claims/a.md": note(
            "A.\n\n## Open questions\n\n- Why?\n\n- [ ] do\n", title="A", status="x"
        ),
        path: note(f"\n## Open questions\n\n{text}", title="Index", status="open"),
    }
    once = filled(files, path)
    assert filled(once, path) == once


def filled(files: dict[str, str], path: str) -> dict[str, str]:
    """Return the files with the blocks of one of them filled."""
    bound = context(files)
    return {**files, path: fill(bound.vault.documents[path], bound, "tree", "history")}
