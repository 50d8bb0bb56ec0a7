"""Filling the blocks of a note, and moving what they hold to another version of it."""

from __future__ import annotations

from tests.blocks.sample import block, context

from vaultsync.blocks import BrokenMarker, block_problems, counted, fill, transplant
from vaultsync.markdown import parse

STATS = "- 3 claims, 1 query, 2 drafts, 2 TODOs"


def test_only_the_origins_asked_for_are_filled() -> None:
    journal = block("changelog", "### 2025-01-02\n\n- a")
    text = block("stats") + "\n" + block("changelog")
    files = {"Changelog.md": journal, "Post.md": text}
    bound = context(files)
    document = bound.vault.documents["Post.md"]
    tree, history = fill(document, bound, "tree"), fill(document, bound, "history")
    assert ("- 0 drafts" in tree, "### 2025" in tree) == (True, False)
    assert ("- 0 drafts" in history, "### 2025" in history) == (False, True)
    assert fill(document, bound) == text


def test_blocks_are_moved_by_kind_in_order() -> None:
    source = "".join(
        [block("stats", "- s"), block("tags", "- t1"), block("tags", "- t2"), block("link", "l")]
    )
    target = "".join(
        [
            "mine\n\n",
            block("tags", "- old"),
            block("todos", "- kept"),
            block("stats", "- s"),
            block("tags", "- older"),
            block("tags", "- one more"),
            block("changelog", "- kept"),
            block("unknown", "- kept"),
        ]
    )
    moved = transplant(parse("a.md", source), parse("a.md", target), "tree")
    assert moved == target.replace("- old\n", "- t1\n").replace("- older", "- t2")


def test_problems_are_markers_first() -> None:
    text = block("stat") + "\n<!-- /vaultsync -->\n"
    problems = list(block_problems(parse("a.md", text), context()))
    assert all(isinstance(problem, BrokenMarker) for problem in problems)
    assert [problem.message.split()[0] for problem in problems] == ["this", "there"]


def test_a_block_that_is_right_has_no_problems() -> None:
    text = block("stats", STATS) + block("toc") + block('notes order="ropes"')
    assert not list(block_problems(parse("a.md", text), context()))


def test_counted() -> None:
    assert [counted(number, "query") for number in (0, 1, 2)] == [
        "0 queries",
        "1 query",
        "2 queries",
    ]
    assert counted(2, "frame") == "2 frames"
