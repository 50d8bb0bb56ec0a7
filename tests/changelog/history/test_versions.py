"""What a version of a note says, read piece by piece."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.blocks.sample import TOML, note

from vaultsync.blocks import authored
from vaultsync.changelog.history import properties_of, version, versions
from vaultsync.core.config import load_config
from vaultsync.markdown import parse

CONFIG = load_config(TOML)
KIND = CONFIG.types["claim"]
LINES = [
    "",
    "",
    "Text.",
    "## Sources",
    "## Related",
    "## sources",
    "### Open questions",
    " # Open questions",
    "# Open questions",
    "## Open questions",
    "- original: [S](https://arxiv.org/abs/2401.00001), Ada 2024",
    "- [T]: [S]",
    "[T]: https://example.org",
    "- [[b]]: why",
    "  - [[c]]: why",
    "> - [[d]]: why",
    "- How? answered: [[b]]",
    "- Why?",
    "===",
    "---",
    "```",
    "%%",
    "<!--",
    "-->",
    "<div>",
    "    ## Related",
    "$$",
]


@given(st.lists(st.sampled_from(LINES), max_size=12).map("\n".join))
def test_the_pieces_of_a_body_say_what_the_whole_says(body: str) -> None:
    pieces = [versions._piece(KIND, piece) for piece in versions._pieces(body)]
    assert "".join(versions._pieces(body)) == body
    whole = versions._piece(KIND, body)
    assert pieces[0].lead == whole.lead
    assert [target for piece in pieces for target in piece.related] == list(whole.related)
    merged = [{k: v for p in pieces for k, v in p.sources.items()}]
    assert merged == [whole.sources]
    assert {k: v for p in pieces for k, v in p.questions.items()} == whole.questions


@given(st.lists(st.sampled_from(LINES), max_size=12).map("\n".join))
def test_a_piece_without_headings_needs_no_facts(body: str) -> None:
    document = versions._body(body)
    if document.text == body:
        whole = parse("body.md", f"\n{body}")
        assert whole.headings == ()
        assert authored(whole) is whole


def test_values_are_told_as_text() -> None:
    text = note(title="Q", n="1.50", yes="true", none="", list="[a, [b, 2], null]", map="{a: 1}")
    found = version(properties_of("Queries/q.md", text.encode()), CONFIG)
    assert found is not None
    assert found.fields == {"n": "1.5", "yes": "true", "list": "a, b, 2", "map": "{'a': 1}"}
