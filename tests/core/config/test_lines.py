"""Where a setting stands in its file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from vaultsync.core.config.lines import key_lines

ROOT = Path(__file__).parents[3]
TEXT = """\
# a = 0

a = 1
b = [
  1, # c = 2
  2,
]
d = '''
e = 3
[f]
'''
"g h".i = 4 # [z]
[j.k]
  l = { m = 5, n.o = 6 }

[[p.q]]
r = 7
[[p.q]]
s = 8
[p.q.t]
u = 9
[v]
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_each_key_has_the_line_in_which_it_begins(newline: str) -> None:
    assert key_lines(TEXT.replace("\n", newline)) == {
        ("a",): 3,
        ("b",): 4,
        ("d",): 8,
        ("g h",): 12,
        ("g h", "i"): 12,
        ("j", "k"): 13,
        ("j", "k", "l"): 14,
        ("j", "k", "l", "m"): 14,
        ("j", "k", "l", "n"): 14,
        ("j", "k", "l", "n", "o"): 14,
        ("p", "q"): 16,
        ("v",): 22,
    }


@pytest.mark.parametrize("path", ["vault/vaultsync.toml", "src/vaultsync/scaffold/vaultsync.toml"])
def test_the_line_holds_the_key(path: str) -> None:
    text = (ROOT / path).read_text()
    lines = key_lines(text)
    assert len(lines) > 40
    for key, line in lines.items():
        assert key[-1] in text.split("\n")[line - 1]


def test_no_text_has_no_lines() -> None:
    assert key_lines("") == key_lines("# nothing\n\n") == {}


def test_what_is_not_toml_is_refused() -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        key_lines("a = 1\na = 2\n")
