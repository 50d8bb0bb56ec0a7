from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.core.config import BodyRules, Items, Section
from vaultsync.markdown import parse
from vaultsync.notes.body import Body, Item, Question, Relation, read_body, read_item
from vaultsync.notes.citation import Source

RULES = BodyRules(
    caveat="Caveat:",
    sections={
        "Sources": Section(items="source"),
        "Related": Section(items="relation"),
        "Open questions": Section(items="question"),
        "To do": Section(items="task"),
        "Remarks": Section(items="text"),
    },
)
PIECES = (
    "## Sources|## Related|- |  - |1. |> |[[a]]|%%|Caveat: |\n|[x] |a|answered: |(crux: |)|:|"
    "<!-- |-->| ^id|```|😀|\r\n"
)
MARKDOWN = st.lists(st.sampled_from(PIECES.split("|")), max_size=20).map("".join)


def body_of(text: str) -> Body:
    return read_body(parse("n.md", text), RULES)


def items_of(text: str, section: str = "Sources") -> tuple[Item, ...]:
    return body_of(text).sections[section].items


def test_the_lead_is_the_first_paragraph_and_the_caveat_the_second() -> None:
    body = body_of("---\na: b\n---\n\nOne\ntwo.\n\nCaveat: three.\n\nFour.\n\n# H\n\nFive.\n")
    assert body.lead
    assert body.lead.text == "One two."
    assert body.caveat
    assert body.caveat.text == "Caveat: three."
    assert [paragraph.text for paragraph in body.prose] == ["Four."]


def test_a_caveat_stands_nowhere_but_second() -> None:
    body = body_of("Caveat: one.\n\nTwo.\n\nCaveat: three.\n")
    assert body.lead
    assert body.lead.text == "Caveat: one."
    assert body.caveat is None
    assert [paragraph.text for paragraph in body.prose] == ["Two.", "Caveat: three."]


def test_a_caveat_begins_with_its_mark() -> None:
    body = body_of("One.\n\nNo Caveat: two.\n")
    assert body.caveat is None
    assert [paragraph.text for paragraph in body.prose] == ["No Caveat: two."]


def test_a_type_without_a_caveat_has_only_prose() -> None:
    body = read_body(parse("n.md", "One.\n\nCaveat: two.\n"), BodyRules())
    assert body.caveat is None
    assert [paragraph.text for paragraph in body.prose] == ["Caveat: two."]


@pytest.mark.parametrize(
    "text", ["", "# H\n\nText.\n", "- item\n", "> quote\n", "```\ncode\n```\n"]
)
def test_what_is_no_paragraph_before_a_heading_is_no_lead(text: str) -> None:
    assert body_of(text).lead is None


@pytest.mark.parametrize(
    "text",
    [
        "%% note\nto self %%\n\nLead.",
        "<!-- note -->\n\nLead.",
        "> x\n\nLead. %% note %%",
        "Lead. ^id",
        "Lead. <!-- not\nclosed",
    ],
)
def test_comments_and_block_ids_are_not_said(text: str) -> None:
    lead = body_of(text).lead
    assert lead
    assert lead.text == "Lead."


def test_the_span_of_a_paragraph_ends_with_its_text() -> None:
    text = "😀\n\nLead  \nline. \n\n"
    body = body_of(text)
    assert [paragraph.span.of(text) for paragraph in body.prose] == ["Lead  \nline."]


def test_sections_are_known_by_their_heading_in_any_case_and_form() -> None:
    body = body_of(" ## **Sources:**\n- a\n\nOpen Questions\n---\n- b\n# Else\n- c\n")
    assert list(body.sections) == ["Sources", "Open questions"]
    assert [item.text for item in body.sections["Open questions"].items] == ["b"]


@pytest.mark.parametrize("heading", ["# Sources", "### Sources", "Sources\n==="])
def test_a_heading_of_another_level_begins_no_section(heading: str) -> None:
    assert body_of(f"{heading}\n- a\n").sections == {}


def test_a_section_ends_at_a_heading_of_its_level_or_above() -> None:
    text = "# Top\n## Sources\n- a\n### Related\n- b\n## Other\n- c\n# Next\n- d\n"
    assert [item.text for item in items_of(text)] == ["a", "b"]
    assert items_of("## Sources\n- a\n# Next\n- b\n") == items_of("## Sources\n- a\n")


def test_of_two_sections_with_one_name_the_first_is_read() -> None:
    text = "## Sources\n- a\n ## sources\n- b\n# Sources\n- c\n## Sources\n- d\n"
    assert [item.text for item in items_of(text)] == ["a"]
    repeated = body_of(text).sections["Sources"].repeated
    assert [heading.of(text) for heading in repeated] == ["## sources", "## Sources"]


