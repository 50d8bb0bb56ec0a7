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
