"""Which rules concern a document, worked out once for each kind of document."""

from __future__ import annotations

from typing import NamedTuple

from vaultsync.core.model import Document
from vaultsync.lint.alone import looks_at_one
from vaultsync.lint.context import Context
from vaultsync.lint.engine.suppressing import Found
from vaultsync.lint.link_graph import NO_LINKS
from vaultsync.lint.rule import Rule


class Concerned(NamedTuple):
    """Rules that concern a document.

    `first` run before the `last`. Of them `single` look at one note alone, by code, and the others
    are `wide`; of these the `unlinked` look at no group of links.
    """

    first: tuple[Rule, ...]
    single: dict[str, Rule]
    wide: tuple[Rule, ...]
    unlinked: tuple[Rule, ...]
    last: tuple[Rule, ...]

    def findings(self, document: Document, context: Context) -> list[Found]:
        """Return what the first round finds; what was said of the document alone is recalled."""
        alone = context.alone.get(document)
        if alone is None:
            return [(rule, found) for rule in self.first for found in rule.check(document, context)]
        linked = len(self.wide) > len(self.unlinked)
        links = context.network.of(document) if linked else NO_LINKS
        wide = [
            rule
            for rule in (self.unlinked if links is NO_LINKS else self.wide)
            if (rule.clue is None or rule.code in alone.clues)
            and (rule.links is None or getattr(links, rule.links))
        ]
        found = [(rule, finding) for rule in wide for finding in rule.check(document, context)]
        if alone.findings:
            single = self.single
            found += [(single[code], told) for code, told in alone.findings if code in single]
            order = [rule.code for rule in self.first]
            found.sort(key=lambda pair: order.index(pair[0].code))
        return found


class Concerns:
    """The rules of one run, as they concern one document or another."""

    def __init__(self) -> None:
        """Begin with nothing worked out."""
        self._known: dict[tuple[int, str, bool, bool], tuple[tuple[Rule, ...], Concerned]] = {}

    def of(self, rules: tuple[Rule, ...], document: Document, *, typed: bool) -> Concerned:
        """Return those of the rules that concern a document, which may have a type."""
        kind = id(rules), document.kind, document.error is None, typed
        if kind not in self._known:
            fitting = tuple(rule for rule in rules if typed or not rule.typed)
            # The rules are kept, so that no others get their id.
            self._known[kind] = rules, _concerned(fitting, document)
        return self._known[kind][1]


def _concerned(rules: tuple[Rule, ...], document: Document) -> Concerned:
    concerned = [rule for rule in rules if _concerns(rule, document)]
    first = tuple(rule for rule in concerned if not rule.last)
    wide = tuple(rule for rule in first if not looks_at_one(rule))
    return Concerned(
        first,
        {rule.code: rule for rule in first if looks_at_one(rule)},
        wide,
        tuple(rule for rule in wide if not rule.links),
        tuple(rule for rule in concerned if rule.last),
    )


def _concerns(rule: Rule, document: Document) -> bool:
    if rule.settings or document.kind == "settings":
        return rule.settings and document.kind == "settings"
    return (rule.certain or not document.error) and (rule.names or document.kind != "attachment")
