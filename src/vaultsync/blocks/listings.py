"""Blocks that gather parts of notes: items, tasks, sources, tags, counts, headings, addresses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from vaultsync.blocks.context import BlockError, Request, bullets, counted
from vaultsync.body import Question
from vaultsync.notes import Note
from vaultsync.sources import Source


def items_block(request: Request) -> str:
    """Return the items of one section of all notes; `open="true"` leaves out what is answered."""
    section = request.get("section")
    if not section:
        raise BlockError('say which section: `section="Open questions"`')
    lines = []
    for note in request.context.current:
        found = note.body.sections.get(section)
        for item in found.items if found else ():
            answered = isinstance(item.value, Question) and item.value.answer is not None
            if not (answered and request.get("open") == "true"):
                text = request.context.quote(item.text, note)
                lines.append(f"{text} ({request.context.link(note)})")
    return bullets(lines)


def todos_block(request: Request) -> str:
    """Return the drafts, then the tasks of other notes.

    With `text`, in which `{title}` stands for the title, only the drafts and nothing else of them.
    """
    drafts = [note for note in request.context.notes if note.is_draft]
    template = request.get("text")
    if template:
        return bullets(template.replace("{title}", note.title) for note in drafts)
    lines = []
    for note in drafts:
        tasks = open_tasks(note)
        link = request.context.link(note)
        lines.append(f"{link}: {'; '.join(tasks)}" if tasks else f"{link}: draft")
    for note in request.context.published:
        lines += [f"{request.context.link(note)}: {task}" for task in open_tasks(note)]
    return bullets(lines)


def open_tasks(note: Note) -> list[str]:
    """Return the texts of a note's open tasks."""
    return [task.text for task in note.document.tasks if not task.done]


def sources_block(request: Request) -> str:
    """Return the sources by year, the newest year first, each with the notes that cite it."""
    works: dict[str, tuple[Source, list[Note]]] = {}
    for note in request.context.current:
        for source in note.sources():
            _, notes = works.setdefault(source.identity, (source, []))
            if note not in notes:
                notes.append(note)
    years: dict[int | None, list[str]] = {}
    for source, notes in sorted(works.values(), key=lambda work: _by_who(work[0])):
        years.setdefault(source.year, []).append(_source_line(request, source, notes))
    ordered = sorted(years, key=lambda year: -(year or 0))
    return "\n\n".join(f"### {year or 'Undated'}\n\n{bullets(years[year])}" for year in ordered)


def _by_who(source: Source) -> tuple[str, str]:
    return source.who.lower() or "\uffff", source.title.lower()


def _source_line(request: Request, source: Source, notes: Iterable[Note]) -> str:
    links = ", ".join(request.context.link(note) for note in notes)
    title = re.sub(r"([\[\]])", r"\\\1", source.title)
    who = f"{source.who}: " if source.who else ""
    return f"{who}[{title}]({source.url}) in {links}"


def tags_block(request: Request) -> str:
    """Return the tags in use, each with its notes."""
    tags: dict[str, list[Note]] = {}
    for note in request.context.current:
        for tag in note.document.list_property("tags"):
            tags.setdefault(tag.removeprefix("#"), []).append(note)
    return bullets(
        f"{tag} ({len(notes)}): {', '.join(request.context.link(note) for note in notes)}"
        for tag, notes in sorted(tags.items())
    )


def stats_block(request: Request) -> str:
    """Return how many notes of each type there are, and of each value of the `by` properties."""
    context = request.context
    kinds = Counter(note.type_name for note in context.published)
    parts = [counted(kinds[name], name) for name in context.config.types if kinds[name]]
    parts.append(counted(sum(note.is_draft for note in context.notes), "draft"))
    parts.append(counted(sum(len(open_tasks(note)) for note in context.notes), "TODO"))
    lines = [", ".join(parts)]
    for name in request.names("by"):
        values = Counter(v for note in context.current for v in note.document.list_property(name))
        ranked = sorted(values.items(), key=lambda item: (-item[1], item[0]))
        lines.append(f"{name}: " + ", ".join(f"{number} {value}" for value, number in ranked))
    return bullets(lines)


def toc_block(request: Request) -> str:
    """Return links to the headings that follow the block."""
    after = request.block.span.end
    headings = [h for h in request.document.headings if h.start > after]
    top = min((heading.level for heading in headings), default=1)
    lines = []
    for heading in headings:
        text = re.sub(r"[#^|\[\]\\]", " ", heading.text).strip()
        lines.append(f"{'  ' * (heading.level - top)}- [[#{text}|{text}]]")
    return "\n".join(lines)


def link_block(request: Request) -> str:
    """Return a sentence whose part in brackets leads to an address of the settings."""
    name, text = request.get("to"), request.get("text")
    addresses = request.context.config.addresses
    if name not in addresses:
        known = ", ".join(addresses) or "none"
        raise BlockError(f'`to="{name}"` is no address of this vault: they are {known}')
    address = request.context.config.address(name)
    target = f"[\\1]({address})" if address else r"\1"
    return re.sub(r"\[([^\]]+)\]", lambda found: found.expand(target), text)
