"""Requests over HTTP whose time, size and goal are bounded, whatever a server does."""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import msgspec

from vaultsync import __version__
from vaultsync.core.errors import VaultsyncError

if TYPE_CHECKING:
    import httpx

LIMIT = 1 << 20
_MOST_REDIRECTS = 5
_NUMBER = re.compile(r"\[Errno -?\d+\] ")
# Seconds beyond the timeout in which its own message may come.
_GRACE = 1.0

Method = Literal["GET", "HEAD"]


class LookupFailed(VaultsyncError):  # noqa: N818 - the name is the message
    """A registry could not be reached, does not know the work, or sent something else.

    `may_pass`: a later request may succeed, since no connection was made. `no_connection`: the
    host was not found, or did not accept one.
    """

    def __init__(
        self, message: str, *, may_pass: bool = False, no_connection: bool = False
    ) -> None:
        """Bind them."""
        super().__init__(message)
        self.may_pass, self.no_connection = may_pass, no_connection


class Response(msgspec.Struct, frozen=True):
    """What a server sent: at most the wanted bytes of its body, none where it is packed.

    `url` is the address after all redirects, `media` the type of the body. `retry_after` are the
    seconds after which the server wants the next request, None where it named none.
    """

    status: int
    reason: str
    url: str
    body: bytes = b""
    media: str = ""
    retry_after: float | None = None
    packing: str = ""
    is_whole: bool = True

    @property
    def is_success(self) -> bool:
        """Whether the server sent what was requested."""
        return 200 <= self.status < 300  # noqa: PLR2004 - https://www.rfc-editor.org/rfc/rfc9110


class Limits(msgspec.Struct, frozen=True):
    """What a request may take: seconds as a whole, bytes, and whether hosts may be private.

    The host of the address itself is one that the settings name unless `is_foreign`.
    """

    timeout: float
    size: int = LIMIT
    private: bool = False
    is_foreign: bool = False


def fetch(address: str, limits: Limits, method: Method = "GET") -> Response:
    """Return the response to a request; the thread of one that never ends is left.

    Raises `LookupFailed` where no response came, with a reason of one line.
    """
    answers: SimpleQueue[Response | BaseException] = SimpleQueue()

    def request() -> None:
        try:
            answers.put(_request(address, limits, method))
        except BaseException as error:  # noqa: BLE001 - raised in the other thread
            answers.put(error)

    threading.Thread(target=request, daemon=True).start()
    try:
        # A server that sends its headers byte by byte meets every timeout of a single read.
        answer = answers.get(timeout=limits.timeout + _GRACE)
    except Empty:
        raise LookupFailed(f"{host_of(address)}: the answer came too slowly") from None
    if isinstance(answer, BaseException):
        raise answer
    return answer


def whole_body(response: Response) -> bytes:
    """Return the body of a successful response; raise `LookupFailed` for any other."""
    if not response.is_success:
        status = f"{response.status} {response.reason}".strip()
        raise LookupFailed(f"{response.url}: the answer was {status}")
    if response.packing:
        # Unpacked, a few bytes may fill the memory.
        packing = response.packing
        raise LookupFailed(
            f"{response.url}: the answer is packed ({packing}), as was not requested"
        )
    if not response.is_whole:
        raise LookupFailed(f"{response.url}: the answer is longer than {len(response.body)} bytes")
    return response.body


def host_of(address: str) -> str:
    """Return the host that an address names; the address where it names none."""
    try:
        return urlsplit(address).netloc or address
    except ValueError:
        return address


def _request(address: str, limits: Limits, method: Method) -> Response:
    import httpx

    headers = {"User-Agent": f"vaultsync/{__version__}", "Accept-Encoding": "identity"}
    deadline = time.monotonic() + limits.timeout

    def refuse(request: httpx.Request) -> None:
        is_known = request.url.host == httpx.URL(address).host and not limits.is_foreign
        if not is_known and not limits.private and _is_private(request.url.host):
            reason = f"redirects to {request.url.host}, " if request.url != address else ""
            raise LookupFailed(f"{host_of(address)}: {reason}not a public host")

    with (
        _as_failure(address, limits.timeout),
        httpx.Client(
            headers=headers,
            timeout=limits.timeout,
            follow_redirects=True,
            max_redirects=_MOST_REDIRECTS,
            event_hooks={"request": [refuse]},
        ) as client,
        client.stream(method, address) as response,
    ):
        return _received(response, limits, deadline)


@contextmanager
def _as_failure(address: str, timeout: float) -> Iterator[None]:
    import httpx

    try:
        yield
    except httpx.TimeoutException as error:
        reason = f"{host_of(address)} gave no answer in {timeout:g} seconds"
        lost = isinstance(error, httpx.ConnectTimeout)
        raise LookupFailed(reason, may_pass=True, no_connection=lost) from None
    # Errors that a proxy or a certificate in the environment causes are not all httpx's own.
    except (httpx.HTTPError, httpx.InvalidURL, ImportError, OSError, ValueError) as error:
        # Numbers of errors differ between systems, and the text goes into a file that they share.
        text = _NUMBER.sub("", str(error))
        reason = " ".join(text.split()) or type(error).__name__
        may_pass = isinstance(error, httpx.TransportError)
        message = f"{host_of(address)} was not reached ({reason})"
        lost = isinstance(error, httpx.ConnectError | socket.gaierror)
        raise LookupFailed(message, may_pass=may_pass, no_connection=lost) from None


def _is_private(host: str) -> bool:
    """Whether a name leads to a machine that is not on the public network."""
    found = socket.getaddrinfo(host, None)
    return not all(ipaddress.ip_address(str(one[4][0])).is_global for one in found)


def _received(response: httpx.Response, limits: Limits, deadline: float) -> Response:
    packing = response.headers.get("Content-Encoding", "").strip()
    packing = "" if packing.lower() == "identity" else packing
    data = bytearray()
    for part in () if packing or response.request.method == "HEAD" else response.iter_raw():
        data += part
        if len(data) > limits.size:
            break
        if time.monotonic() > deadline:
            raise LookupFailed(f"{response.url}: the answer came too slowly")
    return Response(
        response.status_code,
        response.reason_phrase,
        str(response.url),
        bytes(data[: limits.size]),
        response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
        _seconds(response.headers.get("Retry-After", "")),
        packing,
        len(data) <= limits.size,
    )


def _seconds(text: str) -> float | None:
    """Read `Retry-After` (https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)."""
    from email.utils import parsedate_to_datetime

    if text.strip().isdecimal():
        return float(text)
    try:
        return max(parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
    except ValueError:
        return None
