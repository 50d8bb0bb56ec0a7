"""What a note holds besides its claim."""

from __future__ import annotations

import pytest
from tests.blocks.sample import NOTES, TOML, block, content, context, note

from vaultsync.blocks.context import Context, Decoration
from vaultsync.blocks.fill import fill
from vaultsync.blocks.note_parts import note_parts, related_notes
from vaultsync.markdown import parse
from vaultsync.notes.note import Note

BRIDGES = (
    "Bridges need *slack*, says [[ropes#Knots|the book]]. "
    "([Ada et al. 2024](https://arxiv.org/pdf/2401.00001v2); "
    "disputed by [Bob 2023](<https://example.org/a_(b>))"
)
ROPES = "Ropes hold a | pipe. ([On Ropes](https://example.org/ropes))"


def bound(files: dict[str, str], name: str, toml: str = TOML) -> tuple[Note, Context]:
    """Return a note of a vault, and the vault."""
    found = context(files, toml)
    return next(note for note in found.notes if note.path == name), found


def test_paragraphs_properties_and_sections() -> None:
    body = "A.\n\nCaveat: not [[b|all]].\n\nMore.\n\nAnd more.\n\n"
    body += "## Open questions\n\n- Why?\n- Who?\n"
    files = {
        "Claims/a.md": note(body, status="x", tested_on="a_*b*", area="[x, y]"),
        "Claims/b.md": note("B.", status="x"),
    }
    toml = f'{TOML}\n[publish]\ndetails = ["area", "tested_on", "none"]\n'
    found = [
        (part.name, part.text, part.is_list)
        for part in note_parts(*bound(files, "Claims/a.md", toml))
    ]
    assert found == [
        ("Caveat", "Caveat: not [[b|all]].", False),
        ("notes", "More.\n\nAnd more.", False),
        ("Area", "Area: x, y", False),
        ("Tested on", "Tested on: a\\_\\*b\\*", False),
        ("Open questions", "- Why?\n- Who?", True),
    ]
    assert list(note_parts(*bound(files, "Claims/b.md", toml))) == []


def test_relations_show_at_both_ends() -> None:
    related = "A.\n\n## Related\n\n"
    files = {
        "Claims/a.md": note(
            f"{related}- [[b]]: tension: it pulls (crux: which [[c|way]]?)\n- [[c]]\n- [[a]]: us\n"
            "- [[draft]]: SECRET\n- [[private]]: SECRET\n- [[nowhere]]: SECRET\n",
            title="A",
            status="x",
        ),
        "Claims/b.md": note("B.", title="B", status="x"),
        "Claims/c.md": note(f"{related}- [[a]]: other way\n", title="C", status="x"),
        "Claims/draft.md": note(f"{related}- [[b]]: SECRET\n", title="D", status="draft"),
        "Claims/private.md": note(f"{related}- [[b]]: SECRET\n", status="x", publish="false"),
    }
    pull = "tension: it pulls (crux: which [[c|way]]?)"
    assert list(related_notes(*bound(files, "Claims/a.md"))) == [
        f"[[b|B]]: {pull}",
        "[[c|C]]",
        "[[c|C]]: other way",
    ]
    assert list(related_notes(*bound(files, "Claims/b.md"))) == [f"[[a|A]]: {pull}"]
    assert list(related_notes(*bound(files, "Claims/c.md"))) == ["[[a|A]]: other way", "[[a|A]]"]


