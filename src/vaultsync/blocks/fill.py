"""Fill the generated blocks of a note, or of all notes, by the kind of each block.

Defined here are the kinds that list parts of notes: items, tasks, sources, tags, counts, headings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from typing import Literal

import msgspec

from vaultsync.blocks.context import (
    BlockError,
    BlockRequest,
    Context,
    bullet_list,
    escape_markdown,
    external_link,
    format_count,
)
from vaultsync.blocks.journal import changelog_block, recent_block
from vaultsync.blocks.notes_block import notes_block
from vaultsync.blocks.quote import (
    BrokenMarker,
    GeneratedBlock,
    authored_content,
    find_blocks,
    plain_text,
    replace_content,
)
from vaultsync.core.config import did_you_mean
from vaultsync.core.model import Document, Vault
from vaultsync.core.output import Output, changed_output
from vaultsync.core.text import apply_edits
from vaultsync.markdown import parse
from vaultsync.notes.citation import Source
from vaultsync.notes.note import DRAFT, Note, Question

_BRACKETED = re.compile(r"\[([^\]]+)\]")
_NOT_IN_LINKS = re.compile(r"[#^|\[\]\\]")


def items_block(request: BlockRequest) -> str:
    """Return the items of one section of all notes; `open="true"` leaves out what is answered."""
    section, unanswered = request.get("section"), request.choice("open", ("false", "true"))
    known = {name for kind in request.context.config.types.values() for name in kind.body.sections}
    if section not in known:
        hint = did_you_mean(section, known) or f": they are {', '.join(sorted(known)) or 'none'}"
        raise BlockError(f'`section="{section}"` is no section of the types of this vault{hint}')
    lines = []
    for note in request.context.current:
        found = note.body.sections.get(section)
        for item in found.own_items(note.type.body.sections[section].items) if found else ():
            answered = isinstance(item.value, Question) and item.value.answer is not None
            text = request.context.item(item, note)
            if text is not None and not (answered and unanswered == "true"):
                lines.append(f"{text} ({request.context.link(note)})")
    return bullet_list(lines)


def todos_block(request: BlockRequest) -> str:
    """Return the drafts, then the tasks of other notes.

    With `text`, only the drafts, each as that text with its title in place of `{title}`.
    """
    context, template = request.context, request.get("text")
    drafts = [note for note in context.notes if note.is_draft]
    if template:
        return bullet_list(
            template.replace("{title}", escape_markdown(note.title)) for note in drafts
        )
    lines = []
    for note in drafts:
        tasks = [] if context.decoration.readers else _quoted_tasks(request, note)
        lines.append(f"{context.link(note)}: {'; '.join(tasks) or DRAFT}")
    for note in context.published:
        lines += [f"{context.link(note)}: {task}" for task in _quoted_tasks(request, note)]
    return bullet_list(lines)


def _quoted_tasks(request: BlockRequest, note: Note) -> list[str]:
    tasks = (task for task in note.document.tasks if not task.done)
    return [request.context.quote(task.text, note) for task in tasks]


def sources_block(request: BlockRequest) -> str:
    """Return the sources by year, the newest year first, each with the notes that cite it."""
    works: dict[str, tuple[Source, list[Note]]] = {}
    for note in request.context.current:
        for source in note.sources():
            kept, notes = works.get(source.identity, (source, []))
            fuller = max(kept, source, key=lambda one: (one.year is not None, bool(one.authors)))
            works[source.identity] = fuller, notes if note in notes else [*notes, note]
    years: dict[int | None, list[str]] = {}
    for source, notes in sorted(works.values(), key=lambda work: _by_author(work[0])):
        authors = f"{source.authors}: " if source.authors else ""
        links = ", ".join(map(request.context.link, notes))
        line = f"{authors}{external_link(source.title, source.url)} in {links}"
        years.setdefault(source.year, []).append(line)
    ordered = sorted(years, key=lambda year: -(year or 0))
    return "\n\n".join(f"### {year or 'Undated'}\n\n{bullet_list(years[year])}" for year in ordered)


def _by_author(source: Source) -> tuple[str, str]:
    return source.authors.lower() or "\uffff", source.title.lower()


def tags_block(request: BlockRequest) -> str:
    """Return the tags in use, each with its notes. Letter case is ignored."""
    tags: dict[str, tuple[str, list[Note]]] = {}
    for note in request.context.current:
        names = [tag.removeprefix("#") for tag in note.document.list_property("tags")]
        for key, name in {name.lower(): name for name in names}.items():
            tags.setdefault(key, (name, []))[1].append(note)
    return bullet_list(
        f"{name} ({len(notes)}): {', '.join(map(request.context.link, notes))}"
        for _, (name, notes) in sorted(tags.items())
    )


def stats_block(request: BlockRequest) -> str:
    """Return how many notes of each type there are, and of each value of the `by` properties."""
    context = request.context
    kinds = Counter(note.type_name for note in context.published)
    parts = [format_count(kinds[name], name) for name in context.config.types if kinds[name]]
    parts.append(format_count(sum(note.is_draft for note in context.notes), "draft"))
    tasks = (task for note in context.notes for task in note.document.tasks)
    parts.append(format_count(sum(not task.done for task in tasks), "TODO"))
    lines = [", ".join(parts)]
    for name in request.names("by"):
        values = Counter(v for note in context.current for v in note.document.list_property(name))
        ranked = sorted(values.items(), key=lambda item: (-item[1], item[0]))
        if ranked:
            lines.append(f"{name}: " + ", ".join(f"{number} {value}" for value, number in ranked))
    return bullet_list(lines)


def toc_block(request: BlockRequest) -> str:
    """Return links to the author's own headings that follow the block."""
    # The line break keeps a rule `---` from opening a block of properties.
    rest = f"\n{request.document.text[request.block.span.end :]}"
    lines = []
    above: list[int] = []
    for heading in authored_content(parse(request.document.path, rest)).headings:
        above = [*(level for level in above if level < heading.level), heading.level]
        target, display = _in_link(heading.text), _in_link(plain_text(heading.text))
        if target:
            lines.append(f"{'  ' * (len(above) - 1)}- [[#{target}|{display}]]")
    return "\n".join(lines)


