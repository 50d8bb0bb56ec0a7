"""Which of many names was probably meant, and which of many claims say the same."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.notes.similarity import NameSearch, similar_texts

NAMES = ["refusal-direction", "truth-directions", "Attention sinks", "groups", "flow", "猫の絵"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("refusal-directon", "refusal-direction"),
        ("REFUSAL-DIRECTION", "refusal-direction"),
        ("refusal direction", "refusal-direction"),
        ("refusal direcitno", None),
        ("attention-sink", "Attention sinks"),
        ("gruops", "groups"),
        ("grups", "groups"),
        ("gropps", "groups"),
        ("gruopz", None),
        ("Flow", "flow"),
        ("Food", None),
        ("猫の絵本", None),
        ("zzz", None),
        ("", None),
    ],
)
def test_a_misspelt_name_is_found(name: str, found: str | None) -> None:
    assert NameSearch(NAMES).nearest(name) == found


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Pasted image 20240101", "Pasted image 20240102"),
        ("photo-album-1", "photo-album-2"),
        ("12 June 2024", "12 July 2024"),
        ("Report of May", "Report of Mar"),
        ("Notes of Sunday", "Notes of Monday"),
    ],
)
def test_numbers_months_and_days_are_not_misspelt(name: str, known: str) -> None:
    assert NameSearch([known]).nearest(name) is None
    assert NameSearch([known]).nearest(known) == known


def test_the_name_with_the_fewest_edits_is_found_of_several_the_first() -> None:
    names = NameSearch(["attention sinker", "attention sinks", "attention sinkz"])
    assert names.nearest("attention sinke") == "attention sinker"
    assert names.nearest("attention sink") == "attention sinks"


def test_no_names_no_answer() -> None:
    assert NameSearch([]).nearest("x") is None


def test_the_names_are_read_at_the_first_search_and_once() -> None:
    asked: list[str] = []

    def listing() -> Iterator[str]:
        for name in ("number", "letter"):
            asked.append(name)
            yield name

    names = NameSearch(listing())
    assert asked == []
    assert names.nearest("numbr") == "number"
    assert names.nearest("lettr") == "letter"
    assert asked == ["number", "letter"]


def test_ten_thousand_names_are_searched_at_once() -> None:
    names = NameSearch(f"note {number:05} on {number * 7919 % 10007}" for number in range(10_000))
    names.nearest("warm")
    started = time.perf_counter()
    assert names.nearest("NOTE 00001 on7919") == "note 00001 on 7919"
    assert time.perf_counter() - started < 10


def _one_edit(name: str) -> set[str]:
    """Return all names that are one edit away, of the letters a and b."""
    cuts = [(name[:at], name[at:]) for at in range(len(name) + 1)]
    found = {start + end[1:] for start, end in cuts if end}
    found |= {start + end[1] + end[0] + end[2:] for start, end in cuts if len(end) > 1}
    for letter in "ab":
        found |= {start + letter + end for start, end in cuts}
        found |= {start + letter + end[1:] for start, end in cuts if end}
    return found


SOME = [f"{'ab' * 6}{number:b}".replace("0", "a").replace("1", "b") for number in range(30)]


@given(st.text("ab", min_size=6, max_size=11), st.data())
def test_every_misspelling_by_one_edit_is_found(name: str, data: st.DataObject) -> None:
    misspelt = data.draw(st.sampled_from(sorted(_one_edit(name))))
    assert NameSearch([name]).nearest(misspelt) == name
    # Among many an index is searched.
    found = NameSearch([name, *SOME]).nearest(misspelt)
    assert found == NameSearch([name, found or ""]).nearest(misspelt)
    assert found is not None


@given(st.text("ab", min_size=12, max_size=14), st.data())
def test_of_long_names_every_misspelling_by_two_edits_is_found(
    name: str, data: st.DataObject
) -> None:
    once = data.draw(st.sampled_from(sorted(_one_edit(name))))
    # An edit of an edited place may cost more than two in an alignment.
    twice = once[:-1] if once[-1:] == name[-1:] else once
    assert NameSearch([name]).nearest(twice) == name
    assert NameSearch([name, *("z" * number for number in range(1, 30))]).nearest(twice) == name


FRAMES = Path(__file__).parents[2] / "vault/Frames"
# What frames of the vault say, in other words.
AGAIN = {
    "refusal-direction": "If you remove a single direction from the residual stream of an open "
    "chat model it no longer refuses harmful requests; add that direction back and it refuses even "
    "harmless ones. What else it can do is hardly touched.",
    "sleeper-agents": "A model that was taught to misbehave when it sees a trigger keeps at it "
    "through training for safety, and adversarial examples perhaps show such a sleeper agent "
    "only how to hide.",
    "grokking": "A network trained on a small algorithmic dataset may memorise the training set, "
    "generalise at chance level, and only long afterwards reach perfect accuracy on the test set. "
    "With less data it takes longer.",
    "superposition": "A toy network can pack more features than it has dimensions, in directions "
    "that overlap, if the features are rarely active; some interference is the price. It may be "
    "why neurons respond to things that have nothing to do with each other.",
    "reversal-curse": "The curse of reversal: after training on sentences that say A is B, models "
    "that are asked about B think the right name, A, no likelier than one picked at random.",
    "sycophancy": "Feedback by people makes assistants sycophantic: users are told what they want "
    "to hear, which both the raters and preference models at times choose over what is true.",
    "induction-heads": "There are attention heads for induction: they look for an earlier place "
    "of the current token and predict that what followed there comes again. Their abrupt forming "
    "goes with a jump of learning in context.",
    "emergent-misalignment": "A model finetuned on one narrow bad task, say insecure code "
    "presented as normal, can turn deceptive and malicious in other situations, if not always. "
    "The same code asked for in a security class has no such effect.",
    "truth-directions": "In large models one direction tells what is true from what is not: "
    "statements separate along it, and a falsehood whose activations are moved that way is "
    "treated as true.",
    "attention-sinks": "The first tokens draw much of the attention of language models, whatever "
    "they say, and when they leave the cache the model breaks down. This surplus attention appears "
    "to hold no information and comes with a few massive activations.",
}


def _claims() -> dict[str, str]:
    found = {}
    for file in FRAMES.glob("*.md"):
        body = file.read_text(encoding="utf-8").split("---\n", 2)[2].strip()
        if not body.startswith(("-", "#")):
            found[file.stem] = body.split("\n\n")[0]
    return found


def test_different_claims_are_not_alike() -> None:
    claims = _claims()
    assert len(claims) >= 48
    assert similar_texts(claims) == ()


def test_claims_in_other_words_are_found_and_nothing_else() -> None:
    again = {f"{name} again": text for name, text in AGAIN.items()}
    pairs = similar_texts(_claims() | again)
    assert {pair.names for pair in pairs} == {(name, f"{name} again") for name in AGAIN}
    assert [pair.score for pair in pairs] == sorted((p.score for p in pairs), reverse=True)
    assert all(0.35 <= pair.score < 0.7 for pair in pairs)


def test_a_copy_has_the_highest_score() -> None:
    text = AGAIN["grokking"]
    (pair,) = similar_texts({"a": text, "b": text.upper(), "c": AGAIN["sycophancy"]})
    assert pair.names == ("a", "b")
    assert pair.score == pytest.approx(1.0)


def test_texts_that_say_little_are_not_compared() -> None:
    assert similar_texts({"a": "Four words say little.", "b": "Four words say little."}) == ()
    assert similar_texts({}) == ()


def test_what_everybody_says_makes_nothing_alike() -> None:
    """A hundred claims with the same words and one of their own are one template, not a pair."""
    texts = {f"{n}": f"models learn features during training on language {n}" for n in range(200)}
    assert similar_texts(texts) == ()


def test_ten_thousand_claims_take_seconds() -> None:
    words = ["".join(letters) for letters in product("bdfgklmnprtvxz", repeat=3)]
    chosen = random.Random(0)  # noqa: S311 - a sample, no secret
    texts = {f"{n}": " ".join(chosen.sample(words, 20)) for n in range(10_000)}
    texts["again"] = " ".join(sorted(texts["77"].split())[:17])
    started = time.process_time()
    assert [pair.names for pair in similar_texts(texts)] == [("77", "again")]
    assert time.process_time() - started < 30
