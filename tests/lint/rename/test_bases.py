"""Expressions of bases follow a rename where it is certain, else they are reported."""

from __future__ import annotations

import pytest
from tests.lint.rename.renamed import vault_of

from vaultsync.core.config import Config
from vaultsync.core.errors import VaultError
from vaultsync.core.text import apply_edits
from vaultsync.lint.rename import Files, Place, Rename, Tag, rename

FOLDER = Files({"Old/n.md": "New/n.md"}, {"Old": "New"})
NOTE = Files({"Old/n.md": "Old/m.md"})
TAG = Tag("old", "new")
HEADING = Place("Old/n.md", "heading", 0, "New")


def after(base: str, what: Rename) -> tuple[str, tuple[str, ...]]:
    """Return a base after a rename, and the remarks."""
    vault = vault_of({"x.base": base, "Old/n.md": "# Head\n#old\n", "n2.md": ""})
    found = rename(vault, Config(), what)
    return apply_edits(base, found.edits.get("x.base", ())), found.remarks


@pytest.mark.parametrize(
    ("before", "what", "expected"),
    [
        ('file.inFolder("Old")', FOLDER, 'file.inFolder("New")'),
        (
            "file.inFolder('Old/x') && !file.inFolder('Older')",
            FOLDER,
            "file.inFolder('New/x') && !file.inFolder('Older')",
        ),
        ("file.hasTag('old', 'Old/x', 'older')", TAG, "file.hasTag('new', 'new/x', 'older')"),
        ("file.hasTag( 'x', '#old' )", TAG, "file.hasTag( 'x', '#new' )"),
        ('link("n", "z") == file.hasLink("n.md")', NOTE, 'link("m", "z") == file.hasLink("m.md")'),
        ('if(x, link("Old/n").linksTo("z"), "")', NOTE, 'if(x, link("Old/m").linksTo("z"), "")'),
        ('link("none") + "x"', NOTE, 'link("none") + "x"'),
    ],
)
def test_names_that_functions_take_are_changed(before: str, what: Rename, expected: str) -> None:
    for form, mark, doubled in (
        ("filters:\n  and:\n    - not:\n        - {}\n", "", ""),
        ("formulas:\n  a: |\n    {}\n", "", ""),
        ("formulas:\n  a: '{}'\n", "'", "''"),
        ('views:\n  - type: table\n    filters: "{}"\n', '"', '\\"'),
    ):
        old, new = (text.replace(mark or "\0", doubled) for text in (before, expected))
        assert after(form.format(old), what) == (form.format(new), ())


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('file.folder == "Old"', FOLDER),
        ('file.folder == "old/x"', FOLDER),
        ('file.path.startsWith("Old/")', FOLDER),
        ('link("[[Old/n]]")', FOLDER),
        ('link("Old/n#Head")', FOLDER),
        ('file("n")', NOTE),
        ('link("x" + "n")', NOTE),
        ('file.tags.contains("#old")', TAG),
        ("x == 'old'", TAG),
        ('link("n#Head")', HEADING),
    ],
)
def test_what_is_not_certain_is_reported(text: str, what: Rename) -> None:
    base = f"filters: {text}\n"
    found, remarks = after(base, what)
    assert found == base
    (remark,) = remarks
    assert remark.startswith("x.base:1: `")
    assert remark.endswith("` may name what is renamed: change it there")


@pytest.mark.parametrize(
    ("base", "what"),
    [
        ("filters: [\n", TAG),
        ("", TAG),
        ("? [filters]\n: x\n", TAG),
        ('# file.hasTag("old")\nname: file.hasTag("old")\n', TAG),
        ('filters: x == "none"\nformulas: {a: "link(\\"n#Other\\")"}\n', HEADING),
        ('filters: x == "n"\n', FOLDER),
    ],
)
def test_what_is_not_about_it_is_left(base: str, what: Rename) -> None:
    assert after(base, what) == (base, ())


def test_an_expression_that_is_repeated_is_changed_once() -> None:
    base = 'filters: &x file.hasTag("old")\nviews:\n  - filters: *x\n'
    assert after(base, TAG) == (base.replace("old", "new"), ())


def test_a_text_that_is_escaped_is_reported() -> None:
    base = 'filters: "file.hasTag(\\"\\u006fld\\")"\n'
    found, remarks = after(base, TAG)
    assert found == base
    assert len(remarks) == 1


def test_a_name_that_the_expression_cannot_express() -> None:
    base = 'filters: link("n")\n'
    assert after(base, Files({"Old/n.md": 'Old/"m.md'}))[1] == (
        "x.base:1: `n` may name what is renamed: change it there",
    )
    with pytest.raises(VaultError, match=r"x\.base: its expressions would be read otherwise"):
        after(base, Files({"Old/n.md": "Old/m #x: y.md"}))
