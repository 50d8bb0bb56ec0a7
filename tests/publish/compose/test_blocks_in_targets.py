"""Sentences and lists of blocks in every target that is read as a text."""

from __future__ import annotations

import html
import re

import pytest
from tests.blocks.sample import TOML, block, note
from tests.publish.pages import rendered

TARGETS = ("markdown", "html", "lesswrong", "lesswrong-rich")
FILES = {
    "Claims/a.md": note(
        "A.\n\n## Open questions\n\n- Why not [[b]]?\n- How? answered: [[b]]\n",
        title="A",
        status="x",
    ),
    "Claims/b.md": note("B.", title="B", status="x", checked="2026-01-02"),
    "Claims/d.md": note(
        "- [ ] [On *It*](https://example.org/it), Ada 2001: see [[b]]\n- [x] done\n",
        title="A draft",
        status="draft",
    ),
}


def shown(*blocks: str, files: dict[str, str] = FILES) -> dict[str, str]:
    """Return what each target shows of a post with these blocks behind a list, as plain text."""
    post = "\n".join(map(block, ("notes", *blocks)))
    made = rendered({**files, "Post.md": f"{post}\nThe end."}, TOML, TARGETS)
    texts = {name: data.decode() for name, data in made.items() if name.endswith(("md", "html"))}
    return {name: _plain(text) for name, text in texts.items()}


def _plain(text: str) -> str:
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)
    text = re.sub(r"\]\([^)]*\)|[\[\]*\\]|^ *- ", " ", html.unescape(text), flags=re.MULTILINE)
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("opener", "expected"),
    [
        ('count type="claim" with="checked" text="{with} of {all} are checked, {without} not."',
         "1 of 2 are checked, 1 not."),
        ('count with="area" text="x" none="Nobody checked one of {all}."',
         "Nobody checked one of 2."),
        ('items section="Open questions" open="true"', "Why not b ? ( A )"),
        ('items section="Open questions" open="true" group="note"', "A : Why not b ?"),
        ('todos text="TODO: “{title}”:" tasks="true"',
         "TODO: “A draft”: On It , Ada 2001: see b"),
        ('link to="home" text="If one is missing, [tell us]."', "If one is missing, tell us ."),
    ],
)  # fmt: skip
def test_a_block_in_every_target(opener: str, expected: str) -> None:
    for name, text in shown(opener).items():
        assert expected.replace(" ", "") in text.replace(" ", ""), name


def test_without_an_address_there_is_no_sentence_in_any_target() -> None:
    for name, text in shown('link to="none" text="If one is missing, [tell us]."').items():
        assert "missing" not in text, name


def test_tasks_that_are_done_or_were_not_asked_for_are_not_shown() -> None:
    for name, text in shown('todos text="TODO: {title}" tasks="true"').items():
        assert "done" not in text, name
    for name, text in shown('todos text="TODO: {title}"').items():
        assert "Ada" not in text, name


def test_a_task_shows_no_path_of_a_note_that_readers_do_not_see() -> None:
    files = {**FILES, "Claims/secret.md": note("S.", title="SECRET", status="x", publish="false")}
    files["Claims/d.md"] = FILES["Claims/d.md"].replace("[[b]]", "[[secret|this]]")
    for name, text in shown('todos text="{title}" tasks="true"', files=files).items():
        assert "secret" not in text.lower(), name
        assert "seethis" in text.replace(" ", ""), name
