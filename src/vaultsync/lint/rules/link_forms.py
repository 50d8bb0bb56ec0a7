"""LNK: how a link is written."""

from __future__ import annotations

import functools
import posixpath
import re
import unicodedata
from collections.abc import Iterator

from vaultsync.core.model import Document, Link
from vaultsync.core.text import Edit, Span, apply_edits, possessive_group
from vaultsync.lint.context import Context
from vaultsync.lint.retarget import is_wiki, retarget, retarget_and_show
from vaultsync.lint.rule import Finding, one, rule, whole_files
from vaultsync.markdown import markup_spans, parse
from vaultsync.markdown.links import is_external, markdown_target
from vaultsync.notes.link_index import (
    LooseMatch,
    full_linktext,
    has_subpath,
    linktext,
    name_key,
)

_WHY = {
    "relative": "nothing is there, and the path happens to be the end of another",
    "outside": "it leads out of the vault, and the rest of it happens to be the end of that path",
    "suffix": "it is the end of that path, and cuts a folder's name",
    "prefix": "it counts as near, as its path begins like that of this note's folder, `{folder}`",
}
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " "})
# What is worth a closer look: a space in the destination that no title follows.
_PATH = r"[^ \t\r\n()<>]++|\([^\s()<>]*\)"
_SPACED = re.compile(rf"\]\((?!(?i:https?):){possessive_group(_PATH)}[ \t]++[^\s\"')]")
_BARE = re.compile(
    r"\]\([ \t]*(?P<written>(?:[^()<>\r\n]|\([^()<>\r\n]*\))+?)"
    r"(?:[ \t]+(?:\"[^\"\r\n]*\"|'[^'\r\n]*'))?[ \t]*\)"
)
_PIPED = re.compile(r"\[\[(?P<inner>[^\[\]\r\n]+)\]\]")
_PIPE = re.compile(r"(?<!\\)\|")
_DEFINITION = re.compile(r"^[ \t>]*\[[^\]\[^\r\n][^\]\[\r\n]*\]:", re.MULTILINE)
# The type of a wikilink is a mapping, not a text.
_REFERENCES = ("Reference", "Collapsed", "Shortcut")


# A rule needs them, and what the note depends on.
@functools.lru_cache(maxsize=1)
def _spaced(document: Document) -> list[re.Match[str]]:
    """Return what would be links into the vault without the spaces in their destinations."""
    text = document.text
    end = document.body if document.plain else len(text)
    near = [_BARE.match(text, at.start()) for at in _SPACED.finditer(text, 0, end)]
    return [
        found
        for found in near
        if found and " " in found["written"] and not is_external(found["written"])
    ]


@rule("LNK006", "quirk-link", severity="warning", reach="links", links="indirect")
def quirk_link(document: Document, context: Context) -> Iterator[Finding]:
    """A link leads somewhere only by a quirk of Obsidian.

    Obsidian compares paths as plain texts: `[[ary/index]]` is the end of `glossary/index.md`, for a
    note in `Y/` the files in `YZ/`, and `Yes.md`, count as near, and `../x`, where there is
    nothing, may be the end of another path. Other tools find nothing or another file, and a new
    file can change what the link means. The fix writes what Obsidian itself would write for the
    same file; a relative Markdown link stays relative.
    """
    index = context.index
    for link, path in context.link_graph.of(document).indirect:
        quirk = index.loose_match(link.target, document.path)
        if quirk is None or link.kind == "canvas":
            continue
        target = _sound(document, link, path, context)
        edits = retarget(document, link, target)
        remedy = f"; write `{target}`" if edits else ""
        why = _why(quirk, link.target, posixpath.dirname(document.path))
        message = f"`{link.target}` leads to {path} by a quirk: {why}{remedy}"
        yield Finding(link.span, message, one(document.path, f"link to `{target}`", edits))


def _why(quirk: LooseMatch, target: str, folder: str) -> str:
    leads_out = posixpath.normpath(posixpath.join(folder, target)).startswith("../")
    return _WHY["outside" if quirk == "relative" and leads_out else quirk].format(folder=folder)


def _sound(document: Document, link: Link, path: str, context: Context) -> str:
    """Return the target that a link to a file has; a relative Markdown one stays relative."""
    if is_wiki(document, link):
        return linktext(path, context.index)
    if not link.target.startswith("."):
        return full_linktext(path, context.index)
    relative = posixpath.relpath(f"/{path}", f"/{posixpath.dirname(document.path)}")
    return relative if relative.startswith("../") else f"./{relative}"


