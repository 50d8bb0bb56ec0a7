"""`vaultsync related`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema_rs
import pytest
from tests.vaults import make, run

from vaultsync.related.reasons import REASONS

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schemas/related.json").read_text())
NOTES: dict[str, str | bytes] = {
    "vaultsync.toml": "",
    "one.md": "Granite bridges sway in wind.\n",
    "two.md": "Granite bridges stand in wind.\n",
    "cats.md": "Cats purr.\n",
    "dogs.md": "Dogs bark.\n",
    "birds.md": "Birds sing.\n",
    "binary.md": b"\xff",
}


def test_a_note_and_the_whole_vault(tmp_path: Path) -> None:
    root = make(tmp_path, NOTES)
    code, out, err = run(root, "related", "one.md", "-n", "1")
    assert (code, err) == (0, "")
    first, *reasons, last = out.splitlines()
    assert first.startswith("two.md: 0.")
    assert reasons == ["  similar words: bridges, granite, wind"]
    assert last == "1 suggestion"
    assert run(root, "related").out.startswith("one.md and two.md: 0.")


def test_a_warm_run_prints_the_same(tmp_path: Path) -> None:
    root = make(tmp_path, NOTES)
    cold = run(root, "related")
    assert run(root, "related") == cold
    (root / "two.md").write_text("Foxes dig.\n")
    assert run(root, "related").out == "0 suggestions\n"


def test_a_name_that_is_not_utf_8_is_compared(tmp_path: Path) -> None:
    root = make(tmp_path, {**NOTES, os.fsdecode(b"\xff.md"): "Granite bridges stand in wind.\n"})
    (root / "two.md").unlink()
    cold = run(root, "related")
    assert (cold.code, "\\udcff.md" in cold.out) == (0, True)
    assert run(root, "related") == cold


def test_json_fits_its_schema(tmp_path: Path) -> None:
    data = json.loads(run(make(tmp_path, NOTES), "related", "--output-format", "json").out)
    valid = jsonschema_rs.validator_for(SCHEMA)
    valid.validate(data)
    assert data["suggestions"][0]["one"] == "one.md"
    known = SCHEMA["$defs"]["suggestion"]["properties"]["reasons"]["items"]["properties"]["kind"]
    assert known["enum"] == list(REASONS)
    del data["suggestions"][0]["one"]
    assert not valid.is_valid(data)


def test_dismissed_for_good(tmp_path: Path) -> None:
    root = make(tmp_path, NOTES)
    dismiss = ("related", "two.md", "--dismiss", "one.md", "--reason", "one  stone\nalone")
    assert run(root, *dismiss).out == "wrote Unrelated.md\n"
    title = "---\ntitle: Pairs that are not related\n---\n\n"
    assert (root / "Unrelated.md").read_text() == f"{title}- [[one]] and [[two]]: one stone alone\n"
    assert run(root, "related").out == "0 suggestions\n"


def test_items_are_in_order(tmp_path: Path) -> None:
    root = make(tmp_path, {**NOTES, "Unrelated.md": "# No\n"})
    for pair in ("one.md two.md", "cats.md dogs.md", "birds.md one.md", "two.md one.md"):
        one, other = pair.split()
        run(root, "related", one, "--dismiss", other, "--reason", "far")
    assert (root / "Unrelated.md").read_text() == (
        "# No\n\n- [[birds]] and [[one]]: far\n- [[cats]] and [[dogs]]: far\n"
        "- [[one]] and [[two]]: far\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("binary.md",), "binary.md: it is not compared"),
        (("gone.md",), "gone.md: there is no note there"),
        ((".",), ".: it is not one note"),
        (("--dismiss", "one.md"), "--dismiss needs two notes"),
        (("two.md", "--reason", "x"), "--reason needs --dismiss OTHER"),
        (("two.md", "--dismiss", "one.md"), "Unrelated.md: give a reason"),
        (("two.md", "--dismiss", "two.md", "--reason", "x"), "two.md: a note is not suggested"),
    ],
)
def test_what_cannot_be_done(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    code, out, err = run(make(tmp_path, NOTES), "related", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {message}")
