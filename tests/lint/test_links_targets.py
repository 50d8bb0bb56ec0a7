"""Links that lead nowhere, to several files, or to what a clone does not have."""

from __future__ import annotations

import pytest
from tests.lint.links import Files, fixed, found, vault
from tests.lint.settings import fix

from vaultsync.core.config import LintSettings
from vaultsync.lint import engine

TREE = {"Tree.md": "---\ntitle: The tree\naliases: [Woody plant, Oak]\n---\n# Leaves\n\nx ^id\n"}
BROKEN = "LNK001 LNK002 LNK007 LNK014 LNK017"


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("[[nowhere]]", "LNK017"),
        ("[[nowhere#here|it]]", "LNK017"),
        ("[[nowhere.md]]", "LNK001"),
        ("[[no/where]]", "LNK001"),
        ("[x](nowhere)", "LNK001"),
        ("[x](nowhere.md)", "LNK001"),
        ("[[nowhere.canvas]]", "LNK001"),
        ("[[v1.2]]", "LNK017"),
        ("[[Oka]]", "LNK017"),
        ("[[Tre]]", "LNK017"),
        ("![[nowhere]]", "LNK002"),
        ("![x](nowhere)", "LNK002"),
        ("![[nowhere.base]]", "LNK002"),
        ("[[Oak]]", "LNK007"),
        ("![[oak#Leaves]]", "LNK007"),
        ("[[The tree|it]]", "LNK007"),
        ("[x](Oak)", "LNK001"),
        ("![x](Oak)", "LNK002"),
        ("[[nowhere.png]]", "LNK014"),
        ("![[nowhere.PNG#x]]", "LNK014"),
        ("[x](no/where.pdf)", "LNK014"),
        ("![x](nowhere.svg)", "LNK014"),
    ],
)
def test_a_broken_link_is_told_by_one_rule(link: str, code: str) -> None:
    assert [item[:2] for item in found("LNK", link, TREE) if item[0] != "LNK015"] == [(code, link)]


@pytest.mark.parametrize(
    "link",
    ["[[Tree]]", "[[{{title}}]]", "![[{{picture}}.png]]", "[[<% tp.date.now() %>]]", "[[ ]]"],
)
def test_what_is_no_link_yet_is_not_broken(link: str) -> None:
    assert found(BROKEN, link, TREE) == []


@pytest.mark.parametrize(
    ("link", "files", "meant"),
    [
        ("[[Cherri]]", ("Cherry.md", "Cherri.png"), "Cherry"),
        ("[[Cherri.png]]", ("Cherri.md", "Cherry.png"), "Cherry.png"),
        ("![[Cherri.canvas]]", ("Cherry.canvas",), "Cherry.canvas"),
        ("[[b/Cherri]]", ("a/Cherry.md",), "Cherry"),
        ("[[b/Cherri]]", ("a/Cherry.md", "b/Cherry.md"), "b/Cherry"),
        ("[[Cherri]]", ("a/Cherry.md", "b/Cherry.md"), "a/Cherry"),
        ("[[x/Cherry]]", ("Cherry.md",), "Cherry"),
    ],
)
def test_the_nearest_file_of_the_same_kind_is_named(link: str, files: Files, meant: str) -> None:
    ((_, _, message),) = found(BROKEN, link, files)
    assert message.endswith(f": did you mean `{meant}`?")


@pytest.mark.parametrize("files", [("Cherry.png",), ("Apple.md",), ()])
def test_without_a_near_name_nothing_is_guessed(files: Files) -> None:
    ((_, _, message),) = found(BROKEN, "[[Cherri]]", files)
    assert message == "there is no `Cherri` in the vault"


def test_names_are_searched_only_for_what_is_shown() -> None:
    here = vault("[[x/Cherri]]", ("Cherry.md",), "note.md")
    assert len(engine.findings(here, engine.select(LintSettings(select=("LNK001",))))) == 1
    assert here.suggestions == {}


def test_suggestions_that_are_forgotten_are_found_again() -> None:
    here = vault("[[x/Cherri]]", ("Cherry.md",), "note.md")
    assert here.nearest("x/Cherri") == "Cherry"
    here.forget()
    assert here.suggestions == {}
    assert here.nearest("x/Cherri") == "Cherry"


