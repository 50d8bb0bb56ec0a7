"""Embeds: parts of other notes, and images, in the post."""

from __future__ import annotations

import pytest
from tests.blocks.sample import NOTES, TOML, block, note
from tests.publish.pages import check_anchors, composed, problems, rendered
from tests.publish.pictures import png

from vaultsync.markdown import parse
from vaultsync.publish.compose.transclude import part_of, text_of

ESSAY = """---
title: Essay
---
Intro, see [[#Deep]] and [[bridges]]. %%hidden%%

# Part

Of a *part*. ^para

Deep
----

- one ^one
- two
  - below

![[Other]]
"""
FILES = {**NOTES, "Essay.md": ESSAY, "Other.md": "## Other heading\n\nOther text.\n"}


@pytest.mark.parametrize(
    ("post", "expected"),
    [
        ("![[Essay#^para]]", "Of a *part*."),
        ("![](Essay.md#^para)", "Of a *part*."),
        ("Inline: ![[Essay#^para]] goes on.", "Inline: Of a *part*. goes on."),
        ("Inline: ![[Essay#^one]].", "Inline: one."),
        ("![[Other]]", "## Other heading\n\nOther text."),
        ("## A\n\n![[Other]]", "## A\n\n### Other heading\n\nOther text."),
        ("###### A\n\n![[Other]]", "###### A\n\n###### Other heading\n\nOther text."),
        ("# A\n\n![[Other]]", "# A\n\n## Other heading\n\nOther text."),
        ("> ![[Other]]", "> ## Other heading\n>\n> Other text."),
        ("- ![[Essay#^one]]\n- b", "- one\n- b"),
        ("- ![[Essay#^para]]\n  more", "- Of a *part*.\n\n  more"),
        ("1. > ![[Other]]", "1. > ## Other heading\n   >\n   > Other text."),
        ("- [ ] ![[Essay#^para]]", "- [ ] Of a *part*."),
        ("a\n![[Essay#^para]]\nb", "a\n\nOf a *part*.\n\nb"),
        (
            "## A\n\n![[Essay#Deep]]",
            ("## A\n\n### Deep\n\n- one\n- two\n  - below\n\n#### Other heading\n\nOther text."),
        ),
        ("`![[Other]]` %%![[Other]]%%", "`![[Other]]`"),
        ("![w](https://example.org/i.png)", "![w](https://example.org/i.png)"),
    ],
)
def test_embeds(post: str, expected: str) -> None:
    assert composed(post, FILES) == f"{expected}\n"


def test_links_find_what_is_embedded() -> None:
    found = composed(
        f"[[Essay]] [[Essay#Part]] [[Other|o]]\n\n![[Essay]]\n\n{block('notes')}", FILES
    )
    check_anchors(found)
    assert found.startswith(
        "[Essay](#essay) [Essay](#part) [o](#other-heading)\n\n"
        '<a id="essay"></a>Intro, see [Deep](#deep) and [bridges](#bridges).\n\n'
        "## Part\n\nOf a *part*.\n\n### Deep\n\n"
    )


def test_links_of_an_embedded_note_are_those_of_its_place() -> None:
    files = {
        "a/In.md": "See [[./Near]], [[#Here]].\n\n# Here\n",
        "a/Near.md": "N.",
        "Near.md": "X.",
    }
    files["vaultsync"] = ""
    post = "![[In]]\n\n![[a/Near]]"
    assert composed(post, files).startswith("See [./Near](#near), [Here](#here).")


def test_what_stands_twice_is_named_once() -> None:
    found = composed("[[Other]]\n\n![[Other]]\n\n![[Other]]\n", FILES)
    check_anchors(found)
    assert found == (
        "[Other](#other-heading)\n\n## Other heading\n\nOther text.\n\n"
        "## Other heading\n\nOther text.\n"
    )


def test_a_note_that_begins_with_a_list_has_its_mark_before_it() -> None:
    files = {"L.md": "- one\n- two\n"}
    assert composed("[[L]]\n\n![[L]]", files) == '[L](#l)\n\n<a id="l"></a>\n\n- one\n- two\n'


