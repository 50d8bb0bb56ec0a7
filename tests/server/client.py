"""A small client that speaks with a real server process."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tests.vaults import MEASURED, SOURCES, make

Message = dict[str, Any]
# Seconds after which a server that does not answer has failed the test.
_PATIENCE = 180
CAPABILITIES: Message = {"general": {"positionEncodings": ["utf-32"]}}


class Client:
    """Sends messages to a server, and holds what it published."""

    def __init__(self, process: subprocess.Popen[bytes], root: Path) -> None:
        self.process, self.root = process, root
        self.published: dict[str, list[Message]] = {}
        self.versions: dict[str, int | None] = {}
        self.shown: list[str] = []
        self.asked: list[Message] = []
        self.opened: set[str] = set()
        self._last = 0
        self._answers: dict[int, Message] = {}
        self._messages: queue.Queue[Message | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        length = 0
        while header := self.process.stdout.readline():
            if header.lower().startswith(b"content-length:"):
                length = int(header.split(b":")[1])
            elif not header.strip():
                self._messages.put(json.loads(self.process.stdout.read(length)))
        self._messages.put(None)

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message: Message) -> None:
        """Send a message."""
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification."""
        self.send({"method": method, **_given(params)})

    def start(self, method: str, params: Any = None) -> int:
        """Send a request, and return its number."""
        self._last += 1
        self.send({"id": self._last, "method": method, **_given(params)})
        return self._last

    def answer(self, number: int) -> Message:
        """Return the whole answer to a request."""
        while number not in self._answers:
            self.take()
        return self._answers.pop(number)

    def request(self, method: str, params: Any = None) -> Any:
        """Send a request, and return its result."""
        answer = self.answer(self.start(method, params))
        assert "error" not in answer, answer["error"]
        return answer.get("result")

    def take(self) -> None:
        """Wait for one message."""
        message = self._messages.get(timeout=_PATIENCE)
        assert message is not None, "the server has ended"
        self._take(message)

    def _take(self, message: Message) -> None:
        method, params = message.get("method"), message.get("params") or {}
        if method is None:
            self._answers[message["id"]] = message
        elif method == "textDocument/publishDiagnostics":
            self.published[params["uri"]] = params["diagnostics"]
            self.versions[params["uri"]] = params.get("version")
        elif method == "window/showMessage":
            self.shown.append(params["message"])
        else:
            self.asked.append(message)
            if "id" in message:
                self.send({"id": message["id"], "result": None})

    def execute(self, name: str, /, *arguments: Any, **given: Any) -> Any:
        """Return the result of a command, or the message of its error."""
        params = {"command": f"vaultsync.{name}", "arguments": arguments or (given,)}
        answer = self.answer(self.start("workspace/executeCommand", params))
        return answer["error"]["message"] if "error" in answer else answer["result"]

    def uri(self, path: str) -> str:
        """Return the address of a file of the vault."""
        return (self.root / path).as_uri()

    def path(self, uri: str) -> str:
        """Return the path in the vault of an address."""
        return unquote(uri.removeprefix(self.root.as_uri() + "/"))

    def open(self, path: str, text: str | None = None, version: int = 0) -> None:
        """Open a note, with the text that it has on disk or another."""
        self.opened.add(path)
        written = (self.root / path).read_bytes().decode() if text is None else text
        item = {"uri": self.uri(path), "languageId": "markdown", "version": version}
        self.notify("textDocument/didOpen", {"textDocument": {**item, "text": written}})

    def change(self, path: str, *changes: Message, version: int = 1) -> None:
        """Change an open note."""
        document = {"uri": self.uri(path), "version": version}
        params = {"textDocument": document, "contentChanges": changes}
        self.notify("textDocument/didChange", params)

    def close(self, path: str) -> None:
        """Close a note."""
        self.opened.discard(path)
        self.notify("textDocument/didClose", {"textDocument": {"uri": self.uri(path)}})

    def ask(self, method: str, path: str, **params: Any) -> Any:
        """Send a request about a note."""
        document = {"uri": self.uri(path)}
        return self.request(f"textDocument/{method}", {"textDocument": document, **params})

    def at(self, method: str, path: str, line: int, character: int, **params: Any) -> Any:
        """Send a request about a place in a note."""
        place = {"line": line, "character": character}
        return self.ask(method, path, position=place, **params)

    def settle(self) -> None:
        """Wait until all that was sent is answered, and its diagnostics published."""
        self.ask("foldingRange", "no such note.md")

    def reset(self, files: Mapping[str, str | bytes]) -> None:
        """Close all notes, and let the vault have these files alone."""
        for path in sorted(self.opened):
            self.close(path)
        for file in self.root.rglob("*"):
            if not file.is_dir() or file.is_symlink():
                file.unlink()
        make(self.root, files)
        self.whole()
        for kept in (self.published, self.versions, self.shown, self.asked):
            kept.clear()

    def found(self, path: str) -> list[tuple[str, str]]:
        """Return code and message of what is published about a note."""
        self.settle()
        return [(one["code"], one["message"]) for one in self.published.get(self.uri(path), [])]

    def memory(self) -> float:
        """Return the most memory that the server took so far, in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        size = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(size.split()[1]) / 1024

    def whole(self) -> dict[str, list[Message]]:
        """Return what is found in the whole vault, by address."""
        report = self.request("workspace/diagnostic", {"previousResultIds": []})
        return {item["uri"]: item["items"] for item in report["items"]}


def _given(params: Any) -> Message:
    return {} if params is None else {"params": params}


@contextmanager
def serving(
    root: Path,
    *args: str,
    capabilities: Mapping[str, Any] = CAPABILITIES,
    env: Mapping[str, str] | None = None,
    program: Sequence[str] = (sys.executable, "-m", "vaultsync", "server"),
) -> Iterator[Client]:
    """Run a server for a vault, and end it as an editor does."""
    command = [*program, *args]
    environment = {**os.environ, **MEASURED, "PYTHONPATH": str(SOURCES), **(env or {})}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=root, env=environment) as process:
        client, pipe_in = Client(process, root), process.stdin
        assert pipe_in is not None
        try:
            params = {"processId": None, "rootUri": root.as_uri(), "capabilities": capabilities}
            client.request("initialize", params)
            client.notify("initialized", {})
            yield client
            if process.poll() is None:
                client.request("shutdown")
                client.notify("exit")
                pipe_in.close()
            assert process.wait(_PATIENCE) == 0
        finally:
            process.kill()
