"""Names in a vault and what a link resolves to, exactly as Obsidian does.

Source of the rules: `getFirstLinkpathDest` as observed by
https://github.com/open-nerve/NerveWiki and https://github.com/pvliesdonk/markdown-vault-mcp.
"""

from __future__ import annotations

import functools
import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Literal

from vaultsync.core.model import Document, Link

_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " "})
_HEADING_MARKS = re.compile(r"[!\"#$%&()*+,.:;<=>?@^`{|}~/\[\]\\\r\n]")
_UP = re.compile(r"\.{1,2}/")
# A part of a drawing of Excalidraw, whose notes hold it in compressed form.
_DRAWING_PART = re.compile(r"#\^(?:frame|clippedframe|group|area)=")
# What `stripHeadingForLink` of Obsidian's interface leaves out of a heading.
_HEADING_BREAKERS = re.compile(r"[:#|^\\\s]|%%|\[\[|\]\]")
# Types of files, other than notes, canvases and bases, that Obsidian opens.
# Source: https://help.obsidian.md/file-formats.
_ATTACHMENT = re.compile(
    r"\.(?:avif|bmp|gif|jpe?g|png|svg|webp|flac|m4a|mp3|ogg|wav|webm|3gp|mkv|mov|mp4|ogv|pdf)\Z",
    re.IGNORECASE,
)

# Why a link works that does not name its file: no file is at its relative path, the name of a
# folder is cut, or the name of the source's folder is the beginning of another's.
LooseMatch = Literal["relative", "suffix", "prefix"]


def name_key(name: str) -> str:
    """Return the form under which names and paths are compared."""
    if name.isascii():
        return name.lower()
    # A final sigma is one only while nothing follows it, such as `.md`.
    folded = unicodedata.normalize("NFC", name.translate(_SPACES)).lower()
    return folded.replace("\u03c2", "\u03c3")


def utf16_length(path: str) -> int:
    """Return the length of a path in UTF-16 code units, by which Obsidian ranks candidates."""
    return len(path) if path.isascii() else len(path.encode("utf-16-le", "surrogatepass")) // 2


class LinkIndex:
    """Folded file name to paths, for one set of files."""

    def __init__(self, files: Iterable[str]) -> None:
        """Index the files, vault-relative; those of one name in path order."""
        self._files = frozenset(files)
        self._names: dict[str, list[str]] = {}
        for path in self._files:
            self._names.setdefault(name_key(_name(path)), []).append(path)
        # A name that one file has leads there from everywhere, as does a whole path.
        self._anywhere: dict[str, tuple[str, ...]] = {}
        self._from_folder: dict[tuple[str, str], tuple[str, ...]] = {}
        shared = [paths for paths in self._names.values() if len(paths) > 1]
        for paths in shared:
            paths.sort()
        self._shared = frozenset(path for paths in shared for path in paths)

    @functools.cached_property
    def common_targets(self) -> frozenset[str]:
        """The most common targets of links: the whole path of a note, or a name that it alone has.

        From everywhere they lead to that note.
        """
        notes = [path[:-3] for path in self._files - self._shared if path.endswith(".md")]
        found = [target for path in notes for target in (path, _name(path))]
        return frozenset(target for target in found if target and "." not in _name(target))

    def resolve(self, target: str, source: str) -> tuple[str, ...]:
        """Return the files that a link's target may mean; the first is Obsidian's answer.

        Several are returned only where nothing but the order of the disk decides between them.
        """
        if target == "":
            return (source,)
        found = self._anywhere.get(target)
        if found is None:
            folder = source.rpartition("/")[0]
            found = self._from_folder.get((target, folder))
            if found is None:
                found, anywhere = self._answer(target, folder)
                if anywhere:
                    self._anywhere[target] = found
                else:
                    self._from_folder[target, folder] = found
        return found

    def forget(self) -> None:
        """Drop the answers: some are of names that no link has any more."""
        self._anywhere.clear()
        self._from_folder.clear()

    def _answer(self, target: str, folder: str) -> tuple[tuple[str, ...], bool]:
        """Return what a target means in a folder, and whether it means that in every folder."""
        note = f"{target}.md"
        # Most links name a note by its whole path, letter by letter.
        if note in self._files and note not in self._shared and "." not in _name(target):
            return (note,), True
        candidates, wanted = self._candidates(name_key(target))
        if len(candidates) <= 1 and "/" not in wanted:
            return tuple(candidates), True
        near, is_relative = name_key(folder), _UP.match(wanted) is not None
        if is_relative:
            wanted = _join(near, wanted)
        whole = wanted.removeprefix("/")
        exact = tuple(path for path in candidates if name_key(path) == whole)
        if exact or wanted.startswith("/"):
            return exact, not is_relative
        return _ranked(candidates, wanted, near), False

    def loose_match(self, target: str, source: str) -> LooseMatch | None:
        """Return the loose rule that a link needs to lead where it does, if it needs one."""
        found = self.resolve(target, source)
        candidates, wanted = self._candidates(name_key(target))
        if not found or target == "" or (len(candidates) == 1 and "/" not in wanted):
            return None
        folder, answer = name_key(posixpath.dirname(source)), name_key(found[0])
        if _UP.match(wanted):
            return None if answer == _join(folder, wanted) else "relative"
        wanted = wanted.removeprefix("/")
        if answer == wanted:
            return None
        if not answer.endswith(f"/{wanted}"):
            return "suffix"
        whole = [path for path in candidates if f"/{name_key(path)}".endswith(f"/{wanted}")]
        near = f"{folder}/" if folder else ""
        return None if _ranked(whole, wanted, near) == found else "prefix"

    def _candidates(self, wanted: str) -> tuple[list[str], str]:
        name = _name(wanted)
        if "." in name[1:-1]:
            found = self._names.get(name)
            if found:
                return found, wanted
        return self._names.get(f"{name}.md", []), f"{wanted}.md"

    def namesakes(self, path: str) -> list[str]:
        """Return the other files of the index that have the same name as this one."""
        if path not in self._shared:
            return []
        return [other for other in self._names[name_key(_name(path))] if other != path]

    def is_unique(self, path: str) -> bool:
        """Whether no other file has the same name as this one."""
        return path not in self._shared


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _join(folder: str, relative: str) -> str:
    start = 0
    while found := _UP.match(relative, start):
        if found.group() == "../":
            folder = posixpath.dirname(folder)
        start = found.end()
    return f"{folder}/{relative[start:]}" if folder else relative[start:]


