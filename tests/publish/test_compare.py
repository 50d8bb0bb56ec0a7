"""What has to be done to a post that is out of date."""

from __future__ import annotations

import time

import pytest
from tests.blocks.sample import TOML, note
from tests.publish.pages import FILES, vault

from vaultsync.blocks.context import Context
from vaultsync.blocks.quote import plain_text
from vaultsync.core.config.read import load_config
from vaultsync.publish.compare import Difference, NoteFinder, differences, version_line
from vaultsync.publish.text_blocks import TextBlock


def passages(text: str) -> list[TextBlock]:
    return [TextBlock("place", line) for line in text.split("|") if line]


@pytest.mark.parametrize(
    ("before", "after", "steps"),
    [
        ("a|b", "a|b", []),
        ("", "a", [("", "a", "")]),
        ("a", "", [("a", "", "")]),
        ("a|c", "a|b|c", [("", "b", "a")]),
        ("the cat sat down|x", "the cat sat up|x", [("the cat sat down", "the cat sat up", "")]),
        ("one two three", "four five six", [("one two three", "", ""), ("", "four five six", "")]),
        # Each is taken for what it is most like, in whatever order they stand.
        (
            "all red birds can fly|some cats like milk",
            "some cats love milk|all red birds may fly",
            [
                ("some cats like milk", "some cats love milk", ""),
                ("all red birds can fly", "all red birds may fly", ""),
            ],
        ),
        ("x", "x|b|c", [("", "b", "x"), ("", "c", "b")]),
    ],
)
def test_steps(before: str, after: str, steps: list[tuple[str, str, str]]) -> None:
    found = differences(passages(before), passages(after))
    assert [(one.before, one.after, one.behind) for one in found] == steps


def test_a_post_that_is_all_new_takes_no_long_time() -> None:
    before, after = (
        [TextBlock("", f"{word} number {n} of many") for n in range(3000)] for word in "ab"
    )
    start = time.monotonic()
    found = differences(before, after)
    assert time.monotonic() - start < 5
    assert [(one.before, one.after) for one in found[:2]] == [
        ("a number 0 of many", "b number 0 of many"),
        ("a number 1 of many", "b number 1 of many"),
    ]


def notes() -> NoteFinder:
    return NoteFinder(Context(vault(FILES), load_config(TOML)).published)


def test_a_passage_is_known_by_its_first_words() -> None:
    context = Context(vault(FILES), load_config(TOML))
    ropes = next(note for note in context.published if "ropes" in note.path)
    known = notes()
    assert known.name(Difference("", "", f"- {ropes.lead} ([who](https://e.org))")) == ropes.title
    assert known.name(Difference("", f"{ropes.lead}", "Other words.")) == ropes.title
    assert known.name(Difference("", "", "Nothing of the kind.")) == ""


def test_a_passage_that_begins_with_the_handle() -> None:
    toml = TOML.replace("[types.claim]", '[types.claim]\nhandle = "handle"')
    files = {
        "Claims/a.md": note("It floats on *all* waters.", handle="cork", title="A", status="x"),
        "Claims/b.md": note("It floats on no water.", title="B", status="x"),
    }
    known = NoteFinder(Context(vault(files), load_config(toml)).published)
    shown = Difference("", "", "**Cork**: It floats on *all* waters.")
    assert known.name(shown) == "cork"
    assert version_line([shown], known) == "Added: cork."


def test_the_line_for_the_history_of_versions() -> None:
    context = Context(vault(FILES), load_config(TOML))
    leads = {note.title: plain_text(note.lead) for note in context.published}
    (first, lead), (second, other) = [*leads.items()][:2]
    found = [
        Difference("", "old", lead),
        Difference("", "", other),
        Difference("", "gone", ""),
        Difference("", "", "new"),
    ]
    assert version_line(found, notes()) == (
        f"Reworded: {first}. Added: {second}. Changed: 2 other passages."
    )
    assert version_line(found[3:], notes()) == "Changed: 1 other passage."
    many = [Difference("", "", text) for text in leads.values()]
    assert version_line(many, notes()) == (
        "Added: Bridges need slack; Old [claim]; Ropes hold; and 1 more."
    )
