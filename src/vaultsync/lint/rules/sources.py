"""SRC: the sources of a note."""

from __future__ import annotations

from collections.abc import Iterator

from vaultsync.lint.context import Context
from vaultsync.lint.rule import Example, Finding, one, rule
from vaultsync.lint.rules.fill import fills
from vaultsync.lint.rules.properties import empty, top
from vaultsync.model import Document
from vaultsync.notes import holds
from vaultsync.properties import set_property
from vaultsync.sources import Source, identity

_HEAD = "---\ntitle: A\nsource: https://example.org/a\ncite: Lee 2024\nyear: 2024\n---\n\nText.\n\n"
_SOURCE = "- original: [T](https://example.org/a), Lee 2024\n"
_GOOD = f"{_HEAD}## Sources\n\n{_SOURCE}"
_PATH = "Sourced/note.md"


@rule(
    "SRC001",
    "missing-role",
    Example(f"{_HEAD}## Sources\n\n- supporting: [T](https://example.org/a)\n", _GOOD, path=_PATH),
)
def missing_role(document: Document, context: Context) -> Iterator[Finding]:
    """No source has the role that one must have.

    The type says so for all its notes (`first`) or for those that fit a condition
    (`require-role`), such as a contrary source for a contested claim.
    """
    note = context.note(document)
    if note is None:
        return
    for name, rules in note.type.body.sections.items():
        section = note.body.sections.get(name)
        roles = {value.role for value in note.body.values(name) if isinstance(value, Source)}
        if rules.first and section and section.own_items(rules.items) and rules.first not in roles:
            message = f"no source is `{rules.first}`: begin one with `{rules.first}:`"
            yield Finding(section.heading, message)
    roles = {source.role for source in note.sources()}
    for demand in note.type.rules:
        role = demand.require_role
        if role and role not in roles and demand.when and holds(demand.when, document):
            name = next(iter(demand.when))
            where = document.properties.keys.get(name, top(document))
            said = f"{name}: {', '.join(document.list_property(name))}"
            yield Finding(where, f"`{said}` needs a source with the role `{role}`")


@rule(
    "SRC002",
    "source-mismatch",
    Example(
        _GOOD.replace("source: https://example.org/a", "source: https://example.org/b"),
        _GOOD,
        fixed=True,
        unsafe=True,
        path=_PATH,
    ),
)
def source_mismatch(document: Document, context: Context) -> Iterator[Finding]:
    """A property that repeats a part of the first source says something else.

    Which of the two is right only a person can tell, so the fix is unsafe: it takes over what the
    source line says. How a source is cited is left to the author.
    """
    note = context.note(document)
    found = note.first_source() if note else None
    if note is None or found is None:
        return
    for name, value in fills(note).items():
        said = document.text_property(name)
        if found[0].fill[name] == "cite" or said is None or _same(said, str(value)):
            continue
        edits = set_property(document.text, name, value)
        fix = one(document.path, f"take `{name}` from the first source", edits, safe=False)
        where = document.properties.values[name]
        yield Finding(where, f"`{name}` is {said}, the first source has {value}", fix)


def _same(said: str, value: str) -> bool:
    return said == value or identity(said) == identity(value)


@rule(
    "SRC003",
    "unfilled-property",
    Example(_GOOD.replace("year: 2024\n", ""), _GOOD, fixed=True, path=_PATH),
    severity="warning",
)
def unfilled_property(document: Document, context: Context) -> Iterator[Finding]:
    """A property that repeats a part of the first source is missing. The fix fills it in."""
    note = context.note(document)
    if note is None or document.properties.error:
        return
    for name, value in fills(note).items():
        if name in note.type.required or not empty(document.properties.data.get(name)):
            continue
        order = tuple(note.type.properties)
        edits = set_property(document.text, name, value, order=order)
        fix = one(document.path, f"fill `{name}` from the first source", edits)
        where = document.properties.keys.get(name, top(document))
        yield Finding(where, f"`{name}` is not filled in: the first source has {value}", fix)


@rule(
    "SRC004",
    "unknown-role",
    Example(_GOOD + "- contra: [T](https://example.org/b)\n", _GOOD, path=_PATH),
)
def unknown_role(document: Document, context: Context) -> Iterator[Finding]:
    """A source has no role, or one that its section does not know."""
    note = context.note(document)
    for name, section in note.body.sections.items() if note else ():
        roles = note.type.body.sections[name].roles if note else ()
        for item in section.items:
            if isinstance(item.value, Source) and roles and item.value.role not in roles:
                said = (
                    f"`{item.value.role}` is no role" if item.value.role else "the role is missing"
                )
                yield Finding(item.span, f"{said}: use one of {', '.join(roles)}")


RULES = (missing_role, source_mismatch, unfilled_property, unknown_role)
