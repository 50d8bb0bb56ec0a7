"""Conflicts of real merges: refused, and in generated blocks resolved."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.blocks.sample import TOML, block, note
from tests.repository import Repository
from tests.vaults import committed, git, make, run

CONFLICT = "<<<<<<< HEAD\nOne.\n=======\nTwo.\n>>>>>>> other\n"
FILES = {
    "vaultsync.toml": TOML,
    "Index.md": "Mine.\n\n" + block('notes style="list"'),
    "Post.md": block('changelog style="short"'),
    "Changelog.md": f"Mine.\n\n{block('changelog')}\nMine, too.\n",
}


def claim(name: str, lead: str = "") -> str:
    return note(f"{lead or f'{name} hold.'}\n", title=name, status="open")


def merging(top: Path, style: str = "merge") -> Repository:
    """Return a repository in a merge of two branches that each recorded a claim of its own."""
    repo = Repository(top, FILES)
    repo.put(ants=claim("Ants"))
    settle(repo)
    repo.commit()
    repo.git("checkout", "-q", "-b", "other")
    repo.put(bees=claim("Bees"))
    settle(repo, "2026-01-02")
    repo.commit()
    repo.git("checkout", "-q", "-")
    repo.put(cats=claim("Cats"))
    settle(repo, "2026-01-03")
    repo.commit()
    merge = ["git", "-c", f"merge.conflictStyle={style}", "merge", "-q", "other"]
    assert subprocess.run(merge, cwd=top, capture_output=True, check=False).returncode == 1
    return repo


def settle(repo: Repository, day: str | None = None) -> None:
    assert run(repo.vault, "index").code == 0
    repo.record(day)


@pytest.mark.parametrize("style", ["merge", "diff3"])
@pytest.mark.parametrize("commands", [("index", "changelog"), ("changelog", "index")])
def test_blocks_in_conflict_are_made_anew(
    tmp_path: Path, style: str, commands: tuple[str, ...]
) -> None:
    repo = merging(tmp_path, style)
    marked = {path for path in FILES if "<<<<<<<" in (tmp_path / path).read_text()}
    assert marked == {"Index.md", "Post.md", "Changelog.md"}
    assert run(tmp_path, "lint").out.count(" error MRK008 ") >= len(marked)
    for command in commands:
        found = repo.changelog() if command == "changelog" else run(tmp_path, command)
        assert found.code == 0, found
    for path in marked:
        assert not {"<<<<<<<", "=======", ">>>>>>>"} & set((tmp_path / path).read_text().split())
    assert run(tmp_path, "index", "--check").code == 0
    repo.settled()
    assert repo.journal == (
        "### 2026-01-03\n\n- Added [[cats|Cats]]\n\n### 2026-01-02\n\n- Added [[bees|Bees]]\n\n"
        "### 2026-01-01\n\n- Initial post: 1 claim"
    )
    index = (tmp_path / "Index.md").read_text()
    assert [f"- {name} hold." in index for name in ("Ants", "Bees", "Cats")] == [True] * 3
    repo.commit()
    assert run(tmp_path, "lint").code == 0


def test_a_claim_in_conflict_stops_lists_journal_and_post(tmp_path: Path) -> None:
    vault = committed(tmp_path, {**FILES, "Claims/ants.md": claim("Ants")})
    git(vault, "checkout", "-q", "-b", "other")
    make(vault, {"Claims/ants.md": claim("Ants", "It does not.")})
    git(vault, "commit", "-qam", "theirs")
    git(vault, "checkout", "-q", "-")
    make(vault, {"Claims/ants.md": claim("Ants", "It always does.")})
    git(vault, "commit", "-qam", "ours")
    merge = ["git", "merge", "-q", "other"]
    assert subprocess.run(merge, cwd=vault, capture_output=True, check=False).returncode == 1
    before = {path: (vault / path).read_text() for path in FILES}
    place = "Claims/ants.md:6"
    for command in ("index", "lint", "publish"):
        found = run(vault, command)
        assert (found.code, f"{place}:1: error MRK008 " in found.out) == (1, True)
    found = run(vault, "changelog")
    assert (found.code, found.out) == (2, "")
    assert f"{place}: a conflict of a merge" in found.err
    assert {path: (vault / path).read_text() for path in FILES} == before
    git(vault, "add", "--all")
    assert run(vault, "lint", "--staged").code == run(vault, "index", "--staged").code == 1
    assert run(vault, "changelog", "--staged").code == 2


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("Index.md", f"{CONFLICT}\n{block('stats')}", 1),
        (
            "Index.md",
            block("stats", CONFLICT).replace("=======\n", f"\n{block('toc')}\n=======\n"),
            3,
        ),
        ("Claims/new.md", f"<<<<<<< HEAD\n{claim('A')}=======\n{claim('B')}>>>>>>> other\n", 1),
        ("Claims/new.md", claim("A").replace("status", f"{CONFLICT}status"), 3),
        ("loose.md", f"Text.\n\n{CONFLICT}", 3),
    ],
)
def test_what_is_not_within_one_block_is_left_to_the_author(
    tmp_path: Path, path: str, text: str, line: int
) -> None:
    vault = committed(tmp_path, {**FILES, path: text})
    found = run(vault, "index")
    assert (found.code, f"{path}:{line}:1: error MRK008 " in found.out) == (1, True)
    assert found.out.endswith("1 note cannot be read: nothing was written\n")
    found = run(vault, "changelog")
    assert (found.code, f"{path}:{line}: " in found.err) == (2, True)
    found = run(vault, "lint")
    assert (found.code, "PRP001" in found.out) == (1, False)


def test_a_claim_with_a_block_in_conflict_stays_in_the_lists(tmp_path: Path) -> None:
    listed = block("toc", CONFLICT)
    vault = committed(tmp_path, {**FILES, "Claims/ants.md": f"{claim('Ants')}\n{listed}"})
    assert run(vault, "index").code == 0
    assert "- Ants hold." in (vault / "Index.md").read_text()
    assert "<<<" not in (vault / "Claims/ants.md").read_text()


def test_a_claim_with_journal_and_conflict_waits_for_the_changelog(tmp_path: Path) -> None:
    listed = block("recent", CONFLICT)
    vault = committed(tmp_path, {**FILES, "Claims/ants.md": f"{claim('Ants')}\n{listed}"})
    assert " error MRK008 " in run(vault, "index").out
    assert run(vault, "changelog").code == 0
    assert run(vault, "index").code == 0


def test_staged_blocks_in_conflict_are_edited_on_disk(tmp_path: Path) -> None:
    repo = merging(tmp_path)
    git(tmp_path, "add", "--all")
    assert run(tmp_path, "lint", "--staged").code == 1
    assert run(tmp_path, "index", "--staged").code == 1
    assert repo.changelog("--staged").code == 1
    git(tmp_path, "add", "--all")
    assert run(tmp_path, "lint", "--staged").code == run(tmp_path, "index", "--staged").code == 0
    assert repo.changelog("--staged").code == 0


def test_no_baseline_knows_a_conflict(tmp_path: Path) -> None:
    off = "%% vaultsync-disable-file ALL, MRK008: no %%\n"
    vault = committed(tmp_path, {"vaultsync.toml": "", "a.md": f"{off}\n{CONFLICT}"})
    assert run(vault, "lint", "--write-baseline", "--baseline", "known.json").code == 0
    entry = '{"path": "a.md", "code": "MRK008", "message": "this conflict of a merge is not '
    known = f'{entry}resolved: keep what is right of it"}}'
    make(vault, {"known.json": f'{{"version": 1, "findings": [{known}]}}'})
    found = run(vault, "lint", "--baseline", "known.json")
    assert (found.code, " error MRK008 " in found.out, "FIL012" in found.out) == (1, True, False)
