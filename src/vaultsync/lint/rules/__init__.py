"""All rules, by family and code."""

from vaultsync.lint.rule import Rule
from vaultsync.lint.rules import (
    body,
    files,
    front_matter,
    link_forms,
    link_targets,
    markup,
    properties,
    settings,
    sources,
)

# Families in this order; a family may have several modules.
FAMILIES = (
    front_matter,
    properties,
    link_targets,
    link_forms,
    body,
    sources,
    files,
    settings,
    markup,
)
_UNSORTED: tuple[Rule, ...] = tuple(rule for family in FAMILIES for rule in family.RULES)
_PREFIXES = [rule.code[:3] for rule in _UNSORTED]
RULES = tuple(sorted(_UNSORTED, key=lambda rule: (_PREFIXES.index(rule.code[:3]), rule.code)))
