"""What is no comment and not generated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.blocks.sample import block, content, filled, note

from vaultsync.blocks.comments import without_comments
from vaultsync.blocks.quote import authored_content, plain_text, quote
from vaultsync.markdown import parse
from vaultsync.notes.link_index import LinkIndex

FILES = ["a/x.md", "b/x.md", "only.md", "a/here.md", "img.png", "odd [1].md"]
INDEX = LinkIndex(FILES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("text\n", "text\n"),
        ("a %%c%% b\n", "a b\n"),
        ("a <!-- c --> b <!---->c<!--> <!---> d\n", "a bc d\n"),
        ("a %%c\nd%% b", "a b"),
        ("- %%c%% b\n", "- b\n"),
        ("a\n\n%%\nc\n\n- d\n%%\n\nb\n", "a\n\nb\n"),
        ("a\n%%c%%\nb\n", "a\nb\n"),
        ("a\n%%c%%\n\nb\n", "a\n\nb\n"),
        ("\n%%c%%\n\n\nb\n", "\nb\n"),
        ("%%c%%", ""),
        ("a\r\n\r\n<!-- c -->\r\n\r\nb\r\n", "a\n\nb\n"),
        ("- a\n\n  <!-- c -->\n\n  b\n", "- a\n\n  b\n"),
        ("- a\n\n  %%c%% b\n", "- a\n\n  b\n"),
        ("a %%never closed\n\nb", "a"),
        ("a <!-- never closed\n\nb", "a"),
        ("`%%a%%` and `<!-- b -->`", "`%%a%%` and `<!-- b -->`"),
        ("```\n%%a%%\n\n\n<!-- b -->\n```\n", "```\n%%a%%\n\n\n<!-- b -->\n```\n"),
        ("- a\n\n  ~~~\n  %%\n  ~~~\n\nb %%c%%", "- a\n\n  ~~~\n  %%\n  ~~~\n\nb"),
        ("    %%code%%\n\nb %%c%%", "    %%code%%\n\nb"),
        # What looks like code because of a mark elsewhere is none.
        ("a ` b\n\n%%c%%\n\nd ` e\n", "a ` b\n\nd ` e\n"),
        ("- a ` b\n- %%c%% d ` e\n", "- a ` b\n- d ` e\n"),
        ("%%\n```\n%%\n\nb %%c%% d\n", "b d\n"),
        ("a \\` %%c%% \\` b", "a \\` \\` b"),
        ("<!-- a %% b --> c %% d %% e", "c e"),
        ("é`ü%%`%%c%%", "é`ü%%`"),
    ],
)
def test_without_comments(text: str, expected: str) -> None:
    assert without_comments(text) == expected


PIECES = st.sampled_from(["a", " ", "\n", "\n\n", "`", "``", "- ", "> ", "é", "# ", "|", "*"])
TEXTS = st.lists(PIECES, max_size=12).map("".join).filter(lambda text: "```" not in text)


@given(TEXTS, TEXTS, st.sampled_from(["%%{}%%", "<!-- {} -->", "%%\n{}\n%%"]))
def test_a_comment_between_paragraphs_never_stays(before: str, after: str, comment: str) -> None:
    text = f"{before}\n\n{comment.format('SECRET')}\n\n{after}"
    assert without_comments(text).split() == f"{before}\n\n{after}".split()


def test_a_note_without_marks_is_itself() -> None:
    document = parse("a.md", note("Text.", title="A"))
    assert authored_content(document) is document


def test_a_suppression_is_a_comment_and_no_marker() -> None:
    text = "a\n\n<!-- vaultsync-disable LNK: why -->\n\nb\n"
    assert without_comments(text, keep_markers=True) == "a\n\nb\n"
    assert authored_content(parse("n.md", text)).text.endswith("a\n\nb\n")


def test_what_follows_a_comment_is_no_block_of_properties() -> None:
    document = authored_content(parse("a.md", "%%c%%\n---\ntitle: A\n---\n"))
    assert not document.properties.data


def test_properties_are_kept() -> None:
    document = authored_content(parse("a.md", note("%%c%%\n\nText.", title="A %%no comment%%")))
    assert document.text_property("title") == "A %%no comment%%"


def test_what_a_comment_holds_is_neither_claim_nor_source_nor_task() -> None:
    body = """%%
