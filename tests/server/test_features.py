"""Fixes, completion and navigation, as an editor asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.server.client import CAPABILITIES, Client, Message, serving
from tests.server.test_session import place
from tests.vaults import make

from vaultsync.core.text import Edit, Span, apply_edits

CONFIG = """
[types.claim]
match = ["Claims/**"]
template = "Templates/Claim.md"
required = ["title", "status"]
handle = "handle"

[types.claim.states]
draft = { status = "draft" }

[types.claim.properties]
title = { type = "string" }
status = { enum = ["draft", "open"] }
good = { type = "boolean" }
moods = { type = "array", items = { enum = ["glad", "sad"] } }

[types.claim.body.sections.Sources]
items = "source"
roles = ["original", "contrary"]
first = "original"

[types.claim.body.sections.Related]
items = "relation"
"""
ONE = """---
title: One claim
handle: the first
status: open
aliases: [Uno]
---

Cats purr.

## Sources

- original: [A paper](https://example.org/a), Smith 2020

## Related

- [[two]]: both purr
"""
TWO = """---
title: Two claims
status: open
---

Dogs bark at Uno and at three.

## Related
"""
THREE = (
    "# Head\n\nText. ^mark\n\n## Below\n\n[[two]] and [[one#Sources|s]], [x](https://example.org)\n"
)
BLOCK = '# L\n\n<!-- vaultsync:notes type="claim" -->\n\n- x\n\n<!-- /vaultsync -->\n'
FILES = {
    "vaultsync.toml": CONFIG,
    ".obsidian/app.json": "{}",
    "Templates/Claim.md": "---\ntitle: {{title}}\nstatus: draft\n---\n\nClaim.\n",
    "Claims/one.md": ONE,
    "Claims/two.md": TWO,
    "three.md": THREE,
    "list.md": BLOCK,
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(make(tmp_path_factory.mktemp("v"), FILES)) as started:
        yield started


@pytest.fixture
def client(server: Client) -> Client:
    """Return the module's server, as if it was started for this test."""
    server.reset(FILES)
    return server


def offset(text: str, position: Message) -> int:
    lines = text.split("\n")
    before = len("".join(f"{line}\n" for line in lines[: position["line"]]))
    return before + int(position["character"])


def applied(client: Client, action: Message, text: str, path: str) -> str:
    """Return a text after an action."""
    edits = [
        Edit(Span(*(offset(text, one["range"][end]) for end in ("start", "end"))), one["newText"])
        for change in action["edit"]["documentChanges"]
        if change.get("textDocument", {}).get("uri") == client.uri(path)
        for one in change["edits"]
    ]
    return apply_edits(text, edits)


def actions(client: Client, path: str, text: str, at: str, **context: Any) -> dict[str, Message]:
    """Open a note, and return what can be done where a text begins, by title."""
    client.open(path, text)
    where = place(text, text.index(at))
    params = {"range": {"start": where, "end": where}, "context": {"diagnostics": [], **context}}
    return {one["title"]: one for one in client.ask("codeAction", path, **params) or ()}


def labels(client: Client, path: str, text: str) -> list[str]:
    """Return what is offered where a bar is in a text."""
    client.open(path, text.replace("¦", ""))
    where = place(text, text.index("¦"))
    return [item["label"] for item in completions(client, path, where)]


def completions(client: Client, path: str, where: dict[str, int]) -> list[Message]:
    found = client.ask("completion", path, position=where)
    return list(found["items"]) if found else []


def test_a_fix_is_offered_and_mends_the_finding(client: Client) -> None:
    text = "# A\n\nSee [[Uno]].\n"
    found = actions(client, "new.md", text, "[[")
    (fix,) = [one for one in found.values() if one.get("isPreferred")]
    assert fix["diagnostics"][0]["source"] == "vaultsync"
    client.change("new.md", {"text": applied(client, fix, text, "new.md")})
    assert fix["diagnostics"][0]["code"] not in dict(client.found("new.md"))


def test_fixes_alone_are_offered_where_these_are_wanted(client: Client) -> None:
    text = "# A\n\nSee [[Uno]].\n"
    found = actions(client, "new.md", text, "[[", only=["quickfix"])
    assert {one["kind"] for one in found.values()} == {"quickfix"}
    assert actions(client, "new.md", text, "[[", only=["quick"]) == {}


def test_all_safe_fixes_are_one_action(client: Client) -> None:
    text = "# A\n\n[[Uno]] and [[One claim]].\n"
    found = actions(client, "new.md", text, "# A", only=["source.fixAll"])
    (fix,) = found.values()
    assert fix["kind"] == "source.fixAll.vaultsync"
    assert applied(client, fix, text, "new.md") == "# A\n\n[[one|Uno]] and [[one|One claim]].\n"
    assert actions(client, "clean.md", "# A\n", "# A", only=["source.fixAll"]) == {}


@pytest.mark.parametrize("kind", ["quickfix", "refactor.rewrite"])
def test_only_what_the_client_wants_is_offered(client: Client, kind: str) -> None:
    text = "# A\n\nSee [[Uno]] and One claim.\n"
    at = "[[" if kind == "quickfix" else "One claim"
    found = actions(client, "new.md", text, at, only=[kind.partition(".")[0]])
    assert {action["kind"] for action in found.values()} == {kind}


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("# A\n\nSee [[no-such-note]] here.\n", "[["),
        ('---\nup: "[[no-such-note]]"\n---\n\nText.\n', "[["),
        ("# A\n\n| a |\n| - |\n| [[no-such-note]] |\n", "[["),
    ],
)
def test_a_finding_is_suppressed_where_it_is(client: Client, text: str, at: str) -> None:
    found = actions(client, "new.md", text, at)
    (action,) = [one for title, one in found.items() if title.startswith("Suppress")]
    code = action["diagnostics"][0]["code"]
    assert code in dict(client.found("new.md"))
    client.change("new.md", {"text": applied(client, action, text, "new.md")})
    assert code not in dict(client.found("new.md"))


