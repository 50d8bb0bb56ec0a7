"""Names and resolution, as Obsidian has them. What links lead to: `test_conformance.py`."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vaultsync.links import (
    Index,
    find_heading,
    has_subpath,
    heading_key,
    index_of,
    internal,
    key,
    linktext,
    utf16_length,
    wikilink,
)
from vaultsync.model import Vault
from vaultsync.parse import parse

NAMES = st.sampled_from(["a", "b", "ab", "B", "x.png", "v1.2", "é", "e\u0301", "Σ", "a\u00a0b"])
PATHS = st.builds(
    lambda folders, name, suffix: "/".join([*folders, name]) + suffix,
    st.lists(st.sampled_from(["a", "b", "ab"]), max_size=2),
    NAMES,
    st.sampled_from([".md", ".md", ".md", "", ".MD"]),
)


@pytest.mark.parametrize(("subpath", "there"), [("##A#", True), ("#!", False), ("#A#B", False)])
def test_empty_parts_of_a_subpath_are_passed_over(subpath: str, *, there: bool) -> None:
    document = parse("n.md", "# A")
    assert (find_heading(document.headings, subpath) is not None) is there
    assert has_subpath(document, subpath) is there


@pytest.mark.parametrize(
    ("subpath", "there"),
    [
        ("", True),
        ("#", True),
        ("#^One", True),
        ("#^two", False),
        ("#[^FN]", True),
        ("#[^other]", False),
    ],
)
def test_blocks_and_footnotes_are_found_in_any_case(subpath: str, *, there: bool) -> None:
    document = parse("n.md", "text ^one\n\n[^fn]: note\n")
    assert has_subpath(document, subpath) is there


def test_a_subpath_of_a_base_or_canvas_is_not_looked_for() -> None:
    assert has_subpath(parse("a.base", "views: []"), "#View")


def test_heading_keys_fold_case_and_most_ascii_punctuation() -> None:
    assert heading_key("A:  b_c-d's\t**É** [[x|y]] …") == "a b_c-d's é x y …"


@pytest.mark.parametrize(
    ("one", "other"),
    [("e\u0301", "É"), ("a\u00a0b", "a\u202fb"), ("ΟΔΟΣ", "οδος"), ("ΟΔΟΣ.md", "οδοσ.md")],
)
def test_names_that_obsidian_takes_for_equal_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_keys_keep_what_only_looks_alike() -> None:
    assert key("ß") != key("ss")


def test_paths_are_measured_in_utf16() -> None:
    assert utf16_length("é😀") == 3


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        ("a/./b", ()),
        ("a//b", ()),
        ("b/", ()),
        ("", ("a/s.md",)),
        ("./b", ("a/b.md",)),
        ("../a/b", ("a/b.md",)),
        ("/a/b", ("a/b.md",)),
        ("/b", ()),
    ],
)
def test_odd_targets(target: str, wanted: tuple[str, ...]) -> None:
    assert Index(["a/b.md", "a/s.md"]).resolve(target, "a/s.md") == wanted


def test_several_candidates_are_returned_only_for_a_tie() -> None:
    index = Index(["one/x.md", "two/x.md", "three/x.md"])
    assert index.resolve("x", "s.md") == ("one/x.md", "two/x.md")
    assert index.resolve("x", "three/s.md") == ("three/x.md",)


def test_the_index_of_a_vault_knows_all_its_files() -> None:
    index = index_of(Vault({}, frozenset({"a.md", "b/c.md", "d.png"})))
    found = [index.resolve(target, "a.md") for target in ("a", "c", "d.png", "d")]
    assert found == [("a.md",), ("b/c.md",), ("d.png",), ()]


def test_links_out_of_the_vault_and_empty_links_are_not_internal() -> None:
    document = parse("n.md", "[[a]] [[ ]] [x](https://x.org) [y](#h) [z]()")
    assert [link.span.of(document.text) for link in internal(document)] == ["[[a]]", "[y](#h)"]


@given(files=st.sets(PATHS, min_size=1), source=PATHS, data=st.data())
def test_the_text_of_a_link_leads_to_the_file_it_was_made_for(
    files: set[str], source: str, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(sorted(files)))
    index = Index(files)
    found = index.resolve(linktext(path, index), source)
    twins = [other for other in files if key(other) == key(path)]
    if "." in path.rpartition("/")[2]:
        assert path in found
        assert sorted(found) == sorted(twins)


def test_a_file_called_like_a_note_without_its_suffix_does_not_catch_its_links() -> None:
    assert linktext("v1.2.md", Index(["v1.2.md", "A/v1.2"])) == "v1.2.md"


@pytest.mark.parametrize(
    ("display", "written"),
    [
        ("", "[[a]]"),
        ("a", "[[a]]"),
        ("A  note\n", "[[a|A note]]"),
        ("x | y", "[[a|x y]]"),
        ("see [[b]]", "[[a|see b]]"),
    ],
)
def test_the_display_text_of_a_link_cannot_break_it(display: str, written: str) -> None:
    assert wikilink("a.md", Index(["a.md"]), display) == written


@given(display=st.text(st.sampled_from("ab [](){}<>|`$%*_~#^!\\\n"), max_size=12))
@example("[1]")
@example("a\\")
@example("]()")
def test_a_written_link_is_read_as_one_link(display: str) -> None:
    written = wikilink("x.md", Index(["x.md"]), display)
    (link,) = parse("n.md", f"See {written}, and more.").links
    assert (link.kind, link.target, link.start, link.end) == ("wiki", "x", 4, 4 + len(written))
