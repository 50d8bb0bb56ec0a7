"""What a browser shows, and Chromium without a window and without a network."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page as Tab
from tests.conftest import needs

OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--enable-logging=stderr", "--window-size=1000,1600", "--force-color-profile=srgb"),
)


# A busy machine is slow without being wrong.
_PATIENCE = 60.0


def becomes(read: Callable[[], object], wanted: object = True) -> None:  # noqa: FBT002
    """Wait until a page is in a state. Most of what it does after a click or a key comes later."""
    end = time.monotonic() + _PATIENCE
    while (found := read()) != wanted and time.monotonic() < end:
        time.sleep(0.01)
    assert found == wanted


def in_view(tab: Tab, name: str) -> bool:
    """Whether the place of that name is on the screen."""
    box = tab.locator(f"#{name}").bounding_box()
    size = tab.viewport_size
    return bool(box and size and 0 <= box["y"] < size["height"])


def program() -> str:
    """Return the path of the browser."""
    return needs("chromium", "chromium-browser", "google-chrome")


def chromium(profile: Path, page: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Open a page; what it logs is on standard error."""
    return subprocess.run(
        [program(), *OPTIONS, f"--user-data-dir={profile}", *args, page.as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=180,
    )
