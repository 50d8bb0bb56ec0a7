from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from vaultsync.core.config import Config
from vaultsync.core.model import Document, Link, Vault
from vaultsync.lint.ahead import Ahead
from vaultsync.lint.context import Context
from vaultsync.lint.link_graph import Links, Network
from vaultsync.lint.names import called
from vaultsync.markdown import parse
from vaultsync.notes.link_index import Index, index_of

NAMES = st.sampled_from(["a", "A", "b", "d/a", "d/b.c", "e/d/a", "É", "E\u0301", "no"])
PLACES = st.sampled_from(["", "", "#H", "#h i", "#x", "#^id", "#^no", "#[^1]", "#h-i"])
LINKS = st.builds("{}[[{}{}]]".format, st.sampled_from(["", "!"]), NAMES | st.just(""), PLACES)
BODIES = st.lists(LINKS | st.sampled_from(["# H", "## H i", "text ^id", "[^1]: note"]), max_size=6)
TITLES = st.sampled_from(["", "---\ntitle: no\naliases: [Other]\n---\n", "---\ntitle: 0\n---\n"])
NOTES = st.builds(lambda title, body: title + "\n\n".join(body), TITLES, BODIES)
VAULTS = st.dictionaries(NAMES.map("{}.md".format), NOTES, min_size=1)


def vault_of(texts: dict[str, str]) -> Vault:
    documents = {path: parse(path, text) for path, text in texts.items()}
    return Vault(documents, frozenset({*documents, "picture.png"}))


def groups(links: Links) -> dict[str, str]:
    return {name: repr(group) for name, group in structs.asdict(links).items()}


def meant(network: Network, document: Document) -> list[str | None]:
    links = network.of(document)
    targets = [network.nearest(link.target) for link in links.broken]
    lacking = [*links.headless, *links.blockless]
    return targets + [network.nearest(link.subpath, note.path) for link, note in lacking]


@given(texts=VAULTS, guesses=st.booleans(), data=st.data())
def test_what_was_found_out_before_all_was_read_is_what_is_found_out_after(
    texts: dict[str, str], *, guesses: bool, data: st.DataObject
) -> None:
    vault = vault_of(texts)
    ahead = Ahead(lambda: vault.files, guesses=guesses)
    order = data.draw(st.permutations(sorted(vault.documents)))
    for path in order[: data.draw(st.integers(0, len(order)))]:
        ahead.see(vault.documents[path])
    index = Index(vault.files)
    after, before = Network(vault, index), Network(vault, index, ahead)
    for document in vault.documents.values():
        assert groups(before.of(document)) == groups(after.of(document))
        assert meant(before, document) == meant(after, document)
    assert before.aliases == after.aliases
    again = Network(vault, index, ahead.unsettled())
    for document in vault.documents.values():
        assert groups(again.of(document)) == groups(after.of(document))


@given(VAULTS)
def test_only_plain_links_are_not_odd(texts: dict[str, str]) -> None:
    vault = vault_of(texts)
    index = index_of(vault.files)
    ahead = Ahead(lambda: vault.files)
    for document in vault.documents.values():
        ahead.see(document)
        plain = [link for n, link in enumerate(document.inward) if n not in ahead.odd[document]]
        assert all(_is_plain(link, document, index) for link in plain)


def _is_plain(link: Link, document: Document, index: Index) -> bool:
    found = index.resolve(link.target, document.path)
    named = found[0] in (link.target, f"{link.target}.md") or index.is_unique(found[0])
    return len(found) == 1 and link.subpath == "" and (named or link.target == "")


def test_of_a_note_that_was_changed_nothing_is_known() -> None:
    vault = vault_of({"a.md": "[[b#h]]", "b.md": "# H\n"})
    ahead = Ahead(lambda: vault.files, guesses=True)
    for document in vault.documents.values():
        ahead.see(document)
    context = Context(vault, Config(), ahead=ahead)
    assert not context.network.of(vault.documents["a.md"]).headless
    changed = vault.with_document(parse("b.md", "# I\n"))
    assert context.renewed(changed).network.of(changed.documents["a.md"]).headless
    broken = vault.with_document(parse("a.md", "[[c]]"))
    assert context.renewed(broken).network.of(broken.documents["a.md"]).broken
    grown = broken.with_document(parse("c.md", ""))
    assert not context.renewed(grown).network.of(grown.documents["a.md"]).broken


def test_a_note_is_called_by_its_aliases_and_titles() -> None:
    text = "---\nTitle: One\nalias: Two\naliases: [three, 4]\ntags: [no]\n---\n"
    assert called(parse("n.md", text)) == {"one", "two", "three", "4"}
    assert called(parse("n.md", "---\ntitle: 0\naliases: []\n---\n")) == {"0"}
