"""What is computed from an earlier version of a vault equals what is computed from nothing."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from tests.blocks.sample import note
from tests.conftest import examples
from tests.related.test_related import TOML

from vaultsync.blocks.context import Context
from vaultsync.core.config.read import load_config
from vaultsync.core.memo import Memo
from vaultsync.core.model import Document, Vault
from vaultsync.markdown import parse
from vaultsync.related.suggest import Search

CONFIG = load_config(TOML)
WORDS = ("granite", "bridges", "sway", "wind", "slate", "ropes", "moss", "fern")
NAMES = WORDS[:3]
LINES = (
    "",
    "## Sources\n\n- original: [Old Stones](https://a.org/x), Ada 1990\n",
    "## Sources\n\n- original: [New Stones](https://a.org/y), Ada & Bo 1991\n",
    "## Related\n\n- [[{}]]: near\n",
    "## Questions\n\n- Does [[{}|it]] sway in wind?\n",
)
PATHS = st.sampled_from([f"{folder}/{name}.md" for folder in ("Claims", "Other") for name in NAMES])
NAME = st.sampled_from(NAMES)
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)
LINE = st.builds(str.format, st.sampled_from(LINES), NAME)
BODIES = st.builds("{} .\n\n{}".format, TEXTS, LINE)
# The note at a path gets another body, another path or none: "" is the same as before.
CHANGES = st.tuples(PATHS, st.one_of(st.just(""), PATHS, st.none()), st.one_of(BODIES, st.just("")))


def searched(documents: dict[str, Document], memo: Memo | None = None) -> Search:
    return Context(Vault(documents, frozenset(documents)), CONFIG, memo=memo).search


def document(path: str, body: str) -> Document:
    first, *_, last = body.split()
    return parse(path, note(body, title=first, scope=last.strip(".-:?#") or "none"))


@given(start=st.lists(st.tuples(PATHS, BODIES), min_size=6), changes=st.lists(CHANGES, min_size=1))
@example(
    start=[("Claims/ropes.md", f"Moss .\n\n{LINES[3].format('granite')}")],
    changes=[("Claims/granite.md", "", "Wind .")],
)
@examples(40)
def test_what_was_known_before_changes_nothing(
    start: list[tuple[str, str]], changes: list[tuple[str, str | None, str]]
) -> None:
    memo, bodies = Memo(), dict(start)
    documents = {path: document(path, body) for path, body in bodies.items()}
    searched(documents, memo)
    for path, target, written in changes:
        documents.pop(path, None)
        body = written or bodies.pop(path, "")
        if body and target is not None:
            bodies[target or path] = body
            documents[target or path] = document(target or path, body)
        now, cold = searched(documents, memo), searched(documents)
        assert now.model.holders.notes == cold.model.holders.notes
        assert now.all(99) == cold.all(99)
        for one in cold.model.facts:
            assert now.model.links[one] == cold.model.links[one]
            assert now.of(one, 99) == cold.of(one, 99)
