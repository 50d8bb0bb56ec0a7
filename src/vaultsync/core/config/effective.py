"""The settings in force, each with the place that it comes from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from vaultsync.core.config import FILE_NAME, Config, Settings
from vaultsync.core.config.places import key_offsets
from vaultsync.core.text import Lines, escape_controls

Key = tuple[str, ...]
_BARE = re.compile("[A-Za-z0-9_-]+")


class Setting(NamedTuple):
    """A key, its value as TOML and JSON know values, and its line in the file; None: a default."""

    key: Key
    value: Any
    line: int | None

    @property
    def name(self) -> str:
        """The dotted key, as TOML writes it."""
        return ".".join(map(toml_name, self.key))

    @property
    def source(self) -> str:
        """Where the value comes from."""
        return "default" if self.line is None else f"{FILE_NAME}:{self.line}"


def effective_settings(config: Config, text: str) -> list[Setting]:
    """Return all settings of `config`, read from a file's `text`, in the order of the tables."""
    offsets, lines = key_offsets(text), Lines(text)
    return [
        Setting(key, value, lines.position(offsets[key])[0] if key in offsets else None)
        for key, value in _settings(config)
    ]


def render_settings(settings: list[Setting]) -> str:
    """Return the settings as TOML, each with its source behind it."""
    written = [_line(setting) for setting in settings]
    width = min(max(map(len, written)), 60)
    pairs = zip(written, settings, strict=True)
    return "".join(f"{line:<{width}}  # {setting.source}\n" for line, setting in pairs)


def _settings(value: Any, key: Key = ()) -> Iterator[tuple[Key, Any]]:
    """Yield a value, or what a table holds, a line for each key that a person chose."""
    if isinstance(value, Settings):
        for field in msgspec.structs.fields(value):
            yield from _settings(getattr(value, field.name), (*key, field.encode_name))
    elif isinstance(value, Mapping) and value:
        for name, inner in value.items():
            if isinstance(inner, Settings):
                yield from _settings(inner, (*key, name))
            else:
                yield (*key, name), msgspec.to_builtins(inner)
    else:
        yield key, msgspec.to_builtins(value)


def _line(setting: Setting) -> str:
    if setting.value is None:
        return f"# {setting.name} is not set"
    return f"{setting.name} = {toml(setting.value)}"


def toml_name(name: str) -> str:
    """Return a key as TOML writes it."""
    return name if _BARE.fullmatch(name) else toml(name)


def toml(value: Any) -> str:
    """Return a value as TOML writes it, on one line."""
    if isinstance(value, Mapping):
        pairs = (f"{toml_name(name)} = {toml(inner)}" for name, inner in value.items())
        return f"{{ {', '.join(pairs)} }}" if value else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, str):
        if "\\" in value and "'" not in value and value.isprintable():
            return f"'{value}'"
        return escape_controls(json.dumps(value, ensure_ascii=False))
    return str(value).lower() if isinstance(value, bool | float) else str(value)
