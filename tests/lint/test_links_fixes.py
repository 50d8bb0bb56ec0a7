"""The fixes of all rules about links together, in any vault."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from tests.lint.links import LNK, vault
from tests.lint.settings import fix

from vaultsync.lint.context import Context

NAMES = st.sampled_from(["x", "X", "my x", "yx", "y", "Y", "é", "e\u0301", "x(1)", "a#b", "it's"])
FOLDERS = st.lists(st.sampled_from(["y", "Y", "yy", "b"]), max_size=2)
PATHS = st.builds(lambda folders, name: "/".join([*folders, f"{name}.md"]), FOLDERS, NAMES)
UPS = st.sampled_from(["", "", "", "./", "../", "/"])
TARGETS = st.builds(
    lambda up, folders, name: up + "/".join([*folders, name]),
    UPS,
    FOLDERS,
    NAMES | st.sampled_from(["alias", "Title", "X.MD", "my%20x"]),
)
SUBPATHS = st.sampled_from(["", "", "#My head", "#my-head", "#^id"])
LINKS = st.builds(
    lambda form, target, subpath: form.format(target + subpath),
    st.sampled_from(["[[{}]]", "![[{}]]", "[[{}|shown]]", "[t]({})", "[t](<{}>)", "| [[{}|s]] |"]),
    TARGETS,
    SUBPATHS,
)
NOTE = "---\naliases: [alias]\ntitle: title\n---\n# My head\n"


def answers(context: Context, path: str) -> list[tuple[str, str]]:
    """Return where the links of a note lead that lead to a file, and to which part."""
    links = context.link_graph.resolved(context.vault.documents[path])
    return [(found[0], link.subpath) for link, found in links]


@given(links=st.lists(LINKS, max_size=5), path=PATHS, others=st.sets(PATHS, max_size=4))
@example(["[[X]]"], "y.md", {"x.md"})
def test_fixes_end_and_lead_nowhere_else(links: list[str], path: str, others: set[str]) -> None:
    table = ["", "| a | b |", "|---|---|", *[link for link in links if link.startswith("|")]]
    text = "\n".join([*[link for link in links if not link.startswith("|")], *table, ""])
    here = vault(text, dict.fromkeys(others - {path}, NOTE), path)
    after = fix(here, LNK, [path]).context
    assert fix(after, LNK, [path])[1] == {}
    left = answers(after, path)
    for answer, subpath in answers(here, path):
        assert answer in [found for found, _ in left]
        assert (answer, subpath) in left or subpath == "#my-head"
