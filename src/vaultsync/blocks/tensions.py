"""Notes that are in tension, in pairs: why, and what would decide."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

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
    """Return the pairs of notes that hold and are in tension; in full on the board of the page."""
    context, style = request.context, request.choice("style", ("short", "full"))
    placed = {note.path for note in context.current}
    enclosed = context.decoration.board
    if style == "full" or enclosed:
        cards = tension_cards(context, placed)
        return enclosed(cards) if enclosed and cards else cards
    return "\n".join(_line(context, tensions) for tensions in _pairs(context, placed))


def tension_cards(context: Context, placed: Container[str]) -> str:
    """Return each pair of placed notes that are in tension as an item of a list."""
    return "\n\n".join(_card(context, tensions) for tensions in _pairs(context, placed))


def _pairs(context: Context, placed: Container[str]) -> Iterable[list[Tension]]:
    shown = {note.path: note for note in context.current if note.path in placed}
    pairs: dict[frozenset[str], list[Tension]] = {}
    for path, note in shown.items():
        for other, source, relation in context.related.get(path, ()):
            if source.path == path and other.path in shown and is_tension(relation, context):
                pair = frozenset({path, other.path})
                pairs.setdefault(pair, []).append((note, other, relation))
    return pairs.values()


def _line(context: Context, tensions: list[Tension]) -> str:
    """Return one pair with what would decide, or with why where nobody knows that."""
    why = _cruxes(context, tensions) or _reasons(context, tensions)
    return f"{_named(context, tensions)}: {' '.join(why)}".removesuffix(": ")


def _card(context: Context, tensions: list[Tension]) -> str:
    """Return one pair as a list item; each note may have a reason, which is about the other."""
    parts, reasons = [_named(context, tensions)], _reasons(context, tensions)
    for text, about in reasons.items():
        named = f"*{escape_markdown(capitalized(about.name))}:* {text}"
        parts.append(f"  {named if len(reasons) > 1 else text}")
    parts += [f"  *What would decide:* {crux}" for crux in _cruxes(context, tensions)]
    return "\n\n".join(parts)


def _named(context: Context, tensions: list[Tension]) -> str:
    one, other, _ = tensions[0]
    return f"- {context.link(one)} *against* {context.link(other)}"


def _reasons(context: Context, tensions: list[Tension]) -> dict[str, Note]:
    """Return why they are, each with the note that it is about."""
    found: dict[str, Note] = {}
    for note, other, relation in tensions:
        for about, is_own in ((other, True), (note, False)):
            text = context.quote(reason(relation, context, its_own_note=is_own), note)
            if text:
                found.setdefault(capitalized(_ended(text)), about)
    return found


def _cruxes(context: Context, tensions: list[Tension]) -> list[str]:
    named = [context.quote(relation.crux, note) for note, _, relation in tensions if relation.crux]
    return [_ended(crux) for crux in named or _questions(context, tensions[0])]


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
