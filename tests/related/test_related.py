"""Which notes are suggested, and why."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.blocks.sample import context, note

from vaultsync.blocks.context import Context
from vaultsync.related.reasons import REASONS
from vaultsync.related.suggest import Suggestion

TOML = """
[related]
properties = ["scope"]

[types.claim]
match = ["Claims/**"]
handle = "handle"

[types.claim.body.sections.Sources]
items = "source"

[types.claim.body.sections.Related]
items = "relation"

[types.claim.body.sections.Questions]
items = "question"
"""
FILLING = {
    f"Claims/filling{n}.md": note(f"{word}{n} grows {word} by {word}{n + 1}.", title=f"{word} {n}")
    for n, word in enumerate(["moss", "fern", "lichen", "heather", "bracken", "juniper"])
}


def vault(files: Mapping[str, str], toml: str = TOML) -> Context:
    return context({**FILLING, **files}, toml)


def found(
    files: Mapping[str, str], path: str = "Claims/one.md", toml: str = TOML
) -> dict[str, Suggestion]:
    return {one.other: one for one in vault(files, toml).search.of(path, 99)}


def reasons(files: Mapping[str, str], toml: str = TOML) -> dict[str, str]:
    """Return why the second note is suggested for the first, by kind."""
    one = found(files, toml=toml)["Claims/two.md"]
    return {reason.kind: reason.text for reason in one.reasons}


SAME = "Bridges of granite sway in wind."
BASE = {
    "Claims/one.md": note(SAME, title="Bridges"),
    "Claims/two.md": note("Granite bridges stand in any wind.", title="Granite"),
}


def test_similar_words_are_named_as_they_are_written() -> None:
    named = reasons(BASE)["words"].removeprefix("similar words: ").split(", ")
    assert sorted(named) == ["bridges", "granite", "wind"]
    assert reasons(BASE)["claims"].startswith("similar claims: ")


def test_the_strongest_reason_is_first() -> None:
    one = found(BASE)["Claims/two.md"]
    scores = [reason.score for reason in one.reasons]
    assert scores == sorted(scores, reverse=True)
    assert one.score <= sum(scores)


def test_linked_notes_are_not_suggested() -> None:
    linked = note(f"{SAME}\n\n## Related\n\n- [[two]]: same stone\n", title="Bridges")
    assert "Claims/two.md" not in found({**BASE, "Claims/one.md": linked})
    assert "Claims/one.md" not in found({**BASE, "Claims/one.md": linked}, "Claims/two.md")


def test_a_link_in_a_generated_block_is_no_link() -> None:
    listed = '<!-- vaultsync:notes type="claim" -->\n\n- [[two]]\n\n<!-- /vaultsync -->\n'
    text = note(f"{SAME}\n\n{listed}", title="Bridges")
    assert "Claims/two.md" in found({**BASE, "Claims/one.md": text})


@pytest.mark.parametrize(
    ("one", "two", "kind", "text"),
    [
        (
            "## Sources\n\n- original: [Old Stones](https://a.org/x), Ada 1990\n",
            "## Sources\n\n- contrary: [Old stones](http://www.a.org/x), Ada 1990\n",
            "sources",
            "both cite “Old Stones”",
        ),
        (
            "## Sources\n\n- original: [Old Stones](https://a.org/x), Ada & Bo 1990\n",
            "## Sources\n\n- original: [New Stones](https://a.org/y), Bo 1991\n",
            "authors",
            "both cite Bo",
        ),
        ("The *hard law* holds.", "", "mention", "Viaducts mentions hard law: “hard law”"),
        (
            "## Questions\n\n- Do granite bridges stand in any wind?\n",
            "",
            "question",
            "hard law may bear on a question of Viaducts: Do granite bridges stand in any wind?",
        ),
    ],
)
def test_each_reason_is_in_words(one: str, two: str, kind: str, text: str) -> None:
    files = {
        "Claims/one.md": note(f"{SAME}\n\n{one}", title="Viaducts"),
        "Claims/two.md": note(
            f"Granite bridges stand in any wind.\n\n{two}", title="Rock", handle="hard law"
        ),
    }
    assert reasons(files)[kind] == text


def test_shared_neighbours_and_what_is_like_them() -> None:
    links = "\n\n## Related\n\n- [[three]]: near\n"
    files = {
        "Claims/one.md": note(SAME + links, title="Bridges"),
        "Claims/two.md": note(f"Granite bridges stand in wind.{links}", title="Granite"),
        "Claims/three.md": note("Wind moves granite.", title="Wind"),
    }
    texts = reasons(files)
    assert texts["neighbours"] == "both are linked with Wind"
    assert texts["around"].endswith(
        ("is similar to Wind, which is linked with Bridges", "with Granite")
    )


def test_more_neighbours_than_are_named_are_counted() -> None:
    names = [f"Claims/n{number}.md" for number in range(6)]
    links = "\n\n## Related\n\n" + "".join(f"- [[n{number}]]: near\n" for number in range(6))
    files = {path: note("Wind.", title=path[7:-3]) for path in names}
    files |= {
        "Claims/one.md": note(SAME + links, title="Bridges"),
        "Claims/two.md": note(f"Granite bridges stand.{links}", title="Granite"),
    }
    assert reasons(files)["neighbours"] == "both are linked with n0, n1, n2, n3 and 2 more"


def test_the_values_of_properties_that_the_settings_list() -> None:
    files = {
        "Claims/one.md": note(SAME, title="Bridges", scope="Welsh viaducts", other="slate"),
        "Claims/two.md": note("Granite stands.", title="Granite", scope="viaducts", other="slate"),
    }
    assert reasons(files)["properties"] == "same scope: viaducts"


def test_claims_of_one_subject_with_opposite_words() -> None:
    files = {
        "Claims/one.md": note("Granite bridges sway more in wind.", title="Bridges"),
        "Claims/two.md": note("Granite bridges sway less in wind.", title="Granite"),
    }
    text = "perhaps a tension: “more” in one claim, “less” in the other"
    assert reasons(files)["tension"] == text
    assert "tension" not in reasons(BASE)


def test_what_a_relation_says_is_not_compared() -> None:
    related = "## Related\n\n- [[filling0]]: granite bridges in wind\n"
    files = {
        "Claims/one.md": note(f"Cats purr.\n\n{related}", title="Cats"),
        "Claims/two.md": BASE["Claims/two.md"],
    }
    assert "Claims/two.md" not in found(files)


def test_private_unreadable_and_untyped_notes_are_not_compared() -> None:
    files = {
        **BASE,
        "Claims/private.md": note(SAME, title="P", publish="false"),
        "Claims/broken.md": f"---\na: [\n---\n{SAME}",
        "page.md": note(SAME, title="A page"),
    }
    assert not {"Claims/private.md", "Claims/broken.md", "page.md"} & found(files).keys()


@pytest.mark.parametrize("text", ["[Code](https://code.org/{}/rope)", "<https://code.org/{}>"])
def test_the_words_of_addresses_are_compared(text: str) -> None:
    files = {
        "one.md": f"By {text.format('adabridge')}.\n",
        "two.md": f"Ropes: {text.format('adabridge')}.\n",
        "three.md": f"Cats: {text.format('boviaduct')}.\n",
    }
    (reason, *_) = found(files, "one.md", "")["two.md"].reasons
    assert "adabridge" in reason.text


def test_without_types_all_notes_are_compared() -> None:
    files = {"one.md": f"# Bridges\n\n{SAME}\n", "two.md": f"{SAME} https://granite.org\n"}
    search = vault(files, "").search
    (one,) = [pair for pair in search.all(1) if pair.one == "one.md"]
    assert (one.other, {reason.kind for reason in one.reasons} >= {"words"}) == ("two.md", True)


@pytest.mark.parametrize(
    ("line", "is_there"),
    [
        ("- [[two]] and [[one]]: one stone alone", False),
        ("- [[one]]: alone", True),
        ("- [[one]] and [[gone]]: no such note", True),
        ("[[one]] and [[two]] in prose", True),
    ],
)
def test_dismissed_pairs_are_never_suggested(line: str, is_there: bool) -> None:  # noqa: FBT001
    files = {**BASE, "Unrelated.md": f"{line}\n"}
    assert ("Claims/two.md" in found(files)) == is_there


def test_in_a_large_vault_notes_that_share_rare_words_are_compared() -> None:
    many = {
        f"Claims/many{n}.md": note(f"Common plant{n} number{n}.", title=f"Plant {n}")
        for n in range(250)
    }
    search = vault({**many, **BASE}).search
    best = search.of("Claims/one.md", 5)[0]
    assert best.other == "Claims/two.md"
    assert [(one.one, one.other) for one in search.all(1)] == [("Claims/one.md", "Claims/two.md")]


def test_every_kind_of_reason_has_a_test() -> None:
    kinds = {"words", "around", "claims", "sources", "properties", "neighbours", "authors"}
    assert REASONS.keys() == kinds | {"mention", "question", "tension"}


def test_of_many_pairs_those_with_similar_words_are_weighed() -> None:
    many = {f"Claims/m{n}.md": note(f"Plant{n} grows.", title=f"Plant {n}") for n in range(80)}
    search = vault({**many, **BASE}).search
    assert (search.all(1)[0].one, search.all(1)[0].other) == ("Claims/one.md", "Claims/two.md")


def test_among_some_notes_no_other_is_suggested_or_named() -> None:
    linked = {
        f"Claims/{name}.md": BASE[f"Claims/{name}.md"] + "\nSee [[mid]].\n"
        for name in ("one", "two")
    }
    search = vault({**BASE, **linked, "Claims/mid.md": note("Middle.", title="Mid")}).search
    (before,) = search.of("Claims/one.md", 1)
    assert "both are linked with Mid" in [reason.text for reason in before.reasons]
    (among,) = search.among(frozenset({"Claims/one.md", "Claims/two.md"})).all(5)
    assert (among.one, among.other) == ("Claims/one.md", "Claims/two.md")
    assert "Mid" not in str(among)
    assert not search.among(frozenset({"Claims/one.md"})).of("Claims/one.md", 1)
