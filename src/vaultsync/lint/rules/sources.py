"""SRC: the sources of a note."""

from __future__ import annotations

from collections.abc import Iterator

from vaultsync.core.config import TypeRule, did_you_mean
from vaultsync.core.text import Edit, Span
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Finding, Related, note_rule, one
from vaultsync.lint.rules.body import items_of
from vaultsync.lint.rules.properties import fill, fills, is_missing, key_or_top
from vaultsync.markdown.frontmatter.edit import set_property
from vaultsync.notes.citation import Source
from vaultsync.notes.note import RETIRED, Note, meets_condition
from vaultsync.notes.source_address import canonical_url, identity, loses_place


@note_rule("SRC001", "missing-role")
def missing_role(note: Note, _context: Context) -> Iterator[Finding]:
    """No source has the role that one must have.

    The type requires it of all its notes (`first`) or of those that fit a condition
    (`require-role`), such as a contrary source for a contested claim.
    """
    for name, rules in note.type.body.sections.items():
        section = note.body.sections.get(name)
        roles = {value.role for value in note.body.values(name) if isinstance(value, Source)}
        if rules.first and section and section.own_items(rules.items) and rules.first not in roles:
            message = f"no source is `{rules.first}`: begin one with `{rules.first}:`"
            yield Finding(section.heading, message)
    document, present = note.document, {source.role for source in note.sources()}
    for demand in note.type.rules:
        role, when = demand.require_role, demand.when
        if role and role not in present and when and meets_condition(when, document):
            name = next(iter(when))
            condition = f"{name}: {', '.join(document.list_property(name))}"
            message = f"`{condition}` needs a source with the role `{role}`"
            yield Finding(key_or_top(document, name), message)


@note_rule("SRC002", "source-mismatch")
def source_mismatch(note: Note, _context: Context) -> Iterator[Finding]:
    """A property that repeats a part of the first source differs from it.

    Only a person can decide which of the two is right, so the fix is unsafe: it copies the value of
    the source. How a source is cited is left to the author.
    """
    document, found = note.document, note.first_source()
    parts = found[0].fill if found else {}
    for name, value in fills(note).items():
        written = document.text_property(name)
        if parts[name] == "cite" or written is None or _same(written, str(value)):
            continue
        edits = set_property(document.text, name, value)
        fix = one(document.path, f"take `{name}` from the first source", edits, safe=False)
        where = document.properties.values[name]
        yield Finding(where, f"`{name}` is {written}, the first source has {value}", fix)


def _same(written: str, value: str) -> bool:
    return written == value or identity(written) == identity(value)


@note_rule("SRC003", "unfilled-property", severity="warning")
def unfilled_property(note: Note, _context: Context) -> Iterator[Finding]:
    """A property that repeats a part of the first source is missing. The fix fills it in."""
    for name, value in fills(note).items():
        if name not in note.type.required and is_missing(note, name):
            message = f"`{name}` is not filled in: the first source has {value}"
            yield Finding(key_or_top(note.document, name), message, fill(note, name, value))


@note_rule("SRC004", "unknown-role")
def unknown_role(note: Note, _context: Context) -> Iterator[Finding]:
    """A source has no role, or one that its section does not allow."""
    for name, section in note.body.sections.items():
        roles = note.type.body.sections[name].roles
        for span, source in items_of(Source, [section]):
            if roles and source.role not in roles:
                role = source.role
                problem = f"`{role}` is not a role" if role else "the role is missing"
                yield Finding(span, f"{problem}: use one of {', '.join(roles)}")


@note_rule("SRC005", "uncanonical-address", severity="warning")
def uncanonical_address(note: Note, _context: Context) -> Iterator[Finding]:
    """The address of a source is not the canonical one of the work.

    That is arXiv's abstract page, not its PDF or HTML; `https://doi.org/` for a DOI; the page of
    a work at OpenReview, the ACL Anthology or PMLR; LessWrong's for a post that the Alignment Forum
    shows too; and any other address without parameters that track readers. Then all notes cite a
    work by one address. The fix writes it. It is unsafe where a version or a place is lost.
    """
    for url, span in addresses(note):
        wanted = canonical_url(url)
        if wanted != url:
            edits = (Edit(span, wanted),) if span.of(note.document.text) == url else ()
            fix = one(note.path, f"write `{wanted}`", edits, safe=not loses_place(url))
            yield Finding(span, f"cite this work as {wanted}", fix)


def addresses(note: Note) -> Iterator[tuple[str, Span]]:
    """Yield the addresses of a note's sources, and those that its properties repeat."""
    text, properties = note.document.text, note.document.properties
    for section in note.type.body.sections.values():
        for name, part in section.fill.items():
            url = note.document.text_property(name) if part == "url" else None
            if url:
                yield url, _within(text, properties.values[name], url)
    for span, source in items_of(Source, note.body.sections.values()):
        yield source.url, _within(text, span, source.url)


