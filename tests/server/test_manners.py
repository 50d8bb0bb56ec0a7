"""Clients of every kind, and vaults with something wrong."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.server.client import CAPABILITIES, Client, serving
from tests.server.test_session import on_command_line, whole
from tests.test_bad_input import unreadable
from tests.vaults import make

from vaultsync.server.addresses import local_path

NOTE = "# A\n\n😀 ä [[gone-for-good]]\n"
FILES = {".obsidian/app.json": "{}", "a.md": NOTE, "b.md": "# B\n"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(make(tmp_path_factory.mktemp("manners") / "v", FILES)) as started:
        yield started


@pytest.fixture
def client(server: Client) -> Client:
    server.reset(FILES)
    return server


@pytest.mark.parametrize(
    ("encoding", "column"), [("utf-8", 8), ("utf-16", 5), ("utf-32", 4), (None, 5)]
)
def test_columns_are_in_the_encoding_that_is_agreed(
    tmp_path: Path, encoding: str | None, column: int
) -> None:
    general = {"general": {"positionEncodings": [encoding]}} if encoding else {}
    with serving(make(tmp_path / "v", FILES), capabilities=general) as client:
        client.open("a.md")
        client.settle()
        (one,) = client.published[client.uri("a.md")]
        assert one["range"]["start"] == {"line": 2, "character": column}
        start, end = ({"line": 2, "character": at} for at in (column, column + 17))
        client.change("a.md", {"range": {"start": start, "end": end}, "text": "[[b]]"})
        assert client.found("a.md") == []


def test_a_file_that_changes_outside_is_followed(client: Client) -> None:
    client.open("a.md", "[[b#B]]\n")
    assert client.found("a.md") == []
    make(client.root, {"b.md": "# Other\n"})
    changes = [{"uri": client.uri("b.md"), "type": 2}]
    client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
    assert [code for code, _ in client.found("a.md")] == ["LNK003"]
    (client.root / "b.md").unlink()
    client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
    assert [code for code, _ in client.found("a.md")] != ["LNK003"]


def test_the_whole_vault_is_read_again_on_request(client: Client) -> None:
    client.whole()
    make(client.root, {"c.md": "[[gone-too]]\n", "a.md": "# A\n"})
    assert whole(client) == on_command_line(client.root)


def test_broken_settings_are_a_message_and_the_last_good_ones_hold(client: Client) -> None:
    make(client.root, {"vaultsync.toml": '[lint]\nignore = ["LNK017"]\n'})
    assert client.whole() == {}
    make(client.root, {"vaultsync.toml": "[lint\n", "b.md": "[[gone-too]]\n"})
    assert client.whole() == {}
    assert any("vaultsync.toml" in message for message in client.shown)
    make(client.root, {"vaultsync.toml": ""})
    assert set(client.whole()) == {client.uri("a.md"), client.uri("b.md")}


def test_settings_that_are_broken_from_the_start(tmp_path: Path) -> None:
    root = make(tmp_path / "v", {**FILES, "vaultsync.toml": "[lint\n"})
    with serving(root) as client:
        client.open("a.md")
        client.settle()
        assert len(client.shown) == 1
        make(root, {"vaultsync.toml": ""})
        assert set(client.whole()) == {client.uri("a.md")}


def test_a_vault_that_goes_away_keeps_its_state(client: Client) -> None:
    before = client.whole()
    away = client.root.rename(client.root.with_name("away"))
    assert client.whole() == before
    assert len(client.shown) == 1
    away.rename(client.root)


def test_what_is_typed_while_the_vault_is_away_is_checked_and_not_lost(client: Client) -> None:
    client.open("b.md")
    client.settle()
    away = client.root.with_name("away")
    client.root.rename(away)
    changes = [{"uri": client.uri("a.md"), "type": 3}]
    client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
    client.change("b.md", {"text": "[[gone-too]]\n"})
    assert [code for code, _ in client.found("b.md")] == ["LNK017"]
    assert len(client.shown) == 1
    assert f"{client.root}: cannot be read" in client.shown[0]
    assert not client.root.exists()
    away.rename(client.root)
    make(client.root, {"b.md": "[[gone-too]]\n"})
    assert whole(client) == on_command_line(client.root)


def test_a_folder_without_notes_is_a_message(tmp_path: Path) -> None:
    with serving(make(tmp_path / "v", {"x.txt": ""})) as client:
        assert client.whole() == {}
        assert "empty" in client.shown[0]


def test_a_vault_that_is_not_there_is_a_message(tmp_path: Path) -> None:
    with serving(make(tmp_path / "v", FILES), "--vault", "nowhere") as client:
        assert client.whole() == {}
        assert "no such folder" in client.shown[0]


def test_a_note_that_is_not_utf8_is_reported(client: Client) -> None:
    make(client.root, {"c.md": b"\xff\n"})
    assert whole(client)[client.uri("c.md")][0][0] == "FIL001"
    everywhere = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
    assert client.ask("codeAction", "c.md", range=everywhere, context={"diagnostics": []}) is None
    assert (client.root / "c.md").read_bytes() == b"\xff\n"


def test_a_file_that_another_program_holds_is_read(client: Client) -> None:
    make(client.root, {"c.md": "[[gone-too]]\n"})
    with (client.root / "c.md").open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert [row[0] for row in whole(client)[client.uri("c.md")]] == ["LNK017"]


def test_a_file_that_cannot_be_read_is_reported(client: Client) -> None:
    unreadable(client.root / "c.md")
    found = whole(client)
    assert found == on_command_line(client.root)
    ((code, message, *_),) = found[client.uri("c.md")]
    assert code == "FIL001"
    assert message.startswith("cannot be read: ")


def test_wild_messages_do_no_harm(client: Client) -> None:
    far = {"line": 10**9, "character": 10**9}
    client.change("b.md", {"text": "never opened"})
    client.close("b.md")
    client.open("a.md", "x" * 10_000_000, version=9)
    client.change("a.md", {"range": {"start": far, "end": far}, "text": "\n[[end]]"}, version=3)
    backwards = {"start": {"line": 1, "character": 5}, "end": {"line": 0, "character": 0}}
    client.change("a.md", {"range": backwards, "text": "\ud800"}, version=1)
    client.change("a.md", {"range": {"start": {"line": -1}}}, version="no")  # type: ignore[arg-type]
    client.notify("no/suchThing", {"x": 1})
    client.notify("$/cancelRequest", {"id": 12345})
    client.notify("textDocument/didOpen", {"textDocument": {"uri": 7}})
    client.write(b"Content-Length: 5\r\n\r\n{{{{{")
    client.write(b"Content-Length: 4\r\n\r\n\xff\xfe\xfd\xfc")
    deep = (
        b'{"jsonrpc":"2.0","id":1,"method":"x","params":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    )
    client.write(b"Content-Length: %d\r\n\r\n" % len(deep) + deep)
    assert "error" in client.answer(client.start("no/suchRequest", {}))
    client.change("a.md", {"text": NOTE}, version=4)
    assert [code for code, _ in client.found("a.md")] == ["LNK017"]
    assert client.versions[client.uri("a.md")] == 4


def test_a_request_can_be_cancelled(client: Client) -> None:
    names = {f"n{number}.md": "[[gone-for-good]]\n" * 9 for number in range(300)}
    make(client.root, names)
    number = client.start("workspace/diagnostic", {"previousResultIds": []})
    client.notify("$/cancelRequest", {"id": number})
    # It may have been answered before.
    answer = client.answer(number)
    assert answer["error"]["code"] == -32800 if "error" in answer else answer["result"]["items"]
    assert len(client.whole()) == 301


def test_progress_is_shown_where_the_client_can(tmp_path: Path) -> None:
    window = {"window": {"workDoneProgress": True}}
    watching = {"didChangeWatchedFiles": {"dynamicRegistration": True}}
    able = {**CAPABILITIES, **window, "workspace": watching}
    with serving(make(tmp_path / "v", FILES), capabilities=able) as client:
        client.open("a.md")
        assert [code for code, _ in client.found("a.md")] == ["LNK017"]
        client.whole()
        asked = [message["method"] for message in client.asked]
        kinds = [
            message["params"]["value"]["kind"]
            for message in client.asked
            if message["method"] == "$/progress"
        ]
    assert asked[0] == "client/registerCapability"
    assert (kinds[0], kinds[-1]) == ("begin", "end")


def test_what_is_hidden_or_ignored_is_not_of_the_vault(client: Client) -> None:
    for path in (".obsidian/note.md", "plain.txt", "../outside.md"):
        client.open(path, "[[gone-for-good]]\n")
        assert client.found(path) == []


def test_an_address_may_be_escaped_in_any_way(client: Client) -> None:
    make(client.root, {"a b.md": ""})
    uri = client.uri("a b.md").replace("%20", " ").replace("/v/", "/%76/")
    item = {"uri": uri, "languageId": "markdown", "version": 1, "text": "[[gone-for-good]]\n"}
    client.notify("textDocument/didOpen", {"textDocument": item})
    client.settle()
    assert [one["code"] for one in client.published[uri]] == ["LNK017"]
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


def test_the_letter_of_a_drive_may_be_escaped(tmp_path: Path) -> None:
    with serving(make(tmp_path / "c:/v", FILES)) as client:
        uri = client.uri("a.md")
        assert "/c%3A/" in uri
        for form in (uri, uri.replace("c%3A", "c:"), uri.replace("%3A", "%3a")):
            item = {"uri": form, "languageId": "markdown", "version": 1, "text": NOTE}
            client.notify("textDocument/didOpen", {"textDocument": item})
            client.settle()
            assert [one["code"] for one in client.published[form]] == ["LNK017"]
            client.notify("textDocument/didClose", {"textDocument": {"uri": form}})


@pytest.mark.parametrize(
    "uri",
    ["file://server/share/a.md", "file:///C:/v/a.md", "C:\\v\\a.md", "\\\\server\\share\\a.md"],
)
def test_an_address_of_another_disk_is_not_of_the_vault(client: Client, uri: str) -> None:
    item = {"uri": uri, "languageId": "markdown", "version": 1, "text": NOTE}
    client.notify("textDocument/didOpen", {"textDocument": item})
    client.settle()
    assert uri not in client.published


def test_a_path_may_be_long(client: Client) -> None:
    path = "/".join(["folder-of-thirty-characters-xx"] * 12) + "/note.md"
    client.open(path, "[[gone-for-good]]\n")
    assert len(path) > 260
    assert [code for code, _ in client.found(path)] == ["LNK017"]


@pytest.mark.parametrize(
    ("uri", "posix", "windows"),
    [
        ("file:///a/b%20c.md", "/a/b c.md", "\\a\\b c.md"),
        ("file:///c%3A/x.md", "/c:/x.md", "c:\\x.md"),
        ("file:///C:/x.md", "/C:/x.md", "C:\\x.md"),
        ("file://localhost/a.md", "/a.md", "\\a.md"),
        ("file://server/share/a.md", None, "\\\\server\\share\\a.md"),
        ("file:///a#b?c.md", "/a#b?c.md", "\\a#b?c.md"),
        ("untitled:one", None, None),
        ("file:///a%00b", None, None),
        ("http://[broken", None, None),
    ],
)
def test_addresses_are_paths_of_the_system(uri: str, posix: str, windows: str) -> None:
    assert local_path(uri, windows=False) == posix
    assert local_path(uri, windows=True) == windows


def test_the_server_ends_with_its_client(tmp_path: Path) -> None:
    with serving(make(tmp_path / "v", FILES)) as client:
        client.notify("exit")
        assert client.process.wait(180) == 0


def test_the_server_ends_where_its_input_does(tmp_path: Path) -> None:
    with serving(make(tmp_path / "v", FILES)) as client:
        assert client.process.stdin is not None
        client.process.stdin.close()
        assert client.process.wait(180) == 0
