"""Two commits become one tree: each file by its kind, and no word is lost."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from tests.app.sync.merging import Clash, Files
from tests.vaults import git, make

from vaultsync.app.sync.merge import Conflict, merge_blob, merge_commits
from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import GitError
from vaultsync.sync.merge_file import MergedFile

NOTE = "---\na: 1\nb: 1\n---\n\nOne.\n\nTwo.\n"
CALLOUT = "> [!conflict] Instead of the block above:\n> Mine.\n"


def test_each_side_s_changes_are_taken(tmp_path: Path) -> None:
    base: Files = {"a.md": NOTE, "b.md": NOTE, "c.md": NOTE, "gone.md": NOTE}
    ours: Files = {"a.md": NOTE.replace("a: 1", "a: 2"), "b.md": "Mine.\n", "gone.md": None}
    theirs: Files = {"a.md": NOTE.replace("b: 1", "b: 2"), "new/d.md": "Yours.\n"}
    clash = Clash(tmp_path / "v", base, ours, theirs)
    merged = clash.merged()
    assert (merged.conflicts, merged.notices) == ((), ())
    assert clash.files(merged.tree) == {
        "a.md": NOTE.replace("1", "2"),
        "b.md": "Mine.\n",
        "c.md": NOTE,
        "new/d.md": "Yours.\n",
    }


def test_what_both_changed_is_in_a_callout(tmp_path: Path) -> None:
    ours, theirs = NOTE.replace("One.", "Mine."), NOTE.replace("One.", "Yours.")
    clash = Clash(tmp_path / "v", {"a.md": NOTE}, {"a.md": ours}, {"a.md": theirs})
    merged = clash.merged()
    assert merged.conflicts == (Conflict("a.md", 1),)
    assert clash.files(merged.tree) == {"a.md": NOTE.replace("One.\n", f"Yours.\n\n{CALLOUT}")}


@pytest.mark.parametrize("swapped", [False, True])
def test_an_edit_wins_over_a_deletion(tmp_path: Path, *, swapped: bool) -> None:
    gone: Files = {"a.md": None}
    kept: Files = {"a.md": "Edited.\n"}
    sides = (kept, gone) if swapped else (gone, kept)
    clash = Clash(tmp_path / "v", {"a.md": NOTE, "b.md": ""}, sides[0], sides[1])
    merged = clash.merged()
    who = "the other side" if swapped else "this side"
    assert merged.notices == (f"a.md: {who} deleted it, and it was changed meanwhile: it stays",)
    assert clash.files(merged.tree) == {"a.md": "Edited.\n", "b.md": ""}


def test_what_one_side_deleted_and_the_other_only_renamed_is_gone(tmp_path: Path) -> None:
    clash = Clash(tmp_path / "v", {"a.md": NOTE, "b.md": ""}, {"a.md": None}, moved("a", "c", NOTE))
    merged = clash.merged()
    assert (clash.files(merged.tree), merged.notices) == ({"b.md": ""}, ())


def moved(old: str, new: str, text: str) -> Files:
    return {f"{old}.md": None, f"{new}.md": text}


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("name", ["c.md", "Folder/a.md", "A.md"])
def test_a_note_that_one_side_renamed_has_the_edits_of_the_other(
    tmp_path: Path, name: str, *, swapped: bool
) -> None:
    base: Files = {"a.md": NOTE, "b.md": "[[a]] and [text](a.md)\n"}
    renaming: Files = {**moved("a", name[:-3], NOTE), "b.md": f"[[{name[:-3]}]] and [t]({name})\n"}
    editing: Files = {"a.md": NOTE.replace("One.", "Edited."), "d.md": "A new [[a]].\n"}
    sides = (editing, renaming) if swapped else (renaming, editing)
    found = Clash(tmp_path / "v", base, sides[0], sides[1]).result()
    assert found.keys() == {name, "b.md", "d.md"}
    assert "Edited." in found[name]
    assert f"[[{name[:-3]}]]" in found["b.md"]
    new = {"c.md": "c", "Folder/a.md": "a", "A.md": "A"}[name]
    assert found["d.md"] == f"A new [[{new}]].\n"


@pytest.mark.parametrize("swapped", [False, True])
def test_a_note_that_both_renamed_has_the_name_that_comes_first(
    tmp_path: Path, *, swapped: bool
) -> None:
    base: Files = {"a.md": NOTE, "link.md": "[[a]]\n"}
    first: Files = {**moved("a", "bees", NOTE.replace("One.", "1.")), "link.md": "[[bees]]\n"}
    second: Files = {**moved("a", "wasps", NOTE.replace("Two.", "2.")), "link.md": "[[wasps]]\n"}
    sides = (second, first) if swapped else (first, second)
    clash = Clash(tmp_path / "v", base, sides[0], sides[1])
    merged = clash.merged()
    notice = "wasps.md: both sides named it, each in its own way: this one is bees.md now"
    assert merged.notices == (notice,)
    found = clash.files(merged.tree)
    assert found.keys() == {"bees.md", "link.md"}
    assert found["link.md"] == "[[bees]]\n"
    assert found["bees.md"] == NOTE.replace("One", "1").replace("Two", "2")


def test_a_new_name_that_the_other_side_gave_to_a_file_of_its_own(tmp_path: Path) -> None:
    base: Files = {"a.md": NOTE, "link.md": "[[a]]\n"}
    ours: Files = {**moved("a", "c", NOTE), "link.md": "[[c]]\n", "mine.md": "[[c]]\n"}
    theirs: Files = {"c.md": "Another.\n", "yours.md": "[[a]] [[c]]\n"}
    clash = Clash(tmp_path / "v", base, ours, theirs)
    merged = clash.merged()
    found = clash.files(merged.tree)
    assert found.keys() == {"c.md", "c (laptop).md", "link.md", "mine.md", "yours.md"}
    assert found["c.md"] == "Another.\n"
    assert "One.\n\nTwo.\n" in found["c (laptop).md"]
    assert found["link.md"] == found["mine.md"] == "[[c (laptop)]]\n"
    assert found["yours.md"] == "[[c (laptop)]] [[c]]\n"
    assert "there is another file of this name" in " ".join(merged.notices)


def test_a_short_note_is_paired_by_its_alias(tmp_path: Path) -> None:
    ours = moved("a", "bees", "---\naliases: [a]\n---\n\nWholly other words.\n")
    clash = Clash(tmp_path / "v", {"a.md": "Short.\n"}, ours, {"a.md": "Short.\n\nMore.\n"})
    found = clash.result()
    assert found.keys() == {"bees.md"}
    assert "Wholly other words." in found["bees.md"]
    assert "More." in found["bees.md"]


SETTINGS = '[types.claim]\nmatch = ["Claims/*"]\nhandle = "handle"\n'


def claim(title: str, text: str, handle: str = "") -> str:
    return f"---\ntitle: {title}\nhandle: {handle}\n---\n\n{text}\n"


def test_a_typed_note_is_paired_by_its_handle(tmp_path: Path) -> None:
    base: Files = {"vaultsync.toml": SETTINGS, "Claims/a.md": claim("Ants", "Old.", "the ants")}
    ours: Files = {"Claims/a.md": None, "Claims/b.md": claim("B", "Quite other.", "The ants")}
    theirs: Files = {"Claims/a.md": claim("Ants", "Old.\n\nMore.", "the ants")}
    found = Clash(tmp_path / "v", base, ours, theirs).result()
    assert found.keys() == {"vaultsync.toml", "Claims/b.md"}
    assert "More." in found["Claims/b.md"]


def test_a_note_is_paired_by_what_the_lock_says(tmp_path: Path) -> None:
    ids = "0" * 40
    lock = f"Claims/b.md {ids} 0 2026-01-02 {ids} 0 Claims/a.md\n"
    base: Files = {"vaultsync.toml": SETTINGS, "Claims/a.md": "Old.\n", "changelog.lock": ""}
    ours: Files = {"Claims/a.md": None, "Claims/b.md": "Other.\n", "changelog.lock": lock}
    clash = Clash(tmp_path / "v", base, ours, {"Claims/a.md": "Old.\n\nMore.\n"})
    found = clash.result()
    assert "Claims/a.md" not in found
    assert "More." in found["Claims/b.md"]


def test_a_lock_that_cannot_be_read_pairs_nothing(tmp_path: Path) -> None:
    base: Files = {"a.md": "Old.\n", "changelog.lock": "no lock\n"}
    clash = Clash(tmp_path / "v", base, moved("a", "b", "Other.\n"), {"c.md": ""})
    assert clash.result().keys() == {"b.md", "c.md", "changelog.lock"}


def test_the_same_note_under_two_names_is_named(tmp_path: Path) -> None:
    words = "Large networks suddenly generalize after long overfitting on small tables."
    ours: Files = {"Claims/a.md": claim("Grokking", words), "Claims/x.md": claim("X", "X.")}
    theirs: Files = {
        "Claims/b.md": claim("Sudden", words.replace("suddenly ", "")),
        "Claims/c.md": claim("grokking", "Other."),
        "Claims/y.md": claim("Y", "Y."),
    }
    clash = Clash(tmp_path / "v", {"vaultsync.toml": SETTINGS}, ours, theirs)
    merged = clash.merged()
    assert clash.files(merged.tree).keys() == {"vaultsync.toml", *ours, *theirs}
    assert merged.notices == tuple(
        f"Claims/a.md: Claims/{name}.md, which the other side added, seems to be the same: join "
        "them"
        for name in "bc"
    )


def test_both_added_a_file_of_one_name(tmp_path: Path) -> None:
    ours: Files = {"a.md": "Mine.\n", "same.md": "Same.\n"}
    clash = Clash(tmp_path / "v", {}, ours, {"a.md": "Yours.\n", "same.md": "Same.\n"})
    assert clash.result() == {"a.md": f"Yours.\n\n{CALLOUT}", "same.md": "Same.\n"}


def test_both_added_a_note_in_another_letter_case(tmp_path: Path) -> None:
    ours: Files = {"Note.md": "Mine.\n"}
    clash = Clash(tmp_path / "v", {}, ours, {"note.md": "Yours.\n", "b.md": "[[note]]\n"})
    found = clash.result()
    assert found.keys() == {"Note.md", "b.md"}
    assert found["Note.md"].endswith(f"Yours.\n\n{CALLOUT}")


def test_names_that_a_side_has_in_two_cases_stay(tmp_path: Path) -> None:
    base: Files = {"Note.md": "1\n", "note.md": "2\n"}
    clash = Clash(tmp_path / "v", base, {"Note.md": "3\n"}, {"note.md": "4\n"})
    assert clash.result() == {"Note.md": "3\n", "note.md": "4\n"}


def test_a_new_name_in_another_letter_case_is_a_second_file(tmp_path: Path) -> None:
    base: Files = {"a.md": NOTE}
    clash = Clash(tmp_path / "v", base, moved("a", "Bees", NOTE), {"bees.md": "Yours.\n"})
    found = clash.result()
    assert found.keys() == {"bees.md", "Bees (laptop).md"}


@pytest.mark.parametrize("swapped", [False, True])
def test_a_file_where_the_other_side_has_a_folder(tmp_path: Path, *, swapped: bool) -> None:
    file: Files = {"plan": "A file.\n"}
    folder: Files = {"plan/a.md": "In a folder.\n"}
    sides = (folder, file) if swapped else (file, folder)
    merged = (clash := Clash(tmp_path / "v", {}, sides[0], sides[1])).merged()
    assert clash.files(merged.tree) == {
        "plan (laptop)": "A file.\n",
        "plan/a.md": "In a folder.\n",
    }
    notice = "plan: there is another file of this name: this one is plan (laptop) now"
    assert merged.notices == (notice,)


def test_a_picture_is_kept_twice(tmp_path: Path) -> None:
    base: Files = {"p.png": b"\0base", "p (laptop).png": b"\0other", "a.md": "![[p.png]]\n"}
    clash = Clash(tmp_path / "v", base, {"p.png": b"\0mine"}, {"p.png": b"\0yours"})
    clash.machine = "laptop"
    merged = clash.merged()
    found = clash.files(merged.tree)
    assert found.pop("p (laptop 2).png") == "\0mine"
    assert found == {"p.png": "\0yours", "p (laptop).png": "\0other", "a.md": "![[p.png]]\n"}
    assert merged.notices == (
        "p.png: both sides changed it: this side's version is p (laptop 2).png",
    )


def test_a_note_that_is_not_utf_8_is_kept_twice(tmp_path: Path) -> None:
    clash = Clash(tmp_path / "v", {"a.md": b"\xe4"}, {"a.md": b"\xe5"}, {"a.md": "Plain.\n"})
    assert clash.result() == {"a (laptop).md": "\udce5", "a.md": "Plain.\n"}


@pytest.mark.parametrize("name", ["a.py", "style.css", "vaultsync.toml", ".gitignore", "Makefile"])
def test_other_text_is_merged_by_lines_or_kept_twice(tmp_path: Path, name: str) -> None:
    lines = "# 1\n# 2\n# 3\n"
    ours, theirs = lines.replace("1", "one"), lines.replace("3", "three")
    clash = Clash(tmp_path / "v", {name: lines}, {name: ours}, {name: theirs})
    assert clash.result() == {name: "# one\n# 2\n# three\n"}
    clash.branch("other", "base", {name: lines.replace("1", "uno")})
    second = {"Makefile": "Makefile (laptop)", ".gitignore": ".gitignore (laptop)"}
    stem, _, ending = name.rpartition(".")
    found = clash.files(clash.merged("ours", "other").tree)
    assert found == {
        name: lines.replace("1", "uno"),
        second.get(name, f"{stem} (laptop).{ending}"): ours,
    }


def test_canvases_are_merged_node_by_node_or_kept_twice(tmp_path: Path) -> None:
    def canvas(**texts: str) -> str:
        return json.dumps({"nodes": [{"id": key, "text": text} for key, text in texts.items()]})

    base: Files = {"c.canvas": canvas(a="1", b="1")}
    clash = Clash(
        tmp_path / "v", base, {"c.canvas": canvas(a="2", b="1")}, {"c.canvas": canvas(a="1", b="2")}
    )
    assert clash.result() == {"c.canvas": canvas(a="2", b="2")}
    clash.branch("other", "base", {"c.canvas": canvas(a="3", b="1")})
    found = clash.files(clash.merged("ours", "other").tree)
    assert found == {
        "c.canvas": canvas(a="3", b="1"),
        "c (laptop).canvas": canvas(a="2", b="1"),
    }


def test_settings_of_obsidian_are_merged_key_by_key(tmp_path: Path) -> None:
    path = ".obsidian/app.json"
    base: Files = {path: '{"a": 1, "b": 1, "c": {"d": 1}, "e": 1, "f": 1}'}
    ours: Files = {path: '{"a": 2, "b": 2, "c": {"d": 2}, "f": 2}'}
    theirs: Files = {path: '{"a": 1, "b": 3, "c": {"d": 3}, "e": 3}'}
    merged = (clash := Clash(tmp_path / "v", base, ours, theirs)).merged()
    expected = '{"a": 2, "b": 3, "c": {"d": 3}, "f": 2, "e": 3}'
    assert clash.files(merged.tree) == {path: expected}
    assert merged.notices == tuple(
        f"{path}: both sides changed {key} (2): the other side's value stays" for key in "bd"
    )


def test_settings_that_are_no_longer_json_are_kept_twice(tmp_path: Path) -> None:
    path = ".obsidian/app.json"
    clash = Clash(tmp_path / "v", {path: "{}"}, {path: '{"a": 2}'}, {path: "{"})
    assert clash.result() == {path: "{", ".obsidian/app (laptop).json": '{"a": 2}'}


def test_modes_are_merged_apart_from_texts(tmp_path: Path) -> None:
    clash = Clash(
        tmp_path / "v", {"a.py": "1\n2\n3\n"}, {"a.py": "0\n2\n3\n"}, {"a.py": "1\n2\n4\n"}
    )
    (clash.top / "a.py").chmod(0o755)
    clash.commit({})
    tree = clash.merged().tree
    assert git(clash.top, "ls-tree", tree).startswith("100755 ")
    assert clash.files(tree) == {"a.py": "0\n2\n4\n"}


def test_symbolic_links_are_kept_twice(tmp_path: Path) -> None:
    base: Files = {"to": Path("a.md"), "one": Path("a.md"), "file": "text\n"}
    ours: Files = {"to": Path("b.md"), "one": Path("b.md"), "file": Path("b.md")}
    clash = Clash(tmp_path / "v", base, ours, {"to": Path("c.md"), "file": "more\n"})
    tree = clash.merged().tree
    assert clash.files(tree) == {
        "to": "c.md",
        "to (laptop)": "b.md",
        "one": "b.md",
        "file": "more\n",
        "file (laptop)": "b.md",
    }
    modes = git(clash.top, "ls-tree", "--format=%(path) %(objectmode)", tree)
    assert [row for row in modes.splitlines() if not row.endswith(" 120000")] == ["file 100644"]


def test_a_submodule_that_both_changed_is_refused(tmp_path: Path) -> None:
    clash = Clash(tmp_path / "v", {"a.md": NOTE}, {}, {})
    for name, start in (("base", "base"), ("ours", "with-base"), ("theirs", "with-base")):
        git(clash.top, "checkout", "-q", "-b", f"with-{name}", start)
        commit = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()
        git(clash.top, "update-index", "--add", "--cacheinfo", f"160000,{commit},sub")
        git(clash.top, "commit", "-q", "-m", "a submodule")
    git(clash.top, "checkout", "-q", "ours")
    found = git(clash.top, "ls-tree", clash.merged("ours", "with-base").tree)
    assert "160000" in found
    with pytest.raises(GitError, match="sub: both sides changed this submodule: merge it by hand"):
        clash.merged("with-ours", "with-theirs")


def test_the_line_ends_of_windows_stay(tmp_path: Path) -> None:
    crlf = NOTE.replace("\n", "\r\n")
    ours, theirs = crlf.replace("One.", "Mine."), crlf.replace("Two.", "Yours.")
    clash = Clash(tmp_path / "v", {"a.md": crlf}, {"a.md": ours}, {"a.md": theirs})
    assert clash.result() == {"a.md": ours.replace("Two.", "Yours.")}


def test_a_repository_with_sha_256(tmp_path: Path) -> None:
    sides: tuple[Files, Files] = (moved("a", "c", NOTE), {"a.md": NOTE + "\nMore.\n", "d": "1"})
    clash = Clash(tmp_path / "v", {"a.md": NOTE}, *sides, "--object-format=sha256")
    assert clash.result().keys() == {"c.md", "d"}
    assert len(clash.merged().tree) == len(hashlib.sha256().hexdigest())


def test_histories_without_a_common_commit(tmp_path: Path) -> None:
    clash = Clash(tmp_path / "v", {}, {"a.md": "Mine.\n", "b.md": "B\n"}, {})
    git(clash.top, "checkout", "-q", "--orphan", "stranger")
    git(clash.top, "rm", "-q", "-r", "-f", ".")
    clash.commit({"a.md": "Yours.\n", "c.md": "C\n"})
    found = clash.files(clash.merged("ours", "stranger").tree)
    assert found == {"a.md": f"Yours.\n\n{CALLOUT}", "b.md": "B\n", "c.md": "C\n"}


def test_a_vault_in_a_folder_is_merged_with_all_that_is_around_it(tmp_path: Path) -> None:
    base: Files = {"vault/a.md": NOTE, "vault/b.md": "[[a]]\n", "code.py": "1\n2\n3\n"}
    ours: Files = {"vault/a.md": None, "vault/x/c.md": NOTE, "code.py": "0\n2\n3\n"}
    theirs: Files = {
        "vault/a.md": NOTE + "\nMore.\n",
        "vault/b.md": "See [[a]]\n",
        "code.py": "1\n2\n4\n",
    }
    clash = Clash(tmp_path / "v", base, ours, theirs)
    found = clash.files(clash.merged(folder="vault").tree)
    assert found.keys() == {"vault/x/c.md", "vault/b.md", "code.py"}
    assert found["vault/b.md"] == "See [[c]]\n"
    assert found["code.py"] == "0\n2\n4\n"


def test_where_a_link_cannot_follow_others_do(tmp_path: Path) -> None:
    base: Files = {"a.md": NOTE, "b.md": b"\xff [[a]]\n"}
    theirs: Files = {"d.md": "[[a]]\n", "e.md": "[[a|one]]\n\n| |\n| - |\n| [[a]] |\n"}
    clash = Clash(tmp_path / "v", base, moved("a", "c", NOTE), theirs)
    merged = clash.merged()
    assert clash.files(merged.tree)["d.md"] == "[[c]]\n"
    remark = "b.md: it cannot be read, and stays as it is"
    assert merged.notices == (f"links may keep a former name: {remark}",)


def test_a_revision_that_is_none_is_named(tmp_path: Path) -> None:
    clash = Clash(tmp_path / "v", {"a.md": NOTE}, {}, {})
    with pytest.raises(GitError, match="`nowhere` is not a commit of this repository"):
        clash.merged("ours", "nowhere")


@pytest.mark.parametrize(
    ("key", "attributes"),
    [
        ("merge.x.driver", "*.md merge=x\n"),
        ("filter.x.smudge", "*.md filter=x\n"),
        ("diff.x.textconv", "*.md diff=x\n"),
        ("core.fsmonitor", ""),
        ("post-index-change", ""),
    ],
)
def test_no_program_of_the_repository_runs(tmp_path: Path, key: str, attributes: str) -> None:
    attributed: Files = {".gitattributes": attributes, "a.md": NOTE, "Index.md": "vaultsync:\n"}
    ours, theirs = moved("a", "b", NOTE), {"a.md": NOTE + "\nMore.\n"}
    clash = Clash(tmp_path / "v", attributed, ours, theirs)
    make(tmp_path, {"script": f"#!/bin/sh\ntouch '{tmp_path}/ran'\nexec cat\n"})
    (tmp_path / "script").chmod(0o755)
    if "." in key:
        git(clash.top, "config", key, str(tmp_path / "script"))
    else:
        (tmp_path / "script").rename(clash.top / ".git/hooks" / key)
    merge_commits(Workspace(str(clash.top)), "ours", "theirs", "laptop")
    assert not (tmp_path / "ran").exists()


def test_what_is_renamed_outside_the_vault_changes_no_link(tmp_path: Path) -> None:
    base: Files = {"a.md": NOTE, "vault/b.md": "[[a]]\n", "vault/c.md": "C\n"}
    clash = Clash(tmp_path / "v", base, moved("a", "new", NOTE), {"vault/c.md": "[[a]]\n"})
    found = clash.files(clash.merged(folder="vault").tree)
    assert found == {"new.md": NOTE, "vault/b.md": "[[a]]\n", "vault/c.md": "[[a]]\n"}


def test_a_version_of_a_file_is_merged_alone(tmp_path: Path) -> None:
    workspace = Workspace(str(Clash(tmp_path / "v", {"a.md": NOTE}, {}, {}).top))
    assert merge_blob(workspace, "a.md", (b"1", None, b"1")) is None
    assert merge_blob(workspace, "a.md", (b"1", b"2", None)) == MergedFile(b"2")
    assert merge_blob(workspace, "a.png", (None, b"\0", b"\1")) == MergedFile(b"\1", ours=b"\0")
