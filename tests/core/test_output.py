from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from vaultsync.core.model import content_id
from vaultsync.core.output import Output, changed_output, unified_diff


def git(*arguments: str, cwd: Path) -> str:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout


def test_a_file_that_is_no_text_is_only_named() -> None:
    assert (
        unified_diff("a.png", None, b"\x89PNG\0") == "Binary files /dev/null and b/a.png differ\n"
    )
    assert unified_diff("a.png", b"\0", None) == "Binary files a/a.png and /dev/null differ\n"


@pytest.mark.parametrize("data", [b"", b"a\n", b"\xff\0", "é\r\n".encode()])
def test_a_content_id_is_gits_id_of_the_blob(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(data)
    assert git("hash-object", "--no-filters", "file", cwd=tmp_path).strip() == content_id(data)


def test_an_output_names_the_version_that_it_replaces() -> None:
    assert changed_output("a.md", b"1", b"2") == Output("a.md", b"2", content_id(b"1"))
    assert changed_output("a.md", None, b"2") == Output("a.md", b"2", None)
    assert changed_output("a.md", b"1", None) == Output("a.md", None, content_id(b"1"))


def test_an_empty_file_is_a_file() -> None:
    assert changed_output("a.md", None, b"") == Output("a.md", b"", None)
    assert changed_output("a.md", b"", b"1") == Output("a.md", b"1", content_id(b""))
    assert changed_output("a.md", b"", None) == Output("a.md", None, content_id(b""))


def test_nothing_is_put_out_where_nothing_changes() -> None:
    assert changed_output("a.md", b"1", b"1") is None
    assert unified_diff("a.md", b"1", b"1") == ""


def test_a_difference_reads_as_git_shows_it() -> None:
    assert unified_diff("d/a.md", b"1\n2\n3", b"1\nx\n3\n") == (
        "--- a/d/a.md\n+++ b/d/a.md\n@@ -1,3 +1,3 @@\n"
        " 1\n-2\n-3\n\\ No newline at end of file\n+x\n+3\n"
    )


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    shown = unified_diff("a.md", b"a\n", b"a\xff\n")
    assert shown.endswith("-a\n+a\ufffd\n")


def test_a_file_that_is_not_there_is_dev_null() -> None:
    assert unified_diff("a.md", None, b"1\n").startswith("--- /dev/null\n+++ b/a.md\n@@ -0,0 +1 @@")
    assert unified_diff("a.md", b"1\n", None).startswith("--- a/a.md\n+++ /dev/null\n@@ -1 +0,0 @@")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"one\r\ntwo\nthree", b"one\r\n2\nthree\nfour\n"),
        (b"1\n2\n3\n4\n5\n6\n7\n8\n9\n", b"0\n1\n2\n3\n4\n5\n6\n7\n8"),
        ("a\tb\u2028c\nd".encode(), "a\tb\u2028d\nd".encode()),
    ],
)
def test_git_takes_a_difference_as_a_patch(before: bytes, after: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(before)
    (tmp_path / "patch").write_bytes(unified_diff("a.md", before, after).encode())
    git("apply", "patch", cwd=tmp_path)
    assert (tmp_path / "a.md").read_bytes() == after


@pytest.mark.parametrize(
    "name", ["a\nb\x1b.md", 'a"b\\.md', "é\x85\u202e.md", "\udcff.md", "a b é.md"]
)
def test_git_finds_the_file_of_any_name(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"1\n")
    diff = unified_diff(name, b"1\n", b"2\n")
    assert diff.count("\n") == 5
    assert all(line.isprintable() for line in diff.split("\n"))
    (tmp_path / "patch").write_bytes(diff.encode())
    git("apply", "patch", cwd=tmp_path)
    assert (tmp_path / name).read_bytes() == b"2\n"


@pytest.mark.parametrize(
    "control", ["\x1b", "\f", "\r", "\x07", "\x7f", "\x9b", "\u202e", "\u2066"]
)
def test_a_control_character_is_shown_as_such_and_is_no_patch(control: str, tmp_path: Path) -> None:
    before, after = (f"a{control}b{end}{control}".encode() for end in "12")
    (tmp_path / "a.md").write_bytes(before)
    diff = unified_diff("a.md", before, after)
    assert control not in diff
    assert diff.count("\ufffd") == 4
    (tmp_path / "patch").write_bytes(diff.encode())
    with pytest.raises(subprocess.CalledProcessError):
        git("apply", "patch", cwd=tmp_path)
