"""The board of tensions: notes that pull against each other, and what would decide."""

from __future__ import annotations

from collections.abc import Container, Iterator

from vaultsync.blocks import Context
from vaultsync.notes.body import Relation
from vaultsync.notes.note import Note

Said = tuple[Note, Note, Relation]


def is_tension(relation: Relation, context: Context) -> bool:
    """Whether a relation says, by a word that the settings name, that two notes are in tension."""
    return _word(relation) in {word.lower() for word in context.config.publish.tensions}


def reason(relation: Relation, context: Context) -> str:
    """Return why two notes are related, without the word that says that they are in tension."""
    if relation.tension or not is_tension(relation, context):
        return relation.reason
    return relation.reason.partition(":")[2].strip()


def _word(relation: Relation) -> str:
    # The grammar takes this word out of the reason, and leaves others in it.
    return "tension" if relation.tension else relation.reason.partition(":")[0].strip().lower()


def board(context: Context, placed: Container[str]) -> str:
    """Return the board as a section of Markdown; "" where no two placed notes are in tension."""
    pairs: dict[frozenset[str], list[Said]] = {}
    for note, other, relation in _tensions(context):
        if note.path in placed and other.path in placed:
            pairs.setdefault(frozenset({note.path, other.path}), []).append((note, other, relation))
    if not pairs:
        return ""
    cards = "\n".join(_card(context, said) for said in pairs.values())
    return f'<section class="board">\n\n## Tensions\n\n{cards}\n\n</section>'


def _tensions(context: Context) -> Iterator[Said]:
    current = {note.path for note in context.current}
    for note in context.current:
        for other, source, relation in context.related.get(note.path, ()):
            own = source.path == note.path and other.path in current
            if own and is_tension(relation, context):
                yield note, other, relation


def _card(context: Context, said: list[Said]) -> str:
    """Return one pair as a list item; both notes may say why."""
    one, other, _ = said[0]
    parts = [f"- {context.link(one)} *against* {context.link(other)}"]
    for note, _, relation in said:
        text = _ended(context.quote(reason(relation, context), note))
        parts += [f"  {text[:1].upper()}{text[1:]}"] if text else []
    cruxes = [context.quote(relation.crux, note) for note, _, relation in said if relation.crux]
    cruxes = cruxes or list(_questions(context, said[0]))
    parts += [f"  *What would decide:* {_ended(crux)}" for crux in cruxes]
    return "\n\n".join(parts) + "\n"


def _ended(text: str) -> str:
    """Return a phrase as a sentence."""
    return f"{text}." if text and text[-1] not in ".?!…" else text


def _questions(context: Context, said: Said) -> Iterator[str]:
    """Yield the open questions of either note that name the other."""
    one, other, _ = said
    for note, named in ((one, other), (other, one)):
        for question in note.questions():
            linked = context.linked(question.text, note.path)
            if question.answer is None and named.path in linked:
                yield context.quote(question.text, note)
