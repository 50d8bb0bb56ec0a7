"""What a rule is: its function checks, its docstring is its page, its examples are its tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

import msgspec

from vaultsync.core.model import Document
from vaultsync.core.text import Edit
from vaultsync.lint.context import Context
from vaultsync.lint.diagnostic import Finding, Fix, Severity

# Which changes elsewhere can change what a rule finds in a note; None: none.
Reach = Literal["links", "text", "graph", "paths", "titles", "claims", "blocks"]

# Groups of a note's links into the vault: `lint.link_graph.Links`.
Links = Literal["ambiguous", "indirect", "broken", "headless", "blockless", "slugs"]


class Example(msgspec.Struct, frozen=True):
    """A note that breaks the rule, and the note as it should be. `fixed`: the fix makes it so.

    `unsafe`: that fix may change what the note means. `others` are further files of the vault, path
    to text. `renamed` is the path of the good note, if the path was wrong.
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
    """A check with its stable code, its name and its severity.

    `default`: runs unless the settings ignore it. `certain`: applies to drafts in full, and to
    files that cannot be read. `names`: checks the file's name alone, so attachments too. `git`:
    needs the files that git tracks. `reach`: which changes elsewhere can change its findings.
    `unreadable`: reports that a note or its properties cannot be read, so that other rules see
    nothing there; it runs whatever is selected, and no comment suppresses it. `settings`: checks
    the settings, not notes. `last`: needs the results of the others. `history`: needs the days when
    claims changed, so it never runs on the staged tree. `typed`: checks only notes of a type of
    the settings. `links`: the group of links that it checks, without which it finds nothing.
    `most`: how many pairs of notes it reports at most, those with the highest scores; 0 is all.
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
    reach: Reach | None = None
    unreadable: bool = False
    settings: bool = False
    last: bool = False
    history: bool = False
    typed: bool = False
    links: Links | None = None
    most: int = 0

    @property
    def fixes(self) -> tuple[Literal["safe", "unsafe"], ...]:
        """The kinds of the rule's fixes, as its examples show."""
        shown = {example.unsafe for example in self.examples if example.fixed}
        kinds: dict[bool, Literal["safe", "unsafe"]] = {False: "safe", True: "unsafe"}
        return tuple(kind for unsafe, kind in kinds.items() if unsafe in shown)


def rule(  # noqa: PLR0913 - what a rule declares about itself
    code: str,
    name: str,
    *examples: Example,
    severity: Severity = "error",
    default: bool = True,
    reach: Reach | None = None,
    links: Links | None = None,
    most: int = 0,
    **needs: bool,
) -> Callable[[Check], Rule]:
    """Make a rule of a function that takes a document and the context and yields findings."""
    return lambda check: Rule(
        code, name, severity, check, examples, default, reach=reach, links=links, most=most, **needs
    )


def one(path: str, title: str, edits: tuple[Edit, ...], *, safe: bool = True) -> Fix | None:
    """Return a fix of one file, None if there is nothing to edit."""
    return Fix(title, {path: edits}, "safe" if safe else "unsafe") if edits else None
