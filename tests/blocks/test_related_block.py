"""The block that lists suggestions."""

from __future__ import annotations

import pytest
from tests.blocks.sample import TOML, block, content, context, note

from vaultsync.blocks.fill import block_problems
from vaultsync.markdown import parse

FILES = {
    "Claims/one.md": note("Granite bridges sway in wind.", title="Bridges", status="open"),
    "Claims/two.md": note("Granite *bridges* stand in wind.", title="A *stone*", status="open"),
    "Claims/idea.md": note("Granite bridges sway in wind.", title="Idea", status="draft"),
    "Claims/cats.md": note("Cats purr.", title="Cats", status="open"),
    "Claims/dogs.md": note("Dogs bark.", title="Dogs", status="open"),
}


def test_it_lists_notes_for_its_own_note() -> None:
    found = content("related", FILES, "Claims/one.md")
    assert found.startswith("- [[two|A *stone*]]: similar words: ")
    assert "idea" not in found


def test_elsewhere_it_lists_pairs() -> None:
    found = content('related count="1"', FILES)
    assert found.startswith("- [[one|Bridges]] and [[two|A *stone*]]: similar words: ")
    assert found.count("\n") == 0


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_what_readers_do_not_see_is_no_reason(status: str) -> None:
    files = {
        **FILES,
        "Claims/one.md": f"{FILES['Claims/one.md']}\nSee [[mid]].\n",
        "Claims/two.md": f"{FILES['Claims/two.md']}\nSee [[mid]].\n",
        "Claims/mid.md": note("Middle.", title="Secret", status=status),
    }
    assert "Secret" not in content("related", files, "Claims/one.md")


def test_a_draft_has_suggestions_for_itself() -> None:
    assert content("related", FILES, "Claims/idea.md").startswith("- [[one|Bridges]]: ")


def test_a_reason_with_a_link_is_left_out() -> None:
    files = {
        "Claims/one.md": note("Granite bridges sway in wind.", title="Old", status="open"),
        "Queries/why.md": note("Why do granite bridges sway, says [[hidden]]?", title="Why"),
        "Claims/cats.md": FILES["Claims/cats.md"],
        "Claims/dogs.md": FILES["Claims/dogs.md"],
    }
    assert "hidden" not in content("related", files, "Claims/one.md")
    shown = {**files, "Queries/why.md": files["Queries/why.md"].replace(", says [[hidden]]", "")}
    assert "may bear on a question" in content("related", shown, "Claims/one.md")


@pytest.mark.parametrize("count", ["0", "x", "²"])
def test_a_count_is_a_number(count: str) -> None:
    note = parse("Index.md", block(f'related count="{count}"'))
    (problem,) = block_problems(note, context(FILES, TOML))
    assert problem.message == f'`count="{count}"`: use a number from 1'


def test_a_right_block_has_no_problem() -> None:
    assert not [*block_problems(parse("Index.md", block("related")), context(FILES, TOML))]
