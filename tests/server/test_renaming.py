"""Renaming from the editor: what is at a place, and files that the editor moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from tests.server.client import CAPABILITIES, Client, Message, serving
from tests.server.test_session import place
from tests.vaults import make

from vaultsync.core.text import Edit, Span, apply_edits

NOTE = """---
tags: [old, other]
---
# Top

Text #old/x. ^mark

## Below

[[s]] #
"""
FILES = {
    "vaultsync.toml": "",
    "A/note.md": NOTE,
    "A/i.png": "",
    "s.md": "[[note]] [[note#Below|b]] [[note#^mark]] [[#none]] [[nowhere]] ![[i.png]]\n",
    "t.md": "# [[note#Top]]\n\n[[note#None]] [[b.base#View]]\n",
    "b.base": "views:\n  - type: table\n    name: View\n",
}
_ALL = {"willRename": True, "didRename": True}
_CAPABILITIES = {**CAPABILITIES, "workspace": {"fileOperations": _ALL}}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Start a server whose vault no test changes."""
    root = make(tmp_path_factory.mktemp("v"), FILES)
    with serving(root, capabilities=_CAPABILITIES) as started:
        yield started


def texts(client: Client, edit: Message, opened: Mapping[str, str] = {}) -> dict[str, str]:
    """Return the files that an edit changes, by the path that each has then."""
    found: dict[str, str] = {}
    for change in edit["documentChanges"]:
        if change.get("kind") == "rename":
            old, new = (name(client, change[key]) for key in ("oldUri", "newUri"))
            found[new] = found.pop(old, "")
            continue
        path = name(client, change["textDocument"]["uri"])
        text = opened.get(path) or FILES[path]
        lines = text.splitlines(keepends=True)
        spans = [
            Span(*(_offset(lines, one["range"][end]) for end in ("start", "end")))
            for one in change["edits"]
        ]
        edits = zip(spans, change["edits"], strict=True)
        found[path] = apply_edits(text, [Edit(span, one["newText"]) for span, one in edits])
    return found


def name(client: Client, uri: str) -> str:
    return unquote(uri.removeprefix(f"{client.root.as_uri()}/"))


def _offset(lines: list[str], position: Message) -> int:
    return sum(map(len, lines[: position["line"]])) + int(position["character"])


def at(client: Client, path: str, text: str, within: str, **more: Any) -> Message:
    return {
        "textDocument": {"uri": client.uri(path)},
        "position": place(text, text.index(within)),
        **more,
    }


@pytest.mark.parametrize(
    ("path", "within", "expected"),
    [
        ("s.md", "note]] [[note#B", "note"),
        ("s.md", "Below", "Below"),
        ("s.md", "b]] ", "Below"),
        ("s.md", "mark", "mark"),
        ("s.md", "#none", None),
        ("s.md", "nowhere", None),
        ("s.md", "i.png", "i.png"),
        ("t.md", "Top", "Top"),
        ("t.md", "None", "note"),
        ("t.md", "View", "b.base"),
        ("A/note.md", "old, ", "old"),
        ("A/note.md", "x. ", "old/x"),
        ("A/note.md", "mark", "mark"),
        ("A/note.md", "Below", "Below"),
        ("A/note.md", "Text", None),
        ("A/note.md", "---", None),
    ],
)
def test_what_is_at_a_place_can_be_renamed(
    client: Client, path: str, within: str, expected: str | None
) -> None:
    params = at(client, path, FILES[path], within)
    found = client.request("textDocument/prepareRename", params)
    assert (found and found["placeholder"]) == expected
    if expected is None:
        renamed = client.request("textDocument/rename", {**params, "newName": "x"})
        assert renamed is None


