"""What can be done at a place with one key: fixes, suppressions, new notes, links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from lsprotocol import types

from vaultsync.app.create import Idea
from vaultsync.app.insert import related_paths, relation_edit, section_for
from vaultsync.app.live import LiveVault
from vaultsync.blocks.comments import code_spans
from vaultsync.core.errors import VaultsyncError
from vaultsync.core.model import Document
from vaultsync.core.text import Edit, Lines, Span, line_ending
from vaultsync.lint import engine
from vaultsync.lint.engine import Checked, Diagnostic
from vaultsync.lint.retarget import is_wiki
from vaultsync.lint.rules import RULES
from vaultsync.lint.rules.properties import is_missing
from vaultsync.markdown.conflict_callouts import CHOICES, find_callouts
from vaultsync.markdown.frontmatter.edit import set_property
from vaultsync.notes.body import Relation
from vaultsync.notes.link_index import name_key, wikilink
from vaultsync.server.edits import differences, workspace_edit
from vaultsync.server.names import notes_named
from vaultsync.server.navigation import link_at, target_of
from vaultsync.server.session import Session

FIX_ALL = "source.fixAll.vaultsync"
KINDS = [types.CodeActionKind.QuickFix, types.CodeActionKind.RefactorRewrite, FIX_ALL]
_SUPPRESSIBLE = {rule.code for rule in RULES if not (rule.unreadable or rule.settings)}
# Of so many words a mention may consist.
_MOST_WORDS = 8
_WORD = re.compile(r"\w[\w'’-]*")


def actions(session: Session, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    """Return what can be done in a range of a note."""
    found = session.document(params.text_document.uri)
    if found is None:
        return None
    chosen = _Chosen(session, *found, session.positions(found[1]).span(params.range))
    only = params.context.only
    made = [
        action
        for kind, make in _ACTIONS
        # A formatted member of an enumeration would be its name.
        if only is None or any((kind + ".").startswith(wanted + ".") for wanted in only)
        for action in make(chosen)
    ]
    return made or None


class _Chosen:
    """A range in a note, with the findings there."""

    def __init__(self, session: Session, checked: Checked, document: Document, span: Span) -> None:
        self.session, self.checked, self.document, self.span = session, checked, document, span
        self.context, self.path, self.text = checked.context, document.path, document.text
        found = session.report(checked, [document.path])
        self.all = [one for one in found if one.path == document.path]
        self.here = [
            one for one in self.all if one.span.start <= span.end and span.start <= one.span.end
        ]

    def action(
        self,
        title: str,
        edits: Mapping[str, Sequence[Edit]],
        about: Diagnostic | None = None,
        *,
        kind: str = types.CodeActionKind.QuickFix,
        preferred: bool = False,
        created: tuple[str, str] | None = None,
    ) -> types.CodeAction:
        """Return an action that makes edits by path, and before that a file: path and text."""
        diagnostics = [self.session.diagnostic(about, self.checked)] if about else None
        edit = workspace_edit(self.session, self.checked, edits, created)
        return types.CodeAction(title, kind, diagnostics, is_preferred=preferred or None, edit=edit)


def _fixes(chosen: _Chosen) -> Iterator[types.CodeAction]:
    for one in chosen.here:
        fix = one.fix
        if fix and fix.applicability != "display-only":
            remark = "" if fix.safe else " (may change the meaning)"
            yield chosen.action(f"{fix.title}{remark}", fix.edits, one, preferred=fix.safe)


def _conflicts(chosen: _Chosen) -> Iterator[types.CodeAction]:
    """Offer each version of what both sides of a merge changed."""
    found = {one.marked.start: one for one in find_callouts(chosen.document)}
    for one in chosen.here:
        if one.code == "MRK013":
            conflict = found[one.span.start]
            for choice, title in CHOICES.items():
                edit = conflict.resolved(chosen.text, choice)
                yield chosen.action(title, {chosen.path: [edit]}, one)


def _fix_all(chosen: _Chosen) -> Iterator[types.CodeAction]:
    if not any(one.fix and one.fix.safe for one in chosen.all):
        return
    edits = differences(chosen.checked, engine.fix(chosen.checked, [chosen.path]).texts)
    yield chosen.action("Fix all that is safe to fix", edits, kind=FIX_ALL)


def _suppressions(chosen: _Chosen) -> Iterator[types.CodeAction]:
    if chosen.document.kind != "note":
        return
    for code in dict.fromkeys(one.code for one in chosen.here if one.code in _SUPPRESSIBLE):
        one = next(one for one in chosen.here if one.code == code)
        edit = _suppression(chosen.document, one)
        yield chosen.action(f"Suppress {code} here", {chosen.path: [edit]}, one)


def _suppression(document: Document, one: Diagnostic) -> Edit:
    """Return a comment at the end of the line, or for all of the note where that would be text."""
    text, body = document.text, document.body
    line = Lines(text).line_span(one.start[0])
    code = [Span(body + span.start, body + span.end) for span in code_spans(text[body:])]
    in_code = any(span.start < line.end and line.start < span.end for span in code)
    pipes = (at for at in range(line.start, line.end) if text[at] == "|")
    in_table = any(not any(one.start < at < one.end for one in document.links) for at in pipes)
    if line.start < body or in_code or in_table:
        newline = line_ending(text)
        comment = f"%% vaultsync-disable-file {one.code} %%"
        return Edit(Span(body, body), f"{newline}{comment}{newline}")
    return Edit(Span(line.end, line.end), f" %% vaultsync-disable-line {one.code} %%")


def _new_notes(chosen: _Chosen) -> Iterator[types.CodeAction]:
    """Offer to create the notes that links at a place name and that nobody has written."""
    for one in chosen.here:
        wanted, link = one.finding.wanted, link_at(chosen.document, one.span.start)
        if wanted is None or link is None or not is_wiki(chosen.document, link):
            continue
        title = link.display or link.target.rpartition("/")[2]
        for name in chosen.context.config.types:
            made = _created(chosen.session.live, name, title)
            if made is None:
                continue
            path = made[0]
            new = f"[[{path.rpartition('/')[2].removesuffix('.md')}|{title}]]"
            edits = {chosen.path: [Edit(link.span, new)] if link.kind == "wiki" else []}
            yield chosen.action(f"Create {path}", edits, one, created=made)


def _created(live: LiveVault, type_name: str, title: str) -> tuple[str, str] | None:
    try:
        output = live.new_note(type_name, Idea(title)).output
    except VaultsyncError:
        return None
    return output.path, (output.data or b"").decode()


def _properties(chosen: _Chosen) -> Iterator[types.CodeAction]:
    note = chosen.context.note(chosen.document)
    if note is None or chosen.document.properties.error:
        return
    for one in chosen.here:
        for name in note.type.required:
            if f"`{name}`" in one.message and is_missing(note, name):
                edits = set_property(chosen.text, name, "", order=tuple(note.type.properties))
                title = f"Add the property {name}"
                yield chosen.action(title, {chosen.path: edits}, one)


def _relations(chosen: _Chosen) -> Iterator[types.CodeAction]:
    """Offer to list the note that a link at a place leads to among the related ones."""
    note = chosen.context.note(chosen.document)
    target = target_of(chosen.context, chosen.document, chosen.span.start)
    if note is None or target is None or target[0].path == chosen.path:
        return
    index, path = chosen.context.index, target[0].path
    if not (section_for(note.type, "relation") and chosen.context.note(target[0])):
        return
    if path in related_paths(note, index):
        return
    edit = relation_edit(note, path, index, Relation(path))
    title = f"Relate to {wikilink(path, index)[2:-2]}"
    kind = types.CodeActionKind.RefactorRewrite
    yield chosen.action(title, {chosen.path: [edit]}, kind=kind)


def _mentions(chosen: _Chosen) -> Iterator[types.CodeAction]:
    """Offer a link where the name of another note is written."""
    document, span = chosen.document, chosen.span
    if span.start < document.body or link_at(document, span.start):
        return
    for mention in _candidates(document, span):
        name = mention.of(chosen.text)
        others = [p for p in notes_named(chosen.context, name_key(name)) if p != chosen.path]
        for path in others:
            edit = Edit(mention, wikilink(path, chosen.context.index, name))
            kind = types.CodeActionKind.RefactorRewrite
            yield chosen.action(f"Link to {path}", {chosen.path: [edit]}, kind=kind)
        if others:
            return


def _candidates(document: Document, span: Span) -> list[Span]:
    """Return what may be a name around a place, the longest first: the selection, or words."""
    if span.end > span.start:
        return [span]
    line = Lines(document.text).line_span(Lines(document.text).position(span.start)[0])
    words = [Span(*word.span()) for word in _WORD.finditer(document.text, line.start, line.end)]
    found = [
        Span(words[first].start, last.end)
        for first in range(len(words))
        for last in words[first : first + _MOST_WORDS]
        if words[first].start <= span.start <= last.end
    ]
    return sorted(found, key=lambda one: one.start - one.end)


_ACTIONS = (
    (types.CodeActionKind.QuickFix.value, _fixes),
    (types.CodeActionKind.QuickFix.value, _conflicts),
    (types.CodeActionKind.QuickFix.value, _new_notes),
    (types.CodeActionKind.QuickFix.value, _properties),
    (types.CodeActionKind.RefactorRewrite.value, _relations),
    (types.CodeActionKind.RefactorRewrite.value, _mentions),
    (FIX_ALL, _fix_all),
    (types.CodeActionKind.QuickFix.value, _suppressions),
)
