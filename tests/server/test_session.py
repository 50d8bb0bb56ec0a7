"""What a server publishes is what the command line finds, whatever was typed before."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.app.test_checking import START
from tests.server.client import Client, Message, serving
from tests.vaults import git, make, run

SEVERITIES = {"error": 1, "warning": 2, "hint": 4}
NOTE = "# A\n\nSee [[b]].\n"
REAL = Path(__file__).parents[2] / "vault"


def on_command_line(root: Path) -> dict[str, list[tuple[Any, ...]]]:
    done = run(root, "lint", "--output-format", "json", "--vault", ".")
    found: dict[str, list[tuple[Any, ...]]] = {}
    for one in json.loads(done.out)["findings"]:
        places = [one[end][part] - 1 for end in ("start", "end") for part in ("line", "column")]
        related = [((root / other["path"]).as_uri(), other["message"]) for other in one["related"]]
        message = one["message"]
        row = (one["code"], message, SEVERITIES[one["severity"]], *places, related)
        found.setdefault((root / one["path"]).as_uri(), []).append(row)
    return found


def rows(items: list[Message]) -> list[tuple[Any, ...]]:
    return [
        (
            one["code"],
            one["message"],
            one["severity"],
            *(
                one["range"][end][part]
                for end in ("start", "end")
                for part in ("line", "character")
            ),
            [
                (other["location"]["uri"], other["message"])
                for other in one.get("relatedInformation") or ()
            ],
        )
        for one in items
    ]


def whole(client: Client) -> dict[str, list[tuple[Any, ...]]]:
    return {uri: rows(items) for uri, items in client.whole().items()}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    root = make(tmp_path / "v", {".obsidian/app.json": "{}", "a.md": NOTE, "b.md": "# B\n"})
    with serving(root) as client:
        yield client


def test_the_whole_vault_is_reported_as_on_the_command_line() -> None:
    with serving(REAL) as client:
        assert whole(client) == on_command_line(REAL)


def test_every_kind_of_finding_is_reported_as_on_the_command_line(tmp_path: Path) -> None:
    root = make(tmp_path / "v", START)
    with serving(root) as client:
        assert whole(client) == on_command_line(root) != {}


def test_a_change_is_published_with_its_version(client: Client) -> None:
    client.open("a.md")
    assert client.found("a.md") == []
    place = {"line": 2, "character": 6}
    change = {
        "range": {"start": place, "end": {"line": 2, "character": 7}},
        "text": "gone-for-good",
    }
    client.change("a.md", change, version=7)
    (found,) = client.found("a.md")
    assert found[0] == "LNK017"
    assert client.versions[client.uri("a.md")] == 7


def test_what_a_change_breaks_and_mends_elsewhere_is_published(client: Client) -> None:
    make(client.root, {"c.md": "# C\n\n[[b#B]]\n"})
    client.open("b.md")
    client.settle()
    assert client.uri("c.md") not in client.published
    client.change("b.md", {"text": "# Other\n"})
    assert [code for code, _ in client.found("c.md")] == ["LNK003"]
    client.change("b.md", {"text": "# B\n"}, version=2)
    assert client.found("c.md") == []


def test_a_note_that_is_closed_counts_as_on_disk(client: Client) -> None:
    client.open("a.md", "[[nowhere-at-all]]\n")
    assert client.found("a.md") != []
    client.close("a.md")
    assert client.found("a.md") == []


def test_a_note_that_is_not_saved_is_not_tracked(client: Client) -> None:
    git(client.root, "init", "-q")
    git(client.root, "add", ".")
    client.whole()
    client.open("a.md", "[[new]]\n")
    client.open("new.md", "# New\n")
    assert [code for code, _ in client.found("a.md")] == ["LNK013"]
    client.close("new.md")
    assert [code for code, _ in client.found("a.md")] == ["LNK017"]


EDITS = (
    "[[a#B]]",
    "[[new]]",
    "\n# B\n",
    "\n",
    "😀",
    "---\ntitle: x\n---\n",
    "[[gone",
    "]]",
    "%%",
    "`",
    " ^id\n",
)


def edited(root: Path, count: int, seed: int) -> float:
    """Make random edits, outside the editor too, and compare the findings with a fresh start.

    Returns the memory that the server took.
    """
    chance = random.Random(seed)  # noqa: S311 - the same edits in each run
    names = [path.relative_to(root).as_posix() for path in root.rglob("*.md")]
    names += ["new.md", "Claims/new note.md"]
    texts: dict[str, str] = {}
    with serving(root) as client:
        for version in range(count):
            name = chance.choice(names)
            if name not in texts:
                file = root / name
                texts[name] = file.read_bytes().decode() if file.exists() else ""
                client.open(name, texts[name])
            kind = chance.random()
            if kind < 0.05:
                make(root, {name: texts[name]})
                client.close(name)
                del texts[name]
            elif kind < 0.08:
                (root / name).unlink(missing_ok=True)
                kinds = [{"uri": client.uri(name), "type": 3}]
                client.notify("workspace/didChangeWatchedFiles", {"changes": kinds})
            else:
                text = texts[name]
                start = chance.randint(0, len(text))
                end = min(len(text), start + chance.choice((0, 0, 1, 5, 40)))
                new = chance.choice(EDITS)
                texts[name] = text[:start] + new + text[end:]
                places = {"start": place(text, start), "end": place(text, end)}
                client.change(name, {"range": places, "text": new}, version=version)
        # What is saved would be checked again.
        found, memory = whole(client), client.memory()
    make(root, texts)
    assert found == on_command_line(root)
    return memory


def place(text: str, offset: int) -> dict[str, int]:
    before = re.split(r"\r\n|\n|\r", text[:offset])
    return {"line": len(before) - 1, "character": len(before[-1])}


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 2))]
)
def test_after_many_edits_the_findings_are_those_of_a_fresh_start(
    tmp_path: Path, seed: int
) -> None:
    edited(make(tmp_path / "v", START), 300, seed)
