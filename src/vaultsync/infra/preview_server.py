"""A server of one page for browsers on this machine only, which notifies them of changes."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from vaultsync.core.errors import VaultsyncError

ADDRESS = "127.0.0.1"
_TRIES = 20
_HIGHEST = 65_535
# Seconds after which an open page is sent a sign of life, so that one that is gone is noticed.
_SILENCE = 15.0
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class PortTaken(VaultsyncError):  # noqa: N818 - the name is the message
    """No port could be had."""


class Server(ThreadingHTTPServer):
    """Serves a page at some paths, and notifications as server-sent events at another.

    It serves only requests that name this machine as their host: the name of another site may
    resolve to this machine (DNS rebinding).
    """

    # Elsewhere two servers would share the port.
    allow_reuse_address = os.name == "posix"

    def __init__(self, port: int, paths: frozenset[str], events: str) -> None:
        """Take the port; nothing is served before `serve_forever`."""
        super().__init__((ADDRESS, port), _Handler)
        self.paths, self.events = paths, events
        self.page = b""
        self._news, self._changed = "", threading.Condition()

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://{ADDRESS}:{self.server_port}/"

    def show(self, page: bytes, news: str) -> None:
        """Serve this page from now on, and send the news, one line, to all open pages."""
        with self._changed:
            self.page, self._news = page, news
            self._changed.notify_all()

    def news(self) -> Iterator[str]:
        """Yield the news of now, and then each change of it; "" after a long silence."""
        sent = None
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._news != sent, _SILENCE)  # noqa: B023
                new = "" if self._news == sent else self._news
                sent = self._news
            yield new

    def is_addressed(self, hosts: list[str]) -> bool:
        """Whether the `Host` headers of a request name this server, and nothing else."""
        names = {f"{name}:{self.server_port}" for name in (ADDRESS, "localhost")}
        return len(hosts) == 1 and hosts[0].lower() in names

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over browsers that went away."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "vaultsync"
    sys_version = ""
    # Seconds that a browser may take for a request, and to read the response.
    timeout = 60

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        hosts = self.headers.get_all("Host", [])
        if not self.path.startswith("/") or not self.server.is_addressed(hosts):
            self._send(HTTPStatus.MISDIRECTED_REQUEST, b"another host is meant\n")
        elif path in self.server.paths:
            self._send(HTTPStatus.OK, self.server.page, "text/html; charset=utf-8")
        elif path == self.server.events:
            self._stream()
        else:
            self._send(HTTPStatus.NOT_FOUND, b"there is only the page, at /\n")

    do_HEAD = do_GET  # noqa: N815

    def _refuse(self) -> None:
        self._send(HTTPStatus.METHOD_NOT_ALLOWED, b"only GET and HEAD\n", Allow="GET, HEAD")

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = do_CONNECT = _refuse  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Log nothing."""

    def _send(
        self, status: HTTPStatus, data: bytes, kind: str = "text/plain; charset=utf-8", **more: str
    ) -> None:
        headers = {"Content-Type": kind, "Content-Length": str(len(data)), **_HEADERS, **more}
        if status >= HTTPStatus.BAD_REQUEST:
            # The body of a refused request is not read.
            headers["Connection"] = "close"
        self._begin(status, headers)
        if self.command != "HEAD":
            self.wfile.write(data)

    def _begin(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _stream(self) -> None:
        """Send events: https://html.spec.whatwg.org/multipage/server-sent-events.html."""
        headers = {"Content-Type": "text/event-stream", "Connection": "close", **_HEADERS}
        self._begin(HTTPStatus.OK, headers)
        with suppress(OSError):
            for line in self.server.news() if self.command != "HEAD" else ():
                self.wfile.write(f"data: {line}\n\n".encode() if line else b":\n\n")


def listen(port: int, paths: frozenset[str], events: str) -> Server:
    """Return a server at a port, or at one of the next where it is taken; 0 is any port.

    Raises `PortTaken` where all of them are.
    """
    last = min(port + _TRIES - 1, _HIGHEST)
    for number in range(port, last + 1):
        with suppress(OSError):
            return Server(number, paths, events)
    raise PortTaken(f"the ports from {port} to {last} are taken: choose another with --port")