@pytest.mark.parametrize(
    ("path", "within", "new", "expected"),
    [
        (
            "s.md",
            "note]] [[note#B",
            "New one",
            {
                "A/New one.md": "aliases:\n  - note\n",
                "s.md": "[[New one]] [[New one#Below|b]]",
                "t.md": "# [[New one#Top]]\n\n[[New one#None]]",
            },
        ),
        ("s.md", "i.png", "\ud800", {"A/\ufffd.png": "", "s.md": "![[\ufffd.png]]"}),
        ("s.md", "i.png", "B/j", {"B/j.png": "", "s.md": "![[j.png]]"}),
        ("s.md", "Below", "C", {"A/note.md": "## C\n", "s.md": "[[note]] [[note#C|b]]"}),
        ("A/note.md", "Top", "T", {"A/note.md": "# T\n", "t.md": "# [[note#T]]\n"}),
        ("A/note.md", "mark", "^new", {"A/note.md": ". ^new\n", "s.md": "[[note#^new]]"}),
        ("A/note.md", "old, ", "#new", {"A/note.md": "Text #new/x. ^mark"}),
        ("A/note.md", "old/x.", "y", {"A/note.md": "Text #y. ^mark"}),
    ],
)
def test_what_is_renamed_is_followed(
    client: Client, path: str, within: str, new: str, expected: dict[str, str]
) -> None:
    params = at(client, path, FILES[path], within, newName=new)
    found = texts(client, client.request("textDocument/rename", params))
    assert found.keys() == expected.keys()
    for changed, text in expected.items():
        assert text in found[changed]


@pytest.mark.parametrize(
    ("path", "within", "new", "message"),
    [
        ("s.md", "note]] [[note#B", "/s", "s.md: there is one of this name"),
        ("s.md", "note]] [[note#B", "a#b", "holds `#`, which a link cannot"),
        ("s.md", "note]] [[note#B", "a\0b", "control"),
        ("s.md", "note]] [[note#B", "x" * 300, "is longer than 255 bytes"),
        ("s.md", "Below", "???", "cannot be written so that it leads to the same place"),
        ("A/note.md", "mark", "a b", "a block is named by letters, digits and `-` alone"),
        ("A/note.md", "old, ", "other", "there is a tag #other"),
    ],
)
def test_what_cannot_be_is_an_error_with_the_reason(
    client: Client, path: str, within: str, new: str, message: str
) -> None:
    params = at(client, path, FILES[path], within, newName=new)
    answer = client.answer(client.start("textDocument/rename", params))
    assert answer["error"]["code"] == -32803
    assert message in answer["error"]["message"]
    assert client.shown == []


def test_files_that_the_editor_moves_are_followed_with_its_open_texts(tmp_path: Path) -> None:
    with serving(make(tmp_path, FILES), capabilities=_CAPABILITIES) as started:
        _move(started)


def _move(client: Client) -> None:
    text = "typed [[note]] [[A/note]]\n"
    client.open("s.md", text)
    files = [
        {"oldUri": client.uri("A"), "newUri": client.uri("B")},
        {"oldUri": client.uri("t.md"), "newUri": client.uri("u.md")},
        {"oldUri": client.uri("s.md"), "newUri": "file:///elsewhere/s.md"},
    ]
    edit = client.request("workspace/willRenameFiles", {"files": files})
    found = texts(client, edit, {"s.md": text})
    assert found["s.md"] == "typed [[note]] [[B/note]]\n"
    assert "  - t\n" in found["t.md"]
    for old, new in (("A", "B"), ("t.md", "u.md")):
        (client.root / old).rename(client.root / new)
    (client.root / "x.md").write_text("[[B/note]] [[u]]\n")
    client.notify("workspace/didRenameFiles", {"files": files})
    params = {"textDocument": {"uri": client.uri("x.md")}}
    links = client.request("textDocument/documentLink", params)
    assert [name(client, one["target"]) for one in links] == ["B/note.md", "u.md"]


def test_files_outside_the_vault_are_not_followed(client: Client) -> None:
    files = [{"oldUri": "file:///x/a.md", "newUri": "file:///x/b.md"}]
    assert client.request("workspace/willRenameFiles", {"files": files}) is None
    files = [{"oldUri": client.uri("A/note.md"), "newUri": client.uri("a|b.md")}]
    answer = client.answer(client.start("workspace/willRenameFiles", {"files": files}))
    assert "cannot be written so that it leads to a|b.md" in answer["error"]["message"]


def test_no_place_of_an_unknown_text_can_be_renamed(client: Client) -> None:
    params = at(client, "none.md", "x", "x")
    assert client.request("textDocument/prepareRename", params) is None