def test_a_missing_note_is_created_from_its_type(client: Client) -> None:
    text = "# A\n\nSee [[The birds sing]] here.\n"
    action = actions(client, "new.md", text, "[[")["Create Claims/birds-sing.md"]
    create, content, _ = action["edit"]["documentChanges"]
    assert create == {"kind": "create", "uri": client.uri("Claims/birds-sing.md")}
    (edit,) = content["edits"]
    assert edit["newText"].startswith("---\ntitle: The birds sing\nstatus: draft\n---\n")
    linked = applied(client, action, text, "new.md")
    assert linked == "# A\n\nSee [[birds-sing|The birds sing]] here.\n"


def test_a_pipe_in_a_link_makes_no_table(client: Client) -> None:
    text = "# A\n\n[[one|Uno]] and [[no-such-note]]\n"
    found = actions(client, "new.md", text, "[[no")
    (action,) = [one for title, one in found.items() if title.startswith("Suppress")]
    assert applied(client, action, text, "new.md").endswith(
        "[[no-such-note]] %% vaultsync-disable-line LNK017 %%\n"
    )


def test_a_type_that_cannot_be_made_offers_nothing(client: Client) -> None:
    (client.root / "Templates/Claim.md").unlink()
    found = actions(client, "new.md", "# A\n\nSee [[The birds sing]] here.\n", "[[")
    assert not [title for title in found if title.startswith("Create")]


def test_a_missing_property_is_added_in_its_place(client: Client) -> None:
    text = TWO.replace("status: open\n", "")
    action = actions(client, "Claims/two.md", text, "---")["Add the property status"]
    new = applied(client, action, text, "Claims/two.md")
    assert new.startswith('---\ntitle: Two claims\nstatus: ""\n---\n')


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (TWO, "## Related\n\n- [[one]]: "),
        (TWO + "\n- [[three]]: no\n", "## Related\n\n- [[three]]: no\n- [[one]]: \n"),
        (
            TWO.replace("## Related\n", ""),
            "bark at [[one]] and at three.\n\n## Related\n\n- [[one]]: ",
        ),
    ],
)
def test_two_notes_are_related(client: Client, text: str, wanted: str) -> None:
    text = text.replace("Uno", "[[one]]")
    action = actions(client, "Claims/two.md", text, "[[one]]")["Relate to one"]
    assert wanted in applied(client, action, text, "Claims/two.md")


def test_what_is_related_or_of_no_type_is_not_offered(client: Client) -> None:
    assert "Relate to two" not in actions(client, "Claims/one.md", ONE, "[[two]]")
    text = TWO.replace("Uno", "[[three]]")
    assert "Relate to three" not in actions(client, "Claims/two.md", text, "[[three]]")


def test_a_mention_becomes_a_link(client: Client) -> None:
    found = actions(client, "Claims/two.md", TWO, "no and")
    text = applied(client, found["Link to Claims/one.md"], TWO, "Claims/two.md")
    assert "Dogs bark at [[one|Uno]] and" in text
    text = "# A\n\nAs the first says.\n"
    action = actions(client, "new.md", text, "first")["Link to Claims/one.md"]
    assert "As [[one|the first]] says" in applied(client, action, text, "new.md")


def test_a_selection_is_the_mention(client: Client) -> None:
    client.open("Claims/two.md", TWO)
    start = TWO.index("three")
    span = {"start": place(TWO, start), "end": place(TWO, start + 5)}
    params = {"range": span, "context": {"diagnostics": []}}
    (action,) = client.ask("codeAction", "Claims/two.md", **params)
    assert action["title"] == "Link to three.md"


