"""`vaultsync.toml` as data. Every key has a type, a default and one line that explains it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Level = Literal["error", "warning", "hint", "off"]
Items = Literal["source", "relation", "question", "task", "text"]
Condition = dict[str, Any]
Count = Annotated[int, Meta(ge=0)]
Positive = Annotated[int, Meta(gt=0)]


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", eq=False):
    """A table of the settings."""


class Lead(Settings, frozen=True):
    """What the first paragraph must be."""

    required: Annotated[bool, Meta(description="A note without it is incomplete.")] = False
    sentences: Annotated[
        tuple[Count, Count] | None, Meta(description="Fewest and most sentences.")
    ] = None
    words: Annotated[Positive | None, Meta(description="Above so many words a hint is given.")] = (
        None
    )
    distinct: Annotated[
        bool, Meta(description="No two notes may claim nearly the same in other words.")
    ] = False


class Section(Settings, frozen=True):
    """What a section under a heading of that name holds."""

    items: Annotated[Items, Meta(description="The grammar of its list items.")] = "text"
    required: Annotated[bool, Meta(description="A note without it is incomplete.")] = False
    roles: Annotated[tuple[str, ...], Meta(description="Roles that a source may have.")] = ()
    first: Annotated[str, Meta(description="A role that one source must have.")] = ""
    fill: Annotated[
        dict[str, Literal["url", "cite", "year"]],
        Meta(description="Properties that repeat a part of the first source in that role."),
    ] = {}


class BodyRules(Settings, frozen=True):
    """What a note's body holds."""

    lead: Annotated[Lead, Meta(description="The first paragraph.")] = Lead()
    caveat: Annotated[str, Meta(description="What a second paragraph that limits begins with.")] = (
        ""
    )
    sections: Annotated[dict[str, Section], Meta(description="Sections by their heading.")] = {}


class TypeRule(Settings, frozen=True):
    """A demand on notes whose properties fit a condition."""

    when: Annotated[Condition, Meta(description="Properties and the values they must have.")] = {}
    require_role: Annotated[str, Meta(description="A role that one source must have.")] = ""
    exclusive: Annotated[
        bool, Meta(description="Other notes with a source in that role need a caveat.")
    ] = False
    label: Annotated[
        str, Meta(description="How lists introduce those sources, such as `disputed by`.")
    ] = ""
    require: Annotated[tuple[str, ...], Meta(description="Properties that must be there.")] = ()


class NoteType(Settings, frozen=True):
    """A kind of note."""

    match: Annotated[
        tuple[str, ...], Meta(description="Globs of the notes of this type.", min_length=1)
    ] = ()
    template: Annotated[str, Meta(description="The note that `vaultsync new` starts from.")] = ""
    required: Annotated[tuple[str, ...], Meta(description="Properties it must have.")] = ()
    alias: Annotated[str, Meta(description="A property whose value must be an alias.")] = ""
    scope: Annotated[str, Meta(description="A property with what it was tested on.")] = ""
    checked: Annotated[
        str, Meta(description="A property with the day a person compared it with its source.")
    ] = ""
    states: Annotated[
        dict[str, Condition],
        Meta(description="Stages of a note's life and the properties that define them."),
    ] = {}
    properties: Annotated[
        dict[str, dict[str, Any]], Meta(description="JSON Schema of each property.")
    ] = {}
    body: Annotated[BodyRules, Meta(description="What the body holds.")] = BodyRules()
    rules: Annotated[tuple[TypeRule, ...], Meta(description="Demands on some of the notes.")] = ()


class LintSettings(Settings, frozen=True):
    """Which rules run, and how much they matter."""

    select: Annotated[tuple[str, ...], Meta(description="Rules to run; empty: the default.")] = ()
    extend_select: Annotated[tuple[str, ...], Meta(description="Rules to run as well.")] = ()
    ignore: Annotated[tuple[str, ...], Meta(description="Rules not to run.")] = ()
    severity: Annotated[dict[str, Level], Meta(description="Severity by rule.")] = {}
    per_file_ignores: Annotated[
        dict[str, tuple[str, ...]], Meta(description="By glob, rules not to run on those files.")
    ] = {}
    per_file_severity: Annotated[
        dict[str, dict[str, Level]], Meta(description="By glob, severity by rule.")
    ] = {}
    baseline: Annotated[
        str, Meta(description="A file of findings that are not reported, relative to the vault.")
    ] = ""


