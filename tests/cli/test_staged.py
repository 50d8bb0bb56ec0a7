"""`vaultsync lint --staged` and `--since` on real repositories."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.vaults import Run, committed, git, make
from tests.vaults import run as vaultsync

TARGET = "# B\n\nText. ^id\n"
OLD = {"old.md": "[[/nowhere]]\n"}
AFTER_NOTHING = Run(0, "no note is affected: no errors\n", "")


def lint(root: Path, *args: str) -> Run:
    return vaultsync(root, "--vault", ".", "lint", *args)


def concise(root: Path, *args: str) -> tuple[int, list[str]]:
    """Lint; return the exit code and each line without its place in the note and its words."""
    code, out, err = lint(root, *args, "--output-format", "concise")
    assert err == ""
    *lines, summary = out.removesuffix("\n").split("\n")
    found = [line.split(": ", 1)[1].split(" ")[:2] for line in lines]
    paths = [line.split(":")[0] for line in lines]
    return code, [*(f"{p} {x[1]}" for p, x in zip(paths, found, strict=True)), summary]


def staged(root: Path, files: Mapping[str, str | None], *args: str) -> tuple[int, list[str]]:
    """Write files, or remove them (None), stage everything and lint what is staged."""
    make(root, {path: text for path, text in files.items() if text is not None})
    for path, text in files.items():
        if text is None:
            (root / path).unlink()
    git(root, "add", "--all")
    return concise(root, "--staged", *args)


def test_what_a_commit_does_not_touch_is_not_reported(tmp_path: Path) -> None:
    root = committed(tmp_path, OLD)
    assert lint(root, "--staged") == AFTER_NOTHING
    assert lint(root).code == 1
    assert staged(root, {".tool.py": "print()\n"}) == (0, ["no note is affected: no errors"])
    assert staged(root, {"new.md": "x\n"}) == (0, ["1 file changed: no errors"])


def test_all_that_is_wrong_in_a_note_that_a_commit_touches_is_reported(tmp_path: Path) -> None:
    root = committed(tmp_path, OLD)
    assert staged(root, {"old.md": "[[/nowhere]]\n\nMore.\n"}) == (
        1,
        ["old.md LNK001", "1 file changed: 1 error"],
    )
    git(root, "commit", "-qm", "more")
    git(root, "mv", "old.md", "older.md")
    assert concise(root, "--staged") == (1, ["older.md LNK001", "2 files changed: 1 error"])


@pytest.mark.parametrize(
    ("link", "files", "code"),
    [
        ("[[a]]", {"a.md": None}, "LNK001"),
        ("[[a]]", {"a.md": None, "b.md": TARGET}, "LNK001"),
        ("![[it.png]]", {"it.png": None}, "LNK014"),
        ("[[a#B]]", {"a.md": "# C\n"}, "LNK003"),
        ("![[a#^id]]", {"a.md": "# B\n"}, "LNK004"),
        ("![[Called]]", {"alias.md": "x\n"}, "LNK002"),
        ("[[a]]", {"a.md": None, "x/a.md": "x\n", "y/a.md": "x\n"}, "LNK005"),
        ("[[c#B]]", {"c.md": "# C\n"}, "LNK003"),
    ],
    ids=[
        *("deleted", "renamed", "attachment", "heading", "block id", "alias", "twin", "retargeted"),
    ],
)
def test_what_a_commit_breaks_elsewhere_is_reported_there(
    tmp_path: Path, link: str, files: dict[str, str | None], code: str
) -> None:
    alias = "---\naliases: [Called]\n---\n"
    before = {"a.md": TARGET, "it.png": "", "alias.md": alias, "x/c.md": TARGET}
    root = committed(tmp_path, {**OLD, **before, "n.md": f"{link}\n", "other.md": "[[old]]\n"})
    _, said = staged(root, files)
    changed = f"{len(files)} file{'s' if len(files) > 1 else ''} changed, 1 other note affected"
    assert said[0] == f"n.md {code}"
    assert said[1].startswith(f"{changed}: ")


def test_a_note_that_nobody_wrote_yet_stops_no_commit(tmp_path: Path) -> None:
    root = committed(tmp_path, {"a.md": TARGET, "n.md": "[[Grokking]] [[a]]\n"})
    assert staged(root, {"Groking.md": "[[later]]\n"}) == (
        0,
        ["1 file changed: no errors, 1 hint (-v shows 1 more)"],
    )
    assert staged(root, {"a.md": None}) == (
        1,
        [
            "n.md LNK001",
            "2 files changed, 1 other note affected: 1 error, 1 hint (-v shows 1 more)",
        ],
    )


def test_the_place_is_that_in_the_note_that_is_not_touched(tmp_path: Path) -> None:
    root = committed(tmp_path, {"a.md": TARGET, "n.md": "One.\n\nTwo [[a#B]].\n"})
    make(root, {"a.md": "# C\n", "n.md": "Not staged: [[/nowhere]]\n"})
    git(root, "add", "a.md")
    assert lint(root, "--staged").out == (
        "n.md:3:5: warning LNK003 there is no heading `B` in a.md\n"
        "    3 | Two [[a#B]].\n"
        "      |     ^^^^^^^\n"
        "1 file changed, 1 other note affected: no errors, 1 warning\n"
    )


def test_links_lead_into_the_tree_alone(tmp_path: Path) -> None:
    """What only the disk has is no target, and what only the disk lacks is one."""
    root = committed(tmp_path, {"a.md": "x\n"})
    make(root, {"n.md": "[[/disk]] [[a]]\n", "disk.md": "x\n", "it.png": ""})
    (root / "a.md").unlink()
    git(root, "add", "n.md")
    assert concise(root, "--staged") == (1, ["n.md LNK001", "1 file changed: 1 error"])
    git(root, "add", "--intent-to-add", "disk.md")
    assert concise(root, "--staged")[0] == 1
    git(root, "add", "disk.md")
    assert concise(root, "--staged") == (0, ["2 files changed: no errors"])


def test_part_of_a_note_is_staged(tmp_path: Path) -> None:
    root = committed(tmp_path, {"n.md": "One.\n\nTwo.\n\nThree.\n"})
    make(root, {"n.md": "One.\n\n[[/x]]\n\nThree.\n"})
    git(root, "add", "n.md")
    make(root, {"n.md": "One.\n\nTwo.\n\n[[/y]]\n"})
    out = lint(root, "--staged").out
    assert "n.md:3:1: error LNK001 there is no `/x`" in out
    assert "`y`" not in out


def test_everything_is_new_before_the_first_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert lint(tmp_path, "--staged") == AFTER_NOTHING
    assert staged(tmp_path, OLD) == (1, ["old.md LNK001", "1 file changed: 1 error"])


def test_other_settings_make_all_findings_count(tmp_path: Path) -> None:
    root = committed(tmp_path, {**OLD, "n.md": "[[/x]]\n", "vaultsync.toml": ""})
    assert staged(root, {"vaultsync.toml": "exclude = ['n.md']\n"}) == (
        1,
        ["old.md LNK001", "2 notes: 1 error"],
    )


def test_settings_of_obsidian_count_if_they_exclude_other_files(tmp_path: Path) -> None:
    app = '{"userIgnoreFilters": ["n.md"]}'
    root = committed(tmp_path, {**OLD, "n.md": "[[x]]\n", ".obsidian/app.json": app})
    assert staged(root, {".obsidian/app.json": app + " "})[0] == 0
    assert staged(root, {".obsidian/app.json": "{}"})[0] == 1


def test_types_that_obsidian_keeps_are_those_that_are_staged(tmp_path: Path) -> None:
    root = committed(tmp_path, {**OLD, "n.md": "---\nrating: high\n---\n"})
    types = '{"types": {"rating": "number"}}'
    found = staged(root, {".obsidian/types.json": types}, "--select", "PRP012,LNK")
    assert found == (0, ["n.md PRP012", "1 other note affected: no errors, 1 warning"])


def test_paths_limit_what_is_reported(tmp_path: Path) -> None:
    root = committed(tmp_path, {"a/a.md": TARGET, "b/n.md": "[[a]]\n"})
    files = {"a/a.md": None, "a/b.md": "[[/x]]\n"}
    assert staged(root, files, "a") == (1, ["a/b.md LNK001", "1 file changed: 1 error"])
    assert concise(root, "--staged", "b") == (
        1,
        ["b/n.md LNK001", "1 other note affected: 1 error"],
    )
    assert lint(root, "--staged", "c").code == 2


def test_a_merge_answers_for_what_neither_side_had(tmp_path: Path) -> None:
    root = committed(tmp_path, {**OLD, "a.md": TARGET, "c.md": "1\n"})
    git(root, "checkout", "-qb", "theirs")
    make(root, {"n.md": "[[a]]\n", "theirs.md": "[[/nowhere]]\n", "c.md": "2\n"})
    git(root, "add", "--all")
    git(root, "commit", "-qm", "theirs")
    git(root, "checkout", "-q", "-")
    (root / "a.md").unlink()
    make(root, {"c.md": "3\n", "ours.md": "[[/nowhere]]\n"})
    git(root, "add", "--all")
    git(root, "commit", "-qm", "ours")
    with pytest.raises(AssertionError):
        git(root, "merge", "-q", "theirs")
    code, _, err = lint(root, "--staged")
    assert (code, "c.md: has a merge conflict: settle it" in err) == (2, True)
    make(root, {"c.md": "4\n"})
    git(root, "add", "--all")
    assert concise(root, "--staged") == (
        1,
        ["n.md LNK001", "1 file changed, 1 other note affected: 1 error"],
    )


def test_what_is_amended_and_what_a_detached_head_adds_is_compared_with_it(tmp_path: Path) -> None:
    root = committed(tmp_path, {**OLD, "n.md": "x\n"})
    git(root, "checkout", "-q", "--detach")
    assert staged(root, {"n.md": "[[/x]]\n"}) == (1, ["n.md LNK001", "1 file changed: 1 error"])
    git(root, "commit", "-q", "--amend", "-m", "amended")
    assert lint(root, "--staged") == AFTER_NOTHING


@pytest.fixture
def branched(tmp_path: Path) -> Path:
    """Return a vault whose branch removes a note to which an older note links."""
    root = committed(tmp_path / "top", {**OLD, "a.md": TARGET, "n.md": "[[a]]\n"})
    git(root, "branch", "start")
    git(root, "checkout", "-qb", "work")
    (root / "a.md").unlink()
    make(root, {"new.md": "x\n", ".gitignore": "ignored.md\n"})
    git(root, "add", "--all")
    git(root, "commit", "-qm", "work")
    git(root, "checkout", "-q", "start")
    make(root, {"later.md": "x\n"})
    git(root, "add", "--all")
    git(root, "commit", "-qm", "later")
    git(root, "checkout", "-q", "work")
    return root


def test_since_a_revision_what_it_changed_and_caused_is_reported(branched: Path) -> None:
    caused = ["n.md LNK001", "2 files changed, 1 other note affected: 1 error"]
    assert concise(branched, "--since", "start~") == (1, caused)
    assert concise(branched, "--since", "start...") == (1, caused)
    assert concise(branched, "--since", "start...work") == (1, caused)
    assert concise(branched, "--since", "start")[1][-1].startswith("3 files changed, ")
    assert lint(branched, "--since", "HEAD") == AFTER_NOTHING


def test_since_reads_the_work_tree_with_what_is_not_tracked(branched: Path) -> None:
    make(branched, {"own.md": "[[/x]]\n", "new.md": "[[/y]]\n", "ignored.md": "[[/z]]\n"})
    assert concise(branched, "--since", "HEAD") == (
        1,
        ["new.md LNK001", "own.md LNK001", "2 files changed: 2 errors"],
    )
    git(branched, "add", "new.md")
    make(branched, {"new.md": "y\n"})
    assert concise(branched, "--since", "HEAD", "--staged") == (
        1,
        ["new.md LNK001", "1 file changed: 1 error"],
    )


def test_a_link_to_an_ignored_file_is_no_news_and_one_to_an_untracked_file_is(
    tmp_path: Path,
) -> None:
    files = {".gitignore": "ignored.md\n", "n.md": "[[ignored]]\n", "m.md": "[[a]]\n"}
    root = committed(tmp_path, {**files, "a.md": "x\n"})
    make(root, {"ignored.md": "x\n", "t.md": "y\n"})
    assert concise(root, "--since", "HEAD") == (0, ["1 file changed: no errors"])
    git(root, "rm", "-q", "--cached", "a.md")
    assert concise(root, "--since", "HEAD") == (
        0,
        ["m.md LNK013", "2 files changed, 1 other note affected: no errors, 1 warning"],
    )


def test_since_in_a_subfolder_sees_the_vault_alone(tmp_path: Path) -> None:
    root = committed(tmp_path, {"notes/old.md": "[[/nowhere]]\n", "code.py": ""})
    make(root, {"notes/.obsidian/app.json": "{}", "notes/n.md": "[[/x]]\n", "out.md": "[[/y]]\n"})
    assert concise(root / "notes", "--since", "HEAD") == (
        1,
        ["n.md LNK001", "1 file changed: 1 error"],
    )


@pytest.mark.parametrize(
    "rev", ["nowhere", "HEAD..HEAD", "HEAD~9", "nowhere...", "-x", "HEAD:", ""]
)
def test_a_revision_that_is_none_is_told(branched: Path, rev: str) -> None:
    code, out, err = lint(branched, f"--since={rev}")
    assert (code, out) == (2, "")
    assert err.startswith(f"error: --since: `{rev}` is not a commit of this repository: name one")
    assert err.count("\n") == 1


def test_since_needs_a_repository(tmp_path: Path) -> None:
    code, out, err = lint(make(tmp_path, OLD), "--since", "HEAD")
    assert (code, out) == (2, "")
    assert "`--since` needs git" in err


def test_fixes_are_made_in_what_changed(tmp_path: Path) -> None:
    tag = "---\ntag: x\n---\n"
    root = committed(tmp_path, {"old.md": tag})
    make(root, {"new.md": tag})
    code, out, _ = lint(root, "--since", "HEAD", "--fix")
    assert code == 0
    assert (root / "old.md").read_text() == tag
    assert (root / "new.md").read_text() == "---\ntags:\n  - x\n---\n"
    assert out.endswith("1 file changed: fixed 1 in 1 file, left: no errors\n")


def test_programs_are_told_the_same(branched: Path) -> None:
    out = lint(branched, "--since", "start~", "--output-format", "json").out
    assert [found["path"] for found in json.loads(out)["findings"]] == ["n.md"]


def test_what_is_known_hides_nothing_new_at_its_place(tmp_path: Path) -> None:
    claim = "Models learn features early in training while gradients shrink and layers copy them.\n"
    toml = """\
