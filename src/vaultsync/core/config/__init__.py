"""`vaultsync.toml` as data. Every key has a type, one line that explains it, and a default.

Only `match` has no default: a type has to name its notes. What reads a file, and finds all that is
wrong with it, is `read.load_config`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

FILE_NAME = "vaultsync.toml"
Level = Literal["error", "warning", "hint", "off"]
Items = Literal["source", "relation", "question", "task", "text"]
Target = Literal["markdown", "html", "lesswrong", "lesswrong-rich", "feed", "bibliography", "data"]
_USUAL: tuple[Target, ...] = ("markdown", "html", "lesswrong")
Along = Literal["notes", "repository"]
Texts = tuple[str, ...]
Pair = Annotated[Texts, Meta(min_length=2, max_length=2)]
Condition = dict[str, Any]
Count = Annotated[int, Meta(ge=0)]
Positive = Annotated[int, Meta(gt=0)]
# What is about one machine, or may hold keys: plugins keep these in their settings.
PRIVATE = (
    "**/.obsidian*/workspace*.json",
    "**/.obsidian*/cache/**",
    "**/.obsidian*/plugins/*/data.json",
    "**/.obsidian*/plugins/*/*cache*",
    "**/.obsidian*/plugins/*/*cache*/**",
    "**/.trash/**",
    "**/.DS_Store",
    "**/Thumbs.db",
    "**/desktop.ini",
)


class Settings(
    msgspec.Struct, frozen=True, kw_only=True, rename="kebab", eq=False, forbid_unknown_fields=True
):
    """A table of the settings."""


class Lead(Settings, frozen=True):
    """What the first paragraph must be."""

    required: Annotated[bool, "A note without it is incomplete."] = False
    sentences: Annotated[tuple[Count, Count] | None, "Fewest and most sentences."] = None
    words: Annotated[Positive | None, "Above so many words a hint is given."] = None
    distinct: Annotated[bool, "No two notes may claim nearly the same in other words."] = False


class Section(Settings, frozen=True):
    """What a section under a heading of that name holds."""

    items: Annotated[Items, "The grammar of its list items."] = "text"
    required: Annotated[bool, "A note without it is incomplete."] = False
    roles: Annotated[Texts, "Roles that a source may have."] = ()
    first: Annotated[str, "A role that one source must have."] = ""
    fill: Annotated[
        dict[str, Literal["url", "cite", "year"]],
        "Properties that repeat a part of the first source in that role.",
    ] = {}


class BodyRules(Settings, frozen=True):
    """What a note's body holds."""

    lead: Annotated[Lead, "The first paragraph."] = Lead()
    caveat: Annotated[str, "What a second paragraph that limits begins with."] = ""
    caveat_words: Annotated[Texts, "Words that have no place in that paragraph."] = ()
    sections: Annotated[dict[str, Section], "Sections by their heading."] = {}


class TypeRule(Settings, frozen=True):
    """A demand on notes whose properties fit a condition."""

    when: Annotated[Condition, "Properties and the values they must have."] = {}
    require_role: Annotated[str, "A role that one source must have."] = ""
    exclusive: Annotated[bool, "Other notes with a source in that role need a caveat."] = False
    label: Annotated[str, "How lists introduce those sources, such as `disputed by`."] = ""
    require: Annotated[Texts, "Properties that must be there."] = ()


class NoteType(Settings, frozen=True):
    """A kind of note."""

    match: Annotated[Texts, Meta(min_length=1), "Globs of the notes of this type."]
    template: Annotated[str, "The note that `vaultsync new` starts from."] = ""
    required: Annotated[Texts, "Properties it must have."] = ()
    handle: Annotated[str, "A property with the name by which lists call the note."] = ""
    alias: Annotated[str, "A property whose value must be an alias."] = ""
    scope: Annotated[str, "A property with what it was tested on."] = ""
    checked: Annotated[str, "A property with the day a person compared it with its source."] = ""
    unrecorded: Annotated[Texts, "Properties that the changelog leaves out."] = ()
    states: Annotated[
        dict[str, Condition], "Stages of a note's life and the properties that define them."
    ] = {}
    properties: Annotated[dict[str, dict[str, Any]], "JSON Schema of each property."] = {}
    form: Annotated[
        dict[str, str],
        "What the answers of a form are, by label: `lead`, `source`, `title` or a property.",
    ] = {}
    body: Annotated[BodyRules, "What the body holds."] = BodyRules()
    rules: Annotated[tuple[TypeRule, ...], "Demands on some of the notes."] = ()


