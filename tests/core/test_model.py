from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from vaultsync.core.model import Document, Link, Overlay, Properties, Task, Vault
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


def named(*paths: str, mark: str = "") -> dict[str, Document]:
    return {path: Document(path, "note", mark) for path in paths}


def texts(documents: Mapping[str, Document]) -> dict[str, str]:
    return {path: documents[path].text for path in documents}


def test_an_overlay_replaces_adds_and_removes() -> None:
    base = named("a.md", "b.md", "c.md")
    over = Overlay(base, named("b.md", "d.md", mark="new"), ["c.md", "nowhere.md"])
    assert texts(over) == {"a.md": "", "b.md": "new", "d.md": "new"}
    assert (len(over), "c.md" in over, "d.md" in over) == (3, False, True)
    assert over.get("c.md") is None
    assert over["a.md"] is base["a.md"]
    for gone in ("c.md", "nowhere.md"):
        with pytest.raises(KeyError):
            over[gone]
    assert texts(base) == dict.fromkeys(base, "")


def test_what_is_both_replaced_and_removed_is_there() -> None:
    assert texts(Overlay(named("a.md"), named("a.md", mark="new"), ["a.md"])) == {"a.md": "new"}


def test_an_overlay_over_another_is_one_over_the_base() -> None:
    base = named("a.md", "b.md", "c.md", "d.md")
    first = Overlay(base, named("b.md", "e.md", mark="1"), ["c.md", "d.md"])
    second = Overlay(first, named("c.md", mark="2"), ["e.md", "a.md"])
    assert second.base is base
    assert texts(second) == {"b.md": "1", "c.md": "2"}
    assert texts(first) == {"a.md": "", "b.md": "1", "e.md": "1"}
    assert texts(Overlay(second, named("a.md", mark="3"))) == {
        "a.md": "3",
        "b.md": "1",
        "c.md": "2",
    }


class Late(dict[str, Document]):
    """Documents that note which of them are loaded, and which are read."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        super().__init__(documents)
        self.loaded: list[str] = []
        self.read: list[str] = []

    def __getitem__(self, path: str) -> Document:
        self.read.append(path)
        return super().__getitem__(path)

    def load(self, paths: Iterable[str]) -> None:
        self.loaded += paths


def test_an_overlay_reads_nothing_of_its_base_before_it_is_used() -> None:
    base = Late(named("a.md", "b.md", "c.md"))
    over = Overlay(base, named("b.md", mark="new"), ["c.md"])
    assert over.keys() == {"a.md", "b.md"}
    assert over["b.md"].text == "new"
    assert base.read == []
    assert over["a.md"].text == ""
    assert base.read == ["a.md"]


def test_an_overlay_loads_what_is_of_its_base() -> None:
    base = Late(named("a.md", "b.md"))
    Overlay(base, named("b.md", mark="new")).load(["a.md", "b.md"])
    assert base.loaded == ["a.md"]
    # Documents that are all there need not be loaded.
    Overlay(named("a.md"), {}).load(["a.md"])
