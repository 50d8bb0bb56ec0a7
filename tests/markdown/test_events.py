from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.markdown import elements, markup_spans
from vaultsync.markdown.events import Offsets, events

TEXT = """\
# Head

Para *one*
two [l](u).

- a
- b

  loose
  - [x] deep
    1. deeper
> quote
> - no item

| t |
|---|
| c |

<!-- html -->

```
# code
```

[^1]: note

Set
===
"""


@given(text=st.text(st.sampled_from("aé€😀\ud800\n"), max_size=12), base=st.integers(0, 9))
def test_every_border_of_a_character_is_found(text: str, base: int) -> None:
    at = Offsets(text, base)
    data = [text[:offset].encode("utf-8", "surrogatepass") for offset in range(len(text) + 1)]
    assert [at(len(before)) for before in data] == list(range(base, base + len(text) + 1))


def test_a_lone_surrogate_moves_no_event() -> None:
    assert [place for _, place in events("\ud800 *a*")] == [place for _, place in events("€ *a*")]


def test_the_parts_of_a_body_in_order() -> None:
    found = [
        (part.kind, part.depth, part.span.of(TEXT).split("\n")[0]) for part in elements(TEXT, 0)
    ]
    assert found == [
        ("heading", 0, "# Head"),
        ("paragraph", 0, "Para *one*"),
        ("item", 1, "- a"),
        ("item", 1, "- b"),
        ("item", 2, "- [x] deep"),
        ("item", 3, "1. deeper"),
        ("other", 0, "> quote"),
        ("other", 0, "| t |"),
        ("html", 0, "<!-- html -->"),
        ("other", 0, "```"),
        ("other", 0, "[^1]: note"),
        ("heading", 0, "Set"),
    ]


@pytest.mark.parametrize("box", ["[ ]", "[x]", "[X]", "[-]"])
def test_a_task_is_an_item_with_what_it_holds(box: str) -> None:
    text = f"- {box} a\n  b\n\nc"
    first, second = elements(text, 0)
    assert first.span.of(text).rstrip() == f"- {box} a\n  b"
    assert (second.kind, second.span.of(text)) == ("paragraph", "c")


def test_offsets_are_those_of_the_whole_text() -> None:
    text = "---\na: 😀\n---\né\n\n😀 x\n"
    assert [part.span.of(text).strip() for part in elements(text, 13)] == ["é", "😀 x"]


def test_an_item_starts_with_its_mark() -> None:
    text = "a\n   - b\n     - c\n"
    parts = elements(text, 0)
    assert [part.span.of(text)[:3] for part in parts] == ["a\n", "- b", "- c"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("lines", ["- é|\t- b", "1. a|\t- b", "-|\t- b", "- a|\t- b|\t\t- c"])
def test_an_item_indented_by_a_tab_starts_with_its_mark(lines: str, newline: str) -> None:
    text = lines.replace("|", newline)
    _, item, *_ = elements(text, 0)
    assert (item.kind, item.start) == ("item", text.index("- b"))


def test_no_text_has_no_parts() -> None:
    assert elements("", 0) == elements("a", 1) == ()


PLACED = """\
---
a: b
---
é [[x]] [t][r] ![i](p.png)

| a | b |
|:--|---|
| c | d |

> | e |
> |---|

[r]: <my note.md> "T"
"""


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Table", ["| a | b |\n|:--|---|\n| c | d |\n", "| e |\n> |---|\n"]),
        ("Link", ["[[x]]", "[t][r]"]),
        ("Image", ["![i](p.png)"]),
        ("CodeBlock", []),
        ("Paragraph", []),
    ],
)
def test_elements_with_details_are_found_by_name(name: str, found: list[str]) -> None:
    assert [span.of(PLACED) for span, _ in markup_spans(PLACED, PLACED.index("é"), name)] == found


def test_the_details_are_those_of_the_element() -> None:
    details = [detail for _, detail in markup_spans(PLACED, 0, "Link")]
    assert details[-1]["link_type"] == "Reference"
    assert (details[-1]["dest_url"], details[-1]["title"]) == ("my note.md", "T")
