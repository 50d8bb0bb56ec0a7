"""Every script, emoji, characters without width and long titles come through every target."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import feedparser
import pytest
from tests.blocks.sample import TOML, block, note
from tests.publish.biber import read_back
from tests.publish.pages import problems, rendered
from tests.publish.test_links_lead_somewhere import PAGE, READERS, dead

from vaultsync.publish.targets import TARGETS

TEXTS = {
    "arabic": "النماذج تحفظ الحقائق في طبقاتها",
    "hebrew": "כיוון אחד שולט בסירוב (GPT-2)",
    "cjk": "模型用一个方向拒绝、それは一つ「方向」である",
    "combining": "Ko\u0308nnen e\u0301toiles Z\u0323a\u0328 Tie\u0302\u0301ng",
    "emoji": "Models 👩\u200d💻 like 👍🏽 and ❤\ufe0f 🇪🇺",
    "zero width": "می\u200cخواهم word\u200bbreak\u2060joined \u200emarks\u200f",
    "long": "The title of a claim that goes on " + "and on " * 40 + "to its end",
    "long word": "漢🚀" * 160,
}
AUTHORS = {
    "arabic": "نور",
    "hebrew": "כהן",
    "cjk": "王",
    "combining": "Go\u0308del",
    "emoji": "Łuk",
}


def files() -> dict[str, str]:
    """Return a vault with a note for each text, each with a link to the one before."""
    found: dict[str, str] = {}
    before = "long word"
    for name, text in TEXTS.items():
        body = f"""{text}: [[{before}|{TEXTS[before]}]].

## Sources

- original: [{text} #{name}](https://arxiv.org/abs/2401.{len(found):05}), \
{AUTHORS.get(name, "Ada")} & Bob 2024; ICML 2024; page 2

## Related

- [[{before}]]: {text}
"""
        found[f"Claims/{name}.md"] = note(body, title=f"'{text}'", status="open", area="x")
        before = name
    listed = (
        block('notes style="sections"') + "\n" + block('notes type="claim"') + block("changelog")
    )
    days = "\n".join(f"- Added [[{name}|{text}]]" for name, text in TEXTS.items())
    found["Post.md"] = f"---\ntitle: {TEXTS['arabic']}\n---\n\n[[emoji]]\n\n{listed}"
    found["Changelog.md"] = block("changelog", f"### 2026-02-03\n\n{days}")
    return found


def made(page: str = "") -> dict[str, bytes]:
    settings = f'{TOML}\n[publish]\npage = "{page}"\nfeed-id = "tag:example.org,2026:x"\n'
    assert problems(files(), settings, TARGETS) == []
    return rendered(files(), settings, TARGETS)


@pytest.mark.parametrize("page", ["", PAGE])
def test_each_text_comes_through_and_links_to_it_lead_there(page: str) -> None:
    found = made(page)
    there = READERS["post.html"](found["post.html"])[0]
    assert {name: dead(name, found, there) for name in READERS} == {name: [] for name in READERS}
    for name, data in found.items():
        # biber wants letters with their accents.
        composed = name == "references.bib"
        texts = {
            unicodedata.normalize("NFC", text) if composed else text for text in TEXTS.values()
        }
        assert {text for text in texts if text not in data.decode()} == set(), name


def test_readers_of_data_and_feeds_find_each_text() -> None:
    found = made()
    notes = json.loads(found["encyclopedia.json"])["notes"]
    assert {note["title"] for note in notes} == set(TEXTS.values())
    related = {relation["reason"] for note in notes for relation in note["relations"]}
    assert related == set(TEXTS.values())
    (entry,) = feedparser.parse(found["feed.xml"]).entries
    assert entry.title.startswith(f"Added {TEXTS['arabic']}, {TEXTS['hebrew']} and ")
    assert all(text in entry.summary for text in TEXTS.values())


def test_biber_finds_each_author_and_title(tmp_path: Path) -> None:
    entries, undated = read_back(made()["references.bib"], tmp_path)
    assert not undated
    assert len(entries) == len(TEXTS)
    firsts = {str(entry.persons["author"][0]) for entry in entries.values()}
    assert firsts == {"Ada", *(unicodedata.normalize("NFC", name) for name in AUTHORS.values())}
    texts = {unicodedata.normalize("NFC", text) for text in TEXTS.values()}
    titles = [entry.fields["title"].strip("{}") for entry in entries.values()]
    assert {title.partition(" \\#")[0] for title in titles} == texts
