"""Every construct of Markdown in every place of a note: none of its words is lost."""

from __future__ import annotations

import json
import re

import pytest
from tests.blocks.sample import NOTES, TOML, block, note
from tests.publish.pages import Page, problems, rendered

# Each with the word WORD where a reader must find it.
CONSTRUCTS = {
    "paragraph": "A WORD in a paragraph.",
    "two paragraphs": "First WORDa.\n\nSecond WORDb.",
    "hard break": "One WORDa\\\ntwo WORDb  \nthree WORDc.",
    "emphasis": "*WORDa*, **WORDb**, ==WORDc==, ~~WORDd~~ and `WORDe`.",
    "list": "- one WORDa\n- two WORDb",
    "loose list": "- one WORDa\n\n  more WORDb\n\n- two WORDc",
    "numbered list": "3. one WORDa\n4. two WORDb",
    "nested list": "- one WORDa\n  - two WORDb\n    1. three WORDc\n\n      4 WORDd\n- five WORDe",
    "tabbed list": "- one WORDa\n\t- two WORDb\n\t\t- three WORDc",
    "list in a list": "- - WORDa\n  - WORDb",
    "list after list": "- one WORDa\n\n* two WORDb\n\n1. three WORDc",
    "task list": "- [ ] open WORDa\n- [x] done WORDb\n- [/] half WORDc",
    "list with code": "- one WORDa\n\n  ```py\n  WORDb = 1\n  ```\n\n- two WORDc",
    "list with a quote": "- one WORDa\n  > two WORDb\n- > three WORDc",
    "list with a table": "- one WORDa\n\n  | WORDb | x |\n  |---|---|\n  | y | WORDc |",
    "list with indented code": "- one WORDa\n\n      WORDb = 1",
    "code in a list alone": "- ```\n  WORDa\n  ```",
    "quote": "> quoted WORDa\n> and WORDb\n\nnot WORDc",
    "quote with a heading": "> # Head WORDa #\n>\n> Below\n> ---\n> WORDb\n\n- ## WORDc",
    "nested quote": "> one WORDa\n>> two WORDb\n> - three WORDc",
    "callout": "> [!note] Title WORDa\n> body WORDb",
    "folded callout": "> [!warning]- WORDa\n> body WORDb",
    "table": "| WORDa | b |\n|---|:-:|\n| WORDc | *WORDd* |\n| [[ropes\\|WORDe]] | [[bridges]] |",
    "table without edges": "WORDa | WORDb\n--- | ---\nWORDc | WORDd",
    "fenced code": "```python\nWORDa = 1\n\n# WORDb\n```",
    "tilde code": "~~~\nWORDa\n```\n~~~",
    "fence that is not closed": "````\nWORDa\n```",
    "indented code": "    WORDa\n\n    WORDb",
    "heading 1": "# Head WORDa\n\nText WORDb.",
    "heading 3": "### Head WORDa\n\nText WORDb.\n\n- item WORDc",
    "closed heading": "#### Head *WORDa* ####\n\nText WORDb.",
    "underlined heading": "Head WORDa\n===\n\nText WORDb.",
    "bold heading": "##### **WORDa** and **WORDb**",
    "heading without text below": "### WORDa\n\n### WORDb",
    "rule": "One WORDa.\n\n---\n\nTwo WORDb.\n\n***",
    "html": "<div>\nIn a block WORDa\n</div>\n\nIn line <b>WORDb</b>.",
    "unclosed html": "<pre>\nIn raw WORDa\n\n*WORDb*",
    "unclosed declaration": "One WORDa.\n\n<!x\n\n<?y",
    "details": "<details>\n<summary>WORDa</summary>\n\nInside WORDb.\n\n</details>",
    "comment": "One WORDa.\n\n%% hidden %%\n\n<!-- hidden -->\n\nTwo WORDb.",
    "formula": "Inline $x$ WORDa.\n\n$$\ny = 2\n$$\n\nBehind WORDb.",
    "links": "[WORDa](https://example.org/a), [[ropes|WORDb]], <https://example.org/WORDc>",
    "reference link": "[WORDa][r] and [r].\n\n[r]: https://example.org/WORDb",
    "link of a heading": "### [[ropes|WORDa]] and `WORDb`",
    "footnote": "Noted WORDa[^n].\n\n[^n]: The note WORDb.",
    "inline footnote": "Noted WORDa^[The note WORDb.].",
    "embed": "![[ropes|WORDa]]",
    "block id": "One WORDa ^id-1\n\n- two WORDb ^id-2\n\n| WORDc |\n|---|\n\n^id-3",
    "tag": "A #tag WORDa.",
    "windows line ends": "- one WORDa\r\n\r\n  two WORDb\r\n- three WORDc",
    "character references": "One &amp; &lt;WORDa&gt; \\*WORDb\\*.",
}
# Where it is in the note: what is before it and behind it.
PLACES = {
    "before the claim": ("{}\n\nThe claim.", ""),
    "behind the claim": ("The claim.\n\n{}", ""),
    "behind the caveat": ("The claim.\n\nCaveat: some.\n\n{}", "## Sources\n\n- x: [T](u)"),
    "among questions": ("The claim.\n\n## Open questions\n\n- Why?\n\n{}", "- How?"),
    "among texts": ("The claim.\n\n## Remarks\n\n{}", "## Related\n\n- [[ropes]]: why"),
    "at the end of a section": ("The claim.\n\n## Remarks\n\n- Mine.\n\n{}", ""),
    "among relations": ("The claim.\n\n## Related\n\n- [[ropes]]: why\n\nText.\n\n{}", ""),
    "in a section of its own": ("The claim.\n\n## My notes\n\n{}", "## Sources\n\n- x: [T](u)"),
    "in a second section": ("The claim.\n\n## Remarks\n\n- a\n\n## Remarks\n\n{}", ""),
    "below a title": ("# Title\n\nThe claim.\n\n{}", ""),
    "in an item": ("The claim.\n\n## Remarks\n\n- Mine.\n\n{indented}", "- More."),
    "below a relation": ("The claim.\n\n## Related\n\n- [[ropes]]: why\n\n{indented}", ""),
}
SETTINGS = TOML.replace('sections."Open', 'sections.Remarks = { items = "text" }\nsections."Open')
# What only the top level of a note may hold.
_AT_TOP = frozenset({"footnote", "reference link"})


