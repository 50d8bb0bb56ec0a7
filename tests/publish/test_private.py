"""A vault full of marks in private places, none of which may reach a reader."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from tests.blocks.sample import TOML, block, note
from tests.publish.pages import Page, check_anchors
from tests.publish.pictures import gif, jpeg, png, webp
from tests.repository import Repository
from tests.vaults import make, run

from vaultsync.publish import MANIFEST, TARGETS

CONFIG = f"""{TOML.replace("[types.claim]", "[types.claim]" + chr(10) + 'checked = "checked"')}
[changelog]
days = {{2025-01-02 = "Initial post"}}
[publish]
targets = {list(TARGETS)}
details = ["tested_on"]
filters = ["status", "tags", "checked"]
map = "tested_on"
properties = ["area", "tags", "status"]
author = "Ada"
page = "https://example.org/page/"
outside = "https://example.org/vault/"
references = "References"
"""
SECTIONS = """
## Sources

- original: [SECRET](https://example.org/SECRET), SECRET 2024; SECRET

## Related

- [[public]]: tension: SECRET (crux: SECRET)

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

Public prose. %%SECRET%% ![[SECRET plan.png|a plan]] ![a film](<../img/SECRET film.gif>)

%%
SECRET prose
%%

## Sources

- original: [Public](https://example.org/public), Ada 2024 %%SECRET%%; section 1 <!-- SECRET -->
%%
- supporting: [SECRET](https://example.org/SECRET), SECRET 2023
%%

## Related

- [[other]]: tension: public reason %%SECRET%% (crux: public crux %%SECRET%%)
- [[private]]: tension: SECRET (crux: SECRET)
- [[idea]]: tension: SECRET (crux: SECRET)
- [[Loose]]: SECRET
%%
- [[other]]: SECRET
%%

## Open questions

- Public question? %%SECRET%%

%%
- SECRET?

%%

## Public section of mine

- [ ] public task %%SECRET%%
%%
- [ ] SECRET
%%

Public words under a heading, with a second ` backtick. %%SECRET%%
""",
    title="Public title",
    status="open",
    tested_on="public models",
    comment="SECRET",
    area='"[[private|words]]"',
    tags="[shown]",
    aliases="[SECRET alias]",
)
FILES: dict[str, str | bytes] = {
    "vaultsync.toml": CONFIG,
    "img/SECRET plan.png": png(),
    "img/SECRET photo.jpg": jpeg(6),
    "img/SECRET film.gif": gif(),
    "img/SECRET.webp": webp(),
    "img/SECRET unused.png": png(9, 9),
    "Essay.md": """---
title: SECRET title of the essay
tags: [SECRET]
---
Public essay, see [[private|that]] and [[SECRET page|this]]. %%SECRET%%

## Public section

![[SECRET photo.jpg]]

Public paragraph[^1]. ^SECRET-id

## SECRET section, which is not embedded

![SECRET](https://example.org/SECRET.png)

[^1]: Public footnote. %%SECRET%%
[^2]: SECRET footnote, which nothing refers to.
""",
    "SECRET page.md": "---\npublish: false\n---\nSECRET",
    "Claims/public.md": PUBLIC,
    "Claims/other.md": note(
        "Other claim.", title="Other title", status="open", tested_on="other models"
    ),
    "Claims/private.md": PRIVATE,
    "Claims/retired.md": PRIVATE.replace("open", "retired"),
    "Claims/past.md": note("Past.", title="Past title", status="retired", comment="SECRET"),
    "Claims/idea.md": note(
        f"SECRET idea.\n{SECTIONS}", title="Idea title", status="draft", tags="[SECRET]"
    ),
    "Claims/SECRET private.md": PRIVATE,
    "Claims/SECRET draft.md": note("SECRET", title="Draft title", status="draft"),
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

![[SECRET plan.png]] ![[SECRET film.gif|300]] ![a box](img/SECRET.webp "SECRET")
<u id="x" data-a="SECRET">words</u><span data-x="SECRET" title="x" class="SECRET">words</span>

![[Essay#Public section]]

![[Essay#^SECRET-id]]

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
    # A note that readers could see, and its title and numbers, are private from then on.
    repo.put(gone=note("It is SECRET57 %.", title="SECRET title", status="open"))
    repo.record()
    repo.commit()
    repo.put(gone=note("It is SECRET75 %.", title="SECRET title", status="open"))
    repo.record("2026-01-02")
    assert "“SECRET57” → “SECRET75”" in repo.journal
    repo.commit()
    repo.put(gone=PRIVATE, new=note("New.", title="New title", status="open"))
    repo.record("2026-01-02")
    repo.edit(
        "- Added [[new",
        "%%\n- SECRET\n%%\n- Linked [[public]] with [[private|words]]\n"
        "- Changed [[public]]: comment: said in the changelog alone\n"
        "- Renamed [[public]], before: Claims/public-before\n"
        "- %%SECRET%% Added [[new",
    )
    repo.commit()
    # Of what is not committed the private part is not told either.
    make(repo.vault, {"Claims/private.md": f"{PRIVATE}SECRET", "SECRET new.md": "SECRET"})
    return repo


def test_no_mark_reaches_a_reader(repo: Repository) -> None:
    found = run(repo.vault, "publish")
    assert found.code == 0, found.out + found.err
    assert "SECRET" not in found.out + found.err
    public = repo.top / "public"
    outputs = {str(path.relative_to(public)): path for path in public.rglob("*") if path.is_file()}
    made = {name for target in TARGETS.values() for name in target.files}
    assert outputs.keys() > {MANIFEST, *made}
    assert len([name for name in outputs if name.startswith("images/")]) == 4
    for name, path in outputs.items():
        assert "secret" not in name.lower()
        data = path.read_bytes()
        # Anchors are in small letters.
        assert b"secret" not in data.lower(), name
        for held in re.findall(rb"base64,([\w+/=]+)", data):
            assert b"SECRET" not in base64.b64decode(held), name
    check_anchors((public / "post.md").read_text())
    Page((public / "post.html").read_text()).check_anchors()
    assert (public / "post.html").read_text().count("data:image/") == 8


def test_what_is_public_is_there(repo: Repository) -> None:
    run(repo.vault, "publish")
    page = Page((repo.top / "public/post.html").read_text()).text
    for words in (
        "Public section",
        "Public paragraph[1].",
        "Public footnote.",
        "Public post has a ` backtick and words.",
        "%%shown%%",
        "Public claim with a ` backtick, see that.",
        "Public title",
        "Other claim.",
        "Public question?",
        "Public section of mine",
        "Public words under a heading, with a second ` backtick.",
        "public task",
        "public reason",
        "Idea title: draft",
        "TODO: Idea title",
        "Withheld 1 note",
        "added New title; withheld 1 note",
    ):
        assert words in page, words
    for words in (
        "No longer listed 1 note",
        "Past title ○ Retired: Past.",
        "Public title against Other title Public reason. What would decide: public crux.",
        "History: 2 Jan 2026: Renamed",
        "No person has compared this with its sources yet.",
        "Other models 1 Other title: Public title Public models 1",
    ):
        assert words in page, words
    assert "Linked with" not in page
    assert page.count("said in the changelog alone") == 1
    for words in ("Caveat: it depends.", "Public prose.", "Tested on: public models"):
        assert words in page


def test_the_blocks_in_the_vault_hold_no_mark_either(repo: Repository) -> None:
    """Drafts' tasks are shown to the author; nothing of a private note or a comment is."""
    drafts = (repo.vault / "Claims/idea.md").read_text().replace("SECRET", "DRAFT")
    (repo.vault / "Claims/idea.md").write_text(drafts)
    post = (repo.vault / "Post.md").read_text()
    (repo.vault / "Post.md").write_text(post.replace("```", ""))
    public = repo.vault / "Claims/public.md"
    # The author sees the names of pictures and drafts.
    (repo.vault / "Claims/SECRET draft.md").unlink()
    public.write_text(re.sub(r"!\[.*", "", public.read_text()))
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
