"""Values of the settings that are well-formed but cannot be meant."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from typing import Any

from vaultsync.core.config.schema import BodyRules, Condition, Config, NoteType, PublishSettings
from vaultsync.core.config.suggest import did_you_mean

_ADDRESS = re.compile(r"https?://[^\s<>\"']+\Z")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s#]+")
_POLICIES = ("text", "error")
_STATES = ("draft", "retired", "answered")
# Obsidian gives these a meaning, so they need no declaration.
# https://help.obsidian.md/properties
_OBSIDIAN_S = frozenset({"aliases", "tags", "cssclasses", "publish"})
# As near as PRP004 asks of a note's properties: what is less near may be a name of its own.
_NEAR = 0.75
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


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
    """Yield what is no address; a page's may be missing, and two words have a meaning."""
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
        options = vocabulary(kind.properties.get(name, {}))
        for value in wanted if isinstance(wanted, list) else [wanted]:
            if options and value not in options:
                hint = _options(str(value), map(str, options))
                yield f"`{key}.{name}`: `{name}` has no value `{value}`{hint}"


def vocabulary(schema: dict[str, Any]) -> list[Any]:
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


def _options(said: str, known: Iterable[str]) -> str:
    names = list(known)
    return did_you_mean(said, names) or f": use one of {', '.join(names)}"


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
