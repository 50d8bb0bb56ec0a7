"""What `vaultsync publish` keeps, removes and tells of a folder it has published to before."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.blocks.sample import NOTES, TOML, block, note
from tests.publish.pictures import png
from tests.vaults import Run, committed, git, make, run, state

from vaultsync import __version__
from vaultsync.core.model import content_id
from vaultsync.publish import hash_of

SETTINGS = f'{TOML}\n[publish]\ntargets = ["markdown", "data"]\n'
PICTURES = {"img/SECRET a.png": png(), "img/b.png": png(9, 9)}
FILES: dict[str, str | bytes] = {
    "vaultsync.toml": SETTINGS,
    "Post.md": "![[SECRET a.png]] ![[b.png]]\n\n"
    + block('notes type="claim" exclude="old"')
    + block("todos"),
    **NOTES,
    **PICTURES,
}
INPUTS = ["Claims/bridges.md", "Claims/old.md", "Claims/ropes.md", "Post.md"]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with a vault in a folder of it, published."""
    repo = tmp_path_factory.mktemp("template") / "repo"
    make(repo / "vault", FILES)
    committed(repo)
    assert run(repo, "publish").code == 0
    return repo


@pytest.fixture
def vault(template: Path, tmp_path: Path) -> Path:
    """Return the published vault in a copy of the repository."""
    return shutil.copytree(template, tmp_path / "repo") / "vault"


def out(vault: Path) -> Path:
    return vault.parent / "public"


def names(vault: Path) -> list[str]:
    found = (path for path in out(vault).rglob("*") if path.is_file())
    return sorted(str(path.relative_to(out(vault))) for path in found)


def manifest(vault: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out(vault) / "manifest.json").read_bytes())
    return found


def test_the_manifest_ties_outputs_to_inputs(vault: Path) -> None:
    found = manifest(vault)
    assert (found["version"], found["tool"]) == (1, f"vaultsync {__version__}")
    assert (found["dirty"], found["uncommitted"]) == (False, [])
    files = {name: (out(vault) / name).read_bytes() for name in names(vault)}
    assert found["outputs"] == {
        name: hash_of(data) for name, data in files.items() if name != "manifest.json"
    }
    images = [name for name in files if name.startswith("images/")]
    assert [*found["inputs"]] == sorted([*INPUTS, *images, "vaultsync.toml"])
    for path in [*INPUTS, "vaultsync.toml"]:
        told = found["inputs"][path]
        assert told == git(vault, "rev-parse", f"HEAD:./{path}").strip()
        assert told == content_id((vault / path).read_bytes())
    raw = {content_id(data) for data in PICTURES.values()}
    assert {found["inputs"][name] for name in images} == raw


def test_a_dirty_work_tree_is_named(vault: Path) -> None:
    before = manifest(vault)
    make(vault, {"Claims/ropes.md": note("Ropes hold.", title="Ropes", status="open")})
    make(vault, {"Claims/new.md": note("New.", title="New", status="open")})
    assert run(vault, "publish").code == 0
    found = manifest(vault)
    assert found["dirty"] is True
    assert found["uncommitted"] == ["Claims/new.md", "Claims/ropes.md"]
    assert found["inputs"]["Claims/ropes.md"] != before["inputs"]["Claims/ropes.md"]
    committed(vault.parent)
    assert "would change ../public/manifest.json" in run(vault, "publish", "--check").out
    assert run(vault, "publish").out == "wrote ../public/manifest.json\n1 file written\n"
    found = manifest(vault)
    assert (found["dirty"], found["uncommitted"]) == (False, [])


@pytest.mark.parametrize(
    "files",
    [
        {"Claims/private.md": note("SECRET", title="SECRET", publish="false", more="1")},
        {"Claims/SECRET.md": note("SECRET", title="SECRET", status="draft", publish="false")},
        {"img/SECRET c.png": png(3, 3)},
    ],
)
def test_what_differs_and_is_private_is_not_named(vault: Path, files: dict[str, str]) -> None:
    make(vault, files)
    assert run(vault, "publish").code == 0
    found = manifest(vault)
    assert (found["dirty"], found["uncommitted"]) == (True, [])
    assert "SECRET" not in str(found)


def test_a_journal_that_is_private_is_not_named(vault: Path) -> None:
    journal = block("changelog", "### 2026-01-02\n\n- Initial post")
    make(vault, {"Changelog.md": journal})
    assert run(vault, "publish").code == 0
    assert "Changelog.md" in manifest(vault)["inputs"]
    make(vault, {"Changelog.md": note(journal, publish="false")})
    assert run(vault, "publish").code == 0
    assert "Changelog.md" not in manifest(vault)["inputs"]


def test_a_note_that_is_gone_makes_it_dirty(vault: Path) -> None:
    (vault / "Loose.md").write_text("Loose.")
    committed(vault.parent)
    (vault / "Loose.md").unlink()
    assert run(vault, "publish").code == 0
    assert (manifest(vault)["dirty"], manifest(vault)["uncommitted"]) == (True, [])


def test_what_lies_outside_the_vault_does_not(vault: Path) -> None:
    make(vault.parent, {"notes.txt": "no part of the vault", "vault/.obsidian/x.json": "{}"})
    assert run(vault, "publish") == Run(0, "up to date\n", "")


def test_no_commit_yet_and_no_repository(tmp_path: Path) -> None:
    vault = make(tmp_path / "vault", FILES)
    assert run(tmp_path, "publish").code == 0
    assert (manifest(vault)["dirty"], manifest(vault)["uncommitted"]) == (None, [])
    assert manifest(vault)["inputs"]["Post.md"] == content_id((vault / "Post.md").read_bytes())
    git(tmp_path, "init", "-q")
    assert run(tmp_path, "publish").code == 0
    found = manifest(vault)
    assert found["dirty"] is True
    assert found["uncommitted"] == [*found["inputs"]]


