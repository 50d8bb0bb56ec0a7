"""Strategies for hostile texts: pieces of syntax recombined, nested and repeated."""

from __future__ import annotations

import json
from collections.abc import Sequence

from hypothesis import strategies as st


def pieces(text: str) -> tuple[str, ...]:
    """Split at `·`: spaces and line breaks are part of many pieces."""
    return tuple(text.split("·"))


PIECES = pieces(
    "[·]·[[·]]·![·![[·[[a]]·[[a#b|c]]·![[a.png|100]]·](·](a)·](<a b>)·](b.md#c 'd')·(·)·<·>·|·\\|·"
    "%20·%·#·##·#t·#1·#a/b·^·^id· ^id\n·`·``·```\n·~~~\n·$·$$·*·**·_·~~·==·\\·\\[·\\`·%%·%%%%·"
    "<!--·-->·<div>·</div>·<a href='·<b>·<?·<![CDATA[·- ·* ·1. ·12) ·- [x] ·- [ ] ·> ·> [!note]·"
    "    ·\t·# ·###### ·===\n·---\n·***\n·|a|b|\n|-|-|\n·| a ·|-|·[^1]·[^1]: ·^[·[a]: b\n·"
    "[a]: <b> 'c'\n·[a](b.md)·![a](b.png)·[a]·[a][]·https://x.org/a_(b)·www.x.org·a@b.org·:·&amp;·"
    "&#0;·&·a·b c·{·}·\"·'·…·“·original: ·answered: ·(crux: ·tension: ·Caveat: ·;·, 2024·"
    "# Sources\n·## Related\n·# Open questions\n·[[a `b]]·![[$a]]·[[a|<b c='d]]"
)
# What is read without pulldown-cmark, and what comes close to it.
PLAIN_PIECES = pieces(
    "a·b c· ·\n·\n\n·é·😀·(·)·!·]·:·'·\"·%% ·|·&·&amp;·*a*·**b** ·_c_·#·# ·\n# a·\n## b c  \n·"
    "\n\n#t· #t·#t/·🔸#t·\\#t·\\[·\\a· ^·^id·\n^id·\n- ^id\n- · ^id\n<!-- a -->·\n- a·"
    "\n* [[a]]·\n1. b·\n2) c·\n    - d·\n\te·\n  f·\n   - g·\n> h·\n>·\n---\n·\n\n---\n\n·"
    "\n\n***\n·\n___\n·\n```a\nb [[c]]\n```·`d`·``e``·``f ` g``·<b>·</b>·<a href='b'>·<br/>·"
    "\n<b>·\n<div>·\n\n<p>\na\n\n·<!-- a -->·\n<!-- a\n[[b]]\n--> c·<http://a>·<a@b.c>·<a.b>·"
    " < ·[[a]]·[[a#b|c]]·[[ a|b ]]·![[a|100]]·[a](http://b)·[a](b.md#c%20d)·[a]()·[a](b c)·[a] ·"
    '![a](https://b.c/d?e&f=(g) "h")·[`a` <b>c</b> #1](x://y)·a [b]: c·$5 ·  \n'
)
YAML_PIECES = pieces(
    "a·b·a: ·b:\n·'a': ·\"a\": ·? ·: ·- ·  ·    ·\t·[·]·{·}·,·&x ·*x·<<: ·!·!!int ·!!str ·!!map ·"
    "!t ·|·>·|-\n·>+\n·|2\n·'·\"·''·\\·\\x41·\\ud800·#· #c\n·~·null·true·yes·1·0x1f·1e3·.inf·"
    "2024-01-01·...\n·--- ·%YAML 1.1\n·@·`·%·=·[[a]]·\"[[a#b|c]]\"·'[a](b.md)'·tags: ·aliases: ·"
    "[a, b]·{a: b}·- a\n·- - \n·  - a\n·  b: c\n"
)
ODD = pieces(
    "\f·\v·\x1c·\x7f·\x85·\xa0·\xad·\u200b·\u2028·\u2029·\u202e·\ufeff·\ufffd·\uffff·\U000f0000·"
    "\U00100001·\U0010ffff·😀·👩‍👩‍👧·é·e\u0301·ﬁ·ß·ς·İ·標签·عربي·ａ"
)
# In YAML each of them is an error.
NO_TEXT = ("\0", "\ud800", "\udfff")
BREAKS = ("\n", "\n", "\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\n\r", "\n \n")
LINE_STARTS = ("", "> ", ">", "- ", "  ", "    ", "\t", "1. ", "   ", "| ", "[^1]: ", "# ")


