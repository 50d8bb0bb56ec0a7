"""The works that a post cites, each once."""

from __future__ import annotations

from tests.blocks.sample import TOML, block, note
from tests.publish.pages import reader, rendered, vault

from vaultsync.blocks.context import Context
from vaultsync.core.config.read import load_config
from vaultsync.publish.compose import compose

FILES = {
    "Claims/a.md": note(
        "A.\n\n## Sources\n\n- original: [One](https://arxiv.org/pdf/2401.00001v2)\n"
        "- supporting: [Never cited](https://e.org/never), Zed 2020\n",
        status="x",
    ),
    "Claims/b.md": note(
        "B, as in [two](https://dx.doi.org/10.1145/ABC?utm_source=x).\n\n## Sources\n\n"
        "- original: [One](http://arxiv.org/abs/2401.00001v1), Ada et al. 2024; a journal\n"
        "- supporting: [Two *stars*](https://doi.org/10.1145/abc), Bob 2023; section 2\n",
        status="x",
    ),
    "Claims/c.md": note(
        "C.\n\n## Sources\n\n- original: [Three](https://e.org/3?gclid=1), Abe 2019\n"
        "- supporting: [Draft's](https://e.org/draft), Cy 2020\n",
        status="draft",
    ),
    "Post.md": "See [three](https://e.org/3), [x](https://e.org/x).[^1]\n\n"
    f"{block('notes')}\n\n[^1]: N.\n",
}
LISTED = (
    "## References\n\n"
    "- Ada et al. 2024. [One](https://arxiv.org/abs/2401.00001)\n"
    "- Bob 2023. [Two *stars*](https://doi.org/10.1145/abc)\n\n"
    "[^1]: N.\n"
)


def test_each_is_known_once_in_the_order_of_citing() -> None:
    made = compose(Context(vault(FILES), load_config(TOML)), reader(FILES), folded=False)
    assert [source.cite for source in made.references] == ["Ada et al. 2024", "Bob 2023"]
    assert made.text.count("https://arxiv.org/abs/2401.00001") == 2
    assert "arxiv.org/pdf" not in made.text
    assert "[two](https://doi.org/10.1145/abc)" in made.text


def test_they_are_listed_where_the_settings_ask_for_it() -> None:
    toml = f'{TOML}\n[publish]\nreferences = "References"\n'
    made = rendered(FILES, toml, ("markdown", "html", "lesswrong"))
    assert made["post.md"].decode().endswith(LISTED)
    assert made["lesswrong.md"].decode().endswith(LISTED)
    assert (
        '<h2 id="references"><a href="#references">References</a></h2>'
        in made["post.html"].decode()
    )
    assert b"## References" not in rendered(FILES)["post.md"]


def test_without_works_there_is_no_list() -> None:
    toml = f'{TOML}\n[publish]\nreferences = "References"\n'
    assert rendered({"Post.md": "Text."}, toml)["post.md"] == b"# Post\n\nText.\n"


def test_of_lines_on_one_work_the_fullest_parts_count() -> None:
    lines = [
        "[One](https://arxiv.org/abs/2401.00001), Ada et al.; section 2",
        "[One](https://arxiv.org/pdf/2401.00001), Ada & Bob 2024",
        "[1](https://arxiv.org/abs/2401.00001v3), Ada 2025; ICML 2024; page 3",
        "[One](https://arxiv.org/abs/2401.00001)",
    ]
    for order in (lines, lines[::-1]):
        files = {
            f"Claims/{number}.md": note(f"C.\n\n## Sources\n\n- original: {line}\n", status="x")
            for number, line in enumerate(order)
        }
        context = Context(vault({**files, "Post.md": block("notes")}), load_config(TOML))
        (one,) = compose(context, reader(files), folded=False).references
        assert (one.authors, one.venue, one.title) == ("Ada & Bob", "ICML 2024", "One")
        assert one.year == (2024 if order is lines else 2025)
