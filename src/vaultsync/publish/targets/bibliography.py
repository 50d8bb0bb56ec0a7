"""The works that the post cites, as BibTeX and as CSL JSON.

Source: https://docs.citationstyles.org/en/stable/specification.html for the names of CSL.
"""

from __future__ import annotations

from typing import Any

import msgspec

from vaultsync.publish.compose import Composition
from vaultsync.publish.targets.works import Work, bibtex_entry, family_and_given, is_person, works

# By the type of a work's BibTeX entry, else by what it is known by.
_TYPES = {"article": "article-journal", "inproceedings": "paper-conference"}
_OTHER_TYPES = {"arxiv": "article", "doi": "document", "web": "webpage"}


def bibtex(post: Composition) -> str:
    """Return the works, by key."""
    return "\n".join(map(bibtex_entry, works(post).values()))


def csl_json(post: Composition) -> str:
    """Return the works, by key."""
    items = [_item(work) for work in works(post).values()]
    return msgspec.json.format(msgspec.json.encode(items), indent=2).decode() + "\n"


def _item(work: Work) -> dict[str, Any]:
    names = [{"family" if is_person(name) else "literal": name} for name in work.authors]
    # CSL has no word for "et al."; pandoc reads this one so.
    names += [{"literal": "others"}] if work.has_others else []
    names = [*map(_full_name, work.names)] or names
    is_preprint = work.kind == "arxiv" and work.type == "misc"
    item: dict[str, Any] = {
        "id": work.key,
        "type": _TYPES.get(work.type) or _OTHER_TYPES[work.kind],
        "title": work.source.title,
        "author": names,
        "issued": {"date-parts": [[work.year]]} if work.year else None,
        "container-title": work.venue,
        "note": work.note,
        "publisher": "arXiv" if is_preprint else None,
        "number": f"arXiv:{work.id}" if is_preprint else None,
        "DOI": work.id if work.kind == "doi" else None,
        "URL": work.url,
    }
    return {name: value for name, value in item.items() if value}


def _full_name(name: str) -> dict[str, str]:
    family, given = family_and_given(name)
    return {"family": family, "given": given} if given else {"literal": family}
