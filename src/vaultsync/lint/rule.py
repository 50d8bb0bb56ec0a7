"""What a rule is. Its function finds, its docstring is its page, its examples are its tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

import msgspec

from vaultsync.core.model import Document
from vaultsync.core.text import Edit, Span
from vaultsync.lint.context import Context

Severity = Literal["error", "warning", "hint"]

# What, besides its own note, can change what a rule finds there: nothing; where the note's links
# lead; a file that a text names; which notes are linked at all; the paths of other files; titles;
# the claims of typed notes; what generated blocks are made of; the types that Obsidian keeps.
Reach = Literal["note", "links", "text", "graph", "paths", "titles", "claims", "blocks", "types"]


# Groups of a note's links into the vault: `lint.network.Links`.
Links = Literal["ambiguous", "indirect", "broken", "headless", "blockless", "slugs"]


class Fix(msgspec.Struct, frozen=True):
    """Edits by path, all made or none. An unsafe fix may change what a note means."""

    title: str
    edits: Mapping[str, tuple[Edit, ...]]
    safe: bool = True


class Finding(msgspec.Struct, frozen=True):
    """What a rule yields.

    `meant` is a link's target to look for the nearest of, when it is shown; with `within`, the path
    of a note, it is a subpath there. `lacks` names a part that is missing: what a draft lacks is
    told in one hint. `aside` is told behind the message; as other notes can change it, the finding
    is not known by it.
    """

    span: Span
    message: str
    fix: Fix | None = None
    meant: str = ""
    within: str = ""
    lacks: str = ""
    aside: str = ""


class Example(msgspec.Struct, frozen=True):
    """A note that breaks the rule, and what it should be. `fixed`: the fix makes it so.

    `unsafe`: that fix may change what the note means. `others` are further files of the vault, path
    to text. `renamed` is where the good note lies, if it is the path that was wrong.
    """

    bad: str
    good: str
    fixed: bool = False
    unsafe: bool = False
    path: str = "Claims/note.md"
    others: Mapping[str, str] = {}
    renamed: str = ""


Check = Callable[[Document, Context], Iterable[Finding]]


class Rule(msgspec.Struct, frozen=True):
    """A check with its stable code, its name, and how much a finding matters.

    `default`: runs unless told otherwise. `certain`: a draft is not let off. `names`: looks at the
    file's name alone, so attachments are checked too. `git`: has to be told what git tracks.
    `reach`: which changes elsewhere can change what it finds in a note.
    `unreadable`: tells that a note or its properties cannot be read, so that others see nothing
    there; it runs whatever is selected, and no comment suppresses it. `settings`: looks at the
    settings, not at notes. `last`: is told what the others found. `history`: has to be told when
    claims changed, so it never runs on the staged tree. `typed`: looks at notes of a type of the
    settings, and at no others. `clue`: whether a note by itself holds anything that the rule looks
    for in it. `links`: the group of links that it looks at, without which it finds nothing.
    """

    code: str
    name: str
    severity: Severity
    check: Check
    examples: tuple[Example, ...]
    default: bool = True
    certain: bool = False
    names: bool = False
    git: bool = False
    reach: Reach = "note"
    unreadable: bool = False
    settings: bool = False
    last: bool = False
    history: bool = False
    typed: bool = False
    clue: Callable[[Document], bool] | None = None
    links: Links | None = None

    @property
    def fixes(self) -> tuple[Literal["safe", "unsafe"], ...]:
        """What the rule's fixes are, as its examples show; none: there is no fix."""
        shown = {example.unsafe for example in self.examples if example.fixed}
        kinds: dict[bool, Literal["safe", "unsafe"]] = {False: "safe", True: "unsafe"}
        return tuple(kind for unsafe, kind in kinds.items() if unsafe in shown)


def rule(  # noqa: PLR0913 - what a rule says of itself
    code: str,
    name: str,
    *examples: Example,
    severity: Severity = "error",
    default: bool = True,
    reach: Reach = "note",
    clue: Callable[[Document], bool] | None = None,
    links: Links | None = None,
    **needs: bool,
) -> Callable[[Check], Rule]:
    """Make a rule of a function that takes a document and the context and yields findings."""
    return lambda check: Rule(
        code, name, severity, check, examples, default, reach=reach, clue=clue, links=links, **needs
    )


def one(path: str, title: str, edits: tuple[Edit, ...], *, safe: bool = True) -> Fix | None:
    """Return a fix of one file, None where there is nothing to edit."""
    return Fix(title, {path: edits}, safe) if edits else None
