"""Read and validate `vaultsync.toml`: the settings, or everything that is wrong with it."""

from __future__ import annotations

import datetime
import re
import tomllib
import typing
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from vaultsync import __version__
from vaultsync.core import config as settings
from vaultsync.core.config import FILE_NAME, Config, NoteType, did_you_mean
from vaultsync.core.errors import ConfigError

_ADDRESS = re.compile(r"https?://[^\s<>\"']+\Z")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s#]+")
_POLICIES = ("text", "error")
_STATES = ("draft", "retired", "answered")
# Obsidian gives these a meaning, so they need no declaration.
# https://help.obsidian.md/properties
_OBSIDIAN_S = frozenset({"aliases", "tags", "cssclasses", "publish"})
# The cutoff of PRP004 for a note's properties: what is less similar may be a name of its own.
_NEAR = 0.75
Table = TypeVar("Table", bound=settings.Settings)
# No key of ours has more than six, and to read such a key takes the square of its length.
_MOST_PARTS = 100
_TOO_DEEP = re.compile(
    rf"^[ \t]*\[{{0,2}}(?:[ \t]*(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')[ \t]*\.){{{_MOST_PARTS}}}",
    re.MULTILINE,
)
_TOML_WORDS = {"object": "table", "str": "string", "int": "integer", "bool": "boolean"}


def value_problems(config: Config) -> Iterator[str]:
    """Yield what is wrong with the values, each with its dotted key."""
    for name, kind in config.types.items():
        yield from _type_problems(kind, f"types.{name}")
    for day in config.changelog.days:
        if not _is_day(day):
            yield f"`changelog.days.{day}` is no day: write it as YYYY-MM-DD"
    zone = config.changelog.timezone
    if zone and not _is_zone(zone):
        yield f"`changelog.timezone`: there is no time zone `{zone}`: write it as `Europe/Paris`"
    yield from _address_problems(config.publish)
    declared = {name for kind in config.types.values() for name in kind.properties}
    yield from _name_problems(_published_names(config.publish), declared)


def _published_names(publish: settings.PublishSettings) -> Iterator[tuple[str, str]]:
    """Yield the properties that the publisher is to show, each behind its key."""
    for key in ("details", "filters", "permalinks", "properties"):
        yield from _numbered(f"publish.{key}", getattr(publish, key))
    yield "publish.map", publish.map


def _address_problems(publish: settings.PublishSettings) -> Iterator[str]:
    """Yield what is not an address; a page's may be missing, and two words have a meaning."""
    if publish.page and not _ADDRESS.match(publish.page):
        yield "`publish.page` is no address: it begins with https:// or http://"
    if publish.feed_id and not _URI.fullmatch(publish.feed_id):
        yield "`publish.feed-id` is no URI: write one such as `tag:example.org,2026:claims`"
    if publish.outside not in _POLICIES and not _ADDRESS.match(publish.outside):
        hint = _options(publish.outside, _POLICIES)
        yield f"`publish.outside`: there is no `{publish.outside}`{hint} or an https:// address"


def _type_problems(kind: NoteType, key: str) -> Iterator[str]:
    for state in kind.states:
        if state not in _STATES:
            yield f"`{key}.states.{state}`: there is no such state{_options(state, _STATES)}"
    yield from _name_problems(_names(kind, key), kind.properties)
    for place, condition in _conditions(kind, key):
        yield from _condition_problems(kind, condition, place)
    yield from _body_problems(kind.body, f"{key}.body")
    yield from _rule_problems(kind, key)


def _conditions(kind: NoteType, key: str) -> Iterator[tuple[str, settings.Condition]]:
    for state, condition in kind.states.items():
        yield f"{key}.states.{state}", condition
    for number, demand in enumerate(kind.rules):
        yield f"{key}.rules[{number}].when", demand.when


