"""What an editor executes by name, as `docs/editors.md` describes it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from tests.server.client import Client, serving
from tests.server.test_features import CONFIG, FILES, ONE, TWO, applied
from tests.vaults import make, run

from vaultsync.server.commands import COMMANDS

JOURNAL = """<!-- vaultsync:changelog style="full" -->

### 2026-01-02

- Linked [[one|Old name]] with [[two]]
- Asked in [[two]]: “See [[one]]?”

### 2026-01-01

- By hand: [[one]] is [here](https://example.org)

<!-- /vaultsync -->
"""
FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><entry>
<id>http://arxiv.org/abs/2406.11717v2</id>
<title>Refusal: "one" direction</title><published>2024-06-17T00:00:00Z</published>
<author><name>Andy Arditi</name></author></entry></feed>"""
VAULT = {
    **FILES,
    "Changelog.md": JOURNAL,
    "list.md": '<!-- vaultsync:notes type="claim" -->\n\n- [[one]]\n\n<!-- /vaultsync -->\n',
    "Claims/two.md": TWO
    + "\n- [[one]]: tension: louder / quieter (crux: a meter)\n- [[gone]]: x\n",
    "emoji.md": "# 😀\n\n> 😀 See [[one]].\n",
}


class Registry(BaseHTTPRequestHandler):
    """Answers as arXiv does, once it may."""

    gate: ClassVar[threading.Event]

    def do_GET(self) -> None:
        self.gate.wait(60)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(FEED.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the tests' output clean."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as registry:
        threading.Thread(target=registry.serve_forever, daemon=True).start()
        web = f'[web]\narxiv = "http://127.0.0.1:{registry.server_port}/"\n'
        settings = FILES["vaultsync.toml"] + web + 'doi = "http://127.0.0.1:1/"\n'
        root = make(tmp_path_factory.mktemp("top") / "v", {**VAULT, "vaultsync.toml": settings})
        with serving(root, env={"NO_PROXY": "127.0.0.1"}) as started:
            yield started
        registry.shutdown()


@pytest.fixture(scope="module")
def settings(server: Client) -> str:
    return (server.root / "vaultsync.toml").read_text()


@pytest.fixture
def client(server: Client, settings: str) -> Iterator[Client]:
    """Yield the module's server, as if it was started for this test."""
    Registry.gate = threading.Event()
    server.reset({**VAULT, "vaultsync.toml": settings})
    yield server
    Registry.gate.set()


def about(client: Client, path: str) -> Any:
    return client.execute("note", uri=client.uri(path))


def test_what_is_executed_is_announced(tmp_path: Path) -> None:
    with serving(make(tmp_path / "v", FILES)) as client:
        answer = client.request("initialize", {"processId": None, "capabilities": {}})
    names = answer["capabilities"]["executeCommandProvider"]["commands"]
    assert names == [f"vaultsync.{name}" for name in COMMANDS]


def test_what_is_known_about_a_note(client: Client) -> None:
    found = about(client, "Claims/one.md")
    head = {name: found[name] for name in ("path", "uri", "type", "name", "title")}
    assert head == {
        "path": "Claims/one.md",
        "uri": client.uri("Claims/one.md"),
        "type": "claim",
        "name": "the first",
        "title": "One claim",
    }
    assert found["lead"] == {
        "text": "Cats purr.",
        "words": 2,
        "mostWords": None,
        "sentences": 1,
        "mostSentences": None,
    }
    assert {"name": "aliases", "value": "Uno"} in found["properties"]
    assert found["sources"] == [
        {
            "role": "original",
            "text": "A paper",
            "url": "https://example.org/a",
            "cite": "Smith 2020",
            "year": 2020,
        }
    ]


def test_relations_are_known_from_both_ends(client: Client) -> None:
    two = {"path": "Claims/two.md", "uri": client.uri("Claims/two.md"), "name": "Two claims"}
    own = {**two, "reason": "both purr", "isBack": False, "isTension": False, "crux": None}
    back = {**two, "reason": "quieter", "isBack": True, "isTension": True, "crux": "a meter"}
    assert about(client, "Claims/one.md")["relations"] == [own, back]
    (there, here) = about(client, "Claims/two.md")["relations"]
    assert (there["reason"], there["isBack"]) == ("louder", False)
    assert (here["reason"], here["isBack"]) == ("both purr", True)


def test_the_links_of_authors_are_backlinks(client: Client) -> None:
    known = about(client, "Claims/one.md")
    found = known["backlinks"]
    assert known["backlinkCount"] == 3
    assert [(one["path"], one["excerpt"]) for one in found] == [
        ("Claims/two.md", "one: tension: louder / quieter (crux: a meter)"),
        ("emoji.md", "😀 See one."),
        ("three.md", "two and s, x"),
    ]
    assert found[1]["range"]["start"] == {"line": 2, "character": 8}


def test_of_many_backlinks_the_first_are_known(client: Client) -> None:
    client.open("many.md", "[[three]]\n" * 201)
    known = about(client, "three.md")
    assert (len(known["backlinks"]), known["backlinkCount"]) == (200, 201)


def test_places_are_in_the_encoding_of_the_client(tmp_path: Path) -> None:
    capabilities = {"general": {"positionEncodings": ["utf-16"]}}
    with serving(make(tmp_path / "v", VAULT), capabilities=capabilities) as client:
        found = about(client, "Claims/one.md")["backlinks"]
        assert found[1]["range"]["start"] == {"line": 2, "character": 9}


def test_the_journal_is_a_notes_history(client: Client) -> None:
    assert about(client, "Claims/one.md")["history"] == [
        {"day": "2026-01-02", "text": "Linked Old name with two"},
        {"day": "2026-01-01", "text": "By hand: one is here"},
    ]
    assert len(about(client, "Claims/two.md")["history"]) == 2


def test_what_is_typed_is_known(client: Client) -> None:
    text = "---\ntitle: New\ngood: true\nyear:\n---\n\nBirds sing. They do: [[one|it]].\n"
    client.open("Claims/new.md", text)
    found = about(client, "Claims/new.md")
    assert found["lead"]["text"] == "Birds sing. They do: it."
    assert found["lead"]["sentences"] == 2
    assert found["properties"][1:] == [
        {"name": "good", "value": "true"},
        {"name": "year", "value": ""},
    ]
    assert "Claims/new.md" in [one["path"] for one in about(client, "Claims/one.md")["backlinks"]]


def test_a_note_without_a_type_has_links_alone(client: Client) -> None:
    found = about(client, "three.md")
    assert (found["type"], found["name"], found["lead"]) == (None, "three", None)
    assert (found["sources"], found["relations"]) == ([], [])
    client.open("Claims/none.md", "---\nstatus: open\n---\n\n## Related\n")
    assert about(client, "Claims/none.md")["lead"] is None


@pytest.mark.parametrize("path", ["vaultsync.toml", "gone.md", "../other.md", ".obsidian/app.json"])
def test_what_is_not_a_note_is_none(client: Client, path: str) -> None:
    assert about(client, path) is None


def test_a_form_has_the_fields_of_a_new_note(client: Client) -> None:
    (form,) = client.execute("types")
    assert (form["name"], form["label"], form["canLookUp"]) == ("claim", "claim", True)
    assert form["fields"] == []
    make(client.root, {"Templates/Claim.md": "---\ngood: true\nmoods: [sad]\nodd: x\n---\n"})
    client.notify("workspace/didChangeWatchedFiles", {"changes": []})
    client.whole()
    good, moods = client.execute("types")[0]["fields"]
    assert (good["kind"], good["initial"], good["isRequired"]) == ("flag", True, False)
    assert (moods["kind"], moods["choices"], moods["initial"]) == ("list", ["glad", "sad"], ["sad"])


def test_a_template_that_is_gone_is_named(client: Client) -> None:
    (client.root / "Templates/Claim.md").unlink()
    assert client.execute("types").startswith("Templates/Claim.md: ")


def test_a_vault_without_types_has_no_forms(tmp_path: Path) -> None:
    with serving(make(tmp_path / "v", {"a.md": "# A\n", "b.md": "[[a]]\n"})) as client:
        assert client.execute("types") == []
        assert about(client, "a.md")["backlinks"][0]["name"] == "b"
        refused = client.execute("create", type="x", subject="A")
        assert refused == "there is no type `x` (none: declare one in vaultsync.toml)"
        assert [one["name"] for one in client.execute("notes", query="")] == ["a", "b"]


def test_a_new_note_is_made_and_not_written(client: Client) -> None:
    values = {"status": "open", "moods": ["sad", "glad"], "good": None}
    made = client.execute("create", type="claim", subject=" Birds  sing ", values=values)
    assert made == {
        "path": "Claims/birds-sing.md",
        "uri": client.uri("Claims/birds-sing.md"),
        "text": "---\ntitle: Birds sing\nstatus: open\nmoods:\n  - sad\n  - glad\n---\n\nClaim.\n",
        "isDraft": True,
        "same": [],
        "failure": None,
    }
    assert not (client.root / made["path"]).exists()
    same = client.execute("create", type="claim", subject="one  CLAIM")["same"]
    uri = client.uri("Claims/one.md")
    assert same == [{"path": "Claims/one.md", "uri": uri, "reason": "title"}]


def test_a_new_note_avoids_the_names_of_notes_that_are_not_saved(client: Client) -> None:
    client.open("Claims/birds-sing.md", "# X\n")
    made = client.execute("create", type="claim", subject="Birds sing")
    assert made["path"] == "Claims/birds-sing-2.md"


def test_what_is_typed_is_checked_while_a_source_is_looked_up(client: Client) -> None:
    client.open("three.md")
    given = {"type": "claim", "subject": "arXiv:2406.11717"}
    params = {"command": "vaultsync.create", "arguments": [given]}
    number = client.start("workspace/executeCommand", params)
    client.change("three.md", {"text": "[[no-such-note]]\n"})
    assert client.found("three.md") != []
    Registry.gate.set()
    made = client.answer(number)["result"]
    assert (made["path"], made["failure"]) == ("Claims/refusal-one-direction.md", None)
    assert "- original: [Refusal: " in made["text"]


def test_a_title_that_is_given_goes_before_that_of_the_source(client: Client) -> None:
    Registry.gate.set()
    values = {"title": "Models refuse"}
    made = client.execute("create", type="claim", subject="arXiv:2406.11717", values=values)
    assert made["path"] == "Claims/models-refuse.md"
    assert "\ntitle: Models refuse\n" in made["text"]
    assert "[Refusal: " in made["text"]


def test_a_look_up_that_fails_leaves_a_draft(client: Client) -> None:
    made = client.execute("create", type="claim", subject="10.1000/x")
    assert made["failure"].startswith("127.0.0.1:1 was not reached")
    assert "https://doi.org/10.1000/x" in made["text"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"subject": " "}, "a note needs a title"),
        ({"type": "clam"}, "there is no type `clam`: did you mean `claim`? (claim)"),
        (
            {"values": {"mood": ["sad"]}},
            "the type `claim` has no property `mood`: did you mean `moods`?",
        ),
        ({"name": "x"}, "vaultsync.create: Object contains unknown field `name`"),
    ],
)
def test_what_cannot_be_made_is_an_error(client: Client, given: Any, message: str) -> None:
    assert client.execute("create", **{"type": "claim", "subject": "A", **given}) == message


