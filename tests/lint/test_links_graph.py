"""Notes that no link reaches, and notes that link to themselves."""

from __future__ import annotations

import pytest
from tests.lint.links import Files, found

BLOCK = "<!-- vaultsync:notes -->\n\n- [[other]]\n\n<!-- /vaultsync -->\n"


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("Text.\n", {}),
        ("[[nowhere]] [x](https://example.org)\n", {}),
        ("[[note]] [[#Here]]\n", {}),
        ("![[picture.png]]\n", {"picture.png": ""}),
        (BLOCK, {"other.md": ""}),
        ("Text.\n", {"other.md": BLOCK.replace("other", "note")}),
    ],
)
def test_a_note_without_links_to_another_is_an_orphan(text: str, files: Files) -> None:
    assert found("LNK015", text, files) == [
        ("LNK015", text.partition("\n")[0], "no link leads to this note or from it to another")
    ]


def test_a_link_of_a_text_card_is_not_enough() -> None:
    card = '{"nodes": [{"type": "text", "text": "[[note]]"}]}'
    assert len(found("LNK015", "Text.\n", {"a.canvas": card})) == 1


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("[[other]]\n", {"other.md": ""}),
        ("Text.\n", {"other.md": "![[note]]\n"}),
        ("Text.\n", {"other.md": "---\nup: '[[note]]'\n---\n"}),
        ("Text.\n", {"a.canvas": '{"nodes": [{"type": "file", "file": "note.md"}]}'}),
        ("[[a.base]]\n", {"a.base": ""}),
        (f"{BLOCK}\n[[third]]\n", {"other.md": "", "third.md": ""}),
        (f"[[third]]\n\n{BLOCK}", {"other.md": "", "third.md": ""}),
    ],
)
def test_a_link_in_either_direction_is_enough(text: str, files: Files) -> None:
    assert found("LNK015", text, files) == []


def test_only_notes_are_orphans() -> None:
    assert found("LNK015", "{}", ("note.md",), "a.canvas") == []


@pytest.mark.parametrize(
    "link", ["[[note]]", "[[NOTE|it]]", "![[note]]", "[x](note.md)", "[[./note]]"]
)
def test_a_link_to_its_own_note(link: str) -> None:
    said = [("LNK016", link, "this link leads to its own note")]
    assert found("LNK016", link) == said


@pytest.mark.parametrize(
    "link", ["[[#Here]]", "[[note#Here]]", "[[note#^id]]", "[[other]]", "[[ ]]"]
)
def test_links_to_a_part_of_the_note_or_to_another(link: str) -> None:
    assert found("LNK016", f"# Here\n\n{link} ^id\n", ("other.md",)) == []