def test_related_places_are_links(client: Client) -> None:
    client.open("Claims/two.md", TWO.replace("Two claims", "One claim"))
    client.settle()
    related = [
        other["location"]["uri"]
        for one in client.published[client.uri("Claims/two.md")]
        for other in one.get("relatedInformation") or ()
    ]
    assert client.uri("Claims/one.md") in related


@pytest.mark.parametrize(
    ("text", "label", "new"),
    [
        ("[[one c¦", "One claim", "[[one|One claim]]"),
        ("[[uno¦", "Uno", "[[one|Uno]]"),
        ("[[the f¦", "the first", "[[one|the first]]"),
        ("[[thr¦]]", "three", "[[three"),
        ("[[three#B¦", "#Below", "#Below"),
        ("[[three#^¦", "#^mark", "#^mark"),
        ("# X\n\n#so¦\n\n#some/tag\n", "some/tag", "some/tag"),
        ("<!-- vault¦", "vaultsync:notes", "vaultsync:notes -->\n\n<!-- /vaultsync -->"),
        ("<!-- ¦ -->", "vaultsync:notes", "vaultsync:notes"),
        ("<!-- vaultsync:notes st¦ -->", "style", 'style="'),
    ],
)
def test_what_is_offered_in_the_text(client: Client, text: str, label: str, new: str) -> None:
    client.open("new.md", text.replace("¦", ""))
    items = completions(client, "new.md", place(text, text.index("¦")))
    assert new in [item["textEdit"]["newText"] for item in items if item["label"] == label]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("---\nti¦\n---\n", ["title"]),
        ("---\nstatus: ¦\n---\n", ["draft", "open"]),
        ("---\nstatus: d¦\n---\n", ["draft"]),
        ("---\ngood: ¦\n---\n", ["True", "False"]),
        ("---\nmoods:\n  - ¦\n---\n", ["glad", "sad"]),
        ("---\nmoods: [s¦]\n---\n", ["sad"]),
        ("---\nother: ¦\n---\n", []),
        ("---\nstatus: open\n---\n\n## Sources\n\n- ¦\n", ["original", "contrary"]),
        ("---\nstatus: open\n---\n\n## Related\n\n- t¦\n", ["two", "the first", "Two claims"]),
        ("---\nstatus: open\n---\n\n## Other\n\n- ¦\n", []),
        ("---\nstatus: open\n---\n\nPlain ¦\n", []),
        ("---\nstatus: open\n---\n\n[[nowhere#¦\n", []),
    ],
)
def test_what_is_offered_in_a_typed_note(client: Client, text: str, wanted: list[str]) -> None:
    assert labels(client, "Claims/new.md", text) == wanted


@pytest.mark.parametrize(
    ("marker", "wanted"),
    [
        ("count ¦", ["type", "with", "text", "none", "one", "every"]),
        ('count type="claim" t¦', ["with", "text"]),
        (
            "notes ¦",
            ["exclude", "group", "order", "style", "type", "title", "status", "good", "moods"],
        ),
        ('notes type="¦', ["claim"]),
        ('notes type="claim" status="¦', ["draft", "open"]),
        ('notes style="s¦', ["list", "sections"]),
        ('notes group="¦', ["title", "status", "good", "moods"]),
        ('items section="¦', ["Sources", "Related"]),
        ('items group="¦', ["item", "note"]),
        ('link to="¦', []),
        ("toc ¦", []),
        ("nothing ¦", []),
    ],
)
def test_what_a_block_may_have_is_offered(client: Client, marker: str, wanted: list[str]) -> None:
    assert labels(client, "new.md", f"# A\n\n<!-- vaultsync:{marker}") == wanted


def test_what_is_offered_has_a_kind_and_a_place_for_the_cursor(tmp_path: Path) -> None:
    snippets = {"completion": {"completionItem": {"snippetSupport": True}}}
    able = {**CAPABILITIES, "textDocument": snippets}
    with serving(make(tmp_path / "v", FILES), capabilities=able) as client:
        client.open("new.md", "<!-- \n[[uno $\n")
        (item, *_) = completions(client, "new.md", {"line": 0, "character": 5})
        assert (item["kind"], item["insertTextFormat"]) == (15, 2)
        assert item["textEdit"]["newText"].endswith(" $0 -->\n\n<!-- /vaultsync -->")
        (item, *_) = completions(client, "new.md", {"line": 1, "character": 5})
        assert (item["kind"], item.get("insertTextFormat")) == (17, None)