def test_arguments_are_one_object(client: Client) -> None:
    assert client.execute("overview", {}, {}) == "vaultsync.overview: Expected one `object`"
    assert client.execute("note", "x") == "vaultsync.note: Expected `object`, got `str`"
    number = client.start("workspace/executeCommand", {"command": "vaultsync.types"})
    assert client.answer(number)["result"] is not None


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"query": "uno"}, [("Claims/one.md", "Uno", "claim", "Cats purr.")]),
        ({"query": "FIRST"}, [("Claims/one.md", "the first", "claim", "Cats purr.")]),
        ({"query": "thr"}, [("three.md", "three", None, "three.md")]),
        ({"query": "thr", "type": "claim"}, []),
        ({"query": "nowhere"}, []),
    ],
)
def test_notes_are_found_by_each_name(client: Client, given: Any, found: Any) -> None:
    rows = client.execute("notes", **given)
    assert [(one["path"], one["name"], one["type"], one["detail"]) for one in rows] == found


def test_a_note_is_found_once(client: Client) -> None:
    rows = client.execute("notes", query="", type="claim")
    assert [(one["name"], one["title"]) for one in rows] == [
        ("one", "One claim"),
        ("two", "Two claims"),
    ]
    make(client.root, {f"many/{number}.md": "" for number in range(60)})
    client.whole()
    assert len(client.execute("notes", query="")) == 50


