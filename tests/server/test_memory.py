"""What a server holds does not grow with the edits that it has seen."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.app.test_checking import START
from tests.server.client import Client, serving
from tests.vaults import make

from vaultsync.app.live import LiveVault
from vaultsync.core.model import Document

# A server that also counts what it holds. Caches of functions are bounded.
COUNTING = """
import functools, gc, sys
from vaultsync.server.serve import make_server

server = make_server(None)

@server.feature("test/blocks")
def blocks(_params):
    gc.unfreeze()
    for one in gc.get_objects():
        if isinstance(one, functools._lru_cache_wrapper):
            one.cache_clear()
    gc.collect()
    return sys.getallocatedblocks()

server.start_io()
"""
PROGRAM = (sys.executable, "-c", COUNTING)


def blocks(client: Client) -> int:
    """Return how many blocks of memory a server holds."""
    return int(client.request("test/blocks", {}))


def edit(client: Client, texts: Sequence[tuple[str, str]], numbers: range) -> None:
    """Write names that no edit had before into open notes, and take them out again."""
    for number in numbers:
        path, text = texts[number % len(texts)]
        typed = f"\n[[gone {number}]] [[new]] #t{number} ^b{number}\n\n# H {number}\n"
        is_typed = number // len(texts) % 2 == 0
        client.change(path, {"text": f"{text}{typed}" if is_typed else text}, version=number)
        client.settle()


def test_after_twice_as_many_edits_a_server_holds_as_much(tmp_path: Path) -> None:
    paths = ("a.md", "Claims/one.md", "links/3.md", "new.md")
    texts = [(path, START.get(path, "")) for path in paths]
    with serving(make(tmp_path / "v", START), program=PROGRAM) as client:
        for path, text in texts:
            client.open(path, text)
        edit(client, texts, range(1000))
        before = blocks(client)
        edit(client, texts, range(1000, 2000))
        assert blocks(client) < before + 500


def test_of_a_note_that_is_typed_no_earlier_versions_are_held(tmp_path: Path) -> None:
    live = LiveVault(str(make(tmp_path / "v", {"a.md": "", "b.md": "[x](a.md#a)\n"})))
    for number in range(50):
        live.write("a.md", f"# A\n\n[[#A]] [x](#b) {number}\n")
        live.check()
    gc.collect()
    held = [one for one in gc.get_objects() if isinstance(one, Document) and one.path == "a.md"]
    assert len(held) < 5
