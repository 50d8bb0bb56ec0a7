"""`vaultsync.toml` as data. Every key has a type, a default and one line that explains it."""

from __future__ import annotations

import difflib
import functools
import re
import tomllib
import typing
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from vaultsync.errors import ConfigError

FILE_NAME = "vaultsync.toml"
Level = Literal["error", "warning", "hint", "off"]
Items = Literal["source", "relation", "question", "task", "text"]
Condition = dict[str, Any]
_TOML_WORDS = {
    "Expected": "expected",
    "object": "table",
    "str": "string",
    "int": "integer",
    "bool": "boolean",
}


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", eq=False):
    """A table of the settings."""


class Lead(Settings, frozen=True):
    """What the first paragraph must be."""

    required: Annotated[bool, Meta(description="A note without it is incomplete.")] = False
    sentences: Annotated[tuple[int, int] | None, Meta(description="Fewest and most sentences.")] = (
        None
    )
    words: Annotated[int | None, Meta(description="Above so many words a hint is given.")] = None


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
    label: Annotated[
        str, Meta(description="How lists introduce those sources, such as `disputed by`.")
    ] = ""
    require: Annotated[tuple[str, ...], Meta(description="Properties that must be there.")] = ()


class NoteType(Settings, frozen=True):
    """A kind of note."""

    match: Annotated[tuple[str, ...], Meta(description="Globs of the notes of this type.")] = ()
    template: Annotated[str, Meta(description="The note that `vaultsync new` starts from.")] = ""
    required: Annotated[tuple[str, ...], Meta(description="Properties it must have.")] = ()
    alias: Annotated[str, Meta(description="A property whose value must be an alias.")] = ""
    states: Annotated[
        dict[str, Condition],
        Meta(description="Stages of a note's life and the properties that tell them."),
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


class ChangelogSettings(Settings, frozen=True):
    """The record of what is new."""

    note: Annotated[str, Meta(description="The note that keeps the journal.")] = "Changelog.md"
    first: Annotated[str, Meta(description="What the first entry says.")] = "Initial post"
    days: Annotated[
        dict[str, str], Meta(description="A line for a day, also for one before git.")
    ] = {}


class PublishSettings(Settings, frozen=True):
    """The post and where it goes."""

    post: Annotated[str, Meta(description="The note that is the post.")] = "Post.md"
    targets: Annotated[
        tuple[Literal["markdown", "html"], ...], Meta(description="What to publish for.")
    ] = ("markdown", "html")
    details: Annotated[
        tuple[str, ...], Meta(description="Properties shown folded under a note on the page.")
    ] = ()
    out: Annotated[
        str, Meta(description="Output folder; empty: `public` beside a vault, `.public` inside.")
    ] = ""


class WebSettings(Settings, frozen=True):
    """The registries that `vaultsync new` asks about a source."""

    arxiv: Annotated[str, Meta(description="Address of the arXiv API.")] = (
        "https://export.arxiv.org/api/query"
    )
    doi: Annotated[str, Meta(description="Address of the Crossref API.")] = (
        "https://api.crossref.org/works/"
    )
    timeout: Annotated[float, Meta(description="Seconds to wait for an answer.", gt=0)] = 10.0


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
            if matches(path, note_type.match):
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


def matches(path: str, globs: Iterable[str]) -> bool:
    """Whether a path fits one of the globs: `*` within a folder, `**` across, `?` one character."""
    return any(_glob(pattern).fullmatch(path) for pattern in globs)


@functools.cache
def _glob(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    meaning = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(meaning.get(part) or re.escape(part) for part in parts), re.DOTALL)


def load_config(text: str, *, source: str = FILE_NAME) -> Config:
    """Read the settings; raise `ConfigError` with every wrong key and what may have been meant."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"{source}: this is not TOML: {error}"
        raise ConfigError(message) from None
    problems = list(_problems(Config, data, ""))
    if problems:
        raise ConfigError("\n".join(f"{source}: {problem}" for problem in problems))
    return msgspec.convert(data, Config)


def _problems(table: type[Settings], data: Any, prefix: str) -> Iterable[str]:
    if not isinstance(data, Mapping):
        yield f"`{prefix.rstrip('.')}` must be a table"
        return
    fields = {field.encode_name: field for field in msgspec.structs.fields(table)}
    for key, value in data.items():
        if key in fields:
            yield from _value_problems(fields[key].type, value, f"{prefix}{key}")
        else:
            yield f"unknown key `{prefix}{key}`{did_you_mean(key, fields)}"


def _value_problems(kind: Any, value: Any, key: str) -> Iterable[str]:
    bare = _bare(kind)
    inner = [_bare(part) for part in typing.get_args(bare) if part is not Ellipsis]
    if _is_table(bare):
        yield from _problems(bare, value, f"{key}.")
    elif isinstance(value, Mapping) and typing.get_origin(bare) is dict:
        for name, item in value.items():
            yield from _value_problems(inner[-1], item, f"{key}.{name}")
    elif isinstance(value, list) and typing.get_args(bare)[1:] == (...,):
        for number, item in enumerate(value):
            yield from _value_problems(inner[0], item, f"{key}[{number}]")
    elif typing.get_origin(bare) is Literal and value not in inner:
        hint = did_you_mean(str(value), inner)
        yield f"`{key}` must be one of {', '.join(inner)}{hint}"
    else:
        yield from _leaf_problems(kind, value, key)


def _leaf_problems(kind: Any, value: Any, key: str) -> Iterable[str]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at ")
        reason = re.sub(r"\w+", lambda word: _TOML_WORDS.get(word[0], word[0]), reason)
        yield f"`{key}{place.strip('`').removeprefix('$')}`: {reason}"


def _bare(kind: Any) -> Any:
    return typing.get_args(kind)[0] if typing.get_origin(kind) is Annotated else kind


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Settings)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `: did you mean ...?` for the nearest known name, or nothing."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f": did you mean `{near[0]}`?" if near else ""
