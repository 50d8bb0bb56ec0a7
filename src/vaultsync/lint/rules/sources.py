"""SRC: the sources of a note."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vaultsync.core.config import TypeRule
from vaultsync.core.model import Document
from vaultsync.core.text import Edit, Span
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Example, Finding, Related, one, rule
from vaultsync.lint.rules.body import items
from vaultsync.lint.rules.properties import empty, fills, top
from vaultsync.markdown.frontmatter.edit import set_property
from vaultsync.notes.citation import Source, arxiv_id, canonical_url, doi_of, identity
from vaultsync.notes.note import RETIRED, Note, meets_condition

_HEAD = "---\ntitle: A\nsource: https://example.org/a\ncite: Lee 2024\nyear: 2024\n---\n\nText.\n\n"
_SOURCE = "- original: [T](https://example.org/a), Lee 2024\n"
_GOOD = f"{_HEAD}## Sources\n\n{_SOURCE}"
_PATH = "Sourced/note.md"
_OTHER = "- supporting: [U](https://example.org/u)\n"
_ARXIV = _GOOD.replace("https://example.org/a", "https://arxiv.org/abs/2406.11717")
_CLAIM = "---\ntitle: A\nstatus: open\nkind: idea\n---\n\nText.\n\n"
# A version of a preprint, a page's parameters, a place in it.
_LOST = re.compile(r"\dv\d+(?:\.pdf)?(?:$|[?#/])|[?#]")
_NOTE = "---\ntitle: A\ntested_on: one model\nchecked: 2026-01-05\n---\n\nText.\n"


@rule(
    "SRC001",
    "missing-role",
    Example(f"{_HEAD}## Sources\n\n- supporting: [T](https://example.org/a)\n", _GOOD, path=_PATH),
    typed=True,
)
def missing_role(document: Document, context: Context) -> Iterator[Finding]:
    """No source has the role that one must have.

    The type requires it of all its notes (`first`) or of those that fit a condition
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
        if role and role not in roles and demand.when and meets_condition(demand.when, document):
            name = next(iter(demand.when))
            where = document.properties.keys.get(name, top(document))
            condition = f"{name}: {', '.join(document.list_property(name))}"
            yield Finding(where, f"`{condition}` needs a source with the role `{role}`")


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
    typed=True,
)
def source_mismatch(document: Document, context: Context) -> Iterator[Finding]:
    """A property that repeats a part of the first source differs from it.

    Only a person can decide which of the two is right, so the fix is unsafe: it copies the value of
    the source. How a source is cited is left to the author.
    """
    note = context.note(document)
    found = note.first_source() if note else None
    if note is None or found is None:
        return
    for name, value in fills(note).items():
        written = document.text_property(name)
        if found[0].fill[name] == "cite" or written is None or _same(written, str(value)):
            continue
        edits = set_property(document.text, name, value)
        fix = one(document.path, f"take `{name}` from the first source", edits, safe=False)
        where = document.properties.values[name]
        yield Finding(where, f"`{name}` is {written}, the first source has {value}", fix)


def _same(written: str, value: str) -> bool:
    return written == value or identity(written) == identity(value)


@rule(
    "SRC003",
    "unfilled-property",
    Example(_GOOD.replace("year: 2024\n", ""), _GOOD, fixed=True, path=_PATH),
    severity="warning",
    typed=True,
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
    typed=True,
)
def unknown_role(document: Document, context: Context) -> Iterator[Finding]:
    """A source has no role, or one that its section does not allow."""
    note = context.note(document)
    for name, section in note.body.sections.items() if note else ():
        roles = note.type.body.sections[name].roles if note else ()
        for item in section.items:
            if isinstance(item.value, Source) and roles and item.value.role not in roles:
                role = item.value.role
                problem = f"`{role}` is not a role" if role else "the role is missing"
                yield Finding(item.span, f"{problem}: use one of {', '.join(roles)}")


@rule(
    "SRC005",
    "uncanonical-address",
    Example(
        _ARXIV.replace("/abs/", "/pdf/"),
        _ARXIV,
        fixed=True,
        path=_PATH,
    ),
    Example(
        _ARXIV.replace("/abs/2406.11717)", "/pdf/2406.11717v2)"),
        _ARXIV,
        fixed=True,
        unsafe=True,
        path=_PATH,
    ),
    severity="warning",
    typed=True,
)
def uncanonical_address(document: Document, context: Context) -> Iterator[Finding]:
    """The address of a source is not the canonical one of the work.

    That is arXiv's abstract page, not its PDF or HTML; `https://doi.org/` for a DOI; and any other
    address without parameters that track readers. Then all notes cite a work by one address. The
    fix writes it. It is unsafe where a version or a place in the text is lost.
    """
    note = context.note(document)
    for url, span in _addresses(note) if note else ():
        wanted = canonical_url(url)
        if wanted != url:
            edits = (Edit(span, wanted),) if span.of(document.text) == url else ()
            fix = one(document.path, f"write `{wanted}`", edits, safe=not _loses(url))
            yield Finding(span, f"cite this work as {wanted}", fix)


