"""Long texts are read in time that grows with their length: what the parser is given of them."""

from __future__ import annotations

from collections.abc import Callable

import pyromark
import pytest

from vaultsync.blocks.comments import without_comments
from vaultsync.markdown.links import prefer_wikilinks

# Of each long text at most so many times its length is parsed.
MOST = 12
CODE = "`a` %%b%% and\n`c` <!-- d -->\n\n"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (without_comments, CODE * 200),
        (without_comments, CODE * 200 + "[a]: b\n"),
        (without_comments, "```\n" + "%%a%%\n\n" * 400 + "```\n\n" + CODE),
        (prefer_wikilinks, "words\n\n" * 400 + "[[a`b]] c\n" * 30),
    ],
    ids=["comments", "definition", "code", "links"],
)
def test_a_long_text_is_not_parsed_for_each_mark(
    change: Callable[[str], str], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    parser = pyromark.events_with_range

    def counted(text: str, *, options: pyromark.Options) -> object:
        given.append(len(text))
        return parser(text, options=options)

    monkeypatch.setattr(pyromark, "events_with_range", counted)
    assert change(text) != text or "```" in text
    assert 0 < sum(given) <= MOST * len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # What an address elsewhere makes of the text decides where code begins.
        ("`a`\n\n[b][`c]%%d%% `\n\n[`c]: e\n", "`a`\n\n[b][`c] `\n\n[`c]: e\n"),
        ("`a` %%b%%\n\n- c\n\n%%d%%\n\n    `e` %%f%%\n", "`a`\n\n- c\n\n    `e`\n"),
        ("a\n\n```\n%%b%%\n\n%%c%%\n```\n\n%%d%%\n", "a\n\n```\n%%b%%\n\n%%c%%\n```\n"),
    ],
)
def test_comments_are_found_by_all_that_is_around_them(text: str, expected: str) -> None:
    assert without_comments(text).rstrip() == expected.rstrip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a [[b`c]] d` e\n\nf [[g`h]] i` j\n", "a [[bxc]] d` e\n\nf [[gxh]] i` j\n"),
        ("a [[b`c]] d` e\n\nf\n\n[k]: m\n", "a [[bxc]] d` e\n\nf\n\n[k]: m\n"),
        ("a\n\n[^1]:   \n\t[^1]: [[a`b]] c`\n", "a\n\n[^1]:   \n\t[^1]: [[axb]] c`\n"),
    ],
)
def test_each_block_is_mended_as_it_is_read_in_its_place(text: str, expected: str) -> None:
    assert prefer_wikilinks(text) == expected
