"""LNK: how a link names its file."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Iterator

from vaultsync.core.model import Document, Link
from vaultsync.core.text import Edit
from vaultsync.lint.context import Context
from vaultsync.lint.link_edits import is_wiki, retarget, retarget_and_show
from vaultsync.lint.rule import Example, Finding, one, rule
from vaultsync.notes.link_index import full_linktext, key, linktext

_WHY = {
    "relative": "nothing lies there, and the path happens to end another",
    "suffix": "it is the end of that path, and cuts a folder's name",
    "prefix": "that folder's name begins with the name of this note's folder",
}
_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " "})


@rule(
    "LNK006",
    "quirk-link",
    Example(
        "[[ary/index]]\n",
        "[[glossary/index]]\n",
        fixed=True,
        path="note.md",
        others={"glossary/index.md": "", "faq/index.md": ""},
    ),
    Example(
        "[tree](../tree.md)\n",
        "[tree](../plants/a/tree.md)\n",
        fixed=True,
        path="a/note.md",
        others={"plants/a/tree.md": "Text.\n"},
    ),
    severity="warning",
    reach="links",
    links="indirect",
)
def quirk_link(document: Document, context: Context) -> Iterator[Finding]:
    """A link leads somewhere only by a quirk of Obsidian.

    Obsidian compares paths as plain texts: `[[ary/index]]` is the end of `glossary/index.md`, a
    note in `Y/` takes files in `YZ/` for near ones, and `../x` where nothing lies there may be the
    end of another path. Other tools find nothing or another file, and a new file can change what
    the link means. The fix writes what Obsidian itself would write for the same file; a relative
    Markdown link stays relative.
    """
    index = context.index
    for link, path in context.network.of(document).indirect:
        quirk = index.quirk(link.target, document.path)
        if quirk is None or link.kind == "canvas":
            continue
        target = _sound(document, link, path, context)
        edits = retarget(document, link, target)
        message = f"`{link.target}` leads to {path} by a quirk: {_WHY[quirk]}"
        if edits:
            message += f"; write `{target}`"
        yield Finding(link.span, message, one(document.path, f"link to `{target}`", edits))


def _sound(document: Document, link: Link, path: str, context: Context) -> str:
    """Return the target that a link to a file has; a relative Markdown one stays relative."""
    if is_wiki(document, link):
        return linktext(path, context.index)
    if not link.target.startswith("."):
        return full_linktext(path, context.index)
    relative = posixpath.relpath(f"/{path}", f"/{posixpath.dirname(document.path)}")
    return relative if relative.startswith("../") else f"./{relative}"


@rule(
    "LNK012",
    "wrong-case",
    Example(
        "[it](Other.md), an [[OTHER]]\n",
        "[it](other.md), an [[other|OTHER]]\n",
        fixed=True,
        path="note.md",
        others={"other.md": ""},
    ),
    severity="warning",
    default=False,
    reach="links",
)
def wrong_case(document: Document, context: Context) -> Iterator[Finding]:
    """A link writes the name of a file in another letter case than the file has.

    Obsidian finds the file all the same; other tools, web servers and the disks of other systems
    do not, or find another one. The fix writes the name as the file has it, and a wikilink goes on
    to show what it showed. The same holds for a link in which accents are characters of their own
    (Unicode's NFD) where they are none in the file's name.
    """
    for link, (path, *others) in context.network.resolved(document):
        if _is_named(link, path) or others or link.kind == "canvas":
            continue
        target = _as_on_disk(link.target, path)
        if not _differs(link.target, target):
            continue
        twin = next((p for p in context.index.namesakes(path) if _is_named(link, p)), None)
        if twin:
            yield Finding(link.span, f"this leads to {path}, not to {twin}: write the path")
            continue
        edits = _renamed(document, link, target, context)
        message = f"the file is called `{target}`"
        yield Finding(link.span, message, one(document.path, f"write `{target}`", edits))


def _is_named(link: Link, path: str) -> bool:
    """Whether a path ends with a link's target, letter by letter."""
    return f"/{path}".endswith((f"/{link.target}", f"/{link.target}.md"))


def _renamed(document: Document, link: Link, target: str, context: Context) -> tuple[Edit, ...]:
    names = [
        unicodedata.normalize("NFC", text.rpartition("/")[2]) for text in (link.target, target)
    ]
    if link.kind == "wiki" and names[0] != names[1]:
        return retarget_and_show(document, link, target, context.network)
    return retarget(document, link, target)


def _as_on_disk(target: str, path: str) -> str:
    """Return a target with the names that the file and its folders have."""
    written, names = target.split("/"), path.split("/")
    if key(written[-1]) != key(names[-1]):
        names[-1] = names[-1][:-3]
    for at in range(1, min(len(written), len(names)) + 1):
        if key(written[-at]) != key(names[-at]):
            break
        written[-at] = names[-at]
    return "/".join(written)


def _differs(written: str, name: str) -> bool:
    """Whether letter case or, where the name is in the usual form (NFC), the form differs."""
    plain = [unicodedata.normalize("NFC", text).translate(_BLANKS) for text in (written, name)]
    decomposed = unicodedata.normalize("NFC", written) == name != written
    return plain[0] != plain[1] or decomposed


RULES = (quirk_link, wrong_case)