[types.claim]
match = ["Claims/*"]
body.lead.distinct = true
[lint]
baseline = "known.json"
"""
    files = {"vaultsync.toml": toml, "Claims/a.md": claim, "Claims/b.md": claim}
    files["Claims/other.md"] = "Cats purr when they are stroked, and dogs bark at the moon.\n"
    make(tmp_path, files)
    assert lint(tmp_path, "--write-baseline").code == 0
    committed(tmp_path, {})
    assert staged(tmp_path, {"Claims/c.md": claim}) == (
        0,
        [
            "Claims/a.md BDY009",
            "Claims/b.md BDY009",
            "Claims/c.md BDY009",
            "Claims/c.md BDY009",
            "1 file changed, 2 other notes affected: no errors, 4 warnings",
        ],
    )


@pytest.mark.parametrize("command", [("hook",), ("lint", "--staged")])
def test_a_sync_does_the_work_of_hooks(tmp_path: Path, command: tuple[str, ...]) -> None:
    committed(tmp_path, {"a.md": "text\n"})
    make(tmp_path, {"a.md": "---\nbroken: [\n---\n"})
    git(tmp_path, "add", "a.md")
    assert vaultsync(tmp_path, *command).code
    assert vaultsync(tmp_path, *command, env={"VAULTSYNC_SYNCING": "1"}) == (0, "", "")