def marked(text: str, number: int) -> str:
    """Return a text in which each WORD is one of its own."""
    return text.replace("WORD", f"W{number}x")


def words(text: str) -> set[str]:
    return set(re.findall(r"W\d+x[a-e]?", text))


def placed(place: str, text: str) -> str:
    before, behind = PLACES[place]
    indented = re.sub(r"^(?=[^\r\n])", "  ", text, flags=re.MULTILINE)
    return f"{before.format(text, indented=indented)}\n\n{behind}\n"


def files(place: str, style: str) -> dict[str, str]:
    """Return a vault with a note for each construct, in this place of it."""
    notes = {
        f"Claims/{number}.md": note(
            placed(place, marked(text, number)), title=f"Title {number}", status="x"
        )
        for number, (name, text) in enumerate(CONSTRUCTS.items())
        if "indented" not in PLACES[place][0] or name not in _AT_TOP
    }
    post = f"---\ntitle: Post\n---\n\n{block(f'notes {style}')}\nThe end of the post.\n"
    return {**NOTES, **notes, "Post.md": post}


def read(html: str) -> str:
    """Return what is read on a page, and where its links lead."""
    page = Page(html)
    page.check_anchors()
    assert page.text.count("The end of the post.") == 1
    return page.text + " ".join(page.all("a", "href"))


@pytest.mark.parametrize("place", PLACES)
def test_no_word_is_lost(place: str) -> None:
    vault = files(place, 'type="claim"')
    made = rendered(vault, SETTINGS, ["html", "data"])
    html = made["post.html"].decode()
    found = read(html)
    # Each note is in an item of its own, and nothing of it is outside.
    listed = html[html.index("<main") : html.index("The end of the post.")]
    items = re.split(r'<li id="(?:\d+|bridges|old|ropes)">', listed)
    notes = {one["title"]: one for one in json.loads(made["encyclopedia.json"])["notes"]}
    for number, name in enumerate(CONSTRUCTS):
        text = marked(CONSTRUCTS[name], number)
        if f"Claims/{number}.md" not in vault:
            continue
        assert words(text) <= words(found), name
        (item,) = [one for one in items if words(one) & words(text)]
        assert words(item) <= words(text), name
        # Footnotes are behind the notes of the page, and not in the data.
        if "footnote" not in name:
            assert words(text) <= words(item), name
            assert words(text) <= words(json.dumps(notes[f"Title {number}"])), name


def test_what_is_shown_unfolded_holds_every_word_too() -> None:
    vault = files("in a section of its own", 'style="sections"')
    found = read(rendered(vault, SETTINGS)["post.html"].decode())
    for number, text in enumerate(CONSTRUCTS.values()):
        assert words(marked(text, number)) <= words(found)
    parts = re.split(r"Title (\d+)", found[: found.index("The end of the post.")])
    for number, part in zip(map(int, parts[1::2]), parts[2::2], strict=True):
        assert words(part) <= {*words(marked([*CONSTRUCTS.values()][number], number))}


@pytest.mark.parametrize("style", ["list", "sections"])
def test_what_is_shown_is_no_problem(style: str) -> None:
    vault = files("in a section of its own", f'style="{style}"')
    assert problems(vault, SETTINGS, ["html", "data", "markdown"]) == []
