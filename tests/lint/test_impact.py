"""What a change is answerable for, compared with a full check of both versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lint.settings import context

from vaultsync.core.config import FILE_NAME, LintSettings
from vaultsync.lint import engine
from vaultsync.lint.baseline import baseline_bytes
from vaultsync.lint.context import Context
from vaultsync.lint.engine import Checked, Diagnostic, Earlier
from vaultsync.lint.rule import Rule
from vaultsync.lint.rules import RULES
from vaultsync.markdown.frontmatter.values import TYPES_FILE
from vaultsync.notes import source_lock

ALL = engine.select(LintSettings(select=("ALL",)))
BLOCK = '<!-- vaultsync:notes type="claim" mood="good" -->\n\n<!-- /vaultsync -->'
Files = Mapping[str, str]


class Change(NamedTuple):
    """Two versions of a vault, and the paths of all files that differ."""

    before: Context
    after: Context
    paths: frozenset[str]

    def __repr__(self) -> str:
        """Show the texts alone; the rest follows from them."""
        versions = (self.before.vault.documents, self.after.vault.documents)
        texts = [{path: found.text for path, found in those.items()} for those in versions]
        return f"{texts}, {self.before.untracked}, {self.after.untracked}"

    @property
    def others(self) -> frozenset[str]:
        return (self.after.vault.files | self.after.settings_files.keys()) - self.paths

    def is_removed(self, path: str, target: str) -> bool:
        return bool(self.before.index.resolve(target, path))

    def is_wrong(self, path: str, target: str) -> bool:
        return self.is_removed(path, target) or self.after.nearest(target) is not None

    def introduced(
        self, selection: engine.Selection, paths: Sequence[str] | None = None
    ) -> list[Diagnostic]:
        before = engine.check(None, self.before, selection, ())
        after = self.checked(before, selection)
        return engine.introduced([Earlier(before, self.paths)], after, paths)

    def checked(self, before: Checked, selection: engine.Selection) -> Checked:
        after = engine.following(before, self.after, self.paths)
        return engine.check(before, after, selection, self.paths)


def change(before: Files, after: Files) -> Change:
    """Return the change from one version to the other; an ignored file is one in both."""
    ignored = [set(files.get(".gitignore", "").split("\n")) for files in (before, after)]
    differing = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    differing |= (ignored[0] ^ ignored[1]) & (before.keys() | after.keys())
    return Change(context(before), context(after), frozenset(differing))


def told(before: Files, after: Files, *select: str) -> list[tuple[str, str]]:
    """Return path and code of what a change is answerable for, under some rules or all."""
    selection = engine.select(LintSettings(select=select or ("ALL",)))
    found = change(before, after).introduced(selection)
    return [(diagnostic.path, diagnostic.code) for diagnostic in found]


def brute(between: Change, selection: engine.Selection) -> list[Diagnostic]:
    """Check both versions in full, and take one from the other."""
    states = [engine.check(None, it, selection, ()) for it in (between.before, between.after)]
    before = engine.report(states[0], certain=lambda *_: False)
    after = [
        *engine.report(states[1], between.paths, certain=between.is_wrong),
        *engine.report(states[1], between.others, certain=between.is_removed),
    ]
    counts = Counter((found.path, found.code, found.span) for found in before)
    exact = {(found.path, found.code, found.span, found.message) for found in before}
    answered = [found for found in after if found.path in between.paths]
    others = [found for found in after if found.path not in between.paths]
    for place in dict.fromkeys((found.path, found.code, found.span) for found in others):
        here = [found for found in others if (found.path, found.code, found.span) == place]
        here.sort(key=lambda found: (*place, found.message) not in exact)
        answered += here[counts[place] :]
    return sorted(answered, key=_order)


def _order(found: Diagnostic) -> tuple[str, ...]:
    return found.path, found.code, str(found.span), found.message


PATHS = (
    *("a.md", "A.md", "x/a.md", "y/a.md", "xy/b c.md", "b c.md", "it.png", "x/it.png", "d.md.md"),
    *("C#/n.md", "C#/m.png", "Claims/a.md", "Claims/one.md", "Named/b.md", "board.canvas", "a"),
    *("Grokking.md", "Groking.md", "README.md"),
)
HEADS = (
    *("", "", "---\ntitle: One\nstatus: open\nkind: idea\nmood: good\n---\n"),
    *("---\naliases: [Woody]\n---\n", "---\ntitle: one\nup: '[[a]]'\n---\n", "---\na: b: c\n---\n"),
)
LINES = (
    *(
        "[[a]]",
        "[[A]]",
        "[[x/a]]",
        "![[it.png]]",
        "![[a#B]]",
        "[[a#B]]",
        "[[a#B#C]]",
        "[[b c#^id]]",
    ),
    *("[t](x/a.md#b-c)", "[t](../y/a.md)", "[t](b c.md)", "[t](a.md#B d)", "[[Woody]]", "[[One]]"),
    *("[[#B]]", "# B", "## C", "# B c", "Text. ^id", "[^1]", "[^1]: note", "[[#[^1]]]", "[[y]]"),
    *("## Open questions\n\n- Does it? answered: [[a]]", "\0", BLOCK, "<!-- /vaultsync -->"),
    *("[[d.md]]", "[[b%20c]]", "[[n]]", "%% open", "| [[a|b]] |", "[t](Claims/a.md)"),
    *("[[Grokking]]", "[[x/Grokking]]", "[t](a.md#it)", "[t](a.md#b-c)", '<a name="it"></a>'),
)
texts = st.builds(
    lambda head, lines: head + "\n\n".join(lines) + "\n",
    st.sampled_from(HEADS),
    st.lists(st.sampled_from(LINES), max_size=6),
)
vaults = st.dictionaries(st.sampled_from(PATHS), texts, max_size=8)


ignored = st.lists(st.sampled_from(PATHS), max_size=2, unique=True).map(
    lambda names: "\n".join(["other.md", *names])
)


# By itself, a rule is not helped by the reach of another.
selections = st.sampled_from(["ALL", *(rule.code for rule in RULES if rule.reach)])


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """Take what is not kept from another vault: it is changed, removed or added."""
    before, other, kept = draw(vaults), draw(vaults), draw(st.sets(st.sampled_from(PATHS)))
    after = {path: text for path, text in before.items() if path in kept}
    after |= {path: text for path, text in other.items() if path not in kept}
    versions = ({**files, ".gitignore": draw(ignored)} for files in (before, after))
    return change(*versions)


@given(changes(), selections)
def test_a_change_is_answerable_for_what_two_full_checks_tell(between: Change, select: str) -> None:
    selection = engine.select(LintSettings(select=(select,)))
    found = between.introduced(selection)
    assert sorted(found, key=_order) == brute(between, selection)


TARGET = {"a.md": "# B\n\nText. ^id\n"}
LINKED = {**TARGET, "n.md": "[[a]]\n"}


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (LINKED, {"n.md": "[[a]]\n"}, "LNK001"),
        (LINKED, {"b.md": TARGET["a.md"], "n.md": "[[a]]\n"}, "LNK001"),
        ({**TARGET, "n.md": "[[a#B]]\n"}, {"a.md": "# C\n", "n.md": "[[a#B]]\n"}, "LNK003"),
        ({**TARGET, "n.md": "![[a#^id]]\n"}, {"a.md": "# B\n", "n.md": "![[a#^id]]\n"}, "LNK004"),
        (
            {"a.md": "---\naliases: [C]\n---\n", "n.md": "[[C]]\n"},
            {"a.md": "No alias.\n", "n.md": "[[C]]\n"},
            "LNK017",
        ),
        (
            {"x/a.md": "x\n", "n.md": "[[a]]\n"},
            {"x/a.md": "x\n", "y/a.md": "y\n", "n.md": "[[a]]\n"},
            "LNK005",
        ),
        (
            {"x/a.md": "# B\n", "n.md": "[[a#B]]\n"},
            {"x/a.md": "# B\n", "a.md": "# C\n", "n.md": "[[a#B]]\n"},
            "LNK003",
        ),
        ({"it.png": "", "n.md": "![[it.png]]\n"}, {"n.md": "![[it.png]]\n"}, "LNK014"),
        (
            {"n.md": "[t](b c.md)\n"},
            {"n.md": "[t](b c.md)\n", "b c.md": "x\n"},
            "LNK009",
        ),
    ],
    ids=[
        *("removed", "renamed", "heading", "block", "alias taken away", "twin", "retargeted"),
        *("attachment", "text that becomes a link"),
    ],
)
def test_a_change_answers_for_what_it_breaks_in_a_note_it_does_not_touch(
    before: Files, after: Files, code: str
) -> None:
    assert ("n.md", code) in told(before, after, "LNK")
    assert told(after, after, "LNK") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # An old error, beside whatever changes.
        ({"n.md": "[[nowhere]]\n", "a.md": "x\n"}, {"n.md": "[[nowhere]]\n", "a.md": "y\n"}),
        # What led to no heading of one note now leads to none of another.
        (
            {"n.md": "[[a#C]]\n", "x/a.md": "# B\n"},
            {"n.md": "[[a#C]]\n", "x/a.md": "# B\n", "a.md": "# B\n"},
        ),
        # The third of a name does not make an ambiguous link more ambiguous.
        (
            {"n.md": "[[a]]\n", "x/a.md": "", "y/a.md": ""},
            {"n.md": "[[a]]\n", "x/a.md": "", "y/a.md": "", "z/a.md": "x\n"},
        ),
    ],
    ids=["elsewhere", "at another target", "in other words"],
)
def test_what_was_wrong_before_is_no_news(before: Files, after: Files) -> None:
    assert told(before, after, "LNK00") == []


NAME = {"n.md": "[[Grokking]]\n"}


@pytest.mark.parametrize("word", ["", "LNK017"])
def test_a_new_file_makes_no_error_of_a_hint_in_another_note(word: str) -> None:
    """It does in a full check, and in a note that changes too."""
    off = f"%% vaultsync-disable-file {word}: so %%\n" if word else ""
    before = {"n.md": f"{off}[[Grokking]] [[new]]\n"}
    after = {**before, "Groking.md": "x\n", "new.md": "y\n"}
    links = engine.select(LintSettings(select=("LNK001", "LNK017")))
    assert [one.code for one in engine.findings(context(after), links)] == ["LNK001"]
    assert told(before, after, "LNK001", "LNK017") == []
    touched = {**after, "n.md": f"{before['n.md']}More.\n"}
    assert told(before, touched, "LNK001", "LNK017") == [("n.md", "LNK001")]


def test_a_known_hint_that_a_new_file_makes_an_error_is_still_known() -> None:
    known = baseline_bytes(engine.known(engine.findings(context(NAME), ALL))).decode()
    settings = {FILE_NAME: "[lint]\nbaseline = 'known.json'\n", "known.json": known}
    after = {**NAME, **settings, "Groking.md": "x\n"}
    assert [one.code for one in engine.findings(context(after), ALL) if one.path == "n.md"] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [("[[Old]]\n", "LNK001"), ("[[Other]]\n", "LNK017")],
)
def test_a_link_to_what_the_change_removes_is_certainly_wrong(text: str, code: str) -> None:
    """So it is in a new note, and in one that links there already."""
    before = {"Old.md": "x\n", "a.md": "x\n"}
    assert ("n.md", code) in told(before, {"a.md": "x\n", "n.md": text}, "LNK")
    old = told({**before, "n.md": text}, {"a.md": "x\n", "n.md": text}, "LNK001", "LNK017")
    assert old == ([("n.md", code)] if code == "LNK001" else [])


def test_rules_about_the_whole_vault_tell_of_a_twin_at_both() -> None:
    claim = "---\ntitle: One\nstatus: open\nkind: idea\n---\n\nText.\n"
    before = {"Claims/one.md": claim, "it.png": ""}
    after = {**before, "Claims/two.md": claim, "IT.png": ""}
    assert told(before, after, "FIL") == [
        *(("Claims/one.md", "FIL002"), ("Claims/two.md", "FIL002")),
        *(("IT.png", "FIL009"), ("it.png", "FIL009")),
    ]


def test_a_generated_block_may_be_broken_by_any_note() -> None:
    note = "---\ntitle: One\nstatus: open\nkind: idea\nmood: good\n---\n\nText.\n"
    before = {"n.md": f"{BLOCK}\n", "Claims/one.md": note}
    assert told(before, {**before, "Claims/one.md": note.replace("mood: good\n", "")}, "MRK") == [
        ("n.md", "MRK001")
    ]


def test_a_change_can_be_limited_to_some_notes() -> None:
    between = change(LINKED, {"n.md": "[[a]]\n", "b.md": "[[c]]\n"})
    selection = engine.select(LintSettings())
    for path in ("n.md", "b.md"):
        assert [found.path for found in between.introduced(selection, [path])] == [path]


def test_other_settings_answer_for_everything() -> None:
    broken = context({"n.md": "[[nowhere]]\n", "m.md": "[[nowhere]]\n"})
    selection = engine.select(LintSettings())
    after, earlier = engine.check(None, broken, selection, ()), [Earlier(None, frozenset())]
    assert [found.path for found in engine.introduced(earlier, after)] == ["m.md", "n.md"]
    assert [found.path for found in engine.introduced(earlier, after, ["n.md"])] == ["n.md"]


def test_other_types_of_properties_are_found_in_every_note() -> None:
    note = {"n.md": "---\nrating: high\n---\n"}
    before = {**note, TYPES_FILE: '{"types": {"rating": "text"}}'}
    after = {**note, TYPES_FILE: '{"types": {"rating": "number"}}'}
    assert told(before, after, "PRP012") == [("n.md", "PRP012")]
    assert told(after, {**after, "m.md": "x\n"}, "PRP012") == []


def test_a_merge_answers_for_what_neither_side_had() -> None:
    """One side removes a note, the other links to it; each has old errors of its own."""
    ours = {"old.md": "[[gone]]\n", "b.md": "x\n"}
    theirs = {"new.md": "[[nowhere]]\n", **LINKED, "b.md": "x\n"}
    merged = {"old.md": "[[gone]]\n", "new.md": "[[nowhere]]\n", "n.md": "[[a]]\n", "b.md": "x\n"}
    selection = engine.select(LintSettings())
    sides = [change(side, merged) for side in (ours, theirs)]
    earlier = [
        Earlier(engine.check(None, side.before, selection, ()), side.paths) for side in sides
    ]
    found = engine.introduced(earlier, engine.check(None, sides[0].after, selection, ()))
    assert [(diagnostic.path, diagnostic.code) for diagnostic in found] == [("n.md", "LNK001")]


@pytest.mark.parametrize(
    ("ours", "theirs", "merged", "expected"),
    [
        # Ours removed the note long ago, and had the hint.
        ("[[a]]\n", "[[a]]\n", "[[a]]\n", []),
        ("[[a]]\n", "[[a]] it\n", "[[a]] it\n", [("n.md", "LNK017")]),
        ("x\n", "[[a]]\n", "x [[a]]\n", [("n.md", "LNK001")]),
    ],
    ids=["known", "known and changed", "brought together"],
)
def test_what_a_merge_removes_is_what_no_side_had_broken(
    ours: str, theirs: str, merged: str, expected: list[tuple[str, str]]
) -> None:
    after = {"n.md": merged, "b.md": "x\n"}
    sides = [
        change({"n.md": ours, "b.md": "x\n"}, after),
        change({"n.md": theirs, "b.md": "x\n", "a.md": ""}, after),
    ]
    selection = engine.select(LintSettings(select=("LNK001", "LNK017")))
    earlier = [
        Earlier(engine.check(None, side.before, selection, ()), side.paths) for side in sides
    ]
    found = engine.introduced(earlier, engine.check(None, sides[0].after, selection, ()))
    assert [(one.path, one.code) for one in found] == expected


# Settings are about the whole vault, what runs last is told what the others found, and what is not
# cached needs the history or the day.
TOLD = [r for r in RULES if r.settings or r.last or not r.cached]
ALONE = [r for r in RULES if not r.reach and r not in TOLD and r.code != "PRP012"]


@pytest.mark.parametrize("rule", ALONE)
def test_a_rule_of_no_reach_finds_the_same_in_a_note_alone(rule: Rule) -> None:
    selection = engine.select(LintSettings(select=(rule.code,)))
    for example in rule.examples:
        lock = {path: text for path, text in example.others.items() if path == source_lock.NAME}
        alone, among = (
            {**lock, example.path: example.bad},
            {**example.others, example.path: example.bad},
        )
        found = engine.findings(context(alone), selection, [example.path])
        assert found == engine.findings(context(among), selection, [example.path]) != []
