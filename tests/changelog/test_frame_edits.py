"""Typical edits of a frame: each that touches what it claims gives a line, and no other does."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.blocks.sample import context

from vaultsync.blocks.journal_sentences import read_sentence
from vaultsync.changelog.compare import Surroundings, compare
from vaultsync.changelog.note_state import published_versions, state_digest
from vaultsync.changelog.render import lines_of
from vaultsync.notes.link_index import wikilink

TOML = """
[types.frame]
match = ["Frames/*.md"]
alias = "title"
scope = "tested_on"
checked = "checked"
unrecorded = ["topic"]

[types.frame.states]
draft = { status = "draft" }
retired = { status = "retired" }

[types.frame.properties]
category = { enum = ["representational", "functional"] }
status = { enum = ["draft", "supported", "contested", "retired"] }
evidence = { items = { enum = ["probing", "theory"] } }
flags = { items = true }
topic = { enum = ["hiding", "telling"] }

[types.frame.body]
lead = { required = true }
caveat = "Caveat:"
sections.Sources = { items = "source", first = "original" }
sections.Related = { items = "relation" }
sections."Open questions" = { items = "question" }
"""
FRAME = """---
title: Models can hide what they know
category: functional
status: contested
source: https://arxiv.org/abs/2412.14093
cite: Ada et al. 2024
year: 2024
evidence:
  - probing
  - theory
tested_on: "Claude 3 Opus's two snapshots; 25 models in the follow-up"
tags:
  - alignment
  - self-awareness
aliases:
  - Models can hide what they know
  - sandbagging
checked: 2026-01-01
flags: [x]
topic: hiding
order: 10
---

Told of a test, models can sometimes hide what they know, says [[Frames/grokking]]. Of 25 models,
five did *not* do it within 10 ms. %%sure?%%

Caveat: It doesn't hold for "base" models.

