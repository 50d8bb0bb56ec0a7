"""Small pictures, each full of what must not be published with it."""

from __future__ import annotations

import struct
import zlib

MARK = b"SECRET"


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 8, height: int = 8, *, marked: bool = True) -> bytes:
    """Return a red rectangle as PNG."""
    rows = (b"\0" + b"\xc8\x50\x28" * width) * height
    extra = [
        chunk(b"tEXt", b"Comment\0" + MARK),
        chunk(b"zTXt", b"Comment\0\0" + zlib.compress(MARK)),
        chunk(b"iTXt", b"Comment\0\0\0\0\0" + MARK),
        chunk(b"eXIf", b"MM\0\x2a" + MARK),
        chunk(b"iCCP", b"SECRET\0\0" + zlib.compress(MARK)),
        chunk(b"tIME", b"\x07\xe8\1\1\1\1\1"),
    ]
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            *(extra if marked else []),
            chunk(b"IDAT", zlib.compress(rows)),
            chunk(b"IEND", b""),
            MARK if marked else b"",
        ]
    )


def segment(kind: int, data: bytes) -> bytes:
    """Return a segment of a JPEG."""
    return bytes([0xFF, kind]) + struct.pack(">H", len(data) + 2) + data


def exif(orientation: int, order: str = ">") -> bytes:
    """Return Exif data with an orientation, a place and a mark."""
    head = b"MM\0\x2a\0\0\0\x08" if order == ">" else b"II\x2a\0\x08\0\0\0"
    entries = [
        struct.pack(f"{order}HHII", 0x010E, 2, 6, 60),
        struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0),
    ]
    return b"Exif\0\0" + head + struct.pack(f"{order}H", 2) + b"".join(entries) + b"\0\0\0\0" + MARK


SCAN = b"\x12\xff\x00\x34\xff\xd0\x56"
TABLES = segment(0xDB, b"\0" * 65)
FRAME = segment(0xC0, b"\x08\0\x08\0\x08\x01\x01\x11\0")
SCAN_HEAD = segment(0xDA, b"\x01\x01\0\0\x3f\0")
ADOBE = segment(0xEE, b"Adobe\0\x64\0\0\0\0\0")
JFIF = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")


def jpeg(orientation: int = 1, order: str = ">", *, marked: bool = True) -> bytes:
    """Return what has the form of a JPEG with two scans."""
    extra = [
        segment(0xE1, exif(orientation, order)),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + MARK),
        segment(0xE2, b"ICC_PROFILE\0" + MARK),
        segment(0xED, b"Photoshop 3.0\0" + MARK),
        segment(0xEE, b"Adobe, but not that: " + MARK),
        segment(0xFE, MARK),
        b"\xff",
    ]
    thumbnail = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\2\1" + MARK)
    later = segment(0xFE, MARK) if marked else b""
    return b"".join(
        [
            b"\xff\xd8",
            *([thumbnail, segment(0xE0, b"JFXX\0" + MARK), *extra] if marked else [JFIF]),
            *(ADOBE, TABLES, FRAME, SCAN_HEAD, SCAN, later, SCAN_HEAD, SCAN),
            b"\xff\xd9",
            MARK if marked else b"",
        ]
    )


LOOPS = b"\x21\xff\x0bNETSCAPE2.0\x03\1\0\0\0"
CONTROL = b"\x21\xf9\x04\0\x0a\0\0\0"
PIXELS = b"\x2c\0\0\0\0\2\0\2\0\0\x02\x02\x44\x01\0"


def gif(*, marked: bool = True) -> bytes:
    """Return a small GIF that moves."""
    head = b"GIF89a\2\0\2\0\x80\0\0\xff\0\0\0\0\xff"
    extra = [
        b"\x21\xfe\x06" + MARK + b"\0",
        b"\x21\xff\x0bXMP DataXMP\x06" + MARK + b"\0",
        b"\x21\x01\x0c" + b"\0" * 12 + b"\x06" + MARK + b"\0",
    ]
    local = b"\x2c\0\0\0\0\2\0\2\0\x80" + b"\1\2\3\4\5\6" + b"\x02\x02\x44\x01\0"
    middle = [*(extra if marked else []), CONTROL, PIXELS, local]
    return b"".join([head, LOOPS, *middle, b"\x3b", MARK if marked else b""])


def webp(*, marked: bool = True) -> bytes:
    """Return what has the form of an extended WebP."""

    def part(kind: bytes, data: bytes) -> bytes:
        return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)

    flags = 0b0010_1100 if marked else 0
    parts = [
        part(b"VP8X", bytes([0x10 | flags, 0, 0, 0, 7, 0, 0, 7, 0, 0])),
        part(b"ICCP", MARK) if marked else b"",
        part(b"ALPH", b"\1\2\3"),
        part(b"VP8 ", b"\1\2\3\4"),
        part(b"EXIF", MARK) + part(b"XMP ", MARK) + part(b"what", MARK) if marked else b"",
    ]
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body + (MARK if marked else b"")