def test_each_end_of_a_relation_shows_its_own_reason() -> None:
    files = {
        "Claims/a.md": note(
            "A.\n\n## Related\n\n- [[b]]: tension: holds [[c|it]] / is held by [[c|it]] "
            "(crux: x)\n",
            title="A",
            status="x",
        ),
        "Claims/b.md": note("B.", title="B", status="x"),
        "Claims/c.md": note("C.", title="C", status="x"),
    }
    assert list(related_notes(*bound(files, "Claims/a.md"))) == [
        "[[b|B]]: tension: holds [[c|it]] (crux: x)"
    ]
    assert list(related_notes(*bound(files, "Claims/b.md"))) == [
        "[[a|A]]: tension: is held by [[c|it]] (crux: x)"
    ]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("", f"- {BRIDGES}\n- {ROPES}\n- How much?"),
        (
            'type="claim" style="index"',
            f"- [[bridges|Bridges need slack]]: {BRIDGES}\n- [[ropes|Ropes hold]]: {ROPES}",
        ),
        (
            'style="sections"',
            (
                f"### Bridges need slack\n\n{BRIDGES}\n\nCaveat: not all do.\n\nSources:\n\n"
                "- original: [On Bridges](https://arxiv.org/pdf/2401.00001v2), Ada et al. 2024; "
                "section 2\n- contrary: [Against [Slack]](<https://example.org/a_(b>), Bob 2023\n\n"
                "Related:\n\n- [[ropes|Ropes hold]]: ropes carry them\n\n"
                "Open questions:\n\n- How much slack? answered: [[how-much]]\n"
                "- Who needs `[^1]`, says [[ropes|that]]?\n\n"
                "**To do**\n\n- [ ] read [[ropes|the book]] again\n- [x] done\n\n"
                f"### Ropes hold\n\n{ROPES}\n\nSources:\n\n"
                "- original: [On Ropes](https://example.org/ropes)\n"
                "- supporting: [On Bridges](https://arxiv.org/abs/2401.00001v1), Ada et al. 2024\n"
                "\nRelated:\n\n- [[bridges|Bridges need slack]]: ropes carry them\n\n"
                "### how-much\n\nHow much?"
            ),
        ),
        (
            'style="sections" status="retired"',
            "### Old \\[claim\\]\n\nIt floats.",
        ),
        (
            'style="table"',
            (
                "| Note | Claim | Source |\n|---|---|---|\n"
                "| [[bridges\\|Bridges need slack]] "
                "| Bridges need *slack*, says [[ropes#Knots\\|the book]]. "
                "| [Ada et al. 2024](https://arxiv.org/pdf/2401.00001v2); "
                "disputed by [Bob 2023](<https://example.org/a_(b>) |\n"
                "| [[ropes\\|Ropes hold]] | Ropes hold a \\| pipe. "
                "| [On Ropes](https://example.org/ropes) |\n"
                "| [[how-much]] | How much? |  |"
            ),
        ),
        (
            'group="area" type="claim" style="index"',
            (
                f"### Building\n\n- [[bridges|Bridges need slack]]: {BRIDGES}\n"
                f"- [[ropes|Ropes hold]]: {ROPES}\n\n"
                f"### Rigging\n\n- [[ropes|Ropes hold]]: {ROPES}"
            ),
        ),
        ('group="year" exclude="ropes, bridges"', "### Other\n\n- How much?"),
    ],
)
def test_styles(attributes: str, expected: str) -> None:
    assert content(f"notes {attributes}".strip()) == expected


@pytest.mark.parametrize(
    ("attributes", "stems"),
    [
        ("", "bridges ropes how-much"),
        ('type="query"', "how-much"),
        ('area="building"', "bridges ropes"),
        ('area="rigging"', "ropes"),
        ('area="rigging, welding"', "ropes"),
        ('status="contested, answered"', "bridges how-much"),
        ('area="building" status="open"', "ropes"),
        ('year="1999"', "ropes"),
        ('certain="true"', "how-much"),
        ('status="retired"', "old"),
        ('status="retired, open"', "old ropes"),
        ('status="draft"', ""),
        ('exclude="ropes"', "bridges how-much"),
        ('order="how-much, nobody, ropes"', "how-much ropes bridges"),
        ('order="ropes"', "ropes bridges how-much"),
        ('order="idea"', "bridges ropes how-much"),
        ('order="year"', "ropes bridges how-much"),
        ('order="-year"', "bridges ropes how-much"),
        ('order="status"', "how-much bridges ropes"),
        ('order="-status"', "ropes bridges how-much"),
        ('order="area"', "bridges ropes how-much"),
    ],
)
def test_which_notes_in_what_order(attributes: str, stems: str) -> None:
    found = content(f'notes {attributes} style="table"').split("\n")[2:]
    names = [row.split("[[")[1].split("]]")[0].split("\\|")[0] for row in found]
    assert names == stems.split()


def test_all_that_a_claim_rests_on_is_cited_in_order() -> None:
    lines = ("original: [A](a), Ada 2001", "contrary: [B](b), Bob 2002", "supporting: [C](c)")
    sources = "".join(f"- {line}\n" for line in (*lines, "original: [D](d), Dee et al. 2000"))
    files = {"Claims/a.md": note(f"A.\n\n## Sources\n\n{sources}", status="contested")}
    cited = "[Ada 2001](a); [Dee et al. 2000](d); disputed by [Bob 2002](b)"
    assert content("notes", files) == f"- A. ({cited})"
    assert content('notes style="table"', files).endswith(f"| A. | {cited} |")


def test_a_source_that_disputes_what_is_not_cited_is_not_brought_up() -> None:
    lines = [
        "original: [A](a), Ada 2001",
        "supporting: [B](b), Bob 2002",
        "contrary: [C](c), Cyd 2003; disputes Bob 2002",
        "contrary: [D](d), Dee 2004; disputes Bob 2002; disputes Ada 2001",
        "contrary: [E](e), Eve 2005",
    ]
    sources = "".join(f"- {line}\n" for line in lines)
    files = {"Claims/a.md": note(f"A.\n\n## Sources\n\n{sources}", status="contested")}
    disputed = "disputed by [Dee 2004](d) and [Eve 2005](e)"
    assert content("notes", files) == f"- A. ([Ada 2001](a); {disputed})"


