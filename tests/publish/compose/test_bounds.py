"""Posts that nest or chain more than Python's stack holds."""

from __future__ import annotations

from tests.publish.pages import composed, problems

MANY = 1500


def test_embeds_are_nested_up_to_a_bound() -> None:
    files = {f"n{number}.md": f"![[n{number + 1}]]\n" for number in range(MANY)}
    files[f"n{MANY}.md"] = "The end.\n"
    assert problems({**files, "Post.md": "![[n0]]\n"}) == [
        "n49.md:1: `n50` cannot be embedded: embeds are nested more than 50 deep"
    ]
    assert composed(f"![[n{MANY - 40}]]", files) == "The end.\n"


def test_a_chain_of_footnotes_is_followed_to_its_end() -> None:
    chain = "".join(f"[^{number}]: a[^{number + 1}]\n" for number in range(MANY))
    text = composed(f"x[^0]\n\n{chain}[^{MANY}]: end\n")
    assert text.startswith("x[^1]\n\n[^1]: a[^2]\n")
    assert text.endswith(f"[^{MANY + 1}]: end\n")


def test_every_heading_of_many_is_led_to() -> None:
    sections = "".join(f"# h{number}\n\n[[#h{number + 1}]]\n\n" for number in range(MANY))
    text = composed(f"{sections}# h{MANY}\n")
    assert f"](#h{MANY})" in text
    assert text.count("](#h") == MANY
