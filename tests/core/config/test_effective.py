"""The settings in force."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest

from vaultsync.core.config import Config
from vaultsync.core.config.effective import effective_settings, render_settings, toml
from vaultsync.core.config.read import load_config

ROOT = Path(__file__).parents[3]
TEXT = """\
exclude = ["Old/**"]

[types.claim]
match = ["Claims/**"]
[types.claim.properties]
"odd name" = { const = "a\\"\\u007f\\n" }
[[types.claim.rules]]
require = ["x"]

[lint.severity]
LNK001 = "off"
[web]
timeout = 2
"""


def said(text: str) -> list[str]:
    return render_settings(effective_settings(load_config(text), text)).splitlines()


def line(text: str, start: str) -> str:
    (found,) = [line for line in said(text) if line.startswith(start)]
    return " ".join(found.split())


@pytest.mark.parametrize(
    "wanted",
    [
        'exclude = ["Old/**"] # vaultsync.toml:1',
        "addresses = {} # default",
        'types.claim.match = ["Claims/**"] # vaultsync.toml:4',
        'types.claim.properties."odd name" = { const = "a\\"\\u007f\\n" } # vaultsync.toml:6',
        "# types.claim.body.lead.words is not set # default",
        (
            'types.claim.rules = [{ when = {}, require-role = "", exclusive = false, label = "", '
            'require = ["x"] }] # vaultsync.toml:7'
        ),
        "types.claim.body.lead.required = false # default",
        'lint.severity.LNK001 = "off" # vaultsync.toml:11',
        "lint.select = [] # default",
        "web.timeout = 2.0 # vaultsync.toml:13",
    ],
)
def test_a_setting_is_shown_with_its_source(wanted: str) -> None:
    assert line(TEXT, wanted.partition(" = ")[0].partition(" is ")[0]) == wanted


@pytest.mark.parametrize("text", ["", TEXT, (ROOT / "vault/vaultsync.toml").read_text()])
def test_what_is_shown_says_the_same_settings(text: str) -> None:
    shown = render_settings(effective_settings(load_config(text), text))
    assert msgspec.to_builtins(load_config(shown)) == msgspec.to_builtins(load_config(text))
    assert tomllib.loads(shown)


def test_without_a_file_all_is_by_default() -> None:
    settings = effective_settings(Config(), "")
    assert {setting.source for setting in settings} == {"default"}
    assert ("publish", "post") in {setting.key for setting in settings}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("\\d+", "'\\d+'"),
        ("it's \\d", '"it\'s \\\\d"'),
        ("\\d\n", '"\\\\d\\n"'),
        ("plain", '"plain"'),
    ],
)
def test_a_pattern_is_written_as_it_is_read(value: str, written: str) -> None:
    assert toml(value) == written
    assert tomllib.loads(f"a = {written}") == {"a": value}
