"""The log of real repositories: what each commit did to the notes of the vault."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.infra.git.work import HOSTILE, Work

from vaultsync.core.commits import FileChange
from vaultsync.core.errors import GitError
from vaultsync.core.model import content_id
from vaultsync.infra.git import log


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return Work(tmp_path / "repo")


def touched(work: Work, **span: str) -> list[list[tuple[str | None, str | None]]]:
    """Return the paths before and after that each commit touched, the newest first."""
    return [
        [(change.before, change.after) for change in commit.changes]
        for commit in log.commits(work.repo, **span)
    ]


def test_before_the_first_commit_there_is_nothing(work: Work) -> None:
    assert touched(work) == []


def test_what_a_commit_says_and_does(work: Work) -> None:
    first = work.commit({"a.md": "One.", "b.png": "x", "Ä/c.md": "Two."})
    work.put("a.md", "Other.")
    message = "Subject\n\nBody: x\n\nChangelog: Long\n  text\nchangelog:\nSigned-off-by: X"
    work.git("commit", "-qam", message, day=2, offset="-0800")
    second, oldest = log.commits(work.repo)
    one, other = content_id(b"One."), content_id(b"Other.")
    assert second.changes == (FileChange("a.md", "a.md", one, other),)
    assert (second.parents, second.author) == ((first,), "Test Author")
    assert second.written == second.made == "2026-01-02T12:00:00-08:00"
    assert second.trailers == ("Long text", "")
    assert second.is_silent
    assert second.lines == ("Long text",)
    assert (oldest.id, oldest.parents, oldest.trailers) == (first, (), ())
    assert oldest.changes == (
        FileChange(None, "a.md", None, one),
        FileChange(None, "Ä/c.md", None, content_id(b"Two.")),
    )
    assert [commit.id for commit in log.commits(work.repo, base=first)] == [second.id]
    assert [commit.id for commit in log.commits(work.repo, first)] == [first]


@pytest.mark.parametrize(
    ("author", "committer", "dates"),
    [
        ("", "", ("1970-01-01T00:00:00+00:00",) * 2),
        ("", " 86400 +0000", ("1970-01-02T00:00:00+00:00",) * 2),
        (" 86400 +0000", "", ("1970-01-02T00:00:00+00:00",) * 2),
        (" soon", " 99999999999999999999 +0000", ("1970-01-01T00:00:00+00:00",) * 2),
    ],
)
def test_a_commit_without_a_date(
    work: Work, author: str, committer: str, dates: tuple[str, str]
) -> None:
    """No git makes one; other programs do."""
    tree = work.commit({"a.md": "One."}) and work.git("rev-parse", "HEAD^{tree}").strip()
    who = "A <a@example.org>"
    text = f"tree {tree}\nauthor {who}{author}\ncommitter {who}{committer}\n\nOdd\n"
    (work.top / "odd").write_text(text)
    made = work.git("hash-object", "-t", "commit", "-w", "--literally", "odd").strip()
    work.git("update-ref", "HEAD", made)
    (commit,) = log.commits(work.repo)
    assert (commit.made, commit.written) == dates


def test_the_users_settings_change_nothing(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.commit({"é.md": "Text that stays.\n" * 9, "b.md": "Same.\n" * 9})
    work.commit({"é.md": None, "é new.md": "Text that stays.\n" * 9 + "x", "c.md": "Same.\n" * 9})
    work.git("checkout", "-qb", "side")
    work.commit({"d.md": "D"})
    work.git("checkout", "-q", "main")
    work.git("merge", "-q", "--no-ff", "-m", "merge", "side")
    plain = list(log.commits(work.repo))
    assert touched(work) == [
        [(None, "d.md")],
        [(None, "c.md"), ("é.md", "é new.md")],
        [(None, "b.md"), (None, "é.md")],
    ]
    (tmp_path / "hostile").write_text(HOSTILE.format(marker="false"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "hostile"))
    assert list(log.commits(work.repo)) == plain


def test_any_path_is_read_as_it_is(work: Work) -> None:
    names = ["a\nb.md", ":100644 0.md", "\x1e.md", 'a"b.md', "日本.md", "\t.md", "[a]*.md"]
    work.commit(dict.fromkeys(names, "x"))
    work.commit({name: None if name == names[2] else "y" for name in names})
    newest, oldest = touched(work)
    assert {after for _, after in oldest} == set(names)
    assert {before for before, _ in newest} == set(names)


def test_another_hash_is_another_name(tmp_path: Path) -> None:
    work = Work(tmp_path / "repo", "--object-format=sha256")
    root = work.commit({"a.md": "A"})
    (commit,) = log.commits(work.repo)
    assert commit.id == root
    assert [len(change.new or "") for change in commit.changes] == [64]


def test_what_becomes_a_link_is_gone(work: Work) -> None:
    work.commit({"a.md": "One.", "b.md": "Two."})
    (work.vault / "a.md").unlink()
    (work.vault / "a.md").symlink_to("b.md")
    work.commit({})
    (work.vault / "a.md").unlink()
    (work.vault / "a.md").symlink_to("c.md")
    work.commit({})
    work.commit({"a.md": None})
    assert touched(work)[:3] == [[], [], [("a.md", None)]]


@pytest.mark.parametrize(
    ("folder", "before", "after", "expected"),
    [
        # Most notes, all from one folder.
        ("new", {"old/a.md": "A", "old/b.md": "B"}, {"new/a.md": "A", "new/b.md": "B"}, []),
        # The settings, though there is another note.
        (
            "new",
            {"old/vaultsync.toml": "x", "old/a.md": "A", "new/c.md": "C", "new/d.md": "D"},
            {"new/vaultsync.toml": "x", "new/a.md": "A", "new/c.md": "C", "new/d.md": "D"},
            [],
        ),
        ("", {"old/.obsidian/x": "x", "old/a.md": "A"}, {".obsidian/x": "x", "a.md": "A"}, []),
        # Fewer notes came than there were.
        ("new", {"old/a.md": "A", "new/c.md": "C"}, {"new/a.md": "A", "new/c.md": "C"}, ["a.md"]),
        # A folder of the vault, and a name that only ends alike.
        ("", {"old/a.md": "A"}, {"a.md": "A"}, ["old/a.md>a.md"]),
        ("new", {"new/xa.md": "A"}, {"new/a.md": "A"}, ["xa.md>a.md"]),
    ],
)
def test_a_vault_that_moves_is_followed(
    tmp_path: Path,
    folder: str,
    before: dict[str, str],
    after: dict[str, str],
    expected: list[str],
) -> None:
    work = Work(tmp_path / "repo")
    work.commit(
        {path: f"{text} is long enough to be known again.\n" for path, text in before.items()}
    )
    gone = dict.fromkeys(before.keys() - after.keys())
    work.commit(
        {**gone, **{p: f"{t} is long enough to be known again.\n" for p, t in after.items()}}
    )
    work.vault = work.top / folder
    newest = next(log.commits(work.repo))
    shown = [f"{change.before}>{change.after}".removeprefix("None>") for change in newest.changes]
    assert shown == expected
    assert newest.folder == (f"{folder}/" if folder else "")


def test_a_revision_that_is_not_there_is_named(work: Work) -> None:
    work.commit({"a.md": "A"})
    with pytest.raises(GitError, match="nowhere"):
        list(log.commits(work.repo, "nowhere"))


def test_a_walk_that_is_left_stops_git(work: Work) -> None:
    for number in range(3):
        work.commit({"a.md": str(number)})
    walk = log.commits(work.repo)
    next(walk)
    walk.close()
    assert list(walk) == []
