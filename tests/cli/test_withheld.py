"""`publish:` fails closed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.blocks.sample import TOML, block, note
from tests.vaults import make, run

POST = f"Seen.\n\n{block('notes')}"


def published(vault: Path) -> str:
    found = run(vault, "publish", "--target", "markdown")
    assert found.code == 0, found
    return (vault / ".public/post.md").read_text()


@pytest.mark.parametrize("written", ["publish: no", "Publish: 'true'", "pubilsh:", "publish: 1"])
def test_a_typed_note_is_withheld_and_that_is_a_finding(tmp_path: Path, written: str) -> None:
    name, _, value = written.partition(":")
    secret = note("SECRET\n", title="Ants", status="open", **{name: value})
    vault = make(tmp_path, {"vaultsync.toml": TOML, "Post.md": POST, "Claims/ants.md": secret})
    assert "SECRET" not in published(vault)
    assert "warning PRP017 the note is not published" in run(vault, "lint").out
    open_note = note("SECRET\n", title="Ants", status="open", publish="true")
    make(vault, {"Claims/ants.md": open_note})
    assert "SECRET" in published(vault)


@pytest.mark.parametrize("written", ["publish: no", "Publish: 'true'", "pubilsh:", "publish: 1"])
def test_so_is_a_note_of_a_vault_without_types(tmp_path: Path, written: str) -> None:
    files = {"vaultsync.toml": "", "Post.md": "![[ants]]\n"}
    vault = make(tmp_path, {**files, "ants.md": f"---\n{written}\n---\n\nSECRET\n"})
    found = run(vault, "publish")
    assert (found.code, "that note is not published" in found.out) == (1, True)
    assert not (vault / ".public").exists()
    make(vault, {"ants.md": "---\npublished: no\nPublish: true\n---\n\nSeen.\n"})
    assert "Seen." in published(vault)
    assert "PRP017" not in run(vault, "lint").out


@pytest.mark.parametrize("path", ["Post.md", "ants.md"])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("---\npublish: false: x\n---\n\nText.\n", "PRP001"),
        ("\n---\npublish: false\n---\n\nText.\n", "PRP014"),
        ("Text.\n\n<<<<<<< HEAD\nOne.\n=======\nTwo.\n>>>>>>> other\n", "MRK008"),
    ],
)
def test_a_note_that_cannot_be_read_stops_the_post_whatever_is_selected(
    tmp_path: Path, path: str, text: str, code: str
) -> None:
    settings = f'[lint]\nselect = ["LNK"]\nignore = ["{code}"]\nseverity = {{ {code} = "hint" }}\n'
    vault = make(tmp_path, {"Post.md": "A post.\n", "vaultsync.toml": settings, path: text})
    found = run(vault, "publish")
    assert (found.code, f" error {code} " in found.out) == (1, True)
    assert found.out.endswith("1 error: nothing was published\n")
    assert not (vault / ".public").exists()
    make(vault, {"vaultsync.toml": f'exclude = ["{path}"]\n'})
    assert run(vault, "publish").code == 0
