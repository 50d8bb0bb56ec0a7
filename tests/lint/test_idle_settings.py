"""Settings that apply to no file."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.lint.settings import context

from vaultsync.core.config import FILE_NAME, LintSettings
from vaultsync.lint import engine

SELECTION = engine.select(LintSettings(select=("FIL011", "FIL013")))
NOTE = "---\ntitle: A\n---\n\nText.\n"
TYPES = '[types.idea]\nmatch = ["Ideas/**"]\n\n[types.plan]\nmatch = ["Plans/*.md"]\n'


def found(toml: str, files: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return code, what is covered, and message of each finding in the settings."""
    here = context({FILE_NAME: toml, **files})
    told = engine.findings(here, SELECTION)
    assert {d.path for d in told} <= {FILE_NAME}
    return [(d.code, d.span.of(toml), d.message) for d in told]


@pytest.mark.parametrize(
    ("toml", "key"),
    [
        ('exclude = ["Old/**"]\n', "exclude"),
        ("[lint.per-file-ignores]\n'Old/**' = [\"LNK\"]\n", "lint.per-file-ignores"),
        ('[lint.per-file-severity."Old/**"]\nLNK = "hint"\n', "lint.per-file-severity"),
    ],
)
def test_a_glob_that_matches_no_file_is_told(toml: str, key: str) -> None:
    quoted = "'Old/**'" if "'" in toml else '"Old/**"'
    told = [("FIL011", quoted, f"`{key}`: `Old/**` matches no file")]
    assert found(toml, {"a.md": NOTE}) == told
    assert found(toml, {"Old/a.md": NOTE, "b.md": NOTE}) == []
    assert found(toml, {"Old/a.png": "", "b.md": NOTE}) == []


def test_a_glob_that_is_written_in_another_way_is_told_at_the_start() -> None:
    assert [span for _, span, _ in found('exclude = ["O\\u006cd/**"]\n', {"a.md": NOTE})] == [""]


def test_settings_may_be_matched_themselves() -> None:
    assert found('[lint.per-file-ignores]\n"vaultsync.toml" = ["FIL"]\n', {"a.md": NOTE}) == []
    silent = 'exclude = ["Old/**"]\n[lint.per-file-ignores]\n"vaultsync.toml" = ["FIL011"]\n'
    here = context({FILE_NAME: silent, "a.md": NOTE})
    assert engine.findings(here, engine.select(here.config.lint)) == []


def test_where_no_note_has_a_type_though_notes_are_there_every_type_is_told() -> None:
    told = found(TYPES, {"Ideen/a.md": NOTE})
    assert [(code, span) for code, span, _ in told] == [
        ("FIL011", '"Ideas/**"'),
        ("FIL011", '"Plans/*.md"'),
    ]
    assert (
        told[0][2] == "`types.idea.match`: `Ideas/**` matches no note, and Ideen/a.md has no type"
    )


def test_a_new_vault_is_not_told() -> None:
    toml = TYPES.replace("match", 'template = "Templates/Idea.md"\nmatch', 1)
    block = "<!-- vaultsync:stats -->\n\n<!-- /vaultsync -->\n"
    files = dict.fromkeys(["Templates/Idea.md", "Changelog.md", "Post.md"], NOTE)
    assert found(toml, {**files, "Index.md": block}) == []
    assert found(f'exclude = ["Home.md"]\n{toml}', {**files, "Home.md": NOTE}) == []


def test_a_type_that_waits_for_its_first_note_gets_a_hint() -> None:
    told = found(TYPES, {"Ideas/a.md": NOTE, "Home.md": NOTE})
    assert told == [
        ("FIL013", '"Plans/*.md"', "`types.plan.match`: `Plans/*.md` matches no note yet")
    ]


@pytest.mark.parametrize("path", ["Plan/a.md", "plans/a.md", "Plans/2024/a.md"])
def test_a_note_that_nearly_matches_is_named(path: str) -> None:
    told = found(TYPES, {"Ideas/a.md": NOTE, path: NOTE})
    assert told == [
        (
            "FIL011",
            '"Plans/*.md"',
            f"`types.plan.match`: `Plans/*.md` matches no note, and {path} has no type",
        )
    ]


def test_a_type_behind_another_that_takes_all_its_notes_is_told() -> None:
    toml = TYPES.replace("Ideas/**", "**")
    told = found(toml, {"Plans/a.md": NOTE, "b.md": NOTE})
    said = (
        "`types.plan.match`: `Plans/*.md` matches only notes of the type `idea`, which comes first"
    )
    assert told == [("FIL011", '"Plans/*.md"', said)]
    first, second = toml.split("\n\n")
    assert found(f"{second}\n{first}\n", {"Plans/a.md": NOTE, "b.md": NOTE}) == []


def test_a_glob_that_two_types_have_is_told_at_the_type_that_it_is_idle_in() -> None:
    toml = TYPES.replace("Plans/*.md", "Ideas/**")
    here = context({FILE_NAME: toml, "Ideas/a.md": NOTE})
    assert [one.start for one in engine.findings(here, SELECTION)] == [(5, 10)]


def test_a_vault_without_settings_has_none_that_are_idle() -> None:
    assert engine.findings(context({"a.md": NOTE}), SELECTION) == []


def test_only_a_run_on_the_whole_vault_tells() -> None:
    here = context({FILE_NAME: 'exclude = ["Old/**"]\n', "a.md": NOTE})
    assert engine.findings(here, SELECTION, ["a.md"]) == []
