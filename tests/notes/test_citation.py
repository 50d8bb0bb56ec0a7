from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vaultsync.notes.citation import (
    Source,
    format_authors,
    parse_source,
    source_line,
    surname,
)

WORDS = st.lists(
    st.text(st.sampled_from("aé[]()\\:,.*'2"), min_size=1, max_size=5), min_size=1, max_size=3
).map(" ".join)
WHO = st.sampled_from(["", "Arditi et al.", "Ng and de la Cruz", "O'Neil, Inc."])
SOURCES = st.builds(
    Source,
    st.sampled_from(["", "original", "follow-up"]),
    WORDS,
    st.sampled_from(["https://x.org/a", "https://x.org/a_(b)", "https://x.org/a(b", "../a.pdf"]),
    WHO,
    st.none() | st.integers(1500, 2099),
    st.lists(st.sampled_from(["NeurIPS", "section 3, p. 4", "(blog)"]), max_size=2).map(tuple),
    st.lists(st.sampled_from(["Ng 2021", "Levi & van Dam 2020"]), max_size=2).map(tuple),
)


def test_a_line_is_read_whole() -> None:
    text = "Original : [A \\[b\\] c](https://x.org), Arditi et al. 2024a; NeurIPS;  section 3 ;"
    source = parse_source(text)
    assert source == Source(
        "original", "A [b] c", "https://x.org", "Arditi et al.", 2024, ("NeurIPS", "section 3")
    )


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("[t](u)", Source("", "t", "u")),
        ("[t](u), 2024", Source("", "t", "u", "", 2024)),
        ("[t](u), Ng, 2024", Source("", "t", "u", "Ng", 2024)),
        ("[t](u), Ng", Source("", "t", "u", "Ng")),
        ("[t](u); a; ; b", Source("", "t", "u", details=("a", "b"))),
        (
            "[t](u); a; Disputes  Ng 2021; b",
            Source("", "t", "u", "", None, ("a", "b"), ("Ng 2021",)),
        ),
        ("[t](u); disputes", Source("", "t", "u", details=("disputes",))),
        ("[t](u); a, 2024", Source("", "t", "u", "", None, ("a, 2024",))),
        ("follow-up:\n  [t](u)", Source("follow-up", "t", "u")),
        ("[a [b] c](u)", Source("", "a [b] c", "u")),
        ("[t](<https://x.org/a(b>)", Source("", "t", "https://x.org/a(b")),
        ("[t](https://x.org/a_(b)_c)", Source("", "t", "https://x.org/a_(b)_c")),
    ],
)
def test_parts_of_a_line_may_be_missing(text: str, source: Source) -> None:
    assert parse_source(text) == source


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ("Levi, Ng & van Dam", ["Levi 2021", "levi et al. 2021", "van Dam 2021", "Ng & Levi 2021"]),
        ("Ng et al.", ["Ng 2021", "Ng 2021b", "NG et al. 2021", "Ng"]),
        ("", ["On Ropes 2021", "on ropes"]),
    ],
)
def test_the_names_of_a_work(authors: str, names: list[str]) -> None:
    source = Source("", "On Ropes", "u", authors, 2021)
    assert all(map(source.is_cited_as, names))
    others = ("", "2021", "Ngo 2021", "Ng 2020", "Ng & Ada 2021", "Dam 2021", "On Knots")
    assert not any(map(source.is_cited_as, others))


def test_what_a_source_disputes_is_another_of_its_list() -> None:
    one, same = Source("", "a", "u", "Ng", 2021), Source("", "a", "u#2", "Ng", 2021)
    other = Source("", "b", "v", "Ng & Levi", 2021)
    claim = Source("contrary", "a", "u", "Ng", 2021, (), ("Ng 2021", "Ada 2020"))
    assert claim.disputed([one, same, other, claim]) == [other]


@pytest.mark.parametrize(
    "text",
    ["", "a book", "[t]", "[t] (u)", "see [t](u)", "[t](u) Ng", "[t](a b)", "[a [b](u)", "[](u)"],
)
def test_an_item_without_a_link_in_its_place_is_no_source(text: str) -> None:
    assert parse_source(text) is None


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (Source("original", "t", "u"), "original: [t](u)"),
        (Source("", "t", "u", "Ng", 2024, ("a", "b")), "[t](u), Ng 2024; a; b"),
        (
            Source("contrary", "t", "u", "Ng", 2024, ("a",), ("Levi 2021", "Ada 2020")),
            "contrary: [t](u), Ng 2024; a; disputes Levi 2021; disputes Ada 2020",
        ),
        (Source("", "t", "a(b)", "", 2024), "[t](<a(b)>), 2024"),
        (Source("", "t", "a)"), "[t](<a)>)"),
        (Source("", "t", "a b"), "[t](<a b>)"),
        (Source("", "[x] \\", "u"), "[\\[x\\] \\\\](u)"),
    ],
)
def test_a_source_is_written_as_a_line(source: Source, line: str) -> None:
    assert source_line(source) == line


@given(SOURCES)
@example(Source("original", "\\", "u"))
def test_a_source_written_and_read_is_itself(source: Source) -> None:
    assert parse_source(source_line(source)) == source


@given(st.text(st.sampled_from("a[]()<>\\,;: 2024"), max_size=30))
def test_a_line_that_can_be_read_can_be_written(text: str) -> None:
    source = parse_source(f"original: [t](u){text}") or parse_source(f"[a{text}](u), x")
    if source:
        assert parse_source(source_line(source)) == source


def test_a_long_hostile_line_is_refused_quickly() -> None:
    assert parse_source("original: [" + "[a]" * 5000 + "](" + "(a)" * 5000 + " " * 5000) is None


@pytest.mark.parametrize(
    ("source", "cite"),
    [
        (Source("", "t", "u", "Ng", 2024), "Ng 2024"),
        (Source("", "t", "u", "Ng"), "Ng"),
        (Source("", "t", "u", "", 2024), "t"),
    ],
)
def test_a_source_is_cited_by_who_wrote_it(source: Source, cite: str) -> None:
    assert source.cite == cite


def test_a_source_is_the_work_at_its_address() -> None:
    page, file = "https://arxiv.org/abs/2406.11717", "https://arxiv.org/pdf/2406.11717v3.pdf"
    assert Source("", "t", page).identity == Source("", "u", file).identity


@pytest.mark.parametrize(
    ("name", "last"),
    [("Ada Lovelace", "Lovelace"), ("Juan de la Cruz", "de la Cruz"), ("Plato", "Plato"), ("", "")],
)
def test_particles_belong_to_a_surname(name: str, last: str) -> None:
    assert surname(name) == last


@pytest.mark.parametrize(
    ("count", "who"), [(0, ""), (1, "A"), (2, "A & B"), (3, "A et al."), (9, "A et al.")]
)
def test_more_than_two_authors_are_et_al(count: int, who: str) -> None:
    assert format_authors(tuple(f"x {letter}" for letter in "ABCDEFGHI"[:count])) == who


@pytest.mark.parametrize(
    ("details", "venue"),
    [
        ((), ""),
        (("NeurIPS 2024",), "NeurIPS 2024"),
        (("section 2",), ""),
        (("eLife 2024", "section 2"), "eLife 2024"),
    ],
)
def test_a_venue_is_told_from_a_place_in_the_work(details: tuple[str, ...], venue: str) -> None:
    assert Source("", "Title", "https://example.org", details=details).venue == venue
