"""What a reader of a note's body finds."""

from __future__ import annotations

from vaultsync.core.model import Block, Footnote, Heading, Link, Tag, Task


class Found:
    """The facts of a body, each kind in the order of the text."""

    __slots__ = ("blocks", "footnotes", "headings", "inward", "outward", "tags", "tasks")

    def __init__(self) -> None:
        """Start with nothing found."""
        # Into the vault and out of it.
        self.inward: list[Link] = []
        self.outward: list[Link] = []
        self.headings: list[Heading] = []
        self.blocks: list[Block] = []
        self.tags: list[Tag] = []
        self.tasks: list[Task] = []
        self.footnotes: list[Footnote] = []
