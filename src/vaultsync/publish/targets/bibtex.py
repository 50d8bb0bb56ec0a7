"""The works cited as BibTeX.

Sources: https://ctan.org/pkg/bibtex (btxdoc), and https://info.arxiv.org/help/hypertex/bibstyles
for the fields of what is on arXiv.
"""

from __future__ import annotations

import itertools
import re
import string
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

from vaultsync.publish.bibliography import Author, Work, works
from vaultsync.publish.render_job import Order

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
_COMPOSED = {
    unicodedata.normalize("NFC", letter + mark): f"{{\\{command}{{{letter}}}}}"
    for mark, command in _MARKS.items()
    for letter in string.ascii_letters
}
_NAMES = {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l"}
_NAMES |= {"Ł": "L", "ı": "i", "\\": "textbackslash", "~": "textasciitilde", "^": "textasciicircum"}
_LATEX = str.maketrans(
    {one: text for one, text in _COMPOSED.items() if len(one) == 1}
    | {one: f"{{\\{name}}}" for one, name in _NAMES.items()}
    | {one: f"\\{one}" for one in "%&_#${}"}
)
# A brace counts in BibTeX, escaped or not, so that one without the other would end the value.
_LONE = str.maketrans({"{": "\ufdd0", "}": "\ufdd1"})
_LONE_LATEX = str.maketrans({"\ufdd0": r"{\textbraceleft}", "\ufdd1": r"{\textbraceright}"})
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
    if not _is_balanced(plain):
        plain = plain.translate(_LONE)
    return plain.translate(_LATEX).translate(_LONE_LATEX)


def _is_balanced(text: str) -> bool:
    depths = list(itertools.accumulate((char == "{") - (char == "}") for char in text))
    return not depths or (min(depths) >= 0 and depths[-1] == 0)
