"""Links to headings and blocks lead there after these got other names."""

from __future__ import annotations

import json

import pytest
from tests.lint.rename.renamed import Texts, heading, renamed, tag

from vaultsync.core.errors import VaultError
from vaultsync.lint.rename import Files, Place

NOTE = "# Top\n\n## Old one\n\nText ^old\n\n## Next\n"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("[[n#Old one]] ![[n#Old one|x]] [[n#^old]]", "[[n#New]] ![[n#New|x]] [[n#^old]]"),
        ("[[n#OLD  one]] [[n # Old one | x]]", "[[n#New]] [[n #New | x]]"),
        ("[[n#Top#Old one]] [[n#Top#Next]]", "[[n#Top#New]] [[n#Top#Next]]"),
        (
            '[t](n.md#Old%20one "x") ![t](<n.md#Old one>) [t](n#Old%20one)',
            '[t](n.md#New "x") ![t](<n.md#New>) [t](n#New)',
        ),
        ("| a |\n|---|\n| [[n#Old one\\|x]] |", "| a |\n|---|\n| [[n#New\\|x]] |"),
        ('---\nup: "[[n#Old one]]"\n---\n', '---\nup: "[[n#New]]"\n---\n'),
        ("---\nup: '[t](n.md#Old%20one)'\n---\n", "---\nup: '[t](n.md#New)'\n---\n"),
        ("[[n#Old]] [[#Old one]] [[m#Old one]] `[[n#Old one]]`", None),
        ("[[n#[^Old one]] [[n.base#Old one]]", None),
    ],
)
def test_the_subpath_alone_changes(before: str, expected: str | None) -> None:
    files = {"n.md": NOTE, "n.base": "", "s.md": before}
    found = heading(files, "n.md", "#Old one", "New")
    assert found == {**files, "n.md": NOTE.replace("Old one", "New"), "s.md": expected or before}


@pytest.mark.parametrize(
    ("note", "new", "expected"),
    [
        ("# Old #\n\n[[#Old]]", "New one", "# New one #\n\n[[#New one]]"),
        ("Old\n===\n[[#Old]]", "New", "New\n===\n[[#New]]"),
        ("#\tOld\n[[#Old|x]]", "N: #w", "#\tN: #w\n[[#N w|x]]"),
        ("# Old [[#Old x]] x\n[[#Old Old x x]]", "[[a]] y", "# [[a]] y\n[[#a y]]"),
        ("# Old\n## See [[#Old]]\n[[#See Old]]", "New", "# New\n## See [[#New]]\n[[#See New]]"),
        ("# Old\n[[#Old]] [[#OLD]]", "OLD", "# OLD\n[[#OLD]] [[#OLD]]"),
        ("# Old\n[[#OLD]]", "Old!", "# Old!\n[[#OLD]]"),
        ("# # #", "New", "# New #"),
    ],
)
def test_a_note_may_link_to_its_own_headings(note: str, new: str, expected: str) -> None:
    found = renamed({"n.md": note, "a.md": ""}, Place("n.md", "heading", 0, new))
    assert found["n.md"] == expected


def test_of_headings_with_one_name_each_is_still_reached() -> None:
    note = "# A\n## x\n# B\n## x\n## Old\n"
    files = {"n.md": note, "s.md": "[[n#x]] [[n#B#x]] [[n#Old]]"}
    first = renamed(files, Place("n.md", "heading", 1, "y"))
    assert first["s.md"] == "[[n#y]] [[n#B#x]] [[n#Old]]"
    # What comes to have the name of another one is named with the heading above it.
    second = renamed(files, Place("n.md", "heading", 1, "Old"))
    assert second["s.md"] == "[[n#Old]] [[n#B#x]] [[n#B#Old]]"
    with pytest.raises(VaultError, match=r"s\.md:1: `\[\[n#Old\]\]` cannot be written so"):
        renamed(files, Place("n.md", "heading", 4, "x"))


def test_a_block_gets_another_name() -> None:
    files = {"n.md": "Text ^old\n", "s.md": "[[n#^old]] [[n#^OLD|x]] [t](n.md#^old) [[n#old]]"}
    found = heading(files, "n.md", "#^old", "New-1")
    assert found == {
        "n.md": "Text ^New-1\n",
        "s.md": "[[n#^New-1]] [[n#^New-1|x]] [t](n.md#^New-1) [[n#old]]",
    }
    assert heading({"n.md": "Text ^Old\n"}, "n.md", "#^old", "OLD") == {"n.md": "Text ^OLD\n"}


