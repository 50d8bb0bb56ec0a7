from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vaultsync.markdown.events import events
from vaultsync.markdown.offsets import Offsets


@given(text=st.text(st.sampled_from("aé€😀\ud800\n"), max_size=12), base=st.integers(0, 9))
def test_every_border_of_a_character_is_found(text: str, base: int) -> None:
    at = Offsets(text, base)
    data = [text[:offset].encode("utf-8", "surrogatepass") for offset in range(len(text) + 1)]
    assert [at(len(before)) for before in data] == list(range(base, base + len(text) + 1))


def test_a_lone_surrogate_moves_no_event() -> None:
    assert [place for _, place in events("\ud800 *a*")] == [place for _, place in events("€ *a*")]
