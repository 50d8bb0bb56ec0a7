"""Pictures lose what they tell besides the picture, and nothing of the picture."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.publish.browser import chromium
from tests.publish.pictures import (
    FRAME,
    MARK,
    SCAN,
    chunk,
    exif,
    gif,
    jpeg,
    png,
    segment,
    webp,
)

from vaultsync.publish.compose.images import NotEmbeddable, cleaned

FORMS: dict[str, Callable[..., bytes]] = {".png": png, ".jpg": jpeg, ".gif": gif, ".webp": webp}


@pytest.mark.parametrize("suffix", FORMS)
def test_a_picture_is_left_without_what_is_no_picture(suffix: str) -> None:
    marked = FORMS[suffix](marked=True)
    assert MARK in marked
    assert cleaned(marked) == (FORMS[suffix](marked=False), suffix)


@pytest.mark.parametrize("suffix", FORMS)
def test_a_clean_picture_stays_as_it_is(suffix: str) -> None:
    data = FORMS[suffix](marked=False)
    assert cleaned(data) == (data, suffix)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", [0, 1, 3, 6, 8, 9])
def test_the_orientation_of_a_photo_stays(orientation: int, order: str) -> None:
    data, _ = cleaned(jpeg(orientation, order))
    assert MARK not in data
    kept = re.findall(rb"\x01\x12\x00\x03\x00\x00\x00\x01\x00(.)", data, re.DOTALL)
    assert kept == ([bytes([orientation])] if orientation in {3, 6, 8} else [])


@pytest.mark.parametrize(
    "body", [b"", b"MM", b"XX\0\x2a\0\0\0\x08", exif(6)[6:24], b"MM\0\x2a\xff\xff\xff\xff"]
)
def test_orientation_data_that_are_broken_go(body: bytes) -> None:
    data = b"\xff\xd8" + segment(0xE1, b"Exif\0\0" + body) + FRAME + b"\xff\xd9"
    assert cleaned(data)[0] == b"\xff\xd8" + FRAME + b"\xff\xd9"


@pytest.mark.parametrize("suffix", FORMS)
def test_a_picture_that_is_cut_short_is_refused(suffix: str) -> None:
    whole = FORMS[suffix](marked=False)
    for length in range(len(whole)):
        with pytest.raises(NotEmbeddable):
            cleaned(whole[:length])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"BM\0\0",
        b"\0\0\0\x1cftypavif",
        b"GIF88a",
        b"RIFF\0\0\0\0WAVE",
        b"%PDF-1.7",
        b"<html>",
        b"\xff\xd8\x00\x00",
        b"\xff\xd8" + FRAME + SCAN,
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"") + b"\xff\xff\xff\xff",
    ],
)
def test_what_is_not_an_image_is_refused(data: bytes) -> None:
    with pytest.raises(NotEmbeddable, match=r"cut short or broken|not a PNG, JPEG, GIF or WebP"):
        cleaned(data)


def test_chromium_shows_a_cleaned_picture(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(cleaned(png(40, 30))[0])
    (tmp_path / "a.gif").write_bytes(cleaned(gif())[0])
    page = tmp_path / "a.html"
    page.write_text(
        "<img src=a.png onload='document.title += this.naturalWidth'>"
        "<img src=a.gif onload='document.title += this.naturalWidth'>"
    )
    done = chromium(tmp_path / "profile", page, "--dump-dom")
    assert sorted(re.findall(r"<title>(.*)</title>", done.stdout)[0]) == ["0", "2", "4"]
