"""Blocks that list notes, or parts of them: items, tasks, sources, tags, counts, headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from vaultsync.blocks.context import (
    BlockError,
    BlockRequest,
    Context,
    bullet_list,
    capitalized,
    escape_markdown,
    external_link,
    format_count,
)
from vaultsync.blocks.handle import bold_handle, with_handle
from vaultsync.blocks.quote import authored_content, plain_text
from vaultsync.core.config import Section, did_you_mean
from vaultsync.markdown import parse
from vaultsync.notes.body import Item, Paragraph, Question, Relation
from vaultsync.notes.citation import Source
from vaultsync.notes.note import DRAFT, RETIRED, Note, meets_condition, stem

_OWN = frozenset({"type", "style", "order", "group", "exclude"})
_OTHER = "other"
# The name of what the author wrote under no heading of the type.
_NOTES = "notes"
_LINE = re.compile(r"^(?=.)", re.MULTILINE)
_PIPE = re.compile(r"(?<!\\)\|")
_NOT_IN_LINKS = re.compile(r"[#^|\[\]\\]")


class NotePart(msgspec.Struct, frozen=True):
    """A part of a note: paragraphs under no heading, a property, or the items of a section."""

    name: str
    text: str
    is_list: bool = False
    is_property: bool = False


def note_parts(note: Note, context: Context) -> Iterator[NotePart]:
    """Yield the caveat, more prose, the properties that the settings name, and the sections.

    Together they hold all that the author wrote in the note besides the claim, but for relations to
    notes that readers do not see.
    """
    if note.body.caveat:
        name = note.type.body.caveat.rstrip(":")
        yield NotePart(name, context.quote(note.body.caveat.text, note))
    if note.body.prose:
        yield NotePart(_NOTES, _blocks(note.body.prose, note, context))
    for name in context.config.publish.details:
        values = [escape_markdown(value) for value in note.document.list_property(name)]
        if values:
            label = property_label(name)
            yield NotePart(label, f"{label}: {', '.join(values)}", is_property=True)
    for name, section in note.type.body.sections.items():
        if text := _section_text(note, name, section, context):
            yield NotePart(name, text, is_list=True)
    if note.body.others:
        yield NotePart(_NOTES, _blocks(note.body.others, note, context))


def property_label(name: str) -> str:
    """Return the name of a property as readers see it."""
    return name.replace("_", " ").capitalize()


def _blocks(blocks: Iterable[Paragraph], note: Note, context: Context) -> str:
    return "\n\n".join(context.quote(block.text, note) for block in blocks)


def _section_text(note: Note, name: str, section: Section, context: Context) -> str:
    """Return a section with its items as list items; those that relate notes come first, once."""
    found = note.body.sections.get(name)
    parts: list[Item | Paragraph] = [*found.items, *found.others] if found else []
    text = bullet_list(related_notes(note, context)) if section.items == "relation" else ""
    was_item = bool(text)
    for part in sorted(parts, key=lambda part: part.span):
        if isinstance(part, Item):
            shown, gap = _item(part, note, context), "\n" if was_item else "\n\n"
        else:
            shown, gap = context.quote(part.text, note), "\n\n"
        if shown:
            text = f"{text}{gap}{shown}" if text else shown
            was_item = isinstance(part, Item)
    return text


def _item(item: Item, note: Note, context: Context) -> str:
    """Return an item with what is nested in it; of a relation, which both ends list, that alone."""
    text = "" if isinstance(item.value, Relation) else context.item(item, note) or ""
    more = _LINE.sub("  ", context.quote(item.more, note))
    if not text:
        return f"- {more.lstrip()}" if more else ""
    gap = "\n\n" if item.more.startswith("\n\n") else "\n"
    return f"- {text}{gap}{more}" if more else f"- {text}"


def related_notes(note: Note, context: Context) -> Iterator[str]:
    """Yield a line for each related note that readers see, whichever side names the relation."""
    for other, source, relation in context.related.get(note.path, ()):
        tension = "tension: " if relation.tension else ""
        crux = f" (crux: {relation.crux})" if relation.crux else ""
        own = relation.reason_at(its_own_note=source is note)
        reason = context.quote(f"{tension}{own}{crux}", source)
        yield f"{context.link(other)}: {reason}".removesuffix(": ")


def notes_block(request: BlockRequest) -> str:
    """Return the notes that the block's attributes select, in its style."""
    written, join = _STYLES[request.choice("style", _STYLES)]

    def listed(notes: Iterable[Note]) -> str:
        return join(written(note, request.context) for note in notes)

    selected = _ordered(request, _selected(request))
    if request.checked:
        # Nothing in a note can be wrong here.
        selected = []
    group = request.get("group")
    if not group:
        return listed(selected)
    _demand_properties(request, [group])
    if written is _section:
        written = _subsection
    groups = _grouped(selected, group, request.context.config.listed_values(group))
    return "\n\n".join(
        f"### {escape_markdown(capitalized(value))}\n\n{listed(members)}"
        for value, members in groups
    )


def _grouped(
    notes: Iterable[Note], name: str, places: Mapping[str, int]
) -> Iterator[tuple[str, list[Note]]]:
    """Yield the values of a property with their notes: as the settings list them, then others."""
    groups: dict[str, list[Note]] = {}
    for note in notes:
        for value in dict.fromkeys(note.document.list_property(name) or (_OTHER,)):
            groups.setdefault(value, []).append(note)
    rest = len(places)
    order = sorted(groups, key=lambda value: (value == _OTHER, places.get(value, rest), value))
    yield from ((value, groups[value]) for value in order)


