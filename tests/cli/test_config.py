"""`vaultsync config`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.vaults import make, run

from vaultsync.core.config.docs import schema_text

TOML = 'exclude = ["Old/**"]\n\n[lint]\nignore = ["LNK001"]\n'


def test_the_settings_are_shown_with_their_sources(tmp_path: Path) -> None:
    root = make(tmp_path, {"vaultsync.toml": TOML, "sub/n.md": ""})
    code, out, err = run(root / "sub", "config")
    assert (code, err) == (0, "")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert 'exclude = ["Old/**"] # vaultsync.toml:1' in lines
    assert 'lint.ignore = ["LNK001"] # vaultsync.toml:4' in lines
    assert "lint.select = [] # default" in lines


def test_a_vault_without_settings_has_the_defaults(tmp_path: Path) -> None:
    code, out, _ = run(make(tmp_path, {".obsidian/app.json": "{}"}), "config")
    assert code == 0
    assert {line.rpartition("# ")[2] for line in out.splitlines()} == {"default"}


def test_a_program_gets_json(tmp_path: Path) -> None:
    root = make(tmp_path, {"vaultsync.toml": TOML})
    code, out, err = run(root, "config", "--output-format", "json")
    assert (code, err) == (0, "")
    data = json.loads(out)
    assert data["version"] == 1
    assert data["settings"][0] == {
        "key": ["exclude"],
        "value": ["Old/**"],
        "source": "vaultsync.toml:1",
        "line": 1,
    }
    assert {"key": ["lint", "select"], "value": [], "source": "default", "line": None} in (
        data["settings"]
    )


def test_wrong_settings_are_told_as_everywhere(tmp_path: Path) -> None:
    root = make(tmp_path, {"vaultsync.toml": "exclud = []\n"})
    said = "error: vaultsync.toml:1:1: unknown key `exclud`: did you mean `exclude`?\n"
    assert run(root, "config") == (2, "", f"{said}    1 | exclud = []\n")


def test_the_schema_needs_no_vault(tmp_path: Path) -> None:
    assert run(tmp_path, "config", "--schema") == (0, schema_text(), "")


def test_without_settings_all_are_defaults(tmp_path: Path) -> None:
    code, out, err = run(tmp_path, "config")
    assert (code, err) == (0, "")
    assert out.count("# default\n") == out.count("\n")
