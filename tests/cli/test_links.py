"""`vaultsync links`."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
from tests.vaults import make, run

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
