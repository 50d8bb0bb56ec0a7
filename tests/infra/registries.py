"""A server that plays the registries and pages of the web."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec
import pytest

from vaultsync.core.config import WebSettings
from vaultsync.infra.registries.lookups import Wanted, look_up
from vaultsync.notes.source_address import identity
from vaultsync.notes.source_lock import SourceRecord

Answer = Callable[["Handler"], None]
ENTRY = """<entry><id>http://arxiv.org/abs/{id}v{version}</id><title>{title}</title>
<summary>{summary}</summary><published>2024-06-17T00:00:00Z</published>
<author><name>Ada Lee</name></author>
<arxiv:comment xmlns:arxiv="http://arxiv.org/schemas/atom">{comment}</arxiv:comment></entry>"""
TOTAL = '<o:totalResults xmlns:o="http://a9.com/-/spec/opensearch/1.1/">{}</o:totalResults>'


class World:
    """What servers have: preprints, works by DOI, and answers by path; and what was requested."""

    def __init__(self) -> None:
        self.preprints: dict[str, dict[str, object]] = {}
        self.works: dict[str, dict[str, object]] = {}
        self.answers: dict[str, Answer] = {}
        self.requests: list[tuple[str, str, float]] = []
        self.base = ""

    def settings(self, **given: object) -> WebSettings:
        names = {"arxiv": "/query", "doi": "/works/", "handles": "/handles/"}
        places = {name: f"{self.base}{path}" for name, path in names.items()}
        archive = f"{self.base}/available?url="
        values = {"timeout": 5.0, "spacing": 0.0, "archive": archive, **given}
        return msgspec.convert({**places, **values}, WebSettings)

    def look(
        self,
        *urls: str,
        quotations: tuple[str, ...] = (),
        private: bool = True,
        **given: object,
    ) -> list[SourceRecord]:
        wanted = [Wanted(identity(url), url, quotations) for url in urls]
        found = {one.id: one for one in look_up(wanted, self.settings(**given), private=private)}
        assert len(found) == len(urls)
        return [found[one.id] for one in wanted]

    def page(self, *quotations: str, private: bool = True, **given: object) -> SourceRecord:
        url = f"{self.base}/page"
        (found,) = self.look(url, quotations=quotations, private=private, **given)
        return found

    def paths(self, method: str = "GET") -> list[str]:
        return [path for verb, path, _ in self.requests if verb == method]


class Handler(BaseHTTPRequestHandler):
    world: World
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.world.requests.append((self.command, self.path, time.monotonic()))
        path = urlsplit(self.path).path
        own = self.world.answers.get(path)
        if own:
            own(self)
        elif path == "/query":
            self.send(self._feed())
        elif path.startswith(("/handles/", "/works/")):
            self._registered(path)
        else:
            self.send(b"", 404)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _feed(self) -> bytes:
        ids = parse_qs(urlsplit(self.path).query)["id_list"][0].split(",")
        base = {"version": 1, "title": "T", "summary": "We show.", "comment": ""}
        known = {one: self.world.preprints[one] for one in ids if one in self.world.preprints}
        entries = "".join(
            ENTRY.format(**{**base, **facts, "id": key}) for key, facts in known.items()
        )
        total = TOTAL.format(len(known))
        return f'<feed xmlns="http://www.w3.org/2005/Atom">{total}{entries}</feed>'.encode()

    def _registered(self, path: str) -> None:
        kind, doi = path[1:].split("/", 1)
        work = self.world.works.get(unquote(doi))
        if work is None or (kind == "works" and not work):
            self.send(b"{}", 404)
        else:
            self.send(json.dumps({"responseCode": 1, "message": work}).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the tests' output clean."""

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def sends(body: str | bytes, status: int = 200, **headers: str) -> Answer:
    data = body.encode() if isinstance(body, str) else body
    return lambda request: request.send(data, status, **{"Content_Type": "text/html", **headers})


@contextmanager
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Serve a world on this machine."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("VAULTSYNC_OPENALEX_KEY", raising=False)
    monkeypatch.delenv("VAULTSYNC_OPENALEX_ADDRESS", raising=False)
    found = World()

    class Own(Handler):
        world = found

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Keep the tests' output clean of clients that hang up."""

    server = Server(("127.0.0.1", 0), Own)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    found.base = f"http://127.0.0.1:{server.server_address[1]}"
    yield found
    server.shutdown()
    thread.join()
    server.server_close()
