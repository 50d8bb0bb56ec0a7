"""Fill the generated blocks of a note, or of all notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import msgspec

from vaultsync.blocks.context import BlockError, BlockRequest, Context
from vaultsync.blocks.journal_blocks import changelog_block, recent_block
from vaultsync.blocks.list_blocks import (
    items_block,
    link_block,
    sources_block,
    stats_block,
    tags_block,
    toc_block,
    todos_block,
)
from vaultsync.blocks.markers import BrokenMarker, find_blocks, replace_content
from vaultsync.blocks.notes_block import notes_block
from vaultsync.core.config import did_you_mean
from vaultsync.core.model import Document
from vaultsync.core.output import Output, changed_output
from vaultsync.core.text import apply_edits

Origin = Literal["tree", "history"]


class BlockKind(msgspec.Struct, frozen=True):
    """A kind of block: what fills it, what that is made of, and the attributes it knows."""

    render: Callable[[BlockRequest], str]
    origin: Origin
    attributes: frozenset[str] | None


def _kind(
    render: Callable[[BlockRequest], str], *attributes: str, origin: Origin = "tree"
) -> BlockKind:
    return BlockKind(render, origin, frozenset(attributes))


KINDS = {
    # A notes block also takes any property as a filter.
    "notes": BlockKind(notes_block, "tree", None),
    "items": _kind(items_block, "section", "open"),
    "todos": _kind(todos_block, "text"),
    "sources": _kind(sources_block),
    "tags": _kind(tags_block),
    "stats": _kind(stats_block, "by"),
    "toc": _kind(toc_block),
    "link": _kind(link_block, "to", "text"),
    "recent": _kind(recent_block, "count", origin="history"),
    "changelog": _kind(changelog_block, "style", origin="history"),
}


def fill(document: Document, context: Context, *origins: Origin) -> str:
    """Return the note's text with the blocks of these origins filled.

    A block that refers to what does not exist stays as it is; `block_problems` names it.
    """
    blocks, _ = find_blocks(document)
    edits = []
    for block in blocks:
        kind = KINDS.get(block.kind)
        if kind is None or kind.origin not in origins:
            continue
        try:
            content = _content(kind, BlockRequest(block, document, context))
        except BlockError:
            continue
        if content != block.content(document.text):
            edits.append(replace_content(document.text, block, content))
    return apply_edits(document.text, edits)


def copy_blocks(source: Document, target: Document, *origins: Origin) -> str:
    """Return the target's text with its blocks of these origins as they are in `source`.

    Both are versions of one note; blocks are matched by kind, in order.
    """
    contents: dict[str, list[str]] = {}
    for block in find_blocks(source)[0]:
        contents.setdefault(block.kind, []).append(block.content(source.text))
    edits = []
    for block in find_blocks(target)[0]:
        kind, known = KINDS.get(block.kind), contents.get(block.kind)
        if kind and known and kind.origin in origins:
            content = known.pop(0)
            if content != block.content(target.text):
                edits.append(replace_content(target.text, block, content))
    return apply_edits(target.text, edits)


def block_problems(document: Document, context: Context) -> Iterator[BrokenMarker]:
    """Yield what is wrong with the blocks of a note, with its place."""
    blocks, broken = find_blocks(document)
    yield from broken
    for block in blocks:
        kind = KINDS.get(block.kind)
        if kind is None:
            hint = did_you_mean(block.kind, KINDS)
            yield BrokenMarker(block.span, f"there is no block `{block.kind}`{hint}")
            continue
        try:
            _content(kind, BlockRequest(block, document, context))
        except BlockError as error:
            yield BrokenMarker(block.span, str(error))


def _content(kind: BlockKind, request: BlockRequest) -> str:
    for name in request.block.attributes:
        if kind.attributes is not None and name not in kind.attributes:
            hint = did_you_mean(name, kind.attributes)
            raise BlockError(f"a `{request.block.kind}` block has no attribute `{name}`{hint}")
    return kind.render(request)


def refresh_blocks(context: Context, paths: Iterable[str] | None = None) -> list[Output]:
    """Return the notes whose blocks change, by path, of those at `paths` (None: of all)."""
    outputs = []
    documents = context.vault.documents
    for path in sorted(documents if paths is None else paths):
        document = documents[path]
        if document.error or not document.directives:
            continue
        text = fill(document, context, "tree")
        output = changed_output(path, document.text.encode(), text.encode())
        outputs += [output] if output else []
    return outputs
