"""Filling the blocks of a note, and moving what they hold to another version of it."""

from __future__ import annotations

from tests.blocks.sample import NOTES, TOML, block, context

from vaultsync.blocks.context import Context, format_count
from vaultsync.blocks.fill import block_problems, copy_blocks, fill, refresh_blocks
from vaultsync.blocks.quote import BrokenMarker
from vaultsync.core.config.read import load_config
from vaultsync.core.model import Vault, content_id
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
        [
            block("stats", "- s"),
            block("tags", "- t1"),
            block("tags", "- t2"),
            block("link", "l"),
            block("changelog", "- of the history"),
            block("unknown", "- no kind"),
        ]
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
    moved = copy_blocks(parse("a.md", source), parse("a.md", target), "tree")
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
    assert [format_count(number, "query") for number in (0, 1, 2)] == [
        "0 queries",
        "1 query",
        "2 queries",
    ]
    assert format_count(2, "frame") == "2 frames"


def test_only_notes_whose_blocks_change_are_written_in_order() -> None:
    files = {
        **NOTES,
        "Right.md": block("stats", STATS),
        "b.md": block("stats"),
        "a.md": f"text\r\n\r\n{block('stats')}".replace("\r\n", "\n").replace("\n", "\r\n"),
        "Broken.md": "<!-- vaultsync:stats -->\n",
        "Log.md": block("changelog", "- mine"),
    }
    found = refresh_blocks(context(files), "tree")
    assert [output.path for output in found] == ["a.md", "b.md"]
    assert found[1].data == block("stats", STATS).encode()
    assert found[1].base == content_id(files["b.md"].encode())
    assert found[0].data == f"text\n\n{block('stats', STATS)}".replace("\n", "\r\n").encode()


def test_a_second_run_changes_nothing() -> None:
    files = {**NOTES, "a.md": block("stats") + block("sources") + block("toc") + block("todos")}
    (output,) = refresh_blocks(context(files), "tree")
    assert output.data is not None
    assert refresh_blocks(context({**files, "a.md": output.data.decode()}), "tree") == []


def test_a_note_that_cannot_be_read_stops_no_other() -> None:
    documents = {
        "Bad.md": parse("Bad.md", b"\xff" + block("stats").encode()),
        "a.canvas": parse("a.canvas", block("stats")),
        "Index.md": parse("Index.md", block("stats")),
    }
    bound = Context(Vault(documents, frozenset(documents)), load_config(TOML))
    assert [output.path for output in refresh_blocks(bound, "tree")] == ["Index.md"]
