"""Front matter in the many styles that YAML and people have."""

from __future__ import annotations

import itertools
import re

from hypothesis import strategies as st

WORDS = st.sampled_from(
    ["a", "two words", "Ünïcode 猫", "x, y", "a#b", "1", "2024-01-02", "true", "~", "e\u0301", "😀"]
)
_COMMENT = "# remark"


def _quoted(word: str) -> st.SearchStrategy[str]:
    inner = word.replace("'", "''")
    return st.sampled_from(
        [word, word, f"'{inner}'", f'"{word}"', f'"{word}\\t"', f"'{inner} ''q'''"]
    )


SCALARS = WORDS.flatmap(_quoted)
LINKS = st.sampled_from(
    ["[[Other]]", '"[[OTHER]]"', "'[[other|it]]'", "[[Other, too]]", '"[[Oak]]"', "'[x](OTHER.md)'"]
)
LEAVES = st.one_of(SCALARS, SCALARS, LINKS)


def _indented(indent: str) -> st.SearchStrategy[str]:
    """Return block lists whose items have an indent, with comments and empty lines between."""
    item = st.builds(
        "{}{}- {}{}".format,
        st.sampled_from(["", "", "", "\n", f"{indent}{_COMMENT}\n", f"{_COMMENT}\n"]),
        st.just(indent),
        st.one_of(LEAVES, st.builds("&n {}".format, WORDS), st.just(f"k: v\n{indent}  l: w")),
        st.sampled_from(["", "", f" {_COMMENT}"]),
    )
    return st.lists(item, min_size=1, max_size=3).map(lambda items: "\n" + "\n".join(items))


def _flow(between: str) -> st.SearchStrategy[str]:
    word = st.sampled_from(["a", "'x, y'", '"[[Oak]]"', "猫", "1", '""', "[[Other]]"])
    items = st.lists(word, max_size=3).map(between.join)
    return st.builds("[{}{}]".format, items, st.sampled_from(["", "", ","])) | st.builds(
        "[ {} ]".format, items
    )


TEXTS = st.sampled_from(
    [
        "one\n  two",
        "one\n\n  two",
        "'one\n  two'",
        '"one \\\n  two"',
        "|\n  one\n    two",
        "|-\n  one",
        "|+\n  one\n",
        ">\n  one\n  two",
        ">-\n\n  one",
        "|2\n    one",
    ]
)
VALUES = st.one_of(
    LEAVES,
    LEAVES,
    TEXTS,
    *(_indented(indent) for indent in ("", "  ", "    ", " ")),
    _flow(", "),
    _flow(",\n    "),
    st.sampled_from(["", "null", "''", "[]", "&n x", "{a: 1, b: [x]}", "\n  a: 1\n  b:\n  - x"]),
    st.builds("!!str {}".format, SCALARS),
    SCALARS.map("\n  {}".format),
)
NAMES = st.sampled_from(
    [
        *("title", "source", "cite", "year", "up", "other", "Ünï", "k 2"),
        *("tags", "Tags", "tag", "aliases", "Aliases", "alias", "cssclass", "cssclasses"),
    ]
)
SPELLINGS = st.sampled_from(["{}", "{}", "{}", "'{}'", '"{}"'])
ENTRIES = st.builds(
    lambda name, spelling, colon, value, behind: f"{spelling.format(name)}{colon}{value}{behind}",
    NAMES,
    SPELLINGS,
    st.sampled_from([": ", ": ", ": ", ":   ", " : "]),
    VALUES,
    st.sampled_from(["", "", "", "  ", f" {_COMMENT}", f"\n{_COMMENT}", f"\n\n  {_COMMENT}", "\n"]),
    # A title that is a link has fixes of its own, which no alias follows.
).filter(lambda entry: not re.match(r"\W?title.*\[(\[|x)", entry, re.DOTALL))
BLOCKS = st.lists(ENTRIES, max_size=5).map(lambda entries: "\n".join([*entries, ""]))
SOURCE = "\n## Sources\n\n- original: [T](https://a.org/x), Lee & Kim 2024\n"
BODIES = st.sampled_from(
    ["", "Text.\n", f"Text.\n{SOURCE}", f"\nText.\n{SOURCE}", "---\n\n[[OAK]]"]
)


def _written(mark: str, block: str, body: str, newline: str, *, closed: bool) -> str:
    numbers = itertools.count()
    parts = block.split(_COMMENT)
    # Each comment says something of its own, so that none can stand for another.
    numbered = "".join(
        part if last else f"{part}{_COMMENT} {next(numbers)}"
        for part, last in zip(parts, [*[False] * (len(parts) - 1), True], strict=True)
    )
    fences = ("---\n", "---\n") if closed or body else ("---\n", "---")
    return (mark + fences[0] + numbered + fences[1] + body).replace("\n", newline)


NOTES = st.builds(
    _written,
    st.sampled_from(["", "", "\ufeff"]),
    BLOCKS,
    BODIES,
    st.sampled_from(["\n", "\n", "\r\n"]),
    closed=st.booleans(),
)
"""Notes with front matter; every comment in it is another one, and each stands on one line."""
