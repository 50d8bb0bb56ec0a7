from __future__ import annotations

import pytest

from vaultsync.markdown.frontmatter import read_types


def test_types_are_known_by_lower_case_name() -> None:
    data = b'{"types": {"Due": "date", "tags": "tags", "odd": 1}, "more": []}'
    assert read_types(data) == {"due": "date", "tags": "tags"}


@pytest.mark.parametrize(
    "data",
    [None, b"", b"{", b"[]", b'{"types": []}', b'{"types": null}', b"{}", b"\xff", b"[" * 5000],
)
def test_a_file_that_is_missing_or_broken_says_nothing(data: bytes | None) -> None:
    assert read_types(data) == {}
