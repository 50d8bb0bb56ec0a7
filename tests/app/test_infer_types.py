"""Types of notes that are proposed for a vault that had no settings."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import examples
from tests.vaults import make

from vaultsync.api import open_vault
from vaultsync.app.infer_schema import schema_of
from vaultsync.app.infer_types import Proposal, propose, render
from vaultsync.markdown import parse

LINK = {"type": "string", "pattern": r"^\[\[[^\[\]]+\]\]$"}


def note(**properties: object) -> str:
    lines = "".join(f"{name}: {value}\n" for name, value in properties.items())
    return f"---\n{lines}---\nText.\n"


def several(folder: str, count: int = 6, **properties: object) -> dict[str, str]:
    return {f"{folder}N{number}.md": note(**properties) for number in range(count)}


def proposed(files: dict[str, str], *folders: str) -> dict[str, Proposal]:
    found = propose([parse(path, text.encode()) for path, text in files.items()], folders)
    return {one.name: one for one in found}


def matched(files: dict[str, str], *folders: str) -> dict[str, list[str]]:
    return {name: list(one.type.match) for name, one in proposed(files, *folders).items()}


@pytest.mark.parametrize(
    ("values", "schema"),
    [
        ([True, False], {"type": "boolean"}),
        ([1, 2], {"type": "integer"}),
        ([1, 2.5], {"type": "number"}),
        (["2024-01-31", "2024-02-01"], {"type": "string", "format": "date"}),
        (["2024-01-31T10:00:00Z"], {"type": "string", "format": "date-time"}),
        (
            ["2024-01-31", "2024-02-01T10:00"],
            {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?$"},
        ),
        (["https://a.org", "http://b.org/c"], {"type": "string", "format": "uri"}),
        (["a:b", "c:d"], {"type": "string"}),
        (["[[A]]", "[[B|b]]"], LINK),
        (["[[A]] and [[B]]"], {"type": "string"}),
        (["new", "old", "new", "old", "new", "old"], {"enum": ["new", "old"]}),
        # One value, one that is there once, and one of many words are no vocabulary.
        (["new"] * 9, {"type": "string"}),
        (["new"] * 9 + ["old"], {"type": "string"}),
        (["a" * 41, "b" * 41] * 9, {"type": "string"}),
        ([f"v{number % 11}" for number in range(99)], {"type": "string"}),
        (["1999", 2000], {"type": ["integer", "string"]}),
        (["a", {"b": 1}], {}),
        ([["a", "b"], ["b"]], {"type": "array", "items": {"type": "string"}}),
        ([["[[A]]"], ["[[B]]"]], {"type": "array", "items": LINK}),
        ([["a", "b"]] * 3, {"type": "array", "items": {"enum": ["a", "b"]}}),
        ([["a", None]], {"type": "array"}),
        # The one that differs is wrong, not the rule.
        ([1] * 10 + ["x"], {"type": "integer"}),
        ([["a"]] * 10 + ["a"], {"type": "array", "items": {"type": "string"}}),
    ],
)
def test_a_schema_is_what_all_values_show(values: list[Any], schema: dict[str, Any]) -> None:
    found, unfit = schema_of("x", {str(number): value for number, value in enumerate(values)})
    assert (found, unfit) == (schema, {"10"} if len(values) == 11 else set())


@pytest.mark.parametrize("name", ["tags", "Aliases", "cssclasses"])
def test_lists_that_grow_have_no_vocabulary(name: str) -> None:
    schema = {"type": "array", "items": {"type": "string"}}
    assert schema_of(name, {str(number): ["a", "b"] for number in range(9)}) == (schema, set())


@pytest.mark.parametrize(
    ("files", "types"),
    [
        (several("Books/", author="A"), {"book": ["Books/*.md"]}),
        (several("Books/", 4, author="A"), {}),
        (several("Books/", tags="[a]", aliases="[b]"), {}),
        (several("", author="A"), {"note": ["*.md"]}),
        (several("02 - Shared Ideas/", a="1"), {"shared-idea": ["02 - Shared Ideas/*.md"]}),
        (several("People/", born="1"), {"person": ["People/*.md"]}),
        (
            several("Status/", a="1") | several("Pass/", b="1"),
            {"pass": ["Pass/*.md"], "status": ["Status/*.md"]},
        ),
        (several("Days/2024/", mood="x"), {"day": ["Days/**/*.md"]}),
        (several("Work/Days/", mood="x"), {"day": ["Work/Days/*.md"]}),
        (several("B/x/", a="1", b="2") | several("B/y/", a="1", b="2"), {"b": ["B/**/*.md"]}),
        (
            several("B/x/", a="1", b="2") | several("B/y/", a="1", c="2"),
            {"x": ["B/x/*.md"], "y": ["B/y/*.md"]},
        ),
        (
            several("A/x/", a="1") | several("B/x/", a="1"),
            {"x": ["A/x/*.md", "B/x/*.md"]},
        ),
        (several("A/", type="book") | several("B/", type="book"), {"book": ["A/*.md", "B/*.md"]}),
        ({f"A/{n}.md": note(**({"a": 1} if n < 7 else {})) for n in range(10)}, {}),
        ({f"A/{n}.md": "---\na: [\n---\n" for n in range(10)}, {}),
    ],
)
def test_folders_whose_notes_are_alike_are_types(
    files: dict[str, str], types: dict[str, list[str]]
) -> None:
    assert matched(files) == types


def test_what_nearly_all_have_is_required_and_the_others_get_hints() -> None:
    books = several("Books/", 30, author="A", rating=1, tags="[a]", seen="true")
    books |= {"Books/Books.md": "No properties.\n", "Books/N1.md": note(author="A", rating="x")}
    books["Books/N9.md"] = note(autor="A", rating=1)
    for number in range(2, 9):
        books[f"Books/N{number}.md"] = note(author="A", rating=1)
    found = proposed(books)["book"]
    assert found.type.required == ("author", "rating")
    assert found.unfit == {
        "Books/Books.md": {"PRP002"},
        "Books/N1.md": {"PRP003"},
        "Books/N9.md": {"PRP002", "PRP016"},
    }
    text = render([found])
    assert text == (
        "\n# 31 notes.\n"
        "[types.book]\n"
        'match = ["Books/*.md"]\n'
        'required = ["author", "rating"]\n'
        "\n[types.book.properties]\n"
        'author = { type = "string" }\n'
        'rating = { type = "integer" }\n'
        'tags = { type = "array", items = { type = "string" } }\n'
        'seen = { type = "boolean" }\n'
        "\n# These few do not fit their type.\n"
        "[lint.per-file-severity]\n"
        '"Books/Books.md" = { PRP002 = "hint" }\n'
        '"Books/N1.md" = { PRP003 = "hint" }\n'
        '"Books/N9.md" = { PRP002 = "hint", PRP016 = "hint" }\n'
    )


def test_a_property_type_that_names_other_types_is_not_reported() -> None:
    files = several("Cards/", type="idea") | {"Cards/N1.md": note(type="quote")}
    text = render(proposed(files).values())
    assert "[types.card]" in text
    assert '[lint.per-file-ignores]\n"Cards/*.md" = ["PRP005"]\n' in text


def test_templates_are_no_notes_of_a_type() -> None:
    books = several("Books/", author="A", rating=1)
    by_name = {"T/My Book.md": note(author=""), "T/Other.md": note(x="")}
    assert proposed(books | by_name, "T/")["book"].type.template == "T/My Book.md"
    by_keys = {"T/A.md": note(x=""), "T/B.md": note(author="", rating="")}
    assert proposed(books | by_keys, "T/")["book"].type.template == "T/B.md"
    assert proposed(books | {"T/A.md": note(x="")}, "T/")["book"].type.template == ""
    assert matched(several("T/", a=1), "T/") == {}
    # Without settings it is the folder's name, and what the notes hold.
    usual = {
        f"{path}x.md": f"{text}{{{{title}}}}" for path, text in several("_templates/", a=1).items()
    }
    assert matched(usual) == {}
    assert matched(several("My Templates/", a=1)) == {"my-template": ["My Templates/*.md"]}


def test_a_folder_with_templates_in_it_is_not_taken_as_a_whole() -> None:
    files = several("B/x/", a=1) | several("B/y/", a=1)
    assert matched(files | {"B/T/t.md": note(a="")}, "B/T/") == {
        "x": ["B/x/*.md"],
        "y": ["B/y/*.md"],
    }


# The first of them are the most frequent, so that notes of a folder are alike.
ODD = ["", "1", "2.5", "true", "2024-01-01", "'[[A]]'", "[a, b]", "~", "{a: 1}"]
VALUES = st.sampled_from(["x"] * 15 + ["y"] * 15 + ODD)
NAMES = ["type", "tags", "staus", "it's", "a.b", "Due", "*"]
PROPERTIES = st.fixed_dictionaries(
    {"status": VALUES, "due": VALUES}, optional=dict.fromkeys(NAMES, VALUES)
)
PATHS = st.builds(
    "{}{}.md".format,
    st.sampled_from(["", "A/", "A/2024/", "A/B*/", "C?/"]),
    st.integers(0, 8),
)
VAULTS = st.dictionaries(PATHS, PROPERTIES.map(lambda one: note(**one)), min_size=20, max_size=40)


@given(VAULTS)
@examples(40)
def test_a_proposal_brings_no_errors(files: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        root = make(Path(folder), files)
        before = errors(root)
        make(root, {"vaultsync.toml": render(proposed(files).values())})
        assert errors(root) == before


def errors(root: Path) -> list[tuple[str, str]]:
    with open_vault(root, cache=False) as vault:
        return [(one.path, one.code) for one in vault.lint() if one.severity == "error"]