def test_numbers_are_sorted_before_texts() -> None:
    years = {"a": '"unknown"', "b": "2001", "c": "1.5", "d": "true", "e": "~"}
    files = {f"Claims/{name}.md": note(f"{name}.", status="x", year=y) for name, y in years.items()}
    assert content('notes order="year"', files) == "- d.\n- c.\n- b.\n- a.\n- e."


def test_a_group_named_other_comes_last_with_those_that_have_none() -> None:
    files = {
        "Claims/a.md": note("A.", status="x", area="other"),
        "Claims/b.md": note("B.", status="x", area="zoo"),
        "Claims/c.md": note("C.", status="x"),
    }
    assert content('notes group="area"', files) == "### Zoo\n\n- B.\n\n### Other\n\n- A.\n- C."


def grouped(attributes: str, *values: str) -> str:
    """Return the block with a claim for each area, in a vault that lists `zoo` and `art`."""
    toml = TOML.replace('area = { type = ["string", "array"] }', 'area = { enum = ["zoo", "art"] }')
    files = {
        f"Claims/{number}.md": note(f"N{number}.", status="x", area=value, rank=-number)
        for number, value in enumerate(values)
    }
    filled = fill(parse("Index.md", block(f"notes {attributes}")), context(files, toml), "tree")
    return filled.partition("\n\n")[2].rpartition("\n\n")[0]


def test_groups_are_in_the_order_in_which_the_settings_list_their_values() -> None:
    found = grouped('group="area"', "other", "iOS", "art", "zoo", "a_*b*", "[art, art]")
    assert found == (
        "### Zoo\n\n- N3.\n\n### Art\n\n- N2.\n- N5.\n\n### A\\_\\*b\\*\n\n- N4.\n\n"
        "### iOS\n\n- N1.\n\n### Other\n\n- N0."
    )


def test_a_property_orders_within_the_groups() -> None:
    found = grouped('group="area" order="rank"', "art", "zoo", "art", "zoo")
    assert found == "### Zoo\n\n- N3.\n- N1.\n\n### Art\n\n- N2.\n- N0."


def test_sections_of_a_group_are_below_its_heading() -> None:
    found = grouped('group="area" style="sections"', "art")
    assert found == "### Art\n\n#### 0\n\nN0."


def test_a_property_of_the_conditions_alone_can_be_a_filter() -> None:
    assert content('notes status="open"', {"Queries/a.md": note("A.")}) == ""


def test_a_note_without_a_first_paragraph_is_its_title() -> None:
    files = {"Queries/a.md": note("## Later\n\nText.", title="Title")}
    assert content("notes", files) == "- Title"


def test_a_rule_brings_up_nothing_that_is_not_there() -> None:
    files = {"Claims/a.md": note("A.", status="contested")}
    assert content("notes", files) == "- A."


def test_lists_call_a_note_by_its_handle() -> None:
    toml = TOML.replace("[types.claim]", '[types.claim]\nhandle = "handle"')
    files = {"Claims/a.md": note("A.", title="A title", handle="a_*b*", status="x")}
    bound = context(files, toml)
    text = "".join(
        block(f'notes style="{style}"') + "\n" for style in ("index", "sections", "table")
    )
    found = fill(parse("Index.md", text), bound, "tree")
    assert "- [[a|a_*b*]]: A." in found
    assert "### a\\_\\*b\\*" in found
    assert "| [[a\\|a_*b*]] |" in found
    assert "title" not in found


def test_a_publisher_adds_to_every_style() -> None:
    frame = Decoration(lambda _: "<", lambda _: ">")
    bound = Context(context().vault, context().config, frame)
    for style, count in {
        "list": (3, 3),
        "index": (3, 0),
        "sections": (3, 0),
        "table": (3, 0),
    }.items():
        text = f'<!-- vaultsync:notes style="{style}" -->\n\n<!-- /vaultsync -->\n'
        filled = fill(parse("Post.md", text), bound, "tree").split("\n", 1)[1]
        marks = filled.replace("<!--", "").replace("-->", "").replace("(<", "").replace("(b>", "")
        assert (marks.count("<"), marks.count(">")) == count, style


def test_notes_that_are_private_or_drafts_are_never_listed() -> None:
    for style in ("list", "index", "sections", "table"):
        for filters in ("", 'status="draft, open, retired"', 'publish="false"', 'order="private"'):
            found = content(f'notes {filters} style="{style}"')
            assert "SECRET" not in found
            assert "idea" not in found
    assert "Claims/private.md" in NOTES