def test_a_section_inside_a_quote_or_code_is_none() -> None:
    assert body_of("> ## Sources\n> - a\n\n```\n## Sources\n- a\n```\n").sections == {}


def test_the_heading_of_a_section_has_its_place() -> None:
    text = "Lead.\n\n## Sources ##\n- a\n"
    assert body_of(text).sections["Sources"].heading.of(text) == "## Sources ##"


def test_items_of_all_lists_are_read_and_nested_ones_left_out() -> None:
    text = "## Sources\n- a\n  a2\n  - nested\n    - deeper\n- b\n\ntext\n\n1. c\n2) d\n* [x] e\n"
    assert [item.text for item in items_of(text)] == ["a a2", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("written", "text", "more"),
    [
        ("- a\n  b", "a b", ""),
        ("- a\n  - n\n    - d", "a", "\n- n\n  - d"),
        ("12. a\n\n    b\n\n    ```\n      c\n    ```", "a", "\n\nb\n\n```\n  c\n```"),
        ("-\ta\n\t- n", "a", "\n- n"),
        ("- - n\n  - m", "", "- n\n- m"),
        ("- > q", "> q", ""),
        ("- ```\n  c\n  ```", "", "```\nc\n```"),
        ("- a ^id\n  - n ^other", "a", "\n- n"),
        ("- a\r\n  - n\r\n", "a", "\n- n"),
        ("- a ^id\r  - n\r\r  ^id", "a", "\n- n"),
        ("- a\n\n  ## H *b*\n\n  T\n  ===", "a", "\n\n**H *b***\n\n**T**"),
        ("- a\n  # C# #\n  ##\n  ## F#", "a", "\n**C#**\n\n**F#**"),
        ("-", "", ""),
    ],
)
def test_what_is_below_the_first_paragraph_of_an_item_is_more(
    written: str, text: str, more: str
) -> None:
    note = f"## Remarks\n\n{written}\n\n# End\n"
    (item,) = items_of(note, "Remarks")
    assert (item.text, item.more) == (text, more)
    assert item.span.of(note) == (written if text == "a b" else written.partition("\n")[0].rstrip())


def test_every_block_has_its_place_in_the_order_of_the_note() -> None:
    text = (
        "> before\n\nLead.\n\n- a\n- b\n\nCaveat: c.\n\n    code\n\n---\n\n"
        "## Remarks\n\nText.\n\n- item\n\n### Deeper\n\n| t |\n|---|\n\n"
        "## Mine\n\nWords.\n\n## Remarks\n\n- more ^id\n\n[^n]: Note.\n\n[r]: u\n\n```\nopen"
    )
    body = body_of(text)
    assert [block.text for block in body.prose] == ["> before", "- a\n- b", "    code"]
    assert [block.text for block in body.sections["Remarks"].others] == [
        "Text.",
        "**Deeper**",
        "| t |\n|---|",
    ]
    assert [block.text for block in body.others] == [
        "**Mine**",
        "Words.",
        "**Remarks**",
        "- more",
        "```\nopen\n```",
    ]


def test_an_item_ends_before_its_nested_items() -> None:
    text = "## Sources\n- 😀 a ^id\n  - nested\n\n- b %% c %% \n"
    first, second = items_of(text)
    assert (first.span.of(text), first.text) == ("- 😀 a ^id", "😀 a")
    assert (second.span.of(text), second.text) == ("- b %% c %%", "b")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("- [ ]\n", ""),
        ("-\r\n  a\r\n", "a"),
        ("-\n  a\n", "a"),
        ("- [x](u)\n", "[x](u)"),
        ("- a^b", "a^b"),
    ],
)
def test_the_mark_of_an_item_is_no_text(text: str, shown: str) -> None:
    assert items_of(f"## Sources\n{text}")[0].text == shown


@pytest.mark.parametrize("text", ["-\n", "- \n", "- - nested\n", "- [ ] \n"])
def test_an_item_may_be_empty(text: str) -> None:
    assert items_of(f"## Sources\n{text}")[0].value is None


def test_the_values_of_a_section_leave_out_what_is_not_in_its_grammar() -> None:
    body = body_of("## Sources\n- original: [t](u), Ng 2024\n- a book\n")
    assert body.values("Sources") == (Source("original", "t", "u", "Ng", 2024),)
    assert body.values("Related") == ()


def test_tasks_are_items_without_a_value() -> None:
    (item,) = items_of("## To do\n- [ ] look\n", "To do")
    assert (item.text, item.grammar, item.value) == ("look", "task", None)