def test_blocks_of_an_embedded_note_are_filled() -> None:
    stale = block('notes type="query"', "- stale")
    files = {**NOTES, "List.md": f"The list:\n\n{stale}"}
    assert composed("![[List]]", files) == "The list:\n\n- How much?\n"


@pytest.mark.parametrize(
    ("post", "problem"),
    [
        ("![[Nowhere]]", "the embed of `Nowhere`: there is no such file in the vault"),
        ("![[Essay#Nope]]", "`Essay#Nope` cannot be embedded: there is no such part"),
        ("![[Essay#^nope]]", "`Essay#^nope` cannot be embedded: there is no such part"),
        ("![[private]]", "the embed of `private`: that note is not published"),
        ("![[idea]]", "the embed of `idea`: that note is not published"),
        ("![[Secret]]", "the embed of `Secret`: that note is not published"),
        ("![[B.canvas]]", "the embed of `B.canvas`: a canvas cannot be published: write a link"),
        ("a ![[Essay]]", "the embed of `Essay` is more than a line: give it a line of its own"),
        ("![[film.mp4]]", "`film.mp4` cannot be published: it is not a PNG, JPEG, GIF or WebP"),
    ],
)
def test_an_embed_that_cannot_be_is_a_problem(post: str, problem: str) -> None:
    files: dict[str, str | bytes] = {
        **FILES,
        "Secret.md": "---\npublish: false\n---\nSECRET",
        "B.canvas": "{}",
        "film.mp4": "x",
        "Post.md": f"Text.\n\n{post}\n",
    }
    (found,) = problems(files)
    assert found.startswith(f"Post.md:3: {problem}")
    assert b"SECRET" not in rendered(files)["post.md"]


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (
            {"Post.md": "![[Post]]"},
            "Post.md:1: `Post` cannot be embedded in itself: Post.md → Post.md",
        ),
        (
            {"Post.md": "![[A]]", "A.md": "a\n\n![[B]]", "B.md": "![[C|c]]", "C.md": "\n![[A]]"},
            "C.md:2: `A` cannot be embedded in itself: Post.md → A.md → B.md → C.md → A.md",
        ),
        (
            {"Post.md": "![[A#S]]", "A.md": "# S\n\n![[a#s]]"},
            "A.md:3: `a#s` cannot be embedded in itself: Post.md → A.md#s → A.md#s",
        ),
        (
            {"Post.md": "x[^1]\n\n[^1]: ![[A]]", "A.md": "a[^1]\n\n[^1]: ![[A]]"},
            "A.md:3: `A` cannot be embedded in itself: Post.md → A.md → A.md",
        ),
    ],
)
def test_a_cycle_is_refused_with_its_chain(files: dict[str, str | bytes], problem: str) -> None:
    assert problems(files) == [problem]


def test_a_note_may_embed_another_part_of_itself() -> None:
    assert composed("![[#Later]]\n\n## Later\n\nText.\n", {}) == (
        "## Later\n\nText.\n\n## Later\n\nText.\n"
    )


def test_embeds_that_double_stop() -> None:
    files: dict[str, str | bytes] = {
        f"{n}.md": f"![[{n + 1}]]\n\n![[{n + 1}]]\n" for n in range(40)
    }
    (first, *_) = problems({**files, "40.md": "word " * 20_000, "Post.md": "![[0]]"})
    assert "embeds make the post longer than 5000000 bytes" in first


IMAGES: dict[str, str | bytes] = {"img/SECRET name.png": png(), "again.png": png()}


@pytest.mark.parametrize(
    ("embed", "alt"),
    [
        ("![[SECRET name.png]]", ""),
        ("![[again.png|300]]", ""),
        ("![[again.png|300x200]]", ""),
        ("![[again.png|A box|300]]", "A box"),
        ("![[again.png|A [box] *b*]]", "A \\[box\\] \\*b\\*"),
        ("![A box](again.png)", "A box"),
        ("![A box|200](img/SECRET%20name.png)", "A box"),
    ],
)
def test_an_image_is_a_clean_file_that_is_named_by_what_it_holds(embed: str, alt: str) -> None:
    made = rendered({**IMAGES, "Post.md": f"See {embed}.\n"}, "", ("markdown",))
    (name,) = made.keys() - {"post.md"}
    assert made["post.md"] == f"# Post\n\nSee ![{alt}]({name}).\n".encode()
    assert name.startswith("images/")
    assert made[name] == png(marked=False)


