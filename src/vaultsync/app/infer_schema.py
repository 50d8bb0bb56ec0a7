"""The JSON Schema that the values of a property show, and no more than that."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import Any

Schema = dict[str, Any]

# Each with what its texts must hold besides; the first that fits is taken.
_FORMS: tuple[tuple[Schema, str], ...] = (
    ({"type": "boolean"}, ""),
    ({"type": "integer"}, ""),
    ({"type": "number"}, ""),
    ({"type": "string", "format": "date"}, ""),
    ({"type": "string", "format": "date-time"}, ""),
    ({"type": "string", "pattern": r"^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?$"}, ""),
    ({"type": "string", "format": "uri"}, "://"),
    ({"type": "string", "pattern": r"^\[\[[^\[\]]+\]\]$"}, ""),
)
# A vocabulary has few short values, each of them in several notes.
_MOST_VALUES, _LONGEST, _REPEATED = 10, 40, 3
# Lists that grow with the vault.
_OPEN = frozenset({"tags", "aliases", "cssclasses"})
_NAMES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
# Of so many notes that differ, it is the note that is wrong.
_EXCEPTIONS, _RARE = 3, 0.1


def is_nearly_all(exceptions: int, number: int) -> bool:
    """Whether what holds for all notes but these is typical."""
    return exceptions <= min(_EXCEPTIONS, _RARE * number)


def schema_of(name: str, values: Mapping[str, Any]) -> tuple[Schema, set[str]]:
    """Return the schema of a property by its values, and the few notes whose value does not fit.

    `values` are those of the notes by path, of which none is empty.
    """
    single = {path for path, value in values.items() if not isinstance(value, list)}
    if is_nearly_all(len(single), len(values)):
        items = [item for path, value in values.items() if path not in single for item in value]
        inner = _schema(items, closed=name.lower() not in _OPEN)
        return {"type": "array"} | ({"items": inner} if inner else {}), single
    for form in range(len(_FORMS)):
        unfit = {path for path, value in values.items() if not _fits(form)(value)}
        if is_nearly_all(len(unfit), len(values)):
            return _FORMS[form][0], unfit
    return _schema(list(values.values()), closed=True), set()


def _schema(values: Collection[Any], *, closed: bool) -> Schema:
    forms = (form for form in range(len(_FORMS)) if all(map(_fits(form), values)))
    form = next(forms, None)
    if form is not None:
        return _FORMS[form][0]
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) == len(values):
        return _text(texts, closed=closed)
    types = sorted({_NAMES.get(type(value), "") for value in values})
    return {"type": types} if all(types) else {}


# There are only so many forms.
@functools.lru_cache(maxsize=len(_FORMS))
def _fits(form: int) -> Callable[[Any], bool]:
    # It takes a while to import.
    import jsonschema_rs

    schema, part = _FORMS[form]
    valid = jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid
    return lambda value: valid(value) and (not part or part in value)


def _text(values: Collection[str], *, closed: bool) -> Schema:
    """Return the values as an enumeration where few of them repeat."""
    counts = Counter(values)
    is_small = 1 < len(counts) <= _MOST_VALUES and max(map(len, counts)) <= _LONGEST
    repeats = min(counts.values()) > 1 and len(values) >= _REPEATED * len(counts)
    return {"enum": sorted(counts)} if closed and is_small and repeats else {"type": "string"}
