"""Blocks that gather parts of notes."""

from __future__ import annotations

import pytest
from tests.blocks.sample import NOTES, block, content, context, note

from vaultsync.blocks.context import Context, Decoration
from vaultsync.blocks.fill import fill
from vaultsync.markdown import parse

IN_BRIDGES = "([[bridges|Bridges need slack]])"


@pytest.mark.parametrize(
    ("opener", "expected"),
    [
        (
            'items section="Open questions"',
            (
                f"- How much slack? answered: [[how-much]] {IN_BRIDGES}\n"
                f"- Who needs `[^1]`, says [[ropes|that]]? {IN_BRIDGES}"
            ),
        ),
        (
            'items section="Open questions" open="true"',
            f"- Who needs `[^1]`, says [[ropes|that]]? {IN_BRIDGES}",
        ),
        (
            'items section="Open questions" group="note"',
            (
                "- [[bridges|Bridges need slack]]: How much slack? answered: [[how-much]] "
                "Who needs `[^1]`, says [[ropes|that]]?"
            ),
        ),
        (
            'items section="Sources" group="note"',
            (
                "- [[bridges|Bridges need slack]]: original: "
                "[On Bridges](https://arxiv.org/pdf/2401.00001v2), Ada et al. 2024; section 2; "
                "contrary: [Against [Slack]](<https://example.org/a_(b>), Bob 2023\n"
                "- [[ropes|Ropes hold]]: original: [On Ropes](https://example.org/ropes); "
                "supporting: [On Bridges](https://arxiv.org/abs/2401.00001v1), Ada et al. 2024"
            ),
        ),
        ('items section="Related"', f"- [[ropes]]: ropes carry them {IN_BRIDGES}"),
        (
            "todos",
            (
                "- [[blank|A blank]]: draft\n"
                "- [[idea|An *idea*]]: ask [[ropes]]\n"
                "- [[bridges|Bridges need slack]]: read [[ropes|the book]] again"
            ),
        ),
        ('todos text="TODO: “{title}”"', "- TODO: “A blank”\n- TODO: “An \\*idea\\*”"),
        (
            'todos text="Look at {name} ({other}):" tasks="true"',
            "- Look at A blank ({other}):\n- Look at An \\*idea\\* ({other}):\n  - ask [[ropes]]",
        ),
        ('count type="claim" with="tags" text="{with} of {all}, not {without}."', "2 of 2, not 0."),
        ('count with="tags" text="{with} of {all}, not {without}."', "2 of 3, not 1."),
        ('count with="tags" text="{with}" every="All {all}." none="None."', "2"),
        ('count type="claim" with="tags" text="{with}" every="All {all}."', "All 2."),
        ('count type="query" with="area" text="{with}" none="None of {all}."', "None of 1."),
        ('count type="query" with="area" text="{with} of {all}"', "0 of 1"),
        ('count type="claim" with="certain" text="{with}" none="No {none}."', "No {none}."),
        ('count with="certain" text="{with}" one="One of {all}."', "One of 3."),
        ('count type="query" with="certain" one="One." every="The one."', "The one."),
        (
            "sources",
            (
                "### 2024\n\n"
                "- Ada et al.: [On Bridges](https://arxiv.org/pdf/2401.00001v2) in "
                "[[bridges|Bridges need slack]], [[ropes|Ropes hold]]\n\n"
                "### 2023\n\n"
                "- Bob: [Against \\[Slack\\]](<https://example.org/a_(b>) in "
                "[[bridges|Bridges need slack]]\n\n"
                "### Undated\n\n"
                "- [On Ropes](https://example.org/ropes) in [[ropes|Ropes hold]]"
            ),
        ),
        (
            "tags",
            (
                "- steel (1): [[bridges|Bridges need slack]]\n"
                "- Water (2): [[bridges|Bridges need slack]], [[ropes|Ropes hold]]"
            ),
        ),
        ("stats", "- 3 claims, 1 query, 2 drafts, 2 TODOs"),
        (
            'stats by="area, nothing, year"',
            (
                "- 3 claims, 1 query, 2 drafts, 2 TODOs\n"
                "- area: 2 building, 1 rigging\n- year: 1 1999, 1 2024"
            ),
        ),
        ('link to="home" text="See [it]."', "See [it](https://example.org/claims)."),
        (
            'link to="form" text="[Tell] us."',
            "[Tell](<https://example.org/claims/new?text=(a b)>) us.",
        ),
        (
            'link to="regex" text="[a] [b]"',
            "[a](https://example.org/\\1) [b](https://example.org/\\1)",
        ),
        ('link to="none" text="See [it]."', ""),
        ('link to="home" text="No link."', "No link."),
    ],
)
def test_golden(opener: str, expected: str) -> None:
    assert content(opener) == expected


