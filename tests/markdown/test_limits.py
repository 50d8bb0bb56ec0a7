"""Texts that would take too long to read are refused, and no others."""

from __future__ import annotations

import time

import pytest

from vaultsync.markdown import parse
from vaultsync.markdown.limits import too_deep

SIZE = 40_000
REFUSED = {
    "quotes": ">" * SIZE + "a\n" + "a\n" * SIZE,
    "lists": "- " * SIZE + "```\n" + "\n" * SIZE,
    "numbers": "1. " * SIZE + "\n" + "a\r" * SIZE,
    "lists by indentation": "".join(f"{'  ' * n}- a\n" for n in range(900)) + "\n" * 3 * SIZE,
    "a line ended by CR": "\r" + ">" * SIZE + "a\r" + "a\r" * SIZE,
    "embeds": "![[a" * SIZE + "]]" * SIZE,
}
READ = {
    "quotes alone": ">" * 2 * SIZE,
    "lists alone": "- " * 2 * SIZE,
    "a rule": "-" * 2 * SIZE + "\n" * 2 * SIZE,
    "digits": "7" * 2 * SIZE + "\n" * 2 * SIZE,
    "columns": "| - | > | 1. |\n" * SIZE,
    "code": f"```\n{' ' * 300}a\n" + "a\n" * SIZE,
    "embeds in a row": "![[a]] " * SIZE,
    "embeds in many paragraphs": ("![[" * 300 + "]]" * 300 + "\n \r\n") * 60,
    "embeds never closed": "![[" * SIZE,
    "ends of embeds": "]]" * SIZE,
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_nests_too_deep_is_refused_quickly(text: str) -> None:
    started = time.monotonic()
    document = parse("n.md", text)
    assert document.error
    assert (document.text, document.links) == ("", ())
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("text", READ.values(), ids=READ)
def test_what_is_only_long_is_read_quickly(text: str) -> None:
    started = time.monotonic()
    assert parse("n.md", text).error is None
    assert time.monotonic() - started < 30


def test_the_error_says_where() -> None:
    text = f"a\n  {'> ' * SIZE}\n" + "a\n" * SIZE
    assert too_deep(text) == (
        f"line 2 starts with {2 * SIZE + 2} characters of quote and list marks, "
        f"too many for a note of {SIZE + 3} lines"
    )
