"""The handle of a note in bold within its claim."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.blocks.sample import TOML, block, context, note

from vaultsync.blocks.fill import fill
from vaultsync.blocks.handle import bold_handle, with_handle
from vaultsync.markdown import parse
from vaultsync.markdown.events import events

CASES = [
    # In quotes, in any form of its words.
    ("Add a 'steering vector' to it.", "steering vectors", "Add a **steering vector** to it."),
    ("'Steering vectors' work.", "steering vector", "**Steering vectors** work."),
    ('Held in "superposition", it is.', "superposition", "Held in **superposition**, it is."),
    ("Held in “superposition.”", "superposition", "Held in **superposition**."),
    ("It is «pruning»!", "Pruned", "It is **pruning**!"),
    ("The 'belief state' is there.", "belief states", "The **belief state** is there."),
    ("Its 'key-value memory'.", "key value memories", "Its **key-value memory**."),
    ("A 'café' opens.", "café", "A **café** opens."),
    ("A 'cafe\u0301' opens.", "cafe\u0301", "A **cafe\u0301** opens."),
    # The quoted words are the place, whatever came before.
    ("Circuits are 'circuits'.", "circuits", "Circuits are **circuits**."),
    ("Models' 'hopes' and 'fears' differ.", "fear", "Models' 'hopes' and **fears** differ."),
    ("Call it 'a model's handle'.", "a model's handle", "Call it **a model's handle**."),
    # A part in quotes, where the others are in the text.
    ("A chain may be 'weak'.", "weak chains", "A chain may be **weak**."),
    (
        "It is 'weak' and 'a chain', a weak chain.",
        "chain",
        "It is 'weak' and 'a **chain**', a weak chain.",
    ),
    ("It may be 'weak'.", "weak chains", "**Weak chains**: It may be 'weak'."),
    # Without quotes.
    (
        "With steering-vectors, it turns.",
        "steering vectors",
        "With **steering-vectors**, it turns.",
    ),
    ("Vectors, and steering.", "steering vectors", "**Steering vectors**: Vectors, and steering."),
    ("Steering, vectors.", "steering vectors", "**Steering vectors**: Steering, vectors."),
    # Before the claim.
    ("It floats.", "iOS", "**iOS**: It floats."),
    ("It floats.", "a_*b*", "**A\\_\\*b\\***: It floats."),
    ("It floats.", "$a$ &amp; ~b~", "**\\$a\\$ \\&amp; \\~b\\~**: It floats."),
    ("It floats.", " two\n words ", "**Two words**: It floats."),
    ("It floats.", "!?", "**!?**: It floats."),
    ("It floats.", None, "It floats."),
    ("It floats.", " ", "It floats."),
    # Mark-up.
    ("A *steering vector* turns it.", "steering vector", "A ***steering vector*** turns it."),
    ("A **big steering vector**.", "steering vector", "A **big steering vector**."),
    ("A **'steering vector'**.", "steering vector", "A **steering vector**."),
    (
        "The [steering vectors](u) of *it*.",
        "steering vector",
        "The **[steering vectors](u)** of *it*.",
    ),
    (
        "The '[[steering vectors]]', *yes*.",
        "steering vector",
        "The **[[steering vectors]]**, *yes*.",
    ),
    ("See [[a|my steering vector]].", "steering vector", "See **[[a|my steering vector]]**."),
    ("A `vector` is a *vector*.", "vector", "A `vector` is a ***vector***."),
    ("A `vector`.", "vector", "**Vector**: A `vector`."),
    ("![a vector](u) here.", "vector", "**Vector**: ![a vector](u) here."),
    ("See https://e.org/vector now.", "vector", "**Vector**: See https://e.org/vector now."),
    ("Write a@vector now.", "vector", "**Vector**: Write a@vector now."),
    ("A \\*vector\\* is.", "vector", "A \\***vector**\\* is."),
    ("It &amp; 'vector' &copy; it.", "vector", "It &amp; **vector** &copy; it."),
    ("No amp &amp; it.", "amp", "No **amp** &amp; it."),
    # What would be no bold there.
    ("a[vector](u)s.", "vector", "**Vector**: a[vector](u)s."),
]


@pytest.mark.parametrize(("claim", "handle", "expected"), CASES)
def test_a_claim_with_its_handle_in_bold(claim: str, handle: str | None, expected: str) -> None:
    assert with_handle(claim, handle) == expected
    is_led = expected.endswith(f"**: {claim}") or not (handle and handle.strip())
    assert bold_handle(claim, handle) == (None if is_led else expected)


QUOTES = str.maketrans("", "", "'\"‘’“”„«»")
PIECES = [
    *(
        "steering",
        "Vectors",
        "vector",
        "a",
        "memories",
        "state",
        "states",
        "é",
        "e\u0301",
        "猫",
        "x_y",
    ),
    *(
        "'",
        '"',
        "“",
        "”",
        "’",
        " ",
        " ",
        " ",
        "-",
        ".",
        ", ",
        "(",
        ")",
        ":",
        "!",
        "/",
        "?",
        "0",
        "#",
    ),
    *(
        "*",
        "**",
        "_",
        "`",
        "[",
        "]",
        "](u)",
        "[[",
        "]]",
        "|",
        "\\",
        "<b>",
        "</b>",
        "&",
        "&amp;",
        "~~",
    ),
    *("$", "![", "[^1]", "https://e.org/", "www.", "@", "%", "=", "\n", "\t", "\0", "<!--", "^"),
]
CLAIMS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
HANDLES = st.lists(st.sampled_from(PIECES), max_size=5).map("".join)


def seen(text: str) -> tuple[str, Counter[str]]:
    """Return what a text shows, without quotation marks, and its mark-up."""
    words, tags = [], Counter[str]()
    for event, _ in events(text):
        if isinstance(event, dict):
            ((kind, value),) = event.items()
            if kind == "Start":
                tags[str(value)] += 1
            elif kind != "End":
                words.append(f"{kind}:{value}" if kind != "Text" else value)
    return "".join(words).translate(QUOTES), tags


@given(CLAIMS, HANDLES)
def test_nothing_else_is_changed_whatever_the_mark_up(claim: str, handle: str) -> None:
    claim = " ".join(claim.split())
    found, (before, tags) = with_handle(claim, handle), seen(claim)
    after, with_bold = seen(found)
    with_bold.subtract(tags)
    assert +with_bold in ({}, {"Strong": 1})
    assert not -with_bold
    assert after.endswith(before)
    name = " ".join(handle.split()).translate(QUOTES)
    if after != before:
        assert after.removesuffix(before).lower() == f"{name}: ".lower()
    assert (
        found.replace("*", "").translate(QUOTES).endswith(claim.replace("*", "").translate(QUOTES))
    )


@given(CLAIMS, st.sampled_from(["steering vectors", "steering", "states", "memory"]))
def test_what_is_in_bold_is_the_handle_or_a_part_of_it(claim: str, handle: str) -> None:
    claim = re.sub(r"[*_\[\]`<>~$]", " ", claim)
    found = bold_handle(" ".join(claim.split()), handle)
    if found is not None:
        (bold,) = re.findall(r"\*\*(.+?)\*\*", found)
        stems = {"steer", "vector", "stat", "memor"}
        assert all(
            any(word.lower().startswith(s) for s in stems) for word in re.findall(r"\w+", bold)
        )


FILES = {
    "Claims/a.md": note("It has 'knots'.", title="A", handle="knot", status="x"),
    "Claims/b.md": note("It floats.", title="B", handle="corks", status="x"),
}
NAMED = TOML.replace("[types.claim]", '[types.claim]\nhandle = "handle"')


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("list", "- It has **knots**.\n- **Corks**: It floats."),
        ("index", "- [[a|knot]]: It has **knots**.\n- [[b|corks]]: It floats."),
        ("sections", "### knot\n\nIt has **knots**.\n\n### corks\n\nIt floats."),
        ("table", "| [[a\\|knot]] | It has **knots**. |  |\n| [[b\\|corks]] | It floats. |  |"),
    ],
)
def test_styles(style: str, expected: str) -> None:
    opener = f'notes style="{style}"'
    filled = fill(parse("Index.md", block(opener)), context(FILES, NAMED), "tree")
    assert expected in filled
