from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vaultsync.core.text import apply_edits
from vaultsync.markdown.frontmatter import bare_wikilinks, read_properties, without_tabs

PIECES = st.sampled_from(["\t", " ", "- ", "-\t", "a", ": ", ":", "\n", "\n\t", "[[b]]", "|", "# "])
TEXTS = st.lists(PIECES, max_size=14).map(lambda pieces: f"---\n{''.join(pieces)}\n---\n\tText\n")


@given(TEXTS)
def test_a_block_without_tabs_can_be_read_and_nothing_else_is_changed(text: str) -> None:
    edits = without_tabs(text)
    after = apply_edits(text, edits)
    assert after.replace("\t", "").replace(" ", "") == text.replace("\t", "").replace(" ", "")
    assert after.endswith("---\n\tText\n")
    if edits:
        assert read_properties(after).error is None


@given(TEXTS)
def test_a_bare_wikilink_is_what_it_is_said_to_be(text: str) -> None:
    for span, certain in bare_wikilinks(text):
        assert span.of(text) == "[[b]]"
        assert certain


def test_a_text_without_a_block_needs_no_repair() -> None:
    assert without_tabs("\ta: b\n") == ()
    assert bare_wikilinks("[[a]]\n") == []
