"""The sources of a vault: listed, looked up, recorded, and cited as copies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.infra.registries import World, sends, serve
from tests.vaults import make, run

TOML = """
[types.claim]
match = ["Claims/*.md"]
body.sections.Sources = {{ items = "source", first = "original", fill = {{ source = "url" }} }}

[web]
arxiv = "{base}/query"
doi = "{base}/works/"
handles = "{base}/handles/"
archive = "{base}/available?url="
spacing = 0.0
"""
ONE = """---
source: {base}/gone
---

One.

## Sources

- original: [Gone]({base}/gone), Lee 2024
  > "a text of it"
- supporting: [T](https://arxiv.org/abs/2406.11717), Lee 2024
"""
TWO = """Two.

## Sources

- original: [T](https://arxiv.org/abs/2406.11717), Lee 2024
- discussion: [Local](../Papers/a.pdf)
"""


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with serve(monkeypatch) as found:
        yield found


@pytest.fixture
def vault(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VAULTSYNC_CACHE_DIR", str(tmp_path / "cache"))
    world.preprints = {"2406.11717": {"comment": "withdrawn by the authors"}}
    files = {"vaultsync.toml": TOML, "Claims/one.md": ONE, "Claims/two.md": TWO}
    return make(
        tmp_path / "vault", {path: text.format(base=world.base) for path, text in files.items()}
    )


def sources(vault: Path, *args: str) -> tuple[int, str, str]:
    return run(vault, "sources", *(["--private"] if "--online" in args else []), *args)


def test_sources_are_listed_without_a_network(vault: Path, world: World) -> None:
    code, out, err = sources(vault)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"not looked up {world.base}/gone Gone (1 note)",
        "not looked up https://arxiv.org/abs/2406.11717 T (2 notes)",
        "2 sources: 2 not looked up",
    ]
    assert world.requests == []


def test_a_vault_without_sources(tmp_path: Path) -> None:
    assert sources(make(tmp_path / "bare", {"note.md": "Text.\n"})) == (0, "0 sources\n", "")


def test_what_is_looked_up_is_recorded_once(vault: Path, world: World) -> None:
    code, out, _ = sources(vault, "--online")
    assert code == 0
    assert "withdrawn since " in out
    assert "dead since " in out
    assert out.splitlines()[-2:] == ["wrote sources.lock", "2 sources: 1 dead, 1 withdrawn"]
    count = len(world.requests)
    assert sources(vault, "--online", "--check")[0] == 0
    assert len(world.requests) == count
    assert sources(vault, "--online", "--no-cache", "--check")[0] == 0
    assert len(world.requests) > count


def test_a_lock_that_would_change_is_shown(vault: Path) -> None:
    code, out, _ = sources(vault, "--online", "--diff")
    assert code == 1
    assert '+{"id":"arxiv.org/abs/2406.11717","state":"withdrawn"' in out
    assert sources(vault, "--online", "--check")[0] == 1
    assert not (vault / "sources.lock").exists()


def test_a_source_that_no_note_cites_leaves_the_lock(vault: Path) -> None:
    sources(vault, "--online")
    (vault / "Claims/one.md").unlink()
    sources(vault, "--online")
    assert "gone" not in (vault / "sources.lock").read_text()


def test_a_failure_leaves_what_is_known(vault: Path, world: World) -> None:
    sources(vault, "--online")
    before = (vault / "sources.lock").read_bytes()
    world.answers["/query"] = sends("", 500)
    code, out, _ = sources(vault, "--online", "--no-cache", "--output-format", "json")
    (row,) = [one for one in json.loads(out)["sources"] if "arxiv" in one["url"]]
    assert (code, row["state"]) == (0, "withdrawn")
    assert "500" in row["failure"]
    assert row["cited_by"] == [
        {"path": "Claims/one.md", "role": "supporting"},
        {"path": "Claims/two.md", "role": "original"},
    ]
    assert (vault / "sources.lock").read_bytes() == before


def test_a_run_that_ended_continues(vault: Path, world: World) -> None:
    sources(vault, "--online", "--check")
    world.answers["/query"] = world.answers["/gone"] = sends("", 500)
    code, out, _ = sources(vault, "--online")
    assert (code, out.splitlines()[-1]) == (0, "2 sources: 1 dead, 1 withdrawn")


def test_without_a_network_nothing_is_written(vault: Path, world: World) -> None:
    down = TOML.format(base="http://127.0.0.1:1")
    reachable = (vault / "vaultsync.toml").read_text(encoding="utf-8")
    one = (vault / "Claims/one.md").read_text(encoding="utf-8")
    (vault / "vaultsync.toml").write_text(down, encoding="utf-8")
    (vault / "Claims/one.md").write_text(one.replace(world.base, "http://nowhere.invalid"))
    code, out, err = sources(vault, "--online")
    assert (code, out) == (2, "")
    assert err.startswith("error: no source was looked up: ")
    assert err.endswith(", nor any other host: check the network, then run the command again\n")
    assert not (vault / "sources.lock").exists()
    (vault / "vaultsync.toml").write_text(reachable, encoding="utf-8")
    code, out, _ = sources(vault, "--online")
    assert (code, out.splitlines()[-1]) == (
        0,
        "2 sources: 1 withdrawn, 1 unknown, 1 not reached",
    )


def test_a_dead_source_is_cited_as_its_copy(vault: Path, world: World) -> None:
    copy = f"https://web.archive.org/web/2020/{world.base}/gone"
    answer = {"archived_snapshots": {"closest": {"available": True, "url": copy}}}
    world.answers["/available"] = sends(json.dumps(answer))
    code, out, _ = sources(vault, "--online", "--fix", "--diff")
    assert f"+source: {copy}" in out
    assert code == 1
    assert sources(vault, "--online", "--fix")[0] == 0
    text = (vault / "Claims/one.md").read_text()
    assert text == ONE.replace("{base}/gone", copy)
    code, out, _ = run(vault, "lint", "--select", "SRC017")
    assert (code, "no errors" in out) == (0, True)


def test_no_copy_no_change(vault: Path, world: World) -> None:
    world.answers["/available"] = sends('{"archived_snapshots": {}}')
    sources(vault, "--online", "--fix")
    assert (vault / "Claims/one.md").read_text() == ONE.format(base=world.base)
    world.answers["/available"] = sends("<html>")
    _, out, _ = sources(vault, "--online", "--fix")
    assert out.endswith("1 dead, 1 withdrawn, 1 not reached\n")


def test_copies_are_looked_up_online_alone(vault: Path) -> None:
    code, _, err = sources(vault, "--fix")
    assert (code, err) == (2, "error: --fix looks up copies of dead sources: it needs --online\n")


def test_a_withdrawn_original_is_an_error_everywhere(vault: Path) -> None:
    sources(vault, "--online")
    code, out, _ = run(vault, "lint", "--output-format", "concise")
    assert code == 1
    assert "Claims/two.md:5:1: error SRC011 this source was withdrawn: withdrawn by the" in out
    (vault / "sources.lock").write_text("nothing\n")
    code, _, err = run(vault, "lint")
    assert (code, err.startswith("error: sources.lock:1: not a line")) == (2, True)


POST = """
[publish]
post = "Post.md"
targets = ["markdown", "bibliography"]
"""
LIST = '<!-- vaultsync:notes type="claim" -->\n\n<!-- /vaultsync -->\n'


def test_a_post_marks_what_was_taken_back_and_names_all_authors(vault: Path, world: World) -> None:
    world.preprints["2406.11717"]["title"] = "T"
    sources(vault, "--online")
    (vault / "vaultsync.toml").write_text((vault / "vaultsync.toml").read_text() + POST)
    (vault / "Post.md").write_text(LIST)
    make(vault, {"Papers/a.pdf": "%PDF"})
    code, out, err = run(vault, "publish", "--out", str(vault.parent / "public"))
    assert (code, err) == (0, ""), out
    made = {file.name: file.read_text() for file in (vault.parent / "public").iterdir()}
    assert "[Lee 2024](https://arxiv.org/abs/2406.11717) (withdrawn)" in made["post.md"]
    assert "author = {Lee, Ada}" in made["references.bib"]
    assert '"family": "Lee"' in made["references.json"]