def _ranked(candidates: list[str], wanted: str, folder: str) -> tuple[str, ...]:
    """Rank the paths that end with `wanted`: those below the source's folder first, then short.

    Only the best, and those that tie with it, are returned. All comparisons are of plain strings
    without regard to `/`, as the app's are.
    """
    ranks: dict[tuple[bool, int], list[str]] = {}
    for path in candidates:
        folded = name_key(path)
        if folded.endswith(wanted):
            ranks.setdefault((not folded.startswith(folder), utf16_length(path)), []).append(path)
    return tuple(ranks[min(ranks)]) if ranks else ()


# Many notes come from one template, and have its headings.
@functools.lru_cache(maxsize=1024)
def heading_key(text: str) -> str:
    """Return the form under which headings and subpaths are compared."""
    return " ".join(_HEADING_MARKS.sub(" ", text).split()).lower()


def find_heading(document: Document, subpath: str) -> int | None:
    """Return the number of the heading that `#A#B` leads to: one pass, each deeper than before."""
    wanted = [key for part in subpath.split("#") if (key := heading_key(part))]
    known, level, found = _headings(document), 0, -1
    for key in wanted:
        later = (number for number in known.get(key, ()) if number > found)
        found = next((at for at in later if document.headings[at].level > level), -1)
        if found < 0:
            return None
        level = document.headings[found].level
    return found if wanted else None


def subpaths_to(document: Document, number: int) -> Iterator[str]:
    """Yield subpaths that may lead to a heading: its own, behind one above it, behind all above.

    Of several headings with one text only some of these lead to each.
    """
    found = document.headings[number]
    own = chain = heading_subpath(found.text)
    yield own
    level = found.level
    for other in reversed(document.headings[:number]):
        if other.level < level:
            level, above = other.level, heading_subpath(other.text)
            chain = above + chain
            yield from dict.fromkeys((above + own, chain))


def subpath_to(document: Document, number: int) -> str | None:
    """Return the first subpath that leads to a heading, None where there is none."""
    found = subpaths_to(document, number)
    return next((one for one in found if find_heading(document, one) == number), None)


def find_block(document: Document, subpath: str) -> int | None:
    """Return the number of the block that `#^id` leads to."""
    wanted = subpath[2:].lower()
    ids = enumerate(block.id.lower() for block in document.blocks)
    return next((number for number, one in ids if one == wanted), None)


