"""All rules, by family and code."""

from vaultsync.lint.rule import Rule
from vaultsync.lint.rules import (
    anchors,
    body,
    checked,
    claims,
    files,
    link_forms,
    link_graph,
    link_names,
    links,
    markup,
    names,
    obsidian,
    properties,
    settings,
    sources,
    suppressions,
    tags,
    yaml,
)

FAMILIES = (
    yaml,
    properties,
    obsidian,
    links,
    anchors,
    link_names,
    link_forms,
    link_graph,
    body,
    claims,
    sources,
    checked,
    files,
    names,
    settings,
    markup,
    suppressions,
    tags,
)
_FOUND: tuple[Rule, ...] = tuple(found for family in FAMILIES for found in family.RULES)
_PREFIXES = [found.code[:3] for found in _FOUND]
RULES = tuple(sorted(_FOUND, key=lambda found: (_PREFIXES.index(found.code[:3]), found.code)))
