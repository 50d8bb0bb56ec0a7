"""Anchors and footnotes in the composed text."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping

from vaultsync.blocks.comments import code_spans
from vaultsync.core.model import Document
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.markdown import parse
from vaultsync.markdown.footnotes import REFERENCE
from vaultsync.markdown.reader import rendered_headings
from vaultsync.notes.link_index import slugs
from vaultsync.notes.note import stem

# The page has these for itself.
RESERVED = frozenset({"top", "page-text", "page-preview"})
ANCHOR = re.compile(r'<a id="([^"]+)"></a>')
_SLUG = re.compile(r"[^\w\- ]")
_HEADING = re.compile(rf"(?:#{{1,6}}[ \t]+)?(?P<anchors>(?:{ANCHOR.pattern})+)")
_LESSWRONG_RESERVED = ("top", "comments")
_LESSWRONG_LENGTH = 300
_LESSWRONG_OTHER = re.compile(r"[^A-Za-z0-9_]")
# A search is quick where the first that it looks for is a character.
INLINE = re.compile(r"\^(?<!\\\^)\[((?:\\.|\[\[[^\[\]\n]*\]\]|\[[^\[\]\n]*\]|[^\[\]\\\n])+)\]")
_DEFINITION = re.compile(r"\[\^[^\]\n]+\]:[ \t]*")
_INDENT = re.compile(r"^(?: {1,4}|\t)", re.MULTILINE)
# A definition as `Footnotes.merged` writes it.
_WRITTEN = re.compile(r"^\[\^(\d+)\]: (.*(?:\n+    .*)*)", re.MULTILINE)
# Where each line that is not empty begins, but for the first.
_LINE = re.compile(r"(?<=\n)(?=[^\n])")
# A number that no author's label can be: composing takes these characters out of every note.
OURS = "\ufdd2"
_OURS = re.compile(rf"\[\^{OURS}(\d+)\]")


def anchor(name: str) -> str:
    """Return the mark of a place in the composed text."""
    return f'<a id="{name}"></a>'


def free_name(text: str, taken: Container[str]) -> str:
    """Return the name that a text gives a place, with a count where it is taken."""
    name = _SLUG.sub("", text.strip().lower()).replace(" ", "-") or "part"
    return _free(name, "-", taken)


def _free(name: str, mark: str, taken: Container[str]) -> str:
    numbered = (f"{name}{mark}{number}" for number in itertools.count(1))
    return next(free for free in itertools.chain([name], numbered) if free not in taken)


def github_anchors(title: str, headings: Iterable[str]) -> list[str]:
    """Return GitHub's anchors of the headings below a title, all given as plain texts."""
    return slugs([title, *headings])[1:]


def lesswrong_anchors(headings: Iterable[str]) -> list[str]:
    """Return LessWrong's anchors of headings, given as their texts, untrimmed and in order.

    Bold text that is a paragraph alone counts as a heading there, levels 5 and 6 do not.
    Source: titleToAnchor in `packages/lesswrong/lib/tableOfContents.ts` of
    https://github.com/ForumMagnum/ForumMagnum.
    """
    found: dict[str, None] = dict.fromkeys(_LESSWRONG_RESERVED)
    for heading in headings:
        # JavaScript counts a character beyond U+FFFF as two.
        name = _LESSWRONG_OTHER.sub(lambda char: "_" * (1 + (char[0] > "\uffff")), heading)
        if len(name) > _LESSWRONG_LENGTH:
            name = f"{name[:_LESSWRONG_LENGTH]}___"
        found[_free(name, "", found)] = None
    return list(found)[len(_LESSWRONG_RESERVED) :]


def without_heading_anchors(
    text: str, mark: Callable[[int], str] = lambda _number: ""
) -> tuple[str, list[tuple[str, ...]]]:
    """Return a composed text without the marks in its headings, and the names of each heading.

    In place of a heading's marks is what `mark` makes of its number.
    """
    edits, names = [], []
    for heading in rendered_headings(text):
        found = _HEADING.match(text, heading.start, heading.end)
        names.append(tuple(ANCHOR.findall(found["anchors"])) if found else ())
        if found:
            edits.append(Edit(Span(*found.span("anchors")), mark(len(names) - 1)))
    return apply_edits(text, edits), names


def renamed(text: str, names: Mapping[str, str]) -> str:
    """Return a composed text whose places have new names; one whose name is "" is marked no more.

    Places that are not named stay: an author marked them.
    """

    def mark(found: re.Match[str]) -> str:
        name = names.get(found[1], found[1])
        return anchor(name) if name else ""

    return ANCHOR.sub(mark, text)


def relinked(text: str, destinations: Mapping[str, str]) -> str:
    """Return a composed text whose links to places lead elsewhere.

    A link to a place that has no destination becomes its text.
    """
    document = parse("post.md", f"\n{text}")
    edits = []
    for link in document.links:
        if link.kind == "markdown" and not link.target and link.subpath:
            there, shown = destinations.get(link.subpath[1:]), link.display or ""
            edits.append(Edit(link.span, f"[{shown}]({there})" if there else shown))
    return apply_edits(document.text, edits)[1:]