## Sources
- original: [On Hiding](https://arxiv.org/abs/2412.14093), Ada et al. 2024; abstract
- supporting: [Again](https://arxiv.org/abs/2506.18032), Bob 2025; figure 1

## Related
- [[grokking]]: the same logic applied to training
- [[simulators]]: tension: a goal, or a story about one (crux: whether it has a goal)

## Open questions
- Is the stated reason the cause?
- Does it arise in base models? answered: [[grokking]]
"""
OTHERS = {
    f"Frames/{name}.md": f"---\ntitle: {name.title()}\nstatus: supported\n---\n\nIt {name}s.\n"
    for name in ("grokking", "simulators", "scaling")
}
HIDE = "[[hiding|Models can hide what they know]]"
NOT = HIDE.replace("can", "cannot")
CLAIM = f"Reworded {HIDE}: "
ON = f"Reworded {HIDE} on [[simulators|Simulators]]: "
SOURCE = "[Bob 2025](https://arxiv.org/abs/2506.18032)"
BOTH = "“training / applied to hiding”"
ADA = "[Ada et al. 2024](https://arxiv.org/abs/2412.14093)"
NEW = "[Cyd 2026](https://arxiv.org/abs/2601.00001)"
TENSION = FRAME[FRAME.index("- [[simulators]]") : FRAME.index("\n## Open questions")]
RELATION = "- [[grokking]]: the same logic applied to training\n"


def lines(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Return the lines of the journal that lead from one vault to the other."""
    old, new = context(before, TOML), context(after, TOML)
    versions = [published_versions(known.vault, known.config) for known in (old, new)]
    around = Surroundings(new.index.resolve, new.vault.files)
    found = compare(versions[0], versions[1], {}, around)
    texts = [
        line.text for line in lines_of(found, lambda path, title: wikilink(path, new.index, title))
    ]
    assert all(map(read_sentence, texts))
    digests = [{path: state_digest(one) for path, one in known.items()} for known in versions]
    # A check of the changelog compares digests alone. They hold where a relation leads as written.
    moved = [relation for known in versions for one in known.values() for relation in one.related]
    is_respelt = len({target for target, _ in moved}) > len(OTHERS) - 1
    assert (digests[0] == digests[1]) is not (bool(texts) or is_respelt)
    return texts


def edited(old: str, new: str) -> list[str]:
    assert FRAME.count(old) == 1
    files = {**OTHERS, "Frames/hiding.md": FRAME}
    return lines(files, files | {"Frames/hiding.md": FRAME.replace(old, new)})


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "title: Models can hide",
            "title: Models cannot hide",
            f"Reworded the title of {NOT}: “can” → “cannot” (a negation changed)",
        ),
        (
            "category: functional",
            "category: representational",
            f"Moved {HIDE}, category: functional → representational",
        ),
        ("status: contested", "status: supported", f"Moved {HIDE}, status: contested → supported"),
        ("status: contested", "status: retired", f"Retired {HIDE}"),
        ("status: contested", "status: draft", "Removed “Models can hide what they know”"),
        ("  - theory\n", "", f"Changed {HIDE}: evidence: probing, theory → probing"),
        (
            "two snapshots; 25 models",
            "two snapshots; 26 models",
            f"Changed {HIDE}: tested_on: “25” → “26”",
        ),
        (
            "  - self-awareness\n",
            "",
            f"Changed {HIDE}: tags: alignment, self-awareness → alignment",
        ),
        ("checked: 2026-01-01", "checked: 2026-02-01", f"Checked {HIDE}: 2026-02-01"),
        ("checked: 2026-01-01\n", "", f"Changed {HIDE}: checked: 2026-01-01 → none"),
        (
            "can sometimes hide",
            "will sometimes hide",
            CLAIM + "“can” → “will” (a hedge changed)",
        ),
        ("can sometimes hide", "can hide", CLAIM + "“can sometimes” → “can” (a hedge changed)"),
        ("five did *not* do", "five did do", CLAIM + "“did not” → “did” (a negation changed)"),
        ("Of 25 models", "Of 26 models", CLAIM + "“25” → “26” (a number changed)"),
        ("10 ms", "10 s", CLAIM + "“ms.” → “s.” (a number changed)"),
        ("five did", "all did", CLAIM + "“five” → “all” (a number and a quantifier changed)"),
        (
            "It doesn't hold",
            "It holds",
            f"Reworded the caveat of {HIDE}: “doesn't hold” → “holds” (a negation changed)",
        ),
        ('Caveat: It doesn\'t hold for "base" models.\n\n', "", f"Dropped the caveat of {HIDE}"),
        (
            "- supporting:",
            "- contrary:",
            f"Role changed in {HIDE}: {SOURCE}, supporting → contrary",
        ),
        (
            "Bob 2025; figure 1",
            "Bob 2025; figure 1; disputes Ada 2024",
            f"Role changed in {HIDE}: {SOURCE}, supporting → supporting, disputes Ada et al. 2024",
        ),
        (
            "Bob 2025; figure 1",
            "Bob 2025; disputes Eve 2024",
            f"Role changed in {HIDE}: {SOURCE}, supporting → supporting, disputes Eve 2024",
        ),
        (
            "applied to training",
            "applied to training / applied to hiding",
            f"Reworded {HIDE} on [[grokking|Grokking]]: “training” → {BOTH}",
        ),
        (
            "- original: [On Hiding]",
            "- [On Hiding]",
            f"Role changed in {HIDE}: {ADA}, original → none",
        ),
        (
            "- supporting: [Again](https://arxiv.org/abs/2506.18032), Bob 2025; figure 1\n",
            "",
            f"No longer cited in {HIDE}: {SOURCE}",
        ),
        (
            "## Sources\n",
            "## Sources\n- contrary: [No](https://arxiv.org/abs/2601.00001), Cyd 2026\n",
            f"Cited in {HIDE}: {NEW}",
        ),
        (
            "applied to training",
            "applied to tests",
            f"Reworded {HIDE} on [[grokking|Grokking]]: “training” → “tests”",
        ),
        (
            RELATION,
            "- [[grokking]]\n",
            f"Reworded {HIDE} on [[grokking|Grokking]]: “the same logic applied to training” → “”",
        ),
        (RELATION, "", f"Unlinked {HIDE} from [[grokking|Grokking]]"),
        (
            RELATION,
            f"{RELATION}- [[scaling]]: tension: it may grow\n",
            f"Linked {HIDE} with [[scaling|Scaling]] (tension)",
        ),
        (
            TENSION,
            "",
            f"Unlinked {HIDE} from [[simulators|Simulators]] (tension)",
        ),
        (
            "tension: a goal",
            "a goal",
            ON + "“tension: a” → “a” (a tension dropped)",
        ),
        ("or a story", "not a story", ON + "“or” → “not” (a negation changed)"),
        (
            " (crux: whether it has a goal)",
            "",
            ON + "“one (crux: whether it has a goal)” → “one” (a crux dropped)",
        ),
        (
            "whether it has a goal",
            "whether it has a plan",
            ON + "“goal)” → “plan)” (a crux changed)",
        ),
        (
            "- Is the stated reason the cause?\n",
            "",
            f"Dropped from {HIDE}: “Is the stated reason the cause?”",
        ),
        (
            "reason the cause?",
            "reason the cause? answered: [[scaling]]",
            f"Answered in {HIDE}: “Is the stated reason the cause?”",
        ),
        (
            "answered: [[grokking]]",
            "answered: [[scaling]]",
            f"Answered in {HIDE}: “Does it arise in base models?”",
        ),
        (" answered: [[grokking]]", "", f"Asked in {HIDE}: “Does it arise in base models?”"),
        ("## Open questions\n", "## Open questions\n- Why?\n", f"Asked in {HIDE}: “Why?”"),
    ],
)
def test_an_edit_of_what_a_frame_claims_gives_one_line(old: str, new: str, expected: str) -> None:
    assert edited(old, new) == [expected]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Of 25 models,\nfive", "Of 25\nmodels, five"),
        ("sometimes hide", "*sometimes* `hide`"),
        ("five did *not* do", "five **did** ==not== _do_"),
        ("says [[Frames/grokking]]", "says [[grokking]]"),
        ("says [[Frames/grokking]]", "says [[grokking|grokking]]"),
        ("says [[Frames/grokking]]", "says [Grokking](grokking.md)"),
        (" %%sure?%%", " <!-- really? -->"),
        ("Of 25 models", "Of 25  models"),
        ('doesn\'t hold for "base"', "doesn\u2019t hold for \u201cbase\u201d"),
        ("Claude 3 Opus's", "Claude 3 Opus\u2019s"),
        ("applied to training", "applied to `training`"),
        ("has a goal)", "has a goal)."),
        ("tension: a goal", "Tension: a goal"),
        ("[[simulators]]: tension", "[[Frames/simulators|those]]: tension"),
        ("Is the stated reason", "Is the *stated* reason"),
        ("  - probing\n  - theory\n", "  - theory\n  - probing\n"),
        ("tags:\n  - alignment\n  - self-awareness\n", "tags: [self-awareness, alignment]\n"),
        ("title: Models can hide what they know", "title: 'Models can hide what they know'"),
        ("abs/2412.14093), Ada", "pdf/2412.14093v2), Ada"),
        ("- supporting: [Again]", "- Supporting: [Again]"),
        (
            "## Sources\n",
            "<!-- vaultsync:tags -->\n\nIt never holds.\n\n<!-- /vaultsync -->\n\n## Sources\n",
        ),
        ("Bob 2025; figure 1", "Bob 2025; figure 2"),
        ("## Related\n", "%%\n- [[scaling]]: no\n%%\n\n## Related\n"),
        ("  - sandbagging\n", "  - playing dumb\n"),
        ("flags: [x]", "flags: [y]"),
        ("topic: hiding", "topic: telling"),
        ("topic: hiding\norder: 10\n", ""),
    ],
)
def test_an_edit_of_the_form_alone_gives_none(old: str, new: str) -> None:
    assert edited(old, new) == []


