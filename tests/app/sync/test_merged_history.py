"""The journal, lists and locks of two sides, and merges whose commits have several bases."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.app.sync.merging import Clash, Files
from tests.blocks.sample import TOML, block, note
from tests.repository import Repository
from tests.vaults import git, run

from vaultsync.app.sync.merge import merge_commits
from vaultsync.app.workspace import Workspace

FILES = {
    "vaultsync.toml": TOML,
    "Changelog.md": block("changelog"),
    "Index.md": block('notes type="claim" style="list"'),
}


def claim(title: str, lead: str) -> str:
    return note(f"{lead}\n", title=title, status="open")


def branch(repo: Repository, name: str, **claims: str | None) -> None:
    """Change claims on a branch, as its hook would commit them."""
    repo.git("checkout", "-q", "-B", name, "main")
    repo.put(**claims)
    assert run(repo.vault, "index").code == 0
    repo.git("add", "--all")
    repo.record()
    repo.commit()


def started(tmp_path: Path) -> Repository:
    repo = Repository(tmp_path / "v", FILES)
    repo.put(ants=claim("Ants", "Ants dig."))
    assert run(repo.vault, "index").code == 0
    repo.record()
    repo.commit()
    repo.git("branch", "-M", "main")
    repo.day = "2026-01-02"
    return repo


def test_lists_and_the_journal_are_made_again(tmp_path: Path) -> None:
    repo = started(tmp_path)
    branch(repo, "theirs", bees=claim("Bees", "Bees fly."), ants=claim("Ants", "Ants dig deep."))
    branch(repo, "ours", wasps=claim("Wasps", "Wasps sting."))
    merged = merge_commits(Workspace(str(repo.vault)), "ours", "theirs", "laptop")
    assert merged.notices == ()
    assert merged.conflicts == ()
    repo.git("read-tree", "-u", "--reset", merged.tree)
    index = (repo.vault / "Index.md").read_text()
    assert all(name in index for name in ("Ants", "Bees", "Wasps"))
    assert {line for line in repo.journal.split("\n") if "[[" in line} == {
        "- Added [[wasps|Wasps]]",
        "- Added [[bees|Bees]]",
        "- Reworded [[ants|Ants]]: “dig.” → “dig deep.”",
    }
    repo.commit()
    repo.settled()
    assert run(repo.vault, "index", "--check").code == 0


def test_what_both_recorded_of_a_note_is_recorded_once(tmp_path: Path) -> None:
    repo = started(tmp_path)
    branch(repo, "theirs", ants=claim("Ants of old", "Ants dig."))
    branch(repo, "ours", ants=claim("Ants", "Ants dig.") + "\nMore.\n")
    merged = merge_commits(Workspace(str(repo.vault)), "ours", "theirs", "laptop")
    repo.git("read-tree", "-u", "--reset", merged.tree)
    lock = (repo.vault / "changelog.lock").read_text()
    assert lock.count("Claims/ants.md ") == 1
    repo.commit()
    repo.settled()


def related(title: str, lead: str, name: str, reason: str) -> str:
    return claim(title, f"{lead}\n\n## Related\n\n- [[{name}]]: {reason}")


def sourced(title: str, lead: str) -> str:
    source = f"- original: [On {title}](https://example.org/{title}), Ada 2024"
    return claim(title, f"{lead}\n\n## Sources\n\n{source}")


ANTS, BEES = (sourced(title, f"{title} do much for others.") for title in ("Ants", "Bees"))
Claims = dict[str, str | None]


@pytest.mark.parametrize(
    ("first", "theirs", "ours", "lines"),
    [
        (
            {"ants": None, "bugs": ANTS},
            {"bugs": None},
            {"bugs": f"{ANTS}\nMore.\n"},
            ["- Renamed [[bugs|Ants]], before: Claims/ants"],
        ),
        (
            {"ants": None, "bugs": ANTS},
            {"bugs": None},
            {"bugs": sourced("Ants", "Ants do little for others.")},
            [
                "- Renamed [[bugs|Ants]], before: Claims/ants",
                "- Reworded [[bugs|Ants]]: “much” → “little” (a quantifier changed)",
            ],
        ),
        (
            {},
            {"ants": None},
            {"ants": None, "bugs": f"{ANTS}\nMore.\n"},
            ["- Renamed [[bugs|Ants]], before: Claims/ants"],
        ),
        (
            {},
            {"ants": None, "bugs": ANTS},
            {"bees": None, "bugs": BEES},
            [
                "- Renamed [[bugs (laptop)|Bees]], before: Claims/bees",
                "- Renamed [[bugs|Ants]], before: Claims/ants",
            ],
        ),
        (
            {},
            {"ants": None},
            {"wasps": related("Wasps", "Wasps sting.", "ants", "They do not.")},
            ["- Removed “Ants”"],
        ),
    ],
)
def test_the_journal_of_a_merge_is_what_its_history_gives(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    first: Claims,
    theirs: Claims,
    ours: Claims,
    lines: list[str],
) -> None:
    repo = Repository(tmp_path / "v", FILES)
    repo.put(ants=ANTS, bees=BEES)
    if "wasps" in ours:
        repo.put(wasps=related("Wasps", "Wasps sting.", "ants", "They may."))
    for day, claims in (("2026-01-01", {}), ("2026-01-02", first)):
        repo.put(**claims)
        repo.git("add", "--all")
        repo.record(day)
        repo.commit()
    repo.git("branch", "-M", "main")
    branch(repo, "theirs", **theirs)
    branch(repo, "ours", **ours)
    monkeypatch.setenv("GIT_AUTHOR_DATE", f"{repo.day}T12:00:00+00:00")
    merged = merge_commits(Workspace(str(repo.vault)), "ours", "theirs", "laptop")
    repo.git("read-tree", "-u", "--reset", merged.tree)
    repo.commit()
    repo.settled()
    recorded = repo.journal.split("### 2026-01-01")[0].splitlines()
    assert sorted(line for line in recorded if line.startswith("- ")) == lines
    assert repo.changelog("--rebuild").code == 0
    rebuilt = repo.journal.split("### 2026-01-01")[0].splitlines()
    assert sorted(recorded) == sorted(rebuilt)


def test_a_second_file_that_was_renamed_past_the_hook_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = started(tmp_path)
    repo.put(ants=ANTS, bees=BEES)
    repo.record("2026-01-01")
    repo.commit()
    branch(repo, "theirs", wasps=claim("Wasps", "Wasps sting."))
    repo.git("branch", "-q", "ours", "main")
    for side, name in (("theirs", "ants"), ("ours", "bees")):
        repo.git("checkout", "-q", side)
        repo.git("mv", f"Claims/{name}.md", "Claims/bugs.md")
        repo.commit("2026-01-02")
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2026-01-02T12:00:00+00:00")
    merged = merge_commits(Workspace(str(repo.vault)), "ours", "theirs", "laptop")
    repo.git("read-tree", "-u", "--reset", merged.tree)
    assert "- Renamed [[bugs (laptop)|Bees]], before: Claims/bees" in repo.journal


def test_a_line_that_a_person_changed_stays_in_a_merge(tmp_path: Path) -> None:
    repo = started(tmp_path)
    branch(repo, "theirs", bees=claim("Bees", "Bees fly."))
    branch(repo, "ours", wasps=claim("Wasps", "Wasps sting."))
    repo.note.write_text(repo.note.read_text().replace("Added [[wasps|", "At last, [[wasps|"))
    repo.commit()
    merged = merge_commits(Workspace(str(repo.vault)), "ours", "theirs", "laptop")
    repo.git("read-tree", "-u", "--reset", merged.tree)
    assert {line for line in repo.journal.split("\n") if "[[" in line} == {
        "- At last, [[wasps|Wasps]]",
        "- Added [[bees|Bees]]",
    }


def test_lists_that_cannot_be_made_are_named(tmp_path: Path) -> None:
    broken: Files = {"changelog.lock": "# vaultsync changelog.lock, version 9\n"}
    files: Files = {**FILES, "Claims/a.md": claim("Ants", "Ants dig.")}
    clash = Clash(tmp_path / "v", files, broken, {"b.md": "B\n"})
    merged = clash.merged()
    assert merged.notices[0].startswith("lists and the journal may not be up to date: changelog.l")
    assert clash.files(merged.tree)["b.md"] == "B\n"


def test_a_note_that_stops_the_lists_is_named(tmp_path: Path) -> None:
    files: Files = {"vaultsync.toml": TOML, "Index.md": FILES["Index.md"]}
    ours: Files = {"Claims/a.md": "---\ntitle: [\n---\n"}
    merged = Clash(tmp_path / "v", files, ours, {"Claims/b.md": claim("B", "B.")}).merged()
    notice = "lists and the journal may not be up to date: Claims/a.md cannot be read"
    assert merged.notices == (notice,)


def test_lines_of_locks_are_united(tmp_path: Path) -> None:
    base: Files = {"sources.lock": "a 1\nb 1\nd 1\n"}
    ours: Files = {"sources.lock": "a 2\nb 1\nc 1\nd 1\n"}
    clash = Clash(tmp_path / "v", base, ours, {"sources.lock": "a 1\nd 1\ne 1\n"})
    assert clash.result() == {"sources.lock": "a 2\nc 1\nd 1\ne 1\n"}


NOTE = "One.\n\nTwo.\n\nThree.\n"


def test_a_criss_cross_of_merges_brings_nothing_back(tmp_path: Path) -> None:
    base: Files = {"a.md": NOTE, "gone.md": "Gone.\n"}
    clash = Clash(tmp_path / "v", base, {"a.md": NOTE.replace("One", "1")}, {"gone.md": None})
    for branch_name, start, other in (("x", "ours", "theirs"), ("y", "theirs", "ours")):
        git(clash.top, "checkout", "-q", "-b", branch_name, start)
        git(clash.top, "merge", "-q", "--no-edit", other)
    clash.commit({"a.md": NOTE.replace("One", "1").replace("Two", "2")})
    git(clash.top, "checkout", "-q", "x")
    clash.commit({"a.md": NOTE.replace("One", "One again")})
    assert len(git(clash.top, "merge-base", "--all", "x", "y").split()) == len("xy")
    found = clash.files(clash.merged("x", "y").tree)
    assert found == {"a.md": "One again.\n\n2.\n\nThree.\n"}


def test_two_machines_that_merge_the_same_agree(tmp_path: Path) -> None:
    base: Files = {"a.md": NOTE, "b.png": b"\0", "link.md": "[[a]]\n"}

    def side(name: str, word: str) -> Files:
        note = {"a.md": None, f"{name}.md": NOTE.replace("One", word)}
        return {**note, "b.png": f"\0{word}", "link.md": f"[[{name}]]\n"}

    clash = Clash(tmp_path / "v", base, side("bees", "Mine"), side("wasps", "Yours"))
    made = {}
    for machine, (one, other) in {"laptop": ("ours", "theirs"), "desk": ("theirs", "ours")}.items():
        clash.machine = machine
        tree = clash.merged(one, other).tree
        ends = ("-p", one, "-p", other)
        made[machine] = git(clash.top, "commit-tree", tree, *ends, "-m", "merged").strip()
    # The second one finds that the other was faster, and merges again.
    there = clash.merged(made["desk"], made["laptop"])
    found = clash.files(there.tree)
    assert {"bees.md", "b.png", "link.md"} < found.keys()
    assert found["link.md"] == "[[bees]]\n"
    assert {"\0Mine", "\0Yours"} <= set(found.values())
    assert "Mine" in found["bees.md"]
    assert "Yours" in found["bees.md"]
    ends = ("-p", made["desk"], "-p", made["laptop"])
    last = git(clash.top, "commit-tree", there.tree, *ends, "-m", "merged").strip()
    # The first one has nothing of its own any more.
    assert clash.files(clash.merged(made["laptop"], last).tree) == found
