"""Where links lead that leave the post."""

from __future__ import annotations

import pytest
from tests.blocks.sample import NOTES, TOML, block
from tests.publish.pages import composed, problems, rendered

FILES: dict[str, str | bytes] = {
    **NOTES,
    "Loose page.md": "Loose.\n\n# Part\n",
    "Own.md": "---\npublish: false\n---\nSECRET",
    "broken.md": "---\ntitle: [\n---\n",
    "files/data.csv.pdf": "x",
}


def post(text: str, outside: str = "text") -> str:
    """Return a post as Markdown, by a policy for what is not in it."""
    toml = f'{TOML}\n[publish]\noutside = "{outside}"\n'
    made = rendered({**FILES, "Post.md": text}, toml)["post.md"].decode()
    return made.partition("\n\n")[2].rstrip("\n")


@pytest.mark.parametrize(
    ("link", "text", "address"),
    [
        ("[[Loose page]]", "Loose page", "[Loose page](https://e.org/v/Loose%20page.md)"),
        ("[[Loose page#Part|it]]", "it", "[it](https://e.org/v/Loose%20page.md)"),
        ("[*it*](Loose%20page.md)", "*it*", "[*it*](https://e.org/v/Loose%20page.md)"),
        ("[[data.csv.pdf|it]]", "it", "[it](https://e.org/v/files/data.csv.pdf)"),
        ("[[how-much]]", "how-much", "[how-much](https://e.org/v/Queries/how-much.md)"),
        ("[[old|it]]", "it", "[it](https://e.org/v/Claims/old.md)"),
        ("[[private|it]]", "it", "it"),
        ("[[Own|it]]", "it", "it"),
        ("[[idea|it]]", "it", "it"),
        ("[[broken|it]]", "it", "it"),
        ("[[nowhere|it]]", "it", "it"),
        ("[[#Nothing|it]]", "it", "it"),
    ],
)
def test_policies(link: str, text: str, address: str) -> None:
    assert post(link) == text
    assert post(link, "https://e.org/v/") == address
    assert post(link, "https://e.org/v") == address


def test_as_an_error() -> None:
    toml = f'{TOML}\n[publish]\noutside = "error"\n'
    text = f"One.\n\n[[Loose page]] [[bridges]] [[#Two]] [[idea|x]]\n\n# Two\n\n{block('notes')}"
    assert problems({**FILES, "Post.md": text}, toml) == [
        "Post.md:3: the link to `Loose page` leads out of the post",
        "Post.md:3: the link to `idea` leads out of the post",
    ]


@pytest.mark.parametrize(
    "link",
    ["[[private]]", "[[Claims/private]]", "[[private.md]]", "[[private|private]]", "[[Own]]",
     "[[idea]]", "[private](Claims/private.md)", "[[private#Sources]]"],
)  # fmt: skip
def test_the_file_name_of_a_hidden_note_is_not_shown(link: str) -> None:
    (problem,) = problems({**FILES, "Post.md": f"One.\n\nSee {link}.\n"})
    assert problem.startswith("Post.md:")
    assert "shows the file name of a note that is not published" in problem
    assert post(f"See {link}.") == "See …."


def test_it_is_found_in_the_claim_that_shows_it() -> None:
    claim = "---\nstatus: x\n---\n\nA claim, see [[private]].\n"
    (problem,) = problems({**FILES, "Claims/c.md": claim, "Post.md": block("notes")})
    assert problem.startswith("Claims/c.md:5: the link to `private` shows")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](https://e.org/x)", "[a](https://e.org/x)"),
        ("[a](HTTP://e.org)", "[a](http://e.org)"),
        ("[a](mailto:a@e.org) <a@e.org>", "[a](mailto:a@e.org) <a@e.org>"),
        ("<https://e.org>", "<https://e.org>"),
        ("[a](javascript:alert(1))", "a"),
        ("[a](JAVASCRIPT:alert)", "a"),
        ("[a](<java script:alert>)", "a"),
        ("[a](&#106;avascript:alert)", "a"),
        ("[a](data:text/html,x)", "a"),
        ("[a](vbscript:x) [b](file:///etc/passwd) [c](obsidian://open?vault=SECRET)", "a b c"),
        ("![a](javascript:alert)", "a"),
        ("![a](data:image/svg+xml,x)", "a"),
        ("![a](//e.org/i.png)", "a"),
        ("<javascript:alert(1)>", "javascript:alert(1)"),
        ("[a][b]\n\n[b]: javascript:alert(1)", "a"),
        ("[b]\n\n[b]: <javascript:alert(1)> 'title'", "b"),
        ("[b][]\n\n[b]: private.md", "b"),
        ("![a][b]\n\n[b]: data:x", "a"),
        ("[a][b]\n\n[b]: https://e.org", "[a][b]\n\n[b]: https://e.org"),
        ("```\n[b]: javascript:x\n```", "```\n[b]: javascript:x\n```"),
        ("[a [b](https://e.org)](javascript:x)", "[a [b](https://e.org)\\](javascript:x)"),
        ("[[a](javascript:x)](javascript:y)", "[a\\](javascript:y)"),
        ("![[a](javascript:x)](b.png)", "\\[a\\](javascript:x)"),
        ("![[a](https://e.org)](https://e.org/i)", "![[a](https://e.org)](https://e.org/i)"),
    ],
)
def test_only_the_web_and_mail_are_linked(text: str, expected: str) -> None:
    assert post(text) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://arxiv.org/pdf/2401.00001v2", "https://arxiv.org/abs/2401.00001"),
        ("https://arxiv.org/abs/2401.00001", "https://arxiv.org/abs/2401.00001"),
        ("https://arxiv.org/pdf/2401.00001#page=3", "https://arxiv.org/pdf/2401.00001#page=3"),
        ("http://dx.doi.org/10.1145/A.1", "https://doi.org/10.1145/a.1"),
        ("<https://doi.org/10.1016/s(1)2>", "<https://doi.org/10.1016/s(1)2>"),
        ("https://e.org/a?utm_source=x&b=1", "https://e.org/a?b=1"),
    ],
)
def test_an_address_is_that_of_the_work(address: str, expected: str) -> None:
    assert post(f"[a]({address})") == f"[a]({expected})"


def test_nothing_of_a_link_in_code_changes() -> None:
    assert composed("`[[private]]` and `[a](javascript:x)`", NOTES) == (
        "`[[private]]` and `[a](javascript:x)`\n"
    )
