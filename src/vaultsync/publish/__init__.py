"""The post: composed once as Markdown, then made into what each target takes."""

from vaultsync.publish.compose import Composition, compose
from vaultsync.publish.manifest import MANIFEST, Manifest, hash_of, read_manifest
from vaultsync.publish.targets import PAGE, TARGETS, published_paths, render

__all__ = [
    "MANIFEST",
    "PAGE",
    "TARGETS",
    "Composition",
    "Manifest",
    "compose",
    "hash_of",
    "published_paths",
    "read_manifest",
    "render",
]
