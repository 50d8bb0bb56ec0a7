"""The board: which notes are in tension, and what would decide."""

from __future__ import annotations

import pytest
from tests.blocks.sample import TOML, content, context, note
from tests.publish.pages import Page, check_anchors, published, rendered

from vaultsync.blocks.tensions import is_tension
from vaultsync.notes.body import Relation
from vaultsync.publish.compose.details import board

POST = "<!-- vaultsync:notes -->\n\n<!-- /vaultsync -->\n"


def claim(title: str, *related: str, status: str = "x", questions: str = "") -> str:
    lines = "\n".join(f"- {line}" for line in related)
    asked = f"\n\n## Open questions\n\n- {questions}" if questions else ""
    return note(f"{title}.\n\n## Related\n\n{lines}{asked}\n", title=title, status=status)


def made(*related: str, toml: str = TOML, **others: str) -> str:
    files = {
        "Post.md": POST,
        "Claims/a.md": claim("A", *related),
        "Claims/b.md": claim("B"),
        "Claims/c.md": claim("C"),
        **{f"Claims/{name}.md": text for name, text in others.items()},
    }
    return board(context(files, toml), files)


def card(*lines: str) -> str:
    text = "\n\n".join(["- " + lines[0], *(f"  {line}" for line in lines[1:])])
    return f"## Tensions\n\n{text}"


def test_a_pair_with_its_reason_and_crux() -> None:
    assert made("[[b]]: tension: one or the other (crux: does *it* hold?)") == card(
        "[[a|A]] *against* [[b|B]]", "One or the other.", "*What would decide:* does *it* hold?"
    )
    assert made("[[b]]: tension:") == card("[[a|A]] *against* [[b|B]]")


def test_what_both_say_is_on_one_card() -> None:
    both = made("[[b]]: tension: this", b=claim("B", "[[a]]: tension: that! (crux: x)"))
    assert both == card(
        "[[a|A]] *against* [[b|B]]", "*B:* This.", "*A:* That!", "*What would decide:* x."
    )


@pytest.mark.parametrize("word", ["tension", "contrast"])
def test_one_relation_may_have_the_reasons_of_both(word: str) -> None:
    toml = f'{TOML}\n[publish]\ntensions = ["{word}"]'
    assert made(f"[[b]]: {word}: this / that (crux: x)", toml=toml) == card(
        "[[a|A]] *against* [[b|B]]", "*B:* This.", "*A:* That.", "*What would decide:* x."
    )


def test_without_a_crux_an_open_question_about_the_other_may_decide() -> None:
    question = "Is it [[a]] or this?"
    found = made("[[b]]: tension: r", b=claim("B", questions=question))
    assert found.endswith("*What would decide:* Is it [[a]] or this?")
    for asked in ("Is it [[c]]?", "Is it [[a]]? answered: [[c]]"):
        assert "decide" not in made("[[b]]: tension: r", b=claim("B", questions=asked))


def test_other_relations_and_notes_that_are_not_shown_make_no_board() -> None:
    assert made("[[b]]: a tension of sorts", "[[c]]") == ""
    for status in ("retired", "draft"):
        assert made("[[b]]: tension: r", b=claim("B", status=status)) == ""
    private = claim("B").replace("status", "publish: false\nstatus")
    assert made("[[b]]: tension: r", b=private) == ""


def test_notes_without_a_place_are_not_on_it() -> None:
    files = {"Post.md": POST, "Claims/a.md": claim("A", "[[b]]: tension: r")}
    files["Claims/b.md"] = claim("B")
    assert board(context(files), {"Claims/a.md": "a"}) == ""


@pytest.mark.parametrize(
    ("reason", "words", "found"),
    [
        ("contradicts: it", ("contradicts",), True),
        ("Contrast: it", ("tension", "contrast"), True),
        ("contrast it", ("contrast",), False),
        ("it", (), False),
    ],
)
def test_the_settings_name_the_words(reason: str, words: tuple[str, ...], *, found: bool) -> None:
    toml = f"{TOML}\n[publish]\ntensions = {list(words)}"
    assert is_tension(Relation("b", reason), context({}, toml)) is found
    assert is_tension(Relation("b", reason, tension=True), context({}, toml)) is (
        "tension" in words
    )


def test_another_word_is_left_out_of_the_reason() -> None:
    toml = f'{TOML}\n[publish]\ntensions = ["contrast"]'
    assert made("[[b]]: contrast: this (crux: that)", toml=toml) == card(
        "[[a|A]] *against* [[b|B]]", "This.", "*What would decide:* that."
    )
    assert made("[[b]]: tension: this", toml=toml) == ""


def pair(post: str) -> dict[str, str]:
    """Return a vault in which two of three notes are in tension."""
    return {
        "Post.md": post,
        "Claims/a.md": claim("A", "[[b]]: tension: see [[c]] (crux: x)"),
        "Claims/b.md": claim("B"),
        "Claims/c.md": claim("C"),
    }


def test_without_a_block_it_is_on_the_page_alone() -> None:
    markdown, html = published(pair(POST))
    assert "ension" not in markdown
    page = Page(html)
    page.check_anchors()
    assert "tensions" in page.all("h2", "id")
    assert "A against B See c. What would decide: x." in page.text


def test_with_a_block_it_is_there_in_every_target_and_once_on_the_page() -> None:
    files = pair(f"{POST}\n## Pulls\n\n<!-- vaultsync:tensions -->\n\n<!-- /vaultsync -->\n")
    made = rendered(files, targets=["markdown", "html", "lesswrong", "lesswrong-rich"])
    markdown, forum = made["post.md"].decode(), made["lesswrong.md"].decode()
    check_anchors(markdown)
    assert "*against*" in markdown
    assert markdown.count(": x.") == 1
    assert "- A *against* B: x.\n" in forum
    assert "<em>against</em> B: x." in made["lesswrong.html"].decode()
    page = Page(made["post.html"].decode())
    page.check_anchors()
    assert "tensions" not in page.all("h2", "id")
    assert page.text.count("A against B See c. What would decide: x.") == 1
    assert "board" in page.all("section", "class")


def test_a_block_without_pairs_is_empty() -> None:
    assert content("tensions", {"Claims/a.md": claim("A")}) == ""


def test_a_block_in_a_note() -> None:
    assert content("tensions", pair("")) == "- [[a|A]] *against* [[b|B]]: x."
    assert content('tensions style="full"', pair("")) == (
        "- [[a|A]] *against* [[b|B]]\n\n  See [[c]].\n\n  *What would decide:* x."
    )


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        ("tension: this / that", ": This. That."),
        ("tension:", ""),
        ("tension: this (crux: is it?)", ": is it?"),
    ],
)
def test_in_short_the_reasons_stand_in_for_a_crux(relation: str, expected: str) -> None:
    files = {"Claims/a.md": claim("A", f"[[b]]: {relation}"), "Claims/b.md": claim("B")}
    assert content("tensions", files) == f"- [[a|A]] *against* [[b|B]]{expected}"
