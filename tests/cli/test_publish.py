"""`vaultsync publish`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.blocks.sample import NOTES, TOML, block, note
from tests.publish.pages import POST
from tests.publish.pictures import png
from tests.vaults import Run, committed, make, run, start, state

FILES = {
    "vaultsync.toml": TOML,
    "Post.md": POST.replace(", [[nowhere|nothing]]", ""),
    "Loose.md": "Loose.\n",
    **NOTES,
}
ALL = ["lesswrong.md", "manifest.json", "post.html", "post.md"]


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """Return a vault in a folder of a repository."""
    make(tmp_path / "repo/vault", FILES)
    committed(tmp_path / "repo")
    return tmp_path / "repo/vault"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_post_is_written_beside_the_vault(vault: Path) -> None:
    before = state(vault)
    found = run(vault.parent, "publish")
    assert found == Run(
        0,
        "wrote public/post.md\nwrote public/post.html\nwrote public/lesswrong.md\n"
        "wrote public/manifest.json\n4 files written\n",
        "",
    )
    assert names(vault.parent / "public") == ALL
    assert (vault.parent / "public/post.md").read_text().startswith("# The \\*post\\*\n\nSlack")
    assert state(vault) == before
    assert run(vault, "publish") == Run(0, "up to date\n", "")


def test_check_and_diff_write_nothing(vault: Path) -> None:
    out = vault.parent / "public"
    found = run(vault.parent, "publish", "--check")
    assert found.code == 1
    assert found.out == (
        "would change public/post.md\nwould change public/post.html\n"
        "would change public/lesswrong.md\nwould change public/manifest.json\n"
        "4 files out of date\n"
    )
    found = run(vault.parent, "publish", "--diff")
    assert found.code == 1
    assert found.out.startswith("--- /dev/null\n+++ b/public/post.md\n@@ ")
    assert found.err == "4 files out of date\n"
    assert not out.exists()
    assert run(vault, "publish").code == 0
    current = "".join(f"current ../public/{name}\n" for name in ALL)
    assert run(vault, "publish", "--check") == Run(0, f"{current}up to date\n", "")
    assert run(vault, "-q", "publish", "--check") == Run(0, "up to date\n", "")
    assert run(vault, "publish", "--diff") == Run(0, "", "up to date\n")
    make(vault, {"Post.md": f"{FILES['Post.md']}More.\n"})
    before = state(out)
    assert "+More.\n" in run(vault, "publish", "--diff", "--target", "markdown").out
    assert state(out) == before


def test_one_target(vault: Path) -> None:
    assert run(vault, "publish", "--target", "html").code == 0
    assert names(vault.parent / "public") == ["manifest.json", "post.html"]
    assert run(vault, "publish", "--target", "markdown", "--target", "html").code == 0
    assert names(vault.parent / "public") == ["manifest.json", "post.html", "post.md"]


def test_the_targets_and_the_folder_of_the_settings(vault: Path) -> None:
    make(
        vault, {"vaultsync.toml": f'{TOML}\n[publish]\ntargets = ["markdown"]\nout = "../site/a"\n'}
    )
    assert run(vault, "publish").code == 0
    assert names(vault.parent / "site/a") == ["manifest.json", "post.md"]


def test_an_unknown_target(vault: Path) -> None:
    found = run(vault, "publish", "--target", "pdf")
    assert found.code == 2
    assert (
        "'pdf' is not one of 'markdown', 'html', 'lesswrong', 'lesswrong-rich', 'feed'" in found.err
    )


def test_a_vault_that_is_the_repository_publishes_to_a_hidden_folder(tmp_path: Path) -> None:
    vault = committed(tmp_path / "vault", FILES)
    assert run(vault, "publish").code == 0
    assert names(vault / ".public") == ALL
    assert run(vault, "publish") == Run(0, "up to date\n", "")


def test_without_git_the_working_folder_tells(tmp_path: Path) -> None:
    vault = make(tmp_path / "vault", FILES)
    assert run(tmp_path, "publish").code == 0
    assert names(tmp_path / "public") == ALL
    for folder in (vault, vault / "Claims"):
        assert run(folder, "publish").code == 0
        assert names(vault / ".public") == ALL
        (vault / ".public/post.md").unlink()


@pytest.mark.parametrize("out", ["out", ".", "a/b", "Claims"])
def test_a_folder_that_obsidian_would_read_is_refused(vault: Path, out: str) -> None:
    before = state(vault.parent)
    found = run(vault, "publish", "--out", out)
    assert (found.code, found.out) == (2, "")
    assert "an output folder inside the vault must begin with a dot" in found.err
    make(vault, {"vaultsync.toml": f'{TOML}\n[publish]\nout = "{out}"\n'})
    assert run(vault, "publish").code == 2
    make(vault, {"vaultsync.toml": TOML})
    assert {path: kept[1] for path, kept in state(vault.parent).items()} == {
        path: kept[1] for path, kept in before.items()
    }


@pytest.mark.parametrize("out", [".site", ".site/deep", "../site", "../../elsewhere/site"])
def test_any_other_folder_is_made(vault: Path, out: str) -> None:
    assert run(vault, "publish", "--out", out).code == 0
    assert names(vault / out) == ALL
    assert (
        run(vault, "--vault", str(vault), "publish", "--out", str(vault / out)).out
        == "up to date\n"
    )


def test_a_file_where_the_folder_should_be(vault: Path) -> None:
    make(vault.parent, {"public": "a file"})
    found = run(vault, "publish")
    assert (found.code, found.out) == (2, "")
    assert "Traceback" not in found.err


ERRORS: dict[str, dict[str, str | bytes]] = {
    "in the post": {"Post.md": "[[/nowhere]]\n"},
    "in a note of the post": {"Claims/ropes.md": note("[[/nowhere]]", title="R", status="open")},
    "properties that cannot be read": {"Claims/new.md": "---\ntitle: [\n---\n\nText.\n"},
    "bytes that are no text": {"Claims/new.md": b"\xff"},
    "a broken block": {"Post.md": block("stat")},
    "an embed": {"Post.md": "![[ropes#Nowhere]]\n"},
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_in_what_is_published_stops_it(vault: Path, name: str) -> None:
    make(vault, ERRORS[name])
    (path,) = ERRORS[name]
    for args in ([], ["--check"], ["--diff"], ["--target", "markdown"]):
        found = run(vault, "publish", *args)
        assert found.code == 1
        assert path in found.out
        assert found.out.endswith("1 error: nothing was published\n")
    assert not (vault.parent / "public").exists()


def test_what_was_published_stays_when_something_is_wrong(vault: Path) -> None:
    assert run(vault, "publish").code == 0
    before = state(vault.parent / "public")
    make(vault, {"Post.md": "![[ropes^a]]\n\n[[/nowhere]]\n"})
    assert "2 errors: nothing was published\n" in run(vault, "publish").out
    assert state(vault.parent / "public") == before


@pytest.mark.parametrize(
    "files",
    [
        {"Claims/idea.md": note("[[/nowhere]]", title="An idea", status="draft")},
        {"Claims/private.md": note("[[/nowhere]]", title="P", status="open", publish="false")},
        {"Loose.md": "[[/nowhere]] <!-- vaultsync:stat -->\n"},
        {"Other.md": b"\xff"},
    ],
)
def test_an_error_elsewhere_does_not(vault: Path, files: dict[str, str | bytes]) -> None:
    make(vault, files)
    assert run(vault, "publish").code == 0


def test_no_post(vault: Path) -> None:
    (vault / "Post.md").unlink()
    found = run(vault, "publish")
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("error: Post.md: there is no such note to publish: make it, or")


@pytest.fixture
def browser(tmp_path: Path) -> tuple[dict[str, str], Path]:
    """Return an environment whose browser writes down what it is asked to show, and where."""
    script, seen = tmp_path / "browser", tmp_path / "seen"
    script.write_text(f'#!/bin/sh\nprintf %s "$1" > "{seen}"\n')
    script.chmod(0o755)
    return {"BROWSER": str(script)}, seen


def test_open_shows_the_page(vault: Path, browser: tuple[dict[str, str], Path]) -> None:
    env, seen = browser
    out = vault.parent / "a folder"
    found = start(vault, "publish", "--open", "--out", str(out), env=env)
    assert found.code == 0, found.err
    assert seen.read_text() == (out / "post.html").as_uri()
    seen.unlink()
    # What is up to date is shown as well; a check shows nothing.
    assert start(vault, "publish", "--open", "--out", str(out), env=env).out == "up to date\n"
    assert seen.exists()
    seen.unlink()
    assert start(vault, "publish", "--open", "--check", "--out", str(out), env=env).code == 0
    assert not seen.exists()


def test_open_without_a_browser_says_where_the_page_is(vault: Path, tmp_path: Path) -> None:
    git = tmp_path / "bin/git"
    git.parent.mkdir()
    git.symlink_to(next(p for d in os.get_exec_path() if (p := Path(d, "git")).exists()))
    env = {"PATH": str(git.parent), "BROWSER": str(tmp_path / "none"), "DISPLAY": ""}
    found = start(vault, "publish", "--open", env=env)
    assert found.code == 0
    assert f"no browser was found: open {vault.parent / 'public/post.html'} in one\n" in found.err


def test_open_needs_the_page(vault: Path) -> None:
    found = run(vault, "publish", "--open", "--target", "markdown")
    assert (found.code, found.out) == (2, "")
    assert "--open shows the page: publish the target `html` with it" in found.err
    assert not (vault.parent / "public").exists()


def test_images_are_written_beside_the_post(vault: Path) -> None:
    make(vault, {"Post.md": "![A box](img/a.png)\n", "img/a.png": png()})
    found = run(vault, "publish")
    assert found.code == 0
    (image,) = (vault.parent / "public/images").iterdir()
    assert f"![A box](images/{image.name})" in (vault.parent / "public/post.md").read_text()
    assert image.read_bytes() == png(marked=False)
    assert run(vault, "publish") == Run(0, "up to date\n", "")
    image.write_bytes(b"")
    assert run(vault, "publish", "--check").code == 1


def test_a_note_outside_the_vault_is_not_embedded(vault: Path) -> None:
    outside = make(vault.parent / "outside", {"Secret.md": "SECRET"})
    (vault / "Inner.md").symlink_to(outside / "Secret.md")
    make(vault, {"Post.md": "![[Inner]]\n"})
    found = run(vault, "publish")
    assert found.code == 1
    assert "Post.md:1: error the embed of `Inner`: it leads out of the vault\n" in found.out


@pytest.mark.parametrize(
    ("place", "embed"),
    [
        ("img/a.png", "![[a.png]]"),
        ("linked/a.png", "![x](linked/a.png)"),
        ("../a.png", "![x](../a.png)"),
        ("../a.png", "![[../a.png]]"),
    ],
)
def test_an_image_outside_the_vault_is_never_read(vault: Path, place: str, embed: str) -> None:
    outside = make(vault.parent / "outside", {"a.png": png()})
    make(vault.parent, {"a.png": png()})
    if place.startswith("img"):
        (vault / "img").mkdir()
        (vault / "img/a.png").symlink_to(outside / "a.png")
    elif place.startswith("linked"):
        (vault / "linked").symlink_to(outside)
    for path in (embed, embed.replace("../a.png", str(outside / "a.png"))):
        make(vault, {"Post.md": f"{path}\n"})
        found = run(vault, "publish")
        assert found.code == 1, found
        assert "Post.md:1" in found.out
        assert found.out.endswith("1 error: nothing was published\n")
    assert not (vault.parent / "public").exists()


def test_a_finding_that_the_baseline_knows_does_not_stop_it(vault: Path) -> None:
    make(vault, {"vaultsync.toml": f'{TOML}\n[lint]\nbaseline = "known.json"\n'})
    make(vault, {"Post.md": f"{FILES['Post.md']}\n[[/nowhere]]\n"})
    assert run(vault, "lint", "--write-baseline").code == 0
    found = run(vault, "publish")
    assert (found.code, found.err) == (0, "")
    assert names(vault.parent / "public") == ALL
    make(vault, {"Post.md": f"{FILES['Post.md']}\n[[/nowhere]] [[/elsewhere]]\n"})
    found = run(vault, "publish", "--check")
    assert found.code == 1
    assert "`/elsewhere`" in found.out
    assert "`nowhere`" not in found.out
