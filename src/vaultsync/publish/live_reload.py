"""The page as it is previewed: it reloads itself, and shows why a newer one cannot be made.

Only what is served on this machine is changed so, never what is published.
"""

from __future__ import annotations

import html
import json
import re

from vaultsync.core.model import content_id
from vaultsync.publish.targets.shell import digest, source

# The address that `live_reload.js` listens to; each message is what `update_message` returns.
EVENTS = "/events"
_POLICY = re.compile(r'(?<=<meta http-equiv="Content-Security-Policy" content=")[^"]*')
_SCRIPT = f"\n{source('live_reload.js')}"


def page_version(page: bytes | None) -> str:
    """Return the version of a page, None for a page that is not made yet."""
    return content_id(page or b"")


def live_page(page: bytes | None) -> bytes:
    """Return a page with the script that reloads it, and a policy that lets this script run.

    Source of the policy's grammar: https://www.w3.org/TR/CSP3/.
    """
    shown = source("live_reload.html") if page is None else page.decode()
    before, mark, after = shown.rpartition("</body>")
    script = f'<script data-version="{page_version(page)}">{_SCRIPT}</script>\n'
    return f"{_POLICY.sub(_opened, before, count=1)}{script}{mark}{after}".encode()


def update_message(page: bytes | None, problems: str) -> str:
    """Return the message to open pages: the version to show, and what is wrong, if anything.

    It is JSON on one line.
    """
    return json.dumps({"version": page_version(page), "problems": problems})


def _opened(found: re.Match[str]) -> str:
    parts = [part.split() for part in html.unescape(found[0]).split(";") if part.strip()]
    rules = {name.lower(): values for name, *values in parts}
    for name, allowed in (("script-src", digest(_SCRIPT)), ("connect-src", "'self'")):
        known = [value for value in rules.get(name, []) if value != "'none'"]
        rules[name] = [*known, allowed]
    written = "; ".join(" ".join([name, *values]) for name, values in rules.items())
    return html.escape(written).replace("&#x27;", "'")
