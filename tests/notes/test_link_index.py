"""Names and resolution, as Obsidian has them. What links lead to: `test_conformance.py`."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vaultsync.markdown import parse
from vaultsync.notes.link_index import (
    LinkIndex,
    find_heading,
    full_linktext,
    has_subpath,
    heading_key,
    heading_subpath,
    index_of,
    is_attachment,
    linktext,
    name_key,
    resolvable_links,
    slugs,
    utf16_length,
    wikilink,
)

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
    assert (find_heading(document, subpath) is not None) is there
    assert has_subpath(document, subpath) is there


@pytest.mark.parametrize(
    ("subpath", "there"), [("#A#B", True), ("#A#C", False), ("#A#B#C", False), ("#!", False)]
)
def test_each_part_of_a_subpath_is_a_deeper_heading(subpath: str, *, there: bool) -> None:
    assert has_subpath(parse("n.md", "# A\n## B\n# C\n# !\n"), subpath) is there


@pytest.mark.parametrize(
    ("subpath", "there"),
    [
        ("", True),
        ("#", True),
        ("#^One", True),
        ("#^two", False),
        ("#[^FN]", True),
        ("#[^other]", False),
        ("#^capital", True),
        ("#^Capital", True),
        ("#[^big]", True),
        ("#[^Big]", True),
    ],
)
def test_blocks_and_footnotes_are_found_in_any_case(subpath: str, *, there: bool) -> None:
    document = parse("n.md", "text ^one\n\ntext ^Capital\n\n[^fn]: note\n\n[^Big]: note\n")
    assert has_subpath(document, subpath) is there


def test_a_subpath_of_a_canvas_is_not_looked_for() -> None:
    assert has_subpath(parse("a.canvas", "{}"), "#View")


@pytest.mark.parametrize(
    ("text", "there"),
    [("views: []", True), ("views: [", True), ("views: [{name: My view}]", False)],
)
def test_a_view_of_a_base_is_looked_for_where_views_are_known(text: str, *, there: bool) -> None:
    assert has_subpath(parse("a.base", text), "#View") is there
    assert has_subpath(parse("a.base", text), "#my view")


@pytest.mark.parametrize("part", ["frame", "clippedframe", "group", "area"])
def test_a_part_of_a_drawing_is_no_block(part: str) -> None:
    assert has_subpath(parse("a.excalidraw.md", "x"), f"#^{part}=6fZ-x_1")
    assert not has_subpath(parse("a.excalidraw.md", "x"), f"#^{part}")


def test_heading_keys_fold_case_and_most_ascii_punctuation() -> None:
    assert heading_key("A:  b_c-d's\t**É** [[x|y]] …") == "a b_c-d's é x y …"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("e\u0301", "É"),
        ("a\u00a0b", "a\u202fb"),
        ("ΟΔΟΣ", "οδος"),
        ("ΟΔΟΣ.md", "οδοσ.md"),
        ("ΟΔΟΣ", "οδοσ"),
    ],
)
def test_names_that_obsidian_takes_for_equal_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_keys_keep_what_only_looks_alike() -> None:
    assert name_key("ß") != name_key("ss")


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
        ("..//b", ()),
    ],
)
def test_odd_targets(target: str, wanted: tuple[str, ...]) -> None:
    assert LinkIndex(["a/b.md", "a/s.md"]).resolve(target, "a/s.md") == wanted


def test_several_candidates_are_returned_only_for_a_tie() -> None:
    index = LinkIndex(["one/x.md", "two/x.md", "three/x.md"])
    assert index.resolve("x", "s.md") == ("one/x.md", "two/x.md")
    assert index.resolve("x", "three/s.md") == ("three/x.md",)
    assert LinkIndex(["ab/x.md", "😀/x.md"]).resolve("x", "s.md") == ("ab/x.md", "😀/x.md")


def test_an_index_that_forgets_its_answers_finds_them_again() -> None:
    index = LinkIndex(["x.md", "a/y.md", "b/y.md"])
    asked = [("x", "s.md"), ("y", "b/s.md"), ("y", "a/s.md")]
    found = [index.resolve(*one) for one in asked]
    index.forget()
    assert not index._anywhere
    assert not index._from_folder
    assert [index.resolve(*one) for one in asked] == found


@pytest.mark.parametrize("target", [".b", "b."])
def test_a_dot_at_an_end_of_a_name_begins_no_suffix(target: str) -> None:
    assert LinkIndex([target, f"{target}.md"]).resolve(target, "s.md") == (f"{target}.md",)


def test_the_index_of_a_vault_knows_all_its_files() -> None:
    index = index_of(frozenset({"a.md", "b/c.md", "d.png"}))
    found = [index.resolve(target, "a.md") for target in ("a", "c", "d.png", "d")]
    assert found == [("a.md",), ("b/c.md",), ("d.png",), ()]


def test_a_note_without_a_name_has_no_plain_target() -> None:
    assert LinkIndex([".md", "b.md"]).common_targets == {"b"}


def test_links_out_of_the_vault_and_empty_links_are_not_internal() -> None:
    document = parse("n.md", "[[a]] [[ ]] [x](https://x.org) [y](#h) [z]()")
    assert [link.span.of(document.text) for link in resolvable_links(document)] == [
        "[[a]]",
        "[y](#h)",
    ]


@given(files=st.sets(PATHS, min_size=1), source=PATHS, data=st.data())
def test_the_text_of_a_link_leads_to_the_file_it_was_made_for(
    files: set[str], source: str, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(sorted(files)))
    index = LinkIndex(files)
    found = index.resolve(linktext(path, index), source)
    twins = [other for other in files if name_key(other) == name_key(path)]
    if "." in path.rpartition("/")[2]:
        assert path in found
        assert sorted(found) == sorted(twins)


def test_a_file_called_like_a_note_without_its_suffix_does_not_catch_its_links() -> None:
    assert linktext("v1.2.md", LinkIndex(["v1.2.md", "A/v1.2"])) == "v1.2.md"


def test_of_paths_that_differ_in_case_only_the_first_has_the_short_link() -> None:
    index = LinkIndex(["a/B.md", "a/b.md"])
    assert index.resolve("a/b", "s.md") == ("a/B.md", "a/b.md")
    assert [linktext(path, index) for path in ("a/B.md", "a/b.md")] == ["a/B", "a/b.md"]


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
    assert wikilink("a.md", LinkIndex(["a.md"]), display) == written


@given(display=st.text(st.sampled_from("ab [](){}<>|`$%*_~#^!\\\n"), max_size=12))
@example("[1]")
@example("a\\")
@example("]()")
def test_a_written_link_is_read_as_one_link(display: str) -> None:
    written = wikilink("x.md", LinkIndex(["x.md"]), display)
    (link,) = parse("n.md", f"See {written}, and more.").links
    assert (link.kind, link.target, link.start, link.end) == ("wiki", "x", 4, 4 + len(written))


@pytest.mark.parametrize(
    ("files", "source", "target", "quirk"),
    [
        (["glossary/index.md"], "s.md", "ary/index", "suffix"),
        (["glossary/index.md"], "s.md", "glossary/index", None),
        (["a/glossary/index.md"], "s.md", "glossary/index", None),
        (["glossary/index.md"], "s.md", "index", None),
        (["glossary/index.md"], "s.md", "nowhere/index", None),
        (["glossary/index.md", "ary/index.md"], "s.md", "ary/index", None),
        (["Yonder/long/x.md", "a/x.md"], "Y/s.md", "x", "prefix"),
        (["Yonder/x.md", "a/b/cc/dd/x.md"], "Y/s.md", "x", None),
        (["Docs/API.md", "a/API.md"], "Docs/API/s.md", "api", "prefix"),
        (["Y/x.md", "a/x.md"], "Y/s.md", "x", None),
        (["x.md", "a/x.md"], "Y/s.md", "/x", None),
        (["a/x.md"], "s.md", "./x", "relative"),
        (["far/away/x.md"], "away/b/s.md", "../x", "relative"),
        (["a/x.md"], "a/s.md", "./x", None),
        (["a/x.md"], "a/s.md", "", None),
    ],
)
def test_a_quirk_is_what_a_link_would_not_work_without(
    files: list[str], source: str, target: str, quirk: str | None
) -> None:
    assert LinkIndex(files).loose_match(target, source) == quirk


@given(files=st.sets(PATHS, min_size=1), source=PATHS, data=st.data())
def test_what_obsidian_writes_has_no_quirk(
    files: set[str], source: str, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(sorted(files)))
    index = LinkIndex(files)
    if "." in path.rpartition("/")[2]:
        assert index.loose_match(linktext(path, index), source) is None
        assert index.loose_match(full_linktext(path, index), source) is None


def test_files_of_one_name_are_namesakes() -> None:
    index = LinkIndex(["a/X.md", "b/x.md", "y.md"])
    assert index.namesakes("a/X.md") == ["b/x.md"]
    assert index.namesakes("y.md") == []
    assert (index.is_unique("a/X.md"), index.is_unique("y.md")) == (False, True)


@pytest.mark.parametrize(
    ("target", "is_one"),
    [("a.png", True), ("b/A.JPEG", True), ("a", False), ("a.md", False), ("a.canvas", False)],
)
def test_attachments_are_known_by_their_extension(target: str, *, is_one: bool) -> None:
    assert is_attachment(target) is is_one


# The slugs of the headings of one note, as github-slugger 2.0 gives them.
SLUGS = [
    (["My heading"], ["my-heading"]),
    (["What's new? (2024)", "A & B", "snake_case"], ["whats-new-2024", "a--b", "snake_case"]),
    (["Über ½", "\U0001f5c2\ufe0f x", "日本語、です"], ["über-", "\ufe0f-x", "日本語です"]),
    (["A", "a", "A"], ["a", "a-1", "a-2"]),
    (["a-1", "a", "a", "a"], ["a-1", "a", "a-2", "a-3"]),
    (["!", "?"], ["", "-1"]),
    (["Part Ⅳ"], ["part-ⅳ"]),
]


@pytest.mark.parametrize(("headings", "anchors"), SLUGS)
def test_headings_have_the_anchors_that_github_gives_them(
    headings: list[str], anchors: list[str]
) -> None:
    assert slugs(headings) == anchors


@pytest.mark.parametrize(
    ("heading", "subpath"),
    [
        ("A heading", "#A heading"),
        ("A: b#c|d^e\\f", "#A b c d e f"),
        ("[[Other|it]]  and %%x%% 50%", "#Other it and x 50%"),
        ("`code`, [t](u)", "#`code`, [t](u)"),
    ],
)
def test_a_heading_is_written_as_obsidian_does(heading: str, subpath: str) -> None:
    assert heading_subpath(heading) == subpath


@given(text=st.text(st.sampled_from("ab -_:#|^%[]`*.'"), min_size=1, max_size=12))
def test_the_subpath_of_a_heading_leads_to_it(text: str) -> None:
    document = parse("n.md", f"# {text}")
    for number, heading in enumerate(document.headings):
        if heading_key(heading.text):
            assert find_heading(document, heading_subpath(heading.text)) == number


@given(files=st.sets(PATHS, min_size=1), source=PATHS)
def test_a_plain_target_leads_to_one_note_from_everywhere(files: set[str], source: str) -> None:
    index = LinkIndex(files)
    for target in index.common_targets:
        (found,) = index.resolve(target, source)
        assert found == f"{target}.md" or found.endswith(f"/{target}.md")
    unique = (path[:-3] for path in files if path.endswith(".md") and index.is_unique(path))
    assert {path for path in unique if "." not in path.rpartition("/")[2]} == {
        target for target in index.common_targets if f"{target}.md" in files
    }
