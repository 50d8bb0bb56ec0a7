from __future__ import annotations

import pytest

from vaultsync.markdown import parse


def tags(text: str) -> list[str]:
    return [tag.name for tag in parse("n.md", text).tags]


def blocks(text: str) -> list[str]:
    return [block.id for block in parse("n.md", text).blocks]


@pytest.mark.parametrize(
    "text",
    [
        "#t",
        "a #t",
        "a\u3000#t",
        "a\n#t",
        "> #t",
        ">#t",
        "- #t",
        "# #t",
        "|#t|\n|-|",
        "*#t*",
        "==#t==",
    ],
)
def test_a_tag_opens_a_block_a_word_or_markup(text: str) -> None:
    assert tags(text) == ["t"]


@pytest.mark.parametrize(
    "text", ["*a*#t", "`a`#t", "[a](b)#t", "[[a]]#t", "<b>#t", "$a$#t", "~~a~~#t", "![a](b)#t"]
)
def test_a_tag_may_follow_markup_directly(text: str) -> None:
    assert tags(text) == ["t"]


def test_a_tag_may_follow_a_tag_directly() -> None:
    assert tags("#a#b #c/#d #1#e") == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    "text",
    ["a#t", "(#t)", "[#t] a", "\\#t", "a\\#t", "##t", "'#t", "&amp;#t", "#", "# t", "x.org/#t"],
)
def test_a_hash_elsewhere_opens_no_tag(text: str) -> None:
    assert tags(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("#a-b_c/d.", "a-b_c/d"),
        ("#a/", "a"),
        ("#a’s", "a"),
        ("#a…b", "a"),
        ("#👩\u200d🔬", "👩"),
        ("#a\u00a0b", "a"),
        ("#1-", "1-"),
        ("#a`b`", "a"),
    ],
)
def test_the_name_of_a_tag_ends_at_blanks_and_most_punctuation(text: str, name: str) -> None:
    assert tags(text) == [name]


@pytest.mark.parametrize("text", ["#1984", "#12/34", "#/"])
def test_digits_alone_are_no_tag(text: str) -> None:
    assert tags(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "a ^id",
        "a\nb ^id  \n\nc",
        "a\r\nb ^id\r\n",
        # As in Obsidian's own help.
        "a\n^id\n\n```\nb\n```",
        "> a\n^id\n\nb",
        "- a ^id\n- b",
        "- a ^id\n  - b",
        "> a\n\n^id\n\nb",
        "# A ^id",
        "a\t^id",
        "| a |\n|---|\n\n^id",
    ],
)
def test_a_block_id_ends_the_last_line_of_a_block(text: str) -> None:
    assert blocks(text) == ["id"]


@pytest.mark.parametrize(
    "text",
    [
        "a ^id\nb",
        "a ^id \nb",
        "a ^id  \nb",
        "a ^id\r\nb",
        "> a ^id\n> b",
        "a^id",
        "a ^id b",
        "a ^i_d",
        "a `^id`",
        "```\na ^id\n```",
        "a [[b ^id]]",
        "$a ^id$",
    ],
)
def test_what_does_not_end_a_block_is_no_block_id(text: str) -> None:
    assert blocks(text) == []
