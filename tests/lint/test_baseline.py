"""Findings that are known: the file, and what is left when they are taken out."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import pytest
from tests.lint.settings import context, fix

from vaultsync.core.config import Config, LintSettings
from vaultsync.core.errors import ConfigError
from vaultsync.core.text import Span
from vaultsync.lint import engine
from vaultsync.lint.baseline import Entry, baseline_bytes, key_of, read_baseline
from vaultsync.lint.context import Context

NAME = "known.json"
LINKS = LintSettings(select=("LNK001", "LNK002", "LNK017", "FIL"))
CONFIG = msgspec.structs.replace(Config(), lint=LINKS)
SELECTION = engine.select(LINKS)


def known(files: Mapping[str, str]) -> str:
    """Return the baseline of a vault."""
    found = engine.findings(context(files, CONFIG), SELECTION)
    return baseline_bytes(engine.known(found)).decode()


def left(
    before: Mapping[str, str],
    after: Mapping[str, str],
    selection: engine.Selection = SELECTION,
    paths: list[str] | None = None,
) -> list[tuple[str, str]]:
    """Return where what is found after a change lies, and what a baseline from before leaves."""
    baseline = read_baseline(NAME, known(before).encode())
    now = context(after, CONFIG)
    now = Context(now.vault, CONFIG, baseline=baseline)
    found = engine.findings(now, selection, paths)
    return [
        (d.path, d.message if d.path == NAME else d.span.of(after.get(d.path, ""))) for d in found
    ]


def test_a_baseline_has_a_line_for_each_finding_in_an_order_of_its_own() -> None:
    text = known({"b.md": "[[y]] [[x]] ![[x]] [[x]]\n", "a.md": "[[ü]]\n"})
    assert text == (
        '{"version": 1, "findings": [\n'
        '{"path": "a.md", "code": "LNK017", "message": "there is no `ü` in the vault"},\n'
        '{"path": "b.md", "code": "LNK002", "message": "there is no `x` in the vault"},\n'
        '{"path": "b.md", "code": "LNK017", "message": "there is no `x` in the vault", '
        '"count": 2},\n'
        '{"path": "b.md", "code": "LNK017", "message": "there is no `y` in the vault"}\n'
        "]}\n"
    )
    assert known({"a.md": "Text.\n"}) == '{"version": 1, "findings": []}\n'


def test_what_is_written_is_read() -> None:
    entries = (Entry("a.md", "LNK001", 'a "b"\n', 3), Entry("\udcff.md", "LNK001", "x"))
    text = baseline_bytes({entry.key: entry.count for entry in entries})
    baseline = read_baseline(NAME, text)
    assert baseline.entries == entries
    shown = baseline.document.text
    assert [shown[baseline.place(entry).start :][:9] for entry in entries] == ['{"path": '] * 2
    assert baseline.place(Entry("b.md", "LNK001", "x")) == Span(0, 0)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "line 1: Expecting value"),
        (b'{"version": 1,\n<<<<<<< ours', "line 2: Expecting property name"),
        (b"\xff", "not UTF-8 at byte 0"),
        (b"[]", "Expected `object`, got `array`"),
        (b'{"version": 1}', "missing required field `findings`"),
        (b'{"version": 2, "findings": []}', "version 2 is not 1"),
        (b'{"version": 1, "findings": [{"path": 1}]}', "got `int` - at `$.findings[0].path`"),
        (b'{"version": 1, "findings": [], "x": 1}', "unknown field `x`"),
        (b"[" * 100_000, "maximum recursion depth"),
    ],
)
def test_what_is_no_baseline_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_baseline(NAME, data)
    assert str(caught.value).startswith("known.json: this is not a baseline: ")
    assert reason in str(caught.value)
    assert str(caught.value).endswith("make it new with `vaultsync lint --write-baseline`")


def test_what_is_known_is_silent_wherever_it_moves() -> None:
    before = {"a.md": "[[x]] ![[y]]\n\n[[x]]\n"}
    assert left(before, before) == []
    assert left(before, {"a.md": "# New\n\n[[x]]\n\nText [[x]].\n\n![[y]]\n"}) == []


def test_what_is_new_is_not() -> None:
    before = {"a.md": "[[x]]\n", "b.md": "Text.\n"}
    assert left(before, {**before, "a.md": "[[x]] [[z]] [[x]]\n"}) == [
        ("a.md", "[[z]]"),
        ("a.md", "[[x]]"),
    ]
    assert left(before, {**before, "b.md": "[[x]]\n"}) == [("b.md", "[[x]]")]


def test_lines_in_a_message_are_no_part_of_a_finding() -> None:
    said = "the property `a` is in line {} and again in line {}"
    assert key_of("a.md", "PRP007", said.format(2, 3)) == key_of(
        "a.md", "PRP007", said.format(12, 30)
    )


RUN = ": run `vaultsync lint --write-baseline`"


def test_what_is_gone_is_told() -> None:
    before = {"a.md": "[[x]] [[y]] [[x]]\n"}
    assert left(before, {"a.md": "[[x]]\n"}) == [
        (NAME, f"LNK017 in a.md is found 1 time, not 2{RUN}"),
        (NAME, f"LNK017 in a.md is found no more{RUN}"),
    ]


def test_what_is_known_under_the_old_code_of_a_rule_is_still_known() -> None:
    """Of two entries for one finding, only the surplus is out of date."""
    message = "there is no `x` in the vault"
    entries = {("a.md", code, message): 1 for code in ("LNK001", "LNK017")}
    baseline = read_baseline(NAME, baseline_bytes(entries))

    def left_of(text: str, *select: str) -> list[tuple[str, str]]:
        here = Context(context({"a.md": text}, CONFIG).vault, CONFIG, baseline=baseline)
        found = engine.findings(here, engine.select(LintSettings(select=(*select, "FIL"))))
        return [(one.path, one.message) for one in found]

    assert left_of("[[x]] [[x]]\n", "LNK001", "LNK017") == []
    assert left_of("[[x]] [t](x)\n", "LNK001", "LNK017") == []
    assert left_of("[[x]]\n", "LNK001", "LNK017") == [
        (NAME, f"LNK001 in a.md is found no more{RUN}")
    ]
    # What was known as LNK001 may be what a rule finds that does not run.
    assert left_of("Text.\n", "LNK001") == []
    assert left_of("[[x]] [[x]] [[x]]\n", "LNK001", "LNK017") == [("a.md", message)]


def test_of_a_note_that_is_gone_it_is_told_once() -> None:
    before = {"a.md": "[[x]] ![[y]]\n", "b.md": "Text.\n"}
    assert left(before, {"b.md": "Text.\n"}) == [(NAME, f"a.md is gone{RUN}")]


def test_a_note_that_is_renamed_keeps_what_is_known_of_it() -> None:
    before = {"a.md": "[[x]] ![[y]]\n", "b.md": "[[x]]\n"}
    renamed = {"c/a.md": "[[x]] ![[y]]\n", "b.md": "[[x]]\n"}
    assert left(before, renamed) == [(NAME, f"a.md is now c/a.md{RUN}")]
    more = {**renamed, "c/a.md": "[[x]] ![[y]] [[z]]\n"}
    assert left(before, more) == [("c/a.md", "[[z]]"), (NAME, f"a.md is now c/a.md{RUN}")]
    # The one in another folder is meant before the one with another name.
    twice = {**renamed, "a2.md": "[[x]] ![[y]]\n"}
    assert [path for path, _ in left(before, twice)] == ["a2.md", "a2.md", NAME]


def test_a_note_that_is_new_inherits_nothing_of_one_that_is_gone() -> None:
    before = {"a.md": "[[x]] ![[y]]\n"}
    assert left(before, {"c.md": "[[x]]\n"}) == [("c.md", "[[x]]"), (NAME, f"a.md is gone{RUN}")]
    before = {"a.md": "[[x]]\n", "b.md": "[[y]]\n"}
    assert left(before, {"b.md": "[[y]] [[x]]\n"}) == [
        ("b.md", "[[x]]"),
        (NAME, f"a.md is gone{RUN}"),
    ]


def test_two_renamed_notes_do_not_share_one() -> None:
    before = {"a.md": "[[x]]\n", "b.md": "[[x]]\n"}
    assert left(before, {"c.md": "[[x]]\n"}) == [
        (NAME, f"a.md is now c.md{RUN}"),
        (NAME, f"b.md is gone{RUN}"),
    ]


def test_only_a_run_on_all_notes_and_with_the_rule_tells_what_is_gone() -> None:
    before = {"a.md": "[[x]]\n", "b.md": "Text.\n"}
    after = {"a.md": "Text.\n", "b.md": "Text.\n"}
    assert left(before, after, paths=["a.md"]) == []
    other = engine.select(LintSettings(select=("LNK002", "FIL")))
    assert left(before, after, other) == []
    assert left(before, after) == [(NAME, f"LNK017 in a.md is found no more{RUN}")]


def test_of_a_note_that_cannot_be_read_nothing_is_said_to_be_gone() -> None:
    before = {"a.md": '---\nup: "[[x]]"\n---\n'}
    after = {"a.md": '---\nup: "[[x]]\n---\n'}
    assert [path for path, _ in left(before, after)] == ["a.md"]


def test_a_finding_that_is_known_is_not_fixed() -> None:
    settings = LintSettings(select=("PRP006",))
    before = context({"Named/a.md": "---\ntitle: A\n---\n"})
    selection = engine.select(settings)
    data = baseline_bytes(engine.known(engine.findings(before, selection)))
    baseline = read_baseline(NAME, data)
    both = dict.fromkeys(("Named/a.md", "Named/b.md"), "---\ntitle: A\n---\n")
    now = Context(context(both).vault, before.config, baseline=baseline)
    assert list(fix(now, selection)[1]) == ["Named/b.md"]


def test_what_a_draft_is_let_off_is_not_known() -> None:
    here = context({"Claims/a.md": "---\nstatus: draft\n---\n\nText.\n"})
    found = engine.findings(here, engine.select(LintSettings()))
    assert found
    assert engine.known(found) == {}
