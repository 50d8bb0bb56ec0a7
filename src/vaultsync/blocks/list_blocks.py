"""Blocks that list parts of notes, or count: items, tasks, sources, tags, headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from vaultsync.blocks.context import (
    BlockError,
    BlockRequest,
    Context,
    bullet_list,
    escape_markdown,
    external_link,
    format_count,
)
from vaultsync.blocks.notes_block import demand_properties, wanted_type
from vaultsync.blocks.quote import authored_content, plain_text
from vaultsync.core.config import did_you_mean
from vaultsync.markdown import parse
from vaultsync.notes.body import Question
from vaultsync.notes.citation import Source
from vaultsync.notes.note import DRAFT, Note

_NOT_IN_LINKS = re.compile(r"[#^|\[\]\\]")


def items_block(request: BlockRequest) -> str:
    """Return the items of one section of all notes; `open="true"` leaves out what is answered."""
    context, section = request.context, request.get("section")
    known = {name for kind in context.config.types.values() for name in kind.body.sections}
    if section not in known:
        hint = did_you_mean(section, known) or f": they are {', '.join(sorted(known)) or 'none'}"
        raise BlockError(f'`section="{section}"` is no section of the types of this vault{hint}')
    by_note = request.choice("group", ("item", "note")) == "note"
    unanswered = request.choice("open", ("false", "true")) == "true"
    lines = []
    for note in () if request.checked else context.current:
        texts = list(_item_texts(context, note, section, unanswered=unanswered))
        if by_note and texts:
            gap = " " if note.type.body.sections[section].items == "question" else "; "
            lines.append(f"{context.link(note)}: {gap.join(texts)}")
        else:
            lines += [f"{text} ({context.link(note)})" for text in texts]
    return bullet_list(lines)


def _item_texts(context: Context, note: Note, section: str, *, unanswered: bool) -> Iterator[str]:
    found = note.body.sections.get(section)
    for item in found.own_items(note.type.body.sections[section].items) if found else ():
        answered = isinstance(item.value, Question) and item.value.answer is not None
        text = context.item(item, note)
        if text is not None and not (answered and unanswered):
            yield text


def todos_block(request: BlockRequest) -> str:
    """Return the drafts, then the tasks of other notes.

    With `text`, only the drafts, each as that text with its title in place of `{title}` and what
    lists call it in place of `{name}`; with `tasks`, its open tasks are below it.
    """
    context, template = request.context, request.get("text")
    drafts = [note for note in context.notes if note.is_draft]
    if template:
        return bullet_list(_todo(request, note) for note in drafts)
    lines = []
    for note in drafts:
        tasks = [] if context.decoration.readers else _quoted_tasks(request, note)
        lines.append(f"{context.link(note)}: {'; '.join(tasks) or DRAFT}")
    for note in context.published:
        lines += [f"{context.link(note)}: {task}" for task in _quoted_tasks(request, note)]
    return bullet_list(lines)


def _todo(request: BlockRequest, note: Note) -> str:
    names = {"{title}": escape_markdown(note.title), "{name}": escape_markdown(note.name)}
    text = re.sub(r"\{(?:title|name)\}", lambda found: names[found[0]], request.get("text"))
    with_tasks = request.choice("tasks", ("false", "true")) == "true"
    tasks = _quoted_tasks(request, note) if with_tasks else ()
    return "\n  - ".join([text, *tasks])


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


def count_block(request: BlockRequest) -> str:
    """Return a sentence on how many notes have a property; without notes there is none.

    There may be another one where none of them has it, where one has it, and where all have it.
    """
    name, wanted = request.get("with"), wanted_type(request)
    demand_properties(request, [name])
    notes = [note for note in request.context.current if wanted in {"", note.type_name}]
    having = sum(bool(note.document.properties.data.get(name)) for note in notes)
    form = {0: "none", 1: "one", len(notes): "every"}.get(having, "text")
    sentence = request.get(form) or request.get("text") if notes else ""
    numbers = {"with": having, "without": len(notes) - having, "all": len(notes)}
    return re.sub(r"\{(with|without|all)\}", lambda found: str(numbers[found[1]]), sentence)


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