def joined(*parts: str, most: int = 12, odd: Sequence[str] = ODD) -> st.SearchStrategy[str]:
    """Return a strategy for rows of such pieces, odd characters and line breaks."""
    common = st.sampled_from(parts)
    piece = common | st.sampled_from(BREAKS) | st.sampled_from(odd)
    return st.lists(common | common | piece, max_size=most).map("".join)


def _mostly(one: st.SearchStrategy[str], other: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    # `one | one | other` would be flat, and what `other` is made of would count as much as `one`.
    return st.sampled_from([one, one, one, other]).flatmap(lambda chosen: chosen)


def _tangled(leaf: st.SearchStrategy[str], parts: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Nest, repeat and put side by side what a strategy yields."""
    piece, times = st.sampled_from(parts), st.sampled_from((2, 3, 7, 40))
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(lambda *parts: "".join(parts), piece, inner, piece),
            st.builds(lambda text, count: text * count, inner, times),
            st.builds(lambda one, other: one + other, inner, inner),
            st.builds(_nested, piece, inner, piece, times),
            st.builds(_led, inner, st.sampled_from(LINE_STARTS)),
        ),
        max_leaves=6,
    )


def _nested(opening: str, text: str, closing: str, times: int) -> str:
    return opening * times + text + closing * times


def _led(text: str, start: str) -> str:
    return start + text.replace("\n", f"\n{start}")


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")


def _blocks(inner: st.SearchStrategy[str], before: str) -> st.SearchStrategy[str]:
    return st.lists(inner, min_size=1, max_size=3).map(
        lambda items: "".join(f"\n{before}{_indented(item)}" for item in items)
    )


TEXTS = joined(*YAML_PIECES, *PIECES, most=4) | st.sampled_from(["", "x", "[[a#b|c]]", "[a](<b>)"])
QUOTED = TEXTS.map(lambda text: _indented(text).replace("'", "''")).map("'{}'".format) | st.builds(
    json.dumps, TEXTS, ensure_ascii=st.booleans()
)
FLOWS = st.recursive(
    QUOTED | st.sampled_from(["x", "x y", "1", "1.0", "true", "~", "*n", "&n z", "2024-01-01"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(", ".join).map("[{}]".format),
        st.builds("{{a: {}, <<: {}}}".format, inner, inner),
    ),
    max_leaves=4,
)
VALUES = st.recursive(
    FLOWS
    | st.sampled_from(["", "é #1", "|\n  x", ">-\n  x\n\n  y", "|+\n  x\n", "x\n  y", "-", "# c"])
    | joined(*YAML_PIECES, most=2),
    lambda inner: st.one_of(
        _blocks(inner, "- "),
        _blocks(inner, "  - "),
        st.builds("\n  a: {}\n  <<: {}".format, inner.map(_indented), inner.map(_indented)),
    ),
    max_leaves=4,
)
NAMES = st.sampled_from(
    ["a", "'b'", '"\\x63"', "tags", "aliases", "d e", "1", "<<", "é", "? f\n", "&k g"]
)
PROPERTIES = st.lists(
    st.tuples(
        NAMES,
        st.sampled_from([": ", ": ", ": ", ": ", ":  ", " : "]),
        VALUES,
        st.sampled_from(["", "", "", " # c", "\n# c", "\n"]),
    ),
    max_size=5,
    unique_by=lambda parts: parts[0],
).map(lambda lines: "\n".join("".join(parts) for parts in lines))
BODIES = _mostly(
    _tangled(joined(*PIECES, odd=ODD + NO_TEXT), PIECES), st.text(st.characters(), max_size=20)
)
# One odd piece in a text is enough for it not to be plain.
PLAIN = st.lists(
    st.sampled_from(
        [st.sampled_from(PLAIN_PIECES)] * 19 + [st.sampled_from(PIECES + LINE_STARTS)]
    ).flatmap(lambda drawn: drawn),
    max_size=12,
).map("".join)
BLOCKS = _mostly(PROPERTIES, _tangled(joined(*YAML_PIECES, odd=ODD + NO_TEXT), YAML_PIECES))
NEWLINES = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])
SECTIONS = st.builds("{}# Sources\n{}# Related\n{}".format, BODIES, BODIES, BODIES)
NOTES = st.builds(
    lambda mark, head, body, newline: (mark + head + body).replace("\n", newline),
    st.sampled_from(["", "", "\ufeff"]),
    _mostly(st.builds("---\n{}\n---{}\n".format, BLOCKS, st.sampled_from(["", " "])), st.just("")),
    BODIES,
    NEWLINES,
)
HEADS = st.builds(
    lambda block, body, newline: f"---\n{block}\n---\n{body}".replace("\n", newline),
    BLOCKS,
    st.just("") | joined(*PIECES, most=4),
    st.sampled_from(["\n", "\r\n"]),
)
