"""From the text of `vaultsync.toml` to the settings, or to everything that is wrong with it."""

from __future__ import annotations

import re
import tomllib
import typing
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

import msgspec

from vaultsync.core.config.schema import Config, NoteType, Settings
from vaultsync.core.config.suggest import did_you_mean
from vaultsync.core.config.validate import value_problems
from vaultsync.core.errors import ConfigError

FILE_NAME = "vaultsync.toml"
_TOML_WORDS = {
    "Expected": "expected",
    "object": "table",
    "str": "string",
    "int": "integer",
    "bool": "boolean",
}


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
