"""Which notes the index changes, and that a second run changes none."""

from __future__ import annotations

from tests.blocks.sample import NOTES, TOML, block, context

from vaultsync.blocks import Context
from vaultsync.blocks.refresh import refresh
from vaultsync.core.config import load_config
from vaultsync.core.model import Vault
from vaultsync.core.output import content_id
from vaultsync.markdown import parse

STATS = "- 3 claims, 1 query, 2 drafts, 2 TODOs"


def test_only_notes_whose_blocks_change_are_written_in_order() -> None:
    files = {
        **NOTES,
        "Right.md": block("stats", STATS),
        "b.md": block("stats"),
        "a.md": f"text\r\n\r\n{block('stats')}".replace("\r\n", "\n").replace("\n", "\r\n"),
        "Broken.md": "<!-- vaultsync:stats -->\n",
        "Log.md": block("changelog", "- mine"),
    }
    found = refresh(context(files))
    assert [output.path for output in found] == ["a.md", "b.md"]
    assert found[1].data == block("stats", STATS).encode()
    assert found[1].base == content_id(files["b.md"].encode())
    assert found[0].data == f"text\n\n{block('stats', STATS)}".replace("\n", "\r\n").encode()


def test_a_second_run_changes_nothing() -> None:
    files = {**NOTES, "a.md": block("stats") + block("sources") + block("toc") + block("todos")}
    (output,) = refresh(context(files))
    assert output.data is not None
    assert refresh(context({**files, "a.md": output.data.decode()})) == []


def test_a_note_that_cannot_be_read_stops_no_other() -> None:
    documents = {
        "Bad.md": parse("Bad.md", b"\xff" + block("stats").encode()),
        "a.canvas": parse("a.canvas", block("stats")),
        "Index.md": parse("Index.md", block("stats")),
    }
    bound = Context(Vault(documents, frozenset(documents)), load_config(TOML))
    assert [output.path for output in refresh(bound)] == ["Index.md"]
