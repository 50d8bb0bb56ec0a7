"""What is published with what earlier rounds left equals what is published without."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.blocks.sample import NOTES, TOML, block, note
from tests.conftest import examples
from tests.vaults import make

from vaultsync.app.publish import make_post
from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import VaultsyncError
from vaultsync.core.memo import Memo
from vaultsync.publish import TARGETS
from vaultsync.publish.targets.items import read_item

PUBLISH = '\n[publish]\npage = "https://example.org/"\nmap = "area"\nfilters = ["status", "tags"]\n'
POST = f"""---
title: Post
---

See [[bridges]] and [[more]]. {{}}

## Claims

{block('notes type="claim" style="list"')}
## Others

{block('notes type="query" style="sections"')}
{block('items section="Sources"')}
{block("changelog")}
"""
JOURNAL = block("changelog", "### 2026-01-02\n\n- Added [[bridges|Bridges]]")
CLAIM = "{} here [[{}]], in $x$ and ==y==.\n\n## Related\n\n- [[{}]]: tension: why (crux: when)\n"
FILES = {
    "vaultsync.toml": TOML + PUBLISH,
    "Post.md": POST.format(""),
    "Changelog.md": JOURNAL,
    **NOTES,
    "Claims/more.md": note(CLAIM.format("More", "bridges", "ropes"), title="More", status="open"),
}
NAMES = ("bridges", "ropes", "old", "more", "new", "private")
PATHS = st.sampled_from(
    [f"Claims/{name}.md" for name in NAMES] + ["Queries/q.md", "Queries/ropes.md", "ropes.md"]
)
NAME = st.sampled_from(NAMES)
BODIES = st.one_of(
    st.builds(CLAIM.format, st.sampled_from(["One", "Two[^1]", "![[p.png]]", "```"]), NAME, NAME),
    st.sampled_from(
        [*NOTES.values(), "Text.", "", "[a]: b\n\n[a]", "$\\frac$", "---\nx: [\n---\n"]
    ),
)
PROPERTIES = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["T", "*U*"]),
        "status": st.sampled_from(["open", "draft", "retired"]),
    }
)
SETTINGS = st.sampled_from(
    [
        TOML,
        TOML + PUBLISH,
        TOML.replace("Caveat:", "But:") + PUBLISH,
        TOML + PUBLISH + 'outside = "error"\nreferences = "Works"\nsuggestions = true\n',
        "x = 1\n",
    ]
)
Step = Callable[[Path], object]


def written(path: str, body: str, properties: dict[str, str]) -> Step:
    return lambda root: make(root, {path: note(body, **properties)})


def posted(words: str) -> Step:
    return lambda root: make(root, {"Post.md": POST.format(words)})


def removed(path: str) -> Step:
    return lambda root: (root / path).unlink(missing_ok=True)


def renamed(path: str, name: str) -> Step:
    def rename(root: Path) -> None:
        if (root / path).exists():
            (root / path).rename(root / f"Claims/{name}.md")

    return rename


def settled(toml: str) -> Step:
    return lambda root: make(root, {"vaultsync.toml": toml})


STEPS = st.one_of(
    st.builds(written, PATHS, BODIES, PROPERTIES),
    st.builds(posted, st.sampled_from(["", "![[ropes]]", "![[bridges#Sources]]", "```", "[^1]"])),
    st.builds(removed, PATHS),
    st.builds(renamed, PATHS, NAME),
    st.builds(settled, SETTINGS),
)


def outcome(root: Path, memo: Memo) -> object:
    """Return the files, the inputs and the errors of a post; or why there is none."""
    with closing(Workspace(str(root), cached=False, former=memo)) as workspace:
        try:
            post = make_post(workspace, TARGETS)
        except VaultsyncError as error:
            return str(error)
    return post.files, post.inputs, post.findings, post.errors


@given(steps=st.lists(STEPS, min_size=1, max_size=6))
@examples(6)
def test_a_post_of_many_rounds_equals_a_new_one(steps: list[Step]) -> None:
    memo = Memo()
    with TemporaryDirectory() as folder:
        root = make(Path(folder) / "vault", FILES)
        make(root, {"p.png": b""})
        outcome(root, memo)
        for step in steps:
            step(root)
            assert outcome(root, memo) == outcome(root, Memo())


def test_what_is_kept_is_that_of_the_notes_there_are(tmp_path: Path) -> None:
    root = make(tmp_path / "vault", FILES)
    memo = Memo()
    outcome(root, memo)
    count = len(memo.known)
    for number in range(5):
        make(
            root, {"Claims/more.md": note(f"More {number}.", title=f"More {number}", status="open")}
        )
        outcome(root, memo)
    make(root, {"Claims/more.md": FILES["Claims/more.md"]})
    outcome(root, memo)
    assert len(memo.known) == count


@pytest.mark.parametrize("count", [3, 30])
def test_each_note_is_one_item_that_is_kept(tmp_path: Path, count: int) -> None:
    notes = {
        f"Claims/n{n}.md": note(f"Claim {n}.", title=str(n), status="open") for n in range(count)
    }
    post = "Text.\n\n" + block('notes type="claim"')
    root = make(tmp_path / "vault", {"vaultsync.toml": TOML, "Post.md": post, **notes})
    memo = Memo()
    for _ in range(3):
        with closing(Workspace(str(root), cached=False, former=memo)) as workspace:
            make_post(workspace, ["html"])
        kept = [key for key in memo.known if isinstance(key, tuple) and key[0] is read_item]
        assert len(kept) == count
