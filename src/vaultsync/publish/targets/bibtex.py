"""The works cited as BibTeX.

Sources: https://ctan.org/pkg/bibtex (btxdoc), and https://info.arxiv.org/help/hypertex/bibstyles
for the fields of what is on arXiv.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

from vaultsync.publish.order import Order
from vaultsync.publish.works import Author, Work, works

_SPECIAL = {
    "\\": r"{\textbackslash}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    **{char: f"\\{char}" for char in "%&_#${}"},
}
# A brace counts in BibTeX, escaped or not, so that one without the other would end the value.
_LONE = {"{": r"{\textbraceleft}", "}": r"{\textbraceright}"}
_LETTERS = {
    "ß": r"{\ss}",
    "æ": r"{\ae}",
    "Æ": r"{\AE}",
    "œ": r"{\oe}",
    "Œ": r"{\OE}",
    "ø": r"{\o}",
    "Ø": r"{\O}",
    "ł": r"{\l}",
    "Ł": r"{\L}",
    "ı": r"{\i}",
}
# LaTeX's name of each combining mark.
_MARKS = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "=",
    "\u0306": "u",
    "\u0307": ".",
    "\u0308": '"',
    "\u030a": "r",
    "\u030b": "H",
    "\u030c": "v",
    "\u0323": "d",
    "\u0327": "c",
    "\u0328": "k",
}
_SPACES = re.compile(r"\s+")
# What an address may hold unquoted in a value that is read as it is.
_VERBATIM = "%/:?#[]@!$&'()*+,;=~"


def make(order: Order) -> str:
    """Return the works, by key."""
    return "\n".join(_entry(work) for work in works(order.composition.references))


def _entry(work: Work) -> str:
    kind = "article" if work.kind == "doi" and work.venue else "misc"
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(work) if value)
    return f"@{kind}{{{work.key},\n{fields}}}\n"


def _fields(work: Work) -> Iterator[tuple[str, str]]:
    """Yield names and values as they stand between braces."""
    authors = [_author(author) for author in work.authors]
    yield "author", " and ".join([*authors, *(["others"] if work.others else [])])
    # The second pair of braces keeps the letter case.
    yield "title", f"{{{latex(work.title)}}}"
    yield "year", str(work.year or "")
    yield ("journal" if work.kind == "doi" else "howpublished"), latex(work.venue)
    if work.kind == "arxiv":
        yield "eprint", work.id
        yield "archiveprefix", "arXiv"
    elif work.kind == "doi":
        yield "doi", quote(work.id, safe=f"{_VERBATIM}<>")
    yield "url", quote(work.url, safe=_VERBATIM)


def _author(author: Author) -> str:
    return latex(author.name) if author.is_person else f"{{{latex(author.name)}}}"


def latex(text: str) -> str:
    """Return a text for LaTeX, accents as commands; what has none stays in Unicode."""
    plain = _SPACES.sub(" ", unicodedata.normalize("NFC", text))
    known = {**_SPECIAL, **_LETTERS, **({} if _is_balanced(plain) else _LONE)}
    return "".join(known.get(char) or _accented(char) for char in plain)


def _is_balanced(text: str) -> bool:
    depths = list(itertools.accumulate((char == "{") - (char == "}") for char in text))
    return not depths or (min(depths) >= 0 and depths[-1] == 0)


def _accented(char: str) -> str:
    base, mark = (*unicodedata.normalize("NFD", char), "")[:2]
    command = _MARKS.get(mark)
    return f"{{\\{command}{{{base}}}}}" if command and base.isascii() else char
