"""What the linter finds, ready to be shown."""

from __future__ import annotations

import msgspec
from tests.lint.findings import shown
from tests.lint.settings import ALL, CONFIG, context

from vaultsync.lint import engine, report


def test_places_are_lines_and_columns_in_code_points() -> None:
    *_, found = shown("a\r\n😀 [[x]]\r\n")
    told = found.diagnostic
    assert (told.start, told.end, told.source) == ((2, 3), (2, 8), "😀 [[x]]")
    assert told.path == "vault/n.md"


def test_edits_have_places_of_their_own() -> None:
    (found,) = shown("---\ntitle: 猫\n---\n", "Named/n.md")
    ((path, (edit,)),) = found.edits.items()
    assert (path, edit.start, edit.end) == ("vault/Named/n.md", (3, 1), (3, 1))
    assert edit.edit.new == "aliases:\n  - 猫\n"


def summary(files: dict[str, str], config: object = None) -> str:
    here = context(files) if config is None else context(files, msgspec.convert({}, type(CONFIG)))
    checked = engine.check(None, here, ALL, ())
    return report.summary(engine.report(checked), checked)


def test_the_summary_counts_notes_by_type_and_findings_by_severity() -> None:
    note = "---\ntitle: {}\nstatus: {}\nkind: idea\n---\nText.\n\n- [ ] do it\n- [x] done\n"
    files = {
        "Claims/a.md": note.format("A", "open"),
        "Claims/b.md": note.format("B", "open"),
        "Claims/c.md": note.format("C", "draft"),
        "Named/d.md": "Text.\n",
        "page.md": "- [ ] not counted\n",
    }
    assert summary(files) == "2 claims, 1 named, 1 draft, 3 TODOs: no errors"
    files["page.md"] = "[[a/x]] [[a/y]] [[#z]]\n"
    files["empty.md"] = ""
    assert summary(files) == "2 claims, 1 named, 1 draft, 3 TODOs: 2 errors, 1 warning, 1 hint"


def test_the_summary_without_types_counts_notes() -> None:
    assert summary({"a.md": "x\n", "b.md": "x\n", "c.png": ""}, "none") == "2 notes: no errors"