def test_an_image_without_a_file_is_a_problem() -> None:
    for embed in ("![[no.png]]", "![x](../../../etc/passwd.png)", "![x](/etc/passwd)"):
        found = problems({"Post.md": embed})
        assert found[0].endswith("there is no such file in the vault")


def test_an_image_in_a_claim_is_shown_where_the_claim_is() -> None:
    lead = "See ![[SECRET plan.png|it]], ![[SECRET plan.png]] and ![[b|that]]."
    files = {"Post.md": block("notes"), "Claims/a.md": note(lead, status="x")}
    made = rendered({**files, "SECRET plan.png": png()}, TOML, ("markdown", "data"))
    (name,) = (name for name in made if name.startswith("images/"))
    assert made["post.md"].decode().endswith(f"- See ![it]({name}), ![]({name}) and that.\n")
    assert b'"lead": "See it,  and that."' in made["encyclopedia.json"]


NOTE = """\
---
title: T
---

Opening. ^open

# A

Under A, on
two lines. ^two

## B

- one
- two ^item
  - below two
    - deeper ^deep
- three

^list

> quoted ^quote

| a |
|---|
| 1 |

^table

## Same

first

# C ^head

## Same

second
"""


@pytest.mark.parametrize(
    ("subpath", "expected"),
    [
        ("#^open", "Opening."),
        ("#^OPEN", "Opening."),
        ("#^two", "Under A, on\ntwo lines."),
        ("#^item", "- two ^item\n  - below two\n    - deeper"),
        ("#^deep", "- deeper"),
        ("#^list", "- one\n- two ^item\n  - below two\n    - deeper ^deep\n- three"),
        ("#^quote", "> quoted"),
        ("#^table", "| a |\n|---|\n| 1 |"),
        ("#^head", "# C"),
        ("#Same", "## Same\n\nfirst"),
        ("#C head#Same", "## Same\n\nsecond"),
        ("#C head", "# C ^head\n\n## Same\n\nsecond"),
    ],
)
def test_parts(subpath: str, expected: str) -> None:
    found = parse("a.md", NOTE)
    part = part_of(found, subpath)
    assert part is not None
    assert text_of(found, part) == expected


def test_a_section_ends_with_the_next_of_its_level() -> None:
    found = parse("a.md", NOTE)
    part = part_of(found, "#A")
    assert part is not None
    assert part.of(NOTE).startswith("# A\n")
    assert part.of(NOTE).endswith("first\n\n")


def test_all_of_a_note_is_its_body() -> None:
    for subpath in ("", "#"):
        part = part_of(parse("a.md", NOTE), subpath)
        assert part is not None
        assert part.of(NOTE).startswith("\nOpening.")
        assert part.end == len(NOTE)


@pytest.mark.parametrize("subpath", ["#Nowhere", "#A#C", "#^nowhere", "#B#A"])
def test_no_part(subpath: str) -> None:
    assert part_of(parse("a.md", NOTE), subpath) is None


@pytest.mark.parametrize("text", ["^alone\n", "text\n\n```\n^code\n```\n"])
def test_an_id_of_nothing(text: str) -> None:
    found = parse("a.md", text)
    part = part_of(found, "#^alone")
    assert part is None or text_of(found, part) == ""


@pytest.mark.parametrize(
    "post", ["![[Nowhere]]\n---", "> quote\n> - ![[Nowhere]]", "# ![[Nowhere]]"]
)
def test_an_embed_that_is_refused_stops_no_other_target(post: str) -> None:
    files = {**FILES, "Post.md": f"{post}\n"}
    found = problems(files, TOML, ["markdown", "html", "lesswrong", "lesswrong-rich", "data"])
    assert found
    assert all(one.endswith("there is no such file in the vault") for one in found)
