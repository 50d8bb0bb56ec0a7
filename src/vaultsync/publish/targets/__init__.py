"""The targets: what file each makes of the composed post."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module

import msgspec

from vaultsync.blocks import Context
from vaultsync.publish.compose import Composition, Read, compose
from vaultsync.publish.render_job import Order

PAGE = "post.html"


class Target(msgspec.Struct, frozen=True):
    """A target: its files, each with the module that makes it, and what it asks for.

    `folded` puts under each bullet what its note holds besides the claim. `images` says that the
    images lie beside the files. `whole` says that it tells of notes that the post does not list.
    """

    files: Mapping[str, str]
    folded: bool = False
    images: bool = False
    whole: bool = False

    @property
    def file(self) -> str:
        """The first of its files, which stands for all of them."""
        return next(iter(self.files))

    def make(self, order: Order) -> dict[str, bytes]:
        """Return the files by name."""
        return {name: _text(module, order) for name, module in self.files.items()}


def _text(module: str, order: Order) -> bytes:
    # What renders is loaded only where it is asked for.
    make: Callable[[Order], str] = import_module(f"{__name__}.{module}").make
    return make(order).encode("utf-8", "replace")


TARGETS = {
    "markdown": Target({"post.md": "markdown"}, images=True),
    "html": Target({PAGE: "html"}, folded=True),
    "lesswrong": Target({"lesswrong.md": "lesswrong"}),
    "lesswrong-rich": Target({"lesswrong.html": "lesswrong_rich"}),
    "feed": Target({"feed.xml": "feed"}, folded=True),
    "bibliography": Target({"references.bib": "bibtex", "references.json": "csl"}, folded=True),
    "data": Target({"encyclopedia.json": "data"}, folded=True, whole=True),
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
        files.update(target.make(Order(composition, config.publish)))
        if target.images or config.publish.page:
            files.update(composition.images)
    return files, tuple(composed.values())


def published_paths(compositions: Iterable[Composition]) -> list[str]:
    """Return the paths of the notes that must be right before the compositions are published."""
    return sorted({path for composition in compositions for path in composition.paths})
