"""Which rules run, and how severe each is."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Self

import msgspec

from vaultsync.core.config import FILE_NAME, Level, LintSettings, did_you_mean, matches_glob
from vaultsync.core.errors import ConfigError
from vaultsync.lint.rule import Rule, Severity
from vaultsync.lint.rules import RULES


class Override(msgspec.Struct, frozen=True):
    """What is different for the files that a glob matches."""

    glob: str
    ignored: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = {}


class Selection(msgspec.Struct, frozen=True):
    """The rules to run, and the severities that the settings give them, by code.

    Of `overrides` that match a file the later ones win.
    """

    rules: tuple[Rule, ...]
    severities: Mapping[str, Severity]
    overrides: tuple[Override, ...] = ()

    def at(self, path: str) -> Self:
        """Return what holds for one file."""
        if not self.overrides:
            return self
        fitting = [override for override in self.overrides if matches_glob(path, [override.glob])]
        if not fitting:
            return self
        ignored = frozenset[str]().union(*(override.ignored for override in fitting))
        severities = dict(self.severities)
        for override in fitting:
            severities |= override.severities
        rules = tuple(rule for rule in self.rules if rule.code not in ignored)
        return type(self)(rules, severities)

    def without_history(self) -> Self:
        """Return the rules that need neither the history nor the current day."""
        rules = tuple(rule for rule in self.rules if not (rule.history or rule.today))
        return type(self)(rules, self.severities, self.overrides)


def select(settings: LintSettings, *, in_git: bool = False) -> Selection:
    """Return the rules that the settings choose by code, prefix of a code, or name.

    A rule that reports unreadable notes runs unless it is ignored: nothing else would show that
    the rules that were chosen saw nothing of that note. Raises `ConfigError` for a word that names
    no rule, and where none of the rules that were chosen is left.
    """
    chosen = [rule for rule in RULES if rule.default is True or (rule.default and in_git)]
    if settings.select:
        chosen = _listed("lint.select", settings.select)
    chosen += _listed("lint.extend-select", settings.extend_select)
    ignored = _covered("lint.ignore", settings.ignore)
    off, severities = _levels("lint.severity", settings.severity)
    rules = tuple(rule for rule in RULES if rule not in [*ignored, *off])
    if not any(rule in chosen for rule in rules):
        raise ConfigError("no rule is left to run: select one, or ignore fewer")
    running = tuple(rule for rule in rules if rule in chosen or rule.unreadable)
    return Selection(running, severities, _overrides(settings))


def _overrides(settings: LintSettings) -> tuple[Override, ...]:
    found = []
    for glob, words in settings.per_file_ignores.items():
        ignored = _covered(f"lint.per-file-ignores.{glob}", words)
        found.append(Override(glob, _codes(ignored)))
    for glob, levels in settings.per_file_severity.items():
        off, severities = _levels(f"lint.per-file-severity.{glob}", levels)
        found.append(Override(glob, _codes(off), severities))
    return tuple(found)


def _levels(key: str, levels: Mapping[str, Level]) -> tuple[list[Rule], dict[str, Severity]]:
    """Return the rules that are off, and the severities of others by code.

    Of words that name the same rule the one that names fewer rules wins.
    """
    for word in levels:
        named(f"{FILE_NAME}: `{key}.{word}`", [word])
    found: dict[str, Level] = {}
    for word in sorted(levels, key=lambda word: -len(covered(word))):
        found |= {rule.code: levels[word] for rule in covered(word)}
    off = [rule for rule in RULES if found.get(rule.code) == "off"]
    return off, {code: level for code, level in found.items() if level != "off"}


def _listed(key: str, words: Sequence[str]) -> list[Rule]:
    """Return the rules that the items of a list in the settings name."""
    places = (f"{FILE_NAME}: `{key}[{number}]`" for number in range(len(words)))
    return [
        rule for place, word in zip(places, words, strict=True) for rule in named(place, [word])
    ]


def _covered(key: str, words: Sequence[str]) -> list[Rule]:
    _listed(key, words)
    return [rule for word in words for rule in covered(word)]


def _codes(rules: Iterable[Rule]) -> frozenset[str]:
    return frozenset(rule.code for rule in rules)


def named(key: str, words: Iterable[str]) -> list[Rule]:
    """Return the rules that words name; raise `ConfigError` for one that names none at `key`."""
    found: list[Rule] = []
    for word in words:
        fitting = meant(word)
        if not fitting:
            raise ConfigError(f"{key}: {unknown(word)}")
        found += fitting
    return found


@functools.lru_cache(maxsize=1024)
def meant(word: str) -> tuple[Rule, ...]:
    """Return the rules with this code, prefix of a code or name, or ALL; none for no such rule."""
    code = word.upper()
    fitting = (r for r in RULES if word in {r.name, "ALL"} or r.code.startswith(code))
    return tuple(fitting) if word else ()


@functools.lru_cache(maxsize=1024)
def covered(word: str) -> tuple[Rule, ...]:
    """Return the rules that a word names, and those whose findings were these rules' until now."""
    codes = {rule.code for rule in meant(word)}
    return tuple(rule for rule in RULES if not codes.isdisjoint((rule.code, rule.formerly)))


@functools.lru_cache(maxsize=1024)
def unknown(word: str) -> str:
    """Return the message about a word that is not the name of a rule."""
    names = [name for rule in RULES for name in (rule.code, rule.name)]
    return f"there is no rule `{word}`{did_you_mean(word, names)}"
