"""Findings in one note, as they are shown, and notes of any kind."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st
from tests.lint.settings import STRICT, context

from vaultsync.core.model import Document
from vaultsync.core.text import Edit, Span
from vaultsync.lint import engine, report
from vaultsync.lint.context import Context
from vaultsync.lint.engine import Checked
from vaultsync.lint.report import Shown
from vaultsync.lint.rule import Applicability, Finding, Fix, rule

LINES = [
    *("---", "title: A", "title: 'A: b' # c", "title: a: b", "status: open", "status: opne"),
    *("kind: [idea]", "aliases:", "aliases: [x]", "aliases: x", "  - A", "  - x", "\ttab: x"),
    *("source: https://a.org/y", "source:", "year: 1999", "cite: ''", "sorce: x", "tags: 5", ""),
    *("Text. More. And more.", "## Sources", "## Related", "## Open questions", "# 猫 `x`"),
    *("- original: [T](https://a.org/x), Lee 2024", "* original: [T](https://b.org)", "- x: y"),
    *("- [[n]]: so", "- [[x|y]]", "- Why? answered: [[n]]", "- Why", "![[x#^y]] [[#z]] [q](n.md)"),
    *("<!-- vaultsync:stats -->", "<!-- /vaultsync -->", "```", "%%", "| a | b |", "\0\u2028\x9b"),
]
NOTES = st.builds(
    lambda bom, newline, lines: bom + newline.join(lines),
    st.sampled_from(["", "\ufeff"]),
    st.sampled_from(["\n", "\r\n"]),
    st.lists(st.sampled_from(LINES), max_size=14),
)
PATHS = st.sampled_from(["Claims/n.md", "Sourced/n.md", "Named/n.md", "n.md"])


def plain(text: str, _style: str) -> str:
    """Return text without colours."""
    return text


def shown(text: str, path: str = "n.md", **files: str) -> list[Shown]:
    """Return what is found in one note of a vault that is the folder `vault`."""
    here = context({path: text, **files})
    found = [engine.with_suggestion(one, here) for one in engine.findings(here, STRICT, [path])]
    return report.shown(found, here, lambda name: f"vault/{name}")


def proposals(applicability: Applicability, text: str = "[[x]]\n") -> Checked:
    """Return the check of a note by one rule, whose fix replaces the text."""

    @rule("LNK001", "broken-link")
    def proposing(document: Document, _context: Context) -> Iterator[Finding]:
        if document.text == text:
            whole = Span(0, len(text))
            fix = Fix("replace it", {document.path: (Edit(whole, "New.\n"),)}, applicability)
            yield Finding(whole, "a proposal", fix)

    return engine.check(None, context({"n.md": text}), engine.Selection((proposing,), {}), ())


def proposed(applicability: Applicability) -> list[Shown]:
    """Return the finding of such a check, as it is shown."""
    checked = proposals(applicability)
    return report.shown(engine.report(checked), checked.context, lambda name: name)