class ChangelogSettings(Settings, frozen=True):
    """The record of what is new."""

    note: Annotated[str, Meta(description="The note that contains the journal.")] = "Changelog.md"
    first: Annotated[str, Meta(description="Text of the first entry.")] = "Initial post"
    timezone: Annotated[
        str, Meta(description="Time zone of days, as `Europe/Paris`; empty: each author's own.")
    ] = ""
    days: Annotated[
        dict[str, str], Meta(description="A line for a day, also for one before git.")
    ] = {}


class PublishSettings(Settings, frozen=True):
    """The post and where it goes."""

    post: Annotated[str, Meta(description="The note that is the post.")] = "Post.md"
    targets: Annotated[
        tuple[
            Literal[
                "markdown", "html", "lesswrong", "lesswrong-rich", "feed", "bibliography", "data"
            ],
            ...,
        ],
        Meta(description="What to publish for."),
    ] = ("markdown", "html", "lesswrong")
    details: Annotated[
        tuple[str, ...], Meta(description="Properties shown folded under a note on the page.")
    ] = ()
    filters: Annotated[
        tuple[str, ...], Meta(description="Properties that readers of the page filter notes by.")
    ] = ()
    permalinks: Annotated[
        tuple[str, ...],
        Meta(description="Properties with further names of a note, such as those it had before."),
    ] = ()
    map: Annotated[
        str, Meta(description="Property by which the page's map groups notes; empty: no map.")
    ] = ""
    tensions: Annotated[
        tuple[str, ...],
        Meta(description="Words before the reason of a relation that mark a tension."),
    ] = ("tension",)
    properties: Annotated[
        tuple[str, ...], Meta(description="More properties that the target `data` contains.")
    ] = ()
    page: Annotated[
        str,
        Meta(description="Address of the published page; targets that lack a place lead there."),
    ] = ""
    outside: Annotated[
        str,
        Meta(
            description="Links to notes outside the post: `text`, `error`, or an address that a "
            "note's path is added to."
        ),
    ] = "text"
    references: Annotated[
        str, Meta(description="Heading of a list of all works the post cites; empty: no list.")
    ] = ""
    feed_id: Annotated[
        str, Meta(description="URI that the feed's ids begin with; empty: the page's address.")
    ] = ""
    author: Annotated[
        str, Meta(description="Name of the feed's author; empty: the post's title.")
    ] = ""
    out: Annotated[
        str, Meta(description="Output folder; empty: `public` beside a vault, `.public` inside.")
    ] = ""


class WebSettings(Settings, frozen=True):
    """The registries in which `vaultsync new` looks up a source."""

    arxiv: Annotated[str, Meta(description="Address of the arXiv API.")] = (
        "https://export.arxiv.org/api/query"
    )
    doi: Annotated[str, Meta(description="Address of the Crossref API.")] = (
        "https://api.crossref.org/works/"
    )
    timeout: Annotated[float, Meta(description="Seconds to wait for a response.", gt=0)] = 10.0


class Config(Settings, frozen=True):
    """All settings of a vault."""

    exclude: Annotated[
        tuple[str, ...], Meta(description="Globs of files that are not reported on.")
    ] = ()
    addresses: Annotated[
        dict[str, str], Meta(description="Addresses that `link` blocks lead to.")
    ] = {}
    types: Annotated[dict[str, NoteType], Meta(description="Types of notes.")] = {}
    lint: Annotated[LintSettings, Meta(description="The linter.")] = LintSettings()
    changelog: Annotated[ChangelogSettings, Meta(description="The changelog.")] = (
        ChangelogSettings()
    )
    publish: Annotated[PublishSettings, Meta(description="The publisher.")] = PublishSettings()
    web: Annotated[WebSettings, Meta(description="Registries of sources.")] = WebSettings()

    def type_name(self, path: str) -> str | None:
        """Return the first type whose globs match a vault-relative path."""
        for name, note_type in self.types.items():
            if matches_glob(path, note_type.match):
                return name
        return None

    def address(self, name: str, *, within: tuple[str, ...] = ()) -> str:
        """Return an address with `{other}` filled in; empty if it or a part of it is empty.

        `within` are the addresses that it is a part of: none can be a part of itself.
        """
        written = "" if name in within else self.addresses.get(name, "")
        for part in re.findall(r"\{([\w-]+)\}", written):
            value = self.address(part, within=(*within, name))
            if not value:
                return ""
            written = written.replace(f"{{{part}}}", value.rstrip("/"))
        return written


def matches_glob(path: str, globs: Iterable[str]) -> bool:
    """Whether a path fits one of the globs: `*` within a folder, `**` across, `?` one character."""
    return any(_glob(pattern).fullmatch(path) for pattern in globs)


@functools.lru_cache(maxsize=1024)
def _glob(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    meaning = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(meaning.get(part) or re.escape(part) for part in parts), re.DOTALL)
