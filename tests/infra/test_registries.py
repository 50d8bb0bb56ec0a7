from __future__ import annotations

import gzip
import json
import threading
import time
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

import pytest
from tests.infra import registries

from vaultsync import __version__
from vaultsync.core.config import WebSettings
from vaultsync.infra.registries import Work, lookup
from vaultsync.infra.registries.http import LookupFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENTRY = """
<entry>
  <id>http://arxiv.org/abs/{id}v3</id>
  <published>2017-06-12T17:57:34Z</published>
  <updated>2023-08-02T00:41:18Z</updated>
  <title>Attention Is All
  You Need for $a&lt;b$ and $c&gt;d$</title>
  <author><name>Ashish  Vaswani</name></author>
  <author><name>Jürgen van der Berg</name></author>
</entry>
"""
FEED = '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'
ERROR = "<entry><title>Error</title><summary>incorrect id</summary></entry>"
LAUGHS = '<!DOCTYPE feed [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
CROSSREF = {
    "status": "ok",
    "message": {
        "title": ["Genetics of <i>Drosophila</i> &amp;\n <mml:math display='x'>x</mml:math> < y"],
        "author": [
            {"given": "Ada", "family": "Lovelace", "sequence": "first"},
            {"family": "Plato"},
            {"name": "The Consortium"},
            {"affiliation": []},
        ],
        "issued": {"date-parts": [[2019, 5, 1]]},
    },
}
WORK = Work(
    "Attention Is All You Need for $a<b$ and $c>d$",
    ("Ashish Vaswani", "Jürgen van der Berg"),
    2017,
    "https://arxiv.org/abs/1706.03762",
)


class Handler(registries.Handler):
    """Answers each request with what the test set."""

    answer: ClassVar[Callable[[Handler], object]]
    asked: ClassVar[list[tuple[str, str]]]
    # A connection ends with its answer, also where the body is shorter than announced.
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:  # noqa: N802 - the name is the library's
        self.asked.append((self.path, self.headers["User-Agent"]))
        type(self).answer(self)


class Registry:
    """A registry on this machine; `timeout` is that of its clients."""

    def __init__(self, handler: type[Handler], port: int) -> None:
        self.handler = handler
        self.base = f"http://127.0.0.1:{port}"

    def answers(self, answer: Callable[[Handler], object]) -> None:
        self.handler.answer = answer

    def sends(self, body: str | bytes, status: int = 200, **headers: str) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.answers(lambda request: request.send(data, status, **headers))

    def settings(self, timeout: float = 10.0) -> WebSettings:
        return WebSettings(arxiv=f"{self.base}/query", doi=f"{self.base}/works/", timeout=timeout)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    class Own(Handler):
        asked: ClassVar[list[tuple[str, str]]] = []

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield Registry(Own, server.server_address[1])
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("url", "identity"),
    [
        ("https://arxiv.org/abs/1706.03762", "1706.03762"),
        ("https://arxiv.org/abs/1706.03762v5", "1706.03762"),
        ("https://arxiv.org/pdf/1706.03762v2.pdf", "1706.03762"),
        ("https://arxiv.org/html/1706.03762", "1706.03762"),
        ("https://doi.org/10.48550/arXiv.1706.03762", "1706.03762"),
        ("https://arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
        ("https://arxiv.org/pdf/hep-th/9901001v1", "hep-th/9901001"),
    ],
)
def test_arxiv(registry: Registry, url: str, identity: str) -> None:
    registry.sends(FEED.format(ENTRY.format(id=identity)))
    page = f"https://arxiv.org/abs/{identity}"
    assert lookup(url, registry.settings()) == Work(WORK.title, WORK.authors, 2017, page)
    agent = f"vaultsync/{__version__}"
    assert registry.handler.asked == [(f"/query?id_list={identity}&max_results=1", agent)]


@pytest.mark.parametrize(
    "url", ["https://doi.org/10.1000/A(b)", "http://dx.doi.org/10.1000/a(b)", "10.1000/a(b)"]
)
def test_doi(registry: Registry, url: str) -> None:
    registry.sends(json.dumps(CROSSREF))
    assert lookup(url, registry.settings()) == Work(
        "Genetics of Drosophila & x < y",
        ("Ada Lovelace", "Plato", "The Consortium"),
        2019,
        "https://doi.org/10.1000/a(b)",
    )
    assert [path for path, _ in registry.handler.asked] == ["/works/10.1000%2Fa%28b%29"]


