"""Whatever a note holds, it is checked, shown and fixed without a surprise."""

from __future__ import annotations

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.lint.settings import ALL, context

from vaultsync.lint import engine, report

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


def name(path: str) -> str:
    return path


def plain(text: str, _style: str) -> str:
    return text


@settings(max_examples=300)
@given(path=PATHS, text=NOTES)
def test_any_note_is_checked_and_shown(path: str, text: str) -> None:
    here = context({path: text})
    found = engine.check(here, ALL)
    assert all(0 <= item.span.start <= item.span.end <= len(text) for item in found)
    shown = report.shown(found, here, name)
    for form in (report.full, report.concise):
        said = form(shown, plain).replace("\ufeff", "")
        assert all(line.isprintable() for line in said.split("\n"))
    assert report.github(shown, plain).count("\n") == len(found)
    assert len(json.loads(report.as_json(shown, plain))["findings"]) == len(found)


@settings(max_examples=300)
@given(path=PATHS, text=NOTES, unsafe=st.booleans())
@example(path="Sourced/n.md", text="- original: [T](https://a.org/x), Lee 2024", unsafe=False)
@example(path="Named/n.md", text="---\ntitle: A\naliases: x\n---", unsafe=False)
def test_fixing_twice_is_fixing_once_and_the_body_stays(
    path: str, text: str, *, unsafe: bool
) -> None:
    here = context({path: text})
    after, changed = engine.fix(here, ALL, unsafe=unsafe)
    assert engine.fix(after, ALL, unsafe=unsafe)[1] == {}
    before, fixed = here.vault.documents[path], after.vault.documents[path]
    assert fixed.text == changed.get(path, text)
    assert fixed.text.endswith(before.text[before.body :])
    assert bool(fixed.properties.error) is bool(before.properties.error)
    if "\r\n" in text:
        assert "\n" not in fixed.text.replace("\r\n", "")
