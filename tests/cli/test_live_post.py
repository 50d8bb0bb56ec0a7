"""`vaultsync publish --copy`, `--delta` and `--compare`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.blocks.sample import NOTES, TOML
from tests.infra.test_clipboard import display, pasted, screen
from tests.publish.pages import POST
from tests.vaults import Run, committed, make, run, state

__all__ = ["display", "screen"]

ROPES = NOTES["Claims/ropes.md"]
REWORDED = ROPES.replace("Ropes hold a", "Ropes can hold a")
FILES = {
    "vaultsync.toml": f'{TOML}\n[publish]\ntargets = ["markdown", "lesswrong", "lesswrong-rich"]\n',
    "Post.md": POST.replace(", [[nowhere|nothing]]", ""),
    "Loose.md": "Loose.\n",
    **NOTES,
}
LESSWRONG = ("publish", "--target", "lesswrong")


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """Return a vault in a folder of a repository."""
    make(tmp_path / "repo/vault", FILES)
    committed(tmp_path / "repo")
    return tmp_path / "repo/vault"


@pytest.fixture
def public(vault: Path) -> Path:
    return vault.parent / "public"


@pytest.mark.usefixtures("screen")
def test_a_target_is_written_copied_and_kept(vault: Path, public: Path) -> None:
    found = run(vault, "publish", "--target", "markdown", "--copy", "lesswrong-rich")
    assert found == Run(
        0,
        "wrote ../public/post.md\nwrote ../public/lesswrong.html\n"
        "wrote ../public/manifest.json\n3 files written\n",
        "xclip has lesswrong.html on the clipboard, as HTML\n",
    )
    page = (public / "lesswrong.html").read_text()
    body = page.partition("<body>")[2].partition("</body>")[0].strip()
    html = body.encode("ascii", "xmlcharrefreplace")
    assert pasted("text/html", html) == html
    assert (public / ".copied/lesswrong.html").read_text() == page
    assert run(vault, "publish", "--copy", "lesswrong").err.endswith("clipboard, as text\n")
    text = (public / "lesswrong.md").read_bytes()
    assert pasted("UTF8_STRING", text) == text
    assert run(vault, "--quiet", "publish", "--copy", "markdown").err == ""


def test_without_a_clipboard_the_file_is_named(
    vault: Path, public: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    found = run(vault, "publish", "--copy", "lesswrong-rich")
    assert found.code == 2
    assert found.err.startswith("error: there is no clipboard here: ")
    assert found.err.endswith(f"; what to copy is in {public / 'lesswrong.html'}\n")
    assert (public / "lesswrong.html").exists()
    assert not (public / ".copied").exists()


@pytest.mark.usefixtures("screen")
def test_the_delta_is_what_changed_since_it_was_copied(vault: Path, public: Path) -> None:
    assert run(vault, "publish", "--copy", "lesswrong-rich").code == 0
    told = run(vault, "publish", "--delta")
    assert told == Run(0, "lesswrong.html: nothing changed since it was copied\n", "")
    make(vault, {"Claims/ropes.md": REWORDED, "Post.md": f"{FILES['Post.md']}\nMore.\n"})
    # What lies there is newer than what was copied.
    assert run(vault, "publish").code == 0
    before = state(public)
    code, out, err = run(vault, "publish", "--delta")
    assert (code, err) == (1, "")
    assert out.startswith(
        "lesswrong.html: what changed since it was copied\n\n"
        "Ropes & more: replace (Ropes hold)\n- Ropes hold"
    )
    assert "\n+ Ropes can hold" in out
    assert "\n\nTODOs: add behind “TODO: " in out
    assert out.endswith(
        "\n+ More.\n\nFor the version history: Reworded: Ropes hold. Changed: 1 other passage.\n"
    )
    assert state(public) == before
    assert run(vault, "publish", "--copy", "lesswrong-rich").code == 0
    assert run(vault, "publish", "--delta").code == 0


@pytest.mark.parametrize("target", ["markdown", "lesswrong"])
def test_where_nothing_was_copied_what_lies_there_counts(vault: Path, target: str) -> None:
    args = ("publish", "--target", target)
    found = run(vault, *args, "--delta")
    assert (found.code, found.out) == (2, "")
    assert found.err.endswith(f"compare with: `vaultsync publish --copy {target}`\n")
    assert run(vault, *args).code == 0
    make(vault, {"Claims/ropes.md": REWORDED})
    out = run(vault, *args, "--delta").out
    assert ": what changed since it was written\n\nRopes & more: replace (Ropes hold)\n- " in out
    assert "Ropes can hold" in out.partition("\n+ ")[2]


def test_hand_edits_in_a_saved_copy(vault: Path, public: Path, tmp_path: Path) -> None:
    assert run(vault, "publish").code == 0
    page = (public / "lesswrong.html").read_text()
    live = tmp_path / "live.html"
    live.write_text(page)
    told = f"{live}: no hand edits, compared with lesswrong.html\n"
    assert run(vault, "publish", "--compare", str(live)) == Run(0, told, "")
    live.write_text(
        page.replace("Ropes hold", "Ropes may hold").replace("</ul>", "<li>New.</li></ul>", 1)
    )
    before = state(vault.parent)
    code, out, err = run(vault, "publish", "--compare", str(live))
    assert (code, err) == (1, "")
    assert out == (
        "Bridges: added\n+ New.\n\n"
        "Ropes & more: reworded (Ropes hold)\n- Ropes\n+ Ropes may\n\n"
        f"{live}: 2 hand edits, compared with lesswrong.html\n"
    )
    assert state(vault.parent) == before
    coloured = run(vault, "--color", "always", "publish", "--compare", str(live)).out
    assert "\x1b[32m+ New.\x1b[0m" in coloured
    saved = tmp_path / "live.md"
    saved.write_text((public / "lesswrong.md").read_text().replace("Ropes hold a", "A"))
    found = run(vault, *LESSWRONG, "--compare", str(saved))
    assert found.code == 1
    assert found.out.endswith("1 hand edit, compared with lesswrong.md\n")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "there is no such file"),
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"\x89PNG\r\n\x1a\n\xff", "not UTF-8 at byte 0"),
        (b"<p>\0</p>", "it is not text"),
        (b"<p>Something else</p>", "nothing of the post is in it"),
        (b"<<<< &&&& >>>", "nothing of the post is in it"),
    ],
)
def test_a_file_that_is_no_copy_is_an_error(
    vault: Path, tmp_path: Path, data: bytes | None, message: str
) -> None:
    file = tmp_path / "live.html"
    if data is not None:
        file.write_bytes(data)
    found = run(vault, "publish", "--compare", str(file))
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(f"error: {file}: {message}")


def test_a_folder_is_no_copy(vault: Path, tmp_path: Path) -> None:
    found = run(vault, "publish", "--compare", str(tmp_path))
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(f"error: {tmp_path}: cannot be read")


@pytest.mark.parametrize(
    "options",
    [
        ("--delta", "--check"),
        ("--delta", "--compare", "x"),
        ("--copy", "lesswrong", "--diff"),
        ("--copy", "lesswrong", "--delta"),
        ("--compare", "x", "--open"),
        ("--target", "html", "--delta"),
    ],
)
def test_what_does_not_go_together_is_refused(
    vault: Path, public: Path, options: tuple[str, ...]
) -> None:
    found = run(vault, "publish", *options)
    assert (found.code, found.out) == (2, "")
    assert "Traceback" not in found.err
    assert not public.exists()


@pytest.mark.parametrize("options", [("--delta",), ("--compare", "x"), ("--copy", "lesswrong")])
def test_an_error_in_a_note_stops_each(vault: Path, options: tuple[str, ...]) -> None:
    make(vault, {"Post.md": "[[/nowhere]]\n"})
    found = run(vault, "publish", *options)
    assert found.code == 1
    assert "LNK001" in found.out
    assert found.out.endswith("1 error: nothing was published\n")
