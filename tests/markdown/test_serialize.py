from __future__ import annotations

import msgspec
import pytest
from fuzz.texts import NOTES
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from vaultsync.core.model import Document
from vaultsync.markdown import from_bytes, kind_of, parse, to_bytes

CANVAS = '{"nodes": [{"type": "file", "file": "a.md", "subpath": "#b"}]}'


def again(document: Document) -> Document | None:
    data = to_bytes(document)
    return from_bytes(document.path, document.kind, document.content, data) if data else None


def said(document: Document | None) -> str:
    """Return all of a document, with the links that are read only when they are asked for."""
    assert document
    return repr(replace(document, external_source=document.external))


@given(NOTES)
def test_facts_are_the_same_after_they_were_kept(text: str) -> None:
    document = parse("a.md", text)
    found = again(document)
    assert found is None or said(found) == repr(document)
    assert found or not text.isascii() or "\\" in text


@pytest.mark.parametrize("path", ["a.canvas", "a.base", "a.md"])
def test_each_kind_is_kept(path: str) -> None:
    document = parse(path, CANVAS)
    assert kind_of(path) == document.kind
    assert said(again(document)) == repr(document)


def test_an_error_is_kept_and_has_no_text() -> None:
    document = parse("a.md", b"\xff")
    assert said(again(document)) == repr(document)
    data = to_bytes(document)
    assert data
    found = from_bytes("a.md", "note", lambda: "never asked for", data)
    assert found
    assert found.text == ""


def test_a_text_is_asked_for_only_when_it_is_needed() -> None:
    data = to_bytes(parse("a.md", "[[b]]"))
    assert data
    found = from_bytes("a.md", "note", lambda: "read now", data)
    assert found
    assert found.links[0].target == "b"
    assert found.text == "read now"


def test_links_out_of_the_vault_that_were_kept_wrongly_are_read_again() -> None:
    text = "[a](https://example.org)"
    data = to_bytes(parse("a.md", text))
    assert data
    # The same bytes with a kind that no link has.
    wrong = data.replace(b"markdown", b"markdawn")
    found = from_bytes("a.md", "note", lambda: text, wrong)
    assert found
    assert found.links == parse("a.md", text).links
    found = from_bytes("a.md", "note", text, wrong)
    assert found
    assert found.links == parse("a.md", text).links != ()


def test_what_cannot_be_kept_is_not() -> None:
    assert to_bytes(parse("a.md", "[[\ud800]]")) is None


@given(st.binary() | st.lists(st.integers(0, 9) | st.text()).map(msgspec.msgpack.encode))
def test_bytes_that_are_no_facts_are_nothing(data: bytes) -> None:
    assert from_bytes("a.md", "note", "", data) is None


@given(NOTES)
def test_links_that_lead_out_may_be_read_later(text: str) -> None:
    assert said(parse("a.md", text, external=False)) == repr(parse("a.md", text))