def test_order_of_items_and_sections_gives_no_line() -> None:
    head, sources, related, questions = FRAME.split("\n## ")
    parts = [*map(_turned, (questions, related, sources))]
    turned = "\n## ".join([head, *parts])
    files = {**OTHERS, "Frames/hiding.md": FRAME}
    assert lines(files, files | {"Frames/hiding.md": turned}) == []


def test_another_name_for_what_a_source_disputes_or_room_around_a_slash_gives_no_line() -> None:
    text = FRAME.replace("figure 1", "disputes Ada 2024").replace("to training", "here / there")
    other = text.replace("disputes Ada 2024", "disputes Ada et al. 2024; figure 1")
    old, new = ({**OTHERS, "Frames/hiding.md": one} for one in (text, other.replace("/ t", "/  t")))
    assert lines(old, new) == []


def _turned(section: str) -> str:
    name, *items = section.strip().split("\n")
    return "\n".join([name, *items[::-1], ""])


def test_a_caveat_that_is_new() -> None:
    bare = FRAME.replace('Caveat: It doesn\'t hold for "base" models.\n\n', "")
    before = {**OTHERS, "Frames/hiding.md": bare}
    assert lines(before, {**OTHERS, "Frames/hiding.md": FRAME}) == [f"Added a caveat to {HIDE}"]
