"""Links that name their file by a quirk, or in other letters than it has."""

from __future__ import annotations

import pytest
from tests.lint.links import Files, fixed, found

NFD, NFC = "e\u0301", "\u00e9"
# The text, further files, the note it stands in, and what the fix makes of it.
QUIRKS: list[tuple[str, Files, str, str]] = [
    ("[[ary/index]]", ("glossary/index.md",), "n.md", "[[index]]"),
    ("[[ary/index|it]]", ("glossary/index.md", "index.md"), "n.md", "[[glossary/index|it]]"),
    ("![[ary/p.png]]", ("glossary/p.png",), "n.md", "![[p.png]]"),
    ("[x](ary/index.md)", ("glossary/index.md",), "n.md", "[x](index.md)"),
    ("[x](ary/in%20dex)", ("glossary/in dex.md",), "n.md", "[x](in%20dex.md)"),
    ("[x](<ary/in dex>)", ("glossary/in dex.md",), "n.md", "[x](<in%20dex.md>)"),
    ("[x](ary/i(1).md 't')", ("glossary/i(1).md",), "n.md", "[x](i%281%29.md 't')"),
    (
        "---\nup: '[[ary/index]]'\n---\n",
        ("glossary/index.md",),
        "n.md",
        "---\nup: '[[index]]'\n---\n",
    ),
    ("---\nup: '[x](ary/i.md)'\n---\n", ("glossary/i.md",), "n.md", "---\nup: '[x](i.md)'\n---\n"),
    # The note in Y takes the longer path for the nearer one: its folder's name begins with "Y".
    ("[[x]]", ("Yonder/long/x.md", "a/x.md"), "Y/n.md", "[[Yonder/long/x]]"),
    ("[[API]]", ("Docs/API.md", "a/API.md"), "Docs/API/n.md", "[[Docs/API]]"),
    # Nothing lies at the relative path.
    ("[[./x]]", ("b/x.md",), "n.md", "[[x]]"),
    ("[[../x]]", ("far/away/x.md",), "away/b/n.md", "[[x]]"),
    ("[x](./x.md)", ("far/a/x.md",), "a/n.md", "[x](../far/a/x.md)"),
    ("[x](../x.md#h)", ("a/deep/a/x.md",), "a/b/n.md", "[x](../deep/a/x.md#h)"),
    ("[x](./x.md)", ("sub/x.md",), "n.md", "[x](./sub/x.md)"),
]


@pytest.mark.parametrize(("text", "files", "path", "written"), QUIRKS)
def test_a_quirk_is_replaced_by_what_leads_to_the_same_file(
    text: str, files: Files, path: str, written: str
) -> None:
    ((code, _, message),) = found("LNK006", text, files, path)
    assert code == "LNK006"
    assert " by a quirk: " in message
    assert fixed("LNK006", text, files, path) == written
    assert found("LNK006 LNK001", written, files, path) == []


NOTHING = "nothing is there, and the path happens to be the end of another"
OUTSIDE = "it leads out of the vault, and the rest of it happens to be the end of that path"
CUT = "it is the end of that path, and cuts a folder's name"
NEAR = "it counts as near, as its path begins like that of this note's folder, `{}`"


@pytest.mark.parametrize(
    ("link", "files", "path", "reason"),
    [
        ("[[./x]]", ("b/x.md",), "n.md", NOTHING),
        ("[x](../x.md)", ("a/deep/a/x.md",), "a/b/n.md", NOTHING),
        # What lies beside a vault, Obsidian does not know.
        ("[x](../x.md)", ("sub/x.md",), "n.md", OUTSIDE),
        ("[[../../x]]", ("sub/x.md",), "a/n.md", OUTSIDE),
        ("[[ary/index]]", ("glossary/index.md",), "n.md", CUT),
        # The name of a folder, or of the file itself.
        ("[[x]]", ("Yonder/long/x.md", "a/x.md"), "Y/n.md", NEAR.format("Y")),
        ("[[API]]", ("Docs/API.md", "a/API.md"), "Docs/API/n.md", NEAR.format("Docs/API")),
    ],
)
def test_the_reason_is_that_of_the_case(link: str, files: Files, path: str, reason: str) -> None:
    ((_, _, message),) = found("LNK006", link, files, path)
    assert f" by a quirk: {reason}; write `" in message


