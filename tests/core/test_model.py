from __future__ import annotations

import pytest

from vaultsync.core.model import Document, Link, Properties, Task, Vault
from vaultsync.core.text import Span


def note(**data: object) -> Document:
    return Document("n.md", "note", "", Properties(data))


def test_facts_know_their_spans() -> None:
    link = Link(1, 9, "wiki", "a", "", None, 3, 4)
    assert (link.span, link.target_span) == (Span(1, 9), Span(3, 4))


@pytest.mark.parametrize(("mark", "done"), [(" ", False), ("x", True), ("-", True)])
def test_a_task_is_done_by_any_mark(mark: str, *, done: bool) -> None:
    assert Task(0, 1, mark, "").done is done


@pytest.mark.parametrize(
    ("value", "text"),
    [(" a ", "a"), (2024, "2024"), (1.5, "1.5"), (" ", None), ("", None), (None, None)],
)
def test_a_text_property_is_a_text_or_a_number(value: object, text: str | None) -> None:
    assert note(p=value).text_property("p") == text


def test_other_values_are_no_text() -> None:
    document = note(yes=True, many=["a"], pairs={"a": 1})
    assert [document.text_property(name) for name in ("yes", "many", "pairs", "none")] == [None] * 4


def test_a_list_property_gives_its_texts_and_numbers() -> None:
    assert note(p=["a", "", 2024, None, True, ["b"]]).list_property("p") == ("a", "2024")


def test_a_text_is_a_list_of_one() -> None:
    document = note(p="a", none=None)
    assert document.list_property("p") == ("a",)
    assert document.list_property("none") == document.list_property("missing") == ()


@pytest.mark.parametrize(
    ("names", "asked", "found"),
    [
        (["Tags", "tags"], "tags", "tags"),
        (["Tags", "tags"], "TAGS", "Tags"),
        (["tags", "Tags"], "TAGS", "tags"),
        (["Tags"], "tags", "Tags"),
        (["title"], "tags", None),
        (["\u0130d"], "i\u0307d", "\u0130d"),
    ],
)
def test_a_property_is_found_as_written_else_in_any_letter_case(
    names: list[str], asked: str, found: str | None
) -> None:
    assert Properties(dict.fromkeys(names)).key(asked) == found


def test_a_vault_with_a_document_is_another_vault() -> None:
    vault = Vault({}, frozenset({"x.png"}))
    changed = vault.with_document(note(a=1)).with_document(note(a=2))
    assert vault.documents == {}
    assert changed.files == {"x.png", "n.md"}
    assert changed.documents["n.md"].properties.data == {"a": 2}
