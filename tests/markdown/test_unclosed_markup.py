"""What looks like markup and is none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.markdown.unclosed_markup import MarkupKind, numeric_tags, unclosed_markup

PIECES = ["%%", "%", "$$", "$", "```", "~~~", "\n", "\r\n", "\n\n", "> ", "- ", "\t", "    ", "a"]
TEXTS = st.lists(st.sampled_from([*PIECES, "😀", "`", "#1", "#a", " ", "[[", "]]", "\\"])).map(
    "".join
)
KINDS: tuple[MarkupKind, ...] = ("comment", "fence", "math")


def places(text: str, kind: MarkupKind, base: int = 0) -> list[int]:
    return [span.start for span in unclosed_markup(text, base, kind)]


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("%% a", [0]),
        ("a\n\n%%\nb\n", [3]),
        ("> %% a", [2]),
        ("%%% a", [0]),
        ("\ufeff%% a", [1]),
        ("%% a %%\n%% b", [8]),
        ("%% a %% b", []),
        ("%%\na\n%%\nb", []),
        ("a %% b\n%% c %%\n", []),
        ("50%% off", []),
        ("%%%% a", []),
        ("`%%` a", []),
        ("```\n%%\n```\n", []),
        ("$%%$ a", []),
        ("%% a\n```\n%%\n```\n", []),
        ("%% a\n`%%`", []),
    ],
)
def test_a_comment_that_is_never_closed(text: str, starts: list[int]) -> None:
    assert places(text, "comment") == starts


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("```\na", [0]),
        ("```", [0]),
        ("  ````\n  a\n  ```\n", [2]),
        ("```\na\n``` b\n", [0]),
        ("```\na\n    ```\n", [0]),
        ("~~~\n```\n~~~\n~~~\n", [12]),
        ("- a\n  ```\n  b\n\nc", [6]),
        ("> ```\n> a\n\nb", [2]),
        ("😀\n\n```\n😀", [3]),
        ("```\na\n```\n", []),
        ("```\na\n`````  ", []),
        ("```\r\na\r\n```\r\n", []),
        ("~~~\n```\n~~~\n", []),
        ("- a\n\n\t```\n\tb\n\t```\nc", []),
        ("> ```\n> a\n> ```\n", []),
        ("```a``` b", []),
        ("    ```\n", []),
    ],
)
def test_a_block_of_code_that_is_never_closed(text: str, starts: list[int]) -> None:
    assert places(text, "fence") == starts


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("$$\na\n", [0]),
        ("a\n\n> $$ b", [5]),
        ("$$\na\n\nb\n$$\n\n$$ c", [12]),
        ("$$a$$", []),
        ("$$\na\n\nb\n$$\n", []),
        ("$$\na\n\nb\n$$ c $$d$$", []),
        ("a $$ b", []),
        ("\\$$ a", []),
        ("$$$ a", []),
        ("`$$`", []),
        ("| $$ | b |\n|--|--|\n| c | $$ |", []),
    ],
)
def test_mathematics_that_is_never_closed(text: str, starts: list[int]) -> None:
    assert places(text, "math") == starts


def test_what_stands_before_the_body_is_left_out() -> None:
    assert places("%% a\n%% b", "comment", 5) == [5]
    assert next(numeric_tags("#1\n#2", 3)).start == 3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#1984", ["#1984"]),
        ("- [ ] #12", ["#12"]),
        ("1. #12", ["#12"]),
        ("> #12/3 a", ["#12/3"]),
        ("a #b #12", ["#12"]),
        ("a #12 #b", ["#12"]),
        ("a\r\n#12", ["#12"]),
        ("é #a #1 #2", ["#1", "#2"]),
        (f"{'a ' * 90}#12 #b", ["#12"]),
        (f"{'a ' * 90}\n#12", ["#12"]),
        (f"{' ' * 90}a #12", []),
        ("issue #12", []),
        ("[issue #12](https://example.org)", []),
        ("#337799", []),
        ("#1a #2024年", []),
        ("# 1", []),
        ("##1", []),
        ("a#1", []),
        ("`#1`", []),
        ("```\n#12\n```", []),
        ("[[a|#1]]", []),
        ("[a](#1)", []),
    ],
)
def test_a_number_is_no_tag(text: str, found: list[str]) -> None:
    assert [span.of(text) for span in numeric_tags(text, 0)] == found


@given(TEXTS)
def test_any_text_is_surveyed(text: str) -> None:
    for kind in KINDS:
        for span in unclosed_markup(text, 0, kind):
            assert span.of(text)[:2] in {"%%", "$$", "``", "~~"}
    for span in numeric_tags(text, 0):
        assert span.of(text).startswith("#1")


@pytest.mark.parametrize(
    "piece", ["#1 ", "#1", "a%% ", "%%\n", "$$\n", "$$ a", "```\n", "> ```\n\n"]
)
def test_time_grows_with_the_text_alone(piece: str) -> None:
    text = piece * 40_000
    started = time.monotonic()
    found = [list(unclosed_markup(text, 0, kind)) for kind in KINDS]
    assert len(found) == len(KINDS)
    assert len(list(numeric_tags(text, 0))) <= 40_000
    assert time.monotonic() - started < 30
