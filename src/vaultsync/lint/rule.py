"""What a rule is and what it yields, and a finding as it is reported.

A rule's function checks, its docstring is its page, its examples are its tests.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Literal

import msgspec

from vaultsync.core.model import Document
from vaultsync.core.text import Edit, Span
from vaultsync.lint.context import Context
from vaultsync.notes.note import Note

Severity = Literal["error", "warning", "hint"]
# "safe" keeps what a note means, "unsafe" may change it, "display-only" is shown, never applied.
Applicability = Literal["safe", "unsafe", "display-only"]
# A line and a column, both from 1; columns count code points.
Place = tuple[int, int]


class Fix(msgspec.Struct, frozen=True, array_like=True):
    """Edits by path. All are applied, or none."""

    title: str
    edits: Mapping[str, tuple[Edit, ...]]
    applicability: Applicability = "safe"

    @property
    def safe(self) -> bool:
        """Whether the fix preserves what the note means."""
        return self.applicability == "safe"


class Related(msgspec.Struct, frozen=True, array_like=True):
    """Another place that a finding is about, and what is there.

    The span is `WHOLE_FILE` where no place in it matters. A span within another file must
    depend only on what the rule's `reach` covers: a finding is cached until that changes.
    """

    path: str
    span: Span
    message: str


WHOLE_FILE = Span(0, 0)


def whole_files(paths: Iterable[str], message: str) -> tuple[Related, ...]:
    """Return files as related places."""
    return tuple(Related(path, WHOLE_FILE, message) for path in paths)


class Wanted(msgspec.Struct, frozen=True, array_like=True):
    """The target of a broken link.

    What was probably meant depends on all names of the vault, so it is looked up at the end.
    `certain`: the finding holds only if it is certain that the link is wrong, False: only if not.
    """

    target: str
    certain: bool | None = None


class Finding(msgspec.Struct, frozen=True, array_like=True):
    """What a rule yields.

    `missing` names a part that the note lacks: all that a draft lacks is reported in one hint.
    `score` orders the findings of a rule that reports only the first of them (`Rule.most`).
    `suggestion` is what was probably meant, where that depends only on the rule's `reach`.
    """

    span: Span
    message: str
    fix: Fix | None = None
    wanted: Wanted | None = None
    missing: str = ""
    related: tuple[Related, ...] = ()
    score: float = 0.0
    suggestion: str | None = None


class Diagnostic(msgspec.Struct, frozen=True):
    """A finding with the rule that made it and the note it is about.

    `start` and `end` are its places, `source` the line that it begins in, `suggestion` what a
    broken link probably meant. `eased`: a hint only because the note is a draft.
    """

    code: str
    name: str
    severity: Severity
    path: str
    finding: Finding
    start: Place
    end: Place
    source: str
    suggestion: str | None = None
    eased: bool = False

    @property
    def span(self) -> Span:
        """The place in the text."""
        return self.finding.span

    @property
    def message(self) -> str:
        """What is wrong."""
        return self.finding.message

    @property
    def fix(self) -> Fix | None:
        """How it can be fixed."""
        return self.finding.fix

    @property
    def related(self) -> tuple[Related, ...]:
        """Other places that it is about."""
        return self.finding.related

    @property
    def identity(self) -> tuple[str, str, str]:
        """What is the same before and after fixes, which move its place."""
        return self.path, self.code, self.message


# Which changes elsewhere can change what a rule finds in a note; None: none.
Reach = Literal["links", "text", "graph", "paths", "titles", "claims", "relations", "blocks"]

# Groups of a note's links into the vault: `lint.link_graph.Links`.
Links = Literal["ambiguous", "indirect", "broken", "headless", "blockless", "slugs"]


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A note that breaks the rule, and the note as it should be.

    `fix` is the kind of the fix that makes it so, if there is one. `others` are further files of
    the vault, path to text. `renamed` is the path of the good note, if the path was wrong.
    """

    bad: str
    good: str
    fix: Literal["safe", "unsafe"] | None = None
    path: str = "Claims/note.md"
    others: Mapping[str, str] = {}
    renamed: str = ""


