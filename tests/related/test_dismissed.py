"""Where an item that dismisses a pair is put."""

from __future__ import annotations

import pytest
from tests.related.test_related import BASE, TOML, reasons, vault

from vaultsync.core.text import apply_edits
from vaultsync.markdown import parse
from vaultsync.related.dismissed import dismissal_edit

LIST = "Pairs:\n\n- [[b]] and [[c]]: so\n- [[d]] and [[e]]: so\n\nThe end.\n"


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("- [[a]]", LIST.replace("- [[b]]", "- [[a]]\n- [[b]]")),
        ("- [[c]]", LIST.replace("- [[d]]", "- [[c]]\n- [[d]]")),
        ("- [[f]]", LIST.replace("\n\nThe end", "\n- [[f]]\n\nThe end")),
    ],
)
def test_an_item_is_put_in_order(item: str, expected: str) -> None:
    assert apply_edits(LIST, [dismissal_edit(parse("Unrelated.md", LIST), item)]) == expected


def test_the_first_item_is_at_the_end_of_the_note() -> None:
    edit = dismissal_edit(parse("Unrelated.md", "Pairs:\n"), "- [[a]]")
    assert apply_edits("Pairs:\n", [edit]) == "Pairs:\n\n- [[a]]\n"


def test_a_link_to_the_note_itself_relates_nothing() -> None:
    files = {path: f"{text}\n[[{path[7:-3]}]] [[Unrelated]]\n" for path, text in BASE.items()}
    search = vault({**files, "Unrelated.md": "Text.\n"}).search
    assert "Claims/two.md" in {one.other for one in search.of("Claims/one.md", 99)}


def test_only_properties_with_a_word_in_common_are_named() -> None:
    toml = TOML.replace('["scope"]', '["scope", "place"]')
    head = "---\nscope: small models\nplace: {}\n---\n\n"
    files = {
        path: head.format(place) + text.partition("---\n\n")[2]
        for (path, text), place in zip(BASE.items(), ("harbour", "forest"), strict=True)
    }
    assert reasons(files, toml)["properties"] == "same scope: small, models"
