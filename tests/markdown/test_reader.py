from __future__ import annotations

import pytest

from vaultsync.core.model import Heading, Task
from vaultsync.markdown import parse
from vaultsync.markdown.reader import rendered_headings


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
        ("a\n- b\n\n# A\nb", 1, "A"),
        ("> b\n\nA\n--", 2, "A"),
        ("%% b %%\n# A", 1, "A"),
        ("a %%\n# A\n%%", 1, "A"),
        ("%%\nb\n%%\n# A", 1, "A"),
        ("`%%`\n# A", 1, "A"),
    ],
)
def test_a_heading_is_its_source_without_the_marks(text: str, level: int, shown: str) -> None:
    (heading,) = headings(text)
    assert (heading.level, heading.text) == (level, shown)


@pytest.mark.parametrize(
    "text",
    [
        "#A",
        "####### A",
        "\\# A",
        "    # A",
        "```\n# A\n```",
        "%%# A",
        "> # A\n> b",
        "> A\n> ===",
        "> [!note]\n> ## A",
        "- # A",
        "- a\n\n  ## A",
        "1. a\n   > # A",
        "A\n- ",
        "A\r\n -\t",
        "A\nb\n---",
        "a\r\nA\r\n===",
        "%%\n# A\n%%",
        "%% a\n\n# A",
        "```\n%%\n```\n%%\n# A\n%%",
    ],
)
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


@pytest.mark.parametrize("closing", ["```\t", "``` \t ", "```\t\r"])
def test_a_tab_may_follow_the_fence_that_closes_code(closing: str) -> None:
    document = parse("n.md", f"```\n[[a]]\n{closing}\n# B\n[[c]]\n")
    assert [link.target for link in document.links] == ["c"]
    assert [heading.text for heading in document.headings] == ["B"]


def targets(text: str) -> list[str]:
    return [link.target for link in parse("n.md", text).links]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a $$\n\n[[b]]\n\n# C\n\n$$ [[d]]", ["d"]),
        ("é $$\n\né [[b]]\n\n$$ [[d]]", ["d"]),
        ("a $$\n\n[[b]]\n", []),
        ("- a $$\n- [[b]]\n", []),
        ("$$\na\n\n[[b]]\n$$\n[[c]]", ["c"]),
        ("$$\na\n\n[[b]]\n", ["b"]),
        ("a $$\n\nb\n\n$$\n\n[[c]] $$\n\n[[d]]\n\n$$ e", ["c"]),
        ("# a $$\n\n[[b]]\n", ["b"]),
        ("a $$\nb\n\n[[b]]\n", ["b"]),
        ("`a $$`\n\n[[b]]\n", ["b"]),
        ("a $$x$$\n\n[[b]]\n", ["b"]),
        ("[^1]: a $$\n\n[[b]]\n", []),
    ],
)
def test_mathematics_that_opens_at_the_end_of_a_paragraph_goes_on(
    text: str, found: list[str]
) -> None:
    assert targets(text) == found


def test_nothing_in_such_mathematics_is_a_fact() -> None:
    document = parse("n.md", "a $$\n\n# B\n\n#c d ^e\n\n- [ ] f\n\n$$ g\n\n# H #i ^j\n")
    assert [heading.text for heading in document.headings] == ["H #i ^j"]
    assert [tag.name for tag in document.tags] == ["i"]
    assert [block.id for block in document.blocks] == ["j"]
    assert document.tasks == ()


def test_no_more_of_it_is_read_than_there_are_rounds() -> None:
    assert targets("a $$\n\n[[b]]\n\n$$ c\n\n" * 9) == []
    # Each makes another one of what closes the next.
    assert len(targets("a" + " $$\n\n[[b]]\n\n$$ c" * 9)) == 7


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[[[a]]]", ["[a"]),
        ("b [[[a]] c", ["[a"]),
        ("![[[a]]]", ["[a"]),
        ("\\[[[a]]]", ["a"]),
        ("[[[a]]](b.md)", ["b.md", "a"]),
        ("[[[[a]]]]", ["a"]),
        ("[[|x]]", ["|x"]),
        ("[[|x|y#z]]", ["|x|y"]),
        ("[[|]]", []),
        ("`[[[a]]] [[|x]]`", []),
        ("[x]() ![x]() [x](<>) [x](<> 'y')", []),
    ],
)
def test_odd_brackets_are_read_as_in_the_app(text: str, found: list[str]) -> None:
    assert targets(text) == found


@pytest.mark.parametrize(("text", "found"), [("\\[#a b", ["a"]), ("[#a b", []), ("b\\#a", [])])
def test_a_tag_may_follow_an_escaped_bracket(text: str, found: list[str]) -> None:
    assert [tag.name for tag in parse("n.md", text).tags] == found


def test_a_page_shows_headings_that_obsidian_does_not_have() -> None:
    text = "> # A ##\n\n- b\n\n  ## C\n\nD\ne\n---\n\nF\n- \n\n# G\n"
    shown = [(heading.level, heading.text) for heading in rendered_headings(text)]
    assert shown == [(1, "A"), (2, "C"), (2, "D e"), (2, "F"), (1, "G")]
    assert [heading.text for heading in headings(text)] == ["G"]