class LintSettings(Settings, frozen=True):
    """Which rules run, and how much they matter."""

    select: Annotated[Texts, "Rules to run; empty: the default."] = ()
    extend_select: Annotated[Texts, "Rules to run as well."] = ()
    ignore: Annotated[Texts, "Rules not to run."] = ()
    severity: Annotated[dict[str, Level], "Severity by rule."] = {}
    per_file_ignores: Annotated[dict[str, Texts], "By glob, rules not to run on those files."] = {}
    per_file_severity: Annotated[dict[str, dict[str, Level]], "By glob, severity by rule."] = {}
    baseline: Annotated[str, "A file of findings that are not reported, relative to the vault."] = (
        ""
    )


class ChangelogSettings(Settings, frozen=True):
    """The record of what is new."""

    note: Annotated[str, "The note that contains the journal."] = "Changelog.md"
    first: Annotated[str, "Text of the first entry."] = "Initial post"
    timezone: Annotated[str, "Time zone of days, as `Europe/Paris`; empty: each author's own."] = ""
    days: Annotated[dict[str, str], "A line for a day, also for one before git."] = {}


class PublishSettings(Settings, frozen=True):
    """The post and where it goes."""

    post: Annotated[str, "The note that is the post."] = "Post.md"
    targets: Annotated[tuple[Target, ...], "What to publish for."] = _USUAL
    details: Annotated[Texts, "Properties shown folded under a note on the page."] = ()
    filters: Annotated[Texts, "Properties that readers of the page filter notes by."] = ()
    permalinks: Annotated[
        Texts, "Properties with further names of a note, such as those it had before."
    ] = ()
    abbreviations: Annotated[
        dict[str, str], "Abbreviations, each with its long form; search on the page finds either."
    ] = {}
    map: Annotated[str, "Property by which the page's map groups notes; empty: no map."] = ""
    tensions: Annotated[Texts, "Words before the reason of a relation that mark a tension."] = (
        "tension",
    )
    suggestions: Annotated[
        bool, "On the page, list under a note others that are perhaps related, with the reasons."
    ] = False
    properties: Annotated[Texts, "More properties that the target `data` contains."] = ()
    page: Annotated[str, "Address of the published page; targets that lack a place lead there."] = (
        ""
    )
    outside: Annotated[
        str,
        "Links to notes outside the post: `text`, `error`, or an address that a "
        "note's path is added to.",
    ] = "text"
    references: Annotated[str, "Heading of a list of all works the post cites; empty: no list."] = (
        ""
    )
    feed_id: Annotated[str, "URI that the feed's ids begin with; empty: the page's address."] = ""
    author: Annotated[str, "Name of the author, if the post has no property `author`."] = ""
    journals: Annotated[Texts, "Venues that are journals, for the target `bibliography`."] = ()
    out: Annotated[str, "Folder to write to, in the repository; empty: `public`, or `.public`."] = (
        ""
    )


class RelatedSettings(Settings, frozen=True):
    """Which notes are perhaps related."""

    properties: Annotated[Texts, "Properties whose values are compared, such as `tested_on`."] = ()
    opposites: Annotated[
        tuple[Pair, ...], "Words of which two claims in tension have one each."
    ] = (
        ("more", "less"),
        ("more", "fewer"),
        ("larger", "smaller"),
        ("better", "worse"),
        ("with", "without"),
        ("can", "cannot"),
        ("all", "few"),
        ("single", "many"),
        ("one", "many"),
        ("always", "never"),
    )
    dismissed: Annotated[str, "The note that lists the pairs that are not to be suggested."] = (
        "Unrelated.md"
    )


class WebSettings(Settings, frozen=True):
    """The registries in which `vaultsync new` and `vaultsync sources --online` look up sources."""

    arxiv: Annotated[str, "Address of the arXiv API."] = "https://export.arxiv.org/api/query"
    doi: Annotated[str, "Address of the Crossref API."] = "https://api.crossref.org/works/"
    handles: Annotated[str, "Address of the DOI handle API."] = "https://doi.org/api/handles/"
    archive: Annotated[str, "Address of the Wayback Machine's API."] = (
        "https://archive.org/wayback/available?url="
    )
    timeout: Annotated[float, Meta(gt=0), "Seconds to wait for a response."] = 10.0
    spacing: Annotated[float, Meta(ge=0), "Seconds between two requests to a host."] = 3.0


class SyncSettings(Settings, frozen=True):
    """What `vaultsync sync` shares, and when it stops."""

    along: Annotated[
        Along, "New files that are shared: notes and what they embed, or all of the repository."
    ] = "notes"
    exclude: Annotated[Texts, "Globs of files that are not shared, from the top of the vault."] = (
        PRIVATE
    )
    large_file: Annotated[
        Positive, "Files of more megabytes stay on this machine, unless Git LFS keeps them."
    ] = 50
    mass_delete: Annotated[
        float, Meta(gt=0, le=1), "Stop where a larger share of the notes was deleted."
    ] = 0.3
    on_errors: Annotated[
        Literal["push", "branch"],
        "Where notes with errors go: to the branch with the rest, or to a branch of their own.",
    ] = "push"


