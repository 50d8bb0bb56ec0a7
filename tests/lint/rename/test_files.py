"""Links after a rename lead where they led before, and only targets change."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.lint.rename.renamed import Reached, Texts, leads, renamed, vault_of

from vaultsync.core.config import Config
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Vault
from vaultsync.core.text import apply_edits
from vaultsync.lint.rename import Files, rename
from vaultsync.markdown import parse
from vaultsync.notes.link_index import name_key


def moved(files: Texts, moves: Mapping[str, str]) -> dict[str, str]:
    """Return the files after a rename."""
    return renamed(files, Files(moves))


def after(text: str, moves: Mapping[str, str], files: Texts, source: str = "s.md") -> str:
    """Return the text of a note when other files are renamed."""
    return moved({**files, source: text}, moves)[moves.get(source, source)]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("[[Old]] ![[Old]] [[Old#H|x]] [[Old|Old]]", "[[New]] ![[New]] [[New#H|x]] [[New|Old]]"),
        ("[[old]] [[Old.md]] [[OLD.MD]]", "[[New]] [[New.md]] [[New.md]]"),
        ("[[A/Old]] [[/A/Old]] [[./A/Old.md]]", "[[B/C/New]] [[/B/C/New]] [[./B/C/New.md]]"),
        (
            '[t](Old.md#H "x") [t](<A/Old.md>) ![t](Old)',
            '[t](New.md#H "x") [t](<B/C/New.md>) ![t](New)',
        ),
        ("| a |\n|---|\n| [[Old\\|x]] |", "| a |\n|---|\n| [[New\\|x]] |"),
        ('---\nup: "[[Old]]"\n---\n', '---\nup: "[[New]]"\n---\n'),
        ("%% [[Old]] %% ==[[Old]]==", "%% [[New]] %% ==[[New]]=="),
        (
            "`[[Old]]` <!-- [[Old]] --> [[Older]] [[A]]",
            "`[[Old]]` <!-- [[Old]] --> [[Older]] [[A]]",
        ),
    ],
)
def test_only_targets_change_in_the_form_that_they_have(before: str, expected: str) -> None:
    assert after(before, {"A/Old.md": "B/C/New.md"}, {"A/Old.md": ""}) == expected


def test_a_relative_link_and_a_part_of_a_path_stay_such() -> None:
    files = {"X/A/Old.md": "", "X/A/s.md": "[[./Old]] [[A/Old]] [[../A/Old]]"}
    found = moved(files, {"X/A/Old.md": "X/B/New.md"})["X/A/s.md"]
    assert found == "[[../B/New]] [[B/New]] [[../B/New]]"


def test_links_of_a_moved_note_are_pinned() -> None:
    files = {"A/s.md": "[[n]] [[./n]] [[#H]] [[s]] [[none]]", "A/n.md": "", "B/n.md": ""}
    found = moved(files, {"A/s.md": "B/s.md"})["B/s.md"]
    assert found == "[[A/n]] [[../A/n]] [[#H]] [[s]] [[none]]"


def test_a_link_that_a_new_name_would_shift_is_pinned() -> None:
    files = {"A/n.md": "", "B/o.md": "", "B/s.md": "[[n]] [[o]]"}
    assert moved(files, {"B/o.md": "B/n.md"})["B/s.md"] == "[[A/n]] [[n]]"


def test_a_link_that_became_ambiguous_is_pinned() -> None:
    files = {"A/n.md": "", "B/o.md": "", "s.md": "[[n]] [[o]]"}
    assert moved(files, {"B/o.md": "B/n.md"})["s.md"] == "[[A/n]] [[B/n]]"


def test_a_link_leads_on_by_a_quirk_only_if_it_did_before() -> None:
    files = {"A/B/s.md": "[[../o]] [[y/o]]", "A/o.md": "", "xy/o.md": ""}
    found = moved(files, {"A/B/s.md": "s.md"})
    assert found["s.md"] == "[[./A/o]] [[y/o]]"


def test_a_link_that_leads_nowhere_stays_even_if_it_would_lead_somewhere() -> None:
    assert after("[[New]]", {"Old.md": "New.md"}, {"Old.md": ""}) == "[[New]]"


def test_a_note_that_another_file_would_hide_is_named_with_its_ending() -> None:
    for hiding in ("B/x.png", "B/v1.2"):
        new = f"A/{posixpath.basename(hiding)}.md"
        found = after("[[Old]] [[A/Old]]", {"A/Old.md": new}, {"A/Old.md": "", hiding: ""})
        assert found == f"[[{new[2:]}]] [[{new}]]"


def test_the_old_name_becomes_an_alias() -> None:
    files = {"Old.md": "---\nAliases: Older\n---\nText\n", "b.md": "x"}
    found = moved(files, {"Old.md": "New.md"})
    assert found["New.md"] == "---\nAliases:\n  - Old\n  - Older\n---\nText\n"
    # Neither twice, nor for another letter case or another folder.
    assert (
        moved({"New.md": "---\naliases: [x]\n---\n"}, {"New.md": "x.md"})["x.md"].count("New") == 1
    )
    back = moved({"x.md": "---\naliases: [x]\n---\n"}, {"x.md": "y.md"})
    assert back == {"y.md": "---\naliases: [x]\n---\n"}
    assert moved({"Old.md": ""}, {"Old.md": "A/old.md"}) == {"A/old.md": ""}


def test_an_alias_is_put_where_the_type_has_it() -> None:
    from vaultsync.core.config.read import load_config

    config = load_config('[types.t]\nmatch = ["*.md"]\nproperties = {aliases = {}, b = {}}\n')
    text = "---\nb: 1\n---\n"
    edits = rename(vault_of({"Old.md": text}), config, Files({"Old.md": "New.md"})).edits
    assert apply_edits(text, edits["Old.md"]) == "---\naliases:\n  - Old\nb: 1\n---\n"


def test_the_other_letter_case_of_a_name_is_followed() -> None:
    assert (
        after("[[note]] [[NOTE]]", {"note.md": "Note.md"}, {"note.md": ""}) == "[[Note]] [[NOTE]]"
    )
    found = after("[[../note]]", {"note.md": "Note.md"}, {"note.md": ""}, "A/s.md")
    assert found == "[[../Note]]"


def test_a_canvas_is_followed() -> None:
    nodes = [
        {"type": "file", "file": "A/Old.md", "subpath": "#H"},
        {"type": "group", "background": "A/Old.md"},
        {"type": "text", "text": 'é 😀\n"[[Old#H|x]]" [t](A/Old.md)'},
    ]
    for plain in (True, False):
        text = json.dumps({"nodes": nodes}, ensure_ascii=plain)
        found = after(text, {"A/Old.md": 'B/N"é.md'}, {"A/Old.md": ""}, "c.canvas")
        after_nodes = json.loads(found)["nodes"]
        assert [one.get("file") or one.get("background") for one in after_nodes[:2]] == [
            'B/N"é.md'
        ] * 2
        assert after_nodes[2]["text"] == 'é 😀\n"[[N"é#H|x]]" [t](B/N"é.md)'


@pytest.mark.parametrize(
    ("files", "new", "message"),
    [
        ({"s.md": "[[Old]]"}, "a|b.md", r"s\.md:1: `\[\[Old\]\]` cannot be written so that it"),
        ({"s.md": "[t](Old.md)"}, "a#b.md", r"s\.md:1: `\[t\]\(Old\.md\)` cannot be written"),
        ({"s.md": '---\na: "[[Old]]"\n---\n'}, 'a"b.md', r"s\.md:2: .* cannot be written"),
        (
            {"c.canvas": '{"nodes": [{"type": "text", "t\\u0065xt": "[[Old]]"}]}'},
            "b.md",
            "cannot be",
        ),
        (
            {"s.md": "[[Old]] [[Old]]", "t.md": "[[Old]]"},
            "a|b.md",
            r"\(1 are like it\)|\(1 more are",
        ),
        ({"s.md": "`a [[Old]]"}, "a`b.md", "would be read otherwise: choose another name"),
        ({"s.md": "x"}, "b.md", None),
    ],
)
def test_a_name_that_a_link_cannot_express_is_refused(
    files: Texts, new: str, message: str | None
) -> None:
    if message is None:
        assert moved({**files, "Old.md": ""}, {"Old.md": new})
        return
    with pytest.raises(VaultError, match=message):
        moved({**files, "Old.md": ""}, {"Old.md": new})


def test_what_cannot_be_read_or_written_is_refused() -> None:
    vault = Vault({"a.md": parse("a.md", b"\xff")}, frozenset(["a.md", "b.png"]))
    with pytest.raises(VaultError, match=r"a\.md: it cannot be read, so where its links lead is"):
        rename(vault, Config(), Files({"b.png": "c.png"}))
    with pytest.raises(VaultError, match=r"Old\.md: its properties cannot take the old name"):
        moved({"Old.md": "---\na: [\n---\n"}, {"Old.md": "New.md"})


_NAMES = st.sampled_from(["a", "b", "B", "ab", "c d", "é", "v1.2", "a.png"])
_FOLDERS = st.sampled_from(["", "a/", "A b/", "a/b/", "ab/", "b/a/"])
_PATHS = st.builds(lambda folder, name: f"{folder}{name}.md", _FOLDERS, _NAMES)
_FORMS = [
    "[[{}]]",
    "![[{}|x]]",
    "[t](<{}>)",
    "[[{}#H]]",
    "\n- [t](<{}.md>)",
    "[[./{}]]",
    "[[../{}]]",
]
_TARGETS = st.builds(str.__add__, st.sampled_from(["", "", "a/", "b/", "a/b/", "/", "/a/"]), _NAMES)
_TEXTS = st.lists(st.builds(str.format, st.sampled_from(_FORMS), _TARGETS), max_size=5).map(
    " ".join
)


@st.composite
def vaults(draw: st.DrawFn) -> dict[str, str]:
    """Return files of which no two differ in letter case alone."""
    found = draw(st.dictionaries(_PATHS, _TEXTS, min_size=1, max_size=8))
    if draw(st.booleans()):
        found["a.png"] = ""
    canvas = {
        "nodes": [{"type": "file", "file": draw(_PATHS)}, {"type": "text", "text": draw(_TEXTS)}]
    }
    found["c.canvas"] = json.dumps(canvas)
    return {path: text for path, text in found.items() if _first(path, found) == path}


def _first(path: str, files: Texts) -> str:
    return next(one for one in files if name_key(one) == name_key(path))


@st.composite
def renames(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, str]]:
    """Return files, and moves of one of them or of a folder to names that nothing has."""
    files = draw(vaults())
    old = draw(st.sampled_from(sorted(files)))
    folder = posixpath.dirname(old)
    if folder and draw(st.booleans()):
        new = draw(_FOLDERS.filter(bool)).strip("/") + draw(st.sampled_from(["", "/z"]))
        moves = {p: new + p[len(folder) :] for p in files if p.startswith(f"{folder}/")}
    else:
        ending = posixpath.splitext(old)[1]
        moves = {old: draw(_FOLDERS) + draw(_NAMES) + ending}
    kept = {name_key(path) for path in files.keys() - moves.keys()}
    taken = any(name_key(new) in kept for new in moves.values())
    return files, {} if taken else {p: new for p, new in moves.items() if p != new}


@given(renames())
@example(({"a/b.md": "[[b]]", "b.md": ""}, {"b.md": "ab/b.md"}))
def test_any_rename_of_any_vault_keeps_where_every_link_leads(
    made: tuple[dict[str, str], dict[str, str]],
) -> None:
    files, moves = made
    try:
        found = moved(files, moves)
    except VaultError:
        return
    before, now = leads(files), leads(found)
    for path, targets in before.items():
        answers = now[moves.get(path, path)]
        assert len(answers) == len(targets)
        for (old, _), (new, _) in zip(targets, answers, strict=True):
            assert old is None or new == moves.get(old, old)


@given(renames())
def test_there_and_back_restores_all_but_aliases_and_pins(
    made: tuple[dict[str, str], dict[str, str]],
) -> None:
    files, moves = made
    try:
        there = moved(files, moves)
        back = moved(there, {new: old for old, new in moves.items()})
    except VaultError:
        return
    assert back.keys() == files.keys()
    assert _resolved(leads(files), leads(back))


def _resolved(before: Mapping[str, list[Reached]], now: Mapping[str, list[Reached]]) -> bool:
    pairs = [pair for path in before for pair in zip(before[path], now[path], strict=True)]
    return all(old[0] is None or old == new for old, new in pairs)


_PLAIN = st.sampled_from(["p", "q r", "é", "s.t"])


@given(
    st.lists(
        st.sampled_from(
            ["[[{0}]]", "[[{1}{0}]]", "[t](<{1}{0}.md#h>)", "![[{0}.md|x]]", "[[/{1}{0}]]"]
        )
    ),
    st.tuples(_PLAIN, st.sampled_from(["", "a/", "a/b/"])),
    st.tuples(_PLAIN, st.sampled_from(["c/", "a/b/c/"])),
)
def test_there_and_back_gives_the_same_bytes_where_names_are_unique(
    forms: list[str], old: tuple[str, str], new: tuple[str, str]
) -> None:
    text = " ".join(form.format(*old) for form in forms)
    first, second = (f"{folder}{name}.md" for name, folder in (old, new))
    there = moved({"x/s.md": text, first: text}, {first: second})
    back = moved(there, {second: first})
    assert back["x/s.md"] == text
    assert back[first].endswith(text)


def test_an_old_name_joins_the_aliases_of_notes_alone() -> None:
    files = {"old.canvas": "{}", "old.base": "", "s.md": ""}
    what = Files({"old.canvas": "new.canvas", "old.base": "new.base"})
    assert renamed(files, what) == {"new.canvas": "{}", "new.base": "", "s.md": ""}


def test_after_a_rename_by_somebody_else_links_follow_as_far_as_they_can() -> None:
    unwritable = '---\nup: "[[\\u004fld]]"\n---\n[[Old]]\n'
    files = {"Old.md": "Text.\n", "s.md": unwritable, "t.md": "[[Old]]\n"}
    vault, what = vault_of(files), Files({"Old.md": "New.md"}, moved_before=True)
    found = rename(vault, Config(), what)
    assert found.edits.keys() == {"t.md"}
    assert len(found.remarks) == 1
    assert found.remarks[0].startswith('s.md:2: `"[[\\u004fld]]"` cannot be written so')
    broken = Vault({**vault.documents, "u.md": parse("u.md", b"\xff")}, vault.files | {"u.md"})
    remarks = rename(broken, Config(), what, {"u.md": b"\xff [[Old]]"}).remarks
    assert remarks[0] == "u.md: it cannot be read, and stays as it is"
    assert rename(broken, Config(), what, {"u.md": b"\xff"}).remarks == found.remarks
    odd = vault_of({"Old.md": "", "s.md": "`a [[Old]]", "t.md": "[[Old]]"})
    found = rename(odd, Config(), Files({"Old.md": "a`b.md"}, moved_before=True))
    assert found.edits.keys() == {"t.md"}
    assert "would be read otherwise" in found.remarks[0]
