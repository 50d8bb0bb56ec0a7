"""The reference of the settings."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema_rs
import pytest

from vaultsync.core.config.docs import config_page, config_schema, schema_text
from vaultsync.core.config.read import load_config
from vaultsync.core.errors import ConfigError

ROOT = Path(__file__).parents[3]
VALID = jsonschema_rs.validator_for(config_schema())
RIGHT = [
    *("", "exclude = []", "types.a = { match = ['*'] }", "lint.severity.LNK001 = 'off'"),
    "types.a = { match = ['*'], body = { lead = { sentences = [1, 2] } } }",
    "types.a = { match = ['*'], properties = { x = { enum = [1, 'a'] } } }",
    "types.a = { match = ['*'], rules = [{ when = { x = [1] }, require = ['x'] }] }",
]
WRONG = [
    *("exclud = []", "exclude = 'x'", "exclude = [1]", "types.a = {}", "types.a = { match = [] }"),
    "types.a = { match = ['*'], machen = 1 }",
    "types.a = { match = ['*'], body = { lead = { sentences = [1] } } }",
    "types.a = { match = ['*'], body = { lead = { sentences = [1, 'x'] } } }",
    "types.a = { match = ['*'], body = { lead = { words = 0 } } }",
    "types.a = { match = ['*'], rules = [{ x = 1 }] }",
    *("lint.severity.LNK001 = 'loud'", "publish.targets = ['pdf']", "web.timeout = 0"),
]


@pytest.mark.parametrize(
    "path",
    ["vault/vaultsync.toml", "src/vaultsync/scaffold/vaultsync.toml", "src/vaultsync/adopted.toml"],
)
def test_our_own_settings_fit_the_schema(path: str) -> None:
    VALID.validate(tomllib.loads((ROOT / path).read_text()))


@pytest.mark.parametrize("text", RIGHT)
def test_what_loads_fits_the_schema(text: str) -> None:
    load_config(text)
    VALID.validate(tomllib.loads(text))


@pytest.mark.parametrize("text", WRONG)
def test_what_does_not_load_does_not_fit(text: str) -> None:
    with pytest.raises(ConfigError):
        load_config(text)
    assert not VALID.is_valid(tomllib.loads(text))


def test_the_schema_is_a_schema_in_words_of_its_draft() -> None:
    schema = json.loads(schema_text())
    jsonschema_rs.Draft7Validator(schema)
    jsonschema_rs.meta.validate(schema)
    assert "prefixItems" not in schema_text()
    assert "null" not in schema_text()


def test_every_key_of_every_table_is_described() -> None:
    schema, page = config_schema(), config_page()
    for table in (schema, *schema["definitions"].values()):
        for name, key in table["properties"].items():
            assert key["description"].endswith(".")
            assert f"\n| `{name}` | " in page
            assert key["description"] in page


@pytest.mark.parametrize(
    "row",
    [
        "| `exclude` | list of texts | – | Globs",
        "| `types` | [`[types.NAME]`](#typesname) | – | ",
        "| `rules` | [`[[types.NAME.rules]]`](#typesnamerules) | – | ",
        "| `match` | list of texts (at least 1) | needed | ",
        "| `sentences` | list of whole numbers (at least 0) (exactly 2) | – | ",
        "| `words` | whole number (above 0) | – | ",
        '| `items` | `question` or `relation` or `source` or `task` or `text` | `"text"` | ',
        "| `fill` | table of `cite` or `url` or `year` | – | ",
        "| `required` | true or false | `false` | ",
        "| `timeout` | number (above 0) | `10.0` | ",
    ],
)
def test_a_row_says_what_a_value_may_be(row: str) -> None:
    assert f"\n{row}" in config_page()
