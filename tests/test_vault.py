"""The encyclopedia that the project ships is what its settings say it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vaultsync.app.workspace import Workspace
from vaultsync.blocks.context import Context
from vaultsync.blocks.notes_block import bullet
from vaultsync.lint import engine
from vaultsync.lint.context import Context as LintContext
from vaultsync.markdown import parse
from vaultsync.markdown.base import read_base
from vaultsync.markdown.frontmatter.values import TYPES_FILE, types_file

VAULT = Path(__file__).parents[1] / "vault"
FORM = Path(__file__).parents[1] / ".github/ISSUE_TEMPLATE/suggest-frame.yml"


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return Workspace(str(VAULT))


def test_nothing_but_hints_is_reported(workspace: Workspace) -> None:
    context = LintContext(workspace.vault, workspace.config)
    found = engine.findings(context, engine.select(workspace.config.lint))
    assert [diagnostic for diagnostic in found if diagnostic.severity != "hint"] == []


def test_here_a_link_to_a_note_that_nobody_wrote_is_an_error(workspace: Workspace) -> None:
    vault = workspace.vault.with_document(parse("Index.md", "[[Nobody wrote this yet]]\n"))
    context = LintContext(vault, workspace.config)
    found = engine.findings(context, engine.select(workspace.config.lint), ["Index.md"])
    assert [(one.name, one.severity) for one in found] == [("unwritten-note", "error")]


def test_there_are_frames_with_sources_and_questions(workspace: Workspace) -> None:
    notes = workspace.context.notes
    frames = [note for note in notes if note.type_name == "frame" and not note.is_draft]
    assert frames
    assert [note.path for note in notes if note.type_name == "question"]
    assert all(note.sources() for note in frames)


def test_obsidian_knows_the_types_of_the_properties(workspace: Workspace) -> None:
    assert (VAULT / TYPES_FILE).read_bytes() == types_file(workspace.config)


def test_obsidian_settings_are_readable() -> None:
    for path in VAULT.glob(".obsidian/*.json"):
        assert isinstance(json.loads(path.read_text()), dict), path


def test_templates_make_drafts_and_are_no_typed_notes(workspace: Workspace) -> None:
    assert not [note for note in workspace.context.notes if note.path.startswith("Templates/")]
    for note_type in workspace.config.types.values():
        assert note_type.template in workspace.vault.documents


def test_every_frame_is_shown_once_in_the_post(workspace: Workspace) -> None:
    context = Context(workspace.vault, workspace.config)
    post = workspace.vault.documents["Post.md"].text
    for note in context.current:
        if note.type_name == "frame":
            assert post.count(f"- {bullet(note, context)}\n") == 1, note.path


def test_the_form_for_suggestions_offers_the_values_of_the_settings(workspace: Workspace) -> None:
    parts = {part.get("id"): part for part in read_base(FORM.read_text()).data["body"]}
    for name in ("category", "topic"):
        *values, _unsure = parts[name]["attributes"]["options"]
        assert values == workspace.config.types["frame"].properties[name]["enum"]
