"""The post: composed once as Markdown, then made into what each target takes."""

from vaultsync.publish.compose import Composition, compose
from vaultsync.publish.problems import PublishProblem
from vaultsync.publish.targets import PAGE, TARGETS, published_paths, render

__all__ = [
    "PAGE",
    "TARGETS",
    "Composition",
    "PublishProblem",
    "compose",
    "published_paths",
    "render",
]
