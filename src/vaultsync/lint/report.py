"""Ways to show what the linter finds."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from vaultsync.blocks import counted
from vaultsync.lint.context import Context
from vaultsync.lint.engine import Diagnostic, explained
from vaultsync.lint.rule import Fix, Severity
from vaultsync.lint.rules import RULES
from vaultsync.text import Lines

Style = Literal["error", "warning", "hint", "path", "dim"]
Paint = Callable[[str, Style], str]
_WIDE = 100
# What moves the cursor, or turns the direction of writing, is none of a terminal's business.
_UNSEEN = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), *range(0x2028, 0x202F), *range(0x2066, 0x206A)], " "
)


class Shown(msgspec.Struct, frozen=True):
    """A diagnostic with its full message and its place in lines and columns, from 1."""

    diagnostic: Diagnostic
    message: str
    start: tuple[int, int]
    end: tuple[int, int]
    source: str


def shown(
    found: Iterable[Diagnostic], context: Context, names: Callable[[str], str]
) -> list[Shown]:
    """Return diagnostics ready to be shown; `names` turns a path into how it is shown."""
    lines: dict[str, Lines] = {}
    result = []
    for diagnostic in found:
        path = diagnostic.path
        if path not in lines:
            document = context.vault.documents.get(path)
            lines[path] = Lines(document.text if document else "")
        start = lines[path].position(diagnostic.span.start)
        end = lines[path].position(max(diagnostic.span.end, diagnostic.span.start))
        fix = diagnostic.fix and _renamed(diagnostic.fix, names)
        renamed = msgspec.structs.replace(diagnostic, path=names(path), fix=fix)
        message = explained(diagnostic, context)
        result.append(Shown(renamed, message, start, end, lines[path].line(start[0])))
    return result


def _renamed(fix: Fix, names: Callable[[str], str]) -> Fix:
    edits = {names(path): edits for path, edits in fix.edits.items()}
    return msgspec.structs.replace(fix, edits=edits)


def concise(items: Iterable[Shown], paint: Paint) -> str:
    """Return one line for each."""
    return "".join(f"{_head(item, paint)}\n" for item in items)


def full(items: Iterable[Shown], paint: Paint) -> str:
    """Return each with its source line and the span underlined; hints on one line.

    A finding about the file as a whole has an empty span and nothing to underline.
    """
    parts = []
    for item in items:
        head = _head(item, paint)
        said = item.source.strip() and item.start != item.end
        quoted = said and item.diagnostic.severity != "hint"
        parts.append(f"{head}\n{_excerpt(item, paint)}\n" if quoted else f"{head}\n")
    return "".join(parts)


def _head(item: Shown, paint: Paint) -> str:
    diagnostic, (line, column) = item.diagnostic, item.start
    place = paint(f"{diagnostic.path.translate(_UNSEEN)}:{line}:{column}:", "path")
    label = paint(f"{diagnostic.severity} {diagnostic.code}", diagnostic.severity)
    fixable = " [fix]" if diagnostic.fix and diagnostic.fix.safe else ""
    return f"{place} {label} {item.message.translate(_UNSEEN)}{fixable}"


def _excerpt(item: Shown, paint: Paint) -> str:
    line, start = item.start[0], item.start[1] - 1
    end = item.end[1] - 1 if item.end[0] == line else len(item.source)
    cut = max(0, start - _WIDE // 3) if len(item.source) > _WIDE else 0
    text = item.source[cut : cut + _WIDE].translate(_UNSEEN)
    indent = " " * _columns(text[: start - cut])
    marks = "^" * max(1, _columns(text[start - cut : end - cut]))
    gutter = paint(f"{line:>5} |", "dim")
    blank = paint("      |", "dim")
    return f"{gutter} {text}\n{blank} {indent}{paint(marks, item.diagnostic.severity)}"


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(_width(char) for char in text)


def _width(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def as_json(items: Iterable[Shown], _paint: Paint) -> str:
    """Return the findings as JSON, version 1."""
    findings = [_json_finding(item) for item in items]
    return json.dumps({"version": 1, "findings": findings}, ensure_ascii=False, indent=2) + "\n"


def _json_finding(item: Shown) -> dict[str, Any]:
    diagnostic = item.diagnostic
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity,
        "message": item.message,
        "path": diagnostic.path,
        "start": {"line": item.start[0], "column": item.start[1]},
        "end": {"line": item.end[0], "column": item.end[1]},
        "fix": _json_fix(diagnostic),
    }


def _json_fix(diagnostic: Diagnostic) -> dict[str, Any] | None:
    if diagnostic.fix is None:
        return None
    edits = {
        path: [{"start": e.span.start, "end": e.span.end, "new": e.new} for e in edits]
        for path, edits in diagnostic.fix.edits.items()
    }
    return {"title": diagnostic.fix.title, "safe": diagnostic.fix.safe, "edits": edits}


_GITHUB: Mapping[Severity, str] = {"error": "error", "warning": "warning", "hint": "notice"}


def github(items: Iterable[Shown], _paint: Paint) -> str:
    """Return workflow commands that annotate a pull request.

    Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
    """
    lines = []
    for item in items:
        diagnostic = item.diagnostic
        place = f"file={_property(diagnostic.path)},line={item.start[0]},col={item.start[1]}"
        title = _property(f"{diagnostic.code} {diagnostic.name}")
        kind = _GITHUB[diagnostic.severity]
        lines.append(f"::{kind} {place},title={title}::{_data(item.message)}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS: Mapping[str, Callable[[Sequence[Shown], Paint], str]] = {
    "full": full,
    "concise": concise,
    "json": as_json,
    "github": github,
}


def summary(found: Iterable[Diagnostic], context: Context) -> str:
    """Return the last line, "48 frames, 3 drafts, 5 TODOs: no errors"."""
    counts = Counter(diagnostic.severity for diagnostic in found)
    severities: tuple[Severity, ...] = ("error", "warning", "hint")
    said = [counted(counts[name], name) for name in severities if counts[name]]
    if not counts["error"]:
        said.insert(0, "no errors")
    return f"{inventory(context)}: {', '.join(said)}"


def inventory(context: Context) -> str:
    """Return what the vault holds: notes by type, drafts and open tasks; else the notes."""
    # Without types nothing has to be read for it.
    notes = context.blocks.notes if context.config.types else ()
    if not notes:
        total = sum(doc.kind == "note" for doc in context.vault.documents.values())
        return counted(total, "note")
    kinds = Counter(note.type_name for note in notes if not note.is_draft)
    parts = [counted(kinds[name], name) for name in context.config.types if kinds[name]]
    parts.append(counted(sum(note.is_draft for note in notes), "draft"))
    tasks = sum(not task.done for note in notes for task in note.document.tasks)
    return ", ".join([*parts, counted(tasks, "TODO")])


def rule_page(code: str) -> str | None:
    """Return a rule's page by its code or name, None where there is no such rule."""
    for rule in RULES:
        if code.upper() == rule.code or code == rule.name:
            facts = [rule.severity, *(["fixable"] if rule.fixable else [])]
            text = "\n".join(line.removeprefix("    ") for line in rule.page.split("\n"))
            return f"# {rule.code} {rule.name} ({', '.join(facts)})\n\n{text}\n"
    return None
