"""Texts in the expressions of bases that name files, folders and tags.

What a function certainly takes for a name is changed; another text that may be one is reported.
Source: https://help.obsidian.md/bases/functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document, Link, Vault
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.lint.rename.files import targets
from vaultsync.lint.rename.kinds import ANOTHER, Files, Place, Rename, Tag, where
from vaultsync.lint.rename.names import Names
from vaultsync.lint.rename.places import find_place
from vaultsync.lint.rename.tags import renamed_tag
from vaultsync.markdown.base import read_base
from vaultsync.markdown.frontmatter import yaml12

# A text with its marks, which YAML's own quotation may double or escape; or what it may be in.
_TOKEN = re.compile(
    r"(?P<mark>\\\"|\"|''|')(?P<text>[^\"'\\\n]*)(?P=mark)|(?P<function>[\w.]*)\(|(?P<end>\))"
)
_EXPRESSIONS = frozenset({"filters", "formulas", "summaries"})
_NOT_WRITTEN = re.compile(r"[\"'\\\n]")


class _Text(NamedTuple):
    """A text in an expression, and the function of which it is an argument, or ""."""

    text: str
    span: Span
    function: str


def base_edits(
    document: Document, what: Rename, names: Names, vault: Vault
) -> tuple[tuple[Edit, ...], list[str]]:
    """Return the edits to a base, and a remark on each text that may be a name."""
    if read_base(document.text).error:
        return (), []
    edits, after, remarks = list[Edit](), list[str](), list[str]()
    for start, value, source in _expressions(document.text):
        texts = _texts(value)
        news = [_renamed(one, document, what, names) for one in texts]
        written = _texts(source.of(document.text), source.start)
        if [one.text for one in texts] != [one.text for one in written]:
            news = [None] * len(texts)
        made = [(at, new) for at, new in enumerate(news) if new is not None]
        edits += [Edit(written[at].span, new) for at, new in made]
        after.append(apply_edits(value, [Edit(texts[at].span, new) for at, new in made]))
        remarks += [
            f"{where(document, start)}: `{one.text}` may name what is renamed: change it there"
            for one, new in zip(texts, news, strict=True)
            if new is None and _may_name(one.text, document, what, names, vault)
        ]
    if edits and after != _values(apply_edits(document.text, edits)):
        raise VaultError(f"{document.path}: its expressions would be read otherwise: {ANOTHER}")
    return tuple(edits), remarks


def _values(text: str) -> list[str]:
    is_read = not read_base(text).error
    return [value for _, value, _ in _expressions(text)] if is_read else []


def _expressions(text: str) -> Iterator[tuple[int, str, Span]]:
    """Yield the expressions of a base: where each begins, what it is, and where it is written."""
    pending: list[tuple[Any, bool]] = [(yaml12.compose(text), False)]
    seen = set[int]()
    while pending:
        node, inside = pending.pop()
        if node is None or node.start_mark.index in seen:
            continue
        if node.id == "mapping":
            pairs = reversed(node.value)
            pending += [(value, inside or str(key.value) in _EXPRESSIONS) for key, value in pairs]
        elif node.id == "sequence":
            pending += [(item, inside) for item in reversed(node.value)]
        elif inside:
            seen.add(node.start_mark.index)
            span = yaml12.node_span(node, 0)
            quoted = int(node.style in {'"', "'"})
            yield span.start, node.value, Span(span.start + quoted, span.end - quoted)


def _texts(expression: str, base: int = 0) -> list[_Text]:
    found, open_ = list[_Text](), list[str]()
    for token in _TOKEN.finditer(expression):
        if token["mark"]:
            before = expression[: token.start()].rstrip()
            behind = expression[token.end() :].lstrip()
            # Of a function that takes one name the first argument is it.
            is_whole = before.endswith(("(", ",")) and behind.startswith((",", ")"))
            function = open_[-1] if open_ and is_whole else ""
            if before.endswith(",") and not function.endswith(".hasTag"):
                function = ""
            span = Span(base + token.start("text"), base + token.end("text"))
            found.append(_Text(token["text"], span, function))
        elif token["end"]:
            open_ = open_[:-1]
        else:
            open_.append(token["function"])
    return found


def _renamed(one: _Text, document: Document, what: Rename, names: Names) -> str | None:
    """Return what a text becomes; None where it stays, or is not certainly a name."""
    name, text = one.function.rpartition(".")[2], one.text
    new = None
    if isinstance(what, Tag) and name == "hasTag":
        bare = text.removeprefix("#")
        renamed = renamed_tag(bare, what)
        new = None if renamed is None else text.replace(bare, renamed)
    elif isinstance(what, Files) and name == "inFolder":
        new = _in_folder(text, what)
    elif isinstance(what, Files) and (one.function == "link" or name == "hasLink"):
        link = Link(0, 0, "wiki", text, "", None, 0, 0)
        old = names.shifted(link, document.path)
        new = next(targets(document, link, old, names), None) if old else None
    return None if new is None or _NOT_WRITTEN.search(new) else new


def _in_folder(text: str, what: Files) -> str | None:
    bare = text.strip("/")
    for old, new in what.folders.items():
        if f"{bare}/".startswith(f"{old}/"):
            return text.replace(bare, new + bare[len(old) :])
    return None


def _may_name(text: str, document: Document, what: Rename, names: Names, vault: Vault) -> bool:
    """Whether a text may name what gets another name, in a way that is not followed."""
    bare = text.strip().removeprefix("[[").removesuffix("]]").partition("|")[0]
    target, mark, subpath = bare.partition("#")
    if isinstance(what, Tag):
        return renamed_tag(bare.removeprefix("#"), what) is not None
    if isinstance(what, Place):
        is_note = names.before.resolve(target, document.path)[:1] == (what.path,)
        place = what.kind, what.number
        return (
            bool(is_note and mark)
            and find_place(vault.documents[what.path], mark + subpath) == place
        )
    folded = f"{target.strip('/')}/".lower()
    if any(folded.startswith(f"{old}/".lower()) for old in what.folders):
        return True
    return names.shifted(Link(0, 0, "wiki", target, "", None, 0, 0), document.path) is not None
