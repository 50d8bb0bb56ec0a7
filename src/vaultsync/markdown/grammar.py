"""What a plain body is made of: constructs that are whole on their line, in a strict form of each.

All of it is written for `re.VERBOSE`. A construct in any other form, or at any other place, is not
matched and so is in doubt. The rules are those of CommonMark, https://spec.commonmark.org/0.31.2/.
"""

from __future__ import annotations

import re

from vaultsync.markdown.tags import TAG_CHARACTER

# Where a block ends at the latest.
_END = r"\n(?:\n|-[ ]\S)"
# Inside a line.
_CODE = r"(?:`[^`\n]+`|``[^`\n]+``|```[^`\n]+```)(?!`)"
# Without another backtick on the line, of which the block ends with it, it opens nothing.
_BACKTICKS = rf"`++(?=[^`\n]*+(?:{_END}|\Z))"
_VALUE = r"(?:\"[^\"\n]*\"|'[^'\n]*'|[^ \t\n\"'=<>`]+)"
_ATTRIBUTE = rf"[ ]+[A-Za-z_:][A-Za-z0-9_.:-]*(?:={_VALUE})?"
_TAG = rf"<(?:[A-Za-z][A-Za-z0-9-]*+(?:{_ATTRIBUTE})*+[ ]*/?>|/[A-Za-z][A-Za-z0-9-]*+>)"
# What it leads to is running text, in which a hash behind a word is no tag.
_AUTOLINK = (
    r"<[A-Za-z][A-Za-z0-9+.-]+:(?:[^\x00-\x20\x7f<>\#\[\]`\\]|(?<=[A-Za-z0-9/])\#)*+>"
    r"|<[A-Za-z0-9._-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+>"
)
# A name with a dot is that of no tag, and without a colon it is no autolink.
_LESS = r"<(?=[^A-Za-z/!?]|[A-Za-z0-9-]+\.[A-Za-z0-9._/-]*>)"
# Behind a word, a quote, a hash or the like; the marks that are left out may end some markup.
_HASH = rf"\#(?:(?<=[^\x00-\x20\x7f\s$%)*<=>@\[\\\]^`{{|}}~]\#)|(?!{TAG_CHARACTER}))"
_CARET = r"\^(?:(?<=[^ \t\n]\^)|(?![A-Za-z0-9-]+[ \t]*(?:\n|\Z)))"
# Before a letter it is a backslash; any other mark behind it means nothing.
_ESCAPE = r"\\(?:[A-Za-z0-9]|[\"-/:-@\[-`{-~]|!(?!\[))"
# It may end an image that begins like an embed.
_BRACKET = r"\](?!\()"

# At the start of a line. What may begin a block other than a paragraph is looked at closely.
_UNSAFE = r"\#<>\-*+ \t|:=~_`0-9"
# The first words of a paragraph, also of one in an item, where a box would make it a task.
_WORDS = (
    rf"(?:[^\n\[{_UNSAFE}]|\[(?![^\n]\][ \t])|[0-9]++(?![.)](?:[ \t\n]|\Z))|\*\*?(?=[^\s*])"
    r"|__?(?=[^\s_])|==(?=[^\s=])|~~(?=[^\s~])|`(?!``)|<https?:|\#(?![\# \t\n]|\Z))"
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

# What holds no fact. Line breaks are passed with what follows them as far as it is that.
_NO_FACT = rf"""
    [^\n\[\]<`\\\#^]++
  | \n++(?: (?![{_UNSAFE}]) | {_BULLET} | {_COMMENT} | {_NUMBER} | (?={_WORDS})
          | [ ]{{1,3}}{_WORDS_OR_ITEM} | [ \t]+(?=\n|\Z)
          | {_HTML} | {_AUTOLINK} | {_INLINE} | {_RULE} | {_QUOTE} | {_FENCE} )
  | {_TAG} | {_CODE} | {_BACKTICKS} | {_AUTOLINK} | {_LESS} | {_HASH} | {_CARET} | {_ESCAPE}
  | {_BRACKET}
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
_TEXT = r"[^\[\]\n`<\\\#]"
_NO_TAG = rf"\#(?=[0-9]++(?!{TAG_CHARACTER}|\#))"
# Without a semicolon it holds no entity. A surrogate is not read as it is written.
_URL = r"[^\x00-\x20\x7f()<>\[\]`\\;\ud800-\udfff]"
_DESTINATION = rf"{_URL}*+(?:\({_URL}*+\){_URL}*+)*+"
_LINK = (
    rf"(?P<text>(?!\^){_TEXT}*+(?:(?:{_CODE}|{_TAG}|{_NO_TAG}){_TEXT}*+)*+)\]"
    rf"\((?:(?P<url>https?:{_DESTINATION})|(?P<path>(?![ ]){_DESTINATION}))"
    r"(?:[ ]\"[^\"\\;\n\x00\ud800-\udfff]+\")?\)"
)
# A blank in what would be the destination makes all of it plain text.
_BROKEN_LINK = rf"(?!\^){_TEXT}*+\]\([A-Za-z0-9:/._%-]++[ ]+(?=[^\s\"'()<>\[\]`\\\#])"
# What no destination follows, and cannot be a reference where nothing is defined: a definition has
# a colon, and begins its line.
_BRACKETED = r"(?!\^)[^\[\]\n`<\\]+\]"
_NO_LINK = rf"(?={_BRACKETED}(?![\[(:])|(?<=\w[ ]\[){_BRACKETED}:)"
# It ends its block if another one follows it.
_ID = (
    r"\^(?P<id>[A-Za-z0-9-]+)(?=[ \t]*"
    r"(?:\Z|\n(?:[ \t]*(?:\n|\Z)|[-*+][ ]+\S|\#{1,6}[ ]|<!--)))"
)

# One fact with all that stands before it. Of brackets that are no link, no group tells.
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
FIRST = re.compile(rf"{_HEADING} | (?![{_UNSAFE}\[])", re.VERBOSE)
# A line that leaves a paragraph open: what is indented below it is no code.
OPEN = re.compile(rf"[ \t]*{_WORDS_OR_ITEM}", re.VERBOSE)
# A dollar and the rest of its block, up to one that may end mathematics: no blank is before that.
DOLLAR = re.compile(rf"\$(?:[^$\n]++|(?<=[ \t\n])\$|(?!{_END})\n)*+(?P<closing>\$)?")
