"""What comes after the notes of a folded post: the board of tensions, and retired notes."""

from __future__ import annotations

from collections.abc import Container, Iterator

from vaultsync.blocks.context import Context, bullet_list, escape_markdown
from vaultsync.notes.note import ANSWERED, RETIRED, Note, Relation
from vaultsync.publish.compose.anchors import Names

Tension = tuple[Note, Note, Relation]


def is_tension(relation: Relation, context: Context) -> bool:
    """Whether a relation is marked as a tension, by a word that the settings name."""
    return _word(relation) in {word.lower() for word in context.config.publish.tensions}


def reason(relation: Relation, context: Context) -> str:
    """Return why two notes are related, without the word that marks a tension."""
    if relation.tension or not is_tension(relation, context):
        return relation.reason
    return relation.reason.partition(":")[2].strip()


def _word(relation: Relation) -> str:
    # The grammar takes this word out of the reason, and leaves others in it.
    return "tension" if relation.tension else relation.reason.partition(":")[0].strip().lower()


def board(context: Context, placed: Container[str]) -> str:
    """Return the board as a section of Markdown; "" where no two placed notes are in tension."""
    pairs: dict[frozenset[str], list[Tension]] = {}
    for note, other, relation in _tensions(context):
        if note.path in placed and other.path in placed:
            pairs.setdefault(frozenset({note.path, other.path}), []).append((note, other, relation))
    if not pairs:
        return ""
    cards = "\n".join(_card(context, tensions) for tensions in pairs.values())
    return f'<section class="board">\n\n## Tensions\n\n{cards}\n\n</section>'


def _tensions(context: Context) -> Iterator[Tension]:
    current = {note.path for note in context.current}
    for note in context.current:
        for other, source, relation in context.related.get(note.path, ()):
            own = source.path == note.path and other.path in current
            if own and is_tension(relation, context):
                yield note, other, relation


def _card(context: Context, tensions: list[Tension]) -> str:
    """Return one pair as a list item; both notes may have a reason."""
    one, other, _ = tensions[0]
    parts = [f"- {context.link(one)} *against* {context.link(other)}"]
    for note, _, relation in tensions:
        text = _ended(context.quote(reason(relation, context), note))
        parts += [f"  {text[:1].upper()}{text[1:]}"] if text else []
    cruxes = [context.quote(relation.crux, note) for note, _, relation in tensions if relation.crux]
    cruxes = cruxes or list(_questions(context, tensions[0]))
    parts += [f"  *What would decide:* {_ended(crux)}" for crux in cruxes]
    return "\n\n".join(parts) + "\n"


def _ended(text: str) -> str:
    """Return a phrase as a sentence."""
    return f"{text}." if text and text[-1] not in ".?!…" else text


def _questions(context: Context, tension: Tension) -> Iterator[str]:
    """Yield the open questions of either note that name the other."""
    one, other, _ = tension
    for note, named in ((one, other), (other, one)):
        for question in note.questions():
            linked = context.linked(question.text, note.path)
            if question.answer is None and named.path in linked:
                yield context.quote(question.text, note)


def retired_notes(context: Context, names: Names) -> str:
    """Return the retired and answered notes that have no place yet, folded; "" for none.

    A type of which the post shows no note is not of the post.
    """
    types = {note.type_name for note in context.published if note.path in names.notes}
    gone = [
        note
        for note in context.published
        if note.path not in names.notes and note.type_name in types and _state(note)
    ]
    if not gone:
        return ""
    summary = f"<details>\n<summary>No longer listed: {len(gone)}</summary>"
    return f"{summary}\n\n{bullet_list(_entry(note, context) for note in gone)}\n\n</details>"


def _state(note: Note) -> str:
    return next((state for state in (RETIRED, ANSWERED) if note.in_state(state)), "")


def _entry(note: Note, context: Context) -> str:
    lead = f": {context.quote(note.lead, note)}" if note.body.lead else ""
    frame = context.decoration
    opening = f"{frame.before(note)}**{escape_markdown(note.title)}** ({_state(note)})"
    return f"{opening}{lead}{frame.after(note)}"
