"""The clipboard of a real X server, put there and read back by real programs."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import needs

from vaultsync.infra import clipboard
from vaultsync.infra.clipboard import NotCopied, copy


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """Return the name of a screen that nobody looks at."""
    reading, writing = os.pipe()
    command = [needs("Xvfb"), "-displayfd", str(writing), "-screen", "0", "640x480x8"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
        server.terminate()


@pytest.fixture
def screen(display: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", display)
    return display


def pasted(kind: str, wanted: bytes | None = None) -> bytes:
    """Return what is on the clipboard in one form.

    What is wanted is waited for: who copies goes on in the background, and may take a moment to
    be heard by the server.
    """
    command = [needs("xclip"), "-selection", "clipboard", "-o", "-t", kind]
    end = time.monotonic() + 10
    while True:
        done = subprocess.run(command, capture_output=True, check=False, timeout=20)
        if time.monotonic() > end or (done.stdout == wanted if wanted else not done.returncode):
            assert done.returncode == 0, done.stderr.decode()
            return done.stdout
        time.sleep(0.1)


def only(monkeypatch: pytest.MonkeyPatch, folder: Path, *programs: str) -> None:
    """Leave only these programs on PATH."""
    for program in programs:
        (folder / program).symlink_to(needs(program))
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.usefixtures("screen")
def test_text_is_text_and_html_is_html() -> None:
    needs("xclip")
    assert copy("Grüße, “you”\n") == "xclip"
    text = "Grüße, “you”\n".encode()
    assert pasted("UTF8_STRING", text) == text
    assert b"text/html" not in pasted("TARGETS")
    assert copy("plain", "<p>Grüße, <b>“you”</b> &amp; 🚀</p>") == "xclip"
    html = b"<p>Gr&#252;&#223;e, <b>&#8220;you&#8221;</b> &amp; &#128640;</p>"
    assert pasted("text/html", html) == html
    assert b"text/html" in pasted("TARGETS").split()


@pytest.mark.usefixtures("screen")
def test_xsel_takes_text_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    xclip = needs("xclip")
    only(monkeypatch, tmp_path, "xsel")
    assert copy("by xsel") == "xsel"
    with pytest.raises(NotCopied, match=r"copies HTML is there: install xclip; xsel takes no HTML"):
        copy("text", "<p>html</p>")
    (tmp_path / "xclip").symlink_to(xclip)
    assert pasted("UTF8_STRING", b"by xsel") == b"by xsel"


@pytest.mark.usefixtures("screen")
def test_a_long_text_is_taken_whole() -> None:
    needs("xclip")
    text = "long " * 400_000
    copy("", text)
    assert pasted("text/html", text.encode()).decode() == text


def test_without_a_screen_or_a_program_it_is_said_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(NotCopied, match="neither WAYLAND_DISPLAY nor DISPLAY names a screen"):
        copy("text")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DISPLAY", ":987")
    with pytest.raises(NotCopied, match=r"copies text is there: install xclip or xsel\Z"):
        copy("text")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-987")
    with pytest.raises(NotCopied, match=r"copies HTML is there: install wl-copy or xclip\Z"):
        copy("text", "<p>html</p>")


def test_what_a_program_says_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    needs("xclip")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":987")
    with pytest.raises(NotCopied, match=r"xclip: .*[Dd]isplay"):
        copy("text")


@pytest.mark.parametrize(
    ("platform", "tools"),
    [("darwin", clipboard._MAC), ("win32", clipboard._WINDOWS)],
)
def test_each_system_has_programs_of_its_own(
    platform: str, tools: tuple[clipboard.Tool, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert clipboard._tools(platform) == tools
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NotCopied, match=f"install {tools[0].name}"):
        clipboard._tool(tools, html=True)


def test_a_mac_is_told_both_forms() -> None:
    # «data HTML…» is how AppleScript writes bytes: hexadecimal, with the four letters of a type.
    assert clipboard._apple_script("é", "<p>").decode() == (
        "set the clipboard to {«class HTML»:«data HTML3c703e», «class utf8»:«data utf8c3a9»}\n"
    )