def test_a_canvas_is_followed() -> None:
    nodes = [
        {"type": "text", "text": "é [[n#Old]] [t](n.md#Old)", "subpath": "#Old"},
        {"type": "group", "background": "n.md"},
        {"type": "file", "subpath": "#Old", "file": "n.md"},
        {"type": "file", "file": "n.md", "subpath": "#Older"},
        {"type": "file", "file": "n.md"},
    ]
    for plain in (True, False):
        text = json.dumps({"nodes": nodes}, ensure_ascii=plain)
        files = {"n.md": "# Old\n", "c.canvas": text}
        found = json.loads(heading(files, "n.md", "#Old", 'é "q"')["c.canvas"])["nodes"]
        assert found[0]["text"] == 'é [[n#é "q"]] [t](n.md#é%20"q")'
        assert [one.get("subpath") for one in found] == ["#Old", None, '#é "q"', "#Older", None]


@pytest.mark.parametrize(
    ("files", "subpath", "new", "message"),
    [
        ({"n.md": "# Old\n[[#Old]]"}, "#Old", "...", r"n\.md:2: `\[\[#Old\]\]` cannot be written"),
        ({"n.md": "# Old\n"}, "#Old", "", r"n\.md: a heading needs a name"),
        ({"n.md": "# Old\n"}, "#Old", "x #", "`x #`: a heading cannot have this text"),
        ({"n.md": "# Old\n"}, "#Old", "x\ny", "a heading cannot have this text"),
        ({"n.md": "Old\n===\n"}, "#Old", "- x", "its headings or blocks would be"),
        ({"n.md": "# Old ^b\n[[#^b]]"}, "#Old b", "x", "its headings or blocks would"),
        (
            {"n.md": "# Old\n", "s.md": '---\na: "[[n#Old]]"\n---\n'},
            "#Old",
            'a "b"',
            r"s\.md:2: .* cannot be written so that it leads to the same place of n\.md",
        ),
        (
            {"n.md": "# Old\n", "s.md": '---\na: "[[n#\\u004fld]]"\n---\n'},
            "#Old",
            "b",
            r"s\.md:2: .* cannot be written so",
        ),
        (
            {
                "n.md": "# Old\n",
                "c.canvas": '{"nodes":[{"type":"file","file":"n.md","subp\\u0061th":"#Old"}]}',
            },
            "#Old",
            "b",
            r"c\.canvas:1: .* cannot be written so",
        ),
        (
            {"n.md": "# Old\n", "s.md": '---\na: "[[\\u006e#Old]]"\n---\n'},
            "#Old",
            "b",
            r"s\.md:2: .* cannot be written so",
        ),
        ({"n.md": "a ^X\n\nb ^x\n"}, "#^x", "y", r"several blocks have the name \^X"),
        ({"n.md": "a ^x\n\nb ^y\n"}, "#^x", "Y", r"there is a block \^Y"),
        ({"n.md": "a ^x\n"}, "#^x", "é", "a block is named by letters, digits and `-` alone"),
    ],
)
def test_what_cannot_be_is_refused(files: Texts, subpath: str, new: str, message: str) -> None:
    with pytest.raises(VaultError, match=message):
        heading(files, "n.md", subpath, new)


def test_a_heading_follows_a_file_or_tag_that_is_named_in_it() -> None:
    files = {
        "n.md": "# On [[Old]]\n\n# At #old\n",
        "Old.md": "",
        "s.md": "[[n#On Old]] [[n#At old]]",
    }
    assert renamed(files, Files({"Old.md": "New.md"}))["s.md"] == "[[n#On New]] [[n#At old]]"
    assert tag(files, "old", "new")["s.md"] == "[[n#On Old]] [[n#At new]]"


@pytest.mark.parametrize("depth", [3, 12])
def test_headings_that_hold_links_to_headings_are_followed_a_few_times(depth: int) -> None:
    names = ["Old"]
    for number in range(depth):
        names.append(f"{number} {names[-1]}")
    lines = ["# Old", *(f"# {number} [[#{name}]]" for number, name in enumerate(names[:-1]))]
    files = {"n.md": "\n".join(lines), "s.md": f"[[n#{names[-1]}]]"}
    what = Place("n.md", "heading", 0, "New")
    if depth > 8:
        with pytest.raises(VaultError, match="headings would follow each other without end"):
            renamed(files, what)
    else:
        assert renamed(files, what)["s.md"] == files["s.md"].replace("Old", "New")
