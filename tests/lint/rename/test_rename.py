"""Any rename of any vault keeps what every link leads to, and can be taken back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.lint.rename.renamed import Reached, Texts, leads, renamed, vault_of

from vaultsync.core.config import Config
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Vault
from vaultsync.lint.rename import Files, Place, Rename, Tag, rename
from vaultsync.markdown import parse

_WORDS = st.sampled_from(
    ["a", "b", "A", "a b", "é", "b!", "a: b", "#a", "[[n#a]]", "[[m]]", "a ^x"]
)
_LINES = st.one_of(
    st.builds("{} {}".format, st.sampled_from(["#", "##", "###"]), _WORDS),
    st.builds("text {}".format, st.sampled_from(["^x", "^X", "^y", "#a", "#a/b", "#B"])),
    st.builds(
        str.format,
        st.sampled_from(["[[n#{}]]", "![[{}]]", "[[#{}|t]]", "[t](<n.md#{}>)", "[[m#{}]]"]),
        st.sampled_from(["a", "b", "A", "a b", "a#b", "a#a", "é", "^x", "^y", "n a", "m"]),
    ),
)
_NOTES = st.lists(_LINES, max_size=8).map(lambda lines: "\n\n".join(lines) + "\n")
_TAGS = st.sampled_from(["", "---\ntags: [a, B/c]\n---\n", "---\nup: '[[n#a]]'\ntags: a\n---\n"])
_CANVAS = '{"nodes": [{"type": "file", "file": "n.md", "subpath": "#a"}]}'
_NAMES = st.sampled_from(["a", "b", "A", "c d", "c", "x", "y", "é!", "[[m]]", "q|r", "`"])


@st.composite
def _renames(draw: st.DrawFn) -> tuple[dict[str, str], Rename]:
    """Return a vault of two notes, and a rename of something in it."""
    files = {path: draw(_TAGS) + draw(_NOTES) for path in ("n.md", "m.md")}
    files["c.canvas"] = _CANVAS
    document = parse("n.md", files["n.md"])
    kinds: list[Rename] = [
        Files({"n.md": f"{draw(_NAMES)}.md"}),
        Tag(draw(st.sampled_from(["a", "B", "a/b"])), draw(_NAMES)),
    ]
    new = draw(_NAMES)
    kinds += [Place("n.md", "heading", at, new) for at in range(len(document.headings))]
    kinds += [Place("n.md", "block", at, new) for at in range(len(document.blocks))]
    return files, draw(st.sampled_from(kinds))


@given(_renames())
@example(({"n.md": "# a\n\n## a [[#a]]\n\n[[#a a]]\n"}, Place("n.md", "heading", 0, "b")))
def test_any_rename_of_any_vault_keeps_what_every_link_leads_to(
    made: tuple[dict[str, str], Rename],
) -> None:
    files, what = made
    try:
        found = renamed(files, what)
    except VaultError:
        return
    moves = what.moves if isinstance(what, Files) else {}
    before, now = leads(files), leads(found)
    for path in before:
        places = _kept(files, before[path], path, what)
        answers = _kept(found, now[moves.get(path, path)], path, what)
        for (old, place), (new, other) in zip(places, answers, strict=True):
            assert old is None or new == moves.get(old, old)
            assert old is None or place is None or other == place


def _kept(files: Texts, places: list[Reached], path: str, what: Rename) -> list[Reached]:
    """Return what the links of a note lead to, without those in a text that is replaced."""
    if not (isinstance(what, Place) and what.kind == "heading" and path == what.path):
        return places
    document = parse(path, files[path])
    heading = document.headings[what.number]
    links = sorted(document.internal, key=lambda link: link.start)
    pairs = zip(links, places, strict=True)
    return [one for link, one in pairs if not heading.start <= link.start < heading.end]


@given(_renames())
def test_there_and_back_gives_the_same_bytes_but_for_aliases_and_pins(
    made: tuple[dict[str, str], Rename],
) -> None:
    files, what = made
    try:
        there = renamed(files, what)
        back = renamed(there, _reverse(files, what))
    except VaultError:
        return
    # What led nowhere may have come to lead to the new name, and then be taken along.
    for path in files.keys() - {"c.canvas"}:
        pairs = zip(leads(files)[path], leads(back)[path], strict=True)
        assert all(new[0] == old[0] for old, new in pairs if old[0])
        assert _without_pins(back[path]) == _without_pins(files[path])


_FORMS = [
    "[[n#{0}]]",
    "![[n#x#{0}|t]]",
    "[t](<n.md#{0}>)",
    "[[n#^{1}]]",
    "#{2} ",
    "#{2}/z ",
    "[[n]]",
]


@given(
    st.lists(st.sampled_from(_FORMS)), st.permutations(["p", "q r", "é", "U v"]), st.integers(0, 2)
)
def test_there_and_back_gives_the_same_bytes_where_names_are_unique(
    forms: list[str], names: list[str], kind: int
) -> None:
    heading, new, tag, _ = names
    text = " ".join(form.format(heading, "b1", tag.split()[0]) for form in forms)
    files = {
        "n.md": f"---\ntags: [{tag.split()[0]}]\n---\n# x\n\n## {heading}\n\n{text}\n\nt ^b1\n",
        "s.md": f"{text}\n",
        "c.canvas": json.dumps({"nodes": [{"type": "text", "text": text}]}, ensure_ascii=False),
    }
    what: Rename = (
        Place("n.md", "heading", 1, new),
        Place("n.md", "block", 0, "b2"),
        Tag(tag.split()[0], "other/one"),
    )[kind]
    there = renamed(files, what)
    assert there != files
    assert renamed(there, _reverse(files, what)) == files


def _reverse(files: Texts, what: Rename) -> Rename:
    if isinstance(what, Files):
        return Files({new: old for old, new in what.moves.items()})
    if isinstance(what, Tag):
        return Tag(what.new, what.old)
    document = parse(what.path, files[what.path])
    places: Mapping[str, str] = {
        "heading": document.headings[what.number].text if what.kind == "heading" else "",
        "block": document.blocks[what.number].id if what.kind == "block" else "",
    }
    return Place(what.path, what.kind, what.number, places[what.kind])


def _without_pins(text: str) -> str:
    """Return a text without its links and aliases, in one letter case."""
    text = re.sub(r"aliases:\n(?:  - .*\n)+", "", text).removeprefix("---\n---\n")
    return re.sub(r"\[\[[^\]]*\]\]|\]\([^)]*\)", "", text).lower()


@pytest.mark.parametrize(
    ("data", "matters"),
    [
        (b"[[Old one]] \xff", True),
        (b"[x](Old%20one.md) \xff", True),
        ("[[old one]] \u00ff".encode("utf-16"), True),
        ("[[Old one]] \u00ff".encode("latin-1"), True),
        (b"[[other]] one \xff", False),
        (b"[[new]] \xff", True),
        (None, True),
    ],
)
def test_a_note_that_cannot_be_read_matters_if_it_may_name_what_is_concerned(
    data: bytes | None, *, matters: bool
) -> None:
    documents = {"x.md": parse("x.md", b"\xff"), "Old one.md": parse("Old one.md", "# H\n")}
    vault = Vault(documents, frozenset(documents))
    for what in (Files({"Old one.md": "new.md"}), Place("Old one.md", "heading", 0, "new")):
        if matters and not (isinstance(what, Place) and data and b"new" in data):
            with pytest.raises(VaultError, match=r"x\.md: it cannot be read, so where its links"):
                rename(vault, Config(), what, {"x.md": data})
        else:
            remarks = rename(vault, Config(), what, {"x.md": data}).remarks
            assert remarks == ("x.md: it cannot be read, and stays as it is",)


def test_what_a_name_without_words_may_be_in_is_not_known() -> None:
    documents = {"x.md": parse("x.md", b"\xff"), "s.md": parse("s.md", "#\u00e9")}
    vault = Vault(documents, frozenset(documents))
    with pytest.raises(VaultError, match="it cannot be read"):
        rename(vault, Config(), Tag("\u00e9", "e"), {"x.md": b"\xff"})
    with pytest.raises(VaultError, match="it cannot be read"):
        rename(vault, Config(), Files({"x.md": "y.md"}), {"x.md": b"\xff"})


def test_all_problems_are_counted() -> None:
    with pytest.raises(VaultError, match=r"\(1 more are like it\): nothing was renamed"):
        rename(
            vault_of({"n.md": "# a\n", "s.md": "[[n#a]]", "t.md": "[[n#a]]"}),
            Config(),
            Place("n.md", "heading", 0, "!"),
        )
