"""Footnotes: without a definition, without a reference, and with two definitions."""

from __future__ import annotations

import pytest
from tests.lint.notes import found

from vaultsync.markdown import parse
from vaultsync.markdown.footnotes import REFERENCE
from vaultsync.publish.compose.anchors import uses

UNDEFINED = [
    "It holds[^1].",
    "- item[^1]",
    "> quote[^1]",
    "# Title[^1]",
    "| a[^1] |\n|---|\n| b |",
    "[^1] begins, and [^1]: goes on",
    "Text[^2].\n\n[^2]: See[^1].",
    "**bold[^1]**",
    "猫[^1]",
    "---\na: b\n---\n[^1]",
]


@pytest.mark.parametrize("text", UNDEFINED)
def test_a_footnote_without_a_definition_is_an_error_as_publish_has_it(text: str) -> None:
    message = "there is no footnote `[^1]`: write `[^1]: …` below"
    assert found("MRK009", text) == [("[^1]", message)]
    document = parse("n.md", text)
    whole = [label for _, label in uses(document, REFERENCE)]
    assert "1" in whole or text.endswith("See[^1].")
    assert found("MRK009", f"{text}\n\n[^1]: Mostly.\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "A[^A] b[^a].\n\n[^a]: Both.",
        "`[^1]` and ``[^1]``",
        "```\n[^1]\n```",
        "Text.\n\n    [^1]",
        "$[^1]$",
        "\\[^1]",
        "[^1](https://example.org)",
        "[^1][ref]\n\n[ref]: https://example.org",
        "[^ 1] [^]",
        "<!-- [^1] -->",
        "[[n|a [^1]]]",
        "---\na: '[^1]'\n---\n",
        "^[inline]",
    ],
)
def test_what_is_no_footnote_needs_no_definition(text: str) -> None:
    assert found("MRK009", text, {"n.md": "x\n"}) == []


def test_a_footnote_that_nothing_refers_to() -> None:
    text = "A[^a] `[^c]`.\n\n[^A]: A.\n[^b]: B, see [^d].\n[^c]: C.\n[^d]: D.\n"
    assert found("MRK010", text) == [("[^b]", "nothing refers to `[^b]`")]
    assert found("MRK010", "Text.\n") == []


def test_a_footnote_that_is_defined_twice() -> None:
    text = "A[^a].\n\n[^a]: A.\n[^b]: B.\n\n > [^A]: Again.\n\n[^a]: Again.\n"
    message = "the footnote `[^{}]` is defined twice"
    expected = [(f"[^{label}]", message.format(label)) for label in "Aa"]
    assert found("MRK011", text) == expected
