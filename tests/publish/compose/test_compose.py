"""One Markdown text out of the post: what its links lead to, and what is left out."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.blocks.sample import CLOSER, TOML, block, note
from tests.publish.pages import (
    FILES,
    Page,
    check_anchors,
    composed,
    published,
    reader,
    rendered,
    vault,
)

from vaultsync.blocks.context import Context
from vaultsync.core.config.read import load_config
from vaultsync.core.errors import VaultError
from vaultsync.markdown import parse
from vaultsync.publish import published_paths, render

CITED = "([Ada et al. 2024](https://arxiv.org/abs/2401.00001); disputed by [Bob 2023](<https://example.org/a_(b>))"
BLOCKS = block('notes type="claim"')


def test_the_post_as_markdown() -> None:
    markdown, html = published()
    assert markdown == (
        "# The \\*post\\*\n\n"
        "Slack matters, see [bridges](#bridges-1) and [ropes](#ropes), not an idea, it,\n"
        "Loose, nothing or [the web](https://example.org). Below: [more](#ropes--more).\n\n"
        "## Bridges\n\n"
        f'- <a id="bridges-1"></a>Bridges need *slack*, says [the book](#ropes). {CITED}\n\n'
        "## Ropes & more\n\n"
        '- <a id="ropes"></a>Ropes hold a | pipe[^1]. ([On Ropes](https://example.org/ropes))\n'
        "- How much?\n\n"
        "## TODOs\n\n- TODO: “A blank”\n- TODO: “An \\*idea\\*”\n\n"
        "[^1]: Said of *hemp*, see [bridges](#bridges-1).\n"
    )
    check_anchors(markdown)
    Page(html).check_anchors()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[bridges]]", "[bridges](#bridges)"),
        ("[[bridges|them]]", "[them](#bridges)"),
        ("[[bridges#Sources|them]]", "[them](#bridges)"),
        ("[[Bridges]]", "[Bridges](#bridges)"),
        ("[[bridges|a [b] <c>]]", "[a \\[b\\] \\<c>](#bridges)"),
        ("[*them*](Claims/bridges.md)", "[*them*](#bridges)"),
        ("[see [[ropes]] there](Claims/bridges.md)", "[see ropes there](#bridges)"),
        ("[see [[ropes]] there](https://example.org)", "[see ropes there](https://example.org)"),
        ("[[idea|a draft]] [[private|x]]", "a draft x"),
        ("[[ropes]] [l](Loose.md) [[Post]] [[#Nothing]]", "[ropes](#ropes) l Post Nothing"),
        ("[[how-much]] [[old|once]]", "how-much once"),
        ("[[Part two]]", "Part two"),
        ("[[#Part two]]", "[Part two](#part-two)"),
        ("[[Post#Part two|below]] [[#part two]]", "[below](#part-two) [part two](#part-two)"),
        ("[below](#Part%20two)", "[below](#part-two)"),
        ("`[[bridges]]`", "`[[bridges]]`"),
        ("a %%[[private]]%% b <!-- [[private]] --> c", "a b c"),
    ],
)
def test_links(text: str, expected: str) -> None:
    found = composed(f"{text}\n\n{BLOCKS}\n## Part two\n")
    assert found.split("\n")[0] == expected
    check_anchors(found)


def test_links_to_headings_of_any_form() -> None:
    post = """[[#A bridges bridge 2024|A]] [[#B#Same]] [[#A bridges bridge 2024#Same]]
[[#Setext]] [[#⚓]]
[[#bridges]] [[#top]] [[#Same]]

# A [[bridges|bridge]] (2024)!

## Same

# B

## Same

## bridges

Setext
======

# ⚓

## top
"""
    found = composed(f"{post}\n{BLOCKS}")
    check_anchors(found)
    assert found.startswith(
        "[A](#a-bridge-2024) [B#Same](#same-1) [A bridges bridge 2024#Same](#same)\n"
        "[Setext](#setext) ⚓\n"
        "[bridges](#bridges) [top](#top) [Same](#same)\n"
    )
    assert "# A [bridge](#bridges-1) (2024)!\n" in found


def test_each_note_has_one_place() -> None:
    opener = 'notes type="claim" group="area" style="{}"'
    for styles in (("list", "table"), ("index", "sections"), ("sections", "list"), ("table",)):
        blocks = "\n".join(block(opener.format(style)) for style in styles)
        post = f"[[bridges]] [[ropes]]\n\n{blocks}"
        check_anchors(composed(post))
        text = composed(post, folded=True)
        assert text.count('<a id="bridges"></a>') == text.count('<a id="ropes"></a>') == 1


def test_headings_of_groups_are_below_that_of_the_part_in_every_target() -> None:
    opener = 'notes group="area" style="{}"'
    parts = (f"## {name}\n\n{block(opener.format(name))}" for name in ("list", "sections"))
    files = {**FILES, "Post.md": "\n".join(parts)}
    made = rendered(files, targets=["markdown", "html", "lesswrong", "lesswrong-rich"])
    expected = [(2, "list"), (3, "Building"), (3, "Rigging"), (3, "Other"), (2, "sections")]
    expected += [(3, "Building"), (4, "Bridges need slack"), (4, "Ropes hold")]
    expected += [(3, "Rigging"), (4, "Ropes hold"), (3, "Other"), (4, "how-much")]
    for name in ("post.md", "lesswrong.md"):
        found = parse(name, made[name].decode()).headings
        shown = [(one.level, re.sub("<[^>]*>", "", one.text)) for one in found if one.level > 1]
        assert shown == expected, name
    for name in ("post.html", "lesswrong.html"):
        text = made[name].decode()
        for level, heading in expected:
            assert re.search(rf"<h{level}[^>]*>(?:<[^>]*>)*{heading}<", text), (name, heading)


def test_notes_of_like_names_are_told_apart() -> None:
    files = {
        "Claims/a b.md": note("One.", status="x"),
        "Claims/a-b.md": note("Two.", status="x"),
        "Claims/sub/a-b.md": note("Three.", status="x"),
        "Claims/🧠.md": note("Four.", status="x"),
        "Claims/Page text.md": note("Five.", status="x"),
    }
    links = "[[a b]] [[Claims/a-b]] [[Claims/sub/a-b]] [[🧠]] [[Page text]]"
    found = composed(f"{links}\n\n{BLOCKS}", files)
    check_anchors(found)
    assert found.startswith("[a b](#a-b) [Claims/a-b](#a-b-1) [Claims/sub/a-b](#a-b-2) [🧠](#part)")
    assert '<a id="page-text-1"></a>Five.' in found


def test_a_page_names_every_note_and_markdown_those_that_are_linked() -> None:
    assert "<a id" not in composed(block('notes type="query"'))
    assert '<a id="how-much"></a>How much?' in composed(block('notes type="query"'), folded=True)


def test_what_a_person_anchored_stays() -> None:
    assert composed('<a id="mine"></a>Text.\n') == '<a id="mine"></a>Text.\n'


def test_code_keeps_what_it_shows() -> None:
    code = "```\n%%a%%\n\n\n\n<!-- b -->\n[[bridges]]\n```\n"
    assert composed(f"\n\n{code}") == code


def test_a_rule_at_the_top_is_no_block_of_properties() -> None:
    text = "---\ntitle: Post\n---\n---\n[[bridges]]: a\n---\n"
    assert composed(f"{text}\n{BLOCKS}").startswith("---\n[bridges](#bridges): a\n---\n")


def test_crlf_and_a_mark_of_byte_order_go() -> None:
    text = f"\ufeff---\ntitle: Post\n---\n\nText.\n\n{BLOCKS}".replace("\n", "\r\n")
    found = composed(text)
    assert found.startswith('Text.\n\n- <a id="bridges"></a>Bridges')
    assert "\r" not in found


def test_the_blocks_on_disk_need_not_be_up_to_date() -> None:
    assert "SECRET" not in composed(block('notes type="claim"', "- SECRET, since then private"))
    unread = f"<!-- vaultsync:stat -->\n\n- stays\n\n{CLOSER}"
    assert composed(unread) == "- stays\n"


def test_the_title_of_a_post_without_one_is_its_name() -> None:
    assert rendered({"Post.md": "Text."}, "")["post.md"] == b"# Post\n\nText.\n"


def test_the_notes_that_must_be_right() -> None:
    files: dict[str, str | bytes] = {
        **FILES,
        "Claims/broken.md": "---\ntitle: [\n---\n",
        "Claims/bytes.md": b"\xff",
        "Loose.md": "---\ntitle: [\n---\n",
    }
    _, compositions = render(
        Context(vault(files), load_config(TOML)), ("markdown", "html"), reader(files)
    )
    assert published_paths(compositions) == [
        "Claims/bridges.md",
        "Claims/broken.md",
        "Claims/bytes.md",
        "Claims/old.md",
        "Claims/ropes.md",
        "Post.md",
        "Queries/how-much.md",
    ]


@pytest.mark.parametrize(
    ("files", "toml", "message"),
    [
        ({"Index.md": ""}, "", "Post.md: there is no such note to publish: make it, or name"),
        ({"Post.md": b"\xff"}, "", "Post.md: not UTF-8 at byte 0"),
        ({"Post.md": ""}, '[publish]\npost = "A.md"', "A.md: there is no such note"),
    ],
)
def test_no_post(files: dict[str, str | bytes], toml: str, message: str) -> None:
    with pytest.raises(VaultError, match=message):
        rendered(files, toml)


def test_the_same_notes_give_the_same_bytes() -> None:
    program = (
        "import sys; from tests.publish.pages import *; "
        "sys.stdout.buffer.write('\\0'.join(published(dict(eval(sys.argv[1])(FILES.items())))).encode())"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", program, order],
            env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[3],
            capture_output=True,
            check=True,
        ).stdout
        for seed, order in (("1", "list"), ("2", "sorted"), ("3", "lambda x: reversed(list(x))"))
    }
    assert [text.split(b"\0")[0] for text in made] == [published()[0].encode()]