def test_safe_fixes_are_made_in_some_notes_or_in_all(client: Client) -> None:
    make(client.root, {"c.md": "[[One claim]]\n", "d.md": "# D\n\n[[Uno]] [[One claim]]\n"})
    client.whole()
    client.open("c.md", "[[Uno]]\n", version=3)
    done = client.execute("fixAll", uris=[client.uri("c.md")])
    (change,) = done["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": client.uri("c.md"), "version": 3}
    assert (change["edits"][0]["newText"], done["count"]) == ("one|", 1)
    done = client.execute("fixAll")
    assert (len(done["edit"]["documentChanges"]), done["count"]) == (2, 3)
    refused = client.execute("fixAll", uris=[client.uri("gone.md")])
    assert refused == "gone.md: there is no such note in the vault"
    assert "file:///x.md" in client.execute("fixAll", uris=["file:///x.md"])


def test_what_is_let_off_in_a_draft_counts_as_fixed_too(client: Client) -> None:
    text = ONE.replace("status: open", "status: draft").replace("Cats purr.", "See [[Two claims]].")
    make(client.root, {"Claims/one.md": text})
    client.whole()
    fixable = int(client.execute("overview")["summary"].rpartition(", ")[2].split()[0])
    assert fixable == client.execute("fixAll")["count"] == 1
    assert "fixed 1 in 1 file" in run(client.root, "lint", "--fix").out


