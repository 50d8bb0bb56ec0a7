"""What a form for a new note needs: the types of the settings, each with its properties."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from vaultsync.app.insert import section_for
from vaultsync.core.config import Config, NoteType, allowed_values
from vaultsync.markdown.frontmatter.block import read_properties
from vaultsync.notes.note import DRAFT

Kind = Literal["text", "number", "date", "flag", "choice", "list"]
_KINDS: dict[Any, Kind] = {
    "array": "list",
    "boolean": "flag",
    "integer": "number",
    "number": "number",
    "string": "text",
}
_LIMITS: dict[Kind, str] = {"text": "maxLength", "number": "maximum", "list": "maxItems"}


class Field(msgspec.Struct, frozen=True, rename="camel"):
    """A property. `most` is the most characters, items, or the highest number.

    `initial` is the value in the template, None where it has none.
    """

    name: str
    kind: Kind
    choices: list[Any]
    is_required: bool
    initial: Any
    most: float | None


class Form(msgspec.Struct, frozen=True, rename="camel"):
    """A type. With `can_look_up` a note of it has a place for the source that an address names."""

    name: str
    label: str
    can_look_up: bool
    fields: list[Field]


def forms(config: Config, template: Callable[[NoteType], str | None]) -> list[Form]:
    """Return what is needed for each type; `template` returns the text that its notes start from.

    Left out are the title, which a note is made of, what the tool fills itself, and properties
    that neither the template nor the type puts into a new note.
    """
    return [_form(name, kind, template(kind)) for name, kind in config.types.items()]


def _form(name: str, kind: NoteType, template: str | None) -> Form:
    initial = read_properties(template).data if template is not None else {}
    wanted = {*kind.required, *(kind.properties if template is None else initial)}
    filled = {"title", "aliases", *kind.states.get(DRAFT, ())}
    names = dict.fromkeys([*kind.properties, *kind.required])
    fields = [
        _field(one, kind, initial.get(one)) for one in names if one in wanted and one not in filled
    ]
    return Form(name, name, section_for(kind, "source") is not None, fields)


def _field(name: str, kind: NoteType, initial: Any) -> Field:
    schema = kind.properties.get(name, {})
    choices, known = allowed_values(schema), schema.get("type")
    form: Kind = next((_KINDS[one] for one in _listed(known) if one in _KINDS), "text")
    if choices and form != "list":
        form = "choice"
    elif form == "text" and schema.get("format") == "date":
        form = "date"
    if isinstance(initial, str) and "{{" in initial:
        initial = None
    most = schema.get(_LIMITS.get(form, ""))
    return Field(name, form, choices, name in kind.required, initial, most)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
