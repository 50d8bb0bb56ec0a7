"""The page as it is previewed."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re

import pytest
from tests.publish.pages import published

from vaultsync.publish.live_reload import EVENTS, live_page, page_version, update_message


def policy(page: str) -> dict[str, list[str]]:
    """Return the directives of a page's policy."""
    content = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    parts = [part.split() for part in html.unescape(content[0]).split(";")]
    return {name: values for name, *values in parts}


def test_nothing_but_the_script_and_its_leave_is_added() -> None:
    page = published()[1]
    made = live_page(page.encode()).decode()
    script = re.findall(r"<script[^>]*>(.*?)</script>", made, re.DOTALL)[-1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f'new EventSource("{EVENTS}")' in script
    before, after = policy(page), policy(made)
    assert sorted(after.pop("script-src")) == sorted(
        [*before.pop("script-src"), f"'sha256-{digest}'"]
    )
    assert (before.pop("connect-src"), after.pop("connect-src")) == (["'none'"], ["'self'"])
    assert after == before
    without = re.sub(r"<script data-version[^>]*>.*?</script>\n", "", made, flags=re.DOTALL)
    drop = re.compile(r'(?<=Content-Security-Policy" content=")[^"]*')
    assert drop.sub("", without) == drop.sub("", page)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("default-src 'none'", "default-src 'none'; script-src X; connect-src 'self'"),
        ("script-src 'none'", "script-src X; connect-src 'self'"),
        ("SCRIPT-SRC 'sha256-a=' ; ", "script-src 'sha256-a=' X; connect-src 'self'"),
        ("connect-src 'none'", "connect-src 'self'; script-src X"),
        ("img-src &quot;a&quot;", "img-src &quot;a&quot;; script-src X; connect-src 'self'"),
    ],
)
def test_a_policy_is_opened_for_the_script_alone(given: str, expected: str) -> None:
    page = f'<meta http-equiv="Content-Security-Policy" content="{given}"><body></body>'
    found = re.sub(r"'sha256-[^a][^']*'", "X", live_page(page.encode()).decode())
    assert found.startswith(f'<meta http-equiv="Content-Security-Policy" content="{expected}">')


def test_without_a_page_there_is_one_that_waits_for_it() -> None:
    page = live_page(None).decode()
    assert "There is no page yet." in page
    assert f'data-version="{page_version(None)}"' in page
    assert "connect-src" in policy(page)


def test_news_are_one_line_that_tells_versions_apart() -> None:
    told = update_message(b"page", 'a "problem"\non two lines </script>')
    assert "\n" not in told
    assert json.loads(told) == {
        "version": page_version(b"page"),
        "problems": 'a "problem"\non two lines </script>',
    }
    assert len({page_version(None), page_version(b"page"), page_version(b"pages")}) == 3
