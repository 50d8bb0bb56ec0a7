"""Links of random merges: what leads to a note leads to it afterwards, whatever its name is."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st
from tests.app.sync.merging import Clash, Files
from tests.conftest import examples

_LINK = re.compile(r"\[\[(\w+)\]\]")
NOTES = ("ants", "bees", "crabs", "ducks")


class Step(NamedTuple):
    """What a side does: to a note, and to which other one it adds a link."""

    kind: str
    note: int
    other: int


class Side(NamedTuple):
    """The notes of a side, by name; of those of the base all their names, and which it deleted."""

    notes: dict[str, str]
    names: list[list[str]]
    deleted: set[int]


_STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(["rename", "rename", "link", "new", "delete"]),
        st.integers(0, len(NOTES) - 1),
        st.integers(0, len(NOTES) - 1),
    ),
    max_size=4,
)


def base() -> dict[str, str]:
    """Return notes with links in a circle, each of words of its own, so that git can pair them."""
    circle = zip(NOTES, (*NOTES[1:], NOTES[0]), strict=True)
    return {
        name: "".join(f"{name} {line}.\n\n" for line in range(20)) + f"See [[{other}]].\n"
        for name, other in circle
    }


def side(steps: list[Step], letter: str) -> Side:
    """Return what a side makes of the notes; where it renames one, it rewrites the links."""
    notes, names, deleted = base(), [[name] for name in NOTES], set[int]()
    for number, (kind, place, other) in enumerate(steps):
        name, target, new = names[place][-1], names[other][-1], f"{letter}{number}"
        if name not in notes or target not in notes:
            continue
        if kind == "rename":
            notes[new] = notes.pop(name)
            notes = {one: text.replace(f"[[{name}]]", f"[[{new}]]") for one, text in notes.items()}
            names[place].append(new)
        elif kind == "delete":
            del notes[name]
            deleted.add(place)
        else:
            source = name if kind == "link" else f"{new}n"
            notes[source] = notes.get(source, "") + f"\nMore of [[{target}]].\n"
    return Side(notes, names, deleted)


@examples(10)
@given(_STEPS, _STEPS)
def test_links_lead_to_what_they_led_to(ours: list[Step], theirs: list[Step]) -> None:
    sides = side(ours, "o"), side(theirs, "t")
    before = base()
    first, second = (changes(before, one.notes) for one in sides)
    with tempfile.TemporaryDirectory() as folder:
        clash = Clash(Path(folder, "v"), changes({}, before), first, second)
        found = {path.removesuffix(".md"): text for path, text in clash.result().items()}
    wanted = {target for text in found.values() for target in _LINK.findall(text)}
    gone = sides[0].deleted | sides[1].deleted
    allowed = {name for one in sides for place in gone for name in one.names[place]}
    assert wanted - found.keys() <= allowed


def changes(before: dict[str, str], after: dict[str, str]) -> Files:
    """Return what to write so that some notes become others."""
    removed = dict.fromkeys(before.keys() - after.keys())
    return {f"{name}.md": text for name, text in {**removed, **after}.items()}
