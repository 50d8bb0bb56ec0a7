"""The post: composed once as Markdown, then made into what each target takes."""

from vaultsync.publish.compose import Composition
from vaultsync.publish.manifest import MANIFEST, Manifest, hash_of, read_manifest
from vaultsync.publish.targets import PAGE, TARGETS, published_paths, render

__all__ = [
    "MANIFEST",
    "PAGE",
    "TARGETS",
    "Composition",
    "Manifest",
    "hash_of",
    "published_paths",
    "read_manifest",
    "render",
]
