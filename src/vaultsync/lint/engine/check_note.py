"""Run the rules on one note: raw findings, and the keys of what they depend on except the note.

Raw findings are those before suppressions, severities and the baseline. A note's findings can
change when its own text does, or when a change elsewhere emits one of the keys that the note
depends on. Keys are `name:` for a file's folded name, `place:` for the headings and blocks of the
notes of that name, `text:` for all of their texts, `title:` for a folded title, `claims` for what
all typed notes claim, and `blocks` for what all notes are made of.
"""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Iterable, Iterator

import msgspec

from vaultsync.blocks.quote import authored_content, find_blocks
from vaultsync.core.config import matches_glob
from vaultsync.core.model import Document
from vaultsync.core.text import Lines
from vaultsync.lint.context import Context, title_key
from vaultsync.lint.engine.select import Selection
from vaultsync.lint.link_graph import NO_LINKS, document_names
from vaultsync.lint.retarget import renames_heading
from vaultsync.lint.rule import Finding, Fix, Place, Reach, Rule
from vaultsync.lint.rules.link_forms import spaced_targets
from vaultsync.lint.suppressions import PREFIX
from vaultsync.notes.link_index import name_key
from vaultsync.notes.note import is_readable

CLAIMS, BLOCKS = "claims", "blocks"


def dependencies(document: Document, context: Context, reaches: frozenset[Reach]) -> set[str]:
    """Return the keys that a document's findings depend on by its facts, for these reaches."""
    found = _of_links(document, context) if "links" in reaches else set[str]()
    if context.note(document):
        found |= _of_title(document) if "titles" in reaches else set()
        found |= _of_relations(document, context) if "relations" in reaches else set()
    return found


def in_text(document: Document, reaches: frozenset[Reach]) -> tuple[str, ...]:
    """Return the keys that a document's findings depend on and that only its text shows."""
    found: list[str] = []
    if "text" in reaches:
        for target in spaced_targets(document):
            name = _name_of(target)
            found += [name, f"place:{name.removeprefix('name:')}"]
    if document.directives and any(find_blocks(document)):
        found.append(BLOCKS)
    return tuple(found)


def reaches_of(rules: Iterable[Rule]) -> frozenset[Reach]:
    """Return what the rules declare to reach them."""
    return frozenset(rule.reach for rule in rules if rule.reach)


def _of_links(document: Document, context: Context) -> set[str]:
    # Only the text shows which anchors are in HTML.
    places = ("place", "text") if context.link_graph.allows_anchors(document.path) else ("place",)
    found: set[str] = set()
    for link in document.internal:
        if link.target:
            key = _name_of(link.target)
            found.add(key)
            if link.subpath:
                found.update([f"{place}{key[4:]}" for place in places])
    return found


# Many links lead to the same notes; an index of a large vault links to thousands.
@functools.lru_cache(maxsize=8192)
def _name_of(target: str) -> str:
    return f"name:{_last(name_key(target))}"


def _of_title(document: Document) -> set[str]:
    title = title_key(document)
    return {f"title:{title}"} if title else set()


def _of_relations(document: Document, context: Context) -> set[str]:
    links = _of_links(document, context)
    # Whether readers see a note is in its own text.
    return links | {key.replace("name:", "text:", 1) for key in links if key.startswith("name:")}


def emitted(before: Context, after: Context, changed: Iterable[str]) -> frozenset[str]:
    """Return the keys that a change of documents and files emits.

    `changed` are the paths of all that differ between the two versions.
    """
    found = {BLOCKS}
    for path in changed:
        old, new = before.vault.documents.get(path), after.vault.documents.get(path)
        if (path in before.vault.files) != (path in after.vault.files):
            found |= {f"name:{name}" for name in names_of(path)}
        if _places(old) != _places(new):
            found |= {f"place:{name}" for name in names_of(path)}
        found |= {f"text:{name}" for name in names_of(path)}
        found |= {f"name:{_last(name)}" for name in document_names(old) ^ document_names(new)}
        found |= {f"title:{title_key(document)}" for document in (old, new) if document}
        if after.config.type_name(path) is not None:
            found.add(CLAIMS)
    for path in before.untracked ^ after.untracked:
        found |= {f"name:{name}" for name in names_of(path)}
    return frozenset(found)


def names_of(path: str) -> set[str]:
    """Return the names by which links can mean a file, folded, with `.md` and without."""
    name = name_key(posixpath.basename(path))
    return {name, name.removesuffix(".md")}


def beside(before: Context, after: Context) -> Iterator[str]:
    """Yield the files whose paths may now be like another's, or the first in their folder."""
    for path in before.vault.files ^ after.vault.files:
        yield from after.alike.get(name_key(path), ())
        parts = path.split("/")
        for end in range(1, len(parts)):
            yield after.folders.get("/".join(parts[:end]), path)


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _places(document: Document | None) -> tuple[object, ...]:
    if document is None:
        return ()
    headings = [(heading.level, heading.text) for heading in document.headings]
    blocks = [block.id for block in document.blocks]
    return headings, blocks, [note.label for note in document.footnotes], document.error


