"""Browsers for the tests of the page."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from playwright.sync_api import Page as Tab
from tests.conftest import needs
from tests.publish.browser import OPTIONS, program
from tests.publish.vaults import Posts, small, written
from tests.vaults import run

VAULT = Path(__file__).parents[2] / "vault"
Open = Callable[..., Tab]


@pytest.fixture(scope="session")
def browsers() -> Iterator[Callable[[str], Browser]]:
    """Return what starts a browser that the system has, once each."""
    with sync_playwright() as playwright:

        @cache
        def start(name: str) -> Browser:
            if name == "firefox":
                path = needs("firefox-esr", "firefox")
                return playwright.firefox.launch(executable_path=path, channel="moz-firefox")
            return playwright.chromium.launch(executable_path=program(), args=[*OPTIONS])

        yield start


@pytest.fixture
def engine() -> str:
    """Return the browser of a test that does not name others."""
    return "chromium"


@pytest.fixture
def show(browsers: Callable[[str], Browser], engine: str) -> Iterator[Open]:
    """Return what shows a file; a message in the console, an error or a request fails the test."""
    contexts: list[BrowserContext] = []
    told: list[str] = []

    def show(page: Path, address: str = "", **options: Any) -> Tab:
        context = browsers(engine).new_context(**options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: told.append(message.text))
        tab.on("pageerror", lambda error: told.append(str(error)))
        tab.on("request", lambda request: told.append(request.url))
        tab.goto(page.as_uri() + address)
        # The page itself, and the empty icon that is written into it.
        told[:] = [one for one in told if not one.startswith((page.as_uri(), "data:,"))]
        return tab

    yield show
    for context in contexts:
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
