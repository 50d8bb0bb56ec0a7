"""The pages of the rules, made of their docstrings and examples."""

from __future__ import annotations

import inspect
import re
import unicodedata
from collections.abc import Iterable

from vaultsync import HOME
from vaultsync.lint.rule import Example, Rule
from vaultsync.lint.rules import RULES

_HEAD = """\
# Rules

`vaultsync rule CODE` prints the section of a rule, `vaultsync rule` the list. Rules are selected by
code, prefix of a code, or name: with `--select` and `--ignore` for one run, in
[`[lint]`](config.md#lint) for every run. An *error* makes `vaultsync lint` exit with 1, a *warning*
only with `--strict`, a *hint* never. `--fix` applies safe fixes; `--fix --unsafe-fixes` also those
that may change what a note means.
"""

_RUNS = {
    True: "Runs by default.",
    "git": "Runs by default in a git repository.",
    False: "Runs if selected.",
}
_LISTED = {True: "yes", "git": "in git", False: "by choice"}


def find(word: str) -> Rule | None:
    """Return the rule with a code, in any letter case, or a name; None if there is none."""
    return next((rule for rule in RULES if word.upper() == rule.code or word == rule.name), None)


def address(rule: Rule) -> str:
    """Return the address of the rule's page."""
    return f"{HOME}/blob/main/docs/rules.md#{rule.code.lower()}-{rule.name}"


def paragraphs(rule: Rule) -> list[str]:
    """Return the paragraphs of the rule's docstring, each on one line."""
    text = inspect.cleandoc(rule.check.__doc__ or "")
    return [" ".join(part.split("\n")) for part in text.split("\n\n")]


def _facts(rule: Rule) -> str:
    """Return the severity, whether the rule runs by default, and the kind of its fix."""
    runs = _RUNS[rule.default]
    fix = " or ".join(rule.fixes)
    return f"{rule.severity.capitalize()}. {runs} {f'Fix: {fix}.' if fix else 'No fix.'}"


def rule_page(rule: Rule, *, level: int = 1) -> str:
    """Return a rule's page as Markdown, under a heading of a level."""
    text = inspect.cleandoc(rule.check.__doc__ or "")
    heading = f"{'#' * level} {rule.code} {rule.name}"
    examples = [_example(example) for example in _shown_examples(rule)]
    return "\n\n".join([heading, _facts(rule), text, *examples]) + "\n"


def rules_page() -> str:
    """Return `docs/rules.md`."""
    rows = [
        f"| [{rule.code}](#{rule.code.lower()}-{rule.name}) | {rule.name} | {rule.severity} | "
        f"{_LISTED[rule.default]} | {' or '.join(rule.fixes) or '–'} |"
        for rule in RULES
    ]
    table = ["| code | name | severity | runs | fix |", "|---|---|---|---|---|", *rows]
    sections = [rule_page(rule, level=2) for rule in RULES]
    return "\n".join([_HEAD, *table, "", "\n".join(sections)])


def _shown_examples(rule: Rule) -> Iterable[Example]:
    """Return the first example, and the first with a fix if that is another."""
    first = rule.examples[:1]
    fixed = [example for example in rule.examples if example.fix][:1]
    return first if fixed == [*first] else [*first, *fixed]


def _example(example: Example) -> str:
    """Return the two notes of an example, with their paths if those break the rule."""
    bad, good = "For example", "Fixed" if example.fix else "Instead"
    if example.renamed:
        bad = f"{bad}, `{_visible(example.path)}`"
        good = f"{good}, `{_visible(example.renamed)}`"
    before, after = (_fenced(text, example.path) for text in (example.bad, example.good))
    return f"{bad}:\n\n{before}\n\n{good}:\n\n{after}"


def _fenced(text: str, path: str) -> str:
    if not text:
        return "(an empty note)"
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    language = path.rpartition(".")[2].replace("md", "markdown")
    return f"{fence}{language}\n{_visible(text).removesuffix(chr(10))}\n{fence}"


def _visible(text: str) -> str:
    """Return text with invisible and combining characters as escapes."""
    return "".join(
        char.encode("unicode_escape").decode()
        if char != "\n" and (not char.isprintable() or unicodedata.combining(char))
        else char
        for char in text
    )