def test_what_a_registry_leaves_out(registry: Registry) -> None:
    registry.sends('{"message": {"title": ["T"], "issued": {"date-parts": [[null]]}}}')
    found = lookup("10.1000/x", registry.settings())
    assert found == Work("T", (), None, "https://doi.org/10.1000/x")
    link = "<id>http://arxiv.org/abs/1706.03762</id>"
    registry.sends(FEED.format(f"<entry>{link}<title>T</title><author><name/></author></entry>"))
    found = lookup("arXiv:1706.03762", registry.settings())
    assert found == Work("T", (), None, "https://arxiv.org/abs/1706.03762")


@pytest.mark.parametrize("url", ["https://example.org/paper", "", "10.x/y"])
def test_what_no_registry_knows(registry: Registry, url: str) -> None:
    with pytest.raises(LookupFailed, match="neither an arXiv address nor a DOI"):
        lookup(url, registry.settings())
    assert registry.handler.asked == []


@pytest.mark.parametrize("entry", [ERROR, "", "<entry/>"])
def test_arxiv_without_the_work(registry: Registry, entry: str) -> None:
    registry.sends(FEED.format(entry))
    assert failure(registry, "arXiv:1706.03762") == "arXiv knows no 1706.03762"


def failure(registry: Registry, url: str, timeout: float = 10.0) -> str:
    with pytest.raises(LookupFailed) as caught:
        lookup(url, registry.settings(timeout))
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2
    return str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><p>Sign in</html>",
        b"\xff\xfe<\x00",
        FEED.format("").encode("utf-16"),
        b"<feed>\x00</feed>",
        FEED.format(ENTRY).encode()[:-20],
    ],
)
def test_arxiv_answers_junk(registry: Registry, body: bytes) -> None:
    registry.sends(body)
    assert "not a feed" in failure(registry, "arXiv:1706.03762")


def test_arxiv_answers_with_a_document_type(registry: Registry) -> None:
    registry.sends(LAUGHS + "<feed>&b;</feed>")
    assert "document type" in failure(registry, "arXiv:1706.03762")


def test_arxiv_answers_a_very_deep_document(registry: Registry) -> None:
    registry.sends("<a>" * 100_000 + "</a>" * 100_000)
    assert failure(registry, "arXiv:1706.03762") == "arXiv answered something that is not a feed"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"null",
        b"{}",
        b'{"message": []}',
        b'{"message": {"title": "text"}}',
        b'{"message": {"author": [{"family": 1}]}}',
        b'{"message": {"issued": {"date-parts": [["2019"]]}}}',
        b'{"message": {"title": ["\xff"]}}',
        b'{"other": ' + b"[" * 200_000,
    ],
)
def test_crossref_answers_junk(registry: Registry, body: bytes) -> None:
    registry.sends(body)
    assert "not a work" in failure(registry, "10.1000/x")


def test_crossref_without_a_title(registry: Registry) -> None:
    registry.sends('{"message": {"title": []}}')
    assert failure(registry, "10.1000/x") == "Crossref has no title for 10.1000/x"


def test_crossref_does_not_know_a_work(registry: Registry) -> None:
    registry.sends(b"", 404)
    assert failure(registry, "10.1000/x") == "Crossref knows no 10.1000/x"


@pytest.mark.parametrize("status", [204, 400, 410, 429, 500, 503])
def test_a_status(registry: Registry, status: int) -> None:
    registry.sends(b"", status)
    words = failure(registry, "10.1000/x")
    assert f"the answer was {status} " in words or (status == 204 and "not a work" in words)


def test_nobody_listens() -> None:
    closed = WebSettings(arxiv="http://127.0.0.1:1/", doi="http://127.0.0.1:1/", timeout=5.0)
    with pytest.raises(LookupFailed, match="Connection refused"):
        lookup("10.1000/x", closed)


def test_a_host_that_does_not_exist() -> None:
    nowhere = WebSettings(
        arxiv="http://registry.invalid/", doi="http://registry.invalid/", timeout=5.0
    )
    with pytest.raises(LookupFailed, match=r"^registry\.invalid was not reached \([^\[\d]"):
        lookup("10.1000/x", nowhere)


