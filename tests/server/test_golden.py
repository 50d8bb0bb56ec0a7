"""What the server finds and mends in many small vaults is what the command line prints."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conformance.situations import cases, vectors
from tests.app.test_checking import START
from tests.lint.settings import TOML
from tests.server.client import Client, Message, serving
from tests.server.test_features import offset
from tests.vaults import make, run

from vaultsync.lint.rules import RULES

# Other tests cover all that these run.
pytestmark = pytest.mark.no_cover
SEVERITIES = {1: "error", 2: "warning", 4: "hint"}
# The vaults are divided so that several processes can run them; one part shows each kind of thing.
PARTS = 8
# How the titles of actions begin that are no fix of a finding.
_OTHERS = ("Suppress ", "Create ", "Add ", "Keep ")
Files = dict[str, str]


def golden() -> Iterator[Files]:
    """Yield the vaults of the rules' examples and of the public vectors, and one more."""
    for rule in RULES:
        settings = f'{TOML}\n[lint]\nextend-select = ["{rule.code}"]\n'
        for example in rule.examples:
            given = {"vaultsync.toml": settings, "other note.md": "Text.\n", **example.others}
            yield {**given, example.path: example.bad}
            yield {**given, example.renamed or example.path: example.good}
    for vector in vectors():
        for case in cases(vector, wiki=True, targets=True):
            yield case.files
    yield START


def printed(root: Path) -> list[Message]:
    """Return the findings of the command line; a suggestion is in the message too.

    It refuses a vault of which the settings leave nothing, where the server finds nothing.
    """
    done = run(root, "lint", "--output-format", "json")
    if "`exclude` leaves no note" in done.err:
        return []
    findings: list[Message] = json.loads(done.out)["findings"]
    for one in findings:
        del one["suggestion"]
        if one["fix"] and one["fix"].pop("applicability") == "display-only":
            one["fix"] = None
    return findings


def answered(client: Client) -> list[Message]:
    """Return what the server finds, in the form of the command line."""
    return [
        found
        for uri, items in client.whole().items()
        for found in of_note(client, client.path(uri), items)
    ]


def of_note(client: Client, path: str, items: list[Message]) -> Iterator[Message]:
    everywhere = {"start": {"line": 0, "character": 0}, "end": {"line": 10**6, "character": 0}}
    context = {"diagnostics": [], "only": ["quickfix"]}
    actions = client.ask("codeAction", path, range=everywhere, context=context) or ()
    for one in items:
        fixes = [action for action in actions if action.get("diagnostics") == [one]]
        yield {
            "code": one["code"],
            "name": one["data"]["name"],
            "severity": SEVERITIES[one["severity"]],
            "message": one["message"],
            "path": path,
            **places(one["range"]),
            "fix": fix_of(client, fixes),
            "related": [related(client, other) for other in one.get("relatedInformation", ())],
        }


def places(where: Message) -> Message:
    return {
        end: {"line": where[end]["line"] + 1, "column": where[end]["character"] + 1}
        for end in ("start", "end")
    }


def related(client: Client, other: Message) -> Message:
    location = other["location"]
    path = client.path(location["uri"])
    return {"path": path, **places(location["range"]), "message": other["message"]}


def fix_of(client: Client, actions: list[Message]) -> Message | None:
    remark = " (may change the meaning)"
    made = [one for one in actions if not one["title"].startswith(_OTHERS)]
    if not made:
        return None
    (action,) = made
    edits = {
        client.path(change["textDocument"]["uri"]): [
            edit(client, change, one) for one in change["edits"]
        ]
        for change in action["edit"]["documentChanges"]
    }
    title = action["title"].removesuffix(remark)
    return {"title": title, "safe": action.get("isPreferred", False), "edits": edits}


def edit(client: Client, change: Message, one: Message) -> Message:
    text = (client.root / client.path(change["textDocument"]["uri"])).read_bytes().decode()
    start, end = (offset(text, one["range"][end]) for end in ("start", "end"))
    return {"start": start, "end": end, "new": one["newText"]}


@pytest.mark.parametrize(
    "part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in range(1, PARTS))]
)
def test_the_server_finds_and_mends_what_the_command_line_does(tmp_path: Path, part: int) -> None:
    found = []
    with serving(make(tmp_path / "v", {"a.md": ""})) as client:
        for files in [*golden()][part::PARTS]:
            for entry in client.root.iterdir():
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
            given = {".obsidian/app.json": "{}", **files}
            make(client.root, {k: v.encode("utf-8", "surrogateescape") for k, v in given.items()})
            expected = printed(client.root)
            assert json.dumps(answered(client)) == json.dumps(expected), files
            found += expected
    assert {one["severity"] for one in found} == {*SEVERITIES.values()}
    assert any(one["fix"] for one in found)