SECRET thoughts

more SECRET thoughts

- [ ] SECRET task

## Sources

- original: [SECRET](https://example.org/SECRET)
%%

The claim.<!-- SECRET -->

## Sources

%%
- original: [SECRET](https://example.org/SECRET)
%%

- original: [Public](https://example.org/public), Ada 2024
"""
    files = {"Claims/a.md": note(body, title="A", status="open")}
    assert content("notes", files) == "- The claim. ([Ada 2024](https://example.org/public))"
    assert content("todos", files) == ""
    assert "SECRET" not in content("sources", files)


def test_what_a_block_holds_is_nothing_of_the_notes_own() -> None:
    listed = block('items section="Open questions"', "- Why?\n\n- [ ] task")
    body = f"A.\n\n## Open questions\n\n- Why?\n\n{listed}"
    files = {"Claims/a.md": note(body, title="A", status="open")}
    assert content('items section="Open questions"', files) == "- Why? ([[a|A]])"
    assert content("todos", files) == ""


@pytest.mark.parametrize("mark", ["%%", "<!--"])
def test_what_a_block_holds_opens_no_comment(mark: str) -> None:
    listed = block("tags", f"- 100{mark} sure")
    document = authored_content(parse("a.md", f"A.\n\n{listed}\n- [ ] task\n"))
    assert "sure" not in document.text
    assert document.tasks


def test_filling_twice_is_once() -> None:
    cited = "## Sources\n\n- original: [B](https://example.org/b)\n"
    listed = block('notes style="index"')
    files = {
        "Claims/a.md": note("A.", title="100%% sure", status="open"),
        "Claims/b.md": note(f"B.\n\n{listed}\n{cited}", title="B", status="open"),
        "Index.md": f"{block('toc')}\n{listed}\n{block('sources')}\n## Last\n",
    }
    once = filled(files)
    assert "100%% sure" in once["Claims/b.md"]
    assert "example.org/b" in once["Index.md"]
    assert filled(once) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No link.", "No link."),
        ("[[only]]", "[[only]]"),
        ("[[only|shown]]", "[[only|shown]]"),
        ("[[only#Part|shown]]", "[[only#Part|shown]]"),
        ("[[only#Part]]", "[[only#Part|only]]"),
        ("[[only#^id]]", "[[only#^id|only]]"),
        ("[[Only]]", "[[only|Only]]"),
        # `x` is here the one in the same folder, but from another note it would be ambiguous.
        ("[[x]]", "[[a/x|x]]"),
        ("[[b/x]]", "[[b/x]]"),
        ("[[../b/x|far]]", "[[b/x|far]]"),
        ("[[x#Part|y]]", "[[a/x#Part|y]]"),
        ("[[#Part]]", "[[here#Part|Part]]"),
        ("[[#Part|this]]", "[[here#Part|this]]"),
        ("[t](x.md)", "[[a/x|t]]"),
        ("[t](x.md#Part)", "[[a/x#Part|t]]"),
        ("[](only.md)", "[[only|only.md]]"),
        ("![[only]]", "[[only]]"),
        ("![[img.png]]", "[[img.png]]"),
        ("![an image](img.png)", "[[img.png|an image]]"),
        ("[[nowhere]] and [[nowhere|n]]", "nowhere and n"),
        ("[t](https://example.org/x.md)", "[t](https://example.org/x.md)"),
        ("![t](https://example.org/x.png)", "![t](https://example.org/x.png)"),
        ("`[[x]]` [[x]]", "`[[x]]` [[a/x|x]]"),
        ("[[only|a [b] c]]", "[[only|a [b] c]]"),
        ("[see [[x]]](only.md)", "[[only|see x]]"),
        ("Text %%comment [[x]]%%.", "Text."),
        ("Text <!-- comment -->.", "Text."),
        ("Text[^1], more[^note].", "Text, more."),
        ("The class `[^a-z]`[^1].", "The class `[^a-z]`."),
        ("  blanks  ", "blanks"),
        ("[^1]", ""),
    ],
)
def test_quote(text: str, expected: str) -> None:
    assert quote(text, "a/here.md", INDEX) == expected


LINKS = st.sampled_from(
    ["[[x]]", "[[b/x|t]]", "[t](x.md)", "[[only#A|t]]", "![[x]]", "[t](../b/x.md#A)", "[[#A]]"]
)


@given(st.lists(st.tuples(st.sampled_from(["", "é ", "- ", "a "]), LINKS), max_size=5))
def test_links_lead_to_the_same_place_from_everywhere(parts: list[tuple[str, str]]) -> None:
    text = " ".join(f"{before}{link}" for before, link in parts)
    quoted = quote(text, "a/here.md", INDEX)
    before = [
        (INDEX.resolve(link.target, "a/here.md")[0], link.subpath)
        for link in parse("a/here.md", text).links
    ]
    for place in FILES:
        links = parse(place, quoted).links
        assert [(INDEX.resolve(link.target, place)[0], link.subpath) for link in links] == before
    assert quote(quoted, "b/x.md", INDEX) == quoted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "See [[a|this]], [[b]], [[#Part]] and [t](https://example.org).",
            "See this, b, Part and t.",
        ),
        ("![[image.png]] ![alt](b.png)", "image.png alt"),
        ("`[[a]]`", "`[[a]]`"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain_text(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![[img.png]]", "![[img.png]]"),
        ("![[img.png|A box|200]]", "![[img.png|A box]]"),
        ("![A box](../img.png)", "![[img.png|A box]]"),
        ("![[only|that]], [[img.png]]", "[[only|that]], [[img.png]]"),
        ("![x](https://example.org/a.png)", "![x](https://example.org/a.png)"),
    ],
)
def test_pictures_stay_where_they_are_wanted(text: str, expected: str) -> None:
    assert quote(text, "a/here.md", INDEX, pictures=True) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[t][r], [r][], [r] and [R]", "[t](u), [r](u), [r](u) and [R](u)"),
        ("![a][r] and [![a][r]][s]", "![a](u) and [![a](u)](<a (b).md>)"),
        ("[*t* `]`][q]", '[*t* `]`](https://example.org "The \\"title\\"")'),
        ("[none], [x][none], `[r]`, \\[r], [r](v), [[r]]",) * 2,
        ("> [t][r]\n\n- a\n  - [r]", "> [t](u)\n\n- a\n  - [r](u)"),
    ],
)
def test_a_link_gets_its_address_beside_it(written: str, expected: str) -> None:
    ends = "[r]: u\n[s]: <a (b).md>\n[q]: https://example.org 'The \"title\"'\n"
    text = note(f"{written}\n\n```\n[r]\n```\n\n{ends}", title="[r]")
    found = authored_content(parse("n.md", text)).text
    assert found == note(f"{expected}\n\n```\n[r]\n```\n\n{ends}", title="[r]")


def test_a_link_in_a_table_keeps_its_cell() -> None:
    text = (
        "| [[only]] | [[x\\|shown]] |\n|---|---|\n| [[b/x]] | [t](<../b/x.md#H>) |\n\n[[x|shown]]"
    )
    assert quote(text, "a/here.md", INDEX) == (
        "| [[only]] | [[a/x\\|shown]] |\n|---|---|\n| [[b/x]] | [[b/x#H\\|t]] |\n\n[[a/x|shown]]"
    )