@pytest.mark.parametrize(
    ("link", "files", "path"),
    [
        ("[[x]]", ("a/b/x.md",), "n.md"),
        ("[[b/x]]", ("a/b/x.md", "x.md"), "n.md"),
        ("[[a/b/x]]", ("a/b/x.md", "x.md"), "c/n.md"),
        ("[[/x]]", ("x.md", "a/x.md"), "a/n.md"),
        ("[[./x]]", ("a/x.md", "x.md"), "a/n.md"),
        ("[x](../x.md)", ("a/x.md", "x.md"), "a/n.md"),
        ("[[x]]", ("Y/x.md", "a/x.md"), "Y/n.md"),
        ("[[x]]", ("Y/b/x.md", "x.md"), "Y/n.md"),
        ("[[#h]]", (), "n.md"),
        ("[[ary/x]]", ("aary/x.md", "bary/x.md"), "n.md"),
    ],
)
def test_what_leads_there_by_its_name_is_sound(link: str, files: Files, path: str) -> None:
    assert found("LNK006", link, files, path) == []


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("[[b/i]]", ("glossary/a#b/i.md", "x/i.md")),
        ("[x](b/i.md)", ("glossary: b/i.md", "x/i.md")),
    ],
)
def test_a_quirk_that_cannot_be_written_otherwise_has_no_fix(
    text: str, files: tuple[str, ...]
) -> None:
    assert [" write " in item[2] for item in found("LNK006", text, files)] == [False]
    assert fixed("LNK006", text, files) == text


@pytest.mark.parametrize(
    ("text", "files", "written"),
    [
        ("an [[Other]]", ("other.md",), "an [[other|Other]]"),
        ("an [[Other|it]]", ("other.md",), "an [[other|it]]"),
        ("![[Other]]", ("other.md",), "![[other]]"),
        ("![[P.PNG|300]]", ("p.png",), "![[p.png|300]]"),
        ("[x](Other.md#h)", ("other.md",), "[x](other.md#h)"),
        ("[x](./Sub/My%20Note.md)", ("sub/my note.md",), "[x](./sub/my%20note.md)"),
        ("[[Sub/other]]", ("sub/other.md",), "[[sub/other]]"),
        ("[[Sub/Other]]", ("sub/other.md",), "[[sub/other|Sub/Other]]"),
        ("[[/SUB/other.MD]]", ("sub/other.md",), "[[/sub/other.md|/SUB/other.MD]]"),
        ("[[Other#H]]", {"other.md": "# H\n"}, "[[other#H|Other > H]]"),
        ("---\nup: '[[Other]]'\n---\n", ("other.md",), "---\nup: '[[other]]'\n---\n"),
        (f"[[{NFD}]]", (f"{NFC}.md",), f"[[{NFC}]]"),
        (f"[[Z{NFD}]]", (f"z{NFC}.md",), f"[[z{NFC}|Z{NFD}]]"),
    ],
)
def test_a_name_is_written_as_the_file_has_it(text: str, files: Files, written: str) -> None:
    assert [item[0] for item in found("LNK012", text, files)] == ["LNK012"]
    assert fixed("LNK012", text, files) == written


@pytest.mark.parametrize(
    ("link", "files"),
    [
        ("[[other]]", ("other.md",)),
        ("[[other.md]]", ("sub/other.md",)),
        ("[[/sub/other]]", ("sub/other.md",)),
        ("[[../other]]", ("other.md",)),
        ("[[Other]]", ("Other.MD",)),
        ("[[#H]]", ()),
        (f"[[{NFC}]]", (f"{NFD}.md",)),
        ("[[a\u00a0b]]", ("a b.md",)),
        ("[[Ary/index]]", ("glossary/index.md",)),
        ("[[X]]", ("aa/x.md", "bb/x.md")),
    ],
)
def test_the_same_letters_or_what_others_report(link: str, files: Files) -> None:
    assert found("LNK012", link, files) == []


def test_a_link_that_names_another_file_letter_by_letter() -> None:
    files = ("a/Other.md", "bb/other.md")
    assert found("LNK012", "[[other]]", files) == [
        ("LNK012", "[[other]]", "this leads to a/Other.md, not to bb/other.md: write the path")
    ]
    assert fixed("LNK012", "[[other]]", files) == "[[other]]"


def test_a_canvas_is_never_rewritten() -> None:
    text = '{"nodes": [{"type": "file", "file": "Sub/x.md"}, {"type": "file", "file": "b/x.md"}]}'
    assert found("LNK006 LNK012", text, ("sub/x.md", "sub/b/ub/x.md"), "n.canvas") == []
