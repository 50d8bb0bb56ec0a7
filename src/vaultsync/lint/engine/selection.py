"""Which rules run, and how severe each is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from vaultsync.config import FILE_NAME, LintSettings, did_you_mean
from vaultsync.errors import ConfigError
from vaultsync.lint.rule import Rule, Severity
from vaultsync.lint.rules import RULES


class Selection(msgspec.Struct, frozen=True):
    """The rules to run, and the severities that the settings give them."""

    rules: tuple[Rule, ...]
    severities: Mapping[str, Severity]


def select(settings: LintSettings) -> Selection:
    """Return the rules that the settings choose by code, prefix of a code, or name.

    Raises `ConfigError` for a word that names no rule.
    """
    chosen = [rule for rule in RULES if rule.default]
    if settings.select:
        chosen = named(f"{FILE_NAME}: `lint.select`", settings.select)
    chosen += named(f"{FILE_NAME}: `lint.extend-select`", settings.extend_select)
    ignored = named(f"{FILE_NAME}: `lint.ignore`", settings.ignore)
    severities: dict[str, Severity] = {}
    for word, level in settings.severity.items():
        for rule in named(f"{FILE_NAME}: `lint.severity`", [word]):
            if level == "off":
                ignored.append(rule)
            else:
                severities[rule.code] = level
    rules = tuple(rule for rule in RULES if rule in chosen and rule not in ignored)
    return Selection(rules, severities)


def named(key: str, words: Iterable[str]) -> list[Rule]:
    """Return the rules that words name; raise `ConfigError` for one that names none at `key`."""
    found: list[Rule] = []
    for word in words:
        fitting = [r for r in RULES if word in {r.name, "ALL"} or r.code.startswith(word.upper())]
        if not fitting or not word:
            names = [name for rule in RULES for name in (rule.code, rule.name)]
            raise ConfigError(f"{key}: there is no rule `{word}`{did_you_mean(word, names)}")
        found += fitting
    return found
