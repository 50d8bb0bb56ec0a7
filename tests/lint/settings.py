"""The settings under which the rules' examples are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from vaultsync.core.config import FILE_NAME, Config, LintSettings
from vaultsync.core.config.read import load_config
from vaultsync.core.model import Document, Vault
from vaultsync.lint import engine
from vaultsync.lint.baseline import read_baseline
from vaultsync.lint.context import Context, untracked_files
from vaultsync.lint.rule import Rule
from vaultsync.markdown import kind_of, parse
from vaultsync.markdown.frontmatter.values import TYPES_FILE, read_types
from vaultsync.notes.source_lock import parse_source_lock

TOML = """
[types.claim]
match = ["Claims/**"]
required = ["title", "status", "kind"]

[types.claim.states]
draft = { status = "draft" }

[types.claim.properties]
title = { type = "string", minLength = 1, maxLength = 90 }
status = { enum = ["draft", "open", "contested"] }
kind = { enum = ["idea", "fact"] }
source = { type = "string", format = "uri" }
tags = { type = "array", items = { type = "string" } }

[types.claim.body]
lead = { required = true, sentences = [1, 2], words = 35 }
caveat = "Caveat:"
caveat-words = ["we drafted", "this vault"]
sections.Sources = { items = "source" }
sections.Related = { items = "relation" }
sections."Open questions" = { items = "question" }

[[types.claim.rules]]
when = { status = "contested" }
require-role = "contrary"
exclusive = true

[types.staged]
match = ["Staged/**"]
states = { draft = { stage = "draft" } }

[types.tested]
match = ["Tested/**"]
scope = "tested_on"
checked = "checked"
body.lead.distinct = true
body.sections.Sources = { items = "source", first = "original" }

[types.named]
match = ["Named/**"]
alias = "title"

[types.sourced]
match = ["Sourced/**"]
required = ["title", "source"]

[types.sourced.properties]
title = { type = "string" }
source = { type = "string", format = "uri" }
cite = { type = "string" }
year = { type = "integer" }

[types.sourced.body.sections.Sources]
items = "source"
required = true
first = "original"
roles = ["original", "supporting", "contrary"]
fill = { source = "url", cite = "cite", year = "year" }
"""
TODAY = "2026-01-31"
CONFIG: Config = load_config(TOML)
ALL = engine.select(CONFIG.lint)
# Most tests need any error, and a bare name that no note has is the shortest.
STRICT = engine.select(msgspec.structs.replace(CONFIG.lint, severity={"LNK017": "error"}))


def context(files: Mapping[str, str], config: Config = CONFIG) -> Context:
    """Return a vault of these files under the settings. A lone surrogate is a byte not UTF-8."""
    documents = {
        path: parse(path, text.encode("utf-8", "surrogateescape"))
        for path, text in files.items()
        if kind_of(path) and not path.startswith(".")
    }
    visible = frozenset(path for path in files if not path.startswith("."))
    types = read_types(files.get(TYPES_FILE, "").encode())
    ignored = set(files.get(".gitignore", "").split("\n"))
    tracked = visible - ignored if ignored != {""} else None
    settings = None
    if FILE_NAME in files:
        config = load_config(files[FILE_NAME])
        settings = Document(FILE_NAME, "settings", files[FILE_NAME])
    name = config.lint.baseline
    baseline = read_baseline(name, files[name].encode()) if name else None
    vault = Vault(documents, visible)
    said = files.get(".git/reworded", "").split("\n")
    reworded = dict(line.rsplit(" ", 1) for line in said if line)
    cited = files.get(".git/cited", "").split("\n")
    before = ".git/before/"
    earlier = {path.removeprefix(before): text for path, text in files.items() if before in path}
    found = Context(
        vault,
        config,
        types=types,
        untracked=untracked_files(vault, tracked),
        settings=settings,
        baseline=baseline,
        reworded=reworded,
        sources=parse_source_lock(files.get("sources.lock", "").encode()),
        cited={path: {name: day} for path, name, day in map(str.split, filter(None, cited))},
        today=TODAY,
    )
    old = {path: parse(path, text) for path, text in earlier.items()}
    return found.with_earlier(Vault(old, frozenset(old)) if old else None)


def having(rule: Rule) -> engine.Selection:
    """Return the rules that run by default, and that one."""
    return engine.select(LintSettings(extend_select=(rule.code,)))


class FixedVault(NamedTuple):
    """What fixing led to: the context then, the changed texts by path, what was left out."""

    context: Context
    texts: dict[str, str]
    left_out: tuple[engine.Diagnostic, ...]


def fix(
    context: Context,
    selection: engine.Selection,
    paths: Sequence[str] | None = None,
    *,
    unsafe: bool = False,
) -> FixedVault:
    """Fix a vault of which nothing is known."""
    fixed = engine.fix(engine.check(None, context, selection, ()), paths, unsafe=unsafe)
    return FixedVault(fixed.checked.context, fixed.texts, fixed.left_out)


def codes(
    files: Mapping[str, str],
    path: str | None = None,
    config: Config = CONFIG,
    selection: engine.Selection = ALL,
) -> list[str]:
    """Return the codes of what the linter finds in the note at `path`, or in all."""
    found = engine.findings(context(files, config), selection, None if path is None else [path])
    return [diagnostic.code for diagnostic in found]
