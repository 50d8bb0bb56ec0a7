"""How often each rule was broken."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

import msgspec

from vaultsync.lint.engine import Diagnostic


class Count(msgspec.Struct, frozen=True):
    """How many findings a rule has, and how many of them a safe fix mends."""

    code: str
    name: str
    count: int
    fixable: int


def statistics(found: Iterable[Diagnostic]) -> list[Count]:
    """Return the rules that were broken, the most frequent first."""
    diagnostics = list(found)
    counts = Counter((diagnostic.code, diagnostic.name) for diagnostic in diagnostics)
    fixable = Counter(d.code for d in diagnostics if d.fix and d.fix.safe)
    rows = [Count(code, name, count, fixable[code]) for (code, name), count in counts.items()]
    return sorted(rows, key=lambda row: (-row.count, row.code))


def as_text(rows: list[Count]) -> str:
    """Return a line for each rule: count, code, whether all `[*]` or some `[-]` are fixable, name.

    The form is that of `ruff check --statistics`.
    """
    width = max((len(str(row.count)) for row in rows), default=0)
    some = any(row.fixable for row in rows)
    lines = [
        f"{row.count:>{width}}  {row.code}  {_mark(row) if some else ''}{row.name}\n"
        for row in rows
    ]
    return "".join(lines)


def _mark(row: Count) -> str:
    if not row.fixable:
        return "[ ] "
    return "[*] " if row.fixable == row.count else "[-] "


def as_json(rows: list[Count]) -> str:
    """Return the rows as JSON, version 1."""
    data = {"version": 1, "statistics": [msgspec.structs.asdict(row) for row in rows]}
    return json.dumps(data, indent=2) + "\n"
