"""The Markdown that LessWrong's Markdown editor takes, as HTML.

It is HTML of the form in which LessWrong's default editor takes it from the clipboard. Source of
the rules: the Markdown plugins, `sanitize.ts` and the importers of
https://github.com/ForumMagnum/ForumMagnum.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.subscript import sub_plugin
from mdit_py_plugins.superscript import superscript_plugin

from vaultsync.publish.compose.anchors import lesswrong_anchors

_FENCE = re.compile(r"(?P<pluses>\+{3,})[ \t]*(?P<title>.*)")
_DEEPEST = 4
# What is shown of these instead of what they hold.
_SHOWN = {"softbreak": "\n", "footnote_ref": "[1]"}
# What changes the anchor of a heading.
_ODD = frozenset({"footnote_ref", "image", "math_inline", "math_block", "math_block_label"})


def parser() -> MarkdownIt:
    """Return a parser of the Markdown that LessWrong takes: no raw HTML, and plugins of its own."""
    made = MarkdownIt("js-default", {"html": False, "breaks": False, "typographer": False})
    made.use(footnote_plugin).use(sub_plugin).use(superscript_plugin)
    made.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    made.block.ruler.before(
        "fence",
        "collapsible",
        _collapsible,
        {"alt": ["paragraph", "reference", "blockquote", "list"]},
    )
    rules: dict[str, Any] = {
        **dict.fromkeys(("math_inline", "math_block", "math_inline_double"), _math),
        "footnote_ref": _reference,
        "footnote_block_open": lambda *_: _SECTION,
        "footnote_block_close": lambda *_: "</ol>\n",
        "footnote_open": _note,
        "footnote_close": lambda *_: "</div></li>\n",
        "footnote_anchor": lambda *_: "",
        "collapsible_open": _opened,
        "collapsible_close": lambda *_: "</div>\n</details>\n",
    }
    for name, rule in rules.items():
        made.add_render_rule(name, rule)
    return made


_SECTION = '<ol class="footnote-section footnotes" data-footnote-section="" role="doc-endnotes">\n'


def rendered(markdown: str) -> str:
    """Return the HTML of a text for the Markdown editor."""
    return str(parser().render(markdown))


def heading_anchors(markdown: str) -> dict[int, str]:
    """Return the anchors of headings by their lines, but for those that depend on more.

    Headings below the fourth level and all that is in a collapsible part have none. A paragraph
    that is bold throughout takes an anchor as a heading does.
    """
    texts: list[str] = []
    places: dict[int, int] = {}
    depth = 0
    for token, inline in itertools.pairwise(parser().parse(markdown)):
        depth += token.nesting if token.type.startswith("collapsible") else 0
        if token.type == "heading_open":
            counts = not depth and int(token.tag[1:]) <= _DEEPEST
            is_plain = _ODD.isdisjoint(child.type for child in inline.children or ())
            if counts and is_plain and token.map:
                places[token.map[0]] = len(texts)
        else:
            counts = not depth and token.type == "paragraph_open" and _is_bold(inline)
        if counts:
            shown = (_SHOWN.get(child.type, child.content) for child in inline.children or ())
            texts.append("".join(shown))
    anchors = lesswrong_anchors(texts)
    return {line: anchors[place] for line, place in places.items()}


def _is_bold(inline: Token) -> bool:
    shown = [token for token in inline.children or () if token.type != "text" or token.content]
    return (
        len(shown) > 1
        and shown[0].type == "strong_open"
        and shown[-1].type == "strong_close"
        and sum(token.type == "strong_open" for token in shown) == 1
    )


def _collapsible(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Read a part between `+++ Title` and as many pluses."""
    opening = _FENCE.fullmatch(_line(state, start))
    if state.is_code_block(start) or not opening or not opening["title"].strip():
        return False
    if silent:
        return True
    closing = (n for n in range(start + 1, end) if _line(state, n).rstrip() == opening["pluses"])
    close = next(closing, end)
    token = state.push("collapsible_open", "details", 1)
    token.block, token.map, token.info = True, [start, close], opening["title"].strip()
    title = state.md.parseInline(token.info, state.env)[0]
    token.children = title.children
    outer, state.lineMax, state.parentType = (state.lineMax, state.parentType), close, "container"
    state.md.block.tokenize(state, start + 1, close)
    state.lineMax, state.parentType = outer
    state.push("collapsible_close", "details", -1).block = True
    state.line = min(close + 1, end)
    return True


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _opened(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    title = renderer.renderInline(tokens[at].children or [], options, env)
    return (
        f'<details class="detailsBlock">\n<summary class="detailsBlockTitle">{title}</summary>\n'
        '<div class="detailsBlockContent">\n'
    )


def _math(_self: Any, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:
    tex = escapeHtml(tokens[at].content.strip())
    if tokens[at].type == "math_inline":
        return f'<span class="math-tex">\\({tex}\\)</span>'
    formula = f'<span class="math-tex">\\[{tex}\\]</span>'
    return f"<p>{formula}</p>\n" if tokens[at].block else formula


def _reference(_self: Any, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:
    number = tokens[at].meta["id"] + 1
    return (
        f'<span class="footnote-reference" data-footnote-reference="" data-footnote-id="{number}" '
        f'data-footnote-index="{number}" role="doc-noteref" id="fnref{number}">'
        f'<sup><a href="#fn{number}">[{number}]</a></sup></span>'
    )


def _note(_self: Any, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:
    number = tokens[at].meta["id"] + 1
    return (
        f'<li class="footnote-item" data-footnote-item="" data-footnote-id="{number}" '
        f'data-footnote-index="{number}" id="fn{number}" role="doc-endnote">'
        f'<span class="footnote-back-link" data-footnote-back-link="" data-footnote-id="{number}">'
        f'<sup><strong><a href="#fnref{number}">^</a></strong></sup></span>'
        '<div class="footnote-content" data-footnote-content="">'
    )
