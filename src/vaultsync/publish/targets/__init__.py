"""The targets: what file each makes of the composed post."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pkgutil import resolve_name

import msgspec

from vaultsync.blocks.context import Context
from vaultsync.publish.compose import Composition, Read, compose

PAGE = "post.html"


class Target(msgspec.Struct, frozen=True):
    """A target: its files, each with the function that renders it as `module:function`.

    `folded` puts under each bullet what its note has in addition to the claim. `images`: the images
    are files of their own. `whole`: it contains notes that the post does not list.
    """

    files: Mapping[str, str]
    folded: bool = False
    images: bool = False
    whole: bool = False

    @property
    def file(self) -> str:
        """The first of its files, which represents all of them."""
        return next(iter(self.files))


TARGETS = {
    "markdown": Target({"post.md": "markdown:make"}, images=True),
    "html": Target({PAGE: "html:make"}, folded=True),
    "lesswrong": Target({"lesswrong.md": "lesswrong:markdown"}),
    "lesswrong-rich": Target({"lesswrong.html": "lesswrong:rich_text"}),
    "feed": Target({"feed.xml": "feed:make"}, folded=True),
    "bibliography": Target(
        {"references.bib": "bibliography:bibtex", "references.json": "bibliography:csl_json"},
        folded=True,
    ),
    "data": Target({"encyclopedia.json": "data:make"}, folded=True, whole=True),
}


def render(
    context: Context, targets: Iterable[str], read: Read
) -> tuple[dict[str, bytes], tuple[Composition, ...]]:
    """Return the files of the targets by name, and what they were composed of.

    What a target cannot show is a problem of its composition. Raises as `compose` does.
    """
    files: dict[str, bytes] = {}
    config = context.config
    composed: dict[bool, Composition] = {}
    for target in (TARGETS[name] for name in targets):
        if target.folded not in composed:
            composed[target.folded] = compose(context, read, folded=target.folded)
        composition = composed[target.folded]
        if target.whole:
            composition = composed[target.folded] = composition.whole()
        for name, function in target.files.items():
            # The modules of targets that are not rendered are not imported.
            make = resolve_name(f"{__name__}.{function}")
            files[name] = make(composition).encode("utf-8", "replace")
        if target.images or config.publish.page:
            files.update(composition.images)
    return files, tuple(composed.values())


def published_paths(compositions: Iterable[Composition]) -> list[str]:
    """Return the paths of the notes that must be right before the compositions are published."""
    return sorted({path for composition in compositions for path in composition.paths})