@rule("LNK009", "bare-space", severity="warning", reach="text")
def bare_space(document: Document, context: Context) -> Iterator[Finding]:
    """A Markdown link has a space in its destination, so it is plain text and not a link.

    Only what would lead to a file of the vault is reported. The fix writes the space as `%20`.
    """
    spaced = [found for found in _spaced(document) if _leads(found["written"], document, context)]
    for found in _unread(document, spaced):
        written, span = found["written"], Span(*found.span("written"))
        encoded = written.replace(" ", "%20")
        # A `%` of the name itself would mean something else.
        kept = markdown_target(encoded)[:2] == markdown_target(written)[:2]
        new = encoded if kept else f"<{written}>"
        fix = one(document.path, f"write `{new}`", (Edit(span, new),))
        yield Finding(span, f"a space ends a link's destination: write `{new}`", fix)


def spaced_targets(document: Document) -> list[str]:
    """Return what links with spaces in their destinations would lead to, "" for their own note."""
    return [markdown_target(found["written"])[0] for found in _spaced(document)]


def _leads(written: str, document: Document, context: Context) -> bool:
    target, subpath, _ = markdown_target(written)
    if not target:
        return subpath != "#" and has_subpath(document, subpath)
    return bool(context.index.resolve(target, document.path))


def _unread(document: Document, spaced: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return those that would be links without their spaces: not in code or HTML."""
    if not spaced:
        return []
    places = [Span(*found.span("written")) for found in spaced]
    edits = [Edit(place, place.of(document.text).replace(" ", "_")) for place in places]
    links = parse(document.path, apply_edits(document.text, edits)).links
    starts = {link.target_start for link in links}
    return [found for found in spaced if found.start("written") in starts]


@rule("LNK010", "unescaped-pipe", severity="warning", odd=True)
def unescaped_pipe(document: Document, context: Context) -> Iterator[Finding]:
    r"""A wikilink in a table has a bar that splits it into two cells, so it is not a link.

    Write the bar as `\|`, which does not end a cell. The fix does so.
    """
    for table in context.link_graph.tables(document):
        for found in _PIPED.finditer(document.text, table.start, table.end):
            inner, place = found["inner"], Span(*found.span("inner"))
            escaped = _PIPE.sub(r"\\|", inner)
            named = inner.partition("|")[0].strip()
            if named and escaped != inner and not _in_code(document.text, place.start):
                fix = one(document.path, "escape the bar", (Edit(place, escaped),))
                message = f"the bar ends the cell: write `[[{escaped}]]`"
                yield Finding(Span(*found.span()), message, fix)


def _in_code(text: str, offset: int) -> bool:
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line.count("`") % 2 == 1


@rule("LNK011", "reference-link", severity="warning", default=False, odd=True)
def reference_link(document: Document, _context: Context) -> Iterator[Finding]:
    """A link into the vault is written by reference, `[text][name]` and `[name]: note.md`.

    Obsidian shows it, but does not count it among the note's links: there is no backlink, and
    renaming the note breaks it.
    """
    text = document.text
    if document.kind != "note" or not _DEFINITION.search(text):
        return
    message = "a link by reference counts as none: write the destination in the link"
    for span, detail in markup_spans(text, document.body, "Link", "Image"):
        target, _, external = markdown_target(detail["dest_url"])
        if detail["link_type"] in _REFERENCES and target and not external:
            yield Finding(span, message)


@rule("LNK012", "wrong-case", severity="warning", default=False, reach="links")
def wrong_case(document: Document, context: Context) -> Iterator[Finding]:
    """A link writes the name of a file in another letter case than the file has.

    Obsidian finds the file anyway; other tools, web servers and the disks of other systems do not,
    or find another one. The fix writes the name as the file has it, and a wikilink still shows what
    it showed. A link in which accents are separate characters (Unicode's NFD), while in the file's
    name they are not, is reported too.
    """
    for link, (path, *others) in context.link_graph.resolved(document):
        if _is_named(link, path) or others or link.kind == "canvas":
            continue
        target = _as_on_disk(link.target, path)
        if not _differs(link.target, target):
            continue
        twin = next((p for p in context.index.namesakes(path) if _is_named(link, p)), None)
        if twin:
            message = f"this leads to {path}, not to {twin}: write the path"
            related = whole_files((twin,), "this file has the name as it is written")
            yield Finding(link.span, message, related=related)
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
        return retarget_and_show(document, link, target, context.link_graph)
    return retarget(document, link, target)


def _as_on_disk(target: str, path: str) -> str:
    """Return a target with the names that the file and its folders have."""
    written, names = target.split("/"), path.split("/")
    if name_key(written[-1]) != name_key(names[-1]):
        names[-1] = names[-1][:-3]
    for at in range(1, min(len(written), len(names)) + 1):
        if name_key(written[-at]) != name_key(names[-at]):
            break
        written[-at] = names[-at]
    return "/".join(written)


def _differs(written: str, name: str) -> bool:
    """Whether letter case or, where the name is in the usual form (NFC), the form differs."""
    plain = [unicodedata.normalize("NFC", text).translate(_SPACES) for text in (written, name)]
    decomposed = unicodedata.normalize("NFC", written) == name != written
    return plain[0] != plain[1] or decomposed
