"""An editor that writes a text which it opened before a sync changed the file."""

from __future__ import annotations

import pytest

from vaultsync.sync.stale import is_stale, opened

BEFORE = b"one\ntwo is here\nthree\n"


@pytest.mark.parametrize(
    ("after", "now", "stale"),
    [
        (b"one\ntwo is new\nthree\n", b"one\ntwo is here\nthree\nfour\n", True),
        (b"one\ntwo is new\nthree\n", b"one\ntwo is new\nthree\nfour\n", False),
        (b"one\ntwo is new\nthree\n", b"one\nthree\n", False),
        (b"one\nthree\nfour came in\n", b"one\nthree\nmine\n", True),
        (b"one\ntwo is new\nthree\n", b"one\ntwo is newer\nthree\n", False),
        (b"one\ntwo is here\nthree\nfour came in\n", b"one\nmine\ntwo is here\nthree\n", True),
        (
            b"one\ntwo is here\nthree\nfour came in\n",
            b"one\ntwo is here\nthree\nfour came\n",
            False,
        ),
        (b"one\ntwo is here\nthree\n\n", BEFORE, False),
        (b"one\nthree\n", b"one\ntwo is here\nthree\nfour\n", True),
        (b"one\nthree\n", b"one\nthree\nfour\n", False),
        (BEFORE, b"one\n", False),
    ],
    ids=[
        "the old sentence is back",
        "the new one is there",
        "neither is there",
        "both removed a line",
        "the new sentence was edited",
        "a line is missing",
        "the line that came was edited",
        "only an empty line came",
        "a deleted line is back",
        "a deleted line is gone",
        "nothing came in",
    ],
)
def test_a_text_is_stale_if_it_lacks_all_that_came_in(
    after: bytes, now: bytes, *, stale: bool
) -> None:
    assert is_stale(BEFORE, after, now) is stale


def test_of_older_texts_the_nearest_was_opened() -> None:
    first, second, third = BEFORE, b"one\ntwo is new\nthree\n", b"one\ntwo is new\nthree\nfour\n"
    pairs = [(second, third), (first, third)]
    assert opened(b"one\ntwo is here\nthree\nmine\n", pairs) == (first, third)
    assert opened(b"one\ntwo is new\nthree\nmine\n", pairs) == (second, third)
    assert opened(b"one\ntwo is new\nthree\nfour\nmine\n", pairs) is None
