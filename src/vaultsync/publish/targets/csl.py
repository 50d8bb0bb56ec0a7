"""The works cited as CSL JSON, which reference managers and pandoc read.

Source of the names: https://docs.citationstyles.org/en/stable/specification.html.
"""

from __future__ import annotations

from typing import Any

import msgspec

from vaultsync.publish.bibliography import Author, Work, works
from vaultsync.publish.render_job import Order

_TYPES = {"arxiv": "article", "doi": "document", "web": "webpage"}


def make(order: Order) -> str:
    """Return the works, by key."""
    items = [_item(work) for work in works(order.composition.references)]
    return msgspec.json.format(msgspec.json.encode(items), indent=2).decode() + "\n"


def _item(work: Work) -> dict[str, Any]:
    kind = "article-journal" if work.kind == "doi" and work.venue else _TYPES[work.kind]
    item: dict[str, Any] = {"id": work.key, "type": kind, "title": work.title}
    names = [_name(author) for author in work.authors]
    # CSL has no word for "et al."; this one pandoc takes for it.
    names += [{"literal": "others"}] if work.others else []
    if names:
        item["author"] = names
    if work.year:
        item["issued"] = {"date-parts": [[work.year]]}
    if work.venue:
        item["container-title"] = work.venue
    if work.kind == "arxiv":
        item |= {"publisher": "arXiv", "number": f"arXiv:{work.id}"}
    elif work.kind == "doi":
        item["DOI"] = work.id
    return item | {"URL": work.url}


def _name(author: Author) -> dict[str, str]:
    return {"family" if author.is_person else "literal": author.name}
