"""What the examples of the other families' rules do not show."""

from __future__ import annotations

import pytest
from tests.lint.settings import ALL, context

from vaultsync.core.config.read import load_config
from vaultsync.lint import engine

HEAD = "---\ntitle: A\nstatus: open\nkind: idea\n---\n\n"
SOURCED = "---\ntitle: A\nsource: https://a.org/x\ncite: Lee 2024\nyear: 2024\n---\n\nText.\n\n"
TWO = " in the first paragraph: it takes 1 to 2"
SOURCE_FORM = "`role: [title](url), who year; venue; where in it`"


def found(text: str, path: str = "Claims/n.md", **files: str) -> list[tuple[str, str, str]]:
    """Return code, what the finding covers, and message."""
    others = {name.replace("_", "."): content for name, content in files.items()}
    here = context({path: text, **others})
    return [
        (item.code, item.span.of(text), item.message) for item in engine.findings(here, ALL, [path])
    ]


@pytest.mark.parametrize(
    ("lead", "message"),
    [
        (
            "One. Two. Three.",
            f"3 sentences{TWO}; move the rest to a second paragraph",
        ),
        ("…", f"0 sentences{TWO}"),
    ],
)
def test_the_number_of_sentences_is_told_with_the_remedy(lead: str, message: str) -> None:
    assert found(f"{HEAD}{lead}\n\nMore. Prose. Here.\n") == [("BDY002", lead, message)]


def test_an_exact_number_of_sentences() -> None:
    config = load_config('[types.t]\nmatch = ["**"]\nbody.lead.sentences = [2, 2]\n')
    here = context({"n.md": "One.\n"}, config)
    (item,) = engine.findings(here, ALL)
    assert item.message == "1 sentence in the first paragraph: it takes exactly 2"


def test_what_a_type_does_not_ask_for_is_not_missed() -> None:
    config = load_config('[types.t]\nmatch = ["**"]\nbody.sections.S = { items = "task" }\n')
    assert engine.findings(context({"n.md": "## S\n\n- no task\n"}, config), ALL) == []


def test_a_required_section_without_items_is_missed_at_its_heading() -> None:
    assert found(f"{SOURCED}## Sources\n\nNone.\n", "Sourced/n.md") == [
        (
            "BDY004",
            "## Sources",
            f"a sourced needs a section `## Sources` with items: {SOURCE_FORM}",
        )
    ]


def test_a_missing_section_is_missed_at_the_note_s_last_line() -> None:
    config = load_config('[types.t]\nmatch = ["**"]\nbody.sections.S.required = true\n')
    here = context({"n.md": "One.\n\nTwo.\n\n"}, config)
    (item,) = engine.findings(here, ALL)
    assert item.span.of("One.\n\nTwo.\n\n") == "Two."
    assert item.message == "a t needs a section `## S` with items: a list"


def test_a_malformed_relation_is_shown_its_grammar() -> None:
    assert found(f"{HEAD}Text.\n\n## Related\n\n- other: it is near\n") == [
        ("BDY005", "- other: it is near", "a relation is written `[[note]]: the reason`")
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Does it scale?",
        "它会学习吗？",
        "Does it scale? answered: [[other]]",
        "Does it scale? answered: [it](other.md), partly",
        "[ ] Does it scale?",
    ],
)
def test_questions_that_ask(question: str) -> None:
    assert found(f"{HEAD}Text.\n\n## Open questions\n\n- {question}\n", other_md="x") == []


@pytest.mark.parametrize("answer", ["", "yes", "nowhere", "see [[other]]"])
def test_an_answer_must_be_a_note(answer: str) -> None:
    item = f"- Does it scale? answered: {answer}".rstrip()
    (first,) = found(f"{HEAD}Text.\n\n## Open questions\n\n{item}\n", other_md="x")
    assert first[:2] == ("BDY008", item)


def test_an_answer_by_a_note_that_is_not_there() -> None:
    item = "- Does it scale? answered: [[nowhere]]"
    codes = [code for code, *_ in found(f"{HEAD}Text.\n\n## Open questions\n\n{item}\n")]
    assert codes == ["BDY008", "LNK017"]


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("[[other#Heading]]", "LNK003"),
        ("[[other#A heading#No]]", "LNK003"),
        ("[[#No]]", "LNK003"),
        ("![[other#No]]", "LNK003"),
        ("[x](other.md#no)", "LNK003"),
        ("[[other#^no]]", "LNK004"),
        ("[[#^no]]", "LNK004"),
        ("[x](nowhere.md)", "LNK001"),
        ("![x](nowhere)", "LNK002"),
        ("![x](nowhere.png)", "LNK014"),
        ("[[nowhere.PDF]]", "LNK014"),
        ("![[nowhere]]", "LNK002"),
        ("[[twin]]", "LNK005"),
        ("![[twin]]", "LNK005"),
    ],
)
def test_links_that_lead_nowhere(link: str, code: str) -> None:
    others = {"other_md": "# A heading\n\nText. ^id\n", "aa/twin_md": "", "bb/twin_md": ""}
    assert [item[:2] for item in found(f"{link}\n", "n.md", **others)] == [(code, link)]


