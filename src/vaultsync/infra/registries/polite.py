"""Requests that leave time between those to one host, and try again where that may help."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable

from vaultsync.core.config import WebSettings
from vaultsync.infra.registries.http import (
    Limits,
    LookupFailed,
    Method,
    Response,
    fetch,
    host_of,
    whole_body,
)

# A server that is busy (https://www.rfc-editor.org/rfc/rfc9110#section-15.6.4).
_BUSY = {429, 503}
_TRIES = 3
# A host that wants more seconds than this before the next request is left for another run.
_LONGEST_WAIT = 30.0


class Client:
    """Requests with the limits and the spacing of the settings, from several threads.

    `reached`: a host answered. `offline`: why the last of `hosts` was not reached, where none was.
    """

    def __init__(
        self, settings: WebSettings, *, private: bool = False, hosts: Iterable[str] = ()
    ) -> None:
        """Bind the settings, whether addresses of notes may lead to private hosts, and `hosts`."""
        self._settings, self._private = settings, private
        self._hosts, self._lost = frozenset(hosts), set[str]()
        self.reached, self.offline = False, ""
        self._free: dict[str, float] = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Let every request that waits for its turn fail."""
        self._stopped.set()

    def body(self, address: str) -> bytes:
        """Return the whole body behind an address of the settings.

        Raises `LookupFailed` for any other response than a successful one.
        """
        return whole_body(self.request(address))

    def request(self, address: str, method: Method = "GET", *, foreign: bool = False) -> Response:
        """Return the response to a request, after as many as three tries.

        `foreign` addresses are those of notes. Raises `LookupFailed` where no response came.
        """
        wait = self._settings.spacing
        for _ in range(_TRIES - 1):
            try:
                response = self._try(address, method, foreign=foreign)
            except LookupFailed as failure:
                if not failure.may_pass:
                    raise
            else:
                if response.status not in _BUSY:
                    return response
                wait = max(wait, response.retry_after or 0.0)
            if wait > _LONGEST_WAIT:
                raise LookupFailed(f"{host_of(address)} wants no request for {wait:.0f} seconds")
            self._sleep(wait)
            wait *= 2
        return self._try(address, method, foreign=foreign)

    def _try(self, address: str, method: Method, *, foreign: bool) -> Response:
        self._wait_for_turn(host_of(address))
        try:
            response = fetch(address, self._limits(foreign=foreign), method)
        except LookupFailed as failure:
            if failure.no_connection:
                self._lose(host_of(address).lower(), failure)
            raise
        self.reached = True
        return response

    def _lose(self, host: str, failure: LookupFailed) -> None:
        """Stop where none of the hosts was reached: there is no network, most likely."""
        with self._lock:
            self._lost.add(host)
            if self._hosts and self._hosts <= self._lost and not self.reached:
                self.offline = str(failure)
                self.stop()

    def _limits(self, *, foreign: bool = False) -> Limits:
        settings = self._settings
        return Limits(settings.timeout, private=self._private, is_foreign=foreign)

    def _wait_for_turn(self, host: str) -> None:
        with self._lock:
            now = time.monotonic()
            turn = max(self._free.get(host, now), now)
            self._free[host] = turn + self._settings.spacing
        self._sleep(turn - now)

    def _sleep(self, seconds: float) -> None:
        if self._stopped.wait(max(seconds, 0.0)):
            raise LookupFailed("the run was ended")
