"""What a target makes its file of."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from vaultsync.core.config import PublishSettings
from vaultsync.core.text import Edit, apply_edits
from vaultsync.markdown import parse
from vaultsync.publish.compose import Composition
from vaultsync.publish.dialect import Dialect, translated
from vaultsync.publish.problems import Problems


class Order(msgspec.Struct, frozen=True):
    """A composition to be made into a file, and the settings."""

    composition: Composition
    settings: PublishSettings

    @property
    def problems(self) -> Problems:
        """Where what cannot be shown is told."""
        return self.composition.problems

    def translated(self, text: str, dialect: Dialect) -> str:
        """Return a text of the composition in the words of a target."""
        return translated(text, dialect, self.problems, self.composition.paths)

    def with_images(self, text: str, address: Callable[[str, bytes], str]) -> str:
        """Return a text whose images of the vault have the addresses that a target gives them."""
        images = self.composition.images
        if not images:
            return text
        document = parse("post.md", f"\n{text}")
        edits = [
            Edit(link.target_span, address(link.target, images[link.target]))
            for link in document.links
            if link.kind == "image" and link.target in images
        ]
        return apply_edits(document.text, edits)[1:]
