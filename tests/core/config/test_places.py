"""Where each key of the settings is."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.core.config.places import Key, key_offsets, with_places
from vaultsync.core.text import Lines

ROOT = Path(__file__).parents[3]
NESTED = r'''
# a = 0
a = 1
b = [
  1, # c = 2, [x]
  ["y"]
  , []]

d = """
e = 3
[f] \""""""
"".g."h i" = 4 # [z]
[j.k]
  l = { m = 5, n.o = [{}, { p = '}' }] }
q = 'r'
s = 1979-05-27 07:32:00

[[t.'u']]
v = 7.5
[[ t . "u" ]]
w = 8
[t.u.x]
y = 9
[[t.u.x.z]]
[z]
'''
PLACES = {
    "a": (3, 1),
    "b": (4, 1),
    "b[0]": (5, 3),
    "b[1]": (6, 3),
    "b[1][0]": (6, 4),
    "b[2]": (7, 5),
    "d": (9, 1),
    "": (12, 1),
    ".g": (12, 1),
    ".g.h i": (12, 1),
    "j": (13, 1),
    "j.k": (13, 1),
    "j.k.l": (14, 3),
    "j.k.l.m": (14, 9),
    "j.k.l.n": (14, 16),
    "j.k.l.n.o": (14, 16),
    "j.k.l.n.o[0]": (14, 23),
    "j.k.l.n.o[1]": (14, 27),
    "j.k.l.n.o[1].p": (14, 29),
    "j.k.q": (15, 1),
    "j.k.s": (16, 1),
    "t": (18, 1),
    "t.u": (18, 1),
    "t.u[0]": (18, 1),
    "t.u[0].v": (19, 1),
    "t.u[1]": (20, 1),
    "t.u[1].w": (21, 1),
    "t.u[1].x": (22, 1),
    "t.u[1].x.y": (23, 1),
    "t.u[1].x.z": (24, 1),
    "t.u[1].x.z[0]": (24, 1),
    "z": (25, 1),
}
WORDS = st.sampled_from(["a", "b", "c.d", "e f", "", "'", '"', "[x]", "# y", "=", "{", "é", "1"])
SCALARS = st.sampled_from(
    [
        *("1", "-1.5", "1979-05-27 07:32:00", "true"),
        *('"[x] = {"', r'"\""', "'#'", '""', "'''''a'''''"),
        '"""\na = 1\n[b]\\"""""""',
        "'''\n[[c]] # \n'''",
    ]
)


def keys(data: Any, before: Key = ()) -> Iterator[Key]:
    """Yield each key and each item below a value."""
    if isinstance(data, dict | list):
        for name, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield (*before, name)
            yield from keys(value, (*before, name))


def dotted(key: Key) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in key)
    return "".join(parts)[1:]


def quoted(name: str) -> str:
    return f"'{name}'" if '"' in name else f'"{name}"'


@st.composite
def values(draw: st.DrawFn, depth: int = 0) -> str:
    """Draw a value as TOML."""
    kind = draw(st.integers(0, 2 if depth < 3 else 0))
    if kind == 0:
        return draw(SCALARS)
    if kind == 1:
        items = draw(st.lists(values(depth + 1), max_size=3))
        gap = draw(st.sampled_from(["", " ", "\n", " # [x] = 1,\n"]))
        return f"[{gap}{f'{gap},{gap}'.join(items)}{gap}]"
    names = draw(st.lists(WORDS, max_size=3, unique=True))
    pairs = (f"{quoted(name)}= {draw(values(depth + 1))}" for name in names)
    return f"{{{', '.join(pairs)}}}"


@st.composite
def tables(draw: st.DrawFn) -> str:
    """Draw settings with tables, lists of tables, and below them tables of their items."""
    lines = []
    header = st.tuples(st.sampled_from(["[{}]", "[[{}]]", "[ {} ] # x", "[[ {} ]]"]), WORDS, WORDS)
    for form, *names in draw(st.lists(header, max_size=4)):
        lines.append(form.format(" . ".join(map(quoted, names[: draw(st.integers(1, 2))]))))
        for name in draw(st.lists(WORDS, max_size=3, unique=True)):
            rest = draw(st.sampled_from(["", '.x . "y"']))
            lines.append(f"{quoted(name)}{rest} = {draw(values())}")
    return draw(st.sampled_from(["\n", "\r\n"])).join([*lines, ""])


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_each_key_and_item_has_the_place_where_it_begins(newline: str) -> None:
    text = NESTED.replace("\n", newline)
    lines = Lines(text)
    places = {dotted(key): lines.position(offset) for key, offset in key_offsets(text).items()}
    assert places == PLACES


@given(tables())
def test_all_that_toml_holds_has_a_place_and_nothing_else(text: str) -> None:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert set(key_offsets(text)) == set(keys(data))


@pytest.mark.parametrize("path", ["vault/vaultsync.toml", "src/vaultsync/scaffold/vaultsync.toml"])
def test_the_line_holds_the_key(path: str) -> None:
    text = (ROOT / path).read_text()
    offsets = key_offsets(text)
    assert set(offsets) == set(keys(tomllib.loads(text)))
    for key, offset in offsets.items():
        assert isinstance(key[-1], int) or key[-1] in Lines(text).line_text(offset)


@pytest.mark.parametrize(
    ("text", "problem", "shown"),
    [
        ("a = 1\r\nb = 2\r\n", "`b` is", ["vaultsync.toml:2:1: `b` is", "    2 | b = 2"]),
        ("[a]\n", "`a.b` is missing", ["vaultsync.toml:1:1: `a.b` is missing", "    1 | [a]"]),
        ("a = 1\n'a`b' = 2", "`a`b` is", ["vaultsync.toml:2:1: `a`b` is", "    2 | 'a`b' = 2"]),
        ("'a.b' = 1\na.b = 2", "`a.b` is", ["vaultsync.toml: `a.b` is"]),
        ("a = 1", "`b` is", ["vaultsync.toml: `b` is"]),
        ("a = 1", "the file is", ["vaultsync.toml: the file is"]),
    ],
)
def test_a_problem_has_its_place_where_that_is_certain(
    text: str, problem: str, shown: list[str]
) -> None:
    assert list(with_places([f"vaultsync.toml: {problem}"], text)) == shown


def test_a_problem_of_something_else_stays_as_it_is() -> None:
    problem = "--select: there is no rule `a`"
    assert list(with_places([problem], "a = 1")) == [problem]


@pytest.mark.parametrize(
    "text",
    [
        f'a = """{"x" * 500_000}"""',
        f"a = '''{chr(10) * 500_000}'''",
        f"a = [{'1, ' * 100_000}]",
        f'a = "{"=" * 500_000}"',
        f"a = {'1' * 4_000}",
        f"a = [{'{}, ' * 100_000}]",
        "".join(f"a{number} = 1\n" for number in range(10_000)),
    ],
    ids=["text", "lines", "items", "equal signs", "digits", "tables", "keys"],
)
def test_long_settings_take_time_with_their_length(text: str) -> None:
    assert set(key_offsets(text)) == set(keys(tomllib.loads(text)))
