"""Images in the post: without metadata, and named by their content."""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from collections.abc import Callable, Iterator

from vaultsync.core.errors import VaultError
from vaultsync.core.model import Link

__all__ = ["Images", "NotAnImage", "caption", "data_uri", "image"]

_FOLDER = "images"
_MEDIA_TYPES = {
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
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
_JPEG_SCAN, _JPEG_END = 0xDA, 0xD9
_JPEG_APP0, _JPEG_EXIF, _JPEG_ADOBE, _JPEG_COMMENT = 0xE0, 0xE1, 0xEE, 0xFE
_JPEG_BARE = frozenset([0x01, *range(0xD0, 0xD8)])
_JFIF = b"JFIF\0"
_JFIF_LENGTH = 12
_ORIENTATION, _SHORT = 0x0112, 3
_ORIENTATIONS = range(2, 9)
# https://www.w3.org/Graphics/GIF/spec-gif89a.txt.
_GIF_CONTROL, _GIF_APPLICATION = 0xF9, 0xFF
_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
# https://developers.google.com/speed/webp/docs/riff_container.
_WEBP_KEPT = frozenset([b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"])
_WEBP_METADATA = 0b0010_1100


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
        """Return the name of an image in the post; raise `NotAnImage` where it can have none."""
        if path not in self.names:
            try:
                data, suffix = cleaned(self.read(path))
            except VaultError as error:
                raise NotAnImage(str(error).removeprefix(f"{path}: ")) from None
            name = f"{_FOLDER}/{hashlib.sha256(data).hexdigest()[:_DIGITS]}{suffix}"
            self.files[name] = data
            self.names[path] = name
        return self.names[path]


def image(name: str, link: Link) -> str:
    """Return an image as Markdown; its caption is the one that the author wrote."""
    return f"![{caption(link)}]({name})"


def caption(link: Link) -> str:
    """Return what the author wrote below an image, as Markdown; "" for nothing but its size."""
    written = _SIZE.sub("", link.display or "").rstrip("|").strip()
    return _BRACKETS.sub(lambda found: f"\\{found[0]}", written)


def data_uri(name: str, data: bytes) -> str:
    """Return an image as an address that holds it."""
    kind = _MEDIA_TYPES[name[name.rindex(".") :]]
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


class NotAnImage(Exception):  # noqa: N818 - describes the file
    """A file is not an image that can be cleaned; the message is the reason."""


def cleaned(data: bytes) -> tuple[bytes, str]:
    """Return an image without metadata, and the suffix of its form.

    The form is known by the first bytes: PNG, JPEG, GIF or WebP. Raises `NotAnImage` for others
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
        raise NotAnImage("it is cut short or broken") from None
    raise NotAnImage("it is not a PNG, JPEG, GIF or WebP: convert it")


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
    while True:
        if data[at] != 0xFF:  # noqa: PLR2004 - the byte that opens a marker
            raise IndexError
        kind = data[at + 1]
        if kind == 0xFF:  # noqa: PLR2004 - fill
            at += 1
            continue
        if kind == _JPEG_END:
            return b"".join([*parts, data[at : at + 2]])
        if kind in _JPEG_BARE:
            length = 0
        else:
            (length,) = struct.unpack_from(">H", data, at + 2)
        segment = _take(data, at, length + 2)
        parts.append(_jpeg_segment(kind, segment))
        at += len(segment)
        if kind == _JPEG_SCAN:
            end = _scan_end(data, at)
            parts.append(data[at:end])
            at = end


def _scan_end(data: bytes, at: int) -> int:
    """Return the offset of the marker that ends a scan: 0 and restarts do not."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise IndexError
        if data[at + 1] == 0 or data[at + 1] in _JPEG_BARE:
            at += 2
        else:
            return at


def _jpeg_segment(kind: int, segment: bytes) -> bytes:
    if kind == _JPEG_APP0:
        # Without the thumbnail, which may show what the picture no longer does.
        body = segment[4 : 4 + _JFIF_LENGTH]
        return b"\xff\xe0\x00\x10" + body + b"\0\0" if body.startswith(_JFIF) else b""
    if kind == _JPEG_EXIF:
        return _orientation(segment[10:]) if segment[4:10] == b"Exif\0\0" else b""
    if kind == _JPEG_ADOBE:
        # How the colours are coded.
        return segment if segment[4:9] == b"Adobe" and len(segment) == 16 else b""  # noqa: PLR2004
    is_application = _JPEG_APP0 < kind <= 0xEF  # noqa: PLR2004 - the last of them
    return b"" if is_application or kind == _JPEG_COMMENT else segment


def _orientation(tiff: bytes) -> bytes:
    """Return Exif data with the orientation alone, nothing where it is the usual one."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return b""
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        entries = [
            struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * n) for n in range(count)
        ]
    except struct.error:
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
    while data[at] != 0x3B:  # noqa: PLR2004 - the trailer
        start = at
        if data[at] == 0x2C:  # noqa: PLR2004 - an image
            at += 11 + _colours(data[at + 9])
            keep = True
        else:
            kind = data[at + 1]
            loops = kind == _GIF_APPLICATION and data[at + 3 : at + 14] in _GIF_LOOPS
            keep = kind == _GIF_CONTROL or loops
            at += 2
        while data[at]:
            at += 1 + data[at]
        at += 1
        parts += [_take(data, start, at - start)] if keep else []
    return b"".join([*parts, b"\x3b"])


def _colours(flags: int) -> int:
    """Return the size of the table of colours that the flags announce."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _webp(data: bytes) -> bytes:
    body = b"".join(_webp_chunks(data))
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _webp_chunks(data: bytes) -> Iterator[bytes]:
    (size,) = struct.unpack_from("<I", data, 4)
    at, end = 12, size + 8
    while at < end:
        (length,) = struct.unpack_from("<I", data, at + 4)
        chunk = _take(data, at, 8 + length + length % 2)
        at += len(chunk)
        if chunk[:4] == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_METADATA]) + chunk[9:]
        if chunk[:4] in _WEBP_KEPT:
            yield chunk
