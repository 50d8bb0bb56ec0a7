"""What a change is answerable for, compared with a full check of both versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st
from tests.lint.settings import context

from vaultsync.config import LintSettings
from vaultsync.lint import engine
from vaultsync.lint.engine import Diagnostic
from vaultsync.lint.reach import Change, answerable

ALL = engine.select(LintSettings(select=("ALL",)))
BLOCK = '<!-- vaultsync:notes type="claim" filter="mood=good" -->\n\n<!-- /vaultsync -->'
Files = Mapping[str, str]


def change(before: Files, after: Files) -> Change:
    """Return the change from one version to the other; an ignored file is one in both."""
    ignored = [set(files.get(".gitignore", "").split("\n")) for files in (before, after)]
    differing = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    differing |= (ignored[0] ^ ignored[1]) & (before.keys() | after.keys())
    return Change(context(before), context(after), frozenset(differing))


def told(before: Files, after: Files, *select: str) -> list[tuple[str, str]]:
    """Return path and code of what a change is answerable for, under some rules or all."""
    selection = engine.select(LintSettings(select=select or ("ALL",)))
    found = answerable([change(before, after)], selection)
    return [(diagnostic.path, diagnostic.code) for diagnostic in found]


def brute(between: Change) -> list[Diagnostic]:
    """Check both versions in full, and take one from the other."""
    before, after = (engine.check(it, ALL) for it in (between.before, between.after))
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


@given(vaults, vaults, st.sets(st.sampled_from(PATHS)), ignored, ignored)
def test_a_change_is_answerable_for_what_two_full_checks_tell(
    before: Files, other: Files, kept: set[str], first: str, second: str
) -> None:
    """What is not kept is taken from another vault: changed, removed or added."""
    after = {path: text for path, text in before.items() if path in kept}
    after |= {path: text for path, text in other.items() if path not in kept}
    between = change({**before, ".gitignore": first}, {**after, ".gitignore": second})
    assert sorted(answerable([between], ALL), key=_order) == brute(between)
