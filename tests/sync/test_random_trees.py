"""Merges of random trees: what one side did is taken, and no word of either side is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import examples

from vaultsync.core.config import Config
from vaultsync.core.model import content_id
from vaultsync.sync.merge_contents import ContentMerge, Side, entries_of, is_kept
from vaultsync.sync.merge_tree import follow, place
from vaultsync.sync.three_way import versions

_WORD = re.compile(r"\b[ot]\d+\b")
BASE = {
    "a.md": "A one.\n\nA two.\n",
    "b.md": "---\ntags: [x]\n---\n\nB one.\n",
    "in/c.md": "C one.\n",
    "d.py": "d = 1\ne = 2\n",
    "e.png": "\0",
    ".obsidian/app.json": '{"a": "1"}',
}
NAMES = [*BASE, "n.md", "N.md", "in", "in/n.md", "A.md", "a.md/x.md"]


class File(NamedTuple):
    """A file as git has it."""

    mode: str
    id: str
    is_regular: bool = True


class Step(NamedTuple):
    """What a side does to a file."""

    kind: str
    name: str
    other: str


class Version(NamedTuple):
    """The texts of a side, and what it renamed."""

    texts: Mapping[str, str]
    renames: Mapping[str, str]


_STEPS = st.builds(
    Step,
    st.sampled_from(["edit", "add", "rename", "delete"]),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
)
_SIDE = st.lists(_STEPS, max_size=6)


def fits(name: str, texts: Mapping[str, str]) -> bool:
    """Whether a folder can have a file of this name: none is there, and no file is a folder."""
    return not any(
        one == name or one.startswith(f"{name}/") or name.startswith(f"{one}/") for one in texts
    )


def version(steps: list[Step], letter: str) -> Version:
    """Return what the steps make of the base; each edit adds a word of its own."""
    texts, names = dict(BASE), {name: name for name in BASE}
    for number, (kind, name, other) in enumerate(steps):
        word = f"{letter}{number}"
        if kind == "add" and fits(name, texts):
            texts[name] = f"{word}\n"
        elif name in texts and kind == "edit":
            texts[name] = edited(texts[name], word)
        elif name in texts and kind == "delete":
            del texts[name]
        elif name in texts and kind == "rename" and fits(other, texts):
            texts[other] = texts.pop(name)
            names = {old: other if new == name else new for old, new in names.items()}
    renames = {old: new for old, new in names.items() if old not in texts and new in texts}
    return Version(texts, {old: new for old, new in renames.items() if new not in BASE})


def edited(text: str, word: str) -> str:
    """Return a text with another word."""
    return text[:-1] + f', "{word}": "{word}"' + "}" if text.endswith("}") else f"{text}\n{word}\n"


def merged(base: Version, ours: Version, theirs: Version) -> dict[str, str]:
    """Return the texts of three versions as one."""
    sides = versions(
        Side({path: File("100644", content_id(text.encode())) for path, text in one.texts.items()})
        for one in (base, ours, theirs)
    )
    trees = versions(side.files for side in sides)
    followed = follow(versions(trees), (ours.renames, theirs.renames))
    kept = [one for one in followed if is_kept(entries_of(one, trees))]
    merge = ContentMerge(place(kept, versions(trees), "host"), sides, Config(), "host")
    texts = [text.encode() for one in (base, ours, theirs) for text in one.texts.values()]
    by_id = {content_id(text): text for text in texts}
    merge.merge({identity: by_id[identity] for identity in merge.wanted()})
    found = {path: by_id[one.id] for path, one in merge.found.items()}
    found |= {path: text for path, (_, text) in merge.new.items()}
    return {path: text.decode() for path, text in found.items()}


@examples(300)
@given(_SIDE)
def test_what_one_side_alone_did_is_taken(steps: list[Step]) -> None:
    base, side = version([], ""), version(steps, "o")
    assert merged(base, side, base) == side.texts
    assert merged(base, base, side) == side.texts
    assert merged(base, side, side) == side.texts


@examples(500)
@given(_SIDE, _SIDE)
def test_no_word_is_lost(ours: list[Step], theirs: list[Step]) -> None:
    base, one, other = version([], ""), version(ours, "o"), version(theirs, "t")
    found, back = merged(base, one, other), merged(base, other, one)
    assert words(found) == words(back) == words(one.texts) | words(other.texts)
    assert all(fits(path, {p: "" for p in found if p != path}) for path in found)
    assert "<<<<<<<" not in "".join(found.values())


def words(texts: Mapping[str, str]) -> set[str]:
    """Return the words that sides added, wherever they are."""
    return {word for text in texts.values() for word in _WORD.findall(text)}
