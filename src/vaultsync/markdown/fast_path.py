"""The fast path: read most bodies by one regular expression instead of pulldown-cmark's events.

**Which bodies.** A body is *plain* if every construct in it is complete on its line, in one strict
form: `## Title`, `[[target#subpath|display]]`, `[text](destination)`, `#tag`, `^block-id`, code in
backticks, a fence that is closed, and the like. `TOKEN` matches one fact together with all text
before it that holds no fact. What only begins like a construct, or has another form, matches the
group `doubt`: the body is not plain, `read_fast` returns None, and the caller reads the body by its
events (`reader.read_by_events`).

**Why the result is the same.** The expression decides only where CommonMark and Obsidian leave one
reading; each alternative excludes the characters that could give another. It never guesses, so a
mistake can only be an alternative that is too wide. The rules are those of CommonMark,
https://spec.commonmark.org/0.31.2/.

**How it is tested.** `tests/markdown/test_fast_path.py` generates texts of these constructs and
compares both readers, and so does `python -m fuzz` (the check `plain`); what they once read
differently is a test of its own. Another test holds that most notes are plain: on those this path
takes a fraction of the time of the events.

**When it is used.** `parse(..., fast=True)`. To compile the expression takes as long as to read
some hundred bodies, so it is used where many are read, and nothing else depends on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from vaultsync.core.model import Block, Heading, Link, LinkKind
from vaultsync.markdown.events import TAG_CHARACTER, BodyFacts, adjacent_tags
from vaultsync.markdown.links import build_markdown_link, parse_wikilink

# Where a block ends at the latest.
_END = r"\n(?:\n|-[ ]\S)"
# Inside a line.
_CODE = r"(?:`[^`\n]+`|``[^`\n]+``|```[^`\n]+```)(?!`)"
# Without another backtick on the line, of which the block ends with it, it opens nothing.
_BACKTICKS = rf"`++(?=[^`\n]*+(?:{_END}|\Z))"
_VALUE = r"(?:\"[^\"\n]*\"|'[^'\n]*'|[^ \t\n\"'=<>`]+)"
_ATTRIBUTE = rf"[ ]+[A-Za-z_:][A-Za-z0-9_.:-]*(?:={_VALUE})?"
_TAG = rf"<(?:[A-Za-z][A-Za-z0-9-]*+(?:{_ATTRIBUTE})*+[ ]*/?>|/[A-Za-z][A-Za-z0-9-]*+>)"
# Its address is running text, in which a hash behind a word is not a tag.
_AUTOLINK = (
    r"<[A-Za-z][A-Za-z0-9+.-]+:(?:[^\x00-\x20\x7f<>\#\[\]`\\]|(?<=[A-Za-z0-9/])\#)*+>"
    r"|<[A-Za-z0-9._-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+>"
)
# A name with a dot is not that of an HTML tag, and without a colon it is not an autolink.
_LESS = r"<(?=[^A-Za-z/!?]|[A-Za-z0-9-]+\.[A-Za-z0-9._/-]*>)"
# Behind a word, a quote, a hash or the like; the marks that are left out may end some markup.
_HASH = rf"\#(?:(?<=[^\x00-\x20\x7f\s$%)*<=>@\[\\\]^`{{|}}~]\#)|(?!{TAG_CHARACTER}))"
_CARET = r"\^(?:(?<=[^ \t\n]\^)|(?![A-Za-z0-9-]+[ \t]*(?:\n|\Z)))"
# Before a letter it is a backslash; any other mark behind it means nothing.
_ESCAPE = r"\\(?:[A-Za-z0-9]|[\"-/:-@\[-`{-~]|!(?!\[))"
# It may end an image that begins like an embed.
_BRACKET = r"\](?!\()"

# At the start of a line. What may begin a block other than a paragraph is looked at closely.
_UNSAFE = r"\#<>\-*+ \t|:=~_`%0-9"
# The first words of a paragraph, also of one in an item, where a box would make it a task. What
# opens a comment of several lines may hide headings.
_WORDS = (
    rf"(?:[^\n\[{_UNSAFE}]|\[(?![^\n]\][ \t])|[0-9]++(?![.)](?:[ \t\n]|\Z))|\*\*?(?=[^\s*])"
    r"|__?(?=[^\s_])|==(?=[^\s=])|~~(?=[^\s~])|`(?!``)|<https?:|\#(?![\# \t\n]|\Z)"
    r"|%(?!%(?![^\n]*%%)))"
)
_BULLET = rf"[-*+][ ]{{1,4}}(?={_WORDS})"
_NUMBER = rf"[0-9]{{1,9}}[.)][ ]{{1,4}}(?={_WORDS})"
_WORDS_OR_ITEM = rf"(?: {_BULLET} | {_NUMBER} | (?={_WORDS}) )"
_QUOTE = rf">(?:[ ]?(?={_WORDS})|[ ]*(?=\n|\Z))"
_RULE = r"(?<=\n\n)(?:---+|\*\*\*+)(?=\n|\Z)"
_FENCE = r"```[^`\n]*+\n(?:(?![ ]{0,3}```)[^\n]*+\n)*+```[ \t]*(?=\n|\Z)"
# A comment ends with its line. Indented behind it, code may begin.
_COMMENT = r"<!--(?!-?>)[^-]*+(?:-(?!->)[^-]*+)*+-->[^\n]*+(?!\n[ \t])"
# Kind 6 of HTML blocks, which ends at a blank line.
_BLOCK_NAMES = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|"
    "dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|"
    "header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|"
    "param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul"
)
_HTML = rf"(?i:</?(?:{_BLOCK_NAMES})(?=[ \t\n>]|/>))(?:[^\n]++|\n(?![ \t]*(?:\n|\Z)))*+"
# Alone on its line a tag would be a block, and so would those that hold raw text.
_INLINE = rf"(?!<(?i:/?(?:script|pre|style|textarea))\b){_TAG}(?=[ \t]*[^ \t\n])"

_TEXT = r"[^\[\]\n`<\\\#]"
_NO_TAG = rf"\#(?=[0-9]++(?!{TAG_CHARACTER}|\#))"
# Without a semicolon it holds no entity. A surrogate is not read as it is written.
_URL = r"[^\x00-\x20\x7f()<>\[\]`\\;\ud800-\udfff]"
_DESTINATION = rf"{_URL}*+(?:\({_URL}*+\){_URL}*+)*+"
_SHOWN = rf"(?!\^){_TEXT}*+(?:(?:{_CODE}|{_TAG}|{_NO_TAG}){_TEXT}*+)*+"
_TITLE = r"(?:[ ]\"[^\"\\;\n\x00\ud800-\udfff]+\")?"
# It leads out of the vault.
_WEB_LINK = rf"\[{_SHOWN}\]\(https?:{_DESTINATION}{_TITLE}\)"

# Text without a fact. A line break is matched together with such text behind it.
_NO_FACT = rf"""
    [^\n\[\]<`\\\#^]++
  | \n++(?: (?![{_UNSAFE}]) | {_BULLET} | {_COMMENT} | {_NUMBER} | (?={_WORDS})
          | [ ]{{1,3}}{_WORDS_OR_ITEM} | [ \t]+(?=\n|\Z)
          | {_HTML} | {_AUTOLINK} | {_INLINE} | {_RULE} | {_QUOTE} | {_FENCE} )
  | {_WEB_LINK} | {_TAG} | {_CODE} | {_BACKTICKS} | {_AUTOLINK} | {_LESS} | {_HASH} | {_CARET}
  | {_ESCAPE} | {_BRACKET}
"""

_HEADING = (
    r"(?P<marks>\#{1,6})(?![^ \t\n])[ \t]*+"
    r"(?=(?P<title>[^\n\#]*[^\s\#])?[ \t]*(?P<line>\n|\Z))"
)
# Without a mark that may be read in two ways.
_WIKILINK = (
    r"(?P<target>[^\s\[\]|\#\\`<](?:[^\[\]|\#\\`<\n]*[^\s\[\]|\#\\`<])?)"
    r"(?P<subpath>\#(?:[^\[\]|\\`<\n]*[^\s\[\]|\\`<])?)?"
    r"(?:\|(?P<display>[^\s\[\]|\\`<](?:[^\[\]|\\`<\n]*[^\s\[\]|\\`<])?)?)?"
    r"\]\](?![\](])(?P<wikilink>)"
)
_OTHER_WIKILINK = r"(?P<inner>[^\s\[\]|\\`<](?:[^\[\]\\`<\n]++|\\(?=[A-Za-z0-9]))*+)\]\](?![\](])"
_LINK = rf"(?P<text>{_SHOWN})\]\((?P<path>(?![ ]){_DESTINATION}){_TITLE}\)"
# A space in what would be the destination makes all of it plain text.
_BROKEN_LINK = rf"(?!\^){_TEXT}*+\]\([A-Za-z0-9:/._%-]++[ ]+(?=[^\s\"'()<>\[\]`\\\#])(?P<broken>)"
# What no destination follows, and cannot be a reference where nothing is defined: a definition has
# a colon, and begins its line.
_BRACKETED = r"(?!\^)[^\[\]\n`<\\]+\]"
_NO_LINK = rf"(?={_BRACKETED}(?![\[(:])|(?<=\w[ ]\[){_BRACKETED}:)"
# It ends its block if another one follows it.
_ID = (
    r"\^(?P<id>[A-Za-z0-9-]+)(?=[ \t]*"
    r"(?:\Z|\n(?:[ \t]*(?:\n|\Z)|[-*+][ ]+\S|\#{1,6}[ ]|<!--)))"
)

# One fact with all text before it. Brackets that are not a link match without a group.
TOKEN = re.compile(
    rf"""
    (?: {_NO_FACT} )*+
    (?: \[(?: \[(?: {_WIKILINK} | {_OTHER_WIKILINK} ) | {_LINK} | {_BROKEN_LINK} | {_NO_LINK} )
      | \n++{_HEADING}
      | \#(?<=\s\#)(?P<tag>{TAG_CHARACTER}+)
      | {_ID}
      | \n(?P<indent>[ ]*(?:[ ]{{4}}|\t)[ \t]*){_WORDS_OR_ITEM}
      | (?P<end>\Z)
      | (?P<doubt>)
    )
    """,
    re.VERBOSE,
)
# The first line, which no line break precedes.
FIRST_LINE = re.compile(rf"{_HEADING} | (?![{_UNSAFE}\[])", re.VERBOSE)
# A line that leaves a paragraph open: what is indented below it is not code.
OPEN_PARAGRAPH = re.compile(rf"[ \t]*{_WORDS_OR_ITEM}", re.VERBOSE)
# A dollar and the rest of its block, up to one that may end mathematics, which no space precedes.
DOLLAR = re.compile(rf"\$(?:[^$\n]++|(?<=[ \t\n])\$|(?!{_END})\n)*+(?P<closing>\$)?")
# Those of the most common facts by number, since each fact of each note passes here.
_TARGET, _SUBPATH, _DISPLAY = (TOKEN.groupindex[name] for name in ("target", "subpath", "display"))


def read_fast(text: str, base: int) -> BodyFacts | None:
    """Return the facts of the body that starts at `base`, None where it is not plain.

    Links that lead out of the vault are left out: they are the most, and rarely used.
    """
    found = BodyFacts()
    found.plain = True
    at = _begin(text, base, found)
    internal = found.internal
    # In one function as far as most links go.
    for token in TOKEN.finditer(text, at) if at is not None else ():
        group = token.lastgroup
        if group == "wikilink":
            target, subpath, display = token.group(_TARGET, _SUBPATH, _DISPLAY)
            start, stop = token.span(_TARGET)
            embed = text[start - 3] == "!"
            begin = start - 3 if embed else start - 2
            kind: LinkKind = "embed" if embed else "wiki"
            internal.append(
                Link(begin, token.end(), kind, target, subpath or "", display, start, stop)
            )
        elif group in _COLLECT:
            _COLLECT[group](token, found)
        elif group and not (group == "indent" and _continues(token)):
            return found if group == "end" else None
    return None


def _begin(text: str, base: int, found: BodyFacts) -> int | None:
    """Take the start of the first line and return where to read on, None where none is plain.

    pulldown-cmark also knows other line ends and white space than the expression does. What rules
    look for is not plain either.
    """
    if "\r" in text or "\x0b" in text or "\x0c" in text or "\0" in text or "\ufeff" in text:
        return None
    if "$" in text and any(found["closing"] for found in DOLLAR.finditer(text, base)):
        return None
    if base:
        # Not behind a byte order mark, which would count as text of the line.
        return base - 1 if text[base - 1] == "\n" else None
    first = FIRST_LINE.match(text, base)
    if first and first["marks"]:
        _heading(first, found)
    return first.end() if first else None


def _heading(token: re.Match[str], found: BodyFacts) -> None:
    start, end = token.span("marks")
    found.headings.append(Heading(start, token.start("line"), end - start, token["title"] or ""))


def _continues(token: re.Match[str]) -> bool:
    """Whether the line before an indented one leaves a paragraph open."""
    line = token.string.rfind("\n", 0, token.start("indent") - 1) + 1
    return OPEN_PARAGRAPH.match(token.string, line) is not None


def _tags(token: re.Match[str], found: BodyFacts) -> None:
    found.tags += adjacent_tags(token.string, token.start("tag") - 1)


def _broken(_token: re.Match[str], found: BodyFacts) -> None:
    found.plain = False


def _block(token: re.Match[str], found: BodyFacts) -> None:
    start, end = token.span("id")
    found.blocks.append(Block(start - 1, end, token["id"]))


def _wikilink(token: re.Match[str], found: BodyFacts) -> None:
    """Take a wikilink or embed that has to be split, since it has a subpath or is otherwise odd."""
    inner = token.start("inner")
    start = inner - (3 if token.string[inner - 3] == "!" else 2)
    found.internal.append(parse_wikilink(token.string, start, token.end()))


def _link(token: re.Match[str], found: BodyFacts) -> None:
    """Take a link or image, unless it leads out of the vault by a rare protocol."""
    if not token["path"]:
        return
    start, bracket = token.span("text")
    image = token.string[start - 2] == "!"
    place = start - (2 if image else 1), bracket, token.end()
    kind: LinkKind = "image" if image else "markdown"
    link = build_markdown_link(token.string, place, token.span("path"), kind, token["path"])
    if not link.external:
        found.internal.append(link)


_COLLECT: dict[str | None, Callable[[re.Match[str], BodyFacts], None]] = {
    "line": _heading,
    "tag": _tags,
    "id": _block,
    "inner": _wikilink,
    "path": _link,
    "broken": _broken,
}
