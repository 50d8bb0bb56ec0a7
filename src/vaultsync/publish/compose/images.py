"""Images in the post: without metadata, and named by their content."""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from collections.abc import Callable

from vaultsync.core.errors import VaultError
from vaultsync.core.model import Link
from vaultsync.core.text import with_backslash

# Obsidian's size behind or instead of a caption: https://help.obsidian.md/embeds.
_SIZE = re.compile(r"(?:\A|(?<=\|))\d+(?:x\d+)?\Z")
_BRACKETS = re.compile(r"[\[\]\\<`*_]")
_DIGITS = 12
_PNG = b"\x89PNG\r\n\x1a\n"
# Placeholders that make up the picture: https://www.w3.org/TR/png-3/#11Chunks.
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB cICP sBIT bKGD pHYs acTL fcTL fdAT".split()
)
_JPEG = b"\xff\xd8"
# Any number of bytes may fill the space before a marker. In a scan, 0 and restarts are none.
_JPEG_MARKER = re.compile(rb"\xff+(?P<kind>[^\xff])", re.DOTALL)
_JPEG_SCAN_END = re.compile(rb"\xff[^\x00\x01\xd0-\xd7]", re.DOTALL)
_JPEG_SCAN, _JPEG_END = 0xDA, 0xD9
_JPEG_JFIF, _JPEG_EXIF, _JPEG_ADOBE = 0xE0, 0xE1, 0xEE
_JPEG_BARE = frozenset([0x01, *range(0xD0, 0xD8)])
# Data of applications, and comments.
_JPEG_DROPPED = frozenset([*range(0xE0, 0xF0), 0xFE])
_JFIF = b"JFIF\0"
_JFIF_LENGTH = 12
_ORIENTATION, _SHORT = 0x0112, 3
_ORIENTATIONS = range(2, 9)
# https://www.w3.org/Graphics/GIF/spec-gif89a.txt.
_GIF_IMAGE, _GIF_END, _GIF_CONTROL, _GIF_APPLICATION = 0x2C, 0x3B, 0xF9, 0xFF
_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
# https://developers.google.com/speed/webp/docs/riff_container.
_WEBP_KEPT = frozenset([b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"])
_WEBP_METADATA = 0b0010_1100


class NotEmbeddable(Exception):  # noqa: N818 - describes what an embed names
    """What an embed names cannot be shown; the message is the reason."""


class Images:
    """The images of one post: `files` by name, and `names` by the path of the file in the vault.

    Names reveal nothing about the files they come from.
    """

    def __init__(self, read: Callable[[str], bytes]) -> None:
        """Start without any; `read` returns the bytes of a file of the vault."""
        self.read = read
        self.files: dict[str, bytes] = {}
        self.names: dict[str, str] = {}

    def name(self, path: str) -> str:
        """Return the name of an image in the post; raise `NotEmbeddable` if it can have none."""
        if path not in self.names:
            try:
                data, suffix = cleaned(self.read(path))
            except (VaultError, NotEmbeddable) as error:
                reason = str(error).removeprefix(f"{path}: ")
                raise NotEmbeddable(f"`{path}` cannot be published: {reason}") from None
            self.names[path] = f"images/{hashlib.sha256(data).hexdigest()[:_DIGITS]}{suffix}"
            self.files[self.names[path]] = data
        return self.names[path]


def caption(link: Link) -> str:
    """Return what the author wrote below an image, as Markdown; "" for nothing but its size."""
    written = _SIZE.sub("", link.display or "").rstrip("|").strip()
    return _BRACKETS.sub(with_backslash, written)


def data_uri(name: str, data: bytes) -> str:
    """Return an image as an address that holds it."""
    kind = name.rpartition(".")[2].replace("jpg", "jpeg")
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def cleaned(data: bytes) -> tuple[bytes, str]:
    """Return an image without metadata, and the suffix of its form.

    The form is known by the first bytes: PNG, JPEG, GIF or WebP. Raises `NotEmbeddable` for others
    and for what is broken. A JPEG keeps the orientation of its Exif data, without which it is on
    its side, and nothing else of it.
    """
    try:
        if data.startswith(_PNG):
            return _png(data), ".png"
        if data.startswith(_JPEG):
            return _jpeg(data), ".jpg"
        if data[:6] in {b"GIF87a", b"GIF89a"}:
            return _gif(data), ".gif"
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data), ".webp"
    except (IndexError, struct.error):
        raise NotEmbeddable("it is cut short or broken") from None
    raise NotEmbeddable("it is not a PNG, JPEG, GIF or WebP: convert it")


def _png(data: bytes) -> bytes:
    parts, at = [_PNG], len(_PNG)
    while parts[-1][4:8] != b"IEND":
        (length,) = struct.unpack_from(">I", data, at)
        chunk = _take(data, at, length + 12)
        if chunk[4:8] in _PNG_KEPT:
            parts.append(chunk)
        at += len(chunk)
    return b"".join(parts)


def _take(data: bytes, start: int, length: int) -> bytes:
    if start + length > len(data):
        raise IndexError
    return data[start : start + length]


def _jpeg(data: bytes) -> bytes:
    parts, at = [_JPEG], 2
    while found := _JPEG_MARKER.match(data, at):
        at, kind = found.start("kind") - 1, found["kind"][0]
        if kind == _JPEG_END:
            return b"".join([*parts, data[at : at + 2]])
        length = 0 if kind in _JPEG_BARE else struct.unpack_from(">H", data, at + 2)[0]
        segment = _take(data, at, length + 2)
        parts.append(_jpeg_segment(kind, segment))
        at += len(segment)
        if kind == _JPEG_SCAN and (end := _JPEG_SCAN_END.search(data, at)):
            parts.append(data[at : end.start()])
            at = end.start()
    raise IndexError


def _jpeg_segment(kind: int, segment: bytes) -> bytes:
    if kind == _JPEG_JFIF:
        # Without the thumbnail, which may show what the picture no longer does.
        body = segment[4 : 4 + _JFIF_LENGTH]
        return b"\xff\xe0\x00\x10" + body + b"\0\0" if body.startswith(_JFIF) else b""
    if kind == _JPEG_EXIF:
        return _orientation(segment[10:]) if segment[4:10] == b"Exif\0\0" else b""
    if kind == _JPEG_ADOBE:
        # How the colours are coded.
        return segment if segment[4:9] == b"Adobe" and len(segment) == 16 else b""  # noqa: PLR2004
    return b"" if kind in _JPEG_DROPPED else segment


def _orientation(tiff: bytes) -> bytes:
    """Return Exif data with the orientation alone, nothing where it is the usual one."""
    try:
        order = {b"II": "<", b"MM": ">"}[tiff[:2]]
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        entries = [
            struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * n) for n in range(count)
        ]
    except (KeyError, struct.error):
        return b""
    found = [value for tag, kind, _, value in entries if (tag, kind) == (_ORIENTATION, _SHORT)]
    if not found or found[0] not in _ORIENTATIONS:
        return b""
    entry = struct.pack(">HHIHH", _ORIENTATION, _SHORT, 1, found[0], 0)
    body = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01" + entry + b"\0\0\0\0"
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _gif(data: bytes) -> bytes:
    at = 13 + _colours(data[10])
    parts = [_take(data, 0, at)]
    while data[at] != _GIF_END:
        start, is_image, kind = at, data[at] == _GIF_IMAGE, data[at + 1]
        loops = kind == _GIF_APPLICATION and data[at + 3 : at + 14] in _GIF_LOOPS
        at += 11 + _colours(data[at + 9]) if is_image else 2
        while data[at]:
            at += 1 + data[at]
        at += 1
        if is_image or loops or kind == _GIF_CONTROL:
            parts.append(_take(data, start, at - start))
    return b"".join([*parts, b"\x3b"])


def _colours(flags: int) -> int:
    """Return the size of the table of colours that the flags announce."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _webp(data: bytes) -> bytes:
    (size,) = struct.unpack_from("<I", data, 4)
    parts, at = [b"WEBP"], 12
    while at < size + 8:
        (length,) = struct.unpack_from("<I", data, at + 4)
        chunk = _take(data, at, 8 + length + length % 2)
        at += len(chunk)
        if chunk[:4] == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_METADATA]) + chunk[9:]
        if chunk[:4] in _WEBP_KEPT:
            parts.append(chunk)
    body = b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body
