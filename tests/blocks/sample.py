"""A small vault for the tests of generated blocks, the changelog and the post."""

from __future__ import annotations

from collections.abc import Mapping

from vaultsync.blocks.context import Context
from vaultsync.blocks.fill import fill
from vaultsync.blocks.quote import find_blocks
from vaultsync.core.config.read import load_config
from vaultsync.core.model import Vault
from vaultsync.markdown import parse

TOML = """
[addresses]
home = "https://example.org/claims"
form = "{home}/new?text=(a b)"
none = ""
regex = 'https://example.org/\\1'

[types.claim]
match = ["Claims/**"]
required = ["title", "status"]

[types.claim.states]
draft = { status = "draft" }
retired = { status = "retired" }

[types.claim.properties]
area = { type = ["string", "array"] }
tags = { type = "array" }

[types.claim.body]
caveat = "Caveat:"
sections.Sources = { items = "source", first = "original" }
sections.Related = { items = "relation" }
sections."Open questions" = { items = "question" }

[[types.claim.rules]]
when = { status = "contested" }
require-role = "contrary"
label = "disputed by"

[types.query]
match = ["Queries/**"]

[types.query.states]
answered = { status = "answered" }
"""


def note(body: str = "", **properties: object) -> str:
    """Return a note; its properties are written as YAML that is JSON, too."""
    lines = "".join(f"{name}: {value}\n" for name, value in properties.items())
    return f"---\n{lines}---\n\n{body}"


def block(opener: str, content: str = "") -> str:
    """Return a block as the tool writes it; `opener` is what follows `vaultsync:`."""
    return f"<!-- vaultsync:{opener} -->\n\n" + (f"{content}\n\n" if content else "") + CLOSER


CLOSER = "<!-- /vaultsync -->\n"

BRIDGES = note(
    """Bridges need *slack*, says [[ropes#Knots|the book]]. %%check%%

Caveat: not all do.

## Sources

- original: [On Bridges](https://arxiv.org/pdf/2401.00001v2), Ada et al. 2024; section 2
- contrary: [Against [Slack]](<https://example.org/a_(b>), Bob 2023

## Related

- [[ropes]]: ropes carry them

## Open questions

- How much slack? answered: [[how-much]]
- Who needs `[^1]`[^1], says ![[ropes|that]]?

## To do

- [ ] read [[ropes|the book]] again %%soon%%
- [x] done

[^1]: a footnote
""",
    title="Bridges need slack",
    status="contested",
    area="building",
    year=2024,
    tags="[steel, Water]",
)
ROPES = note(
    """Ropes hold a | pipe[^2].

## Sources

- original: [On Ropes](https://example.org/ropes)
- supporting: [On Bridges](https://arxiv.org/abs/2401.00001v1), Ada et al. 2024

[^2]: Said of *hemp*, see [[bridges]].
""",
    title="Ropes hold",
    status="open",
    area="[rigging, building]",
    year=1999,
    tags='["#water"]',
)
OLD = note("It floats.", title="Old [claim]", status="retired", area="building")
NOTES = {
    "Claims/bridges.md": BRIDGES,
    "Claims/ropes.md": ROPES,
    "Claims/old.md": OLD,
    "Claims/idea.md": note("- [ ] ask [[ropes]]\n\nSECRET", title="An *idea*", status="draft"),
    "Claims/blank.md": note(title="A blank", status="draft"),
    "Claims/private.md": note(
        "SECRET\n\n- [ ] SECRET\n\n## Sources\n\n- original: [SECRET](https://example.org/SECRET)\n",
        title="SECRET",
        status="open",
        tags="[SECRET]",
        publish="false",
    ),
    "Queries/how-much.md": note("How much?", status="answered", certain="true"),
}


def context(files: Mapping[str, str] = NOTES, toml: str = TOML) -> Context:
    """Return a vault of these files as blocks see it."""
    documents = {path: parse(path, text) for path, text in files.items() if path.endswith(".md")}
    return Context(Vault(documents, frozenset(files)), load_config(toml))


def filled(files: Mapping[str, str]) -> dict[str, str]:
    """Return the notes of a vault with all their blocks filled."""
    bound = context(files)
    documents = bound.vault.documents
    return {path: fill(documents[path], bound, "tree", "history") for path in documents}


def content(opener: str, files: Mapping[str, str] = NOTES, path: str = "Index.md") -> str:
    """Return what a block of the note at `path` is filled with."""
    filled = parse(path, fill(parse(path, block(opener)), context(files), "tree", "history"))
    (found,), broken = find_blocks(filled)
    assert not broken
    return found.content(filled.text)
