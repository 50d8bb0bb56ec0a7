from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.markdown import parse
from vaultsync.markdown.events import events
from vaultsync.markdown.precedence import MOST_ROUNDS, links_first


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("😀 [[é `b]] `[[no]]` #t", ["[[é `b]]"]),
        ("[[a `b]] #t [[c` d]]", ["[[a `b]]", "[[c` d]]"]),
        ("![[a $b]] #t ![[c$ d]]", ["![[a $b]]", "![[c$ d]]"]),
        ("[[`]] #t `", ["[[`]]"]),
        ("[[a $b]] #t c$", ["[[a $b]]"]),
        ("[[a $$b]] #t $$", ["[[a $$b]]"]),
        ("[[a <http://b]]> #t", ["[[a <http://b]]"]),
        ("[[a <b c=']]'> #t", ["[[a <b c=']]"]),
        ("[x [[a `b]] #t `c`](d)", ["[x [[a `b]] #t `c`](d)", "[[a `b]]"]),
        ("\\\\[[a `b]] #t `", ["[[a `b]]"]),
        ("\\![[a `b]] #t `", ["[[a `b]]"]),
        ("*x* [[a *`b]] #t `*", ["[[a *`b]]"]),
        ("- [[a `b]]\n- [[c `d]] `#no` #t\n  > [[e `f]] `[[no]]`\n", None),
        ("- a\n  > b `c\n\n  [[d `e]] #t `", ["[[d `e]]"]),
        ("[[ as in `[[no]]` #t ]]", []),
        ("é![[ as in `[[no]]` #t ]] [[a]]", ["[[a]]"]),
        ("[[ as\nin $[[no]]$ #t ]]", []),
        ("[[a [[b `c]] `[[no]]` #t ]]", ["[[b `c]]"]),
    ],
)
def test_a_link_wins_over_what_opens_inside_it(text: str, spans: list[str] | None) -> None:
    document = parse("n.md", text)
    wanted = ["[[a `b]]", "[[c `d]]", "[[e `f]]"] if spans is None else spans
    assert [link.span.of(text) for link in document.links] == wanted
    assert [tag.name for tag in document.tags] == ["t"]


@pytest.mark.parametrize(
    "text",
    [
        "`a [[b` #t",
        "`a [[b` `c]] d` #t",
        "$a [[b$ c]] #t",
        "<a b='[['> `c]] d` #t",
        "<http://a[[b> `c]] d` #t",
        "\\[[a `b]] [[c]]` #t",
        "```[[a `b]]\n[[c]]` #t",
        "| a | b |\n|---|---|\n| [[a `b | c` d]] e` #t |",
        "    [[a `b]] `\n\n#t",
    ],
)
def test_what_opens_before_a_link_wins_over_it(text: str) -> None:
    assert links_first(text) is text
    document = parse("n.md", text)
    assert (document.links, [tag.name for tag in document.tags]) == ((), ["t"])


@pytest.mark.parametrize(
    "text", ["[[a]] `b` $c$", "[[a `b` c]] [[d|`e`]] [[$f$]] `", "[[a\n`b]] `", "[[a [b] `c]]"]
)
def test_a_text_in_which_nothing_overlaps_a_link_stays_as_it_is(text: str) -> None:
    assert links_first(text) is text


def test_the_text_that_is_read_has_the_same_blocks() -> None:
    text = "# é [[a `b]] `\n\n- [[c `d]] `\n\n```x\n[[e `f]] `\n```\n\n~~~ [[g `h]]\n`\n"

    def blocks(read: str) -> list[object]:
        return [event for event in events(read) if "Start" in event[0] and "Link" not in str(event)]

    assert links_first(text) != text
    assert blocks(links_first(text)) == blocks(text)


def test_many_links_of_one_paragraph_are_read_as_links() -> None:
    text = "[[a `b]] `[[no]]`\n" * MOST_ROUNDS
    assert len(parse("n.md", text).links) == MOST_ROUNDS


def test_more_of_them_take_no_more_readings() -> None:
    text = "[[a `b]] `[[no]]`\n" * (MOST_ROUNDS + 5)
    assert links_first(text).count("xb") == MOST_ROUNDS


def links_by_hand(text: str) -> list[str]:
    """Return the links of a paragraph that holds nothing else but code, read from left to right."""
    found, at = [], 0
    opener = re.compile(r"(`+)|\[\[(?!\[)(?:(?!\[\[|\]\])[^\n])+\]\]")
    while match := opener.search(text, at):
        at = match.end()
        if match[1]:
            closing = re.compile(f"(?<!`){match[1]}(?!`)").search(text, at)
            at = closing.end() if closing else at
        else:
            found.append(match[0])
    return found


@given(
    st.lists(
        st.sampled_from(["[[", "]]", "`", "``", "é", " b", "\nc", "[[a", "[[a `b]]", "[[a``b]]"]),
        max_size=14,
    )
    .map("".join)
    .filter(lambda text: not re.search(r"```|\[\[(?:\[\[|\]\])", text))
)
def test_code_and_links_are_read_from_left_to_right(text: str) -> None:
    text = f"x {text}"
    assert [link.span.of(text) for link in parse("n.md", text).links] == links_by_hand(text)
