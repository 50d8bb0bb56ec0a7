"""The files of a vault, and who else moves them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.app.doctor.checks import check, result
from tests.vaults import committed, make, store

PROPERTIES = "---\na: 1\n---\n"


def test_a_cache_that_is_written(tmp_path: Path) -> None:
    root = make(tmp_path / "v", {"a.md": ""})
    assert result(root, "cache")[1].endswith(f" MB in {store(root).parent}")


def test_there_may_be_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make(tmp_path / "v", {"a.md": ""})
    monkeypatch.setenv("VAULTSYNC_CACHE_DIR", str(root / "cache"))
    found = check(root, "cache")
    assert found.state == "unknown"


def test_a_cache_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make(tmp_path / "v", {"a.md": ""})
    make(tmp_path, {"file": ""})
    monkeypatch.setenv("VAULTSYNC_CACHE_DIR", f"{tmp_path}/file/below")
    assert result(root, "cache")[0] == "wrong"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("What?.md", "(the file's name holds `?`: Windows cannot hold it)"),
        ("Con.md", "Windows cannot hold it)"),
        ("x/" * 120 + "a.md", "(the path is 244 long: Windows may not hold it)"),
        ("a\u0308.md", "(the file's name is not in composed form (NFC))"),
    ],
)
def test_names_that_other_systems_cannot_hold(tmp_path: Path, path: str, reason: str) -> None:
    root = make(tmp_path / "v", {"Console.md": "", path: ""})
    state, message = result(root, "names")
    assert state == "wrong"
    first = f"1 file with a name that other systems cannot hold: {path} ("
    assert message.startswith(first)
    assert message.endswith(reason)


def test_the_first_of_many_are_listed(tmp_path: Path) -> None:
    root = make(tmp_path / "v", {f"{number}?.md": "" for number in range(5)} | {"0?.MD": ""})
    message = result(root, "names")[1]
    assert message.startswith("6 files with a name that other systems cannot hold: 0?.MD (")
    assert message.endswith(") and 3 more")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{PROPERTIES}{PROPERTIES}Text.\n", "properties twice"),
        (f"{PROPERTIES}\n{PROPERTIES}", "properties twice"),
        ("a\n<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n", "a conflict"),
        ("a\n\n> [!conflict] Instead of the block above:\n> b\n", "a conflict"),
        (f"{PROPERTIES}\n---\n\nText.\n\n---\n", ""),
        (f"{PROPERTIES}Text.\n", ""),
        ("---\na: @x\n---\n", ""),
    ],
)
def test_notes_that_a_merge_left_unfinished(tmp_path: Path, text: str, reason: str) -> None:
    state, message = result(make(tmp_path / "v", {"a.md": text}), "notes")
    if reason:
        expected = f"1 note that a merge left unfinished: a.md ({reason})"
        assert (state, message) == ("wrong", expected)
    else:
        assert state == "ok"


def test_a_vault_without_notes(tmp_path: Path) -> None:
    root = make(tmp_path / "v", {".obsidian/app.json": ""})
    assert {result(root, name)[0] for name in ("notes", "names")} == {"ok"}


@pytest.mark.parametrize(
    ("path", "marker", "name"),
    [
        ("Mobile Documents/iCloud~md~obsidian/Documents/v", None, "iCloud"),
        ("iCloud Drive/v", None, "iCloud"),
        ("OneDrive - Company/v", None, "OneDrive"),
        ("x/v", "x/.849C9593-D756-4E56-8D6E-42412F2A707B", "OneDrive"),
        ("Dropbox (Personal)/v", None, "Dropbox"),
        ("x/v", "x/.dropbox.cache/x", "Dropbox"),
        ("x/v", "x/v/.stfolder/x", "Syncthing"),
        ("Dropboxes/v", None, None),
        ("x/v", "x/.dropbox/x", None),
    ],
)
def test_a_service_beside_git(
    tmp_path: Path, path: str, marker: str | None, name: str | None
) -> None:
    root = make(tmp_path / path, {"a.md": ""})
    make(tmp_path, {marker: ""} if marker else {})
    text = f"{name} carries the vault, and git does not" if name else "no other service"
    state, message = result(root, "clouds")
    assert (state, message.startswith(text)) == ("ok", True)
    committed(root)
    found = check(root, "clouds")
    assert found.state == ("wrong" if name else "ok")
    assert ("--separate-git-dir" in (found.remedy or "")) == bool(name)


@pytest.mark.parametrize(
    ("path", "is_copy"),
    [
        ("a (Ann's conflicted copy 2024-01-01).md", True),
        ("a (Conflicted copy from pc).md", True),
        ("a.sync-conflict-20240131-120000-ABCDEF7.md", True),
        ("x/a-DESKTOP-4F5G6H7.md", True),
        ("a (Copie en conflit de PC d'Ann 2024-01-01).md", True),
        ("a (In Konflikt stehende Kopie von Ann 2024-01-01).md", True),
        ("a (Ann in Konflikt stehende Kopie 2024-01-01 1).md", True),
        ("a (Copia en conflicto de Ann 2024-01-01).canvas", True),
        ("a (Copia in conflitto di Ann 2024-01-01).md", True),
        ("a (Co\u0301pia em conflito de Ann 2024-01-01).md", True),
        ("a (Конфликтующая копия пользователя Ann 2024-01-01).md", True),
        ("zotero-desktop-connector.md", False),
        ("conflicted copy.md", False),
        ("Conflict.md", False),
        ("Copy of a.md", False),
        ("a (1).md", False),
        ("a (copie en conflit).md", False),
        ("Copia in conflitto di Ann 2024-01-01.md", False),
    ],
)
def test_conflicted_copies(tmp_path: Path, path: str, *, is_copy: bool) -> None:
    root = make(tmp_path / "v", {"a.md": "", path: ""})
    wrong = ("wrong", f"1 conflicted copy: {path}")
    assert result(root, "copies") == (wrong if is_copy else ("ok", "no file is a conflicted copy"))


@pytest.mark.parametrize(
    ("settings", "enabled", "commits"),
    [
        ({"autoSaveInterval": 10}, ["obsidian-git"], True),
        ({"autoSaveInterval": 0}, ["obsidian-git"], False),
        ({"autoSaveInterval": "x"}, ["obsidian-git"], False),
        ({"autoSaveInterval": 10}, [], False),
        ([], ["obsidian-git"], False),
        (1, ["obsidian-git"], False),
    ],
)
def test_another_committer(
    tmp_path: Path, settings: object, enabled: list[str], *, commits: bool
) -> None:
    files = {
        ".obsidian/plugins/obsidian-git/data.json": json.dumps(settings),
        ".obsidian/community-plugins.json": json.dumps(enabled),
    }
    root = make(tmp_path / "v", {"a.md": "", **files})
    message = "the plugin obsidian-git commits every 10 minutes"
    none = "no other program is known to commit"
    assert result(root, "committers") == ("ok", message if commits else none)
    committed(root)
    assert result(root, "committers")[0] == "ok"
    make(root, {".git/vaultsync/incoming.json": "{}"})
    assert result(root, "committers")[0] == ("wrong" if commits else "ok")


@pytest.mark.parametrize("text", ["{", "[" * 100_000, b"\xff"])
def test_settings_of_a_plugin_that_are_not_json(tmp_path: Path, text: str | bytes) -> None:
    root = make(tmp_path / "v", {"a.md": "", ".obsidian/plugins/obsidian-git/data.json": text})
    assert result(root, "committers")[0] == "ok"
