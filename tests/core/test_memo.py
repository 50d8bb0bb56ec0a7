"""What a memo keeps from one round to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from vaultsync.core.memo import Memo


class Length(msgspec.Struct):
    """The length of a text."""

    number: int


def length(text: str) -> Length:
    return Length(len(text))


def test_a_value_is_made_once_for_as_long_as_each_round_uses_it() -> None:
    memo, made = Memo(), list[str]()

    def upper(key: str) -> str:
        made.append(key)
        return key.upper()

    def get(key: str) -> str:
        return memo.get(key, lambda: upper(key))

    assert (get("a"), get("a"), get("b")) == ("A", "A", "B")
    memo.end_round()
    assert (get("a"), len(memo.known)) == ("A", 2)
    memo.end_round()
    assert (len(memo.known), memo.find("b")) == (1, None)
    assert (get("b"), made) == ("B", ["a", "b", "b"])


def test_other_settings_let_nothing_stay() -> None:
    memo = Memo()
    memo.begin_round("one")
    memo.keep("a", 1)
    memo.begin_round("one")
    assert memo.find("a") == 1
    memo.begin_round("two")
    assert (memo.find("a"), len(memo.known)) == (None, 0)


def test_the_work_on_what_is_missing_is_shared() -> None:
    shares: list[int] = []

    def share(
        work: Callable[[str], Any],
        items: Sequence[str],
        kind: Any,
        /,
        *,
        for_all: bool = False,
        size: int | None = None,
    ) -> Iterable[Any]:
        assert (for_all, size) == (False, 3 * len(items))
        shares.append(len(items))
        done = msgspec.msgpack.encode([work(item) for item in reversed(items)])
        return msgspec.msgpack.decode(done, type=list[kind])

    memo = Memo(share)
    expected = {"a": Length(1), "bb": Length(2)}
    assert memo.each(length, ["a", "bb", "a"], Length, 3) == expected
    assert memo.each(length, ["a", "bb", "ccc"], Length, 3) == expected | {"ccc": Length(3)}
    assert shares == [2, 1]