def test_a_relation_or_answer_that_readers_do_not_see_is_left_out() -> None:
    body = (
        "A.\n\n## Related\n\n- [[{0}]]: SECRET\n\n## Open questions\n\n- Why? answered: [[{0}]]\n"
    )
    for target in ("private", "idea", "Loose", "nowhere"):
        files = {**NOTES, "Loose.md": "", "Claims/a.md": note(body.format(target), status="x")}
        assert "[[a]]" not in content('items section="Related"', files)
        assert "- Why? ([[a]])" in content('items section="Open questions"', files)
        assert "Why" not in content('items section="Open questions" open="true"', files)


def test_of_two_records_of_a_work_the_fuller_one_is_shown() -> None:
    sources = [
        "[Bare](https://arxiv.org/abs/2401.00001)",
        "[Dated](https://www.arxiv.org/pdf/2401.00001v3.pdf), 2024",
        "[Full](arxiv.org/abs/2401.00001v1), Ada 2024",
        "[Other](https://doi.org/10.1000/XYZ), Bob 2020",
        "[Same](http://dx.doi.org/10.1000/xyz), Bob 2020",
    ]
    body = "A.\n\n## Sources\n\n" + "".join(f"- original: {line}\n" for line in sources)
    assert content("sources", {"Claims/a.md": note(body, status="x")}) == (
        "### 2024\n\n- Ada: [Full](arxiv.org/abs/2401.00001v1) in [[a]]\n\n"
        "### 2020\n\n- Bob: [Other](https://doi.org/10.1000/XYZ) in [[a]]"
    )


def test_sources_of_a_year_are_sorted_by_who_and_title() -> None:
    body = """A.

## Sources

- original: [Zoo](https://example.org/1), 2020
- original: [Bee](https://example.org/2), bob 2020
- original: [Ant](https://example.org/3), Bob 2020
- original: [Cat](https://example.org/4), Ada 2020
"""
    found = content("sources", {"Claims/a.md": note(body, status="x")})
    assert [line[2:].split("]")[0] for line in found.split("\n")[2:]] == [
        "Ada: [Cat",
        "Bob: [Ant",
        "bob: [Bee",
        "[Zoo",
    ]


def test_for_readers_a_draft_is_its_title_alone() -> None:
    bound = Context(context().vault, context().config, Decoration(readers=True))
    filled = fill(parse("Post.md", block("todos")), bound, "tree")
    assert "- [[blank|A blank]]: draft\n- [[idea|An *idea*]]: draft\n- [[bridges" in filled


@pytest.mark.parametrize(
    "opener",
    [
        'items section="Sources"',
        "todos",
        'todos text="{title}"',
        "sources",
        "tags",
        'stats by="title, tags"',
    ],
)
def test_private_notes_never_appear(opener: str) -> None:
    assert "SECRET" in str(NOTES["Claims/private.md"])
    assert "SECRET" not in content(opener)


def test_a_note_tagged_twice_is_listed_once() -> None:
    files = {"Claims/a.md": note("A.", status="x", tags='[b, "#b", B]')}
    assert content("tags", files) == "- B (1): [[a]]"


HEADINGS = """{toc}
Lead

##### Deep

## Part | one #tag

#### [Skipped](https://example.org) [[a|level]]

### Back

# Top

%%
## Hidden
%%

{sections}
```
## Code
```

##
"""


def test_contents_are_the_authors_own_headings_after_the_block() -> None:
    toc, sections = block("toc"), block('notes style="sections"')
    text = f"# Before\n\n{HEADINGS.format(toc=toc, sections=sections)}"
    filled = fill(parse("Post.md", text), context(), "tree")
    (found,) = filled.split("toc -->\n\n")[1:]
    assert found.split("\n\n<!-- /")[0].split("\n") == [
        "- [[#Deep|Deep]]",
        "- [[#Part one tag|Part one tag]]",
        "  - [[#Skipped (https://example.org) a level|Skipped level]]",
        "  - [[#Back|Back]]",
        "- [[#Top|Top]]",
    ]
    assert fill(parse("Post.md", filled), context(), "tree") == filled


def test_contents_of_nothing() -> None:
    assert content("toc") == ""


def test_a_rule_behind_the_contents_is_no_block_of_properties() -> None:
    text = f"{block('toc')}---\na: 1\n---\n\n## Heading\n"
    assert "[[#Heading|Heading]]" in fill(parse("Post.md", text), context(), "tree")


def test_a_name_that_looks_like_a_place_for_another_stays() -> None:
    files = {"Claims/a.md": note("- [ ] do\n- [x] done", title='"{name}"', status="draft")}
    assert content('todos text="{title}" tasks="true"', files) == "- {name}\n  - do"


def test_without_notes_there_is_nothing_to_count() -> None:
    files = {"Claims/a.md": note("A.", status="draft", area="x")}
    assert content('count with="area" text="{with}" none="None."', files) == ""
