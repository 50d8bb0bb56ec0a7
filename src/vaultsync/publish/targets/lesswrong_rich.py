"""HTML for the clipboard, to be pasted into LessWrong's default editor."""

from __future__ import annotations

from html import escape
from urllib.parse import urljoin

from vaultsync.publish.render_job import Order
from vaultsync.publish.targets.lesswrong import text_for
from vaultsync.publish.targets.lesswrong_html import rendered

# Opened in a browser, it loads nothing but images and runs nothing.
_FRAME = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src https:;
  base-uri 'none'; form-action 'none'">
<title>{title}</title>
</head>
<body>
{body}</body>
</html>
"""


def make(order: Order) -> str:
    """Return the body of the post as a page to be copied from.

    An image of the vault must have an address: the editor takes none that is in the text.
    """
    page = order.settings.page
    if order.composition.images and not page:
        order.problems.add(
            "LessWrong's default editor takes images only from an address: set `publish.page` in "
            "vaultsync.toml, or leave out the target `lesswrong-rich`",
            "",
            order.composition.paths,
        )
    body = rendered(text_for(order, lambda name, _data: urljoin(page, name)))
    return _FRAME.format(title=escape(order.composition.title), body=body)
