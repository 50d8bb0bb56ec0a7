"""A check from an earlier state: what is checked again, and what is taken over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import msgspec
import pytest
from tests.lint.settings import CONFIG, context

from vaultsync.core.config import LintSettings
from vaultsync.core.model import Document
from vaultsync.core.text import Span
from vaultsync.lint import engine
from vaultsync.lint.context import Context
from vaultsync.lint.engine import Checked, Lazy, Selection
from vaultsync.lint.engine.check_note import NO_RESULT
from vaultsync.lint.engine.incremental import subjects
from vaultsync.lint.rule import Finding, Reach, Rule, rule

Files = Mapping[str, str]


def noting(found: list[str], reach: Reach | None = None, *, names: bool = False) -> Rule:
    """Make a rule that notes which documents it checks."""

    @rule("TST001", "test", reach=reach, names=names)
    def check(document: Document, _context: Context) -> Iterator[Finding]:
        found.append(document.path)
        if "bad" in document.text:
            yield Finding(Span(0, 0), "bad")

    return check


def differing(before: Files, after: Files) -> set[str]:
    return {path for path in {*before, *after} if before.get(path) != after.get(path)}


def again(before: Files, after: Files, reach: Reach | None = None) -> tuple[set[str], Checked]:
    """Return which documents a check from an earlier state checks, and its state."""
    seen: list[str] = []
    selection = Selection((noting(seen, reach),), {})
    first = engine.check(None, context(before), selection, ())
    seen.clear()
    changed = differing(before, after) - {".gitignore"}
    found = engine.check(first, context(after), selection, changed)
    assert len(seen) == len(set(seen))
    return set(seen), found


def test_a_value_is_computed_once_and_only_when_it_is_used() -> None:
    computed: list[int] = []

    def compute() -> int:
        computed.append(1)
        return 5

    value = Lazy(compute)
    assert computed == []
    assert (value.get(), value.get(), computed) == (5, 5, [1])


def test_without_an_earlier_state_everything_is_checked() -> None:
    seen: list[str] = []
    selection = Selection((noting(seen),), {})
    checked = engine.check(None, context({"a.md": "bad", "b.md": "", "it.png": ""}), selection, ())
    assert sorted(seen) == ["a.md", "b.md"]
    assert checked.results.keys() == {"a.md"}
    assert checked.result("b.md") is NO_RESULT
    assert [one.finding.message for one in checked.result("a.md").findings] == ["bad"]


def test_attachments_are_checked_where_a_rule_checks_names() -> None:
    here = context({"a.md": "", "it.png": ""})
    assert subjects(here, Selection((noting([]),), {})) == {"a.md"}
    assert subjects(here, Selection((noting([], names=True),), {})) == {"a.md", "it.png"}


NOTES = {"a.md": "# B\n", "n.md": "[[a]]\n", "m.md": "[[a#B]]\n", "o.md": "Text.\n"}


@pytest.mark.parametrize(
    ("reach", "changed", "wanted"),
    [
        (None, {"a.md": "# C\n"}, {"a.md"}),
        (None, {"p.md": ""}, {"p.md"}),
        ("links", {"a.md": "# B\n\nText.\n"}, {"a.md"}),
        ("links", {"a.md": "# C\n"}, {"a.md", "m.md"}),
        ("links", {"x/a.md": ""}, {"x/a.md", "n.md", "m.md"}),
        ("links", {"p.md": "---\naliases: [A]\n---\n"}, {"p.md", "n.md", "m.md"}),
        ("links", {".gitignore": "a.md"}, {"a.md", "n.md", "m.md"}),
        ("paths", {"A.md": ""}, {"A.md", "a.md"}),
        ("graph", {"p.md": ""}, {*NOTES, "p.md"}),
    ],
)
def test_what_changed_and_what_depends_on_it_is_checked(
    reach: Reach | None, changed: Files, wanted: set[str]
) -> None:
    before = {**NOTES, ".gitignore": "other.md"}
    assert again(before, {**before, **changed}, reach)[0] == wanted


@pytest.mark.parametrize("reach", ["links", "graph", "paths", None])
def test_nothing_is_checked_where_nothing_changed(reach: Reach | None) -> None:
    seen, found = again(NOTES, NOTES, reach)
    assert seen == set()
    assert found.context.vault.files == NOTES.keys()


def test_what_is_gone_has_no_result() -> None:
    before = {"a.md": "bad", "b.md": "bad"}
    seen, found = again(before, {"b.md": "bad"})
    assert seen == set()
    assert found.results.keys() == {"b.md"}


def test_what_is_mended_has_no_result_and_others_keep_theirs() -> None:
    seen: list[str] = []
    selection = Selection((noting(seen),), {})
    first = engine.check(None, context({"a.md": "bad", "b.md": "bad"}), selection, ())
    after = context({"a.md": "good", "b.md": "bad"})
    found = engine.check(first, after, selection, ["a.md"])
    assert found.results.keys() == {"b.md"}
    assert found.result("b.md") is first.result("b.md")
    assert first.results.keys() == {"a.md", "b.md"}


@pytest.mark.parametrize("what", ["rules", "severities", "settings", "types"])
def test_a_state_of_other_settings_counts_as_none(what: str) -> None:
    seen: list[str] = []
    selection = Selection((noting(seen),), {})
    here = context(NOTES)
    first = engine.check(None, here, selection, ())
    seen.clear()
    match what:
        case "rules":
            selection = Selection((noting(seen),), {})
        case "severities":
            selection = Selection(selection.rules, {"TST001": "hint"})
        case "settings":
            here = context(NOTES, msgspec.structs.replace(CONFIG, exclude=("x/**",)))
        case "types":
            types = '{"types": {"a": "text"}}'
            here = context({**NOTES, ".obsidian/types.json": types})
    engine.check(first, here, selection, ())
    assert set(seen) == NOTES.keys()


def test_the_keys_of_notes_follow_changes_over_many_steps() -> None:
    selection = engine.select(LintSettings(select=("LNK", "FIL", "BDY", "MRK")))
    steps: list[Files] = [
        NOTES,
        {**NOTES, "n.md": "[[b]] [[c d]]\n"},
        {**NOTES, "n.md": "[[a]]\n", "p.md": "[[b]]\n"},
        {"p.md": "[t](c d.md)\n"},
        {**NOTES, "Claims/a.md": "---\ntitle: One\n---\n"},
    ]
    state = engine.check(None, context(steps[0]), selection, ())
    for before, after in pairwise(steps):
        state = engine.check(state, context(after), selection, differing(before, after))
        fresh = engine.check(None, context(after), selection, ())
        assert keys_of(state) == keys_of(fresh)
        assert dict(state.results) == dict(fresh.results)


def keys_of(checked: Checked) -> dict[str, set[str]]:
    return {path: set(keys) for path, keys in checked.keys.get().items()}


def test_the_dependents_of_keys_are_the_notes_that_have_one_of_them() -> None:
    selection = engine.select(LintSettings(select=("LNK",)))
    state = engine.check(None, context(NOTES), selection, ())
    assert state.dependents({"name:a"}) == {"n.md", "m.md"}
    assert state.dependents({"place:a", "name:o"}) == {"m.md"}
    assert state.dependents(set()) == set()


def test_a_context_that_follows_another_has_the_aliases_of_its_vault() -> None:
    before = {"a.md": "---\naliases: [A, B]\n---\n", "b.md": "---\ntitle: B\n---\n", "c.md": ""}
    after = {"b.md": "---\ntitle: C\n---\n", "c.md": "---\naliases: [b]\n---\n"}
    first = engine.check(None, context(before), Selection((), {}), ())
    assert first.context.link_graph.aliases == {"a": ("a.md",), "b": ("a.md", "b.md")}
    fresh = context(after)
    followed = engine.following(first, fresh, before.keys() | after.keys())
    assert followed.vault is fresh.vault
    assert fresh.link_graph.aliases == {"b": ("c.md",), "c": ("b.md",)}
    assert followed.link_graph.aliases == fresh.link_graph.aliases
    # The context before is what it was.
    assert first.context.link_graph.aliases.keys() == {"a", "b"}
