"""The vectors, and the small vaults that they describe."""

# ruff: noqa: INP001
from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

# An uncertain vector is run and reported, but not counted.
CERTAIN = frozenset("VOD")
# The runner compares links; the tags of a note are compared by our own tests.
NOT_ASKED = frozenset({"tags"})

Vector = dict[str, Any]


class Wanted(NamedTuple):
    """A link that leads to any of `paths`, broken without one; `subpath` None is not judged."""

    paths: tuple[str, ...]
    subpath: bool | None = None

    def __str__(self) -> str:
        part = {None: "", True: " and its part", False: " but no such part"}[self.subpath]
        return (" or ".join(self.paths) or "broken") + part


class Case(NamedTuple):
    """A vault, path to text, and what the links of one note in it are."""

    files: dict[str, str]
    source: str
    wanted: tuple[Wanted, ...]


def broken(links: tuple[Wanted, ...]) -> bool:
    """Whether a checker should complain."""
    return any(not link.paths or link.subpath is False for link in links)


def vectors() -> list[Vector]:
    """Return all vectors in the order of the file."""
    text = Path(__file__).with_name("vectors.json").read_text(encoding="utf-8")
    data = json.loads(text)
    return [*data["links"], *data["headings"], *data["extraction"]]


def is_certain(vector: Vector) -> bool:
    """Whether a vector is established well enough to count."""
    return vector["confidence"] in CERTAIN


def forms(vector: Vector) -> frozenset[str]:
    """Return the forms of link that a tool must know to be run; none for a heading vector."""
    if "forms" in vector:
        return frozenset(vector["forms"])
    marks = {"![[": "embed", "[[": "wikilink", "![": "image", "[": "markdown"}
    link = vector.get("link", "")
    return frozenset([form for mark, form in marks.items() if link.startswith(mark)][:1])


def cases(vector: Vector, *, wiki: bool, targets: bool) -> Iterator[Case]:
    """Yield the vaults that a vector describes.

    `wiki`: whether the link to a heading is a wikilink, else it is a Markdown link. A tool
    that names no targets sees a note with several links also with each of their files missing,
    one at a time: it should complain about each.
    """
    if "headings" in vector:
        yield _heading_case(vector, wiki=wiki)
    elif "link" in vector:
        yield _link_case(vector)
    else:
        whole = _body_case(vector)
        yield whole
        if not targets:
            yield from (_without(whole, link.paths[0]) for link in dict.fromkeys(whole.wanted))


def _link_case(vector: Vector) -> Case:
    files = dict.fromkeys(vector["files"], "") | vector.get("text", {})
    source, expect = vector["source"], vector["expect"]
    files[source] += vector["link"] + "\n"
    files[".obsidian/app.json"] = json.dumps(vector.get("settings", {}))
    if isinstance(expect, dict):
        return Case(files, source, ())
    paths = [expect] if isinstance(expect, str) else expect or []
    return Case(files, source, (Wanted(tuple(paths), vector.get("subpath")),))


def _heading_case(vector: Vector, *, wiki: bool) -> Case:
    subpath = vector["subpath"]
    # After `./` a colon makes no address of it.
    quoted = "./target.md#" + urllib.parse.quote(subpath[1:], safe="/?:@&=+$,;#!'()*")
    link = f"[[target{subpath}]]" if wiki else f"[t](<{quoted}>)"
    text = "\n\n".join(vector["headings"]) + "\n"
    files = {"target.md": text, "source.md": link + "\n", ".obsidian/app.json": "{}"}
    return Case(files, "source.md", (Wanted(("target.md",), vector["hit"] is not None),))


def _body_case(vector: Vector) -> Case:
    wanted = tuple(Wanted((_file(target),)) for target in vector["links"])
    files = {path: "" for link in wanted for path in link.paths} | vector.get("text", {})
    files |= {vector["source"]: vector["body"], ".obsidian/app.json": "{}"}
    return Case(files, vector["source"], wanted)


def _file(target: str) -> str:
    """Return the file that a link of a body leads to: a note, where no extension is written."""
    return target if re.search(r"\.\w+$", target) else f"{target}.md"


def _without(case: Case, path: str) -> Case:
    files = {name: text for name, text in case.files.items() if name != path}
    return case._replace(files=files, wanted=(Wanted(()),))