@pytest.mark.parametrize("base", ["", "no address ", "ftp://127.0.0.1/", "http://[/", "http://\n/"])
def test_an_address_in_the_settings_is_wrong(base: str) -> None:
    with pytest.raises(LookupFailed) as caught:
        lookup("10.1000/x", WebSettings(arxiv=base, doi=base, timeout=5.0))
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("name", "value"), [("HTTP_PROXY", "socks5://127.0.0.1:1"), ("HTTP_PROXY", "odd://x")]
)
def test_a_proxy_that_cannot_be_used(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv(name, value)
    assert " was not reached (" in failure(registry, "10.1000/x")


def test_certificates_that_are_missing(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/certificates.pem")
    assert failure(registry, "10.1000/x").endswith("No such file or directory)")


def test_a_slow_server(registry: Registry) -> None:
    released = threading.Event()
    registry.answers(lambda _: released.wait(10))
    started = time.monotonic()
    words = failure(registry, "10.1000/x", timeout=0.2)
    released.set()
    assert words.endswith("gave no answer in 0.2 seconds")
    assert time.monotonic() - started < 30


def test_a_server_that_drips(registry: Registry) -> None:
    stop = threading.Event()

    def drip(request: Handler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        while not stop.wait(0.05):
            request.wfile.write(b" ")

    registry.answers(drip)
    started = time.monotonic()
    words = failure(registry, "10.1000/x", timeout=0.2)
    stop.set()
    assert words.endswith("the answer came too slowly")
    assert time.monotonic() - started < 30


def test_a_body_that_breaks_off(registry: Registry) -> None:
    body = json.dumps(CROSSREF)
    registry.sends(body, Content_Length=str(len(body) + 10))
    assert "without sending complete message body" in failure(registry, "10.1000/x")


def test_a_connection_that_breaks_off(registry: Registry) -> None:
    registry.answers(lambda request: request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-"))
    assert failure(registry, "10.1000/x").startswith(registry.base.partition("//")[2])
    registry.answers(lambda request: request.wfile.write(b"junk\r\n\r\n"))
    assert failure(registry, "10.1000/x").startswith(registry.base.partition("//")[2])


def test_a_body_that_is_too_large(registry: Registry) -> None:
    registry.sends(json.dumps(CROSSREF) + " " * (1 << 20))
    assert failure(registry, "10.1000/x").endswith("the answer is longer than 1048576 bytes")


@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip", "br"])
def test_a_packed_body_is_not_unpacked(registry: Registry, encoding: str) -> None:
    registry.sends(gzip.compress(gzip.compress(b" " * (1 << 24))), Content_Encoding=encoding)
    words = failure(registry, "10.1000/x")
    assert words.endswith(f"the answer is packed ({encoding}), as was not requested")


def test_headers_that_drip(registry: Registry) -> None:
    stop = threading.Event()

    def drip(request: Handler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not stop.wait(0.05):
            request.wfile.write(b"x")
            request.wfile.flush()

    registry.answers(drip)
    started = time.monotonic()
    words = failure(registry, "10.1000/x", timeout=0.2)
    stop.set()
    assert words.endswith("the answer came too slowly")
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("host", ["127.0.0.2", "10.0.0.1", "169.254.169.254", "[::1]"])
def test_a_redirect_to_a_private_address_is_refused(registry: Registry, host: str) -> None:
    registry.sends(b"", 302, Location=f"http://{host}:1/latest/meta-data")
    words = failure(registry, "10.1000/x", timeout=2)
    assert words.endswith(f"redirects to {host.strip('[]')}, not a public host")
    assert len(registry.handler.asked) == 1


def test_redirects_are_followed(registry: Registry) -> None:
    def answer(request: Handler) -> None:
        if request.path.startswith("/moved/"):
            request.send(FEED.format(ENTRY.format(id="1706.03762")).encode())
        else:
            request.send(b"", 301, Location="/moved/here")

    registry.answers(answer)
    assert lookup("https://arxiv.org/abs/1706.03762", registry.settings()) == WORK


@pytest.mark.parametrize("location", ["/loop", "ftp://127.0.0.1/", "http://[", "http://a:b/"])
def test_redirects_that_lead_nowhere(registry: Registry, location: str) -> None:
    registry.sends(b"", 302, Location=location)
    assert failure(registry, "10.1000/x").startswith(registry.base.partition("//")[2])
    assert len(registry.handler.asked) <= 6
