"""The manifest: what was published, made of what, by which version of the tool."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Literal

import msgspec

from vaultsync import __version__
from vaultsync.core.errors import VaultError
from vaultsync.publish.targets import TARGETS

MANIFEST = "manifest.json"
# What a run may have made. A name from a file is not trusted: it must not lead anywhere else.
_IMAGE = re.compile(r"images/[0-9a-f]+\.[a-z]+")


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The files of an output folder.

    `outputs` are files with the SHA-256 of their bytes. `inputs` are notes by path, pictures by the
    name they are published under, and the settings, each with its content id, the id of a blob in
    git. `dirty`: some file of the vault differs from the commit that is checked out, None
    where nothing is under version control; `uncommitted` are the inputs that do.

    All of it follows from the files and the commit: no clock, no place, no name of a commit.
    """

    outputs: dict[str, str]
    inputs: dict[str, str]
    dirty: bool | None = None
    uncommitted: tuple[str, ...] = ()
    tool: str = f"vaultsync {__version__}"
    version: Literal[1] = 1

    def data(self) -> bytes:
        """Return the bytes of the file."""
        known = msgspec.to_builtins(self, order="deterministic")
        names = "version", "tool", "dirty", "uncommitted", "inputs", "outputs"
        # The name of a file need not be text, which msgspec would refuse to write.
        ordered = {name: known[name] for name in names}
        return (json.dumps(ordered, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")

    def made(self, name: str, data: bytes) -> bool:
        """Whether a file is as it was published."""
        return self.outputs.get(name) == hash_of(data)

    def merged_with(self, other: Manifest) -> Manifest:
        """Return the manifest with the files of another one that this one does not have."""
        return msgspec.structs.replace(
            self,
            outputs=other.outputs | self.outputs,
            inputs=other.inputs | self.inputs,
            uncommitted=tuple(
                sorted({*other.uncommitted} - self.inputs.keys() | {*self.uncommitted})
            ),
        )


def hash_of(data: bytes) -> str:
    """Return the SHA-256 of a file's bytes, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def read_manifest(data: bytes | None, place: str) -> Manifest:
    """Read a manifest; an empty one for no file. Raise `VaultError` where it is not one of ours."""
    if data is None:
        return Manifest({}, {})
    try:
        found = msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise VaultError(
            f"{place}: this is not a manifest of this version of vaultsync: move it away, or "
            "publish to another folder with --out"
        ) from None
    files = {file for target in TARGETS.values() for file in target.files}
    ours = {
        name: made
        for name, made in found.outputs.items()
        if name in files or _IMAGE.fullmatch(name)
    }
    return msgspec.structs.replace(found, outputs=ours)
