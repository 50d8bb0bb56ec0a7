"""What a version of a note holds for readers, as bytes and back."""

from __future__ import annotations

import pytest
from tests.blocks.sample import TOML, note

from vaultsync.changelog.note_state import (
    NoteState,
    Version,
    from_bytes,
    properties_of,
    read_state,
    read_version,
    reader_name,
    to_bytes,
)
from vaultsync.core.config.read import load_config

CONFIG = load_config(TOML)
SOURCES = "## Sources\n\n- original: [S](https://arxiv.org/abs/2401.00001), Ada 2024\n"
QUESTIONS = "## Open questions\n\n- Why?\n- How? answered: [[b]]\n"
RELATED = "## Related\n\n- [[b]]: why\n"


def version_of(body: str) -> Version:
    text = note(body, title="A", status="open")
    found = read_version(properties_of("Claims/a.md", text.encode()), CONFIG)
    assert found is not None
    return found


def test_a_body_is_read_by_its_sections() -> None:
    found = version_of(
        "The lead.\n\n## Sources\n\n- original: [S](https://arxiv.org/abs/2401.00001), Ada 2024\n\n"
        "## Related\n\n- [[b]]: why\n\n## Open questions\n\n- Why?\n- How? answered: [[c]]\n"
    )
    assert found.lead == "The lead."
    assert found.source == "arxiv.org/abs/2401.00001"
    assert found.sources == {
        found.source: ("https://arxiv.org/abs/2401.00001", "Ada 2024", "original")
    }
    assert found.related == (("b", "why"),)
    assert found.questions == {"Why?": None, "How?": "c"}


@pytest.mark.parametrize("heading", ["### Related", "# Related", "> ## Related", "    ## Related"])
def test_what_is_no_level_two_heading_begins_no_section(heading: str) -> None:
    assert version_of(f"{heading}\n\n- [[b]]: why\n").related == ()


@pytest.mark.parametrize("heading", ["## Related", " ## related ##", "Related\n---"])
def test_a_level_two_heading_begins_a_section_in_any_form(heading: str) -> None:
    assert version_of(f"{heading}\n\n- [[b]]: why\n").related == (("b", "why"),)


def test_the_first_of_two_sections_counts() -> None:
    found = version_of("## Related\n- [[b]]: why\n\n ## Related\n- [[c]]: why\n")
    assert found.related == (("b", "why"),)


@pytest.mark.parametrize(
    "body",
    [
        "<!--\n## Related\n- [[b]]: why\n-->",
        "%%\n## Related\n- [[b]]: why\n%%",
        "```\n## Related\n- [[b]]: why\n```",
    ],
)
def test_what_readers_do_not_see_as_a_section_is_none(body: str) -> None:
    assert version_of(body).related == ()


def test_a_body_that_begins_with_a_rule_has_no_second_block_of_properties() -> None:
    assert version_of("---\n\n## Related\n\n- [[b]]: why\n\n---\n").related == (("b", "why"),)


def test_values_are_told_as_text() -> None:
    text = note(title="Q", n="1.50", yes="true", none="", list="[a, [b, 2], null]", map="{a: 1}")
    found = read_version(properties_of("Queries/q.md", text.encode()), CONFIG)
    assert found is not None
    known = {name: found.field(name) for name in found.fields}
    assert known == {"n": "1.5", "yes": "true", "list": "2, b, a", "map": "{'a': 1}"}
    assert found.field("none") == ""


@pytest.mark.parametrize(
    "text",
    [
        note(f"A claim.\n\n{SOURCES}\n{QUESTIONS}\n{RELATED}", title="T", status="retired"),
        note("A claim.", status="open", aliases="[x, y]"),
        note("A claim.", title="T", status="draft"),
        "No properties.",
        "---\na: [\n---\n",
    ],
)
@pytest.mark.parametrize("path", ["Claims/a.md", "Queries/q.md", "Claims/\udcff.md"])
def test_what_is_recalled_is_what_was_said(path: str, text: str) -> None:
    document = properties_of(path, text.encode())
    found = read_state(document, CONFIG)
    assert fields(from_bytes(path, to_bytes(found, document))) == fields(found)


def fields(found: NoteState | None) -> object:
    """Return what can be compared."""
    assert found is not None
    version = found.version
    return found.indeterminate, version and [getattr(version, n) for n in version.__struct_fields__]


def test_a_text_may_lie_anywhere() -> None:
    for text in (note("A.", status="open"), note("A.", status="open", title="a")):
        document = properties_of("Claims/a.md", text.encode())
        kept = to_bytes(read_state(document, CONFIG), document)
        elsewhere = read_state(properties_of("Claims/b.md", text.encode()), CONFIG)
        assert fields(from_bytes("Claims/b.md", kept)) == fields(elsewhere)


def test_damage_is_told() -> None:
    assert from_bytes("a.md", b"\x00") is None
    assert from_bytes("a.md", b"\x91") is None


def test_the_settings_of_the_type_are_part_of_what_decides() -> None:
    changed = load_config(TOML.replace('retired = { status = "retired" }', ""))
    names = [
        reader_name("Claims/a.md", CONFIG),
        reader_name("Claims/a.md", changed),
        reader_name("Queries/q.md", CONFIG),
        reader_name("Claims/a.md", load_config("")),
        reader_name("a.md", CONFIG),
    ]
    assert len(set(names)) == len(names)
    assert names[-1] is None
    assert reader_name("Claims/b.md", CONFIG) == names[0]


def test_what_the_settings_leave_out_is_recorded_of_no_note() -> None:
    toml = '[types.a]\nmatch = ["**"]\nunrecorded = ["topic"]\nproperties.topic.enum = ["x", "y"]'
    for body in ("", '\nbody.caveat = "But:"'):
        found = read_version(
            properties_of("a.md", note(topic="x", n="1").encode()), load_config(toml + body)
        )
        assert found is not None
        assert "topic" not in found.fields
