"""`vaultsync preview`, as a process that a real browser and a real client ask."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from tests.blocks.sample import NOTES, TOML
from tests.publish.pages import POST
from tests.vaults import MEASURED, SOURCES, make, run, state

from vaultsync.cli.preview import changed_paths, list_files, wait_until_settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FILES = {
    "vaultsync.toml": TOML,
    "Post.md": POST.replace(", [[nowhere|nothing]]", ""),
    "Loose.md": "Loose.\n",
    **NOTES,
}
BROKEN = FILES["Post.md"].replace("Slack matters", "Slack [[/nowhere]] matters")


class Preview(NamedTuple):
    """A running preview."""

    process: subprocess.Popen[str]
    vault: Path
    port: int

    @contextmanager
    def ask(
        self, path: str = "/", method: str = "GET", host: str = ""
    ) -> Iterator[http.client.HTTPResponse]:
        """Ask for a path of this host, or of another."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", host or f"127.0.0.1:{self.port}")
        connection.endheaders()
        with closing(connection), connection.getresponse() as response:
            yield response

    def page(self) -> str:
        """Return the page as it is served."""
        with self.ask() as response:
            return response.read().decode()

    def events(self) -> Iterator[dict[str, str]]:
        """Yield what an open page is told."""
        with self.ask("/events") as response:
            while line := response.readline().decode():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))

    def stop(self) -> tuple[int, str, str]:
        """Press Ctrl-C; return the exit code and what was said."""
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


@contextmanager
def previewed(vault: Path, *args: str) -> Iterator[Preview]:
    """Preview a vault on any free port, or as the arguments say."""
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "vaultsync",
            "--vault",
            str(vault),
            "preview",
            *(args or ("--port", "0")),
        ],
        cwd=vault,
        env={**os.environ, **MEASURED, "PYTHONPATH": str(SOURCES), "PYTHONUNBUFFERED": ""},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.fullmatch(r"the page is at http://127\.0\.0\.1:(\d+)/; .*\n", line)
            assert found, line + (process.stderr.read() if process.stderr else "")
            yield Preview(process, vault, int(found[1]))
        finally:
            process.kill()


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make(tmp_path / "vault", FILES)


def test_the_page_is_served_and_told_of_each_save(vault: Path) -> None:
    before = state(vault)
    with previewed(vault) as preview:
        with preview.ask() as response:
            page = response.read().decode()
        assert (response.status, "Slack matters" in page) == (200, True)
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert response.headers["Cache-Control"] == "no-store"
        told = preview.events()
        first = next(told)
        assert first == {"version": first["version"], "problems": ""}
        assert f'data-version="{first["version"]}"' in page
        make(vault, {"Post.md": FILES["Post.md"].replace("Slack matters", "Slack counts")})
        second = next(told)
        assert second["version"] != first["version"]
        page = preview.page()
        assert "Slack counts" in page
        assert f'data-version="{second["version"]}"' in page
        make(vault, {"Post.md": FILES["Post.md"]})
        assert next(told) == first
        code, out, err = preview.stop()
    assert (code, out) == (0, "")
    assert re.fullmatch(r"(Post\.md: a new page in \d+\.\d\d s\n){2}", err)
    after = state(vault)
    assert after.keys() == before.keys()


def test_an_error_is_told_while_the_last_good_page_stays(vault: Path) -> None:
    with previewed(vault) as preview:
        told = preview.events()
        first = next(told)
        make(vault, {"Post.md": BROKEN})
        second = next(told)
        assert second["version"] == first["version"]
        assert second["problems"].startswith("Post.md:5:7: error LNK001 there is no `/nowhere`")
        assert "Slack matters" in preview.page()
        make(vault, {"vaultsync.toml": "x = 1\n"})
        assert next(told)["problems"].startswith("error: vaultsync.toml:1:1: ")
        make(vault, {"vaultsync.toml": TOML, "Post.md": FILES["Post.md"]})
        while (last := next(told))["problems"]:
            pass
        assert last == first
        code, _, err = preview.stop()
    assert code == 0
    assert "Post.md:5:7: error LNK001" in err
    assert "1 error: the page stays as it was\n" in err
    assert "Traceback" not in err


def test_a_first_page_may_be_waited_for(vault: Path) -> None:
    make(vault, {"Post.md": BROKEN})
    with previewed(vault) as preview:
        assert "There is no page yet." in preview.page()
        told = preview.events()
        assert "LNK001" in next(told)["problems"]
        make(vault, {"Post.md": FILES["Post.md"]})
        assert next(told)["problems"] == ""
        assert "Slack matters" in preview.page()
        assert "1 error: there is no page yet\n" in preview.stop()[2]


