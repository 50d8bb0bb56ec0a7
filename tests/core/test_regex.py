from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import vaultsync
from vaultsync.core.text import POSSESSIVE_WORKS, possessive_group
from vaultsync.markdown import document, parse

ROOT = Path(vaultsync.__file__).parent
# Their expressions are not used where possessive groups are not native.
EXEMPT = {ROOT / "core" / "regex.py", ROOT / "markdown" / "fast_path.py"}


@pytest.mark.parametrize(
    ("pattern", "behind", "text", "end"),
    [
        ("ab?c", "", "aca", 2),
        ("(?!C).", "", "ABC", 2),
        (r"[^()]++|\([^()]*\)", "", "a(b)c(d", 5),
        ("a|ab", "c", "abc", None),
        ("a", "a", "aaa", None),
    ],
)
@pytest.mark.parametrize("native", {POSSESSIVE_WORKS, False})
def test_a_group_is_repeated_and_gives_nothing_back(
    pattern: str, behind: str, text: str, end: int | None, *, native: bool
) -> None:
    found = re.match(possessive_group(pattern, native=native) + behind, text)
    assert (found and found.end()) == end


def test_once_at_least() -> None:
    assert re.match(possessive_group("a", "+"), "b") is None
    assert re.match(possessive_group("a", "+", native=False), "b") is None


def test_no_other_expression_repeats_a_group_so() -> None:
    found = [place for path in ROOT.rglob("*.py") if path not in EXEMPT for place in places(path)]
    assert found == []


def test_a_group_that_is_repeated_so_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    lines = ['A = rf"(?:b|{B})*+"', 'B = r"(?:b)++"', 'C = "(?:a++)"', 'D = r"(?:b){2}+"']
    file.write_text("\n".join(lines))
    assert [place.rpartition(":")[2] for place in places(file)] == ["1", "2", "4"]


def places(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        text = literal(node)
        if "(?" in text and re.search(r"(?<!\\)\)(?:[*+?]|\{[\d,]+\})\+", text):
            yield f"{path}:{node.lineno}"  # type: ignore[attr-defined]


def literal(node: ast.AST) -> str:
    """Return a text as it is written, with `X` for each expression in it; "" for anything else."""
    if isinstance(node, ast.JoinedStr):
        return "".join(literal(part) or "X" for part in node.values)
    value = node.value if isinstance(node, ast.Constant) else ""
    return value if isinstance(value, str) else ""


def test_bodies_are_read_by_events_where_it_does_not_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused() -> None:
        raise AssertionError

    monkeypatch.setattr(document, "fast_reader", refused)
    with pytest.raises(AssertionError):
        parse("a.md", "# A\n", fast=True)
    assert [heading.text for heading in parse("a.md", "# A\n").headings] == ["A"]
    monkeypatch.setattr(document, "POSSESSIVE_WORKS", False)
    assert [heading.text for heading in parse("a.md", "# A\n", fast=True).headings] == ["A"]