def test_a_note_outside_is_not_fixed(client: Client) -> None:
    make(client.root.parent, {"out/x.md": "[[Uno]]\n"})
    (client.root / "out").symlink_to(client.root.parent / "out")
    client.whole()
    assert client.execute("fixAll") == {"edit": {"documentChanges": []}, "count": 0}


def test_the_overview_counts_as_lint_does(client: Client) -> None:
    client.open("three.md")
    seen = client.execute("overview")
    assert seen["summary"] == run(client.root, "lint", "--vault", ".").out.split("\n")[-2]
    text = (client.root / "three.md").read_text() + "\n[[no-such-note]] [[Uno]]\n"
    client.change("three.md", {"text": text})
    client.settle()
    (news,) = [one["params"] for one in client.asked if one["method"] == "vaultsync/overview"]
    assert news != seen
    make(client.root, {"three.md": text})
    assert news["summary"] == run(client.root, "lint", "--vault", ".").out.split("\n")[-2]
    assert client.execute("overview") == news
    assert news["problem"] is None
    assert set(news) == {"errors", "warnings", "hints", "notes", "summary", "problem"}


def test_an_overview_follows_the_settings(client: Client) -> None:
    before = client.execute("overview")
    good = (client.root / "vaultsync.toml").read_text()
    make(client.root, {"vaultsync.toml": "[lint\n"})
    client.whole()
    assert client.asked[-1]["params"]["problem"].startswith("vaultsync.toml")
    make(client.root, {"vaultsync.toml": f'{good}[lint]\nselect = ["LNK"]\n'})
    client.whole()
    (problem, news) = [
        one["params"] for one in client.asked if one["method"] == "vaultsync/overview"
    ]
    assert {**problem, "problem": None} == before
    assert news["summary"] == run(client.root, "lint", "--vault", ".").out.split("\n")[-2]


