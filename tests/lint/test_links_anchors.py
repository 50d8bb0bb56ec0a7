"""Headings and blocks that a note does not have."""

from __future__ import annotations

import pytest
from tests.lint.links import fixed, found

DEAD = "LNK003 LNK004 LNK008"
NOTE = {
    "other.md": """\
# A heading

## What's new? (2024)

## `code` and **bold** _em_

## See [t](u.md)

## Set-up

## <b>Tag</b> of List<T>

# Twins

## Part

# Last

## Part

## Über: ½ \U0001f5c2\ufe0f

x ^id
""",
}


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("[[other#Heading]]", "LNK003"),
        ("[[other#no-heading]]", "LNK003"),
        ("[[other#A heading#a-heading]]", "LNK003"),
        ("[x](other#[^1])", "LNK003"),
        ("[[other#-]]", "LNK003"),
        ("[[other#^no]]", "LNK004"),
        ("[[other#a-heading]]", "LNK008"),
        ("![[other#A-Heading]]", "LNK008"),
        ("[x](other.md#a-heading)", "LNK008"),
        ("[x](<other.md#a-heading> 'title')", "LNK008"),
        ("[[#no]]", "LNK003"),
    ],
)
def test_a_dead_subpath_is_told_by_one_rule(link: str, code: str) -> None:
    assert [item[:2] for item in found(DEAD, link, NOTE)] == [(code, link)]


@pytest.mark.parametrize(
    "link",
    [
        "[[other#a heading]]",
        "[[other#set-up]]",
        "[[other#über ½ \U0001f5c2\ufe0f]]",
        "[[other#^ID]]",
        "[[other#{{part}}]]",
        "[[nowhere#x]]",
        "[[picture.png#x]]",
    ],
)
def test_what_is_there_is_not_missed(link: str) -> None:
    assert found(DEAD, link, {**NOTE, "picture.png": ""}) == []


@pytest.mark.parametrize(
    ("link", "meant"),
    [
        ("[[other#A headin]]", "#A heading"),
        ("[[other#Twins#A haeding]]", "#A heading"),
        ("[[other#^blokc-id]]", "#^block-id"),
    ],
)
def test_the_nearest_part_of_the_note_is_named(link: str, meant: str) -> None:
    ((_, _, message),) = found(
        DEAD, link, {"other.md": NOTE["other.md"].replace("^id", "^block-id")}
    )
    assert message.endswith(f": did you mean `{meant}`?")


def test_without_a_near_part_nothing_is_guessed() -> None:
    said = found(DEAD, "[[other#Zebra]] [[other#^zebra]]", NOTE)
    assert [item[2] for item in said] == [
        "there is no heading `Zebra` in other.md",
        "there is no block `^zebra` in other.md",
    ]


@pytest.mark.parametrize(
    ("link", "written"),
    [
        ("[[other#a-heading]]", "[[other#A heading]]"),
        ("[[other#a-heading|it]]", "[[other#A heading|it]]"),
        ("[x](other.md#a-heading)", "[x](other.md#A%20heading)"),
        ('[x](other.md#a-heading "t")', '[x](other.md#A%20heading "t")'),
        ("[[other#whats-new-2024]]", "[[other#What's new? (2024)]]"),
        ("[x](other.md#whats-new-2024)", "[x](other.md#What's%20new?%20%282024%29)"),
        ("[[other#code-and-bold-em]]", "[[other#`code` and **bold** _em_]]"),
        ("[[other#part-1]]", "[[other#Last#Part]]"),
        ("[[other#tag-of-listt]]", "[[other#<b>Tag</b> of List<T>]]"),
        ("[x](other#über--\ufe0f)", "[x](other#Über%20½%20\U0001f5c2\ufe0f)"),
        ("[x](other#%C3%BCber--%EF%B8%8F)", "[x](other#Über%20½%20\U0001f5c2\ufe0f)"),
        ("---\nup: '[[other#a-heading]]'\n---\n", "---\nup: '[[other#A heading]]'\n---\n"),
        (
            "| a |\n|---|\n| [[other#a-heading\\|it]] |\n",
            "| a |\n|---|\n| [[other#A heading\\|it]] |\n",
        ),
    ],
)
def test_a_slug_becomes_the_heading(link: str, written: str) -> None:
    assert fixed("LNK008", link, NOTE, unsafe=True) == written
    assert found(DEAD, written, NOTE) == []


def test_a_heading_that_no_link_can_name_is_told() -> None:
    text = "## Part\n\n## Part\n\n[[#part-1]]\n"
    assert found(DEAD, text) == [
        (
            "LNK008",
            "[[#part-1]]",
            "`#part-1` is not a heading of note.md in Obsidian, and no link can name that heading",
        )
    ]


def test_a_place_in_a_property_that_quotes_would_break_is_left() -> None:
    text = "---\nup: '[[other#whats-new-2024]]'\n---\n"
    assert [item[0] for item in found(DEAD, text, NOTE)] == ["LNK008"]
    assert fixed("LNK008", text, NOTE) == text


def test_a_heading_that_holds_a_link_is_left_to_the_author() -> None:
    assert [item[0] for item in found(DEAD, "[[other#see-t]]", NOTE)] == ["LNK008"]
    assert fixed("LNK008", "[[other#see-t]]", NOTE) == "[[other#see-t]]"


HTML = {
    "other.md": """\
# A heading

<a name="top"></a> <i class='x' id='it'>it</i> <b ID=bold>it</b> <b name="no">x</b>

<!-- <a name="gone"> -->

`<a name="code">`

```
<a name="fence">
```
"""
}
RIGHT = ("#a-heading", "#top", "#it", "#bold", "#A heading")
WRONG = ("#no", "#gone", "#code", "#fence", "#^it", "#no-heading")


@pytest.mark.parametrize(("path", "obsidian"), [("n.md", False), ("docs/ReadMe.md", True)])
def test_outside_obsidian_the_anchors_of_github_are_right(path: str, *, obsidian: bool) -> None:
    for anchor in RIGHT:
        assert found(DEAD, f"[x](<other.md{anchor}>)", HTML, path, obsidian=obsidian) == []
    for anchor in WRONG:
        assert len(found(DEAD, f"[x](other.md{anchor})", HTML, path, obsidian=obsidian)) == 1
    own = "# A heading\n\n<a id='it'>\n\n[x](#a-heading) [x](#it) [x](#top)\n"
    told = found(DEAD, own, (), path, obsidian=obsidian)
    assert [item[:2] for item in told] == [("LNK003", "[x](#top)")]


def test_in_obsidian_they_are_wrong_but_nothing_is_written_unasked() -> None:
    codes = [found(DEAD, f"[x](<other.md{anchor}>)", HTML)[0][0] for anchor in RIGHT[:-1]]
    assert codes == ["LNK008", "LNK003", "LNK003", "LNK003"]
    assert fixed("LNK008", "[x](other.md#a-heading)", HTML) == "[x](other.md#a-heading)"
