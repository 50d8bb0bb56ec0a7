"""Published posts for the tests with a browser."""

from __future__ import annotations

from pathlib import Path

import msgspec
from tests.blocks.sample import TOML, block, note
from tests.publish.pages import rendered

SETTINGS = (
    TOML.replace("[types.claim]", '[types.claim]\nchecked = "checked"')
    + """
[publish]
filters = ["area", "tags", "checked"]
permalinks = ["aliases"]
map = "area"
"""
)
POST = f"""---
title: A small post
---

Words before, see [[tr|the table]] and [[sec]].

## Listed

{block('notes area="list"')}
## Headed

{block('notes area="sections" style="sections"')}
More words below.

## Rows

{block('notes area="table" style="table"')}
## End

Nothing is listed here.
"""
FILES = {
    "Post.md": POST,
    "Claims/li.md": note(
        "The first **clâim** of all.\n\nCaveat: it depends.\n\n## Related\n\n- [[sec]]: why\n",
        title="Listed claim",
        status="x",
        area="list",
        tags="[red, blue]",
        aliases="[old name]",
        checked="2026-01-02",
    ),
    "Claims/two.md": note("The second.", title="Two", status="x", area="list", tags="[red]"),
    "Claims/sec.md": note("In a section.", title="Headed claim", status="x", area="sections"),
    "Claims/tr.md": note("In a row.", title="Row claim", status="x", area="table", tags="[blue]"),
    "Claims/gone.md": note("It is gone.", title="Gone", status="retired", area="list"),
}

DAYS = {
    "2026-05-05": "- Words of the author",
    "2026-05-04": "- Added [[sec]]\n- Linked [[sec]] with [[li]]",
    "2026-05-03": "- Reworded [[tr]]\n- Retired [[gone]]",
    "2025-05-02": "- Added [[li]]\n- Added [[two]]",
}


class Posts(msgspec.Struct, frozen=True):
    """Pages: the project's own post, a small one of every shape, one without notes or settings."""

    own: Path
    small: Path
    plain: Path


def small(folder: Path) -> Path:
    """Write the small page."""
    return written(folder, "small", FILES, SETTINGS)


def written(folder: Path, name: str, files: dict[str, str], toml: str) -> Path:
    """Write a page below a folder."""
    page = folder / f"{name}.html"
    page.write_bytes(rendered(files, toml, ("html",))["post.html"])
    return page


def journaled(folder: Path, *days: str, style: str = "short", more: str = "") -> Path:
    """Write a page whose changelog has some days."""
    journal = "\n\n".join(f"### {day}\n\n{DAYS[day]}" for day in days or DAYS) + more
    shown = block(f'changelog style="{style}"')
    changelog = f"## Changelog\n\n{shown}\nWords behind.\n"
    files = {
        **FILES,
        "Post.md": FILES["Post.md"] + changelog,
        "Changelog.md": block("changelog", journal),
    }
    return written(folder, "page", files, SETTINGS)


TOPICS = ("bridges", "ropes", "wheels")
FRAMES = """
[types.claim]
match = ["Claims/**"]
handle = "handle"
checked = "checked"
scope = "tested_on"

[types.claim.states]
retired = { status = "retired" }

[types.claim.properties]
topic = { enum = ["bridges", "ropes", "wheels"] }

[types.claim.body]
caveat = "Caveat:"
sections.Sources = { items = "source", first = "original" }
sections.Related = { items = "relation" }
sections."Open questions" = { items = "question" }

[publish]
targets = ["html", "bibliography"]
details = ["status", "tested_on"]
filters = ["topic", "status"]
map = "topic"
"""
FRAME = """What is built of {name} holds in {words} and in {words}, as long as no {name} is in it.

Caveat: shown for small {name}, in {words}; of larger ones nobody knows, and some say otherwise.

## Sources

- original: [On {name} and {words}]({site}/{name}), Ada et al. 2024; Bridges 2024; abstract
- supporting: [More on {name} and {words}]({site}/{name}/more), Bob and Cy 2023; section 2

## Related

- [[{next}]]: what follows from {name} in {words} / what comes before {name} in {words}
{tension}
## Open questions

- Does it hold for {words} too, and for which {name}?
"""
TENSION = "- [[{}]]: tension: {} hold in all of it / {} do not (crux: what {} do there)\n"


def encyclopedia(folder: Path, number: int, **texts: str) -> Path:
    """Write the page of so many notes, each with all that a note may have, by topic."""
    words = "calm weather and on all of the longer days of the year"
    listed = block('notes type="claim" group="topic"')
    files = {"Post.md": f"## All of it\n\n{listed}"}
    for at in range(number):
        name, half = f"things-{at}", number // 2
        tension = TENSION.format(f"n{at + half}", name, name, name) if at < half else ""
        files[f"Claims/n{at}.md"] = note(
            FRAME.format(
                name=name,
                words=words,
                site="https://example.org",
                next=f"n{(at + 1) % number}",
                tension=tension,
            ),
            title=f"Things of kind {at} hold for longer than it seems",
            handle=f"kind {at}",
            status="open",
            topic=TOPICS[at % len(TOPICS)],
            tested_on=f"small things of kind {at}",
        )
    return written(folder, "encyclopedia", files | texts, FRAMES)
