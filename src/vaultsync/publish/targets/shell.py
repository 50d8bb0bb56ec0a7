"""What surrounds the text of the page: head, policy, contents, search, style and scripts."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import re
from collections.abc import Iterable, Mapping

import jinja2
import msgspec
from markupsafe import Markup

from vaultsync import __version__
from vaultsync.blocks.journal_blocks import format_day
from vaultsync.publish.compose.about import About
from vaultsync.publish.compose.catalogue import Catalogue, Entry
from vaultsync.publish.targets.outline import Heading

_STYLES = (
    "page.css",
    "contents.css",
    "fold.css",
    "find.css",
    "since.css",
    "figures.css",
    "print.css",
)
# The first runs before anything is shown. What is marked as new is not to be found by that mark,
# and what unfolds comes behind all that moves what it scrolls to.
_EARLY = "theme.js"
_SCRIPTS = (
    *("places.js", "search.js", "find.js", "since.js", "unfold.js", "map.js"),
    *("contents.js", "preview.js", "cite.js"),
)


# What browsers do not read of scripts and styles.
_UNREAD = re.compile(r"^[ \t]*(?://.*\n|\n)?", re.MULTILINE)
# Of styles, also comments and what is around marks, but for those in strings.
_SPACES = re.compile(r'("[^"]*")|/\*.*?\*/|(?<=[{};:,])\s+|\s+(?=[{}])', re.DOTALL)
_LOADER = jinja2.PackageLoader("vaultsync.publish")
_ENVIRONMENT = jinja2.Environment(loader=_LOADER, autoescape=True, undefined=jinja2.StrictUndefined)
_ENVIRONMENT.filters["day"] = functools.partial(format_day, with_year=True)


def source(*names: str) -> Markup:
    """Return templates without anything filled in, and without indents and lines of comment."""
    texts = (_LOADER.get_source(_ENVIRONMENT, name)[0] for name in names)
    return Markup(_UNREAD.sub("", "\n".join(texts)))  # noqa: S704 - the package's own files


class Beside(msgspec.Struct, frozen=True):
    """A file that is published beside the page, with its media type."""

    label: str
    file: str
    type: str


class Head(msgspec.Struct, frozen=True):
    """The title of the page and what else is known of all of it.

    `address` is that of the page, "" for none. `keys` are BibTeX keys of works by identity.
    """

    title: str
    author: str = ""
    about: About = About()
    address: str = ""
    beside: tuple[Beside, ...] = ()
    keys: Mapping[str, str] = {}


def page_document(
    head: Head, body: str, contents: Iterable[Heading], words: str, catalogue: Catalogue
) -> str:
    """Return the whole page: `body` is safe HTML, `words` how it begins, as plain text."""
    early = source(_EARLY)
    style = Markup(_SPACES.sub(r"\1", str(source(*_STYLES))))  # noqa: S704 - the package's own files
    # Without notes there is nothing to find and no map.
    script = source(*_SCRIPTS) if catalogue.entries else Markup()
    return _ENVIRONMENT.get_template("page.html.j2").render(
        head=head,
        about=head.about,
        description=head.about.description or words,
        style=style,
        early=early,
        script=script,
        policy=_policy(style, [early, script] if script else [early]),
        contents=contents,
        filters=catalogue.filters,
        data=Markup(_data(catalogue)),  # noqa: S704 - ends no element, see there
        content=Markup(body),  # noqa: S704 - cleaned by nh3
        generator=f"vaultsync {__version__}",
    )


def _policy(style: str, scripts: Iterable[str]) -> str:
    """Return the policy under which these alone apply, nothing is loaded and nothing is sent.

    No script may make elements of text: https://www.w3.org/TR/trusted-types/.
    """
    return (
        f"default-src 'none'; script-src {' '.join(map(digest, scripts))}; "
        f"style-src {digest(style)}; img-src data:; connect-src 'none'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; "
        "trusted-types 'none'"
    )


def digest(text: str) -> str:
    """Return the hash of an inline script or style as a policy names it, quotes included."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _data(catalogue: Catalogue) -> str:
    """Return the data of the notes for the scripts, as JSON that is safe in a script element."""
    values: dict[str, dict[str, None]] = {}
    for entry in catalogue.entries:
        for name, found in entry.values.items():
            values.setdefault(name, {}).update(dict.fromkeys(found))
    properties = {name: [*known] for name, known in values.items()}
    data = {
        "properties": properties,
        "notes": [_note(entry, properties) for entry in catalogue.entries],
        "abbreviations": catalogue.abbreviations,
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _note(entry: Entry, properties: Mapping[str, list[str]]) -> dict[str, object]:
    """Return what the scripts know of a note; a value is the number of one of its property."""
    numbers = [
        [known.index(value) for value in entry.values.get(name, ())]
        for name, known in properties.items()
    ]
    names = [*dict.fromkeys((entry.title, *entry.former))]
    days = {"added": entry.added, "changed": entry.changed}
    known_days = {name: day for name, day in days.items() if day}
    return {"id": entry.name, "also": names, "values": numbers, **known_days}
