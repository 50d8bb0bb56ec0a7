"""The page for everyone: axe-core finds nothing in it, and its HTML is valid."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page as Tab
from tests.npm import installed
from tests.publish.browser import becomes
from tests.publish.conftest import Open
from tests.publish.vaults import Posts, journaled

WANTED = Path(__file__).with_name("package.json")
RULES = '{"extends": ["html-validate:standard"]}'
# The colours of both are looked at in `test_axe_finds_nothing`.
in_a_theme = pytest.mark.parametrize(
    "theme", ["dark", pytest.param("light", marks=pytest.mark.long)]
)


def found(tab: Tab, axe: str) -> list[tuple[str, Any]]:
    """Return what axe-core finds, each with the elements that it finds it at."""
    tab.evaluate(f"{axe}; undefined")
    violations = tab.evaluate("async () => (await axe.run()).violations")
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in violations]


@pytest.fixture
def axe(pytestconfig: pytest.Config) -> str:
    return (installed(pytestconfig, WANTED) / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "theme", "widths"),
    [
        pytest.param("own", "light", [1440], marks=pytest.mark.long),
        pytest.param("own", "dark", [390], marks=pytest.mark.long),
        ("small", "light", [390, 1440]),
        ("small", "dark", [820]),
        pytest.param("small", "light", [820], marks=pytest.mark.long),
        pytest.param("small", "dark", [390, 1440], marks=pytest.mark.long),
    ],
)
def test_axe_finds_nothing(
    posts: Posts, show: Open, axe: str, name: str, theme: str, widths: list[int]
) -> None:
    tab = show(getattr(posts, name), color_scheme=theme)
    tab.locator(".find-more").click()
    tab.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for width in widths:
        tab.set_viewport_size({"width": width, "height": 900})
        assert found(tab, axe) == [], width


@in_a_theme
def test_axe_finds_nothing_in_what_is_found(posts: Posts, show: Open, axe: str, theme: str) -> None:
    tab = show(posts.small, "?q=claim&tags=blue#old-name", color_scheme=theme)
    assert found(tab, axe) == []
    assert found(show(posts.plain, color_scheme=theme), axe) == []


@pytest.mark.long
def test_axe_finds_nothing_in_what_is_found_of_many_notes(
    posts: Posts, show: Open, axe: str
) -> None:
    assert found(show(posts.own, "?q=model&status=contested#grokking"), axe) == []


@pytest.mark.parametrize(
    ("style", "theme"),
    [
        ("short", "light"),
        pytest.param("short", "dark", marks=pytest.mark.long),
        pytest.param("full", "light", marks=pytest.mark.long),
        ("full", "dark"),
    ],
)
def test_axe_finds_nothing_in_what_is_new(
    show: Open, axe: str, tmp_path: Path, style: str, theme: str
) -> None:
    tab = show(journaled(tmp_path, style=style), color_scheme=theme)
    tab.get_by_label("New since").fill("2026-05-03")
    becomes(lambda: tab.locator("main .badge").count(), 4)
    assert found(tab, axe) == []


@in_a_theme
def test_axe_finds_nothing_in_a_preview(posts: Posts, show: Open, axe: str, theme: str) -> None:
    tab = show(posts.small, "#li", color_scheme=theme)
    tab.locator("#li dd a[href='#sec']").hover()
    becomes(tab.get_by_role("tooltip").is_visible)
    assert found(tab, axe) == []


def test_axe_does_find_what_is_wrong(posts: Posts, show: Open, axe: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(posts.small.read_text().replace("lang", "x"))
    assert "html-has-lang" in [name for name, _ in found(show(page), axe)]


def validated(config: pytest.Config, folder: Path, page: Path) -> str:
    rules = folder / "rules.json"
    rules.write_text(RULES)
    program = installed(config, WANTED) / ".bin" / "html-validate"
    command = [str(program), "--config", str(rules), "--formatter", "text", str(page)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("name", ["own", "small", "plain"])
def test_the_html_is_valid(
    posts: Posts, name: str, pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    assert validated(pytestconfig, tmp_path, getattr(posts, name)) == ""


def test_html_that_is_not_valid_is_told(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!DOCTYPE html><html lang='en'><title>T</title><p><div></div></p>")
    assert "close-order" in validated(pytestconfig, tmp_path, page)
