"""The rules: their examples are their tests."""

from __future__ import annotations

import ast
import pkgutil
import re
import subprocess
import sys
from importlib import resources
from pathlib import Path
from types import ModuleType

import pytest
from tests.lint.settings import codes, context, fix, having

from vaultsync.core.config import Config
from vaultsync.lint import engine, rules
from vaultsync.lint.rule import Example, Rule
from vaultsync.lint.rules import FAMILIES, RULES

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.code}-{number}")
    for rule in RULES
    for number, example in enumerate(rule.examples)
]


def files(example: Example, text: str) -> dict[str, str]:
    return {example.path: text, **example.others}


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_what_breaks_a_rule_is_found_by_that_rule_alone(rule: Rule, example: Example) -> None:
    found = codes(files(example, example.bad), example.path, selection=having(rule))
    assert set(found) == {rule.code}


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_what_keeps_a_rule_is_not_found(rule: Rule, example: Example) -> None:
    good = {example.renamed or example.path: example.good, **example.others}
    path = example.renamed or example.path
    assert codes(good, path, selection=having(rule)) == []
    assert rule.code not in codes(good, selection=having(rule))


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_fix_makes_the_example_right_and_a_second_run_changes_nothing(
    rule: Rule, example: Example
) -> None:
    before, selection = context(files(example, example.bad)), having(rule)
    after, changed, _ = fix(before, selection, [example.path], unsafe=True)
    fixes = [found.fix for found in engine.findings(before, selection) if found.code == rule.code]
    assert any(fixes) is bool(example.fix)
    assert (example.fix == "unsafe") is any(fix is not None and not fix.safe for fix in fixes)
    assert changed == ({example.path: example.good} if example.fix else {})
    assert fix(after, selection, unsafe=True)[1] == {}


def test_a_rule_with_an_unsafe_fix_changes_nothing_unasked() -> None:
    unsafe = set()
    for rule in RULES:
        for example in rule.examples:
            before, selection = context(files(example, example.bad)), having(rule)
            found = engine.findings(before, selection, [example.path])
            if any(_is_unsafe(item) for item in found):
                unsafe.add(rule.code)
                assert fix(before, selection, [example.path])[1] == {}
    assert "SRC002" in unsafe


def _is_unsafe(found: engine.Diagnostic) -> bool:
    return found.fix is not None and not found.fix.safe


def test_a_rule_that_makes_a_fix_proves_it_by_an_example() -> None:
    """A function whose source names a fix but that no example proves is a defect."""
    own = [_functions(family) for family in FAMILIES]
    shared = {name: node for functions in own for name, node in functions.items() if name[0] != "_"}
    for family, functions in zip(FAMILIES, own, strict=True):
        for rule in _rules(family):
            made = _makes_fixes(functions[rule.check.__name__], shared | functions)
            assert made is bool(rule.fixes), rule


def _functions(family: ModuleType) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(Path(str(family.__file__)).read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def _makes_fixes(function: ast.FunctionDef, functions: dict[str, ast.FunctionDef]) -> bool:
    names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    helpers = names & functions.keys() - {function.name}
    return "one" in names or any(_makes_fixes(functions[name], functions) for name in helpers)


def test_every_rule_has_an_example_and_every_example_a_rule() -> None:
    found = [resource.name for resource in (resources.files(rules) / "examples").iterdir()]
    assert {f"{rule.code[:3]}.toml" for rule in RULES} == set(found)
    for name in found:
        keys = re.findall(r"^\[\[(\w+)\]\]$", _text_of(name), re.MULTILINE)
        expected = [rule.code for rule in RULES if name.startswith(rule.code[:3])]
        assert list(dict.fromkeys(keys)) == expected


def _text_of(name: str) -> str:
    return (resources.files(rules) / "examples" / name).read_text(encoding="utf-8")


def test_a_check_reads_no_examples() -> None:
    lines = (
        "from tests.lint.settings import ALL, context",
        "from vaultsync.lint import engine, rule",
        "engine.findings(context({'n.md': '[[x]] ![[y]]'}), ALL)",
        "print(rule._examples.cache_info().currsize)",
    )
    command = [sys.executable, "-c", "\n".join(lines)]
    top = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=top, capture_output=True, check=True)
    assert done.stdout.split() == [b"0"]


def test_codes_and_names_are_unique_and_well_formed() -> None:
    numbers, names = [rule.code for rule in RULES], [rule.name for rule in RULES]
    assert len(set(numbers)) == len(RULES) == len(set(names))
    assert [code for code in numbers if not re.fullmatch(r"[A-Z]{3}\d{3}", code)] == []
    assert [name for name in names if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name)] == []


def _rules(family: ModuleType) -> list[Rule]:
    return [value for value in vars(family).values() if isinstance(value, Rule)]


def test_every_module_of_rules_is_listed_and_names_its_prefixes() -> None:
    modules = {module.name for module in pkgutil.iter_modules(rules.__path__)}
    assert {family.__name__.rpartition(".")[2] for family in FAMILIES} == modules
    for family in FAMILIES:
        named = re.findall(r"\b[A-Z]{3}\b", (family.__doc__ or "").partition(":")[0])
        assert {rule.code[:3] for rule in _rules(family)} == set(named)


def test_all_rules_are_listed_once() -> None:
    defined = [rule.code for family in FAMILIES for rule in _rules(family)]
    assert sorted(defined) == sorted(rule.code for rule in RULES)


def test_family_codes_are_in_order() -> None:
    for family in FAMILIES:
        by_prefix: dict[str, list[str]] = {}
        for rule in _rules(family):
            by_prefix.setdefault(rule.code[:3], []).append(rule.code)
        assert [sorted(codes) for codes in by_prefix.values()] == list(by_prefix.values())


UNTYPED = [rule for rule in RULES if not rule.typed and not rule.last and not rule.settings]


@pytest.mark.parametrize("rule", UNTYPED, ids=lambda rule: rule.code)
def test_a_rule_that_does_not_ask_for_a_type_needs_none(rule: Rule) -> None:
    """It finds in its examples what it finds there where the settings know types."""
    for example in rule.examples:
        told = files(example, example.bad)
        document = context(told).vault.documents.get(example.path)
        if document and rule.reach not in {"blocks", "types"}:
            assert list(rule.check(document, context(told, Config())))


@pytest.mark.parametrize("rule", [r for r in RULES if r.typed], ids=lambda rule: rule.code)
def test_a_rule_that_asks_for_a_type_finds_nothing_without(rule: Rule) -> None:
    for example in rule.examples:
        among = context(files(example, example.bad), Config())
        assert not list(rule.check(among.vault.documents[example.path], among))
