"""Notes that are in tension, in pairs: why, and what would decide."""

from __future__ import annotations

from collections.abc import Container, Iterator

from vaultsync.blocks.context import BlockRequest, Context, capitalized, escape_markdown
from vaultsync.notes.body import Relation
from vaultsync.notes.note import Note

Tension = tuple[Note, Note, Relation]


def is_tension(relation: Relation, context: Context) -> bool:
    """Whether a relation is marked as a tension, by a word that the settings name."""
    # The grammar takes this word out of the reason, and leaves others in it.
    word = "tension" if relation.tension else relation.reason.partition(":")[0].strip().lower()
    return word in {known.lower() for known in context.config.publish.tensions}


def reason(relation: Relation, context: Context, *, its_own_note: bool = True) -> str:
    """Return why two notes are related, as one of them has it, without the mark of a tension."""
    found = relation.reason_at(its_own_note=its_own_note)
    if relation.tension or found != relation.reason or not is_tension(relation, context):
        return found
    return found.partition(":")[2].strip()


def tensions_block(request: BlockRequest) -> str:
    """Return the pairs of notes that hold and are in tension."""
    context = request.context
    cards = tension_cards(context, {note.path for note in context.current})
    return context.decoration.board(cards) if cards else ""


def tension_cards(context: Context, placed: Container[str]) -> str:
    """Return each pair of placed notes that are in tension as an item of a list."""
    shown = {note.path: note for note in context.current if note.path in placed}
    pairs: dict[frozenset[str], list[Tension]] = {}
    for path, note in shown.items():
        for other, source, relation in context.related.get(path, ()):
            if source.path == path and other.path in shown and is_tension(relation, context):
                pair = frozenset({path, other.path})
                pairs.setdefault(pair, []).append((note, other, relation))
    return "\n\n".join(_card(context, tensions) for tensions in pairs.values())


def _card(context: Context, tensions: list[Tension]) -> str:
    """Return one pair as a list item; each note may have a reason, which is about the other."""
    one, other, _ = tensions[0]
    parts = [f"- {context.link(one)} *against* {context.link(other)}"]
    reasons: dict[str, Note] = {}
    for note, to, relation in tensions:
        for about, is_own in ((to, True), (note, False)):
            text = context.quote(reason(relation, context, its_own_note=is_own), note)
            reasons.setdefault(_ended(text), about)
    for text, about in reasons.items():
        named = f"*{escape_markdown(capitalized(about.name))}:* " if len(reasons) > 1 else ""
        parts += [f"  {named}{capitalized(text)}"] if text else []
    cruxes = [context.quote(relation.crux, note) for note, _, relation in tensions if relation.crux]
    cruxes = cruxes or list(_questions(context, tensions[0]))
    parts += [f"  *What would decide:* {_ended(crux)}" for crux in cruxes]
    return "\n\n".join(parts)


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