def test_a_definition_is_the_place_that_a_link_names(client: Client) -> None:
    client.open("three.md")
    line = THREE.split("\n")[6]
    found = client.at("definition", "three.md", 6, line.index("one#") + 2)
    assert (found["uri"], found["range"]["start"]["line"]) == (client.uri("Claims/one.md"), 9)
    found = client.at("definition", "three.md", 6, 3)
    assert (found["uri"], found["range"]["start"]["line"]) == (client.uri("Claims/two.md"), 0)
    assert client.at("definition", "three.md", 0, 0) is None
    client.open("new.md", "[[three#^mark]] [[nowhere]]\n")
    assert client.at("definition", "new.md", 0, 3)["range"]["start"]["line"] == 2
    assert client.at("definition", "new.md", 0, 20) is None


def test_references_are_backlinks(client: Client) -> None:
    context = {"includeDeclaration": False}
    found = client.at("references", "Claims/two.md", 0, 0, context=context)
    assert [one["uri"] for one in found] == [client.uri("Claims/one.md"), client.uri("three.md")]
    found = client.at("references", "three.md", 6, 3, context=context)
    assert [one["uri"] for one in found] == [client.uri("Claims/one.md"), client.uri("three.md")]


def test_symbols_are_headings_and_notes(client: Client) -> None:
    (top,) = client.ask("documentSymbol", "three.md")
    assert (top["name"], [one["name"] for one in top["children"]]) == ("Head", ["Below"])
    found = client.request("workspace/symbol", {"query": "uno"})
    assert [(one["name"], one["location"]["uri"], one["containerName"]) for one in found] == [
        ("Uno", client.uri("Claims/one.md"), "Claims/one.md")
    ]


def test_links_lead_to_addresses(client: Client) -> None:
    found = [one["target"] for one in client.ask("documentLink", "three.md")]
    assert found == [
        client.uri("Claims/two.md"),
        client.uri("Claims/one.md"),
        "https://example.org",
    ]


def test_generated_blocks_fold(client: Client) -> None:
    assert client.ask("foldingRange", "list.md") == [{"startLine": 2, "endLine": 6}]


def test_hovering_shows_a_claim_or_a_rule(client: Client) -> None:
    text = client.at("hover", "three.md", 6, 20)["contents"]["value"]
    assert text == (
        "**the first**\n\nCats purr.\n\nstatus: open\n\n"
        "- original: [A paper](https://example.org/a), Smith 2020"
    )
    client.open("new.md", "# A\n\n[[no-such-note]]\n")
    text = client.at("hover", "new.md", 2, 4)["contents"]["value"]
    assert text.startswith("# LNK0")
    assert client.at("hover", "new.md", 0, 1) is None


def test_what_is_not_in_the_vault_has_no_answers(client: Client) -> None:
    for method in ("foldingRange", "documentSymbol", "documentLink"):
        assert client.ask(method, "gone.md") is None
    for method in ("definition", "hover", "completion", "references"):
        params = {"context": {"includeDeclaration": False}} if method == "references" else {}
        assert client.at(method, "gone.md", 0, 0, **params) is None
    nowhere = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
    assert client.ask("codeAction", "gone.md", range=nowhere, context={"diagnostics": []}) is None


CLASH = """---
status: open
# [!conflict] status: draft
---

It holds for cats.

> [!conflict] Instead of the block above:
> It holds.
>
> Always.

More.
"""
WHOLE = """---
status: open
---

> [!conflict] Instead of the whole note:
> ---
> status: draft
> ---
> It holds.

It holds for cats.
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("text", "at", "above", "below"),
    [
        (
            CLASH,
            "# [!conflict]",
            CLASH.replace("# [!conflict] status: draft\n", ""),
            CLASH.replace("status: open\n# [!conflict] ", ""),
        ),
        (
            CLASH,
            "> [!conflict]",
            f"{CLASH[: CLASH.index(chr(10) + '> [!')]}\nMore.\n",
            f"{CLASH[: CLASH.index('It holds for')]}It holds.\n\nAlways.\n\nMore.\n",
        ),
        (
            WHOLE,
            "> [!conflict]",
            "---\nstatus: open\n---\n\n\n\nIt holds for cats.\n",
            "---\nstatus: draft\n---\nIt holds.\n",
        ),
    ],
)
def test_a_conflict_of_a_merge_is_resolved(
    client: Client, text: str, at: str, above: str, below: str, newline: str
) -> None:
    text, *wanted = (one.replace("\n", newline) for one in (text, above, below))
    found = actions(client, "new.md", text, at, only=["quickfix"])
    titles = ["Keep the version above", "Keep the version in the callout", "Keep both"]
    kept, other, both = (applied(client, found[one], text, "new.md") for one in titles)
    assert {found[one]["diagnostics"][0]["code"] for one in titles} == {"MRK013"}
    assert [kept, other] == wanted
    assert both.count("[!conflict]") == text.count("[!conflict]") - 1
    assert "cats" in both
    assert "\nstatus: draft" in both or newline.join(("It holds.", "", "Always.")) in both
