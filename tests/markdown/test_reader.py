from __future__ import annotations

import pytest

from vaultsync.core.model import Heading, Task
from vaultsync.markdown import parse


def headings(text: str) -> tuple[Heading, ...]:
    return parse("n.md", text).headings


@pytest.mark.parametrize(
    ("text", "level", "shown"),
    [
        ("# A", 1, "A"),
        ("   ###### A b  ##  ", 6, "A b"),
        ("#\tA #b#", 1, "A #b#"),
        ("# A \\#", 1, "A \\#"),
        ("##", 2, ""),
        ("# #", 1, ""),
        ("# **A** [[b|c]] `d`", 1, "**A** [[b|c]] `d`"),
        ("A\n=", 1, "A"),
        ("  A\n---", 2, "A"),
        ("> # A\n> b", 1, "A"),
        ("> A\n> ===", 1, "A"),
        ("- # A", 1, "A"),
    ],
)
def test_a_heading_is_its_source_without_the_marks(text: str, level: int, shown: str) -> None:
    (heading,) = headings(text)
    assert (heading.level, heading.text) == (level, shown)


@pytest.mark.parametrize("text", ["#A", "####### A", "\\# A", "    # A", "```\n# A\n```", "%%# A"])
def test_what_only_looks_like_one_is_no_heading(text: str) -> None:
    assert headings(text) == ()


def test_the_span_of_a_heading_holds_its_marks() -> None:
    text = "😀\n\n## A ##\nb\n\nC\n---\n"
    assert [heading.span.of(text) for heading in headings(text)] == ["## A ##", "C\n---"]


@pytest.mark.parametrize(
    ("text", "mark", "shown"),
    [
        ("- [ ] a", " ", "a"),
        ("* [x] a  ", "x", "a"),
        ("1) [-]  a [[b]]", "-", "a [[b]]"),
        ("+ [/] a\n  b", "/", "a"),
        ("- [é] a\r\n- b", "é", "a"),
        ("> - [x] a\n> b", "x", "a"),
        ("- [ ] [x] a", " ", "[x] a"),
        ("  - [x] a", "x", "a"),
        ("- a\n\n   - [x] b", "x", "b"),
    ],
)
def test_a_task_is_an_item_with_any_mark_in_a_box(text: str, mark: str, shown: str) -> None:
    (task,) = parse("n.md", text).tasks
    assert (task.mark, task.text) == (mark, shown)


@pytest.mark.parametrize(
    "text",
    ["[ ] a", "- [] a", "- [xx] a", "- [x]a", "- a [x] b", "- [x](b)", "-      [x] a", "- [\r] a"],
)
def test_other_items_are_no_tasks(text: str) -> None:
    assert parse("n.md", text).tasks == ()


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "lines", ["- a|\t- [ ] b", "- é|\t1. [ ] b", "> 1. a|>\t\t- [ ] b", "- a|\t- c|\t\t- [ ] b"]
)
def test_a_task_may_be_indented_by_tabs(lines: str, newline: str) -> None:
    text = lines.replace("|", newline)
    (task,) = parse("n.md", text).tasks
    assert task.text == "b"
    assert text.startswith(("- [ ]", "1. [ ]"), task.start)


def test_nested_tasks_are_found_in_order_with_their_places() -> None:
    text = "- a\n  - [x] 😀 b\n- [ ] c\n"
    tasks = parse("n.md", text).tasks
    assert [task.span.of(text) for task in tasks] == ["- [x] 😀 b", "- [ ] c"]
    assert isinstance(tasks[0], Task)


def test_a_footnote_spans_its_definition() -> None:
    text = "x[^a b]\n\n[^a]: one\n  two\n\n[^B]: three\n"
    found = parse("n.md", text).footnotes
    assert [footnote.label for footnote in found] == ["a", "B"]
    assert found[0].span.of(text).startswith("[^a]: one\n  two")
