from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.markdown.frontmatter.test_block import BLOCKS

from vaultsync.core.model import Properties
from vaultsync.markdown.frontmatter.block import MAX_LENGTH, find_block, read_fast
from vaultsync.markdown.frontmatter.yaml12 import read_yaml

SCALARS = [
    "x",
    "a b",
    "3",
    "0x1f",
    ".5",
    "1e3",
    "true",
    "null",
    "no",
    "2024-01-01",
    "http://a.b/c?d#e",
    "a:b",
    "a: b",
    "a:",
    "a #b",
    "a#b",
    "'q'",
    '"q"',
    "'it''s'",
    '"\\n"',
    "'[[x|y]]'",
    '"[t](u.md)"',
    "[[x]]",
    "[a]",
    "- a",
    "? a",
    "*x",
    "&x y",
    "!t y",
    "é",
    "東",
    "😀",
    "a\u2028b",
    "~",
    "a\x85b",
    "a\xa0",
    "\xa0a",
    "%a",
    "@a",
    "a\tb",
    "",
    " ",
    "_",
    "'",
    '"',
    "a 'b' c",
    "infinity",
    ".inf",
    "TRUE",
    "<<",
    "'a' # c",
    "٣",
    "-1",
    "+1",
    "{a}",
]


def mostly(common: str, odd: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Draw what is odd rarely, since one odd thing is enough for a block to be left."""
    return st.sampled_from([st.just(common)] * 9 + [odd]).flatmap(lambda drawn: drawn)


GAPS = mostly(" ", st.sampled_from(["", "  ", "\t"]))
ENDS = mostly("\n", st.sampled_from(["\r\n", " \n", "\n\n", "\n# c\n", "\r", "\n x\n", "\n- x\n"]))
ODD = st.sampled_from(SCALARS) | st.text(max_size=8) | st.text("ab1.-+e :#'x", max_size=6)
VALUES = st.one_of(mostly("x y", ODD), st.text("ab1.-+e:#", max_size=4).map("a{}".format), ODD)
NAMES = st.sampled_from(["a", "b", "_c", "a-b", "true", "Null"]) | st.sampled_from(
    ["é", "d e", "<<", "'a'", "1", "-a"]
)
INDENTS = mostly("  ", st.sampled_from(["", "   ", "\t"]))
ITEMS = st.lists(st.builds("{}-{}{}{}".format, INDENTS, GAPS, VALUES, ENDS), max_size=3)
PROPERTIES = st.builds("{}{}{}".format, GAPS, VALUES, ENDS) | st.builds(
    "{}{}".format, ENDS, ITEMS.map("".join)
)
PLAIN_BLOCKS = st.lists(st.tuples(NAMES, PROPERTIES), max_size=3).map(
    lambda pairs: f"---\n{''.join(f'{name}:{value}' for name, value in pairs)}---\nbody"
)


def both(text: str) -> tuple[Properties | None, Properties]:
    found = find_block(text)
    assert found
    return read_fast(text, *found), read_yaml(text, *found)


@given(PLAIN_BLOCKS | BLOCKS)
def test_what_is_read_fast_is_what_the_reader_of_all_yaml_reads(text: str) -> None:
    if find_block(text):
        fast, sure = both(text)
        assert fast is None or repr(fast) == repr(sure)


@pytest.mark.parametrize(
    "yaml",
    [
        "title: A: b".replace(": b", ":b"),
        "a: 1\r\nb: 'x'\r\n",
        'tags:\n- a\n- \n- "b"\nempty:\nlast: 2024-01-01 \n',
        "tags:\n  - a\n  - 3\n",
        "up: '[[Home|x]]'\nsee:\n  - \"[t](u.md#h)\"\n",
    ],
)
def test_most_blocks_are_read_fast(yaml: str) -> None:
    fast, sure = both(f"\ufeff---\n{yaml}\n---\n".replace("\n\n", "\n"))
    assert fast is not None
    assert repr(fast) == repr(sure)


@pytest.mark.parametrize(
    "yaml",
    [
        "a: b: c",
        "a: b # c",
        "a: 1\na: 2",
        "a: 1\n  b",
        "a: 1\n- b",
        "a:\n  - b\n - c",
        "- a",
        "a: [b]",
        "a: |\n  b",
        'a: "\\t"',
        "a:b",
        "a: \u00a0b",
        "",
        "a: 'x'\n" * MAX_LENGTH,
    ],
)
def test_what_is_not_as_plain_as_that_is_left(yaml: str) -> None:
    assert both(f"---\n{yaml}\n---\n")[0] is None
