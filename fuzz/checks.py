"""What holds of every note, however hostile: each check raises AssertionError where it does not."""

from __future__ import annotations

import json
import re

from vaultsync.core.config import BodyRules, Section
from vaultsync.core.model import Document, Link, Properties
from vaultsync.core.text import Edit, apply_edits
from vaultsync.markdown import elements, markup_spans, parse
from vaultsync.markdown.events import BodyFacts
from vaultsync.markdown.fast_path import read_fast
from vaultsync.markdown.frontmatter.block import read_properties
from vaultsync.markdown.frontmatter.edit import (
    add_to_list,
    list_items,
    make_list,
    set_property,
    tabs_to_spaces,
    unquoted_wikilinks,
)
from vaultsync.markdown.frontmatter.handler import ObsidianHandler
from vaultsync.markdown.frontmatter.yaml12 import compose, construct
from vaultsync.markdown.links import (
    decode_uri,
    markdown_destination,
    markdown_target,
    prefer_wikilinks,
    wikilink_target,
)
from vaultsync.markdown.reader import read_by_events
from vaultsync.markdown.unclosed_markup import numeric_tags, unclosed_markup
from vaultsync.notes.body import read_body, read_item
from vaultsync.notes.link_index import (
    LinkIndex,
    find_heading,
    has_subpath,
    heading_key,
    heading_subpath,
    resolvable_links,
    wikilink,
)

RULES = BodyRules(
    caveat="Caveat:",
    sections={
        "Sources": Section(items="source"),
        "Related": Section(items="relation"),
        "Open questions": Section(items="question"),
    },
)
FILES = (
    "a.md",
    "d/n.md",
    "d/a b.md",
    "d/e/A.md",
    "d/e/é.md",
    "d e/e\u0301.md",
    "😀/ß ς.md",
    "d/a.png",
    "b.c.md",
    "d/b.c",
    "e/(a).canvas",
    "a\u00a0b.md",
    "d/%20 'a', {b} & $c$ `d` *e* _f_ ~g~ <h>.md",
)
_FIRST = {"wiki": "[[", "embed": "![[", "markdown": "[", "image": "!["}
_MARK = re.compile(r"[-+*]|\d{1,9}[.)]")
# The head of a block of text, perhaps as an item or behind a tag.
_BLOCK = re.compile(r"(?:\A| )[|>][-+0-9]*(?: |\Z)")


def facts(text: str) -> None:
    """Check that reading raises nothing and that the place of every fact is right."""
    document = parse("d/n.md", text)
    if document.error:
        return
    assert document.text == text
    for link in document.links:
        _link(document, link)
    _marks(document)
    _lines(document)
    spans = [(link.start, link.end) for link in document.links]
    assert len(set(spans)) == len(spans)
    assert len(prefer_wikilinks(text)) == len(text)


def _link(document: Document, link: Link) -> None:
    text = document.text
    assert link.start <= link.target_start <= link.target_end <= link.end
    if link.kind == "property":
        block = document.properties.span
        assert block
        assert block.start < link.start < link.end < block.end
        return
    assert document.body <= link.start < link.end <= len(text)
    assert text.startswith(_FIRST[link.kind], link.start)
    written = link.target_span.of(text)
    if link.kind in {"wiki", "embed"}:
        assert text.endswith("]]", link.start, link.end)
        assert not set(link.span.of(text)) & set("\r\n")
        assert written == link.target
    else:
        assert text[link.end - 1] == ")"
        assert link.external or decode_uri(written) == link.target


def _marks(document: Document) -> None:
    text = document.text
    for tag in document.tags:
        assert document.body <= tag.start
        assert tag.span.of(text) == f"#{tag.name}"
    for block in document.blocks:
        assert document.body <= block.start
        assert block.span.of(text) == f"^{block.id}"
    for footnote in document.footnotes:
        assert footnote.span.of(text).startswith(f"[^{footnote.label}]:")


def _lines(document: Document) -> None:
    text = document.text
    for heading in document.headings:
        assert heading.text in heading.span.of(text)
        assert 1 <= heading.level <= 6  # noqa: PLR2004 - the levels there are
    for task in document.tasks:
        written = task.span.of(text)
        assert _MARK.match(written)
        assert f"[{task.mark}]" in written
        assert written.endswith(task.text)
    for part in elements(text, document.body):
        assert document.body <= part.start <= part.end <= len(text)
        assert part.kind != "item" or _MARK.match(part.span.of(text))
    for name in ("Table", "Link", "CodeBlock"):
        for span, _ in markup_spans(text, document.body, name):
            assert document.body <= span.start <= span.end <= len(text)
    _unclosed(document)


def _unclosed(document: Document) -> None:
    text, start = document.text, document.body
    for span in unclosed_markup(text, start, "comment"):
        assert span.of(text).startswith("%%")
    for span in unclosed_markup(text, start, "math"):
        assert span.of(text) == "$$"
    for span in unclosed_markup(text, start, "fence"):
        assert set(span.of(text)) in ({"`"}, {"~"})
    for span in numeric_tags(text, start):
        assert re.fullmatch(r"#[0-9/]+", span.of(text))


def plain(text: str) -> None:
    """Check that what is read without pulldown-cmark is what is read with it."""
    for before in ("", "\ufeff", "---\n---\n"):
        quick = read_fast(before + text, len(before))
        if quick:
            sure = read_by_events(before + text, len(before))
            assert _shown(quick) == _shown(sure)