@pytest.mark.parametrize(
    ("path", "method", "host", "status"),
    [
        ("/", "GET", "127.0.0.1:{port}", 200),
        ("/post.html", "GET", "LOCALHOST:{port}", 200),
        ("/post.html?q=a", "HEAD", "localhost:{port}", 200),
        ("/", "GET", "127.0.0.1", 421),
        ("/", "GET", "127.0.0.1:1", 421),
        ("/", "GET", "evil.example:{port}", 421),
        ("/", "GET", "localhost:{port}.evil.example", 421),
        ("/events", "GET", "evil.example", 421),
        ("http://evil.example/", "GET", "127.0.0.1:{port}", 421),
        ("/events", "HEAD", "127.0.0.1:{port}", 200),
        ("/../vaultsync.toml", "GET", "127.0.0.1:{port}", 404),
        ("/%2e%2e/vaultsync.toml", "GET", "127.0.0.1:{port}", 404),
        ("//etc/passwd", "GET", "127.0.0.1:{port}", 404),
        ("/Post.md", "GET", "127.0.0.1:{port}", 404),
        ("/", "POST", "127.0.0.1:{port}", 405),
        ("/", "DELETE", "127.0.0.1:{port}", 405),
        ("/", "OPTIONS", "127.0.0.1:{port}", 405),
        ("/", "BREW", "127.0.0.1:{port}", 501),
    ],
)
def test_only_the_page_is_had_and_only_by_this_machine(
    running: Preview, path: str, method: str, host: str, status: int
) -> None:
    with running.ask(path, method, host.format(port=running.port)) as response:
        body = response.read().decode()
    assert response.status == status
    assert response.headers["Access-Control-Allow-Origin"] is None
    assert ("Slack matters" in body) == (status == 200 and method == "GET" and path != "/events")
    if method == "HEAD":
        assert body == ""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """Return a preview that several tests ask."""
    with previewed(make(tmp_path_factory.mktemp("running"), FILES)) as preview:
        yield preview
        # Whatever it was asked, it went on without a word.
        assert preview.stop() == (0, "", "")


def test_two_host_headers_are_one_too_many(running: Preview) -> None:
    with socket.create_connection(("127.0.0.1", running.port)) as asked:
        host = f"Host: 127.0.0.1:{running.port}\r\n"
        asked.sendall(f"GET / HTTP/1.1\r\n{host}Host: evil.example\r\n\r\n".encode())
        assert asked.recv(100).startswith(b"HTTP/1.1 421 ")


def test_other_machines_cannot_ask(running: Preview) -> None:
    # All of 127.0.0.0/8 is this machine, but only one address of it is listened to.
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", running.port), timeout=5)


def test_a_browser_that_goes_away_is_no_matter(running: Preview) -> None:
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", running.port)) as asked:
            asked.sendall(
                f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n\r\n".encode()
            )
            asked.recv(10)
            asked.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert "Slack matters" in running.page()


def test_the_next_port_is_taken_where_one_is_not_free(running: Preview, vault: Path) -> None:
    with previewed(vault, "--port", str(running.port)) as second:
        assert running.port < second.port < running.port + 20
        assert second.stop() == (0, "", "")


def test_a_vault_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    found = run(tmp_path, "--vault", "nowhere", "preview")
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("error: ")


def test_a_browser_reloads_the_page_within_a_second(
    vault: Path, browsers: Callable[[str], Browser]
) -> None:
    with previewed(vault) as preview, browsers("chromium").new_page() as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"http://127.0.0.1:{preview.port}/#ropes--more")
        panel = page.locator("#preview-problems")
        assert panel.is_hidden()
        waits = []
        for word in ("counts", "helps", "gives", "matters"):
            saved = time.monotonic()
            make(vault, {"Post.md": FILES["Post.md"].replace("matters", word)})
            page.get_by_text(f"Slack {word}").wait_for(timeout=20_000)
            waits.append(time.monotonic() - saved)
        assert page.url.endswith("#ropes--more")
        make(vault, {"Post.md": BROKEN})
        panel.wait_for(timeout=20_000)
        assert "there is no `/nowhere`" in panel.inner_text()
        assert page.get_by_text("Slack matters").is_visible()
        make(vault, {"Post.md": FILES["Post.md"]})
        panel.wait_for(state="hidden", timeout=20_000)
    assert said == []
    # On a busy machine a round may be late.
    assert min(waits) < 1, waits


def test_added_changed_and_removed_files_are_named(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "a", "b.md": "b", "c.md": "c"})
    before = list_files(str(tmp_path))
    assert changed_paths(before, list_files(str(tmp_path))) == []
    (tmp_path / "a.md").write_text("longer")
    (tmp_path / "b.md").unlink()
    (tmp_path / "d.md").write_text("d")
    assert changed_paths(before, list_files(str(tmp_path))) == ["a.md", "b.md", "d.md"]


def test_a_folder_that_is_gone_is_a_state_of_its_own(tmp_path: Path) -> None:
    files = list_files(str(tmp_path / "gone"))
    assert [*files] == [""]
    assert changed_paths({}, files) == [""]


def test_the_settled_files_are_those_on_disk(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "a"})
    assert wait_until_settled(str(tmp_path), {}) == list_files(str(tmp_path))
