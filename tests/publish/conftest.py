"""Browsers for the tests of the page."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as Tab
from tests.publish.vaults import Posts, small, written
from tests.vaults import run

VAULT = Path(__file__).parents[2] / "vault"
Open = Callable[..., Tab]
_VIEWPORT = {"width": 1280, "height": 720}


@pytest.fixture
def engine() -> str:
    """Return the browser of a test that does not name others."""
    return "chromium"


@pytest.fixture(scope="session")
def free() -> dict[tuple[str, str], list[Tab]]:
    """Return the tabs that no test uses now, by browser and use: a new one starts a process."""
    return defaultdict(list)


@pytest.fixture
def show(
    browsers: Callable[[str], Browser], engine: str, free: dict[tuple[str, str], list[Tab]]
) -> Iterator[Open]:
    """Return what shows a file; a message in the console, an error or a request fails the test.

    Tabs are used again, unless they have options that stay. A test that sets the clock, or in which
    a page stores what a reader chose, takes a new one, by `use=""`: pages of a tab go through all
    the times that were ever set there, and what is cleared may be cleared a moment late. `day` is
    the day on which the page is first seen, at noon.
    """
    contexts: list[BrowserContext] = []
    taken: list[tuple[str, Tab]] = []
    told: list[str] = []
    listeners: dict[Any, Callable[[Any], None]] = {
        "console": lambda message: told.append(message.text),
        "pageerror": lambda error: told.append(str(error)),
        "request": lambda request: told.append(request.url),
    }

    def opened(options: dict[str, Any]) -> Tab:
        context = browsers(engine).new_context(**options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        return context.new_page()

    def shared(use: str, viewport: Any = _VIEWPORT, color_scheme: Any = "light") -> Tab:
        tab = free[engine, use].pop() if free[engine, use] else opened({})
        taken.append((use, tab))
        tab.set_viewport_size(viewport)
        tab.emulate_media(media="null", color_scheme=color_scheme)
        return tab

    def show(page: Path, address: str = "", use: str = "any", day: str = "", **options: Any) -> Tab:
        is_shared = use and options.keys() <= {"viewport", "color_scheme"}
        tab = shared(use, **options) if is_shared else opened(options)
        for event, listener in listeners.items():
            tab.on(event, listener)
        if day:
            tab.clock.set_fixed_time(f"{day}T12:00Z")
        tab.goto(page.as_uri() + address)
        # The page itself, and the empty icon that is written into it.
        told[:] = [one for one in told if not one.startswith((page.as_uri(), "data:,"))]
        return tab

    yield show
    for use, tab in taken:
        for event, listener in listeners.items():
            tab.remove_listener(event, listener)
        tab.mouse.move(0, 0)
        tab.goto("about:blank")
        free[engine, use].append(tab)
    for context in {*contexts} - {tab.context for _, tab in taken}:
        context.close()
    assert not [one for one in told if not one.startswith(("file:", "data:image/"))]


@pytest.fixture(scope="session")
def posts(tmp_path_factory: pytest.TempPathFactory) -> Posts:
    """Publish the posts once."""
    top = tmp_path_factory.mktemp("posts")
    shutil.copytree(VAULT, top / "vault")
    made = run(top, "publish", "--target", "html")
    assert made.code == 0, made.out + made.err
    plain = written(top, "plain", {"Post.md": "# Words\n\nNothing else."}, "")
    return Posts(top / "public" / "post.html", small(top), plain)
