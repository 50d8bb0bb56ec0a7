"""States of notes as bytes and back."""

from __future__ import annotations

import pytest
from tests.blocks.sample import TOML, note

from vaultsync.changelog.note_state import NoteState, properties_of, read_state
from vaultsync.changelog.state_bytes import from_bytes, reader_name, to_bytes
from vaultsync.core.config.read import load_config

CONFIG = load_config(TOML)
SOURCES = "## Sources\n\n- original: [S](https://arxiv.org/abs/2401.00001), Ada 2024\n"
QUESTIONS = "## Open questions\n\n- Why?\n- How? answered: [[b]]\n"
RELATED = "## Related\n\n- [[b]]: why\n"


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