def test_a_link_to_a_footnote_that_is_not_there() -> None:
    (item,) = found("[[other#[^no]]]\n", "n.md", other_md="Text.[^yes]\n\n[^yes]: x\n")
    assert item[0] == "LNK003"
    assert item[2].startswith("there is no heading `[^no")


@pytest.mark.parametrize(
    "link",
    [
        "[[other]]",
        "[[OTHER#a HEADING]]",
        "[[other#^ID]]",
        "[[picture.png]]",
        "[[picture.png#x]]",
        "[[#Here]]",
        "[[bad#x]]",
        "[x](https://example.org)",
        "`[[code]]`",
        "[[{{title}}]] [x]({{title}}.md)",
    ],
)
def test_links_that_lead_somewhere(link: str) -> None:
    others = {"other_md": "# A heading\n\nText. ^id\n", "picture_png": "", "bad_md": "\udcff"}
    assert found(f"# Here\n\n{link}\n", "n.md", **others) == []


def test_a_broken_link_in_a_property_is_found() -> None:
    assert [item[0] for item in found('---\nup: "[[nowhere]]"\n---\nText.\n', "n.md")] == ["LNK017"]


def test_each_section_with_a_first_role_needs_it() -> None:
    text = f"{SOURCED}## Sources\n\n- no source\n"
    assert [item[:2] for item in found(text, "Sourced/n.md")] == [
        ("SRC001", "## Sources"),
        ("BDY005", "- no source"),
    ]


def test_a_source_that_differs_is_shown_at_the_property() -> None:
    text = SOURCED.replace("2024\n---", "2023\n---")
    text += "## Sources\n\n- original: [T](https://a.org/x), Kim et al. 2024\n"
    assert found(text, "Sourced/n.md") == [
        ("SRC002", "2023", "`year` is 2023, the first source has 2024")
    ]


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("https://arxiv.org/abs/2406.11717", "https://arxiv.org/pdf/2406.11717v2"),
        ("https://a.org/x/", "https://www.a.org/x?utm_source=y"),
    ],
)
def test_two_addresses_of_one_work_are_the_same(said: str, written: str) -> None:
    text = SOURCED.replace("https://a.org/x", said)
    text += f"## Sources\n\n- original: [T]({written}), Lee 2024\n"
    assert [item[:2] for item in found(text, "Sourced/n.md")] == [("SRC005", written)]


def test_roles_are_those_of_the_section() -> None:
    text = f"{SOURCED}## Sources\n\n- original: [T](https://a.org/x), Lee 2024\n"
    text += "- [T](https://b.org)\n- Contrary: [T](https://c.org)\n- contra: [T](https://c.org)\n"
    assert found(text, "Sourced/n.md") == [
        (
            "SRC004",
            "- [T](https://b.org)",
            "the role is missing: use one of original, supporting, contrary",
        ),
        (
            "SRC004",
            "- contra: [T](https://c.org)",
            "`contra` is not a role: use one of original, supporting, contrary",
        ),
    ]


def test_a_contested_claim_needs_a_contrary_source() -> None:
    text = HEAD.replace("open", "contested") + "Text.\n\n## Sources\n\n- {}: [T](https://a.org)\n"
    assert found(text.format("contrary")) == []
    assert found(text.format("original")) == [
        ("SRC001", "status", "`status: contested` needs a source with the role `contrary`")
    ]


def test_titles_are_compared_without_case_and_blanks_among_typed_notes() -> None:
    text = "---\ntitle: A  claim\naliases: [A  claim]\n---\n"
    other = "---\ntitle: a Claim\n---\n"
    assert [item[0] for item in found(text, "Named/n.md", **{"Named/o_md": other})] == ["FIL002"]
    assert found(text, "Named/n.md", o_md=other) == []


@pytest.mark.parametrize("text", [" \n", "\ufeff", "\r\n\r\n", "\t"])
def test_a_note_of_blanks_is_empty(text: str) -> None:
    assert "FIL005" in [item[0] for item in found(text, "n.md")]


def test_a_nul_character_is_found_where_it_stands() -> None:
    assert found("a\n\nb\0c\n", "n.md")[0][:2] == ("FIL006", "\0")
    assert "FIL006" in [item[0] for item in found("T\0e\0x\0t\0", "n.md")]


def test_a_broken_marker_is_shown_on_one_line() -> None:
    (item,) = found("Text.\n\n<!-- vaultsync:stats -->\n\nMore.\n", "n.md")
    assert item[:2] == ("MRK001", "<!-- vaultsync:stats -->")