@pytest.mark.parametrize(
    ("link", "written"),
    [
        ("[[oak]]", "[[Tree|oak]]"),
        ("![[Oak]]", "![[Tree|Oak]]"),
        ("[[ Oak ]]", "[[ Tree|Oak]]"),
        ("[[Oak| ]]", "[[Tree|Oak]]"),
        ("[[Oak|the oak]]", "[[Tree|the oak]]"),
        ("[[Oak#Leaves]]", "[[Tree#Leaves|Oak > Leaves]]"),
        ("[[Oak#^id|it]]", "[[Tree#^id|it]]"),
        ("[[the tree]]", "[[Tree|the tree]]"),
        ("---\nup: '[[Oak]]'\n---\n", "---\nup: '[[Tree|Oak]]'\n---\n"),
        ("| a |\n|---|\n| [[Oak]] |\n", "| a |\n|---|\n| [[Tree\\|Oak]] |\n"),
        ("a|-\n\n[[Oak]]\n", "a|-\n\n[[Tree|Oak]]\n"),
    ],
)
def test_an_alias_becomes_what_the_link_shows(link: str, written: str) -> None:
    assert fixed("LNK007", link, TREE) == written
    assert found(BROKEN, written, TREE) == []


def test_an_alias_of_a_note_whose_name_is_not_unique() -> None:
    files = {"a/Tree.md": TREE["Tree.md"], "b/Tree.md": ""}
    assert fixed("LNK007", "[[Oak]]", files) == "[[a/Tree|Oak]]"


def test_an_alias_of_several_notes_is_for_the_author_to_settle() -> None:
    files = {"a.md": "---\nalias: x\n---\n", "b.md": "---\nAliases: [X, x]\n---\n"}
    assert found(BROKEN, "[[x]]", files) == [
        ("LNK007", "[[x]]", "`x` is an alias of a.md and b.md: link to one of them")
    ]
    assert fixed("LNK007", "[[x]]", files) == "[[x]]"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("[[Oak]]", "a|b.md"),
        ("[[Oak]]", "a#b.md"),
        ("---\nup: '[[Oak]]'\n---\n", "It's.md"),
        ('---\nup: "[[O\\u0061k]]"\n---\n', "Tree.md"),
    ],
)
def test_where_the_name_cannot_be_written_there_is_no_fix(text: str, path: str) -> None:
    files = {path: TREE["Tree.md"]}
    assert [code for code, *_ in found(BROKEN, text, files)] == ["LNK007"]
    assert fixed("LNK007", text, files) == text


def test_an_ambiguous_link_names_the_files() -> None:
    assert found("LNK005", "[[x]] [[aa/x]]", ("aa/x.md", "bb/x.md")) == [
        ("LNK005", "[[x]]", "`x` may be any of aa/x.md, bb/x.md: write the path")
    ]


def test_a_target_that_git_does_not_track() -> None:
    files = ("new.md", "old.md", "new.png")
    text = "[[new]] [[old]] ![[new.png]] [[nowhere]] [[#x]]"
    said = found("LNK013", text, files, tracked=["note.md", "old.md"])
    assert [item[1] for item in said] == ["[[new]]", "![[new.png]]"]
    assert (
        said[0][2] == "git does not track new.md, so this link is broken in a clone: `git add` it"
    )


@pytest.mark.parametrize(
    "tracked",
    [
        None,
        [],
        ["new.md"],
        ["note.md", "sub"],
        ["note.md", "SUB/New.md"],
    ],
    ids=["no git", "nothing", "not this note", "in a submodule", "in another letter case"],
)
def test_what_a_clone_would_have_or_not_miss(tracked: list[str] | None) -> None:
    assert found("LNK013", "[[new]]", ("sub/new.md",), tracked=tracked) == []


def test_what_git_tracks_is_known_after_a_fix_too() -> None:
    here = vault("[[Oak]]", TREE, "note.md", tracked=["note.md"])
    selection = engine.select(LintSettings(select=("LNK007", "LNK013")))
    after = fix(here, selection).context
    assert [item.code for item in engine.findings(after, selection)] == ["LNK013"]


def test_a_view_that_is_not_there_is_found() -> None:
    others = {"a.base": "views:\n  - type: table\n    name: 'All: books'\n", "b.base": "views: ["}
    text = "![[a.base#All books]] [[a.base#None]] [[b.base#Any]]\n"
    message = "there is no view `None` in a.base"
    assert found("LNK003", text, others) == [("LNK003", "[[a.base#None]]", message)]


def test_a_link_of_a_text_card_is_checked_but_not_fixed() -> None:
    card = '{"nodes": [{"type": "text", "text": "[[/nowhere]] [[note#None]]"}]}'
    here = found("LNK001 LNK003", card, {"note.md": ""}, "a.canvas")
    assert [span for _, span, _ in here] == ["[[/nowhere]]", "[[note#None]]"]


@pytest.mark.parametrize("target", ["a.py", "b.docx", "run.sh", "c/Makefile.in"])
def test_a_file_of_any_type_is_a_target(target: str) -> None:
    assert found("LNK001 LNK002 LNK014", f"[[{target}]] [x]({target})\n", (target,)) == []
