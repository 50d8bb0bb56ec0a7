"""What is put into a note."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.app.insert import (
    answer_edit,
    answered_edits,
    item_edit,
    questions,
    related_paths,
    relation_edit,
    source_edit,
)
from vaultsync.core.config.read import load_config
from vaultsync.core.errors import VaultError
from vaultsync.core.text import Span, apply_edits
from vaultsync.markdown import parse
from vaultsync.notes.body import Relation, read_item, relation_line
from vaultsync.notes.citation import Source
from vaultsync.notes.link_index import LinkIndex
from vaultsync.notes.note import Note

CONFIG = load_config("""
[types.claim]
match = ["*.md"]
states.answered = { status = ["done", "old"], open = false }
[types.claim.properties]
status = {}
open = {}
[types.claim.body.sections.Sources]
items = "source"
first = "original"
roles = ["original", "contrary"]
[types.claim.body.sections.Related]
items = "relation"
[types.claim.body.sections.Asked]
items = "question"

[types.bare]
match = ["bare/**"]
states.answered = { status = "done" }
""")
INDEX = LinkIndex(["one.md", "two.md", "a/two.md", "three.md"])
SOURCE = Source("contrary", "A paper", "https://example.org/a", "Lee", 2024)
LINE = "- contrary: [A paper](https://example.org/a), Lee 2024"


def note(text: str, kind: str = "claim") -> Note:
    return Note(parse("one.md", text), kind, CONFIG.types[kind])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Text.\n", "Text.\n\n## Sources\n\n- x\n"),
        ("Text.\r\n\r\n", "Text.\r\n\r\n## Sources\r\n\r\n- x\r\n\r\n"),
        ("## Related\n\n- y\n", "## Sources\n\n- x\n\n## Related\n\n- y\n"),
        ("T.\n\n## Asked\n\n## Related\n", "T.\n\n## Sources\n\n- x\n\n## Asked\n\n## Related\n"),
        ("## Sources\n\n## Related\n", "## Sources\n\n- x\n\n## Related\n"),
        ("## Sources\n- a\n- b\n\n[^1]: z\n", "## Sources\n- a\n- b\n- x\n\n[^1]: z\n"),
        ("## Sources\n\n* a\n  * b\n\n  c\n\nd\n", "## Sources\n\n* a\n  * b\n\n  c\n* x\n\nd\n"),
        ("## Sources\n\n  + a", "## Sources\n\n  + a\n  + x"),
        ("## Sources\n\n1. a\n", "## Sources\n\n1. a\n- x\n"),
    ],
)
def test_an_item_goes_last_into_its_section(text: str, wanted: str) -> None:
    assert apply_edits(text, [item_edit(note(text), "Sources", "x")]) == wanted


def test_the_first_source_goes_first() -> None:
    text = "## Sources\n\n- contrary: [B](https://example.org/b)\n"
    first = msgspec.structs.replace(SOURCE, role="")
    new = apply_edits(text, [source_edit(note(text), first)])
    assert new == text.replace("- contrary", f"{LINE}\n- contrary").replace(
        "contrary", "original", 1
    )
    assert apply_edits(text, [source_edit(note(text), SOURCE)]) == f"{text}{LINE}\n"


@pytest.mark.parametrize(
    ("text", "kind", "role", "message"),
    [
        ("", "claim", "other", "one.md: `other` is none of its roles: original, contrary"),
        (
            "## Sources\n\n- [X](http://www.example.org/a)\n",
            "claim",
            "contrary",
            "one.md: it has this source already: https://example.org/a",
        ),
        (
            "",
            "bare",
            "",
            "one.md: the type `bare` has no section with items of the kind `source`: add one",
        ),
    ],
)
def test_a_source_that_does_not_fit(text: str, kind: str, role: str, message: str) -> None:
    with pytest.raises(VaultError) as caught:
        source_edit(note(text, kind), msgspec.structs.replace(SOURCE, role=role))
    assert str(caught.value).removesuffix(" in vaultsync.toml") == message


WORDS = st.text(st.sampled_from("ab :/(x[]"), max_size=12).map(lambda text: " ".join(text.split()))


@given(reason=WORDS, back=WORDS, crux=WORDS, tension=st.booleans())
def test_a_relation_is_read_as_it_was_meant_or_refused(
    reason: str, back: str, crux: str, *, tension: bool
) -> None:
    relation = Relation("three", reason, tension, crux, back)
    try:
        edit = relation_edit(note(""), "three.md", INDEX, relation)
    except VaultError:
        assert read_item(relation_line("[[three]]", relation), "relation") != relation
        return
    assert note(apply_edits("", [edit])).relations() == (relation,)


def test_a_relation_names_a_note_by_what_it_alone_is_called() -> None:
    edit = relation_edit(
        note(""), "a/two.md", INDEX, Relation("", "so", crux="why", back="back", tension=True)
    )
    assert edit.new == "\n\n## Related\n\n- [[a/two]]: tension: so / back (crux: why)"
    edit = relation_edit(note(""), "a/two.md", INDEX, Relation("", "so", tension=True), ["against"])
    assert edit.new.endswith("[[a/two]]: against: so")
    edit = relation_edit(note(""), "a/two.md", INDEX, Relation("", "so", tension=True), [])
    assert edit.new.endswith("[[a/two]]: tension: so")


def test_a_relation_is_made_once() -> None:
    text = "## Related\n\n- [[three]]: x\n- [[gone]]: y\n"
    assert related_paths(note(text), INDEX) == {"three.md"}
    with pytest.raises(VaultError, match=r"^one\.md: it is related to three\.md already$"):
        relation_edit(note(text), "three.md", INDEX, Relation(""))
    with pytest.raises(VaultError, match=r"would be read otherwise"):
        relation_edit(note(""), "three.md", INDEX, Relation("", "a / b"))


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("- Why?", "- Why? answered: [[three]]"),
        ("- Why? ^id", "- Why? answered: [[three]] ^id"),
        ("- Why\n  so? %% x %%", "- Why\n  so? %% x %% answered: [[three]]"),
        ("- Why? answered:", "- Why? answered: [[three]]"),
        ("- Why? answered: soon", "- Why? answered: [[three]] soon"),
    ],
)
def test_a_question_is_closed_in_its_line(line: str, wanted: str) -> None:
    text = f"## Asked\n\n{line}\n- Other? ^other\n"
    at = text.index("Why")
    edit = answer_edit(note(text), Span(at, at), "three.md", INDEX)
    new = apply_edits(text, [edit])
    assert new == text.replace(line, wanted)
    assert [one.answer for _, one in questions(note(new))] == ["three", None]


def test_what_is_no_open_question_is_not_answered() -> None:
    text = "## Asked\n\n- Why? answered: [[two]]\n"
    for at, message in [(0, "there is no question"), (12, "is answered already, by two")]:
        with pytest.raises(VaultError, match=message):
            answer_edit(note(text), Span(at, at), "three.md", INDEX)


def test_a_note_is_answered_by_its_state_and_a_relation() -> None:
    text = "---\nstatus: open\n---\n\nWhy?\n"
    edits = answered_edits(note(text), "three.md", INDEX, "the answer")
    new = apply_edits(text, edits)
    assert new == (
        "---\nstatus: done\nopen: false\n---\n\nWhy?\n\n## Related\n\n- [[three]]: the answer\n"
    )
    with pytest.raises(VaultError, match=r"^one\.md: it is answered already, by three\.md$"):
        answered_edits(note(new), "three.md", INDEX, "x")
    with pytest.raises(VaultError, match=r"no section with items of the kind `relation`"):
        answered_edits(note(text, "bare"), "three.md", INDEX, "x")


def test_a_type_without_that_state_is_not_answered() -> None:
    kind = msgspec.structs.replace(CONFIG.types["claim"], states={})
    with pytest.raises(VaultError, match=r"^one\.md: the type `x` has no state `answered`$"):
        answered_edits(Note(parse("one.md", ""), "x", kind), "three.md", INDEX, "x")