def _addresses(note: Note) -> Iterator[tuple[str, Span]]:
    """Yield the addresses of a note's sources, and those that its properties repeat."""
    text, properties = note.document.text, note.document.properties
    for section in note.type.body.sections.values():
        for name, part in section.fill.items():
            url = note.document.text_property(name) if part == "url" else None
            if url:
                yield url, _within(text, properties.values[name], url)
    for item in items(note, "source"):
        if isinstance(item.value, Source):
            yield item.value.url, _within(text, item.span, item.value.url)


def _within(text: str, place: Span, url: str) -> Span:
    start = text.find(url, place.start, place.end)
    return place if start < 0 else Span(start, start + len(url))


def _loses(url: str) -> bool:
    """Whether an address has a version or a place that its canonical form does not have."""
    return bool((arxiv_id(url) or doi_of(url)) and _LOST.search(url))


@rule(
    "SRC006",
    "late-original",
    Example(_GOOD.replace(_SOURCE, f"{_OTHER}{_SOURCE}"), f"{_GOOD}{_OTHER}", path=_PATH),
    severity="warning",
    typed=True,
)
def late_original(document: Document, context: Context) -> Iterator[Finding]:
    """Another source comes before the one whose role is to come first.

    The type names that role (`first`), such as `original`: where the claim was first shown.
    """
    note = context.note(document)
    for name, rules in note.type.body.sections.items() if note else ():
        section = note.body.sections.get(name) if note else None
        roles = [
            (item.value.role, item.span)
            for item in (section.items if section else ())
            if isinstance(item.value, Source)
        ]
        late = next((span for role, span in roles if role == rules.first), None)
        if late and roles[0][0] != rules.first:
            related = (Related(document.path, late, f"the source that is `{rules.first}`"),)
            message = f"put the source that is `{rules.first}` before this one"
            yield Finding(roles[0][1], message, related=related)


@rule(
    "SRC007",
    "unexplained-role",
    Example(
        f"{_CLAIM}## Sources\n\n- contrary: [T](https://example.org/a)\n",
        f"{_CLAIM}Caveat: not in small models.\n\n## Sources\n\n"
        "- contrary: [T](https://example.org/a)\n",
    ),
    severity="warning",
    typed=True,
)
def unexplained_role(document: Document, context: Context) -> Iterator[Finding]:
    """A source has a role that does not fit the note's properties, and no caveat explains it.

    Where a rule of the type is `exclusive`, a source in its role belongs to notes that fit its
    condition: a contrary source makes a claim contested. Change the property, or add a paragraph
    of limitation after the first one. A retired note needs neither.
    """
    note = context.note(document)
    if note is None or note.body.caveat or note.in_state(RETIRED):
        return
    for demand in note.type.rules:
        if demand.exclusive and demand.when and not meets_condition(demand.when, document):
            for item in items(note, "source"):
                if isinstance(item.value, Source) and item.value.role == demand.require_role:
                    yield Finding(item.span, _unexplained(note, demand))


def _unexplained(note: Note, demand: TypeRule) -> str:
    name, wanted = next(iter(demand.when.items()))
    value = wanted[0] if isinstance(wanted, list) else wanted
    present = ", ".join(note.document.list_property(name)) or "not there"
    caveat = note.type.body.caveat
    behind = f", or say why not in a paragraph that begins `{caveat}`" if caveat else ""
    return f"a `{demand.require_role}` source, but `{name}` is {present}: make it `{value}`{behind}"


@rule(
    "SRC008",
    "stale-check",
    Example(
        _NOTE,
        _NOTE.replace("01-05", "02-01"),
        path="Tested/note.md",
        others={".git/reworded": "Tested/note.md 2026-02-01"},
    ),
    severity="hint",
    history=True,
    typed=True,
)
def stale_check(document: Document, context: Context) -> Iterator[Finding]:
    """The claim changed after a person last compared it with its source.

    The type names the property with that day (`checked`). The day of the change is that of the
    commit in git, and only the words of the claim count: a rename of the note, new line breaks and
    changes elsewhere in it do not. A commit that changes both the claim and the day is a check.
    Compare the claim with the source and write the day.
    """
    note = context.note(document)
    day = context.reworded.get(document.path)
    name = note.type.checked if note else ""
    checked = document.text_property(name) if name else None
    if checked is None or day is None or name not in document.properties.values:
        return
    if not day or day > checked:
        when = f"on {day}" if day else "and is not committed yet"
        message = f"the claim changed {when}, after it was checked: compare it with the source"
        yield Finding(document.properties.values[name], message)


RULES = (
    missing_role,
    source_mismatch,
    unfilled_property,
    unknown_role,
    uncanonical_address,
    late_original,
    unexplained_role,
    stale_check,
)