# Many links may lead to one note.
@functools.lru_cache(maxsize=256)
def _headings(document: Document) -> dict[str, list[int]]:
    """Return the numbers of the headings by their keys."""
    found: dict[str, list[int]] = {}
    for number, heading in enumerate(document.headings):
        found.setdefault(heading_key(heading.text), []).append(number)
    return found


def has_subpath(document: Document, subpath: str) -> bool:
    """Whether the heading, block or footnote that a subpath names is in the note.

    The headings of a base are its views; one without any may be unreadable.
    """
    if subpath in {"", "#"} or document.kind not in {"note", "base"}:
        return True
    if document.kind == "base":
        return not document.headings or heading_key(subpath) in _subpaths(document)
    if _DRAWING_PART.match(subpath):
        return True
    if subpath.startswith(("#^", "#[^")):
        written = subpath[1:] if subpath[1] == "^" else subpath[1:].rstrip("]")
        return written.lower() in _subpaths(document)
    if "#" in subpath[1:]:
        return find_heading(document, subpath) is not None
    return heading_key(subpath) in _subpaths(document)


# Many links may lead to one note.
@functools.lru_cache(maxsize=256)
def _subpaths(document: Document) -> frozenset[str]:
    """Return the keys of headings, which hold no such mark, and `^block` and `[^footnote`."""
    blocks = [f"^{block.id.lower()}" for block in document.blocks]
    labels = [f"[^{note.label.lower()}" for note in document.footnotes]
    headings = [heading_key(heading.text) for heading in document.headings]
    return frozenset([*headings, *blocks, *labels]) - {""}


def forget_documents() -> None:
    """Drop what is cached of documents, each of which is in memory for as long as that."""
    _headings.cache_clear()
    _subpaths.cache_clear()


def slugs(headings: Iterable[str]) -> list[str]:
    """Return the anchors that GitHub gives to the headings of a note, given as plain texts.

    Source: https://github.com/Flet/github-slugger.
    """
    found: dict[str, int] = {}
    for heading in headings:
        plain = slug = "".join(filter(_in_slug, heading.strip().lower())).replace(" ", "-")
        while slug in found:
            found[plain] += 1
            slug = f"{plain}-{found[plain]}"
        found[slug] = 0
    return list(found)


def _in_slug(char: str) -> bool:
    category = unicodedata.category(char)
    return char in " -" or category[0] in "LM" or category in {"Nd", "Nl", "Pc"}


def heading_subpath(text: str) -> str:
    """Return the subpath that Obsidian writes for a heading, from the heading's source."""
    return f"#{' '.join(_HEADING_BREAKERS.sub(' ', text).split())}"


def resolvable_links(document: Document) -> Iterator[Link]:
    """Return the links of a document that lead into the vault."""
    return (link for link in document.internal if link.target or link.subpath)


def is_attachment(target: str) -> bool:
    """Whether a target names a file of a type that is not a note, canvas or base."""
    return _ATTACHMENT.search(target) is not None


def full_linktext(path: str, index: LinkIndex) -> str:
    """Return how Obsidian names a file in a Markdown link: its name if unique, else its path."""
    return _name(path) if index.is_unique(path) else path


def linktext(path: str, index: LinkIndex) -> str:
    """Return how a wikilink to a file is written: its name if unique, else its whole path."""
    written = full_linktext(path, index)
    short = written.removesuffix(".md")
    # A file that is called so, without `.md`, would be found first.
    return short if index.resolve(short, path)[:1] == (path,) else written


def wikilink(path: str, index: LinkIndex, display: str = "") -> str:
    """Return a wikilink to a file; marks that would end the display text are left out."""
    shown = re.sub(r"\[\[|\]\]|[|\\\s]", " ", display)
    shown = " ".join(shown.replace("](", "] (").split())
    target = linktext(path, index)
    # Obsidian trims the space that separates a last bracket from those of the link.
    end = " ]]" if shown.endswith("]") else "]]"
    return f"[[{target}|{shown}{end}" if shown and shown != target else f"[[{target}]]"


# The index is needed for the vault, and before the vault is read.
@functools.lru_cache(maxsize=2)
def index_of(files: frozenset[str]) -> LinkIndex:
    """Return the names of files, such as all those of a vault."""
    return LinkIndex(files)
