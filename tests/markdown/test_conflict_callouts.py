"""What is left of a conflict that is resolved."""

from __future__ import annotations

import pytest

from vaultsync.core.text import apply_edits
from vaultsync.markdown import parse
from vaultsync.markdown.conflict_callouts import Choice, find_callouts

TEXT = """\
---
s: 1
# [!conflict] s: 2
t: 3
---

A.

> [!conflict] Instead of the block above:
> B.

C.
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("choice", "front", "body"),
    [("theirs", "s: 1", "A."), ("ours", "s: 2", "B."), ("both", "s: 1\ns: 2", "A.\n\nB.")],
)
def test_a_version_that_is_kept_is_between_the_same_lines(
    choice: Choice, front: str, body: str, newline: str
) -> None:
    text = TEXT.replace("\n", newline)
    found = find_callouts(parse("a.md", text))
    kept = apply_edits(text, [one.resolved(text, choice) for one in found])
    assert kept == f"---\n{front}\nt: 3\n---\n\n{body}\n\nC.\n".replace("\n", newline)