def _selected(request: BlockRequest) -> list[Note]:
    attributes = request.block.attributes
    condition = {name: request.names(name) for name in attributes if name not in _OWN}
    _demand_properties(request, condition)
    excluded = set(request.names("exclude"))
    wanted = _wanted_type(request)
    return [
        note
        for note in request.context.published
        if wanted in {"", note.type_name}
        and stem(note.path) not in excluded
        and _is_wanted_now(note, condition)
        and all(set(values) & _texts(note, name) for name, values in condition.items())
    ]


def _wanted_type(request: BlockRequest) -> str:
    wanted = request.get("type")
    if wanted and wanted not in request.context.config.types:
        known = ", ".join(request.context.config.types) or "none"
        raise BlockError(f'`type="{wanted}"` is no type of this vault: they are {known}')
    return wanted


def _is_wanted_now(note: Note, condition: Mapping[str, object]) -> bool:
    """Retired notes are selected where the filter is about the property that marks them."""
    return not note.in_state(RETIRED) or bool(note.type.states[RETIRED].keys() & condition.keys())


def _texts(note: Note, name: str) -> set[str]:
    """Return a property's values as an attribute has them: `2024` and `true` are texts there."""
    value = note.document.properties.data.get(name)
    values = value if isinstance(value, list) else [value]
    return {str(item).lower() if isinstance(item, bool) else str(item) for item in values}


def _demand_properties(request: BlockRequest, names: Iterable[str]) -> None:
    """Raise `BlockError` for a name that is not a property of any type or note."""
    known = request.context.property_names
    for name in names:
        if name not in known:
            hint = did_you_mean(name, _OWN) or did_you_mean(name, known)
            raise BlockError(f"no note has a property `{name}`{hint}")


def _ordered(request: BlockRequest, notes: list[Note]) -> list[Note]:
    """Put the notes that `order` names first; `order="year"` sorts by a property, `-year` down."""
    names = request.names("order")
    by_stem = {stem(note.path): note for note in notes}
    known = {stem(path) for path in request.context.vault.documents}
    if len(names) == 1 and names[0] not in known:
        key, down = names[0].removeprefix("-"), names[0].startswith("-")
        _demand_properties(request, [key])
        with_value = [note for note in notes if note.document.properties.data.get(key) is not None]
        rest = [note for note in notes if note not in with_value]
        return sorted(with_value, key=lambda note: _sortable(note, key), reverse=down) + rest
    first = [by_stem[name] for name in names if name in by_stem]
    return first + [note for note in notes if note not in first]


def _sortable(note: Note, key: str) -> tuple[bool, float, str]:
    value = note.document.properties.data[key]
    if isinstance(value, int | float):
        return (False, value, "")
    return (True, 0.0, ", ".join(note.document.list_property(key)).lower())


def reference(note: Note) -> str:
    """Return what a claim rests on, with the sources that its type's rules bring up; "" if none.

    A source that disputes others alone is not brought up.
    """
    originals, sources = note.originals(), note.sources()
    parts = [_cited(source) for source in originals]
    for rule in note.type.rules:
        if rule.label and meets_condition(rule.when, note.document):
            named = [
                _cited(found)
                for found in sources
                if found.role == rule.require_role
                and (not found.disputes or {*found.disputed(sources)} & {*originals})
            ]
            parts += [f"{rule.label} {' and '.join(named)}"] if named else []
    return "; ".join(parts)


def _cited(source: Source) -> str:
    return external_link(source.cite, source.url)


def bullet(note: Note, context: Context) -> str:
    """Return a note's first paragraph with its name in bold and what it rests on in brackets."""
    return with_handle(context.quote(note.lead, note), note.handle) + _in_brackets(reference(note))


def _claim(note: Note, context: Context) -> str:
    """Return a bullet that follows the note's name."""
    return _lead(note, context) + _in_brackets(reference(note))


def _lead(note: Note, context: Context) -> str:
    lead = context.quote(note.lead, note)
    return bold_handle(lead, note.handle) or lead


def _in_brackets(cited: str) -> str:
    return f" ({cited})" if cited else ""


def _list_item(note: Note, context: Context) -> str:
    before, after = context.decoration.before(note), context.decoration.after(note)
    return f"{before}{bullet(note, context)}{after}"


def _index_item(note: Note, context: Context) -> str:
    return f"{context.decoration.before(note)}{context.link(note)}: {_claim(note, context)}"


def _section(note: Note, context: Context, level: int = 3) -> str:
    heading = f"{'#' * level} {context.decoration.before(note)}{escape_markdown(note.name)}"
    parts = (
        f"{part.name}:\n\n{part.text}" if part.is_list else part.text
        for part in note_parts(note, context)
    )
    more = context.decoration.more(note)
    return "\n\n".join([heading, _claim(note, context), *parts, *filter(None, [more])])


def _subsection(note: Note, context: Context) -> str:
    """Return a section below the heading of a group."""
    return _section(note, context, level=4)


def _row(note: Note, context: Context) -> str:
    link = context.decoration.before(note) + context.link(note)
    cells = (link, _lead(note, context), reference(note))
    return "| " + " | ".join(_PIPE.sub(r"\|", cell) for cell in cells) + " |"


def _table(rows: Iterable[str]) -> str:
    return "\n".join(["| Note | Claim | Source |", "|---|---|---|", *rows])


# What is written of a note in each style, and how that of several is joined.
_STYLES = {
    "list": (_list_item, bullet_list),
    "index": (_index_item, bullet_list),
    "sections": (_section, "\n\n".join),
    "table": (_row, _table),
}


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
    name, wanted = request.get("with"), _wanted_type(request)
    _demand_properties(request, [name])
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
