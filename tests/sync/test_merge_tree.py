"""Which file is which in three trees, and what each is called in the end."""

from __future__ import annotations

from vaultsync.sync.merge_tree import Followed, follow, place, renames_of, second_name


def test_a_file_that_both_added_in_two_cases_is_two_files() -> None:
    found = follow(((), ("N.md", "n.md"), ("n.md",)), ({}, {}))
    assert found == [Followed(None, "N.md", None), Followed(None, "n.md", "n.md")]


def test_what_is_certain_comes_before_letter_case_and_that_before_what_is_probable() -> None:
    base, side = ("a", "b", "c", "d"), ("A", "x", "y", "d")
    found = renames_of(base, side, {"b": "x"}, {"a": "y", "c": "x"})
    assert found == {"b": "x", "a": "A"}
    assert renames_of(base, side, {}, {"b": "x", "c": "x"}) == {"a": "A", "b": "x"}


def test_files_that_want_one_name_get_names_of_their_own() -> None:
    renamed = Followed("a.md", "c.md", "a.md"), Followed("b.md", "b.md", "c.md")
    found = place(renamed, ((), (), ()), "host")
    assert [(one.base, one.path) for one in found] == [("b.md", "c.md"), ("a.md", "c (host).md")]


def test_a_second_name_is_one_that_any_system_can_hold() -> None:
    assert second_name("x/a.b.md", "Ada's Mac: 2", ()) == "x/a.b (Ada-s-Mac-2).md"
    assert second_name("a", "../", {"a (copy)"}) == "a (copy 2)"


def test_a_move_and_a_rename_are_both_done() -> None:
    files = (Followed("x/a.md", "y/a.md", "x/b.md"), Followed("x/c.md", "c.md", "x/d.md"))
    assert {one.path for one in place(files, ((), (), ()), "host")} == {"y/b.md", "d.md"}
