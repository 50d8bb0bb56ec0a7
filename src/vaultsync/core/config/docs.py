"""The reference of `vaultsync.toml`, made of its tables: a JSON Schema and a page."""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from vaultsync.core.config import FILE_NAME, Config, Settings

Schema = dict[str, Any]
_PREFIX = "#/definitions/"
_WORDS = {
    "string": "text",
    "boolean": "true or false",
    "integer": "whole number",
    "object": "table",
    "array": "list",
}
_LEAST = {"minimum": "at least", "exclusiveMinimum": "above", "minItems": "at least"}
_HEAD = """\
# Settings

All keys of `vaultsync.toml`, a file in the folder of the vault. A vault needs none of them.
`vaultsync config` shows what is in force in a vault, and where each setting comes from. An editor
that knows JSON Schema completes and checks the keys: `vaultsync config --schema` prints the
[schema](schemas/vaultsync.json). With [Taplo](https://taplo.tamasfe.dev), for example, save it
beside the settings and begin those with `#:schema ./vaultsync.schema.json`.

In a glob `*` stays within a folder, `**` crosses folders and `?` is one character. NAME is
a name that you choose. [What a note holds](notes.md) shows a complete example.
"""


def config_schema() -> Schema:
    """Return the JSON Schema of the settings, draft 7, which editors of TOML read."""
    _, definitions = msgspec.json.schema_components([Config], ref_template=_PREFIX + "{name}")
    kinds = {table.__name__: table for table in Settings.__subclasses__()}
    tables = {name: _strict(kinds[name], table) for name, table in definitions.items()}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **tables.pop(Config.__name__),
        "title": FILE_NAME,
        "definitions": tables,
    }


def _strict(table: type[Settings], schema: Mapping[str, Any]) -> Schema:
    """Return a table's schema, with what its keys are for."""
    keys = {}
    for field in msgspec.structs.fields(table):
        meaning = {"description": typing.get_args(field.type)[-1]}
        keys[field.encode_name] = meaning | _plain(schema["properties"][field.encode_name])
    rest = {n: schema[n] for n in ("additionalProperties", "required") if schema[n] != []}
    return {"description": table.__doc__, "type": "object", "properties": keys, **rest}


def _plain(key: Mapping[str, Any]) -> Schema:
    """Return a key's schema in words that draft 7 has: no `prefixItems`, and in TOML no null."""
    found = {name: value for name, value in key.items() if name != "anyOf"}
    for choice in key.get("anyOf", ()):
        found |= choice if choice != {"type": "null"} else {}
    if "prefixItems" in found:
        found["items"] = found.pop("prefixItems")[0]
    if "$ref" in found or found.get("default") is None:
        found.pop("default", None)
    return found


def schema_text() -> str:
    """Return the JSON Schema as the text of a file."""
    return json.dumps(config_schema(), ensure_ascii=False, indent=2) + "\n"


def config_page() -> str:
    """Return `docs/config.md`."""
    schema = config_schema()
    return "\n".join([_HEAD, *_sections(schema, schema["definitions"], "")])


def _sections(table: Schema, tables: Mapping[str, Schema], path: str) -> Iterator[str]:
    if path:
        yield f"## {path}\n\n{table['description']}\n"
    yield "| key | value | default | meaning |\n|---|---|---|---|"
    for name, key in table["properties"].items():
        yield _row(name, key, path, needed=name in table.get("required", ()))
    yield ""
    for name, key in table["properties"].items():
        if inner := _table_of(key):
            yield from _sections(tables[inner], tables, _place(name, key, path))


def _row(name: str, key: Schema, path: str, *, needed: bool) -> str:
    value = _value(key)
    if _table_of(key):
        place = _place(name, key, path)
        anchor = re.sub(r"[.\[\]]", "", place.lower())
        value = f"[`{place if place.startswith('[') else f'[{place}]'}`](#{anchor})"
    default = key.get("default")
    empty = default in (None, "", (), {})
    shown = "needed" if needed else "–" if empty else f"`{json.dumps(default)}`"
    return f"| `{name}` | {value} | {shown} | {key['description']} |"


def _place(name: str, key: Schema, path: str) -> str:
    """Return the header that a table has in the file, `[[...]]` for one of a list."""
    place = f"{path}.{name}" if path else name
    if "additionalProperties" in key:
        return f"{place}.NAME"
    return f"[[{place}]]" if "items" in key else place


def _table_of(key: Schema) -> str:
    """Return the table that a key is, or holds under any name or in a list; empty: none."""
    inner = key.get("additionalProperties") or key.get("items") or {}
    found: str = key.get("$ref") or (inner.get("$ref") if isinstance(inner, dict) else "") or ""
    return found.removeprefix(_PREFIX)


def _value(key: Schema, *, several: bool = False) -> str:
    """Return in words what a key's value may be."""
    if "enum" in key:
        return " or ".join(f"`{value}`" for value in key["enum"])
    kind, inner = key.get("type", ""), key.get("items") or key.get("additionalProperties")
    words = _WORDS.get(kind, kind or "any value")
    words += "s" if several and kind != "boolean" else ""
    if isinstance(inner, dict):
        words += f" of {_value(inner, several=True)}"
    bounds = [f"{word} {key[name]}" for name, word in _LEAST.items() if name in key]
    if "minItems" in key and key["minItems"] == key.get("maxItems"):
        bounds = [f"exactly {key['minItems']}"]
    return f"{words} ({', '.join(bounds)})" if bounds else words
