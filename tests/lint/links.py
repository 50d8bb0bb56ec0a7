"""What the tests of the rules about links share."""

from __future__ import annotations

from collections.abc import Iterable

from tests.lint.settings import fix

from vaultsync.core.config import Config, LintSettings
from vaultsync.core.model import Vault
from vaultsync.lint import engine
from vaultsync.lint.context import Context, untracked_files
from vaultsync.markdown import kind_of, parse

Files = dict[str, str] | tuple[str, ...]
LNK = engine.select(LintSettings(select=("LNK",)))


def vault(
    text: str,
    files: Files,
    path: str,
    tracked: Iterable[str] | None = None,
    *,
    obsidian: bool = True,
) -> Context:
    """Return a vault of a note and further files, which have texts or a name alone."""
    named = files if isinstance(files, dict) else dict.fromkeys(files, "")
    texts = {**named, path: text}
    documents = {name: parse(name, texts[name]) for name in texts if kind_of(name)}
    here = Vault(documents, frozenset(texts))
    known = None if tracked is None else frozenset(tracked)
    return Context(here, Config(), untracked=untracked_files(here, known), obsidian=obsidian)


def found(
    rule: str,
    text: str,
    files: Files = (),
    path: str = "note.md",
    tracked: Iterable[str] | None = None,
    *,
    obsidian: bool = True,
) -> list[tuple[str, str, str]]:
    """Return code, what the finding covers, and message, of one rule or several."""
    here = vault(text, files, path, tracked, obsidian=obsidian)
    selection = engine.select(LintSettings(select=tuple(rule.split())))
    return [
        (item.code, item.span.of(text), engine.explained(engine.with_suggestion(item, here)))
        for item in engine.findings(here, selection, [path])
    ]


def fixed(
    rule: str, text: str, files: Files = (), path: str = "note.md", *, unsafe: bool = False
) -> str:
    """Return the note as the fixes of a rule leave it, unless `unsafe` the safe ones alone."""
    selection = engine.select(LintSettings(select=(rule,)))
    changed = fix(vault(text, files, path), selection, [path], unsafe=unsafe).texts
    return changed.get(path, text)
