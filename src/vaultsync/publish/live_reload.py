"""The page as it is previewed: it reloads itself, and shows why a newer one cannot be made.

Only what is served on this machine is changed so, never what is published.
"""

from __future__ import annotations

import html
import json
import re

from vaultsync.core.model import content_id
from vaultsync.publish.targets.shell import digest

# The address of the event stream; each message is what `update_message` returns.
EVENTS = "/events"
_POLICY = re.compile(
    r'(?P<open><meta http-equiv="Content-Security-Policy" content=")(?P<policy>[^"]*)'
)
_SCRIPT = f"""
{{
  const shown = document.currentScript.dataset.version;
  const panel = document.body.appendChild(document.createElement("pre"));
  panel.id = "preview-problems";
  panel.setAttribute("role", "alert");
  panel.hidden = true;
  Object.assign(panel.style, {{
    position: "fixed", inset: "auto 0 0 0", zIndex: 1000, margin: 0, padding: "1em",
    maxHeight: "50vh", overflow: "auto", whiteSpace: "pre-wrap", font: "14px monospace",
    background: "#4a0d0d", color: "#fff",
  }});
  new EventSource("{EVENTS}").onmessage = (event) => {{
    const now = JSON.parse(event.data);
    if (now.version !== shown) location.reload();
    panel.textContent = now.problems;
    panel.hidden = !now.problems;
  }};
}}
"""
_EMPTY = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<title>No page yet</title>
</head>
<body>
<p>There is no page yet.</p>
</body>
</html>
"""


def page_version(page: bytes | None) -> str:
    """Return the version of a page, None for a page that is not made yet."""
    return content_id(page or b"")


def live_page(page: bytes | None) -> bytes:
    """Return a page with the script that reloads it, and a policy that lets this script run.

    Source of the policy's grammar: https://www.w3.org/TR/CSP3/.
    """
    before, mark, after = (page.decode() if page is not None else _EMPTY).rpartition("</body>")
    script = f'<script data-version="{page_version(page)}">{_SCRIPT}</script>\n'
    return f"{_POLICY.sub(_opened, before, count=1)}{script}{mark}{after}".encode()


def update_message(page: bytes | None, problems: str) -> str:
    """Return the message to open pages: the version to show, and what is wrong, if anything.

    It is JSON on one line.
    """
    return json.dumps({"version": page_version(page), "problems": problems})


def _opened(found: re.Match[str]) -> str:
    policy = html.unescape(found["policy"])
    parts = [part.split() for part in policy.split(";") if part.strip()]
    rules = {name.lower(): values for name, *values in parts}
    for name, allowed in (("script-src", digest(_SCRIPT)), ("connect-src", "'self'")):
        known = [value for value in rules.get(name, []) if value != "'none'"]
        rules[name] = [*known, allowed]
    written = "; ".join(" ".join([name, *values]) for name, values in rules.items())
    return found["open"] + html.escape(written).replace("&#x27;", "'")
