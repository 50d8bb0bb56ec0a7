"""Fill the generated blocks of a note, or of all notes, by the kind of each block."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import suppress
from typing import Literal

import msgspec

from vaultsync.blocks import list_blocks
from vaultsync.blocks.context import BlockError, BlockRequest, Context, external_link
from vaultsync.blocks.journal_blocks import changelog_block, recent_block
from vaultsync.blocks.notes_block import notes_block
from vaultsync.blocks.quote import BrokenMarker, GeneratedBlock, find_blocks, replace_content
from vaultsync.blocks.related_block import related_block
from vaultsync.blocks.tensions import tensions_block
from vaultsync.core.config import did_you_mean
from vaultsync.core.model import Document, Vault
from vaultsync.core.output import Output, changed_output
from vaultsync.core.text import apply_edits
from vaultsync.markdown import parse

_BRACKETED = re.compile(r"\[([^\]]+)\]")

Origin = Literal["tree", "history"]


def link_block(request: BlockRequest) -> str:
    """Return a sentence whose part in brackets leads to an address of the settings.

    Without the address there is no sentence.
    """
    name, text = request.get("to"), request.get("text")
    addresses = request.context.config.addresses
    if name not in addresses:
        known = ", ".join(addresses) or "none"
        raise BlockError(f'`to="{name}"` is no address of this vault: they are {known}')
    address = request.context.config.address(name)
    return _BRACKETED.sub(lambda found: external_link(found[1], address), text) if address else ""


class BlockKind(msgspec.Struct, frozen=True):
    """A kind of block: what fills it, what that is made of, and the attributes it knows."""

    render: Callable[[BlockRequest], str]
    origin: Origin
    attributes: tuple[str, ...] | None = ()


KINDS = {
    # A notes block also takes any property as a filter.
    "notes": BlockKind(notes_block, "tree", None),
    "items": BlockKind(list_blocks.items_block, "tree", ("section", "open", "group")),
    "todos": BlockKind(list_blocks.todos_block, "tree", ("text", "tasks")),
    "sources": BlockKind(list_blocks.sources_block, "tree"),
    "tags": BlockKind(list_blocks.tags_block, "tree"),
    "stats": BlockKind(list_blocks.stats_block, "tree", ("by",)),
    "toc": BlockKind(list_blocks.toc_block, "tree"),
    "tensions": BlockKind(tensions_block, "tree", ("style",)),
    "related": BlockKind(related_block, "tree", ("count",)),
    "count": BlockKind(
        list_blocks.count_block, "tree", ("type", "with", "text", "none", "one", "every")
    ),
    "link": BlockKind(link_block, "tree", ("to", "text")),
    "recent": BlockKind(recent_block, "history", ("count",)),
    "changelog": BlockKind(changelog_block, "history", ("style",)),
}


def fill(document: Document, context: Context, *origins: Origin) -> str:
    """Return the note's text with the blocks of these origins filled.

    A block that refers to what does not exist stays as it is; `block_problems` names it.
    """
    return replaced(document, contents(document, context, *origins))


def contents(
    document: Document, context: Context, *origins: Origin
) -> list[tuple[GeneratedBlock, str | None]]:
    """Return the blocks of a note with what fills them, None for what stays as it is."""
    found: list[tuple[GeneratedBlock, str | None]] = []
    for block in find_blocks(document)[0]:
        made = None
        with suppress(BlockError):
            made = _content(BlockRequest(block, document, context), origins)
        found.append((block, made))
    return found


def without_conflicts(document: Document, *origins: Origin) -> Document:
    """Return a note in which the blocks of these origins that hold conflicts of a merge are empty.

    Their contents are generated again.
    """

    def content(block: GeneratedBlock) -> str | None:
        known = block.kind in KINDS and KINDS[block.kind].origin in origins
        held = any(block.inner.start <= one.start < block.inner.end for one in document.conflicts)
        return "" if known and held else None

    return parse(document.path, replace_contents(document, content))


def copy_blocks(source: Document, target: Document, *origins: Origin) -> str:
    """Return the target's text with its blocks of these origins as they are in `source`.

    Both are versions of one note; blocks are matched by kind, in order.
    """
    contents: dict[str, list[str]] = {}
    for block in find_blocks(source)[0]:
        if block.kind in KINDS and KINDS[block.kind].origin in origins:
            contents.setdefault(block.kind, []).append(block.content(source.text))

    def content(block: GeneratedBlock) -> str | None:
        known = contents.get(block.kind)
        return known.pop(0) if known else None

    return replace_contents(target, content)


def replace_contents(document: Document, content: Callable[[GeneratedBlock], str | None]) -> str:
    """Return the note's text with new contents of its blocks; None leaves one as it is."""
    return replaced(document, ((block, content(block)) for block in find_blocks(document)[0]))


def replaced(document: Document, new: Iterable[tuple[GeneratedBlock, str | None]]) -> str:
    """Return the note's text with these contents of its blocks; None leaves one as it is."""
    text = document.text
    changed = ((block, made) for block, made in new if made not in (None, block.content(text)))
    return apply_edits(text, [replace_content(text, block, made or "") for block, made in changed])


def block_problems(document: Document, context: Context) -> Iterator[BrokenMarker]:
    """Yield what is wrong with the blocks of a note, with its place."""
    blocks, broken = find_blocks(document)
    yield from broken
    for block in blocks:
        try:
            _content(BlockRequest(block, document, context, checked=True), ("tree", "history"))
        except BlockError as error:
            yield BrokenMarker(block.span, str(error))


def _content(request: BlockRequest, origins: Container[Origin]) -> str | None:
    """Return the content of a block, None for one of another origin; raise `BlockError`."""
    name = request.block.kind
    kind = KINDS.get(name)
    if kind is None:
        raise BlockError(f"there is no block `{name}`{did_you_mean(name, KINDS)}")
    if kind.origin not in origins:
        return None
    for attribute in request.block.attributes:
        if kind.attributes is not None and attribute not in kind.attributes:
            hint = did_you_mean(attribute, kind.attributes)
            raise BlockError(f"a `{name}` block has no attribute `{attribute}`{hint}")
    return kind.render(request)


def refresh_blocks(
    context: Context,
    origin: Origin,
    paths: Iterable[str] | None = None,
    before: Vault | None = None,
) -> list[Output]:
    """Return the notes whose blocks change, by path, of those at `paths` (None: of all).

    `before` is the vault that was read, where that of the context already differs from it.
    """
    documents, read = context.vault.documents, (before or context.vault).documents
    wanted = (documents[path] for path in sorted(documents if paths is None else paths))
    outputs = (
        changed_output(one.path, read[one.path].text.encode(), fill(one, context, origin).encode())
        for one in wanted
        if one.directives and not one.error
    )
    return [output for output in outputs if output]
