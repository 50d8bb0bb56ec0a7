"""Other places that a finding is about, by rule."""

from __future__ import annotations

import pytest
from tests.lint.settings import context, having

from vaultsync.core.text import Span
from vaultsync.lint import engine
from vaultsync.lint.rule import WHOLE_FILE
from vaultsync.lint.rules import RULES

_TITLED = "---\n{0}title: A claim\nstatus: open\nkind: idea\n---\n\nText.\n"
_SOURCED = "---\ntitle: A\n---\n\nText.\n\n## Sources\n\n"
_FIRST = "- original: [T](https://example.org/a)\n"
_OTHER = "- supporting: [U](https://example.org/u)\n"
_CLAIM = "---\ntitle: {0}\ntested_on: one model\n---\n\nModels learn to {1} features early.\n"


def related(code: str, files: dict[str, str], path: str) -> list[tuple[str, str, str]]:
    """Return the related places of the one finding in a note: path, text there and message."""
    here = context(files)
    selection = having(next(rule for rule in RULES if rule.code == code))
    (found,) = [one for one in engine.findings(here, selection, [path]) if one.code == code]
    return [(one.path, text_at(files, one.path, one.span), one.message) for one in found.related]


def text_at(files: dict[str, str], path: str, span: Span) -> str:
    """Return the text at a place; "" is the file as a whole."""
    assert span == WHOLE_FILE or span.start < span.end
    return span.of(files[path])


def test_a_duplicate_title_is_related_to_that_of_each_other_note() -> None:
    files = {"Claims/a.md": _TITLED.format(""), "Claims/b.md": _TITLED.format("x: 1\n")}
    files["Claims/c.md"] = _TITLED.format("").replace("A claim", "'a  Claim'")
    assert related("FIL002", files, "Claims/a.md") == [
        ("Claims/b.md", "A claim", "the same title"),
        ("Claims/c.md", "'a  Claim'", "the same title"),
    ]


@pytest.mark.parametrize("key", ["tags", '"tags"'])
def test_a_duplicate_property_is_related_to_the_first_one(key: str) -> None:
    files = {"a.md": f"---\n{key}: [a]\ntags: [b]\n---\n"}
    assert related("PRP007", files, "a.md") == [("a.md", f"{key}: [a]", "the first `tags`")]


def test_an_ambiguous_link_is_related_to_the_files_that_it_may_mean() -> None:
    files = {"aa/twin.md": "A\n", "bb/twin.md": "B\n", "note.md": "[[twin]]\n"}
    message = "it may be this file"
    wanted = [("aa/twin.md", "", message), ("bb/twin.md", "", message)]
    assert related("LNK005", files, "note.md") == wanted


def test_an_alias_of_several_notes_is_related_to_them() -> None:
    named = "---\naliases: [Oak]\n---\n"
    files = {"a.md": named, "b.md": named, "note.md": "[[oak]]\n"}
    message = "this note has the alias or title"
    assert related("LNK007", files, "note.md") == [("a.md", "", message), ("b.md", "", message)]


def test_a_name_that_differs_in_case_only_is_related_to_the_others() -> None:
    files = {"Note.md": "A\n", "note.md": "B\n", "NOTE.md": "C\n"}
    message = "this name differs only in letter case or Unicode form"
    wanted = [("NOTE.md", "", message), ("note.md", "", message)]
    assert related("FIL009", files, "Note.md") == wanted


def test_a_link_in_the_case_of_another_file_is_related_to_that_file() -> None:
    files = {"x/Note.md": "A\n", "y/note.md": "B\n", "x/a.md": "[[note]]\n"}
    wanted = ("y/note.md", "", "this file has the name as it is written")
    assert related("LNK012", files, "x/a.md") == [wanted]


def test_a_source_that_comes_too_early_is_related_to_the_one_that_should() -> None:
    files = {"Sourced/a.md": f"{_SOURCED}{_OTHER}{_FIRST}"}
    wanted = ("Sourced/a.md", _FIRST.rstrip(), "the source that is `original`")
    assert related("SRC006", files, "Sourced/a.md") == [wanted]


def test_a_repeated_claim_is_related_to_the_other_with_the_score() -> None:
    files = {f"Tested/{name}.md": _CLAIM.format(name, "use") for name in "ab"}
    wanted = ("Tested/b.md", "Models learn to use features early.", "score 1.00")
    assert related("BDY009", files, "Tested/a.md") == [wanted]


def test_a_related_place_follows_changes_of_its_note() -> None:
    """A finding is kept between checks; the place that it names in another note is not stale."""
    files = {"Claims/a.md": _TITLED.format(""), "Claims/b.md": _TITLED.format("")}
    duplicate_title = next(rule for rule in RULES if rule.code == "FIL002")
    selection = engine.Selection((duplicate_title,), {})
    before = engine.check(None, context(files), selection, ())
    files["Claims/b.md"] = _TITLED.format("x: a longer property\n")
    after = engine.check(before, context(files), selection, ["Claims/b.md"])
    (found,) = engine.report(after, ["Claims/a.md"])
    assert found.related[0].span.of(files["Claims/b.md"]) == "A claim"
