"""What readers do not see: a relation to a hidden note, a private note's title in the journal."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.blocks.sample import block, note
from tests.lint.settings import context

from vaultsync.core.config import LintSettings
from vaultsync.lint import engine

SELECTION = engine.select(LintSettings(select=("BDY011", "BDY012")))
PRIVATE = note("Text.", title="A kept claim", status="open", kind="idea", publish="false")
OPEN = note("Text.", title="Open", status="open", kind="idea")
DRAFT = note("Text.", title="Draft", status="draft", kind="idea")


def found(files: Mapping[str, str]) -> list[str]:
    """Return what the linter finds, each as the text that it is about."""
    vault = context(files)
    reported = engine.findings(vault, SELECTION, None)
    return [one.span.of(vault.vault.documents[one.path].text) for one in reported]


def relating(*names: str) -> str:
    items = "".join(f"- [[{name}]]: why\n" for name in names)
    return f"{OPEN}\n\n## Related\n\n{items}"


def test_a_relation_that_is_not_shown_is_a_hint() -> None:
    files = {
        "Claims/a.md": relating("open", "draft", "kept", "loose", "nowhere", "plan.canvas"),
        "Claims/open.md": OPEN,
        "Claims/draft.md": DRAFT,
        "Claims/kept.md": PRIVATE,
        "loose.md": "Text.",
        "plan.canvas": "{}",
    }
    assert found(files) == [
        "- [[draft]]: why",
        "- [[kept]]: why",
        "- [[loose]]: why",
        "- [[plan.canvas]]: why",
    ]


JOURNAL = """Text on a kept claim.

### 2026-01-02

- Added [[kept|What it was called]]
- Removed “A kept claim”
%%
- Removed “A kept claim” again
%%
- By hand: [[kept|that]]
- Withheld 1 note"""
NAMING = ["Text on a kept claim.", *JOURNAL.split("\n")[4:6]]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_that_names_a_private_note_is_found(end: str) -> None:
    journal = block("changelog", JOURNAL).replace("\n", end)
    files = {"Claims/kept.md": PRIVATE, "Changelog.md": journal}
    assert found(files) == NAMING
    assert found({**files, "Claims/kept.md": OPEN}) == []
    assert found({"Claims/kept.md": PRIVATE, "Changelog.md": JOURNAL}) == []
    assert found({"Claims/kept.md": PRIVATE, "Other.md": journal}) == []


FILES = {
    "Claims/a.md": ["", relating("b"), relating("b", "c"), OPEN],
    "Claims/b.md": ["", OPEN, DRAFT, PRIVATE],
    "b.md": ["", "Text."],
    "c.md": ["", "Text.", note("Text.", aliases="[b]")],
    "Changelog.md": ["", block("changelog", JOURNAL.replace("kept|", "b|"))],
}
VAULTS = st.fixed_dictionaries({path: st.sampled_from(texts) for path, texts in FILES.items()})


@given(VAULTS, VAULTS)
def test_a_check_after_a_change_finds_what_a_cold_one_does(
    old: Mapping[str, str], new: Mapping[str, str]
) -> None:
    before, after = (
        context({path: text for path, text in files.items() if text}) for files in (old, new)
    )
    changed = {path for path in FILES if old[path] != new[path]}
    checked = engine.check(None, before, SELECTION, ())
    followed = engine.check(checked, engine.following(checked, after, changed), SELECTION, changed)
    cold = engine.check(None, after, SELECTION, ())
    assert engine.report(followed, None) == engine.report(cold, None)
