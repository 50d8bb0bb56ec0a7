"""`vaultsync links`."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest
from tests.cli.test_store import settle
from tests.vaults import make, run

from vaultsync.markdown import MAX_BYTES

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schemas/links.json").read_text())
NOTES = {
    "vaultsync.toml": "",
    "a.md": '---\nup: "[[b]]"\n---\n[[b#H]] ![[b]] [t](b.md#no) ![i](i.png) [[x]] <https://a.org>\n',
    "b.md": "# H\n\n[e](https://example.org)\n",
    "c/b.md": "[[a|A]]\n",
    "i.png": "",
    "m.canvas": '{"nodes": [{"id": "1", "type": "file", "file": "a.md"}], "edges": []}',
}


def test_json_fits_its_schema(tmp_path: Path) -> None:
    code, out, err = run(make(tmp_path, NOTES), "links", "--output-format", "json")
    assert (code, err) == (0, "")
    data = json.loads(out)
    valid = jsonschema_rs.validator_for(SCHEMA)
    valid.validate(data)
    assert {link["kind"] for link in data["links"]} == set(
        SCHEMA["$defs"]["link"]["properties"]["kind"]["enum"]
    )
    assert {link["subpath_found"] for link in data["links"]} == {True, False, None}
    del data["links"][0]["resolved"]
    assert not valid.is_valid(data)


@pytest.mark.parametrize("data", [b"\xff", b"[a](https://a.org)\n" + b"x" * MAX_BYTES])
def test_a_note_that_cannot_be_read_has_no_links_in_later_runs_either(
    tmp_path: Path, data: bytes
) -> None:
    make(tmp_path, {"vaultsync.toml": "", "a.md": data, "b.md": "[b](https://b.org)\n"})
    settle()
    run(tmp_path, "lint")
    first = run(tmp_path, "links")
    assert first.out.endswith("\n1 links: 1 external, 0 broken\n")
    assert (first.code, first.err) == (0, "")
    assert run(tmp_path, "links") == first