class Located(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A raw finding of the rule `code`; `start`, `end` and `source` as in a `Diagnostic`."""

    code: str
    finding: Finding
    start: Place
    end: Place
    source: str


class NoteResult(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a check of one note yields, enough to report on it without reading it again.

    `type_name` is "" for a note without a type; `draft` is a note that is not finished, and
    `silent` one that does not declare it; `tasks` counts the open tasks of a typed note; `listed`:
    it is not private; `comments`: the note has comments that may suppress findings.
    `keys` are its dependencies that only its text shows (`in_text`).
    `readable`: the note and its properties can be read.
    """

    findings: tuple[Located, ...] = ()
    type_name: str = ""
    draft: bool = False
    silent: bool = False
    tasks: int = 0
    listed: bool = True
    comments: bool = False
    keys: tuple[str, ...] = ()
    readable: bool = True


NO_RESULT = NoteResult()


class NoteChecker:
    """Checks notes of one version of a vault with the rules of one selection."""

    def __init__(self, context: Context, selection: Selection) -> None:
        """Bind the values."""
        self._context, self._selection = context, selection
        self._reaches = reaches_of(selection.rules)
        self._fitting: dict[tuple[object, ...], tuple[tuple[Rule, ...], ...]] = {}

    def check(self, document: Document) -> NoteResult:
        """Return what the rules find in a document."""
        context = self._context
        note = context.note(document)
        excluded = context.config.exclude and matches_glob(document.path, context.config.exclude)
        found = () if excluded else self._findings(document, typed=note is not None)
        comments = document.directives and PREFIX in document.text
        keys = in_text(document, self._reaches)
        # How rare a word is among all claims decides how much alike two of them are.
        if "claims" in self._reaches and document.path in context.duplicates:
            keys = (*keys, CLAIMS)
        readable = is_readable(document)
        if note is None:
            if readable and not (found or comments or keys):
                return NO_RESULT
            return NoteResult(found, comments=comments, keys=keys, readable=readable)
        tasks = sum(not task.done for task in authored_content(document).tasks)
        return NoteResult(
            found,
            note.type_name,
            note.is_draft,
            note.is_unclassified,
            tasks,
            not note.is_private,
            comments,
            keys,
            readable,
        )

    def _findings(self, document: Document, *, typed: bool) -> tuple[Located, ...]:
        rules = self._selection.at(document.path).rules
        linked, others = self._applicable(rules, document, typed=typed)
        links = self._context.link_graph.of(document) if linked else NO_LINKS
        if links is not NO_LINKS:
            others = (*others, *(rule for rule in linked if getattr(links, rule.links or "")))
        found = [(rule, one) for rule in others for one in rule.check(document, self._context)]
        return locate(found, document) if found else ()

    def _applicable(
        self, rules: tuple[Rule, ...], document: Document, *, typed: bool
    ) -> tuple[tuple[Rule, ...], ...]:
        """Return the rules for a kind of document: those that check a group of links, and others.

        The result is cached for each kind of document, with the rules, so that no other tuple can
        get the same id.
        """
        form = document.kind, document.plain, document.error is None, is_readable(document)
        kind = id(rules), typed, form
        if kind not in self._fitting:
            fitting = [rule for rule in rules if applies(rule, document, typed=typed)]
            linked = tuple(rule for rule in fitting if rule.links)
            others = tuple(rule for rule in fitting if not rule.links)
            self._fitting[kind] = linked, others, rules
        return self._fitting[kind][:2]


def applies(rule: Rule, document: Document, *, typed: bool) -> bool:
    """Whether a rule checks documents of this kind, by themselves and in any run."""
    if rule.settings or rule.last or not rule.cached or (rule.typed and not typed):
        return False
    if (rule.unreadable and is_readable(document)) or (rule.odd and document.plain):
        return False
    return (rule.certain or not document.error) and (rule.names or document.kind != "attachment")


def locate(found: Iterable[tuple[Rule, Finding]], document: Document) -> tuple[Located, ...]:
    """Return findings of a document with their lines and columns, in the order given."""
    lines = Lines(document.text)
    return tuple(
        [
            Located(
                rule.code,
                _with_sure_fix(one, document),
                *lines.positions(one.span),
                lines.line_text(one.span.start),
            )
            for rule, one in found
        ]
    )


def _with_sure_fix(finding: Finding, document: Document) -> Finding:
    """Return the finding; its fix is unsafe where it changes what links call a heading."""
    fix = finding.fix
    if fix and fix.safe and renames_heading(document, fix.edits.get(document.path, ())):
        return msgspec.structs.replace(finding, fix=Fix(fix.title, fix.edits, "unsafe"))
    return finding
