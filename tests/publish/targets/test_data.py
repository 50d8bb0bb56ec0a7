"""The notes as data, held against the schema that is published for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from tests.blocks.sample import NOTES, TOML, block, note
from tests.publish.pages import problems, rendered

SCHEMA = json.loads((Path(__file__).parents[3] / "docs/schemas/encyclopedia.json").read_text())
SETTINGS = f"""{TOML}
[publish]
details = ["area"]
properties = ["tags"]
"""
LIST = "---\ntitle: Claims\n---\n\n" + block('notes type="claim" exclude="old"')
POST = LIST + block("changelog")
JOURNAL = """### 2026-02-03

- Reworded [[bridges|Bridges need slack]]
- Linked [[bridges|Bridges]] with [[ropes|Ropes]]
- Words of my own about [the web](https://example.org)
- Words of my own about [[ropes|Ropes]]
- Moved [[ropes|Ropes]], area: knots → building
- Moved [[ropes|Ropes]], status: SECRET → open
- Linked [[ropes|Ropes]] with [[private|SECRET]]

### 2026-01-02

- Added [[bridges|Bridges need slack]]
"""
FILES = {**NOTES, "Post.md": POST, "Changelog.md": block("changelog", JOURNAL.strip())}


def data(files: Mapping[str, str] = FILES, toml: str = SETTINGS) -> dict[str, Any]:
    text = rendered(files, toml, ["data"])["encyclopedia.json"].decode()
    found: dict[str, Any] = json.loads(text)
    jsonschema_rs.validator_for(SCHEMA).validate(found)
    return found


def notes(files: Mapping[str, str] = FILES, toml: str = SETTINGS) -> dict[str, dict[str, Any]]:
    return {found["path"]: found for found in data(files, toml)["notes"]}


def test_the_schema_is_strict_where_it_matters() -> None:
    jsonschema_rs.meta.validate(SCHEMA)
    found = data()
    del found["notes"][0]["lead"]
    assert not jsonschema_rs.is_valid(SCHEMA, found)
    assert not jsonschema_rs.is_valid(SCHEMA, {**data(), "version": 2})


def test_the_notes_are_those_of_the_types_in_the_post() -> None:
    """The retired one, which the post leaves out, is among them; queries, drafts are not."""
    found = data()
    assert (found["version"], found["title"], found["page"]) == (1, "Claims", None)
    assert list(notes()) == ["Claims/bridges.md", "Claims/old.md", "Claims/ropes.md"]
    assert notes()["Claims/old.md"]["states"] == ["retired"]
    assert "SECRET" not in json.dumps(found)


def test_what_a_note_says() -> None:
    found = notes()["Claims/bridges.md"]
    assert found["type"] == "claim"
    assert found["title"] == "Bridges need slack"
    assert found["lead"] == "Bridges need *slack*, says the book."
    assert found["caveat"] == "Caveat: not all do."
    assert found["properties"] == {"area": "building", "tags": ["steel", "Water"]}
    assert found["sections"] == {}
    assert found["sources"] == [
        {
            "id": "arxiv.org/abs/2401.00001",
            "role": "original",
            "title": "On Bridges",
            "url": "https://arxiv.org/abs/2401.00001",
            "who": "Ada et al.",
            "year": 2024,
            "details": ["section 2"],
            "authors": ["Ada"],
            "others": True,
            "key": "ada2024bridges",
            "disputes": [],
        },
        {
            "id": "example.org/a_(b",
            "role": "contrary",
            "title": "Against [Slack]",
            "url": "https://example.org/a_(b",
            "who": "Bob",
            "year": 2023,
            "details": [],
            "authors": ["Bob"],
            "others": False,
            "key": "bob2023against",
            "disputes": [],
        },
    ]
    relation = {
        "note": "Claims/ropes.md",
        "reason": "ropes carry them",
        "tension": False,
        "crux": "",
    }
    assert found["relations"] == [relation]
    assert found["questions"] == [
        # The answer is a note of a type that the post shows nothing of.
        {"text": "How much slack?", "answered": True, "answer": None},
        {"text": "Who needs `[^1]`, says that?", "answered": False, "answer": None},
    ]


def test_the_familiar_name_and_the_key_in_the_bibliography() -> None:
    toml = SETTINGS.replace("[types.claim]", '[types.claim]\nhandle = "known"')
    source = "- original: [New](https://example.org/new), Levi & van Dam 2024\n"
    odd = note(f"Odd.\n\n## Sources\n\n{source}", title="Odd", status="open", known="oddity")
    post = POST.replace('"old"', '"odd"')
    found = notes({**FILES, "Claims/odd.md": odd, "Post.md": post}, toml)
    assert found["Claims/odd.md"]["handle"] == "oddity"
    assert "handle" not in found["Claims/bridges.md"]
    (cited,) = found["Claims/odd.md"]["sources"]
    # The post leaves the note out, and with it its source.
    assert (cited["authors"], cited["others"], cited["key"]) == (["Levi", "van Dam"], False, None)


def test_list_items_of_no_grammar() -> None:
    text = "Odd.\n\n## Related\n\n- [[bridges]]\n- see [[bridges|them]] %%SECRET%%\n- [ ] a task\n"
    odd = note(text, title="Odd", status="open")
    found = notes({**FILES, "Claims/odd.md": odd})["Claims/odd.md"]
    assert found["sections"] == {"Related": ["see them", "a task"]}
    assert [relation["note"] for relation in found["relations"]] == ["Claims/bridges.md"]


def test_a_relation_is_told_at_both_ends() -> None:
    (found,) = notes()["Claims/ropes.md"]["relations"]
    assert found["note"] == "Claims/bridges.md"
    assert found["reason"] == "ropes carry them"


def test_each_end_has_its_own_reason_and_a_source_what_it_disputes() -> None:
    text = "Odd.\n\n## Related\n\n- [[bridges]]: tension: holds / is held\n\n## Sources\n\n"
    text += "- original: [A](https://a.org), Ada 2021\n"
    text += "- contrary: [B](b), Bob 2022; disputes Ada 2021\n"
    found = notes({**FILES, "Claims/odd.md": note(text, title="Odd", status="open")})
    assert [one["reason"] for one in found["Claims/odd.md"]["relations"]] == ["holds"]
    assert "is held" in [one["reason"] for one in found["Claims/bridges.md"]["relations"]]
    sources = found["Claims/odd.md"]["sources"]
    assert [(one["details"], one["disputes"]) for one in sources] == [([], []), ([], ["a.org"])]


@pytest.mark.parametrize("word", ["tension", "Rivals", "related"])
def test_a_tension_is_what_the_board_takes_for_one(word: str) -> None:
    text = f"Odd.\n\n## Related\n\n- [[ropes]]: {word}: one or the other (crux: x)\n"
    files = {**FILES, "Claims/odd.md": note(text, title="Odd", status="open")}
    found = notes(files, f'{SETTINGS}tensions = ["rivals"]\n')
    relation = found["Claims/odd.md"]["relations"][0]
    assert relation["tension"] is (word != "related")
    assert relation["reason"] == ("related: " if word == "related" else "") + "one or the other"
    assert relation["crux"] == "x"


def test_history_is_what_the_journal_says_of_a_note() -> None:
    found = notes()
    assert found["Claims/bridges.md"]["history"] == [
        {"date": "2026-02-03", "text": "Reworded"},
        {"date": "2026-02-03", "text": "Linked with Ropes"},
        {"date": "2026-01-02", "text": "Added"},
    ]
    assert found["Claims/ropes.md"]["history"] == [
        {"date": "2026-02-03", "text": "Linked with Bridges"},
        {"date": "2026-02-03", "text": "Words of my own about Ropes"},
        {"date": "2026-02-03", "text": "Moved, area: knots → building"},
    ]
    assert found["Claims/old.md"]["history"] == []


def test_a_journal_that_the_post_does_not_show_is_not_told() -> None:
    found = notes({**FILES, "Post.md": LIST})
    assert [note["history"] for note in found.values()] == [[], [], []]


def test_addresses_lead_to_the_page() -> None:
    found = notes(toml=f'{SETTINGS}page = "https://example.org/page/"\n')
    assert found["Claims/bridges.md"]["url"] == "https://example.org/page/#bridges"
    assert found["Claims/old.md"]["url"] == "https://example.org/page/#old"
    assert found["Claims/bridges.md"]["lead"] == (
        "Bridges need *slack*, says [the book](https://example.org/page/#ropes)."
    )


def test_only_properties_that_are_named() -> None:
    assert notes(toml=TOML)["Claims/bridges.md"]["properties"] == {}


PROPERTIES = {
    "area": '["[[ropes]]", 1, 2.5, true, null, "{a}"]',
    "tags": '{deep: "[[ropes|a rope]]", list: ["[[ropes]]"]}',
}


def test_values_of_every_form() -> None:
    odd = note("Odd.", title="Odd", status="open", **PROPERTIES)
    found = notes({**FILES, "Claims/odd.md": odd})["Claims/odd.md"]["properties"]
    assert found == {
        "area": ["ropes", 1, 2.5, True, None, "{a}"],
        "tags": {"deep": "a rope", "list": ["ropes"]},
    }


@pytest.mark.parametrize(
    "odd",
    [
        note("See [[private]].", title="Odd", status="retired"),
        note("Odd.", title="Odd", status="retired", area='"[[private]]"'),
    ],
)
def test_a_link_that_names_a_private_note_is_refused(odd: str) -> None:
    (found,) = problems({**FILES, "Claims/odd.md": odd}, SETTINGS, ["data"])
    assert found.startswith("Claims/odd.md:")
    assert "shows the file name of a note that is not published" in found
