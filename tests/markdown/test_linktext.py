from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.markdown import parse
from vaultsync.markdown.links import (
    DESTINATION,
    decode_uri,
    is_external,
    markdown_destination,
    markdown_target,
    split_wikilink,
    wikilink_target,
)

WHOLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@pytest.mark.parametrize(
    ("inner", "parts"),
    [
        ("a", ("a", "", None)),
        (" a b ", ("a b", "", None)),
        ("a|b|c#d", ("a", "", "b|c#d")),
        (r"a\|b", ("a", "", "b")),
        ("a| ", ("a", "", None)),
        ("a #h1#h2 | b ", ("a", "#h1#h2", "b")),
        ("#h", ("", "#h", None)),
        ("a#^id", ("a", "#^id", None)),
        ("https://x.org", ("https://x.org", "", None)),
    ],
)
def test_a_wikilink_has_target_subpath_and_display(
    inner: str, parts: tuple[str, str, str | None]
) -> None:
    assert split_wikilink(inner) == parts
    assert parts[0] in inner


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("a.md", ("a.md", "", False)),
        ("a%20b.md#c%20d", ("a b.md", "#c d", False)),
        ("./a:b.md", ("./a:b.md", "", False)),
        ("#h", ("", "#h", False)),
        ("foo:bar.md", ("foo:bar.md", "", True)),
        ("https://x.org/%20#a", ("https://x.org/%20#a", "", True)),
        ("//x.org/a", ("//x.org/a", "", True)),
    ],
)
def test_a_markdown_destination_is_a_target_or_external(
    written: str, parts: tuple[str, str, bool]
) -> None:
    assert markdown_target(written) == parts


@pytest.mark.parametrize("destination", ["../a:b", "a", "a/b", "", "/a"])
def test_what_has_no_scheme_or_is_relative_is_internal(destination: str) -> None:
    assert not is_external(destination)


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("plain", "plain"),
        ("%C3%A9%f0%9f%98%80", "é😀"),
        ("a%2Fb%2fc%23", "a%2Fb%2fc%23"),
        ("%C3%A9%2f%20", "é%2f "),
        ("%25", "%"),
        ("%2525", "%25"),
        ("50%%20off", "50%%20off"),
        ("%20%", "%20%"),
        ("%C3%2F", "%C3%2F"),
        ("%ff%20", "%ff%20"),
        ("%ED%A0%80", "%ED%A0%80"),
    ],
)
def test_escapes_are_decoded_as_in_javascript(text: str, decoded: str) -> None:
    assert decode_uri(text) == decoded


@given(WHOLE)
def test_what_is_encoded_can_be_decoded(text: str) -> None:
    assert decode_uri(quote(text, safe=";/?:@&=+$,#")) == text


@given(st.text(st.sampled_from("%2fFcC3aA9é"), max_size=12))
def test_decoding_never_raises_and_drops_nothing_it_cannot_read(text: str) -> None:
    decoded = decode_uri(text)
    assert decoded == text or "%" in text


@pytest.mark.parametrize(
    ("destination", "whole"),
    [
        ("https://x.org/a_(b)_c", True),
        ("<a b(.md>", True),
        ("", True),
        ("a b", False),
        ("a)", False),
        ("a(b", False),
        ("<a", False),
    ],
)
def test_parentheses_of_a_destination_are_balanced(destination: str, *, whole: bool) -> None:
    assert bool(re.fullmatch(DESTINATION, destination)) is whole


NAMES = st.text(st.sampled_from("ab é/#|^[]()<>%20\\`:?&'\"\n"), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("text", "wiki", "destination"),
    [
        ("a b", "a b", "a%20b"),
        ("a/b.md", "a/b.md", "a/b.md"),
        ("#A (b)", "#A (b)", "#A%20%28b%29"),
        ("50% é", "50% é", "50%25%20é"),
        ("a#b", None, None),
        ("a|b", None, "a%7Cb"),
        ("a: b", "a: b", None),
        ("a]", None, "a%5D"),
        ("a\\", None, "a%5C"),
        ("a]]b", None, "a%5D%5Db"),
        ("#a [x](y)", None, "#a%20%5Bx%5D%28y%29"),
        ("what?", "what?", "what?"),
        ("a%20b", "a%20b", "a%2520b"),
        ("//a", "//a", None),
        ("a\x7fb", "a\x7fb", "a%7Fb"),
    ],
)
def test_how_a_target_or_a_subpath_is_written(
    text: str, wiki: str | None, destination: str | None
) -> None:
    assert (wikilink_target(text), markdown_destination(text)) == (wiki, destination)


@given(NAMES, st.sampled_from(["", "#"]))
def test_what_is_written_is_read_as_it(name: str, mark: str) -> None:
    text = mark + name.strip()
    wiki, destination = wikilink_target(text), markdown_destination(text)
    for written in (wiki and f"[[{wiki}]]", destination and f"[x]({destination})"):
        if written and text:
            (link,) = parse("n.md", f"{written}, y").links
            assert (link.target + link.subpath, link.span.end) == (text, len(written))
