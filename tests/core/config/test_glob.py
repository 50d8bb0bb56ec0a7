"""Globs of the settings, compared with a reading that takes every wildcard by itself."""

from __future__ import annotations

import functools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.core.config import matches_glob


def fits(pattern: str, path: str) -> bool:
    tokens = re.findall(r"(?<![^/])\*\*/|\*\*|.", pattern, re.DOTALL)

    @functools.cache
    def rest(token: int, at: int) -> bool:
        if token == len(tokens):
            return at == len(path)
        wildcard = tokens[token]
        if wildcard == "**/":
            ends = (end + 1 for end in range(at, len(path)) if path[end] == "/")
            return rest(token + 1, at) or any(rest(token + 1, end) for end in ends)
        left = at < len(path)
        if wildcard in {"*", "**"}:
            longer = left and (wildcard == "**" or path[at] != "/") and rest(token, at + 1)
            return rest(token + 1, at) or longer
        same = left and (path[at] != "/" if wildcard == "?" else path[at] == wildcard)
        return same and rest(token + 1, at + 1)

    return rest(0, 0)


@given(
    st.lists(st.sampled_from(["a", "b", "/", "*", "**", "**/", "/**/", "?"]), max_size=8),
    st.text("ab/", max_size=9),
)
def test_a_glob_matches_what_its_wildcards_allow(parts: list[str], path: str) -> None:
    pattern = "".join(parts)
    assert matches_glob(path, [pattern]) == fits(pattern, path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 25 + "*b", "a" * 200),
        ("**/a*" * 12 + "**/b", "a/" * 100 + "a"),
        ("**a" * 25 + "b", "a" * 200),
        ("**/" * 25 + "b", "a/" * 100 + "a"),
    ],
)
def test_many_wildcards_end(pattern: str, path: str) -> None:
    assert not matches_glob(path, [pattern])
