"""Names of files, attachments among them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.lint.settings import CONFIG
from tests.vaults import make, run

from vaultsync.core.config import LintSettings
from vaultsync.core.model import Vault
from vaultsync.lint import engine
from vaultsync.lint.context import Context
from vaultsync.markdown import parse

NFD = "e\u0301"
LONG = "a" * 120


def told(rule: str, *paths: str) -> list[tuple[str, str]]:
    """Return path and message of each finding in a vault of such files."""
    documents = {path: parse(path, b"Text.\n") for path in paths if path.endswith(".md")}
    context = Context(Vault(documents, frozenset(paths)), CONFIG)
    selection = engine.select(LintSettings(select=(rule,)))
    return [(found.path, found.message) for found in engine.findings(context, selection)]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("C#.md", "holds `#`, which a link cannot"),
        ("a|b^c.png", "holds `|` and `^`, which a link cannot"),
        ("[[a]].md", "holds `[[` and `]]`, which a link cannot"),
        ("100%%.md", "holds `%%`, which a link cannot"),
        ("a: b: c.pdf", "holds `:`, which not every system can"),
        ("a\\b.md", "holds `\\`, which not every system can"),
    ],
)
def test_a_name_that_a_link_or_a_system_cannot_hold(name: str, message: str) -> None:
    assert told("FIL007", f"ok/{name}") == [(f"ok/{name}", f"the file's name {message}")]


@pytest.mark.parametrize("name", ["a [b] (c).md", "50%.md", "a, b; c & d!.png", "…–é.md", "a.b.md"])
def test_names_that_are_no_trouble(name: str) -> None:
    assert told("FIL007", name) == told("FIL008", name) == told("FIL010", name) == []


def test_a_folder_is_told_of_once() -> None:
    paths = ("C#/a.md", "C#/b/c.md", "C#/b/d.png", "C#/b#/e.md")
    assert told("FIL007", *paths) == [
        ("C#/a.md", "the name of the folder `C#` holds `#`, which a link cannot"),
        ("C#/b#/e.md", "the name of the folder `C#/b#` holds `#`, which a link cannot"),
    ]


@pytest.mark.parametrize(
    ("path", "what"),
    [
        (f"{NFD}.md", "the file's name"),
        (f"{NFD}.png", "the file's name"),
        (f"{NFD}/a.md", f"the name of the folder `{NFD}`"),
    ],
)
def test_a_name_that_is_not_composed(path: str, what: str) -> None:
    assert told("FIL008", path, "\u00e9/b.md") == [(path, f"{what} is not in composed form (NFC)")]


def test_twins_are_told_of_each_other() -> None:
    paths = ("A/note.md", "a/Note.md", "b/note.md", f"{NFD}.png", "\u00c9.png")
    assert [(path, message.split(" ")[0]) for path, message in told("FIL009", *paths)] == [
        ("A/note.md", "a/Note.md"),
        ("a/Note.md", "A/note.md"),
        (f"{NFD}.png", "\u00c9.png"),
        ("\u00c9.png", f"{NFD}.png"),
    ]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("a?.md", "the file's name holds `?`: Windows cannot hold it"),
        ('<"*">.md', "the file's name holds `<` and `\"` and `*` and `>`: Windows cannot hold it"),
        ("a\tb.md", "the file's name holds U+0009: Windows cannot hold it"),
        ("a.", "the file's name ends with a dot: Windows cannot hold it"),
        ("a ", "the file's name ends with a space: Windows cannot hold it"),
        ("etc./a.md", "the name of the folder `etc.` ends with a dot: Windows cannot hold it"),
        ("nul.tar.gz", "the file's name is that of a device, NUL: Windows cannot hold it"),
        ("Con .md", "the file's name is that of a device, CON: Windows cannot hold it"),
        ("lpt9/a.md", "the name of the folder `lpt9` is that of a device, LPT9: Windows cannot"),
        ("COM\u00b9.md", "the file's name is that of a device, COM\u00b9: Windows cannot hold it"),
        (f"{LONG}/{LONG}.md", "the path is 244 long: Windows may not hold it"),
    ],
)
def test_a_name_that_windows_cannot_hold(path: str, message: str) -> None:
    ((found, said),) = told("FIL010", path)
    assert found == path
    assert said.startswith(message)


@pytest.mark.parametrize(
    "path", ["console.md", "com.md", "COM10.md", "a .md", ".a/b.md", "auxiliary", f"{LONG}/b.md"]
)
def test_a_name_that_only_looks_like_one(path: str) -> None:
    assert told("FIL010", path) == []


def test_an_attachment_is_reported_at_its_first_line(tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            "vaultsync.toml": "",
            "note.md": "Text.\n",
            "a/b#c.png": b"\x89PNG\xff",
            "bad#.md": b"\xff",
        },
    )
    code, out, err = run(tmp_path, "lint", "--select", "FIL007")
    assert (code, err) == (1, "")
    assert out == (
        "a/b#c.png:1:1: warning FIL007 the file's name holds `#`, which a link cannot\n"
        "bad#.md:1:1: error FIL001 not UTF-8 at byte 0\n"
        "bad#.md:1:1: warning FIL007 the file's name holds `#`, which a link cannot\n"
        "2 notes: 1 error, 2 warnings\n"
    )
    out = run(tmp_path, "lint", "--select", "FIL007", "--output-format", "json").out
    first = json.loads(out)["findings"][0]
    assert (first["path"], first["start"]) == ("a/b#c.png", {"line": 1, "column": 1})
    assert "wrote" not in run(tmp_path, "lint", "--select", "FIL007", "--fix").out


def test_without_a_rule_for_names_attachments_are_no_business_of_the_linter(tmp_path: Path) -> None:
    make(tmp_path, {"vaultsync.toml": "", "note.md": "Text.\n", "b#c.png": ""})
    assert run(tmp_path, "lint").out == "1 note: no errors\n"
    out = run(tmp_path, "lint", "note.md", "--select", "FIL").out
    assert out == "1 note: no errors\n"


def test_an_excluded_attachment_is_not_reported(tmp_path: Path) -> None:
    make(tmp_path, {"note.md": "Text.\n", "x/b#c.png": "", "vaultsync.toml": 'exclude = ["x/**"]'})
    assert run(tmp_path, "lint", "--select", "FIL").out == "1 note: no errors\n"