def _within(text: str, place: Span, url: str) -> Span:
    start = text.find(url, place.start, place.end)
    return place if start < 0 else Span(start, start + len(url))


@note_rule("SRC006", "late-original", severity="warning")
def late_original(note: Note, _context: Context) -> Iterator[Finding]:
    """Another source comes before the one whose role is to come first.

    The type names that role (`first`), such as `original`: where the claim was first shown.
    """
    for name, section in note.body.sections.items():
        first = note.type.body.sections[name].first
        sources = list(items_of(Source, [section]))
        late = next((span for span, source in sources if source.role == first), None)
        if late and late != sources[0][0]:
            related = (Related(note.path, late, f"the source that is `{first}`"),)
            message = f"put the source that is `{first}` before this one"
            yield Finding(sources[0][0], message, related=related)


@note_rule("SRC007", "unexplained-role", severity="warning")
def unexplained_role(note: Note, _context: Context) -> Iterator[Finding]:
    """A source has a role that does not fit the note's properties, and no caveat explains it.

    Where a rule of the type is `exclusive`, a source in its role belongs to notes that fit its
    condition: a contrary source makes a claim contested. Change the property, or add a paragraph
    of limitation after the first one. A retired note needs neither.
    """
    if note.body.caveat or note.in_state(RETIRED):
        return
    for demand in note.type.rules:
        if demand.exclusive and demand.when and not meets_condition(demand.when, note.document):
            for span, source in items_of(Source, note.body.sections.values()):
                if source.role == demand.require_role:
                    yield Finding(span, _unexplained(note, demand))


def _unexplained(note: Note, demand: TypeRule) -> str:
    name, wanted = next(iter(demand.when.items()))
    value = wanted[0] if isinstance(wanted, list) else wanted
    present = ", ".join(note.document.list_property(name)) or "not there"
    caveat = note.type.body.caveat
    behind = f", or say why not in a paragraph that begins `{caveat}`" if caveat else ""
    return f"a `{demand.require_role}` source, but `{name}` is {present}: make it `{value}`{behind}"


@note_rule("SRC008", "stale-check", severity="hint", history=True)
def stale_check(note: Note, context: Context) -> Iterator[Finding]:
    """The claim changed after a person last compared it with its source.

    The type names the property with that day (`checked`). The day of the change is that of the
    commit in git, and only the words of the claim count: a rename of the note, new line breaks and
    changes elsewhere in it do not. A commit that changes both the claim and the day is a check.
    Compare the claim with the source and write the day.
    """
    day, name = context.reworded.get(note.path), note.type.checked
    checked = note.document.text_property(name) if name else None
    where = note.document.properties.values.get(name)
    if checked and where and day is not None and (not day or day > checked):
        when = f"on {day}" if day else "and is not committed yet"
        message = f"the claim changed {when}, after it was checked: compare it with the source"
        yield Finding(where, message)


@note_rule("SRC009", "unlisted-dispute")
def unlisted_dispute(note: Note, _context: Context) -> Iterator[Finding]:
    """A source disputes a work that its list does not have.

    Behind a source, `; disputes Lee 2021` names another of the same section, by one or more of its
    authors and its year. Add that work to the list, or correct the name.
    """
    for span, name, _, others in _disputes(note):
        if not any(other.is_cited_as(name) for other in others):
            cites = [other.cite for other in others]
            hint = did_you_mean(name, cites) or (f": name {' or '.join(cites)}" if cites else "")
            yield Finding(span, f"no other source here is `{name}`{hint}")


@note_rule("SRC010", "early-dispute")
def early_dispute(note: Note, _context: Context) -> Iterator[Finding]:
    """A source disputes a work that appeared in a later year than it did.

    It cannot dispute what came after it: the later one may dispute the earlier, or the years
    are wrong. Two works of one year pass.
    """
    for span, name, source, others in _disputes(note):
        years = [other.year or 0 for other in others if other.is_cited_as(name)]
        if years and source.year and min(years) > source.year:
            message = f"`{name}` is later than this source, which is of {source.year}"
            yield Finding(span, f"{message}: it disputes an older one")


def _disputes(note: Note) -> Iterator[tuple[Span, str, Source, list[Source]]]:
    """Yield each work that a source disputes: its place and name, the source, other sources."""
    for section in note.body.sections.values():
        sources = list(items_of(Source, [section]))
        for span, source in sources:
            others = [other for _, other in sources if other.identity != source.identity]
            for name in source.disputes:
                yield _within(note.document.text, span, name), name, source, others
