"""Fail where a row of the layers is covered less than it must be.

Usage: `python .ci/coverage_gate.py COVERAGE_JSON` in the repository's root, with a report of
`coverage json`. The rows are those of the contract "layers" in `pyproject.toml`. The pure rows
must be covered whole, lines and branches; each row above them to 90 %.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

WHOLE = 100.0
ABOVE = 90.0
# This module stands in the uppermost of the pure rows.
TOP_OF_PURE = "blocks"


@dataclass
class Row:
    """A row of the layers: its modules, what they have to cover and what they cover.

    Lines and branches are counted together; `gaps` has a text for each file not covered whole.
    """

    modules: list[str]
    least: float
    possible: int = 0
    covered: int = 0
    gaps: list[str] = field(default_factory=list)


def rows() -> list[Row]:
    """Read the rows from `pyproject.toml`, top row first."""
    settings = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["id"] == "layers")
    names = [[name.strip(" ()") for name in re.split(r"[|:]", layer)] for layer in layers]
    (top,) = (number for number, row in enumerate(names) if TOP_OF_PURE in row)
    return [Row(row, WHOLE if number >= top else ABOVE) for number, row in enumerate(names)]


def count(entry: dict[str, Any], path: str, row: Row) -> None:
    """Add one file of the report to its row."""
    summary = entry["summary"]
    row.possible += summary["num_statements"] + summary["num_branches"]
    row.covered += summary["covered_lines"] + summary["covered_branches"]
    branches = [f"{start}->{end}" for start, end in entry["missing_branches"]]
    if missing := [str(line) for line in entry["missing_lines"]] + branches:
        row.gaps.append(f"{path}: {', '.join(missing)}")


def verdict(row: Row) -> bool:
    """Print a row's figure, and what is not covered if it falls short; return whether it passes."""
    percent = 100.0 * row.covered / row.possible
    passes = percent >= row.least
    word = "ok" if passes else "TOO LOW"
    print(f"{percent:6.2f} % of {row.least:.0f} %  {word:8} {' '.join(row.modules)}")
    for gap in () if passes else row.gaps:
        print(f"    not covered: {gap}")
    return passes


def main(report: str) -> int:
    """Judge every row that has code; the exit code is 1 if one falls short."""
    table = rows()
    row_of = {module: row for row in table for module in row.modules}
    for path, entry in json.loads(Path(report).read_text(encoding="utf-8"))["files"].items():
        parts = PurePath(path.replace("\\", "/")).with_suffix("").parts
        # `__init__` and `__main__` hold a version and a call; other modules have a row.
        if row := row_of.get(parts[parts.index("vaultsync") + 1]):
            count(entry, path, row)
    counted = [row for row in table if row.possible]
    if not counted:
        raise SystemExit(f"{report} names no file of vaultsync: was the coverage measured?")
    passed = [verdict(row) for row in counted]
    return int(not all(passed))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
