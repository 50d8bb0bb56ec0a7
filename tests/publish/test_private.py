"""A vault full of marks in private places, none of which may reach a reader."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.blocks.sample import TOML, block, note
from tests.publish.pages import Page, check_anchors
from tests.repository import Repository
from tests.vaults import run

CONFIG = f"""{TOML}
[changelog]
days = {{2025-01-02 = "Initial post"}}
[publish]
details = ["tested_on"]
"""
SECTIONS = """
## Sources

- original: [SECRET](https://example.org/SECRET), SECRET 2024; SECRET

## Related

- [[public]]: SECRET (crux: SECRET)

## Open questions

- SECRET?

- [ ] SECRET
"""
PRIVATE = note(
    f"SECRET claim.\n\nCaveat: SECRET.\n\nSECRET prose. %%SECRET%%\n{SECTIONS}",
    title="SECRET title",
    status="open",
    area="SECRET",
    tested_on="SECRET",
    tags="[SECRET, shown]",
    aliases="[SECRET alias, public]",
    publish="false",
)
PUBLIC = note(
    """%%
SECRET first thoughts

- [ ] SECRET

more SECRET thoughts
%%

<!-- SECRET

SECRET -->

Public claim %%SECRET%% with a ` backtick<!-- SECRET -->, see [[private|that]]. <!--
SECRET --> %% SECRET
SECRET %%

Caveat: %%SECRET%% it depends.

Public prose. %%SECRET%%

%%
SECRET prose
%%

## Sources

- original: [Public](https://example.org/public), Ada 2024 %%SECRET%%; section 1 <!-- SECRET -->
%%
- supporting: [SECRET](https://example.org/SECRET), SECRET 2023
%%

## Related

- [[other]]: public reason %%SECRET%%
- [[private]]: SECRET
- [[idea]]: SECRET
- [[Loose]]: SECRET
%%
- [[other]]: SECRET
%%

## Open questions

- Public question? %%SECRET%%

%%
- SECRET?

%%

## SECRET section

- [ ] public task %%SECRET%%
%%
- [ ] SECRET
%%

SECRET words under a heading, with a second ` backtick.
""",
    title="Public title",
    status="open",
    tested_on="public models",
    comment="SECRET",
    tags="[shown]",
    aliases="[SECRET alias]",
)
FILES = {
    "vaultsync.toml": CONFIG,
    "Claims/public.md": PUBLIC,
    "Claims/other.md": note("Other claim.", title="Other title", status="open"),
    "Claims/private.md": PRIVATE,
    "Claims/idea.md": note(
        f"SECRET idea.\n{SECTIONS}", title="Idea title", status="draft", tags="[SECRET]"
    ),
    "Queries/private.md": PRIVATE.replace("open", "answered"),
    "Loose.md": "SECRET loose.\n",
    "Templates/claim.md": "SECRET template.\n",
    "Changelog.md": "SECRET words around. %%SECRET%%\n\n" + block("changelog"),
    "Post.md": f"""---
title: Post
comment: SECRET
aliases: [SECRET]
---
%%SECRET%%

Public post %%SECRET%% has a ` backtick <!-- SECRET --> and [[private|words]].

%%
## SECRET heading

```
SECRET code
%%

`%%shown%%`

{block("toc")}
{block("notes", "- SECRET, when the private note was not yet private")}
## In a table

{block('notes style="table" area="SECRET, x"')}
{block('notes style="index" order="private, public"')}
{block('notes style="sections" exclude="other"')}
{block('notes group="tags" style="table"')}
{block('items section="Open questions"')}
{block('items section="Related" open="true"')}
{block('items section="Sources"')}
{block("todos")}
{block('todos text="TODO: {title}"')}
{block("sources")}
{block("tags")}
{block('stats by="tags, area"')}
{block('changelog style="full"')}
{block('changelog style="short"')}
%% SECRET, never closed: ` SECRET
""",
}


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    """Return a vault whose journal has lines of all kinds."""
    repo = Repository(tmp_path / "repo", FILES, "vault")
    # What the journal says is said of what readers could see at the time.
    repo.put(gone=note("Gone.", title="Gone title", status="open"))
    repo.record()
    repo.commit()
    repo.put(gone=PRIVATE, new=note("New.", title="New title", status="open"))
    repo.record("2026-01-02")
    repo.edit("- Added [[new", "%%\n- SECRET\n%%\n- %%SECRET%% Added [[new")
    repo.commit()
    return repo


def test_no_mark_reaches_a_reader(repo: Repository) -> None:
    found = run(repo.vault, "publish")
    assert found.code == 0, found.out + found.err
    markdown = (repo.top / "public/post.md").read_text()
    html = (repo.top / "public/post.html").read_text()
    assert "SECRET" not in found.out + found.err
    assert "SECRET" not in markdown
    assert "SECRET" not in html
    check_anchors(markdown)
    Page(html).check_anchors()


def test_what_is_public_is_there(repo: Repository) -> None:
    run(repo.vault, "publish")
    page = Page((repo.top / "public/post.html").read_text()).text
    markdown = (repo.top / "public/post.md").read_text()
    for words in (
        "Public post has a ` backtick and words.",
        "%%shown%%",
        "Public claim with a ` backtick, see that.",
        "Public title",
        "Other claim.",
        "Public question?",
        "public task",
        "public reason",
        "Idea title: draft",
        "TODO: Idea title",
        "Removed “Gone title”",
        "2 Jan: Added New title; removed “Gone title”",
    ):
        assert words in page, words
    for words in ("Caveat: it depends.", "Public prose.", "Tested on: public models"):
        assert words in page
        assert words not in markdown


def test_the_blocks_in_the_vault_hold_no_mark_either(repo: Repository) -> None:
    """Drafts' tasks are shown to the author; nothing of a private note or a comment is."""
    drafts = (repo.vault / "Claims/idea.md").read_text().replace("SECRET", "DRAFT")
    (repo.vault / "Claims/idea.md").write_text(drafts)
    post = (repo.vault / "Post.md").read_text()
    (repo.vault / "Post.md").write_text(post.replace("```", ""))
    assert run(repo.vault, "index").code == 0
    post = (repo.vault / "Post.md").read_text()
    blocks = re.findall(r"<!-- vaultsync:(\w+).*?-->(.*?)<!-- /vaultsync -->", post, re.DOTALL)
    assert len(blocks) == 16
    assert not [kind for kind, text in blocks if "SECRET" in text]
    assert "[[idea|Idea title]]: DRAFT" in post


def test_a_note_that_cannot_be_read_might_be_private(repo: Repository) -> None:
    (repo.vault / "Claims/private.md").write_text("---\npublish: false\ntitle: [SECRET\n---\n")
    run_publish = run(repo.vault, "publish")
    assert run_publish.code == 1
    assert "Claims/private.md" in run_publish.out
    assert not (repo.top / "public").exists()