def test_a_task_follows_no_grammar_but_that_of_texts() -> None:
    text = "## Sources\n- [ ] look\n- [t](u)\n## Remarks\n- [ ] look\n"
    sources, remarks = body_of(text).sections.values()
    assert [item.text for item in sources.own_items("source")] == ["[t](u)"]
    assert [item.text for item in remarks.own_items("text")] == ["look"]


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("[[a]]", Relation("a")),
        ("[[a#h|b]]: why: so", Relation("a", "why: so")),
        ("[b](a%20b.md#h): why", Relation("a b.md", "why")),
        ("[b](<a (b.md>)", Relation("a (b.md")),
        ("[b](a(1).md):", Relation("a(1).md")),
        ("[[a]]: Tension: why", Relation("a", "why", tension=True)),
        ("[[a]]: tension", Relation("a", "tension")),
        (
            "[[a]]: tension: why (crux: (this) one?)",
            Relation("a", "why", tension=True, crux="(this) one?"),
        ),
        ("[[a]]: why (crux: this).", Relation("a", "why", crux="this")),
        ("[[a]]: (crux: this)", Relation("a", crux="this")),
        ("[[a]]: why (crux: this) .", Relation("a", "why", crux="this")),
        ("[[a]]: why (crux", Relation("a", "why (crux")),
        ("[[a]]: why / so", Relation("a", "why", back="so")),
        ("[[a]]: why / so / or", Relation("a", "why", back="so / or")),
        ("[[a]]: and/or this", Relation("a", "and/or this")),
        ("[[a]]: / so", Relation("a", back="so")),
        ("[[a]]: why /", Relation("a", "why")),
        (
            "[[a]]: tension: why / so (crux: x / y)",
            Relation("a", "why", tension=True, crux="x / y", back="so"),
        ),
        (
            "[[a]]: [[b|this / that]], [x](a/b), `c / d` / so",
            Relation("a", "[[b|this / that]], [x](a/b), `c / d`", back="so"),
        ),
        ("[[a]]: why (crux: this", Relation("a", "why (crux: this")),
    ],
)
def test_a_relation_is_a_link_and_a_reason(text: str, relation: Relation) -> None:
    assert read_item(text, "relation") == relation


def test_each_end_of_a_relation_has_a_reason() -> None:
    for relation, ends in {
        Relation("a", "why", back="so"): ("why", "so"),
        Relation("a", "why"): ("why", "why"),
        Relation("a", back="so"): ("", "so"),
    }.items():
        found = tuple(relation.reason_at(its_own_note=own) for own in (True, False))
        assert found == ends


@pytest.mark.parametrize("text", ["", "a", "see [[a]]", "[[a]] why", "[[a]][[b]]", "![[a]]"])
def test_other_items_are_no_relation(text: str) -> None:
    assert read_item(text, "relation") is None


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Why?", Question("Why?")),
        ("Why? answered: [[a#h|b]]", Question("Why?", "a")),
        ("Why? answered: [b](a.md), and more", Question("Why?", "a.md")),
        ("Why? answered: not yet linked", Question("Why?", "")),
        ("Why [[x]]?  answered:", Question("Why [[x]]?", "")),
        ("Unanswered: why?", Question("Unanswered: why?")),
        ("", Question("")),
    ],
)
def test_a_question_may_be_answered(text: str, question: Question) -> None:
    assert read_item(text, "question") == question


@pytest.mark.parametrize("grammar", ["task", "text"])
def test_tasks_and_texts_have_no_value(grammar: Items) -> None:
    assert read_item("[[a]]", grammar) is None


@pytest.mark.parametrize(
    "text",
    [
        "- original: [t](u); a\n" * 5_000,
        "- original: [" + "[a]" * 20_000 + "](",
        "- original: [t](" + "(a" * 20_000,
        "## Related\n- [[a]]: " + "(crux: " * 20_000,
        "## Open questions\n- " + "answered: " * 20_000,
        "- a " + "<!-- " * 20_000,
    ],
    ids=lambda text: str(text[:24]),
)
def test_a_long_hostile_body_is_read_quickly(text: str) -> None:
    started = time.monotonic()
    assert body_of(f"## Sources\n{text}").sections
    assert time.monotonic() - started < 30


@given(MARKDOWN)
def test_any_body_can_be_read_and_its_places_hold(rest: str) -> None:
    text = f"## Sources\n- original: [t](u)\n{rest}"
    section = body_of(text).sections["Sources"]
    assert section.heading.of(text) == "## Sources"
    for item in section.items:
        written = item.span.of(text)
        assert written[0] in "-1"
        assert set(item.text) <= {*written, " "}


def test_a_lone_carriage_return_ends_a_line() -> None:
    text = "---\ra: SECRET\r---\r\rLead.\r\r> a\r> b\r\r* c\r\r```\rd\r"
    body = body_of(text.replace("---\ra: SECRET\r---\r\r", "---\na: SECRET\n---\n"))
    assert [block.text for block in body.prose] == ["> a\n> b", "* c", "```\nd\n```"]
