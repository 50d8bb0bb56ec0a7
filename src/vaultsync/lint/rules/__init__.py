"""All rules, by family and code."""

from vaultsync.lint.rule import Rule
from vaultsync.lint.rules import (
    body,
    evidence,
    files,
    front_matter,
    link_forms,
    link_targets,
    markup,
    properties,
    settings,
    sources,
)

FAMILIES = (
    front_matter,
    properties,
    link_targets,
    link_forms,
    body,
    sources,
    evidence,
    files,
    settings,
    markup,
)
_PREFIXES = ("PRP", "LNK", "BDY", "SRC", "FIL", "MRK", "TAG")
_UNSORTED = [one for family in FAMILIES for one in vars(family).values() if isinstance(one, Rule)]
RULES = tuple(sorted(_UNSORTED, key=lambda rule: (_PREFIXES.index(rule.code[:3]), rule.code)))
