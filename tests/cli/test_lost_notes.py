"""What makes a note leave the lists and the post without a word is an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.blocks.sample import TOML, note
from tests.vaults import committed, git, make, run

ANTS = note("It holds.\n", title="Ants", status="open")
DISPLACED = {
    "blank": f"\n{ANTS}",
    "unclosed": ANTS.replace("---\n\n", "\n"),
    "trailing": ANTS.replace("---", "--- ", 1),
}
LOST = {
    "bare": "It holds.\n",
    "empty": note("It holds.\n", title="Ants", status=""),
    "other": note("It holds.\n", title="Ants", phase="open"),
}

# Its fixes write properties.
FILLS = """
[types.claim]
match = ["Claims/**"]
required = ["title", "source"]
alias = "title"

[types.claim.body.sections.Sources]
items = "source"
first = "original"
fill = { source = "url" }
"""


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return committed(tmp_path, {"vaultsync.toml": TOML, "Claims/ants.md": ANTS})


def codes(vault: Path, *args: str) -> list[str]:
    """Return the errors of a run of `lint`, and show that it fails where there are any."""
    code, out, err = run(vault, "lint", "--output-format", "concise", *args)
    found = [line.split()[2] for line in out.split("\n") if " error " in line]
    assert (code, err) == (int(bool(found)), "")
    return found


@pytest.mark.parametrize("name", DISPLACED)
def test_displaced_properties_are_an_error_that_nothing_lets_off(vault: Path, name: str) -> None:
    off = "\n%% vaultsync-disable-file ALL, PRP014: no %%\n"
    make(vault, {"Claims/ants.md": DISPLACED[name] + off, "loose.md": DISPLACED[name] + off})
    assert codes(vault) == ["PRP014"] * 2
    assert codes(vault, "--select", "LNK") == ["PRP014"] * 2
    assert run(vault, "lint", "--write-baseline", "--baseline", "known.json").code == 0
    assert codes(vault, "--baseline", "known.json") == ["PRP014"] * 2


@pytest.mark.parametrize("name", DISPLACED)
def test_no_fix_writes_a_second_block(vault: Path, name: str) -> None:
    source = "\n## Sources\n\n- original: [T](https://example.org/a)\n"
    text = f"{DISPLACED[name]}{source}"
    make(vault, {"Claims/ants.md": text, "Claims/bees.md": ANTS + source, "vaultsync.toml": FILLS})
    assert run(vault, "lint", "--fix", "--unsafe-fixes").code == 1
    assert (vault / "Claims/ants.md").read_text() == text
    assert "source: https" in (vault / "Claims/bees.md").read_text()


@pytest.mark.parametrize("name", DISPLACED)
def test_lists_and_the_post_wait_for_displaced_properties(vault: Path, name: str) -> None:
    make(vault, {"Claims/ants.md": DISPLACED[name], "Post.md": "A post.\n"})
    found = run(vault, "index")
    assert (found.code, " error PRP014 " in found.out) == (1, True)
    found = run(vault, "publish")
    assert (found.code, " error PRP014 " in found.out) == (1, True)
    assert not (vault / ".public").exists()


@pytest.mark.parametrize("name", LOST)
def test_a_note_that_readers_saw_is_no_draft_unless_it_declares_it(vault: Path, name: str) -> None:
    make(vault, {"Claims/ants.md": LOST[name]})
    assert "PRP015" not in codes(vault)
    assert "PRP015" in codes(vault, "--since", "HEAD")
    assert "PRP015" not in codes(vault, "--staged")
    git(vault, "add", "--all")
    assert "PRP015" in codes(vault, "--staged")
    assert codes(vault, "--staged", "--ignore", "PRP015") == []
    git(vault, "commit", "-qm", "lost")
    assert codes(vault, "--staged") == codes(vault, "--since", "HEAD") == []
    assert "PRP015" in codes(vault, "--since", "HEAD~1")


def test_it_is_found_although_the_settings_change_too(vault: Path) -> None:
    make(vault, {"Claims/ants.md": LOST["bare"], "vaultsync.toml": f"# New.\n{TOML}"})
    git(vault, "add", "--all")
    assert codes(vault, "--staged") == ["PRP015"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ANTS, note("It holds.\n", title="Ants", status="draft")),
        (ANTS, note("It holds.\n", title="Ants", status="retired")),
        (note("", title="Ants", status="draft"), LOST["bare"]),
        (note("", title="Ants", status="open", publish="false"), LOST["bare"]),
        ("---\ntitle: a: b\n---\n", LOST["bare"]),
        (ANTS, DISPLACED["blank"]),
    ],
    ids=["declared", "retired", "draft before", "private before", "unreadable before", "displaced"],
)
def test_what_readers_did_not_lose_is_no_such_error(vault: Path, before: str, after: str) -> None:
    make(vault, {"Claims/ants.md": before})
    git(vault, "commit", "-q", "--allow-empty", "-am", "before")
    make(vault, {"Claims/ants.md": after, "Claims/new.md": LOST["bare"], "loose.md": "x\n"})
    git(vault, "add", "--all")
    assert "PRP015" not in codes(vault, "--staged")


def test_a_comment_may_let_it_off_and_exclude_does(vault: Path) -> None:
    off = "%% vaultsync-disable-file PRP015: it was a mistake %%\n"
    make(vault, {"Claims/ants.md": f"{off}\nIt holds.\n"})
    assert "PRP015" not in codes(vault, "--since", "HEAD")
    make(vault, {"Claims/ants.md": LOST["bare"]})
    make(vault, {"vaultsync.toml": f'exclude = ["Claims/**"]\n{TOML}', "a.md": "Text.\n"})
    assert codes(vault, "--since", "HEAD") == []


def test_a_misspelt_property_is_an_error_in_the_draft_that_it_makes(vault: Path) -> None:
    make(vault, {"Claims/ants.md": ANTS.replace("status:", "staus:")})
    assert codes(vault) == ["PRP016"]
    git(vault, "add", "--all")
    assert codes(vault, "--staged") == ["PRP015", "PRP016"]