def _in_link(text: str) -> str:
    return " ".join(_NOT_IN_LINKS.sub(" ", text).split())


def link_block(request: BlockRequest) -> str:
    """Return a sentence whose part in brackets leads to an address of the settings."""
    name, text = request.get("to"), request.get("text")
    addresses = request.context.config.addresses
    if name not in addresses:
        known = ", ".join(addresses) or "none"
        raise BlockError(f'`to="{name}"` is no address of this vault: they are {known}')
    address = request.context.config.address(name)
    return _BRACKETED.sub(
        lambda found: external_link(found[1], address) if address else found[1], text
    )


Origin = Literal["tree", "history"]


class BlockKind(msgspec.Struct, frozen=True):
    """A kind of block: what fills it, what that is made of, and the attributes it knows."""

    render: Callable[[BlockRequest], str]
    origin: Origin
    attributes: tuple[str, ...] | None = ()


KINDS = {
    # A notes block also takes any property as a filter.
    "notes": BlockKind(notes_block, "tree", None),
    "items": BlockKind(items_block, "tree", ("section", "open")),
    "todos": BlockKind(todos_block, "tree", ("text",)),
    "sources": BlockKind(sources_block, "tree"),
    "tags": BlockKind(tags_block, "tree"),
    "stats": BlockKind(stats_block, "tree", ("by",)),
    "toc": BlockKind(toc_block, "tree"),
    "link": BlockKind(link_block, "tree", ("to", "text")),
    "recent": BlockKind(recent_block, "history", ("count",)),
    "changelog": BlockKind(changelog_block, "history", ("style",)),
}


def fill(document: Document, context: Context, *origins: Origin) -> str:
    """Return the note's text with the blocks of these origins filled.

    A block that refers to what does not exist stays as it is; `block_problems` names it.
    """

    def content(block: GeneratedBlock) -> str | None:
        try:
            return _content(BlockRequest(block, document, context), origins)
        except BlockError:
            return None

    return replace_contents(document, content)


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
    edits = []
    for block in find_blocks(document)[0]:
        new = content(block)
        if new is not None and new != block.content(document.text):
            edits.append(replace_content(document.text, block, new))
    return apply_edits(document.text, edits)


def block_problems(document: Document, context: Context) -> Iterator[BrokenMarker]:
    """Yield what is wrong with the blocks of a note, with its place."""
    blocks, broken = find_blocks(document)
    yield from broken
    for block in blocks:
        try:
            _content(BlockRequest(block, document, context), ("tree", "history"))
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
    for attribute in request.block.attributes if kind.attributes is not None else ():
        if attribute not in kind.attributes:
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
