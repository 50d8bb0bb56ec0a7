"""What an editor shows beside a note: what is perhaps related to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.server.client import Client, serving
from tests.server.test_features import CONFIG, applied
from tests.vaults import make

ONE = "---\ntitle: Bridges\nstatus: open\n---\nGranite bridges sway in wind.\n"
FILES = {
    "vaultsync.toml": CONFIG,
    "Claims/one.md": ONE,
    "Claims/two.md": "---\ntitle: Stone\nstatus: open\n---\nGranite bridges stand in wind.\n",
    "Claims/cats.md": "---\ntitle: Cats\nstatus: open\n---\nCats purr.\n",
    "Claims/dogs.md": "---\ntitle: Dogs\nstatus: open\n---\nDogs bark.\n",
    "page.md": "A page.\n",
}


def suggested(client: Client, path: str) -> list[str]:
    return [one["path"] for one in client.execute("related", uri=client.uri(path), count=1)]


def test_suggestions_follow_what_is_typed(tmp_path: Path) -> None:
    with serving(make(tmp_path / "v", FILES)) as client:
        (found,) = client.execute("related", uri=client.uri("Claims/one.md"), count=1)
        assert found.keys() == {"path", "uri", "name", "score", "reasons"}
        assert (found["path"], found["uri"]) == ("Claims/two.md", client.uri("Claims/two.md"))
        assert (found["name"], found["reasons"][0]["kind"]) == ("Stone", "words")
        assert suggested(client, "page.md") == []
        client.open("Claims/one.md", ONE.replace("Granite bridges sway", "See [[two]]: they sway"))
        assert suggested(client, "Claims/one.md") == []


@pytest.mark.parametrize("before", [None, "- [[cats]] and [[dogs]]: far\n"])
def test_dismissing_is_an_edit(tmp_path: Path, before: str | None) -> None:
    files = FILES if before is None else {**FILES, "Unrelated.md": before}
    with serving(make(tmp_path / "v", files)) as client:
        given = {"target": "Claims/two.md", "reason": "far"}
        answer = client.execute("dismiss", uri=client.uri("Claims/one.md"), **given)
        changes = answer["edit"]["documentChanges"]
        assert ("kind" in changes[0]) == (before is None)
        text = applied(client, answer, before or "", "Unrelated.md")
        assert "- [[one]] and [[two]]: far" in text
        client.open("Unrelated.md", text)
        assert suggested(client, "Claims/one.md") == []
