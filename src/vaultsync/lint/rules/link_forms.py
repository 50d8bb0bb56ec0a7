"""LNK: syntax that looks like a link."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vaultsync.core.model import Document
from vaultsync.core.regex import possessive
from vaultsync.core.text import Edit, Span
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Example, Finding, one, rule
from vaultsync.markdown import parse, places
from vaultsync.markdown.linktext import is_external, markdown_target
from vaultsync.notes.link_index import has_subpath

# What makes it worth while to look closely: a blank in the destination, no title behind it.
_PATH = r"[^ \t\r\n()<>]++|\([^\s()<>]*\)"
_SPACED = re.compile(rf"\]\((?!(?i:https?):){possessive(_PATH)}[ \t]++[^\s\"')]")
_BARE = re.compile(
    r"\]\([ \t]*(?P<written>(?:[^()<>\r\n]|\([^()<>\r\n]*\))+?)"
    r"(?:[ \t]+(?:\"[^\"\r\n]*\"|'[^'\r\n]*'))?[ \t]*\)"
)
_PIPED = re.compile(r"\[\[(?P<inner>[^\[\]\r\n]+)\]\]")
_PIPE = re.compile(r"(?<!\\)\|")
_DEFINITION = re.compile(r"^[ \t>]*\[[^\]\[^\r\n][^\]\[\r\n]*\]:", re.MULTILINE)
# The type of a wikilink is no text but a mapping.
_REFERENCES = ("Reference", "Collapsed", "Shortcut")


def _spaced(document: Document) -> list[re.Match[str]]:
    """Return what would be links into the vault without the blanks in their destinations."""
    near = (_BARE.match(document.text, at.start()) for at in _SPACED.finditer(document.text))
    return [
        found
        for found in near
        if found and " " in found["written"] and not is_external(found["written"])
    ]


@rule(
    "LNK009",
    "bare-space",
    Example(
        "[see](my note.md)\n",
        "[see](my%20note.md)\n",
        fixed=True,
        path="note.md",
        others={"my note.md": ""},
    ),
    severity="warning",
    reach="text",
    clue=lambda document: bool(_spaced(document)),
)
def bare_space(document: Document, context: Context) -> Iterator[Finding]:
    """A Markdown link has a blank in its destination, so it is no link but plain text.

    Only what would lead to a file of the vault is reported. The fix writes the blank as `%20`.
    """
    spaced = [found for found in _spaced(document) if _leads(found["written"], document, context)]
    for found in _unread(document, spaced):
        written, span = found["written"], Span(*found.span("written"))
        encoded = written.replace(" ", "%20")
        # A `%` of the name itself would no longer be one.
        kept = markdown_target(encoded)[:2] == markdown_target(written)[:2]
        new = encoded if kept else f"<{written}>"
        fix = one(document.path, f"write `{new}`", (Edit(span, new),))
        yield Finding(span, f"a blank ends a link's destination: write `{new}`", fix)


def _leads(written: str, document: Document, context: Context) -> bool:
    target, subpath, _ = markdown_target(written)
    if not target:
        return subpath != "#" and has_subpath(document, subpath)
    return bool(context.index.resolve(target, document.path))


def _unread(document: Document, spaced: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return those that would be links without their blanks: not code, not in HTML."""
    if not spaced:
        return []
    text = document.text
    for found in spaced:
        start, end = found.span("written")
        text = f"{text[:start]}{found['written'].replace(' ', '_')}{text[end:]}"
    starts = {link.target_start for link in parse(document.path, text).links}
    return [found for found in spaced if found.start("written") in starts]


@rule(
    "LNK010",
    "unescaped-pipe",
    Example(
        "| a | b |\n|---|---|\n| [[other|it]] | c |\n",
        "| a | b |\n|---|---|\n| [[other\\|it]] | c |\n",
        fixed=True,
        path="note.md",
        others={"other.md": ""},
    ),
    severity="warning",
)
def unescaped_pipe(document: Document, context: Context) -> Iterator[Finding]:
    r"""A wikilink in a table has a bar that parts it into two cells, so it is no link.

    Write the bar as `\|`, which is no end of a cell. The fix does so.
    """
    for table in context.network.tables(document):
        for found in _PIPED.finditer(document.text, table.start, table.end):
            inner, start = found["inner"], found.start("inner")
            if (
                not _PIPE.search(inner)
                or not inner.partition("|")[0].strip()
                or _in_code(document.text, start)
            ):
                continue
            escaped = _PIPE.sub(r"\\|", inner)
            fix = one(
                document.path, "escape the bar", (Edit(Span(start, start + len(inner)), escaped),)
            )
            yield Finding(Span(*found.span()), f"the bar ends the cell: write `[[{escaped}]]`", fix)


def _in_code(text: str, offset: int) -> bool:
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line.count("`") % 2 == 1


@rule(
    "LNK011",
    "reference-link",
    Example(
        "See [the other][1].\n\n[1]: other.md\n",
        "See [the other](other.md).\n",
        path="note.md",
        others={"other.md": ""},
    ),
    severity="warning",
    default=False,
)
def reference_link(document: Document, _context: Context) -> Iterator[Finding]:
    """A link into the vault is written by reference, `[text][name]` and `[name]: note.md`.

    Obsidian shows it, but does not keep it among the note's links: there is no backlink, and
    renaming the note breaks it.
    """
    text = document.text
    if document.kind != "note" or "]:" not in text or not _DEFINITION.search(text):
        return
    for name in ("Link", "Image"):
        for span, detail in places(text, document.body, name):
            target, _, external = markdown_target(detail["dest_url"])
            if detail["link_type"] in _REFERENCES and target and not external:
                message = "a link by reference counts as none: write the destination in the link"
                yield Finding(span, message)


RULES = (bare_space, unescaped_pipe, reference_link)
