from __future__ import annotations

import pytest

from vaultsync.core.config.read import load_config
from vaultsync.core.model import Document, Vault
from vaultsync.markdown import parse
from vaultsync.notes.citation import Source
from vaultsync.notes.note import Note, meets_condition, note_of, stem, typed_notes

CONFIG = load_config("""
[types.frame]
match = ["Frames/*.md"]
states.draft = { status = "draft" }
states.retired = { status = ["retired", "gone"] }
body.sections.Sources = { items = "source", first = "original" }
body.sections.Reading = { items = "source" }
body.sections.Related = { items = "relation" }
body.sections.Questions = { items = "question" }
""")
BODY = """---
title: A claim
status: supported
publish: false
---

The claim as a sentence.

## Sources
- original: [t](u)
- no link

## Related
- [[other]]: why

## Questions
- How? answered: [[other]]
"""


def note(text: str, path: str = "Frames/n.md") -> Note:
    found = note_of(parse(path, text), CONFIG)
    assert found
    return found


def test_a_note_says_what_its_document_holds() -> None:
    found = note(BODY)
    assert (found.path, found.type_name, found.title) == ("Frames/n.md", "frame", "A claim")
    assert found.lead == "The claim as a sentence."
    assert found.is_private


def test_the_day_of_the_last_check_is_in_the_property_that_the_type_names() -> None:
    config = load_config('[types.frame]\nmatch = ["*.md"]\nchecked = "seen"\n')
    found = note_of(parse("n.md", "---\nseen: 2026-01-05\n---\n"), config)
    assert found
    assert found.checked == "2026-01-05"
    assert note(BODY).checked is None


def test_a_note_is_called_by_its_handle() -> None:
    config = load_config('[types.frame]\nmatch = ["*.md"]\nhandle = "short"\n')
    for properties, name in {
        "title: A claim\nshort: familiar": "familiar",
        "title: A claim\nshort:": "A claim",
        "title: A claim": "A claim",
        "short: familiar": "familiar",
        "other: x": "n",
    }.items():
        found = note_of(parse("n.md", f"---\n{properties}\n---\n"), config)
        assert found
        assert found.name == name
    assert (note(BODY).handle, note(BODY).name) == (None, "A claim")


def test_a_note_gathers_the_values_of_its_sections() -> None:
    found = note(BODY)
    assert found.sources() == (Source("original", "t", "u"),)
    assert [relation.target for relation in found.relations()] == ["other"]
    assert [question.text for question in found.questions()] == ["How?"]


def test_the_first_source_is_the_first_in_the_role_its_section_asks_for() -> None:
    text = "## Reading\n- original: [x](x)\n## Sources\n- [y](y)\n- original: [z](z)\n"
    found = note(text).first_source()
    assert found
    section, source = found
    assert (section.first, source.url) == ("original", "z")
    assert note(text.replace("## Sources", "## Else")).first_source() is None


def test_a_claim_rests_on_all_sources_in_the_role_that_their_section_puts_first() -> None:
    lines = ("original: [a](a)", "later: [b](b)", "original: [c](c)", "original: [a](a#2)")
    text = "## Sources\n" + "\n".join(f"- {line}" for line in lines)
    text += "\n\n## Reading\n- original: [x](x)\n"
    assert [source.url for source in note(text).originals()] == ["a", "c"]


def test_a_note_without_title_and_lead_is_called_by_its_file() -> None:
    found = note("", "Frames/some note.md")
    assert (found.title, found.lead) == ("some note", "some note")


@pytest.mark.parametrize(
    ("properties", "draft"),
    [
        ("status: draft", True),
        ("", True),
        ("status:", True),
        ("status: ''", True),
        ("status: supported", False),
        ("status: [draft, x]", True),
        ("status: [x]", False),
        ("status: {a: b}", False),
        ("status: [broken", True),
    ],
)
def test_a_note_that_says_nothing_of_its_state_is_a_draft(properties: str, *, draft: bool) -> None:
    assert note(f"---\n{properties}\n---\n").is_draft is draft


def test_other_states_must_be_said() -> None:
    assert note("---\nstatus: gone\n---\n").in_state("retired")
    assert not note("").in_state("retired")
    assert not note("").in_state("answered")


@pytest.mark.parametrize(
    "properties",
    ["publish: true", "Publish: TRUE", "published: false", "publisher: x", "hsilbup: no", ""],
)
def test_a_note_is_public_unless_it_says_anything_else(properties: str) -> None:
    assert not note(f"---\n{properties}\n---\n").is_private


@pytest.mark.parametrize(
    "properties",
    [
        *(
            "publish: false",
            "publish: no",
            "publish: 0",
            "publish: 1",
            "publish:",
            "publish: 'true'",
        ),
        *("publish: [true]", "PUBLISH: off", "pubilsh: false", "Upblish: no", "hublisp: x"),
        *("publish: true\nPublish: false", "publish: true\npubilsh: never"),
    ],
)
def test_what_is_no_plain_true_withholds_a_note(properties: str) -> None:
    assert note(f"---\n{properties}\n---\n").is_private


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        ({}, True),
        ({"a": 1}, True),
        ({"a": 1, "b": "y"}, True),
        ({"a": 1, "b": "z"}, False),
        ({"b": ["z", "x"]}, True),
        ({"c": [None]}, True),
        ({"a": "1"}, False),
    ],
)
def test_a_condition_holds_if_every_property_has_one_of_its_values(
    condition: dict[str, object], *, fits: bool
) -> None:
    assert meets_condition(condition, parse("n.md", "---\na: 1\nb: [x, y]\n---\n")) is fits


def test_the_stem_of_a_path_has_no_folder_and_no_suffix() -> None:
    assert [stem(path) for path in ("a.b/c.d.md", "c.md", "c.png")] == ["c.d", "c", "c.png"]


@pytest.mark.parametrize("path", ["n.md", "Frames/sub/n.md", "Frames/n.canvas"])
def test_what_no_type_claims_is_no_typed_note(path: str) -> None:
    assert note_of(parse(path, ""), CONFIG) is None


def test_typed_notes_are_readable_and_in_order() -> None:
    documents = [
        parse("Frames/b.md", ""),
        parse("Frames/a.md", ""),
        Document("Frames/c.md", "note", "", error="not UTF-8"),
        parse("Post.md", ""),
    ]
    vault = Vault({document.path: document for document in documents}, frozenset())
    assert [found.path for found in typed_notes(vault, CONFIG)] == ["Frames/a.md", "Frames/b.md"]


@pytest.mark.parametrize("said", ["false", "False", "'false'", "no", "Off"])
def test_a_note_that_says_no_is_private(said: str) -> None:
    assert note(f"---\npublish: {said}\n---\n").is_private