class Config(Settings, frozen=True):
    """All settings of a vault."""

    exclude: Annotated[Texts, "Globs of files that are not reported on."] = ()
    respect_gitignore: Annotated[
        bool, "Leave out the files that git ignores, as in a folder without settings."
    ] = False
    required_version: Annotated[
        str, "Versions of vaultsync that the vault works with (PEP 440), as `>=0.5`; empty: any."
    ] = ""
    addresses: Annotated[dict[str, str], "Addresses that `link` blocks lead to."] = {}
    types: Annotated[dict[str, NoteType], "Types of notes."] = {}
    lint: Annotated[LintSettings, "The linter."] = LintSettings()
    changelog: Annotated[ChangelogSettings, "The changelog."] = ChangelogSettings()
    publish: Annotated[PublishSettings, "The publisher."] = PublishSettings()
    sync: Annotated[SyncSettings, "Sharing the vault through git."] = SyncSettings()
    related: Annotated[RelatedSettings, "Suggested relations."] = RelatedSettings()
    web: Annotated[WebSettings, "Registries of sources."] = WebSettings()

    def type_name(self, path: str) -> str | None:
        """Return the first type whose globs match a vault-relative path."""
        types = self.types.items()
        return next((name for name, kind in types if matches_glob(path, kind.match)), None)

    def listed_values(self, name: str) -> dict[str, int]:
        """Return the values that types list for a property, as texts, each with its place."""
        schemas = (kind.properties.get(name, {}) for kind in self.types.values())
        values = (str(value) for schema in schemas for value in allowed_values(schema))
        return {value: place for place, value in enumerate(dict.fromkeys(values))}

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


class PathFilter(str):
    """The start of paths, or between slashes a regular expression, as Obsidian excludes files.

    It may stand where a glob does.
    """

    __slots__ = ()

    def fits(self, path: str) -> bool:
        """Whether a path is excluded."""
        if not (len(self) > 1 and self.startswith("/") and self.endswith("/")):
            return path.startswith(self)
        found = _bounded_regex(self[1:-1]) if len(path) <= _MOST_SEARCHED else None
        return bool(found and found.search(path))


_MOST_SEARCHED = 255
# What is one character, and what makes the time of a search grow with the length of a path.
_CHARACTER = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]")
_REPEAT = re.compile(r"[*+]|\{\d+,\}")


@functools.lru_cache(maxsize=128)
def _bounded_regex(pattern: str) -> re.Pattern[str] | None:
    """Return a pattern, None where it is not valid or a search for it might take very long.

    That is with groups that repeat, or more than two repeats of any length.
    """
    plain = _CHARACTER.sub("x", pattern)
    if re.search(r"\)[*+{]", plain) or len(_REPEAT.findall(plain)) > 2:  # noqa: PLR2004
        return None
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return None


def matches_glob(path: str, globs: Iterable[str]) -> bool:
    """Whether a path fits one of the globs: `*` within a folder, `**` across, `?` one character."""
    return any(
        glob.fits(path) if isinstance(glob, PathFilter) else _glob(glob).fullmatch(path)
        for glob in globs
    )


@functools.lru_cache(maxsize=1024)
def _glob(pattern: str) -> re.Pattern[str]:
    """Return a pattern that takes time with the square of the path, whatever the wildcards are.

    What is between two wildcards is matched where it is first possible, once: the later wildcard
    takes in what a later place would have left out.
    """
    first, *rest = re.split(r"((?<![^/])\*\*/|\*\*)", pattern)
    found = _within_folders(first, last=not rest)
    for at in range(0, len(rest), 2):
        across, last = "(?:.*?/)??" if rest[at] == "**/" else ".*?", at + 2 == len(rest)
        chunk = _within_folders(rest[at + 1], last=last)
        found += f"{across}{chunk}" if last else f"(?>{across}{chunk})"
    return re.compile(found, re.DOTALL)


def _within_folders(text: str, *, last: bool) -> str:
    """Return the expression of a glob without `**`; nothing follows the last."""
    pieces = [re.escape(piece).replace(r"\?", "[^/]") for piece in text.split("*")]
    first, *others = pieces
    ending = f"[^/]*{others.pop()}" if last and others else ""
    return first + "".join(f"(?>[^/]*?{piece})" for piece in others) + ending


def did_you_mean(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return `: did you mean ...?` for the nearest known name, or nothing."""
    # Only where something is wrong.
    import difflib

    near = difflib.get_close_matches(name, list(known), n=1, cutoff=cutoff)
    return f": did you mean `{near[0]}`?" if near else ""


def allowed_values(schema: dict[str, Any]) -> list[Any]:
    """Return the values that a property, or an item of its list, may have; empty: any."""
    items = schema.get("items")
    found = schema.get("enum") or (items.get("enum") if isinstance(items, dict) else None)
    return found if isinstance(found, list) else []