def linked_names(text: str) -> frozenset[str]:
    """Return the names of places that links of a composed text lead to."""
    links = parse("post.md", f"\n{text}").links
    return frozenset(link.subpath[1:] for link in links if not link.target and link.subpath)


class Names:
    """The names given so far: to notes by path, to headings by path and number in the note."""

    def __init__(self) -> None:
        """Start without any."""
        self.notes: dict[str, str] = {}
        self.headings: dict[tuple[str, int], str] = {}
        self._taken = set(RESERVED)

    def mark_note(self, path: str) -> str:
        """Name the place of a note and return its mark, "" where it has one already."""
        if path in self.notes:
            return ""
        return anchor(self.notes.setdefault(path, self._free(stem(path))))

    def mark_heading(self, path: str, number: int, text: str) -> str:
        """Name a heading of a note by its text and return its mark, "" where it has one already."""
        if (path, number) in self.headings:
            return ""
        return anchor(self.headings.setdefault((path, number), self._free(text)))

    def mark_day(self, name: str) -> str:
        """Return the mark of a day of the journal, "" where something has its name already."""
        if not name or name in self._taken:
            return ""
        self._taken.add(name)
        return anchor(name)

    def _free(self, text: str) -> str:
        name = free_name(text, self._taken)
        self._taken.add(name)
        return name


class Footnotes:
    """The footnotes met so far, each known by its note and label."""

    def __init__(self) -> None:
        """Start without any."""
        self.texts: list[str] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self._pending: list[tuple[int, Callable[[], str]]] = []

    def reference(self, path: str, label: str, text: Callable[[], str]) -> str:
        """Return the mark of a footnote; `complete` calls `text` once."""
        key = path, label.lower()
        if key not in self._numbers:
            number = self._numbers[key] = len(self.texts)
            self.texts.append("")
            self._pending.append((number, text))
        return f"[^{OURS}{self._numbers[key]}]"

    def complete(self) -> None:
        """Make the texts of the footnotes met so far, and of those that these refer to."""
        # A chain of them may be longer than Python's stack.
        while self._pending:
            number, text = self._pending.pop(0)
            self.texts[number] = text()

    def inline(self, text: str) -> str:
        """Return the mark of a footnote that is written where it is referred to."""
        self.texts.append(text)
        return f"[^{OURS}{len(self.texts) - 1}]"

    def merged(self, text: str) -> str:
        """Return a text with the footnotes numbered in reading order, and written at its end.

        A footnote that another one refers to comes behind those of the text.
        """
        self.complete()
        order: list[int] = []
        numbers: dict[int, int] = {}

        def number(found: re.Match[str]) -> str:
            old = int(found[1])
            # It is not ours but a mark that a note's author wrote.
            if old >= len(self.texts):
                return ""
            if old not in numbers:
                order.append(old)
                numbers[old] = len(order)
            return f"[^{numbers[old]}]"

        parts = [_OURS.sub(number, text).rstrip("\n")]
        # It grows by what its footnotes refer to.
        for count, old in enumerate(order, 1):
            note = _LINE.sub("    ", _OURS.sub(number, self.texts[old]))
            parts.append(f"[^{count}]: {note}")
        return "\n\n".join(parts) + "\n"


def uses(document: Document, pattern: re.Pattern[str]) -> Iterator[tuple[Span, str]]:
    """Yield where a note uses footnotes: the place, and the label or text in it.

    Code and definitions hold no references.
    """
    text = document.text
    if not pattern.search(text):
        return
    quiet = sorted((*(found.span for found in document.footnotes), *code_spans(text)))
    end, number = 0, 0
    for found in pattern.finditer(text):
        while number < len(quiet) and quiet[number].start <= found.start():
            end, number = max(end, quiet[number].end), number + 1
        if found.start() >= end:
            yield Span(*found.span()), found[1]


def definition(document: Document, label: str) -> str | None:
    """Return the text of a footnote of a note; of two with one label the first counts."""
    span = _definitions(document).get(label.lower())
    if span is None:
        return None
    return _INDENT.sub("", _DEFINITION.sub("", span.of(document.text).strip(), count=1))


# Many references may be in one note.
@functools.lru_cache(maxsize=8)
def _definitions(document: Document) -> dict[str, Span]:
    return {found.label.lower(): found.span for found in reversed(document.footnotes)}


def without_shared_footnotes(text: str) -> str:
    """Return a text in which no two references share a footnote, for readers that take only one.

    The second and each later reference get a copy.
    """
    bodies = dict(_WRITTEN.findall(text))
    free = itertools.count(len(bodies) + 1)
    seen: set[str] = set()
    edits, copies = [], ""
    for found in REFERENCE.finditer(text):
        label = found[1]
        if label in seen and label in bodies:
            new = f"[^{next(free)}]"
            edits.append(Edit(Span(*found.span()), new))
            copies += f"\n{new}: {bodies[label]}\n"
        seen.add(label)
    return apply_edits(text, edits) + copies
