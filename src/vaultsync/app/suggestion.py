"""Make a draft of the answers of a form, such as an issue form of GitHub.

What a stranger answered is data: texts become text, choices one of those that the type allows, and
what has no place in the note is kept in a comment that no reader sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from vaultsync.app.create import Created, Idea, Value, idea_of, make_draft, note_type
from vaultsync.app.workspace import Workspace
from vaultsync.blocks.context import escape_markdown
from vaultsync.core.config import NoteType, allowed_values
from vaultsync.core.errors import VaultError
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.markdown import parse
from vaultsync.notes.source_address import arxiv_id, canonical_url, doi_of

LEAD, SOURCE, TITLE = "lead", "source", "title"
# Source: https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
_HEADING = re.compile(r"^###[ \t]+(?P<label>.+?)[ \t]*$", re.MULTILINE)
_NOTHING = "_No response_"
_MOST_TITLE = 80
_LIMIT = 1 << 16
_ADDRESS = re.compile(r"https?://\S+")
# Of boxes to tick, the form lists all.
_NOT_TICKED = re.compile(r"^- \[ \].*$|^- \[[xX]\]", re.MULTILINE)
_LETTERS = re.compile(r"[\W_]+")


class Suggestion(msgspec.Struct, frozen=True):
    """A draft made of answers, and the labels of those that are not in its properties or text."""

    created: Created
    aside: tuple[str, ...]


def suggest(type_name: str, text: str, workspace: Workspace) -> Suggestion:
    """Make a draft of a type from the text of a filled-in form.

    The type's `form` names the part of the note that each label is about. Raises `VaultError` with
    a line for each answer that is needed and missing or wrong.
    """
    kind = note_type(workspace.config, type_name)
    if not kind.form:
        raise VaultError(
            f"vaultsync.toml: the type `{type_name}` has no `form`, which names what answers of "
            'a form are: `[types.NAME.form]`, with lines such as `"The claim" = "lead"`'
        )
    answers = read_form(text[:_LIMIT])
    parts = {part: answers[label] for label, part in kind.form.items() if label in answers}
    _refuse_missing(kind, parts)
    address = parts.get(SOURCE, "")
    idea, failure = idea_of(workspace.config, address)
    # Of any other page nothing is looked up.
    failure = failure if arxiv_id(address) or doi_of(address) else None
    given = dict(_given(kind, parts))
    title = parts.get(TITLE) or _first_words(parts.get(LEAD, "")) or idea.title
    source = idea.source if parts.get(SOURCE) else None
    idea = Idea(_without_comments(title), source, given)
    aside = {label: answer for label, answer in answers.items() if not _is_used(kind, label, given)}
    created = make_draft(type_name, idea, workspace, failure)
    output = created.output
    whole = _with_texts(output.path, (output.data or b"").decode(), parts.get(LEAD, ""), aside)
    output = msgspec.structs.replace(output, data=whole.encode())
    return Suggestion(msgspec.structs.replace(created, output=output), tuple(aside))


def read_form(text: str) -> dict[str, str]:
    """Return the answers by label, without those that were left out; the first of two counts."""
    plain = text.replace("\r\n", "\n")
    headings = list(_HEADING.finditer(plain))
    if not headings:
        return {}
    ends = [*(one.start() for one in headings[1:]), len(plain)]
    found: dict[str, str] = {}
    for heading, end in zip(headings, ends, strict=True):
        answer = plain[heading.end() : end].strip()
        if answer and answer != _NOTHING:
            found.setdefault(heading["label"], answer)
    return found


def _refuse_missing(kind: NoteType, parts: Mapping[str, str]) -> None:
    labels = {part: label for label, part in kind.form.items()}
    problems = [
        f"`{labels[part]}` has no answer"
        for part in (LEAD, SOURCE)
        if part in labels and not parts.get(part)
    ]
    address = parts.get(SOURCE, "")
    if address and not _ADDRESS.fullmatch(canonical_url(address)):
        problems.append(f"`{labels[SOURCE]}` is not one address of a page, an arXiv id or a DOI")
    if problems:
        raise VaultError(*problems)


def _given(kind: NoteType, parts: Mapping[str, str]) -> Iterator[tuple[str, Value]]:
    """Yield properties with their values; a choice that the type does not have is left out."""
    for part, answer in parts.items():
        if part in {LEAD, SOURCE, TITLE}:
            continue
        schema = kind.properties.get(part, {})
        choices = [str(one) for one in allowed_values(schema)]
        if schema.get("type") == "array":
            items = re.split(r"[,\n]", _NOT_TICKED.sub("", answer))
            named = (_chosen(one, choices) for one in items)
            if values := list(filter(None, named)):
                yield part, values
        elif value := _chosen(answer, choices):
            yield part, value


def _chosen(answer: str, choices: list[str]) -> str | None:
    """Return the choice that an answer begins or that begins it; without choices the answer."""
    text = " ".join(answer.split())
    if not choices:
        return text or None
    wanted = _letters(text)
    found = [one for one in choices if _letters(one) == wanted] or [
        one for one in choices if wanted and _is_near(_letters(one), wanted)
    ]
    return found[0] if len(found) == 1 else None


def _is_near(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _letters(text: str) -> str:
    return _LETTERS.sub("", text.casefold())


def _is_used(kind: NoteType, label: str, given: Mapping[str, Value]) -> bool:
    part = kind.form.get(label)
    return part in {LEAD, SOURCE, TITLE} or part in given


def _first_words(text: str) -> str:
    """Return the first sentence of a text, or as many of its words as a title may have."""
    sentence = re.split(r"(?<=[.!?])\s", " ".join(text.split()), maxsplit=1)[0].rstrip(".")
    if len(sentence) <= _MOST_TITLE:
        return sentence
    return sentence[:_MOST_TITLE].rpartition(" ")[0] or sentence[:_MOST_TITLE]


def _with_texts(path: str, text: str, lead: str, aside: Mapping[str, str]) -> str:
    """Return a note that begins with a first paragraph, and ends with a comment of the rest."""
    at = parse(path, text).body
    paragraph = _plain(lead)
    text = apply_edits(text, [Edit(Span(at, at), f"\n{paragraph}\n")] if paragraph else [])
    if not aside:
        return text
    comment = "\n".join(_plain(f"{label}: {answer}") for label, answer in aside.items())
    return f"{text.rstrip()}\n\n%%\n{comment}\n%%\n"


def _plain(text: str) -> str:
    """Return a stranger's text as one line of Markdown that shows it, and begins no comment."""
    return _without_comments(escape_markdown(text))


def _without_comments(text: str) -> str:
    """Return a text as one line in which no comment of Obsidian begins."""
    return re.sub("%(?=%)", "% ", " ".join(text.split()))
