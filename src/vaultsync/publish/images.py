"""Images in the post: cleaned, and named by what they hold."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable

from vaultsync.core.errors import VaultError
from vaultsync.core.model import Link
from vaultsync.publish.strip_metadata import NotAnImage, cleaned

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


class Images:
    """The images of one post: `files` by name, and `names` by the path of the file in the vault.

    Names say nothing about the files they come from.
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
    """Return an image as Markdown; only a caption that its author wrote is told."""
    return f"![{caption(link)}]({name})"


def caption(link: Link) -> str:
    """Return what the author wrote below an image, as Markdown; "" for nothing but its size."""
    written = _SIZE.sub("", link.display or "").rstrip("|").strip()
    return _BRACKETS.sub(lambda found: f"\\{found[0]}", written)


def data_uri(name: str, data: bytes) -> str:
    """Return an image as an address that holds it."""
    kind = _MEDIA_TYPES[name[name.rindex(".") :]]
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
