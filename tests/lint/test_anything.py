"""Whatever a note holds, it is checked, shown and fixed without a surprise."""

from __future__ import annotations

import json

from hypothesis import example, given
from hypothesis import strategies as st
from tests.conftest import examples
from tests.lint.findings import NOTES, PATHS, plain
from tests.lint.settings import ALL, context, fix

from vaultsync.lint import engine, report
from vaultsync.lint.formats import concise, full
from vaultsync.lint.formats.json_and_github import as_json, github


@examples(300)
@given(path=PATHS, text=NOTES)
def test_any_note_is_checked_and_shown(path: str, text: str) -> None:
    here = context({path: text})
    found = engine.findings(here, ALL)
    assert all(0 <= item.span.start <= item.span.end <= len(text) for item in found)
    shown = report.shown(found, here, str)
    for form in (full, concise):
        said = form(shown, plain).replace("\ufeff", "")
        assert all(line.isprintable() for line in said.split("\n"))
    assert github(shown).count("\n") == len(found)
    assert len(json.loads(as_json(shown))["findings"]) == len(found)


@examples(300)
@given(path=PATHS, text=NOTES, unsafe=st.booleans())
@example(path="Sourced/n.md", text="- original: [T](https://a.org/x), Lee 2024", unsafe=False)
@example(path="Named/n.md", text="---\ntitle: A\naliases: x\n---", unsafe=False)
def test_fixing_twice_is_fixing_once_and_the_body_stays(
    path: str, text: str, *, unsafe: bool
) -> None:
    here = context({path: text})
    after, changed, _ = fix(here, ALL, unsafe=unsafe)
    assert fix(after, ALL, unsafe=unsafe)[1] == {}
    before, fixed = here.vault.documents[path], after.vault.documents[path]
    assert fixed.text == changed.get(path, text)
    assert fixed.text.endswith(before.text[before.body :])
    assert bool(fixed.properties.error) is bool(before.properties.error)
    if "\r\n" in text:
        assert "\n" not in fixed.text.replace("\r\n", "")
