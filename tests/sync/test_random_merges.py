"""Merges of random versions: no word that a side added is lost, and none appears by itself."""

from __future__ import annotations

import re
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st
from tests.blocks.sample import TOML
from tests.conftest import examples

from vaultsync.core.config.read import load_config
from vaultsync.core.text import apply_edits
from vaultsync.markdown import parse
from vaultsync.markdown.conflict_callouts import Choice, find_callouts
from vaultsync.sync.merge_note import merge_note

CONFIG = load_config(TOML.replace('required = ["title", "status"]', 'checked = "checked"'))
TYPED, UNTYPED = "Claims/a.md", "b.md"
_WORD = re.compile(r"\w+")
# The words of the marks around a conflict, and a property that a merge may remove.
_MARKS = {
    "checked",
    "conflict",
    "Instead",
    "of",
    "the",
    "block",
    "blocks",
    "above",
    "whole",
    "note",
}
BASE = (
    ("title: Old",),
    ("status: open",),
    ("tags: [red, blue]",),
    ("aliases:", "  - one", "  - two"),
    ("checked: 2026-01-01",),
    ("---", ""),
    ("Claim holds.", ""),
    ("Caveat: perhaps", "in several lines.", ""),
    ("Prose here.", ""),
    ("## Sources", ""),
    ("- original: [S](https://example.org/1), Ada 2024",),
    ("- contrary: [T](https://example.org/2), Bob 2025", "  - nested"),
    ("Between items.", ""),
    ("## Related", ""),
    ("- [[x]]: because",),
    ("- [[y]]: tension: though (crux: who)", ""),
    ("## Else", ""),
    ("```", "code", "```", ""),
    ("| a | b |", "| - | - |", "| c | d |", ""),
    ("## Open questions", ""),
    ("- Why?",),
    ("- Where?",),
)


class Change(NamedTuple):
    """A change of the part at a place; a new word has the number."""

    kind: str
    place: int
    number: int


_CHANGES = st.builds(
    Change,
    st.sampled_from(["reword", "append", "delete", "insert", "item", "move", "split"]),
    st.integers(0, len(BASE) - 1),
    st.integers(0, 3),
)
_SIDE = st.lists(_CHANGES, max_size=5)
CHECKED, FENCE = 4, 5
_FORM = st.sampled_from(["", "\r\n", "bom", "no end"])


def version(changes: list[Change], side: str, form: str = "") -> str:
    """Return the base with changes; the words that they add have the side's name."""
    parts = [list(part) for part in BASE]
    for at, (kind, place, number) in enumerate(changes):
        word = f"{side}{number}x{at}"
        part = parts[place] or [""]
        if place == CHECKED:
            part = [f"checked: 2026-02-{number + 10}"]
        elif kind == "reword":
            part[0] = re.sub(r"\w+(?=\W*$)", word, part[0])
        elif kind == "append":
            part[-1] += f" {word}"
        elif kind == "delete" and place != FENCE:
            part = []
        elif kind == "insert":
            part = [f"{word}: {word}", *part] if place <= FENCE else [f"Text {word}.", "", *part]
        elif kind == "item":
            part = [*part, f"- [[{word}]]: {word}"] if place > FENCE else part
        elif kind == "split":
            part = [part[0], "", *part[1:]] if place > FENCE else part
        parts[place] = part
        if kind == "move" and place > FENCE + 1 and place + 1 < len(BASE):
            parts[place], parts[place + 1] = parts[place + 1], parts[place]
    text = "".join(f"{line}\n" for part in [["---"], *parts] for line in part)
    return _formed(text, form)


def _formed(text: str, form: str) -> str:
    if form == "bom":
        return f"\ufeff{text}"
    if form == "no end":
        return text.rstrip("\n")
    return text.replace("\n", form) if form else text


def words(text: str) -> set[str]:
    return {word for word in _WORD.findall(text) if not word.isdigit()} - _MARKS


@examples(300)
@given(_SIDE, _SIDE, _FORM, _FORM, st.sampled_from([TYPED, UNTYPED]))
def test_no_word_is_lost(
    ours: list[Change], theirs: list[Change], form: str, other: str, path: str
) -> None:
    base, our, their = version([], ""), version(ours, "o", form), version(theirs, "t", other)
    merged = merge_note(path, (base, our, their), CONFIG)
    back = merge_note(path, (base, their, our), CONFIG)
    found = words(merged.text)
    assert words(our) | words(their) >= found
    assert found >= (words(our) | words(their)) - words(base)
    assert found >= words(our) & words(their)
    assert found == words(back.text)
    assert "<<<<<<<" not in merged.text
    _assert_resolvable(path, merged.text, merged.conflicts)


def _assert_resolvable(path: str, text: str, conflicts: int) -> None:
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    assert plain.count("[!conflict]") >= conflicts
    choices: tuple[Choice, ...] = ("theirs", "ours", "both")
    for choice in choices:
        left = plain
        for number in range(conflicts, 0, -1):
            callouts = find_callouts(parse(path, left))
            assert len(callouts) == number
            left = apply_edits(left, [callouts[-1].resolved(left, choice)])
        assert "[!conflict]" not in left
        if choice == "both":
            assert words(left) == words(plain)


@examples(50)
@given(_SIDE, _FORM, st.sampled_from([TYPED, UNTYPED]))
def test_the_change_of_one_side_is_taken_to_the_byte(
    changes: list[Change], form: str, path: str
) -> None:
    base, changed = version([], ""), version(changes, "o", form)
    for ours, theirs in ((base, changed), (changed, base), (changed, changed)):
        assert merge_note(path, (base, ours, theirs), CONFIG).text == changed
