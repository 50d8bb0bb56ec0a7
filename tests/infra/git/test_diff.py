"""What differs between commits, the index and the work tree."""

from __future__ import annotations

import os
from pathlib import Path

from tests.infra.git.work import TEXT, Work, entry

from vaultsync.infra.git import files


def test_what_differs_from_a_commit_in_the_index_and_on_disk(sub: Work) -> None:
    base = sub.commit(
        {"a.md": "a", "b.md": "b", "c.md": "c", "mode.md": "m", ".gitignore": "*.log"}
    )
    (sub.vault / "mode.md").chmod(0o755)
    sub.git("mv", "the vault/c.md", "the vault/d.md")
    sub.put("a.md", "A")
    sub.git("add", "--all")
    (sub.top / "code.py").touch()
    staged = {"a.md": entry("a"), "c.md": entry("c"), "d.md": None}
    assert files.changed(sub.repo, base, index=True) == staged
    sub.put("b.md", "B")
    sub.put("a.md", "a")
    sub.put("x.log", "ignored")
    sub.put("x.md", "untracked")
    on_disk = {"b.md": entry("b"), "c.md": entry("c"), "d.md": None, "x.md": None}
    assert files.changed(sub.repo, base, index=False) == on_disk


def test_all_differs_from_nothing(work: Work) -> None:
    work.put("a.md", "a")
    work.git("add", "a.md")
    work.put("b.md", "b")
    assert files.changed(work.repo, None, index=True) == {"a.md": None}
    assert files.changed(work.repo, None, index=False) == {"a.md": None, "b.md": None}


def test_what_is_written_anew_or_replaced_by_a_link(work: Work) -> None:
    base = work.commit({"a.md": "same", "b.md": "b"})
    os.utime(work.vault / "a.md", (1, 1))
    (work.vault / "b.md").unlink()
    (work.vault / "b.md").symlink_to("a.md")
    assert files.changed(work.repo, base, index=False) == {"b.md": entry("b")}


def test_what_git_forgot_but_the_disk_has_differs(work: Work) -> None:
    base = work.commit({"a.md": "a", "b.md": "b"})
    work.git("rm", "-q", "--cached", "a.md")
    assert files.changed(work.repo, base, index=False) == {"a.md": entry("a")}


def test_submodules_are_no_files_that_differ(work: Work, tmp_path: Path) -> None:
    base = work.commit({"a.md": "a"})
    other = Work(tmp_path / "other")
    other.commit({"x.md": "x"})
    work.git("submodule", "--quiet", "add", str(other.top), "inner")
    for index in (True, False):
        found = files.changed(work.repo, base, index=index)
        assert set(found) - {"inner"} == {".gitmodules"}
        assert found.get("inner") is None


def test_renames_to_the_index_and_between_revisions(sub: Work) -> None:
    base = sub.commit({"old.md": TEXT, "same.md": "", "out.md": TEXT * 2})
    (sub.vault / "old.md").rename(sub.vault / "new name.md")
    sub.put("new name.md", f"{TEXT}more\n")
    (sub.vault / "same.md").rename(sub.vault / "empty.md")
    (sub.vault / "out.md").rename(sub.top / "out.md")
    assert files.renames(sub.repo, base, None) == {}
    sub.git("add", "--all")
    assert files.renames(sub.repo, base, None) == {"old.md": "new name.md"}
    target = sub.commit({})
    assert files.renames(sub.repo, base, target) == {"old.md": "new name.md"}
    assert files.renames(sub.repo, target, base) == {"new name.md": "old.md"}


def test_many_renames_at_once(work: Work) -> None:
    notes = {f"{number}.md": f"{TEXT}{number}\n" for number in range(40)}
    base = work.commit(notes)
    for path, text in notes.items():
        (work.vault / path).unlink()
        work.put(f"moved {path}", f"{text}more\n")
    work.git("config", "diff.renameLimit", "2")
    work.git("add", "--all")
    expected = {path: f"moved {path}" for path in notes}
    assert files.renames(work.repo, base, None) == expected
