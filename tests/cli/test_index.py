"""`vaultsync index`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.blocks.sample import NOTES, TOML, block
from tests.vaults import committed, git, make, run, state

STATS = "- 3 claims, 1 query, 2 drafts, 2 TODOs"
FILES = {**NOTES, "vaultsync.toml": TOML, "Index.md": f"Mine.\n\n{block('stats')}"}


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make(tmp_path / "vault", FILES)


def test_blocks_are_filled_and_then_up_to_date(vault: Path) -> None:
    assert run(vault, "index") == (0, "wrote Index.md\n1 file written\n", "")
    assert (vault / "Index.md").read_text() == f"Mine.\n\n{block('stats', STATS)}"
    before = state(vault)
    assert run(vault, "index") == (0, "up to date\n", "")
    assert run(vault, "index", "--check") == (0, "up to date\n", "")
    assert state(vault) == before


def test_check_writes_nothing_and_fails(vault: Path) -> None:
    before = state(vault)
    found = run(vault.parent, "index", "--check")
    assert found == (1, "would change vault/Index.md\n1 file out of date\n", "")
    assert state(vault) == before


def test_diff_shows_what_would_change(vault: Path) -> None:
    before = state(vault)
    found = run(vault, "index", "--diff")
    assert found.code == 1
    assert found.out.startswith("--- a/Index.md\n+++ b/Index.md\n@@ ")
    assert f"\n+{STATS}\n" in found.out
    assert found.err == "1 file out of date\n"
    assert state(vault) == before


def test_quiet_says_the_summary_alone(vault: Path) -> None:
    assert run(vault, "-q", "index").out == "1 file written\n"


def test_a_broken_block_is_named_and_the_others_are_filled(vault: Path) -> None:
    make(vault, {"Other.md": f"One.\n\n{block('stat')}\n<!-- vaultsync:toc -->\n"})
    found = run(vault, "index")
    assert (found.code, found.out) == (1, "wrote Index.md\n2 errors: 1 file written\n")
    assert found.err == (
        "Other.md:3: error there is no block `stat`: did you mean `stats`?\n"
        "Other.md:7: error this block is never closed: end it with `<!-- /vaultsync -->`\n"
    )
    assert run(vault, "index", "--check").code == 1


def test_what_is_excluded_is_not_reported(vault: Path) -> None:
    make(vault, {"Old/a.md": block("stat"), "vaultsync.toml": f'exclude = ["Old/**"]\n{TOML}'})
    assert run(vault, "index").code == 0


@pytest.mark.parametrize(
    ("bad", "code"),
    [(b"---\na: [\n---\n", "PRP001"), (b"---\n- list\n---\n", "PRP001")],
)
def test_nothing_is_written_while_a_typed_note_cannot_be_read(
    vault: Path, bad: bytes, code: str
) -> None:
    make(vault, {"Claims/bad.md": bad})
    before = {path: path.read_bytes() for path in vault.rglob("*.md")}
    found = run(vault, "index")
    assert found.code == 1
    assert f" error {code} " in found.out
    assert found.out.endswith("1 note cannot be read: nothing was written\n")
    assert {path: path.read_bytes() for path in vault.rglob("*.md")} == before


@pytest.mark.parametrize("bad", [b"---\na: [\n---\n", b"---\n- list\n---\n"])
def test_properties_of_a_note_without_a_type_stop_nothing(vault: Path, bad: bytes) -> None:
    make(vault, {"Bad.md": bad, "Claims/empty.md": b""})
    assert run(vault, "index").out.startswith("wrote Index.md\n")
    assert (vault / "Bad.md").read_bytes() == bad


def test_staged_reads_the_index_and_edits_the_notes_on_disk(vault: Path) -> None:
    committed(vault)
    make(vault, {"Claims/new.md": "---\nstatus: open\n---\n\nNew.\n"})
    make(vault, {"Index.md": f"Mine, changed.\n\n{block('stats')}"})
    found = run(vault, "index", "--staged")
    assert found.code == 1
    # The new claim is not staged, so it is not counted; the words that are not staged stay.
    assert (vault / "Index.md").read_text() == f"Mine, changed.\n\n{block('stats', STATS)}"
    git(vault, "add", "Index.md")
    assert run(vault, "index", "--staged") == (0, "up to date\n", "")
    git(vault, "add", "--all")
    assert run(vault, "index", "--staged", "--check").code == 1


def test_staged_says_what_is_right_on_disk_alone(vault: Path) -> None:
    committed(vault)
    assert run(vault, "index").code == 0
    found = run(vault, "index", "--staged")
    assert found.code == 1
    assert "Index.md is right on disk but not staged\n" in found.out
    assert "then stage what changed: git add Index.md\n" in found.out


def test_staged_without_a_repository(vault: Path) -> None:
    found = run(vault, "index", "--staged")
    assert (found.code, found.out) == (2, "")
    assert "`--staged` needs git" in found.err


def test_without_a_vault(tmp_path: Path) -> None:
    found = run(tmp_path, "index")
    assert found.code == 2
    assert "this vault is empty" in found.err


def test_staged_what_cannot_be_read_stops_only_a_commit_that_touches_it(vault: Path) -> None:
    """The lists stay as they are; without the note they would lose it."""
    committed(vault, {"Claims/odd.md": "---\ntitle: a: b\n---\n"})
    make(vault, {"Claims/new.md": "---\ntitle: New\n---\n\nText.\n"})
    git(vault, "add", "--all")
    found = run(vault, "index", "--staged")
    assert (found.code, "1 note cannot be read: nothing was written\n" in found.out) == (0, True)
    make(vault, {"Claims/odd.md": "---\ntitle: a: b: c\n---\n"})
    assert run(vault, "index", "--staged").code == 0
    git(vault, "add", "--all")
    assert run(vault, "index", "--staged").code == 1


def test_staged_a_broken_block_stops_only_a_commit_that_touches_it(vault: Path) -> None:
    committed(vault, {"broken.md": "<!-- vaultsync:stats -->\n"})
    assert run(vault, "index").code == 1
    git(vault, "add", "--all")
    git(vault, "commit", "-qm", "indexed")
    found = run(vault, "index", "--staged")
    assert (found.code, "broken.md:1: error" in found.err) == (0, True)
    make(vault, {"broken.md": "More.\n\n<!-- vaultsync:stats -->\n"})
    git(vault, "add", "--all")
    assert run(vault, "index", "--staged").code == 1


def test_excluded_notes_that_cannot_be_read_stop_nothing(tmp_path: Path) -> None:
    block = '<!-- vaultsync:notes type="note" -->\n\n<!-- /vaultsync -->\n'
    files: dict[str, str | bytes] = {
        "Index.md": block,
        "Notes/a.md": "A claim.\n",
        "Old/latin.md": b"\xff",
        "Old/yaml.md": "---\na: b: c\n---\n",
    }
    types = '[types.note]\nmatch = ["Notes/*", "Old/*"]\n'
    root = make(tmp_path, {**files, "vaultsync.toml": types})
    (root / "Old/link.md").symlink_to("nowhere")
    assert run(root, "index").code == 2
    make(root, {"vaultsync.toml": f'exclude = ["Old/**"]\n{types}'})
    assert run(root, "lint").code == 0
    assert run(root, "index") == (0, "wrote Index.md\n1 file written\n", "")
    assert "A claim." in (root / "Index.md").read_text()
    git(root, "init", "-q")
    git(root, "add", "--all")
    assert run(root, "index", "--staged").code == 0
    assert run(root, "lint", "--staged").code == 0
