"""A host of repositories on this machine: its API for pull requests, and a bare repository."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.vaults import Run, git, make, run

NAME = "ann/notes"
Files = Mapping[str, str | bytes]


class Hub:
    """Pull requests and comments as the API has them; `refuses` is a status for all requests."""

    def __init__(self) -> None:
        self.pulls: list[dict[str, Any]] = []
        self.comments: dict[int, list[dict[str, Any]]] = {}
        self.seen: list[tuple[str, str]] = []
        self.refuses = 0

    def answer(self, method: str, address: str, body: Any) -> tuple[int, object]:
        path, query = (
            urlsplit(address).path.removeprefix(f"/repos/{NAME}/"),
            urlsplit(address).query,
        )
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        if method == "PATCH":
            number = int(path.rpartition("/")[2])
            (found,) = (c for all_ in self.comments.values() for c in all_ if c["id"] == number)
            found.update(body)
            return 200, found
        if path == "pulls":
            pulls = [one for one in self.pulls if one["base"]["ref"] == asked["base"]]
            return 200, _page(pulls, asked)
        comments = self.comments.setdefault(int(path.split("/")[1]), [])
        if method == "POST":
            comments.append({"id": 1000 + len(self.seen), "user": {"type": "Bot"}, **body})
            return 201, comments[-1]
        return 200, _page(comments, asked)


def _page(rows: list[dict[str, Any]], asked: Mapping[str, str]) -> list[dict[str, Any]]:
    size, number = int(asked["per_page"]), int(asked["page"])
    return rows[size * (number - 1) : size * number]


class Hosted:
    """A repository on the host, whose base is `main`, and what is done with it."""

    def __init__(self, folder: Path, hub: Hub, api: str, files: Files) -> None:
        self.folder, self.hub, self.api = folder, hub, api
        make(folder / "work", files)
        git(folder / "work", "init", "-q", "-b", "main")
        self.commit(files)
        git(folder, "clone", "-q", "--bare", "work", "origin.git")
        git(folder / "work", "remote", "add", "origin", str(folder / "origin.git"))

    def commit(self, files: Files) -> None:
        make(self.folder / "work", files)
        git(self.folder / "work", "add", "--all")
        git(self.folder / "work", "commit", "-q", "-m", "a change")

    def branch(self, name: str, files: Files, *, fork: bool = False, start: str = "main") -> int:
        """Open a pull request from a branch with a commit; return its number."""
        number = len(self.hub.pulls) + 1
        git(self.folder / "work", "checkout", "-q", "--detach", start)
        self.commit(files)
        places = [f"refs/pull/{number}/head"] + ([] if fork else [f"refs/heads/{name}"])
        for place in places:
            git(self.folder / "work", "push", "-q", "origin", f"HEAD:{place}")
        git(self.folder / "work", "checkout", "-q", "main")
        repository = {"full_name": "Ben/notes" if fork else NAME.title()}
        head = {"ref": name, "repo": repository}
        self.hub.pulls.append({"number": number, "head": head, "base": {"ref": "main"}})
        return number

    def push(self, files: Files) -> None:
        """Change the base."""
        self.commit(files)
        git(self.folder / "work", "push", "-q", "origin", "main")

    def tip(self, name: str) -> str:
        return git(self.folder / "origin.git", "rev-parse", f"refs/heads/{name}").strip()

    def text(self, name: str, path: str) -> str:
        return git(self.folder / "origin.git", "show", f"refs/heads/{name}:{path}")

    def log(self, name: str) -> str:
        """Return the parents and the author of the newest commit of a branch."""
        return git(self.folder / "origin.git", "log", "-1", "--format=%P %an", f"refs/heads/{name}")

    @property
    def env(self) -> dict[str, str]:
        """What a runner sets."""
        site = {"GITHUB_API_URL": self.api, "GITHUB_SERVER_URL": "https://hub.example.org"}
        return {"GITHUB_REPOSITORY": NAME, "GITHUB_REF_NAME": "main", "GITHUB_TOKEN": "t"} | site

    def checkout(self) -> Path:
        """Return a clone as the workflow checks it out."""
        place = self.folder / "runner"
        if not place.exists():
            git(self.folder, "clone", "-q", "origin.git", "runner")
        return place

    def merge(self, **env: str) -> Run:
        return run(self.checkout(), "merge-branches", env=self.env | env)

    def bodies(self, number: int) -> list[str]:
        return [one["body"] for one in self.hub.comments.get(number, [])]


@contextmanager
def serving(hub: Hub) -> Iterator[str]:
    """Serve the API; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            hub.seen.append((self.command, self.headers["Authorization"]))
            found = hub.answer(self.command, self.path, json.loads(body or b"null"))
            status, answer = (hub.refuses, {"message": "no"}) if hub.refuses else found
            data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = handle_one  # noqa: N815 - the names of the server's methods

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()
