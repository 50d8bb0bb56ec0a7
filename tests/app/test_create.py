"""New notes, and the files that a vault lacks."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vaultsync.app.create import Idea, new_note, note_type, slug
from vaultsync.core.config import Config
from vaultsync.core.config.read import load_config
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document, Vault
from vaultsync.core.output import Output
from vaultsync.lint import engine
from vaultsync.lint.context import Context
from vaultsync.markdown import parse
from vaultsync.notes.citation import Source
from vaultsync.notes.link_index import name_key
from vaultsync.notes.note import note_of

CONFIG = load_config("""
[types.claim]
match = ["Claims/*.md"]
required = ["title", "status", "source"]
alias = "title"
states.draft = { status = ["draft", "idea"] }
[types.claim.properties]
title = { type = "string", maxLength = 90 }
status = { enum = ["draft", "idea", "open"] }
source = { type = "string", format = "uri" }
cite = {}
year = { type = "integer" }
aliases = { type = "array" }
[types.claim.body]
lead.required = true
[types.claim.body.sections.Sources]
items = "source"
required = true
first = "original"
fill = { source = "url", cite = "cite", year = "year" }

[types.plain]
match = ["*.md"]

[types.listed]
match = ["Lists/**"]
[types.listed.body.sections.Papers]
items = "source"
roles = ["paper"]
""")
SOURCE = Source("", "A [b] paper", "https://arxiv.org/abs/2406.11717", "Lee et al.", 2024)


def new(idea: Idea | str, template: str | None = None, kind: str = "claim") -> Output:
    subject = Idea(idea) if isinstance(idea, str) else idea
    return new_note(CONFIG, kind, subject, template, [], "2026-01-02")


def document(output: Output) -> Document:
    assert output.data is not None
    assert output.base is None
    return parse(output.path, output.data)


def severities(found: Document, config: Config = CONFIG) -> set[str]:
    context = Context(Vault({found.path: found}, frozenset({found.path})), config)
    selection = engine.select(config.lint)
    return {diagnostic.severity for diagnostic in engine.findings(context, selection)}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Refusal runs through a single direction", "refusal-runs-through-single-direction"),
        ("“Quotes” aren’t 'it'", "quotes-arent"),
        ("What's new: C++ & GPT-4.5?", "whats-new-c-gpt-4-5"),
        ("snake_case / and\\slashes", "snake-case-slashes"),
        ("Naïve Größe, İstanbul", "naive-große-istanbul"),
        ("ﬁne e\u0301tude", "fine-etude"),
        ("Й ёлка ά", "й-ёлка-ά"),
        ("한국어 모델", "한국어-모델"),
        ("がぎぐ モデル", "がぎぐ-モデル"),
        ("हिन्दी मॉडल", "हिन्दी-मॉडल"),
        ("模型很大，它会学习。", "模型很大-它会学习"),
        ("To be or not to be", "not"),
        ("It is", "it-is"),
        ("🦊 ?!", "untitled"),
        ("", "untitled"),
        ("..", "untitled"),
        ("x" * 99, "x" * 40),
        (
            "one two three four five six seven eight nine ten",
            "one-two-three-four-five-six-seven-eight",
        ),
    ],
)
def test_slugs(title: str, name: str) -> None:
    assert slug(title) == name


@given(title=st.text(max_size=80))
@example("con\u0345")
def test_a_slug_is_a_file_name_that_links_and_systems_take(title: str) -> None:
    name = slug(title)
    assert 0 < len(name) <= 40
    assert not set(name) & set('\\/:*?"<>|#^[]%. \t\n\0')
    assert name.strip("-") == name
    assert slug(name) == name or not title.isascii()
    assert name_key(name) == name.replace("ς", "σ") or not title.isascii()


def test_a_note_without_a_template_has_what_its_type_asks_for() -> None:
    found = document(new("A claim"))
    assert found.path == "Claims/claim.md"
    assert found.text == (
        "---\ntitle: A claim\nstatus: draft\nsource:\naliases:\n  - A claim\n---\n\n## Sources\n"
    )
    assert severities(found) == {"hint"}


def test_a_type_that_asks_for_nothing_gets_an_empty_note() -> None:
    assert document(new("A claim", kind="plain")).text == "---\n---\n"


@pytest.mark.parametrize(
    "title",
    [
        'He said: "no" # really',
        "'quoted'",
        "- list",
        "[[link]] {x}",
        "a: b, c",
        "\\n and \\",
        "2024",
        "true",
        "null",
        "%% & * !",
        "@x",
        "猫",
        "{{date}} {{title}}",
        "vaultsync-title-to-be",
    ],
)
@pytest.mark.parametrize(
    "template",
    [
        None,
        "",
        "No properties.\n",
        '---\ntitle: "{{title}}"\nstatus: draft\nsource:\naliases:\n---\n\n# {{title}}\n',
        "---\ntitle: {{title}}\naliases:\n  - {{title}}\n  - '{{title}}'\n---\n# {{title}}\n",
        '---\nhead: "On {{title}}"\naliases: [a, "{{title}}"]\n---\n# {{title}}\n',
        "---\r\ntitle: '{{title}}'\r\nday: {{date}}\r\n---\r\n# {{title}}\r\n",
    ],
)
def test_any_title_stands_in_any_template(title: str, template: str | None) -> None:
    found = document(new(title, template))
    data = found.properties.data
    assert found.properties.error is None
    assert (data["title"], data["status"]) == (title, "draft")
    assert title in data["aliases"]
    if template and "# {{title}}" in template:
        assert f"# {title}" in found.text
    if "head" in data:
        assert data["head"] == f"On {title}"
    assert severities(found) == {"hint"}


def test_a_template_keeps_what_it_holds_and_gets_the_day() -> None:
    template = "---\n# why\nday: {{date}}\nday2: {{date:DD.MM}}\nx:   1\n---\nOn {{date}}.\n"
    assert document(new("A", template, "plain")).text == (
        template.replace("{{date}}", "2026-01-02").replace("{{date:DD.MM}}", "2026-01-02")
    )


def test_what_cannot_be_read_in_a_template_is_told() -> None:
    config = load_config('[types.t]\nmatch = ["*"]\ntemplate = "T.md"\n')
    with pytest.raises(VaultError, match=r"^T\.md: its properties cannot be read: "):
        new_note(config, "t", Idea("A"), "---\na: b: c\n---\n", [], "2026-01-02")


def test_a_note_from_a_source_is_filled_in() -> None:
    found = document(new(Idea("A [b] paper", SOURCE)))
    assert found.text == (
        "---\ntitle: A [b] paper\nstatus: draft\nsource: https://arxiv.org/abs/2406.11717\n"
        "cite: Lee et al. 2024\nyear: 2024\naliases:\n  - A [b] paper\n---\n\n## Sources\n\n"
        "- original: [A \\[b\\] paper](https://arxiv.org/abs/2406.11717), Lee et al. 2024\n"
    )
    note = note_of(found, CONFIG)
    assert note is not None
    assert [source.url for source in note.sources()] == [SOURCE.url]
    assert severities(found) == {"hint"}


def test_a_source_of_which_only_the_address_is_known() -> None:
    bare = Source("", "arXiv 1", "https://arxiv.org/abs/2406.11717")
    data = document(new(Idea("arXiv 1", bare))).properties.data
    assert "cite" not in data
    assert "year" not in data
    assert data["source"] == bare.url


def test_a_source_goes_into_its_section_or_a_new_one() -> None:
    idea = Idea("A", SOURCE)
    line = "[A \\[b\\] paper](https://arxiv.org/abs/2406.11717), Lee et al. 2024"
    there = document(new(idea, "## Papers\n\n- old\n\n## More\n", "listed")).text
    assert there == f"## Papers\n\n- old\n- paper: {line}\n\n## More\n"
    assert document(new(idea, "Text.\r\n", "listed")).text == (
        f"Text.\r\n\r\n## Papers\r\n\r\n- paper: {line}\r\n"
    )
    assert line not in document(new(idea, "Text.\n", "plain")).text


def test_a_name_is_given_once_in_the_whole_vault() -> None:
    files = ["Old/A.md", "b/a-2.md", "a.png", "c.md"]
    made = [new_note(CONFIG, "claim", Idea(t), None, files, "") for t in ("a", "c", "d")]
    assert [output.path for output in made] == ["Claims/a-3.md", "Claims/c-2.md", "Claims/d.md"]


@pytest.mark.parametrize(
    ("match", "path"),
    [
        ('["Claims/**"]', "Claims/x.md"),
        ('["*.md"]', "x.md"),
        ('["**/deep/*.md", "Claims/*.md"]', "Claims/x.md"),
        ('["Claims/note.md", "Deep/er/?*.md"]', "Deep/er/x.md"),
        ('["Other/**", "Claims/**"]', "Claims/x.md"),
    ],
)
def test_a_note_lies_where_its_type_is(match: str, path: str) -> None:
    other = '[types.other]\nmatch = ["Other/**"]\n'
    config = load_config(f"{other}[types.t]\nmatch = {match}\n")
    assert new_note(config, "t", Idea("x"), None, [], "").path == path


@pytest.mark.parametrize("match", ['["Claims/note.md"]', '["A/*/*.md"]', '["Other/*"]'])
def test_a_type_without_a_folder_takes_no_new_note(match: str) -> None:
    other = '[types.other]\nmatch = ["Other/**"]\n'
    config = load_config(f"{other}[types.t]\nmatch = {match}\n")
    with pytest.raises(VaultError, match=r"`types\.t\.match` names no folder for new notes"):
        new_note(config, "t", Idea("x"), None, [], "")


def test_an_unknown_type_is_refused_with_those_there_are() -> None:
    assert note_type(CONFIG, "claim") is CONFIG.types["claim"]
    with pytest.raises(VaultError) as caught:
        note_type(CONFIG, "clam")
    assert str(caught.value) == (
        "there is no type `clam`: did you mean `claim`? (claim, plain, listed)"
    )
    with pytest.raises(VaultError, match=r"\(none: declare one in vaultsync\.toml\)"):
        note_type(Config(), "claim")


@given(title=st.text(min_size=1, max_size=40).map(lambda text: " ".join(text.split())).filter(bool))
def test_a_new_note_of_any_title_is_a_readable_draft(title: str) -> None:
    found = document(new(title, '---\ntitle: "{{title}}"\naliases:\n---\n'))
    assert found.properties.error is None
    assert found.properties.data["title"] == title


def test_a_note_without_a_template_is_composed() -> None:
    kind = """
[types.claim]
match = ["Claims/*.md"]
required = ["title", "status", "key: odd"]
alias = "title"
states.draft = { status = ["draft", "idea"], content = true }
[types.claim.properties]
year = { type = "integer" }
title = { type = "string" }
source = { type = "string" }
[types.claim.body.sections.Sources]
items = "source"
roles = ["original"]
fill = { source = "url", year = "year" }
[types.claim.body.sections.Questions]
items = "question"
"""
    source = Source("", "T", "https://example.org", "Ada", 2024)
    config = load_config(kind)
    made = new_note(config, "claim", Idea("Is it: so?", source), None, [], "")
    assert (made.data or b"").decode() == (
        '---\nyear: 2024\ntitle: "Is it: so?"\nsource: https://example.org\nstatus: draft\n'
        '"key: odd":\ncontent: true\naliases:\n  - "Is it: so?"\n---\n\n'
        "## Sources\n\n- original: [T](https://example.org), Ada 2024\n\n## Questions\n"
    )
    made = new_note(load_config('[types.log]\nmatch = ["*.md"]'), "log", Idea("x"), None, [], "")
    assert made.data == b"---\n---\n"
