"""The targets: what file each makes of the composed post."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module

import msgspec

from vaultsync.blocks import Context
from vaultsync.config import Config
from vaultsync.model import Vault
from vaultsync.publish.compose import Composition, Read, compose
from vaultsync.publish.order import Order
from vaultsync.publish.problems import Problems

PAGE = "post.html"


class Target(msgspec.Struct, frozen=True):
    """A target: its file, the module that makes it, and what it asks of the composition.

    `folded` puts under each bullet what its note holds besides the claim. `images` says that the
    images lie beside the file.
    """

    file: str
    module: str
    folded: bool = False
    images: bool = False

    def make(self, order: Order) -> str:
        """Return the text of the file."""
        # What renders is loaded only where it is asked for.
        module = import_module(f"{__name__}.{self.module}")
        made: Callable[[Order], str] = module.make
        return made(order)


TARGETS = {
    "markdown": Target("post.md", "markdown", images=True),
    "html": Target(PAGE, "html", folded=True),
    "lesswrong": Target("lesswrong.md", "lesswrong"),
    "lesswrong-rich": Target("lesswrong.html", "lesswrong_rich"),
}


def render(
    vault: Vault, config: Config, targets: Iterable[str], read: Read
) -> tuple[dict[str, bytes], tuple[Composition, ...]]:
    """Return the files of the targets by name, and what they were composed of.

    What a target cannot show is a problem of its composition. Raises as `compose` does.
    """
    files: dict[str, bytes] = {}
    context = Context(vault, config)
    composed: dict[bool, Composition] = {}
    found = []
    for target in (TARGETS[name] for name in targets):
        if target.folded not in composed:
            composed[target.folded] = compose(context, read, folded=target.folded)
        composition = composed[target.folded]
        problems = Problems(vault.documents)
        order = Order(composition, config.publish, problems)
        files[target.file] = target.make(order).encode("utf-8", "replace")
        if target.images or config.publish.page:
            files.update(composition.images)
        told = (*composition.problems, *problems.found)
        found.append(msgspec.structs.replace(composition, problems=told))
    return files, tuple(found)


def published_paths(compositions: Iterable[Composition]) -> list[str]:
    """Return the paths of the notes that must be right before the compositions are published."""
    return sorted({path for composition in compositions for path in composition.paths})