# What only one of the two readers reads.
_OTHER = {"external", "plain"}


def _shown(found: BodyFacts) -> dict[str, str]:
    return {name: repr(getattr(found, name)) for name in BodyFacts.__slots__ if name not in _OTHER}


def body(text: str) -> None:
    """Check that a body is read by every grammar and that the places of its parts are right."""
    document = parse("d/n.md", text)
    found = read_body(document, RULES)
    for paragraph in filter(None, (found.lead, found.caveat)):
        _is_part(paragraph.span.of(text), paragraph.text)
    others = (block for section in found.sections.values() for block in section.others)
    for block in (*found.prose, *found.others, *others):
        # What indents it is kept, what is not closed is closed, and headings are in bold.
        _is_part(block.span.of(text) + "\t\n*?]></prescriptstyletextarea", block.text)
    for section in found.sections.values():
        assert section.heading in {heading.span for heading in document.headings}
        for item in section.items:
            _is_part(item.span.of(text), item.text)
            assert _MARK.match(item.span.of(text))
    for grammar in ("source", "relation", "question"):
        read_item(" ".join(text.split()), grammar)


def _is_part(written: str, part: str) -> None:
    assert set(part) <= {*written, " "}


def properties(text: str) -> None:
    """Check that properties are read or refused, and that each value is the text at its place."""
    found = read_properties(text)
    data, content = ObsidianHandler().split(text)
    if found.span is None:
        assert (data, content) == ("", text)
        return
    assert found.span.of(text).lstrip("\ufeff").startswith("---")
    assert content == text[found.span.end :]
    if found.error:
        assert found.span.start <= found.error.offset <= found.span.end
        assert not found.data
        return
    assert repr(ObsidianHandler().load(data)) == repr(dict(found.data))
    assert set(found.keys) == set(found.values)
    for name in found.keys:
        assert found.span.start < found.keys[name].start <= found.keys[name].end <= found.span.end
        _value(text, found, name)


def _value(text: str, found: Properties, name: str) -> None:
    """Check that a value on one line is read again from its place, by itself.

    No block of text, whose last line breaks may count, and no lone dash, elsewhere a list.
    """
    written = found.values[name].of(text)
    if set(written) & set("\r\n\t&*") or written == "-" or _BLOCK.search(written):
        return
    node = compose(f"a:\n  {written}")
    assert node
    assert repr(construct(node)["a"]) == repr(found.data[name])


def edits(text: str) -> None:
    """Check that edits to properties have their effect and leave the rest of the note alone."""
    before = read_properties(text)
    first = next(iter(before.keys), "a")
    for value in ("x: [y]", 1, True, text[:20]):
        changed = _after(text, set_property(text, first, value))
        if changed is not None:
            assert repr(changed.data[first]) == repr(value)
    changed = _after(text, add_to_list(text, first, "é, #"))
    assert changed is None or changed.data[first][0] == "é, #"
    for name in before.keys:
        changed = _after(text, make_list(text, name))
        assert changed is None or isinstance(changed.data[name], list)
        for _, span in list_items(text, name):
            assert span.start <= span.end
    for span, _ in unquoted_wikilinks(text):
        assert span.of(text).startswith("[[")
    _after(text, tabs_to_spaces(text))


def _after(text: str, made: tuple[Edit, ...]) -> Properties | None:
    if not made:
        return None
    changed = apply_edits(text, made)
    before, after = read_properties(text), read_properties(changed)
    assert after.error is None
    assert after.span
    end = before.span.end if before.span else text.startswith("\ufeff")
    assert changed[after.span.end :] == text[end:]
    return after


def links(text: str) -> None:
    """Check that links resolve to files of the vault, and that what we write as a link is one."""
    document = parse("d/n.md", text)
    files = {*FILES, *(f"{link.target}.md" for link in document.links)}
    index, own = LinkIndex(files), LinkIndex(FILES)
    for link in resolvable_links(document):
        for source in ("n.md", "d/n.md", "d/e/n.md"):
            found = index.resolve(link.target, source)
            assert set(found) <= files | {source}
            index.loose_match(link.target, source)
        has_subpath(document, link.subpath)
        _rewritten(link.target + link.subpath)
    for heading in document.headings:
        if heading_key(heading.text):
            assert find_heading(document, heading_subpath(heading.text)) is not None
    for path in FILES:
        (link,) = parse("n.md", wikilink(path, own, text[:40])).links
        assert own.resolve(link.target, "n.md")[:1] == (path,)


def _rewritten(target: str) -> None:
    wiki, destination = wikilink_target(target), markdown_destination(target)
    if wiki:
        (link,) = parse("n.md", f"[[{wiki}]]").links
        assert link.target + link.subpath == target
    if destination:
        (link,) = parse("n.md", f"[x]({destination})").links
        assert link.target + link.subpath == target
        assert "".join(markdown_target(destination)[:2]) == target


def canvas(text: str) -> None:
    """Check that a canvas is read or not, and that its links are its file nodes."""
    assert parse("n.canvas", text).kind == "canvas"
    names = text.encode(errors="replace").decode().split("\n")
    nodes = [{"type": "file", "file": name, "subpath": "#a"} for name in names]
    found = parse("n.canvas", json.dumps({"text": '"file": "a.md"', "nodes": nodes})).links
    assert [link.target for link in found] == names