def test_what_a_former_run_made_is_removed(vault: Path) -> None:
    images = [name for name in names(vault) if name.startswith("images/")]
    make(
        vault,
        {
            "Post.md": "![[b.png]]\n",
            "vaultsync.toml": TOML + '[publish]\ntargets = ["html", "markdown"]\n',
        },
    )
    make(out(vault), {"images/aaaaaaaaaaaa.png": "somebody's", "CNAME": "example.org"})
    make(out(vault), {"lesswrong.md": "somebody's, as no target made it"})
    before = state(out(vault))
    checked = run(vault, "publish", "--check")
    assert checked.code == 1
    assert "would remove ../public/encyclopedia.json\n" in checked.out
    assert "would change ../public/post.html\n" in checked.out
    assert "+++ /dev/null" in run(vault, "publish", "--diff").out
    assert state(out(vault)) == before
    found = run(vault, "publish")
    assert found.code == 0
    assert "removed ../public/encyclopedia.json\n" in found.out
    left = [name for name in images if (out(vault) / name).exists()]
    assert len(left) == 1
    kept = ["CNAME", "images/aaaaaaaaaaaa.png", "lesswrong.md"]
    assert names(vault) == sorted([*kept, *left, "manifest.json", "post.html", "post.md"])
    assert run(vault, "publish") == Run(0, "up to date\n", "")
    assert run(vault, "publish", "--check").code == 0


def test_what_somebody_changed_is_kept(vault: Path) -> None:
    make(vault, {"vaultsync.toml": SETTINGS.replace(', "data"', "")})
    make(out(vault), {"encyclopedia.json": "{}"})
    found = run(vault, "publish")
    assert found.code == 0
    assert found.err == (
        "kept ../public/encyclopedia.json: somebody changed it since it was made\n"
    )
    assert (out(vault) / "encyclopedia.json").read_text() == "{}"
    assert run(vault, "publish") == Run(0, "up to date\n", "")


def test_a_file_that_is_gone_is_no_matter(vault: Path) -> None:
    make(vault, {"vaultsync.toml": SETTINGS.replace(', "data"', "")})
    (out(vault) / "encyclopedia.json").unlink()
    assert run(vault, "publish").code == 0
    assert "encyclopedia.json" not in manifest(vault)["outputs"]


def test_a_run_for_one_target_leaves_the_others(vault: Path) -> None:
    before = manifest(vault)
    make(vault, {"Claims/ropes.md": note("Ropes hold.", title="Ropes", status="open")})
    assert run(vault, "publish", "--target", "html").code == 0
    found = manifest(vault)
    assert [*found["outputs"]] == sorted([*before["outputs"], "post.html"])
    assert found["outputs"]["post.md"] == before["outputs"]["post.md"]
    assert run(vault, "publish", "--check", "--target", "html").code == 0
    assert run(vault, "publish", "--check").code == 1
    assert run(vault, "publish").code == 0
    assert "post.html" not in names(vault)


def test_each_output_is_checked(vault: Path) -> None:
    for name in names(vault):
        before = (out(vault) / name).read_bytes()
        if name != "manifest.json":
            (out(vault) / name).write_bytes(b"x")
            found = run(vault, "publish", "--check")
            assert found.code == 1
            assert f"would change ../public/{name}\n1 file out of date\n" in found.out
            (out(vault) / name).write_bytes(before)
        (out(vault) / name).unlink()
        found = run(vault, "publish", "--check")
        assert found.code == 1
        assert f"would change ../public/{name}\n" in found.out
        (out(vault) / name).write_bytes(before)
    assert run(vault, "publish", "--check").code == 0


@pytest.mark.parametrize(
    "data", ['{"name": "An app", "icons": []}', "no JSON", '{"version": 2, "outputs": {}}', b"\xff"]
)
def test_a_manifest_of_another_program_is_not_replaced(vault: Path, data: str | bytes) -> None:
    make(out(vault), {"manifest.json": data})
    before = state(out(vault))
    for args in ([], ["--check"]):
        found = run(vault, "publish", *args)
        assert (found.code, found.out) == (2, "")
        assert "public/manifest.json: this is not a manifest of this version" in found.err
    assert state(out(vault)) == before


@pytest.mark.parametrize("name", ["../vault/Post.md", "images/../../vault/Post.md", "CNAME"])
def test_a_forged_manifest_removes_nothing(vault: Path, name: str) -> None:
    make(out(vault), {"CNAME": "example.org"})
    forged = manifest(vault)
    path = out(vault) / name
    forged["outputs"][name] = hash_of(path.read_bytes())
    make(out(vault), {"manifest.json": json.dumps(forged)})
    assert run(vault, "publish").code == 0
    assert path.exists()
    assert name not in manifest(vault)["outputs"]


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text there")
def test_a_file_whose_name_is_no_text(vault: Path) -> None:
    name = os.fsencode(vault / "Claims") + b"/caf\xe9.md"
    Path(os.fsdecode(name)).write_text(note("Claim.", title="Café", status="open"))
    assert run(vault, "publish").code == 0
    assert run(vault, "publish", "--check").code == 0
    assert "Claims/caf?.md" in manifest(vault)["inputs"]
    data = json.loads((out(vault) / "encyclopedia.json").read_bytes())
    assert "Claims/caf?.md" in [found["path"] for found in data["notes"]]
