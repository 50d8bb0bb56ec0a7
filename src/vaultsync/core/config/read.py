"""Read and validate `vaultsync.toml`: the settings, or everything that is wrong with it."""

from __future__ import annotations

import datetime
import difflib
import re
import tomllib
import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal

import msgspec

from vaultsync.core.config.schema import (
    BodyRules,
    Condition,
    Config,
    NoteType,
    PublishSettings,
    Settings,
)
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
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FILE_NAME = "vaultsync.toml"
_TOML_WORDS = {
    "Expected": "expected",
    "object": "table",
    "str": "string",
    "int": "integer",
    "bool": "boolean",
}


def did_you_mean(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return `: did you mean ...?` for the nearest known name, or nothing."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=cutoff)
    return f": did you mean `{near[0]}`?" if near else ""


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


def _published_names(publish: PublishSettings) -> Iterator[tuple[str, str]]:
    """Yield the properties that the publisher is to show, each behind its key."""
    yield from _numbered("publish.details", publish.details)
    yield from _numbered("publish.filters", publish.filters)
    yield from _numbered("publish.permalinks", publish.permalinks)
    yield from _numbered("publish.properties", publish.properties)
    yield "publish.map", publish.map


def _address_problems(publish: PublishSettings) -> Iterator[str]:
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


def _conditions(kind: NoteType, key: str) -> Iterator[tuple[str, Condition]]:
    for state, condition in kind.states.items():
        yield f"{key}.states.{state}", condition
    for number, demand in enumerate(kind.rules):
        yield f"{key}.rules[{number}].when", demand.when


def _names(kind: NoteType, key: str) -> Iterator[tuple[str, str]]:
    """Yield the properties that a type speaks of, each behind its key."""
    yield from _numbered(f"{key}.required", kind.required)
    yield f"{key}.alias", kind.alias
    yield f"{key}.scope", kind.scope
    yield f"{key}.checked", kind.checked
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
        hint = did_you_mean(name.lower(), sorted(known), cutoff=_NEAR)
        if hint and name not in known | _OBSIDIAN_S:
            yield f"`{key}`: there is no property `{name}`{hint}"


def _condition_problems(kind: NoteType, condition: Condition, key: str) -> Iterator[str]:
    for name, wanted in condition.items():
        options = allowed_values(kind.properties.get(name, {}))
        for value in wanted if isinstance(wanted, list) else [wanted]:
            if options and value not in options:
                hint = _options(str(value), map(str, options))
                yield f"`{key}.{name}`: `{name}` has no value `{value}`{hint}"


def allowed_values(schema: dict[str, Any]) -> list[Any]:
    """Return the values that a property, or an item of its list, may have; empty: any."""
    items = schema.get("items")
    found = schema.get("enum") or (items.get("enum") if isinstance(items, dict) else None)
    return found if isinstance(found, list) else []


def _body_problems(body: BodyRules, key: str) -> Iterator[str]:
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
    try:
        return bool(_DAY.fullmatch(text) and datetime.date.fromisoformat(text))
    except ValueError:
        return False


def _is_zone(name: str) -> bool:
    # Only where a zone is set: all of it takes a hundredth of a quick run to import.
    import zoneinfo

    try:
        return bool(zoneinfo.ZoneInfo(name))
    except (KeyError, OSError, ValueError):
        return False


def load_config(text: str, *, source: str = FILE_NAME) -> Config:
    """Read the settings; raise `ConfigError` with all that is wrong and what was meant."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"{source}: this is not TOML: {error}"
        raise ConfigError(message) from None
    problems = [*_problems(Config, data, ""), *value_problems(_readable(Config, data))]
    if problems:
        raise ConfigError("\n".join(f"{source}: {problem}" for problem in problems))
    return msgspec.convert(data, Config)


def _problems(table: type[Settings], data: Any, prefix: str) -> Iterable[str]:
    if not isinstance(data, Mapping):
        yield f"`{prefix.rstrip('.')}` must be a table"
        return
    wrong = list(_key_problems(table, data, prefix))
    yield from wrong
    # Where another key is wrong, that may be the one that was meant.
    if table is NoteType and "match" not in data and not wrong:
        yield f"`{prefix}match` is missing: no note is of this type"


def _key_problems(table: type[Settings], data: Mapping[str, Any], prefix: str) -> Iterable[str]:
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
    elif value and isinstance(value, list) and typing.get_args(bare)[1:] == (...,):
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


def _readable(kind: Any, value: Any) -> Any:
    """Return what can be read of a value: what is wrong in it has its default, or is nothing."""
    bare = _bare(kind)
    inner = [_bare(part) for part in typing.get_args(bare)]
    if _is_table(bare):
        data = value if isinstance(value, Mapping) else {}
        known = [field for field in msgspec.structs.fields(bare) if field.encode_name in data]
        read = {field.name: _readable(field.type, data[field.encode_name]) for field in known}
        return bare(**{name: item for name, item in read.items() if item is not None})
    if typing.get_origin(bare) is dict:
        items = value.items() if isinstance(value, Mapping) else ()
        return {name: _readable(inner[-1], item) for name, item in items}
    if isinstance(value, list) and inner and _is_table(inner[0]):
        return tuple(_readable(inner[0], item) for item in value)
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return None


def _bare(kind: Any) -> Any:
    return typing.get_args(kind)[0] if typing.get_origin(kind) is Annotated else kind


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Settings)
