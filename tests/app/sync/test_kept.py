"""That a version that somebody keeps of a conflict is not taken for the older text of an editor."""

from __future__ import annotations

import pytest
from tests.app.sync.clones import Clones, synced

OURS, THEIRS = "# A\n\nIt holds here.\n", "# A\n\nIt holds there.\n"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Clones:
    """Return clones where `b` has a conflict that is sent."""
    made = Clones(
        tmp_path_factory.mktemp("template") / "clones",
        {"vaultsync.toml": "", "a.md": "# A\n\nIt holds.\n"},
    )
    (made.a / "a.md").write_text(THEIRS)
    synced(made.a)
    (made.b / "a.md").write_text(OURS)
    assert synced(made.b, code=3)["conflicts"] == [{"path": "a.md", "count": 1}]
    return made


def test_a_version_that_is_kept_in_an_editor_is_sent(clones: Clones) -> None:
    (clones.b / "a.md").write_text(OURS)
    found = synced(clones.b, "--continue")
    assert (found["pushed"], found["conflicts"], found["notices"]) == (True, [], [])
    synced(clones.a)
    assert (clones.a / "a.md").read_text() == OURS


def test_what_came_in_for_another_note_is_still_known(clones: Clones) -> None:
    for text in ("one\n\ntwo\n", "one\n\ntwo, too\n"):
        (clones.a / "b.md").write_text(text)
        for clone in (clones.a, clones.b):
            synced(clone, code=3)
    # An editor writes what it had opened before the last sync.
    (clones.b / "b.md").write_text("one\n\ntwo\n")
    (clones.b / "a.md").write_text(OURS)
    synced(clones.b, "--continue")
    assert "two, too" in (clones.b / "b.md").read_text()