def test_an_overview_begins_with_why_the_vault_cannot_be_read(tmp_path: Path) -> None:
    root = make(tmp_path / "v", {"vaultsync.toml": "[lint\n", "a.md": "[[Uno]]\n"})
    with serving(root) as client:
        first = client.execute("overview")
        assert first["problem"].startswith("vaultsync.toml:")
        assert (first["notes"], first["summary"]) == (0, "")
        make(root, {"vaultsync.toml": ""})
        client.whole()
        news = [one["params"] for one in client.asked if one["method"] == "vaultsync/overview"]
        assert [(one["notes"], one["problem"]) for one in news] == [(1, None)]
        assert client.execute("overview") == news[0]


def test_nothing_is_sent_of_an_overview_that_nobody_requested(tmp_path: Path) -> None:
    with serving(make(tmp_path / "v", VAULT)) as client:
        client.open("three.md", "[[no-such-note]]\n")
        client.settle()
        assert [one["method"] for one in client.asked] == []


def test_a_vault_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with serving(make(tmp_path / "v", {"vaultsync.toml": "[lint\n", "a.md": ""})) as client:
        assert client.execute("types").startswith("vaultsync.toml:")
        assert about(client, "a.md").startswith("vaultsync.toml:")
    with serving(make(tmp_path / "w", {}), "--vault", "nowhere") as client:
        refused = client.execute("overview")
        assert refused == "there is no vault here: open a folder that is one"


def test_a_finding_has_its_name_and_whether_it_is_fixable(client: Client) -> None:
    client.open("new.md", "# A\n\n[[Uno]] [[no-such-note]]\n")
    client.settle()
    found = client.published[client.uri("new.md")]
    assert [one["data"]["isFixable"] for one in found] == [True, False]
    assert all(one["data"]["name"] for one in found)


def edited(client: Client, path: str, edit: Any) -> str:
    """Return the text of a note after an edit."""
    return applied(client, {"edit": edit}, (client.root / path).read_text(), path)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"target": "Claims/one.md"}, "[[one|the first]]"),
        ({"target": "Claims/one.md", "name": "Uno"}, "[[one|Uno]]"),
        ({"target": "three.md"}, "[[three]]"),
        ({"target": "a.png"}, "[[a.png]]"),
        ({"target": "gone.md"}, "gone.md: there is no such file in the vault"),
    ],
)
def test_a_link_is_written_as_it_is_short_and_right(client: Client, given: Any, text: str) -> None:
    make(client.root, {"a.png": b""})
    client.whole()
    found = client.execute("link", uri=client.uri("three.md"), **given)
    assert found == (text if "gone" in text else {"text": text})


def test_roles_are_those_of_the_type(client: Client) -> None:
    assert client.execute("roles", uri=client.uri("Claims/one.md")) == ["original", "contrary"]
    refused = client.execute("roles", uri=client.uri("three.md"))
    assert refused == "three.md: no type of vaultsync.toml has notes at this path"
    make(client.root, {"vaultsync.toml": '[types.bare]\nmatch = ["**"]\n'})
    client.whole()
    assert client.execute("roles", uri=client.uri("three.md")) == []


def test_a_source_is_looked_up_and_added(client: Client) -> None:
    Registry.gate.set()
    given = {"uri": client.uri("Claims/one.md"), "role": "contrary"}
    done = client.execute("source", address="https://arxiv.org/pdf/2406.11717v2", **given)
    text = edited(client, "Claims/one.md", done["edit"])
    line = '- contrary: [Refusal: "one" direction](https://arxiv.org/abs/2406.11717), Arditi 2024'
    assert f"Smith 2020\n{line}\n" in text
    assert done["failure"] is None
    done = client.execute("source", address="https://example.org/new", **given)
    assert "- contrary: [example.org/new](https://example.org/new)\n" in edited(
        client, "Claims/one.md", done["edit"]
    )
    assert "neither an arXiv address nor a DOI" in done["failure"]
    refused = client.execute("source", address="a title", **given)
    assert refused == "a title: this is not an address: it begins with https://"


