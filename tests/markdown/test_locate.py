"""Where elements stand that are no facts."""

from __future__ import annotations

import pytest

from vaultsync.markdown import places

TEXT = """\
---
a: b
---
é [[x]] [t][r] ![i](p.png)

| a | b |
|:--|---|
| c | d |

> | e |
> |---|

[r]: <my note.md> "T"
"""


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Table", ["| a | b |\n|:--|---|\n| c | d |\n", "| e |\n> |---|\n"]),
        ("Link", ["[[x]]", "[t][r]"]),
        ("Image", ["![i](p.png)"]),
        ("CodeBlock", []),
        ("Paragraph", []),
    ],
)
def test_elements_with_details_are_found_by_name(name: str, found: list[str]) -> None:
    assert [span.of(TEXT) for span, _ in places(TEXT, TEXT.index("é"), name)] == found


def test_the_details_are_those_of_the_element() -> None:
    details = [detail for _, detail in places(TEXT, 0, "Link")]
    assert details[-1]["link_type"] == "Reference"
    assert (details[-1]["dest_url"], details[-1]["title"]) == ("my note.md", "T")