@functools.lru_cache(maxsize=16)
def _examples(family: str) -> Mapping[str, tuple[Example, ...]]:
    """Read the examples of a family by code; only pages and tests need them."""
    import pkgutil

    data = pkgutil.get_data("vaultsync.lint.rules", f"examples/{family}.toml") or b""
    # TOML cannot hold what a byte that is not UTF-8 is read as.
    text = data.decode().replace(r"\uFFFD", "\udcff")
    return msgspec.toml.decode(text, type=dict[str, tuple[Example, ...]])


Check = Callable[[Document, Context], Iterable[Finding]]
NoteCheck = Callable[[Note, Context], Iterable[Finding]]


class Rule(msgspec.Struct, frozen=True):
    """A check with its stable code, its name and its severity.

    `default`: runs unless the settings ignore it, or with "git" only in a repository. `certain`:
    applies to drafts in full, and to files that cannot be read. `names`: checks the file's name
    alone, so attachments too. `git`: needs the files that git tracks. `reach`: which changes
    elsewhere can change its findings. `unreadable`: reports that a note or its properties cannot be
    read, so that other rules see nothing there; it runs whatever is selected, and no comment
    suppresses it. `settings`: checks the settings, not notes. `last`: needs the results of the
    others. `history`: needs the days when claims changed; `today`: needs the current day, and
    checks only the note with the journal. Neither runs on the staged tree. `before`: needs an
    earlier version of the note, so it runs only where one is compared with. `typed`: checks only
    notes of a type of the settings. `links`: the group of links that it checks, without which it
    finds nothing. `odd`: finds nothing in a note with a plain body. `most`: how many pairs of notes
    it reports at most, those with the highest scores; 0 is all. `formerly`: the code that its
    findings had until this release, which still suppresses them.
    """

    code: str
    name: str
    severity: Severity
    check: Check
    default: bool | Literal["git"] = True
    certain: bool = False
    names: bool = False
    git: bool = False
    reach: Reach | None = None
    unreadable: bool = False
    settings: bool = False
    last: bool = False
    history: bool = False
    today: bool = False
    before: bool = False
    typed: bool = False
    links: Links | None = None
    odd: bool = False
    most: int = 0
    formerly: str = ""

    @property
    def cached(self) -> bool:
        """Whether its findings are those of one state of the vault, at any time."""
        return not (self.history or self.today or self.before)

    @property
    def examples(self) -> tuple[Example, ...]:
        """What breaks the rule and what does not."""
        return _examples(self.code[:3])[self.code]

    @property
    def fixes(self) -> tuple[Literal["safe", "unsafe"], ...]:
        """The kinds of the rule's fixes, as its examples show; safe ones first."""
        return tuple(sorted({example.fix for example in self.examples if example.fix}))


def rule(  # noqa: PLR0913 - what a rule declares about itself
    code: str,
    name: str,
    *,
    severity: Severity = "error",
    reach: Reach | None = None,
    default: bool | Literal["git"] = True,
    links: Links | None = None,
    formerly: str = "",
    **needs: bool,
) -> Callable[[Check], Rule]:
    """Make a rule of a function that takes a document and the context and yields findings."""

    def made(check: Check) -> Rule:
        own = Rule(code, name, severity, check, default=default, formerly=formerly)
        return msgspec.structs.replace(own, reach=reach, links=links, **needs)

    return made


def note_rule(
    code: str,
    name: str,
    *,
    severity: Severity = "error",
    reach: Reach | None = None,
    most: int = 0,
    **needs: bool,
) -> Callable[[NoteCheck], Rule]:
    """Make a rule of a function that takes a typed note: it checks nothing else."""

    def made(check: NoteCheck) -> Rule:
        @functools.wraps(check)
        def of_document(document: Document, context: Context) -> Iterable[Finding]:
            note = context.note(document)
            return check(note, context) if note else ()

        own = Rule(code, name, severity, of_document, most=most, typed=True)
        return msgspec.structs.replace(own, reach=reach, **needs)

    return made


def one(path: str, title: str, edits: tuple[Edit, ...], *, safe: bool = True) -> Fix | None:
    """Return a fix of one file, None if there is nothing to edit."""
    return Fix(title, {path: edits}, "safe" if safe else "unsafe") if edits else None
