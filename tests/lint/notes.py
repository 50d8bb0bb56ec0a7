"""What the tests of rules about single notes share."""

from __future__ import annotations

from collections.abc import Mapping

from tests.lint.settings import context, fix

from vaultsync.core.config import Config, LintSettings
from vaultsync.lint import engine

PATH = "note.md"


def block(properties: str) -> str:
    """Return a note with these properties."""
    return f"---\n{properties}\n---\n\nText.\n"


def found(
    rules: str, text: str, others: Mapping[str, str] | None = None, path: str = PATH
) -> list[tuple[str, str]]:
    """Return what each finding of the rules covers, and its message."""
    here = context({path: text, **(others or {})}, Config())
    selection = engine.select(LintSettings(select=tuple(rules.split())))
    return [(item.span.of(text), item.message) for item in engine.findings(here, selection, [path])]


def fixed(rules: str, text: str, *, unsafe: bool = False) -> str:
    """Return the note as the fixes of the rules leave it."""
    here = context({PATH: text}, Config())
    selection = engine.select(LintSettings(select=tuple(rules.split())))
    return fix(here, selection, unsafe=unsafe)[1].get(PATH, text)
