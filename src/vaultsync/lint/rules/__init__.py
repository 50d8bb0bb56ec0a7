"""All rules, by family."""

from vaultsync.lint.rule import Rule
from vaultsync.lint.rules import body, files, links, markup, properties, sources

FAMILIES = (properties, links, body, sources, files, markup)
RULES: tuple[Rule, ...] = tuple(found for family in FAMILIES for found in family.RULES)