def _names(kind: NoteType, key: str) -> Iterator[tuple[str, str]]:
    """Yield the properties that a type names, each behind its key."""
    yield from _numbered(f"{key}.required", kind.required)
    yield from _numbered(f"{key}.unrecorded", kind.unrecorded)
    for name in ("handle", "alias", "scope", "checked"):
        yield f"{key}.{name}", getattr(kind, name)
    for place, condition in _conditions(kind, key):
        yield from ((f"{place}.{name}", name) for name in condition)
    for number, demand in enumerate(kind.rules):
        yield from _numbered(f"{key}.rules[{number}].require", demand.require)
    for title, section in kind.body.sections.items():
        yield from ((f"{key}.body.sections.{title}.fill.{name}", name) for name in section.fill)


def _numbered(key: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((f"{key}[{number}]", name) for number, name in enumerate(names))


def _name_problems(names: Iterable[tuple[str, str]], declared: Iterable[str]) -> Iterator[str]:
    known = frozenset(declared)
    for key, name in names:
        unknown = name not in known and name not in _OBSIDIAN_S
        hint = did_you_mean(name.lower(), sorted(known), cutoff=_NEAR) if unknown else ""
        if hint:
            yield f"`{key}`: there is no property `{name}`{hint}"


def _condition_problems(kind: NoteType, condition: settings.Condition, key: str) -> Iterator[str]:
    for name, wanted in condition.items():
        options = settings.allowed_values(kind.properties.get(name, {}))
        for value in wanted if isinstance(wanted, list) else [wanted]:
            if options and value not in options:
                hint = _options(str(value), map(str, options))
                yield f"`{key}.{name}`: `{name}` has no value `{value}`{hint}"


def _body_problems(body: settings.BodyRules, key: str) -> Iterator[str]:
    least, most = body.lead.sentences or (0, 0)
    if least > most:
        yield f"`{key}.lead.sentences`: the fewest, {least}, are more than the most, {most}"
    for title, section in body.sections.items():
        if section.first and section.roles and section.first not in section.roles:
            hint = _options(section.first, section.roles)
            yield f"`{key}.sections.{title}.first`: there is no role `{section.first}`{hint}"


def _rule_problems(kind: NoteType, key: str) -> Iterator[str]:
    for number, demand in enumerate(kind.rules):
        if demand.exclusive and not demand.require_role:
            place = f"{key}.rules[{number}]"
            yield f"`{place}.exclusive` goes with `require-role`: name the role"
    sections = kind.body.sections.values()
    if any(section.items == "source" and not section.roles for section in sections):
        return  # Its sources may have any role.
    roles = list(dict.fromkeys(role for section in sections for role in section.roles))
    for number, demand in enumerate(kind.rules):
        role = demand.require_role
        if role and roles and role not in roles:
            hint = _options(role, roles)
            yield f"`{key}.rules[{number}].require-role`: there is no role `{role}`{hint}"


def _options(written: str, known: Iterable[str]) -> str:
    names = list(known)
    return did_you_mean(written, names) or f": use one of {', '.join(names)}"


def _is_day(text: str) -> bool:
    with suppress(ValueError):
        return str(datetime.date.fromisoformat(text)) == text
    return False


def _is_zone(name: str) -> bool:
    # Only where a zone is set: all of it takes a hundredth of a quick run to import.
    import zoneinfo

    with suppress(KeyError, OSError, ValueError):
        return bool(zoneinfo.ZoneInfo(name))
    return False


def load_config(text: str) -> Config:
    """Read the settings; raise `ConfigError` with all that is wrong and what was meant."""
    if deep := _TOO_DEEP.search(text):
        line = text.count("\n", 0, deep.start()) + 1
        raise ConfigError(f"{FILE_NAME}:{line}: a key has more than {_MOST_PARTS} parts")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(*_not_toml(text, str(error)).split("\n")) from None
    except RecursionError:
        raise ConfigError(f"{FILE_NAME}: values are nested too deeply to be read") from None
    # What another version declares may be unknown here, so that nothing else is reported.
    problems = [*_version_problems(data.get("required-version"))]
    if problems:
        raise _error(problems, text)
    try:
        config = msgspec.convert(data, Config)
    except msgspec.ValidationError:
        # It is only the first problem.
        config = _read_table(Config, data, "", problems)
    problems += value_problems(config)
    if problems:
        raise _error(problems, text)
    return config


def _error(problems: Iterable[str], text: str) -> ConfigError:
    # Only where something is wrong.
    from vaultsync.core.config.places import with_places

    return ConfigError(*with_places((f"{FILE_NAME}: {one}" for one in problems), text))


def _version_problems(wanted: object) -> Iterator[str]:
    """Yield why this version of the program is not one that is wanted."""
    if not wanted or not isinstance(wanted, str):
        return
    # Only where it is set: it takes a tenth of a quick run to import.
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        if not SpecifierSet(wanted).contains(__version__, prereleases=True):
            yield (
                f"`required-version`: the vault needs vaultsync {wanted}, and this is "
                f"{__version__}: install a version that fits"
            )
    except InvalidSpecifier:
        yield f"`required-version`: `{wanted}` is not a set of versions: write it as `>=0.5`"


def _not_toml(text: str, message: str) -> str:
    """Return the message of a parser with its place in front and the line below."""
    from vaultsync.core.config.places import shown_line

    reason, _, place = message.rpartition(" (at ")
    lines, places = text.split("\n"), re.findall(r"\d+", place)
    number, column = (int(places[0]), places[1]) if places else (len(lines), "1")
    shown = f"\n{shown_line(number, lines[number - 1])}" if lines[number - 1].strip() else ""
    return f"{FILE_NAME}:{number}:{column}: this is not TOML: {reason}{shown}"


def _read(kind: Any, value: Any, key: str, problems: list[str]) -> Any:
    """Return what can be read of a value, None for nothing; add what is wrong to the problems."""
    bare = typing.get_args(kind)[0] if typing.get_origin(kind) is Annotated else kind
    origin, inner = typing.get_origin(bare), typing.get_args(bare)
    if isinstance(bare, type) and issubclass(bare, settings.Settings):
        return _read_table(bare, value, f"{key}.", problems)
    if origin is dict and isinstance(value, Mapping):
        return {n: _read(inner[1], item, f"{key}.{n}", problems) for n, item in value.items()}
    if value and isinstance(value, list) and inner[1:] == (...,):
        items = [_read(inner[0], v, f"{key}[{n}]", problems) for n, v in enumerate(value)]
        return None if None in items else tuple(items)
    if origin is Literal and value not in inner:
        hint = did_you_mean(str(value), inner)
        problems.append(f"`{key}` must be one of {', '.join(inner)}{hint}")
        return None
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        reason, _, place = str(error).replace("Expected", "expected").partition(" - at ")
        reason = re.sub(r"\w+", lambda word: _TOML_WORDS.get(word[0], word[0]), reason)
        problems.append(f"`{key}{place.strip('`').removeprefix('$')}`: {reason}")
    return {} if origin is dict else None


def _read_table(table: type[Table], data: Any, prefix: str, problems: list[str]) -> Table:
    """Return a table with defaults for what cannot be read; what has none is empty."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(table)}
    missing = [name for name, field in fields.items() if field.required]
    read: dict[str, Any] = dict.fromkeys(missing, ())
    if not isinstance(data, Mapping):
        problems.append(f"`{prefix.rstrip('.')}` must be a table")
        return table(**read)
    known = len(problems)
    for key, value in data.items():
        if key in fields:
            item = _read(fields[key].type, value, f"{prefix}{key}", problems)
            read |= {} if item is None else {fields[key].name: item}
        else:
            problems.append(f"unknown key `{prefix}{key}`{did_you_mean(key, fields)}")
    # Where another key is wrong, that may be the one that was meant.
    if len(problems) == known and not data.keys() >= set(missing):
        problems.append(f"`{prefix}match` is missing: no note is of this type")
    return table(**read)
