"""The pull requests of a repository on GitHub, and comments on them.

Source: https://docs.github.com/rest/pulls/pulls and https://docs.github.com/rest/issues/comments.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

import msgspec

from vaultsync import __version__
from vaultsync.core.errors import VaultsyncError

if TYPE_CHECKING:
    import httpx

_T = TypeVar("_T")
_PAGE = 100
_SECONDS = 30.0
# What a comment of this tool begins with.
_MARK = "<!-- vaultsync merge-branches -->"


class HostError(VaultsyncError):
    """The host was not reached, or it refused."""


class _Repository(msgspec.Struct):
    full_name: str


class _Head(msgspec.Struct):
    ref: str
    # None where a fork was deleted.
    repo: _Repository | None = None


class Pull(msgspec.Struct):
    """An open pull request."""

    number: int
    head: _Head


class _User(msgspec.Struct):
    type: str = ""


class _Comment(msgspec.Struct):
    id: int
    body: str | None = None
    user: _User | None = None

    @property
    def is_ours(self) -> bool:
        """Whether a program wrote it that begins its comments so; anybody may write the mark."""
        is_bot = self.user is not None and self.user.type == "Bot"
        return is_bot and (self.body or "").startswith(_MARK)


class Host(msgspec.Struct, frozen=True):
    """A repository at the address of an API, and the token that it is reached with."""

    api: str
    repository: str
    token: str

    def pulls(self, base: str) -> list[Pull]:
        """Return the open pull requests into a branch."""
        return list(self._all(f"pulls?state=open&base={quote(base, safe='')}&", Pull))

    def is_own(self, pull: Pull) -> bool:
        """Whether the branch of a pull request is in this repository, and not in a fork."""
        there = pull.head.repo
        return there is not None and there.full_name.lower() == self.repository.lower()

    def comment(self, pull: Pull, text: str) -> None:
        """Comment on a pull request, in the place of an earlier comment of this tool."""
        body = f"{_MARK}\n{text}"
        comments = self._all(f"issues/{pull.number}/comments?", _Comment)
        before = next((one for one in comments if one.is_ours), None)
        if before is None:
            self._request("POST", f"issues/{pull.number}/comments", {"body": body})
        elif before.body != body:
            self._request("PATCH", f"issues/comments/{before.id}", {"body": body})

    def _all(self, path: str, kind: type[_T]) -> Iterator[_T]:
        page, found = 0, [None] * _PAGE
        while len(found) == _PAGE:
            page += 1
            data = self._request("GET", f"{path}per_page={_PAGE}&page={page}")
            try:
                found = msgspec.json.decode(data, type=list[kind])  # type: ignore[valid-type]
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise HostError(f"{path}: {self.api} sent something else: {error}") from None
            yield from found  # type: ignore[misc]

    def _request(self, method: str, path: str, body: dict[str, str] | None = None) -> bytes:
        import httpx

        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self.token}",
            "User-Agent": f"vaultsync/{__version__}",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        address = f"{self.api}/repos/{self.repository}/{path}"
        try:
            with httpx.Client(headers=headers, timeout=_SECONDS) as client:
                return _data(client.request(method, address, json=body))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise HostError(f"{method} {address}: {reason}") from None


def _data(response: httpx.Response) -> bytes:
    response.raise_for_status()
    return response.content
