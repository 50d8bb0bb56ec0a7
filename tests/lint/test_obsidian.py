"""Properties that mean something to Obsidian, and their types."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.lint.notes import block, fixed, found
from tests.vaults import committed, git, make, run

TYPES = ".obsidian/types.json"


@pytest.mark.parametrize(
    ("properties", "written"),
    [
        ("alias: A", "aliases:\n  - A"),
        ("tag: a", "tags:\n  - a"),
        ("Tag: a # b", "tags:\n  - a # b"),
        ("cssclass: wide", "cssclasses:\n  - wide"),
        ("alias:\n  - A\n  - B", "aliases:\n  - A\n  - B"),
        ("alias: [A, B]", "aliases: [A, B]"),
        ("alias:", "aliases:"),
        ("alias: 1984", 'aliases:\n  - "1984"'),
        ("alias: 'it''s'", "aliases:\n  - 'it''s'"),
        ("'alias': true", "'aliases':\n  - \"true\""),
        ('{"alias": "A"}', '{"aliases": ["A"]}'),
        ('{"a":1,"alias":2}', '{"a":1,"aliases":["2"]}'),
        ("alias: >\n  A\n  B", "aliases:\n  - A B"),
        ("alias: A\n  B", "aliases:\n  - A B"),
        ("alias:\n  A", "aliases:\n  - A"),
    ],
)
def test_a_deprecated_name_becomes_a_list_under_the_new(properties: str, written: str) -> None:
    text = block(properties)
    assert len(found("PRP010", text)) == 1
    assert fixed("PRP010", text) == block(written)


@pytest.mark.parametrize(
    ("properties", "written"),
    [
        ("tag: a, b", "tags:\n  - a\n  - b"),
        ("tag: a b", "tags:\n  - a\n  - b"),
        ("tag: '#a, #b'", 'tags:\n  - "#a"\n  - "#b"'),
        ("alias: A b, C", "aliases:\n  - A b\n  - C"),
        ("cssclass: a b", "cssclasses:\n  - a\n  - b"),
    ],
)
def test_one_text_is_taken_apart_only_when_asked(properties: str, written: str) -> None:
    text = block(properties)
    assert fixed("PRP010", text) == text
    assert fixed("PRP010", text, unsafe=True) == block(written)
    new = text.replace("alias", "aliases").replace("tag", "tags").replace("class:", "classes:")
    assert fixed("PRP011", new) == new
    # One text is one alias, and may be one class.
    split = properties.startswith("tag")
    assert fixed("PRP011", new, unsafe=True) == (block(written) if split else new)


def test_a_deprecated_name_beside_the_new_one_is_left_to_the_author() -> None:
    text = block("alias: A\nAliases: [B]")
    assert found("PRP010", text) == [
        ("alias", "Obsidian does not read `alias`: move its values to `Aliases`")
    ]
    assert fixed("PRP010", text, unsafe=True) == text


@pytest.mark.parametrize("properties", ["tag: {a: b}", "tag: &x a\nup: *x\n"])
def test_an_odd_value_of_a_deprecated_name_keeps_what_else_is_said(properties: str) -> None:
    text = block(properties)
    assert len(found("PRP010", text)) == 1
    after = fixed("PRP010", text)
    assert found("PRP001", after) == []
    assert ("up: *x" in text) is ("up: *x" in after)


@pytest.mark.parametrize(
    ("properties", "covered"),
    [
        ("tags: a, b", "a, b"),
        ("Tags: a,b", "a,b"),
        ("tags: '#a #b'", "'#a #b'"),
    ],
)
def test_what_is_no_list(properties: str, covered: str) -> None:
    assert [span for span, _ in found("PRP011", block(properties))] == [covered]


@pytest.mark.parametrize(
    "properties",
    [
        "tags: [a]",
        "tags:\n- a",
        "tags: []",
        "tags:",
        "tags: ''",
        "tags: a",
        "tags: ' #a '",
        "tags: 2024",
        "Aliases: A name, with a comma",
        "cssclasses: wide dark",
        "tags: {{tags}}",
        "aliases: <% tp.file.title %>",
        "tags: '{{title}}, {{date}}'",
        "tag: a",
        "other: a",
        "x:\n  tags: a",
    ],
)
def test_what_is_a_list_or_none_yet(properties: str) -> None:
    assert found("PRP011", block(properties)) == []


def types(**kinds: str) -> dict[str, str]:
    return {TYPES: json.dumps({"types": kinds})}


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("text", ["a", "'5'", "2024-01-01", "''", ""], ["5", "true", "[a]", "{a: b}"]),
        ("multitext", ["[a, 5]", "[]", ""], ["a", "5", "[b, [a]]", "[{a: b}]"]),
        ("number", ["5", "-1.5", "0x1f"], ["'5'", "a", "true", "[5]"]),
        ("checkbox", ["true", "FALSE", ""], ["'true'", "yes", "1"]),
        (
            "date",
            ["2024-12-31", "2024-02-29", "2024-12-31T10:30"],
            ["31.12.2024", "2024-02-30", "2024-12", "5", "today"],
        ),
        (
            "datetime",
            ["2024-12-31T10:30", "2024-12-31 10:30:05", "2024-12-31T10:30:05.5Z", "2024-12-31"],
            ["10:30", "2024-12-31T25:00", "2024-12-31T24:00", "2024-12-31T10"],
        ),
        ("aliases", ["[a]"], ["a"]),
        ("tags", ["[a]"], ["a"]),
        ("whatever", ["a", "5", "[a]"], []),
    ],
)
def test_a_value_fits_its_type_in_obsidian(kind: str, good: list[str], bad: list[str]) -> None:
    for value in good:
        assert found("PRP012", block(f"x: {value}"), types(X=kind)) == []
    for value in bad:
        ((covered, message),) = found("PRP012", block(f"x: {value}"), types(X=kind))
        assert covered == value
        assert message.startswith("`x` is to be ")


@pytest.mark.parametrize("value", ["{{date}}", "<% tp.date.now() %>", "'{{date}}'"])
def test_a_template_s_blank_has_no_type_yet(value: str) -> None:
    assert found("PRP012", block(f"x: {value}"), types(x="date")) == []


def test_a_property_is_told_once_that_it_is_no_list() -> None:
    text = block("tags: a, b")
    assert [message for _, message in found("PRP011 PRP012", text, types(tags="tags"))] == [
        "`tags` is one text, not a list: Obsidian reads no tag of it"
    ]


def test_a_link_without_quotes_is_told_once() -> None:
    text = block("up: [[a]]")
    assert len(found("PRP009 PRP012", text, types(up="text"))) == 1


def test_a_value_under_a_key_that_is_no_text_has_no_type() -> None:
    assert found("PRP012", block("? [a]\n: b"), {TYPES: '{"types": {"[object]": "number"}}'}) == []


def types_told(root: Path, *args: str) -> list[str]:
    code, out, err = run(root, "lint", "--select", "PRP012", "--output-format", "concise", *args)
    assert (code, err) == (0, "")
    return [line.split(":")[0] for line in out.splitlines()[:-1]]


def test_the_types_of_a_vault_are_read_from_its_folder(tmp_path: Path) -> None:
    make(tmp_path, {"note.md": block("due: soon"), TYPES: '{"types": {"due": "date"}}'})
    assert types_told(tmp_path) == ["note.md"]


@pytest.mark.parametrize("content", ["{", "", "[]", '{"types": 1}'])
def test_a_broken_file_of_types_says_nothing(tmp_path: Path, content: str) -> None:
    make(tmp_path, {"note.md": block("due: soon"), TYPES: content})
    assert types_told(tmp_path) == []


def test_a_folder_in_place_of_the_types_is_an_error(tmp_path: Path) -> None:
    make(tmp_path, {"note.md": block("due: soon"), f"{TYPES}/x": ""})
    found = run(tmp_path, "lint")
    assert (found.code, f"{TYPES}: cannot be read" in found.err) == (2, True)


def test_a_commit_is_judged_by_the_types_in_it(tmp_path: Path) -> None:
    committed(tmp_path, {"note.md": block("due: soon"), TYPES: '{"types": {"due": "date"}}'})
    make(tmp_path, {TYPES: "{}", "note.md": block("due: sooner")})
    git(tmp_path, "add", "note.md")
    assert types_told(tmp_path) == []
    assert types_told(tmp_path, "--staged") == ["note.md"]
    git(tmp_path, "add", TYPES)
    assert types_told(tmp_path, "--staged") == []