def test_two_notes_are_related_with_reasons(client: Client) -> None:
    given = {"uri": client.uri("Claims/one.md"), "reason": "so", "back": "thus"}
    done = client.execute("relate", target="emoji.md", isTension=True, crux="x", **given)
    text = edited(client, "Claims/one.md", done["edit"])
    assert text.endswith("both purr\n- [[emoji]]: tension: so / thus (crux: x)\n")
    refused = client.execute("relate", target="Claims/two.md", **given)
    assert refused == "Claims/one.md: it is related to Claims/two.md already"
    refused = client.execute("relate", target="gone.md", **given)
    assert refused == "gone.md: there is no such note in the vault"


def test_questions_are_listed_and_answered(client: Client) -> None:
    asked = '\n[types.claim.body.sections.Asked]\nitems = "question"\n'
    answered = '[types.claim.states.answered]\nstatus = "open"\n'
    make(client.root, {"vaultsync.toml": CONFIG + answered + asked})
    client.whole()
    text = ONE + "\n## Asked\n\n- 😀 [[two|Why]]?\n- How? answered: [[two]]\n"
    client.open("Claims/new.md", text)
    uri = client.uri("Claims/new.md")
    first, second = client.execute("questions", uri=uri)
    assert (first["text"], first["isAnswered"]) == ("😀 Why?", False)
    assert (second["text"], second["isAnswered"]) == ("How?", True)
    done = client.execute("answer", uri=uri, range=first["range"], target="three.md")
    new = applied(client, done, text, "Claims/new.md")
    assert "- 😀 [[two|Why]]? answered: [[three]]\n" in new
    refused = client.execute("answer", uri=uri, range=second["range"], target="three.md")
    assert refused == "Claims/new.md: the question is answered already, by two"
    done = client.execute("answer", uri=uri, target="three.md")
    assert "- [[three]]: the answer\n" in applied(client, done, text, "Claims/new.md")
    assert client.execute("questions", uri=client.uri("three.md")) == []
    wrong = {"start": {"line": -1, "character": 0}, "end": {"line": 0, "character": 0}}
    refused = client.execute("answer", uri=uri, range=wrong, target="three.md")
    assert refused == "vaultsync.answer: Expected `int` >= 0 - at `$.range.start.line`"


def left(client: Client, **names: str) -> dict[str, list[str]]:
    """Move notes on the disk, as an editor does by itself, and return what is left to change."""
    events = []
    for before, path in names.items():
        old, new = client.root / f"{before}.md", client.root / path
        if old.exists() and not new.exists():
            old.rename(new)
        events += [{"uri": old.as_uri(), "type": 3}, {"uri": new.as_uri(), "type": 1}]
    client.notify("workspace/didChangeWatchedFiles", {"changes": events})
    done = client.execute("moved", names={path: f"{old}.md" for old, path in names.items()})
    return {
        client.path(one["textDocument"]["uri"]): [edit["newText"] for edit in one["edits"]]
        for one in done["edit"]["documentChanges"]
    }


def test_what_an_editor_left_of_a_move_is_known(client: Client) -> None:
    card = '{"nodes": [{"id": "n", "type": "text", "text": "[[old]]"}], "edges": []}'
    base = 'filters: file.hasLink("old")\n'
    make(client.root, {"old.md": "[[old#x]]\n", "c.canvas": card, "b.base": base})
    make(client.root, {"n.md": "[[new]] and [[old]]\n"})
    assert left(client, old="new.md") == {
        "b.base": ["new"],
        "c.canvas": ["new"],
        "n.md": ["new"],
        "new.md": ["---\naliases:\n  - old\n---\n", "new"],
    }


def test_a_name_that_nothing_knew_is_no_alias(client: Client) -> None:
    make(client.root, {"Untitled.md": "Text.\n", "sub/n.md": "[[Known]]\n", "Draft.md": "\n"})
    assert left(client, Untitled="Named.md") == {}
    assert list(left(client, Draft="Known.md")) == ["Known.md"]
    make(client.root, {"self.md": "[x](self.md#x) [y](<a b.md>)\n"})
    assert list(left(client, self="Own.md")) == ["Own.md"]


def test_a_name_that_is_there_again_is_left(client: Client) -> None:
    make(client.root, {"old.md": "Another.\n", "new.md": "Text.\n", "n.md": "[[old]]\n"})
    assert left(client, old="new.md") == left(client, gone="none.md") == {}
